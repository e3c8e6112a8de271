//! The one place where commands are run; each area does its own.

use super::App;
use crate::app::command::Action;
use crate::app::command::Command;
use crate::app::dialogs;
use crate::app::export_dialog::ExportCommand;
use crate::app::export_dialog::ExportDialog;
use crate::app::import_page;
use crate::app::jobs::Work;
use crate::app::messages::Message;
use crate::app::messages::Severity;
use crate::app::open;
use crate::app::palette;
use crate::app::palette::Palette;
use crate::app::settings::Kind;
use crate::app::settings::Settings;
use crate::app::settings::ThemeChoice;
use crate::app::state::Body;
use crate::app::state::DocumentId;
use crate::app::state::Overlay;
use crate::app::state::Place;
use crate::app::state::State;
use crate::app::viewer::CompareCommand;
use crate::app::viewer::ViewerCommand;
use crate::app::welcome::SampleState;
use crate::app::workers::Event;
use crate::app::workers::Purpose;
use crate::app::workers::Workers;
use std::path::PathBuf;

impl App {
    pub(super) fn run_commands(&mut self, ctx: &egui::Context) {
        // A command may queue another; they all run in this frame.
        for _ in 0..4 {
            for command in self.commands.take() {
                self.execute(command, ctx);
            }
        }
    }

    pub(super) fn execute(&mut self, command: Command, ctx: &egui::Context) {
        match command {
            Command::Act(action) => self.act(action, ctx),
            Command::Open(paths) => {
                self.workers
                    .start("open", move |_| Event::Found(open::look(paths)));
            }
            Command::OpenSample => self.make_sample(),
            Command::View(path) => self.open_viewer(path, Kind::Segy),
            Command::Show(place) => self.show(place),
            Command::Close(id) => self.close(id),
            Command::ForgetRecent(path) => self.settings.forget(&path),
            Command::LocateRecent(path, kind) => {
                let folder = path.parent().map(PathBuf::from);
                dialogs::ask(&self.workers, Purpose::Locate(path, kind), folder);
            }
            Command::ForgetAllRecent => self.settings.recent.clear(),
            Command::SetTheme(choice) => {
                self.settings.theme = choice;
                ctx.set_theme(choice.preference());
            }
            Command::Copy(text) => {
                ctx.copy_text(text);
                self.state.say(Message::new(
                    Severity::Info,
                    "Copied",
                    "The details are on the clipboard.",
                ));
            }
            Command::SettleNotice(id) => self.state.notices.settle(id),
            Command::ClearNotices => self.state.notices.clear(),
            Command::Import(id, command) => self.execute_import(id, command),
            Command::Viewer(id, command) => self.execute_viewer(id, command, ctx),
            Command::Jobs(command) => {
                self.state
                    .jobs
                    .execute(command, &self.workers, &mut self.commands);
            }
            Command::AskExport(dataset) => {
                let dialog = ExportDialog::open(dataset, &self.workers);
                self.state.overlay = Overlay::Export(Box::new(dialog));
            }
            Command::Export(command) => self.execute_export(command),
            Command::SetSettings(settings) => self.set_settings(*settings),
            Command::QuitAnyway { keep } => {
                self.state.quitting = true;
                self.state.jobs.cancel_all(keep);
                ctx.send_viewport_cmd(egui::ViewportCommand::Close);
            }
            Command::PathTyped(purpose @ Purpose::SaveMapping(_), path) => {
                self.state.overlay = Overlay::None;
                dialogs::ask_before_replacing(&self.workers, purpose, path);
            }
            Command::PathTyped(purpose, path) | Command::PathConfirmed(purpose, path) => {
                self.state.overlay = Overlay::None;
                self.chosen(&purpose, vec![path]);
            }
            Command::ShowInFiles(path) => {
                self.workers.start("show folder", move |_| {
                    Event::Said(open::show_in_files(&path))
                });
            }
            Command::SavePicture { replace } => {
                if let Overlay::Picture(dialog) = &mut self.state.overlay {
                    dialog.save(replace, &self.workers);
                }
            }
            Command::AskPicturePath(path) => {
                let folder = path.parent().map(PathBuf::from);
                dialogs::ask(&self.workers, Purpose::SavePicture(path), folder);
            }
            Command::StayOpen => self.state.overlay = Overlay::None,
        }
    }

    pub(super) fn execute_import(&mut self, id: DocumentId, command: import_page::ImportCommand) {
        let State {
            documents, jobs, ..
        } = &mut self.state;
        let page = documents
            .iter_mut()
            .find(|d| d.id == id)
            .and_then(|d| match &mut d.body {
                Body::Import(page) => Some(page),
                Body::Viewer(_) => None,
            });
        if let Some(page) = page {
            let news = page.execute(
                command,
                &self.workers,
                &mut self.settings,
                jobs,
                &mut self.commands,
            );
            self.state.notices.extend(news);
        }
    }

    pub(super) fn execute_viewer(
        &mut self,
        id: DocumentId,
        command: ViewerCommand,
        ctx: &egui::Context,
    ) {
        if let ViewerCommand::Compare(CompareCommand::With(other)) = &command {
            let found = self.state.viewer_mut(*other).and_then(|v| v.source());
            if let (Some((source, name)), Some(viewer)) = (found, self.state.viewer_mut(id)) {
                viewer.compare_with(source, name, &self.workers, &self.settings);
            }
            return;
        }
        if let Some(viewer) = self.state.viewer_mut(id) {
            let news = viewer.execute(command, &self.workers, &mut self.settings, ctx);
            self.state.notices.extend(news);
        }
    }

    fn execute_export(&mut self, command: ExportCommand) {
        let Overlay::Export(dialog) = &mut self.state.overlay else {
            return;
        };
        match command {
            ExportCommand::Changed => dialog.look(&self.workers),
            ExportCommand::FormChanged => dialog.plan(&self.workers),
            ExportCommand::SetOutput(path) => dialog.set_output(&path, &self.workers),
            ExportCommand::AskOutput => {
                let folder = dialog.dataset.parent().map(PathBuf::from);
                let purpose = Purpose::ExportTo(dialog.dataset.clone());
                dialogs::ask(&self.workers, purpose, folder);
            }
            ExportCommand::Start => {
                let wish = dialog.wish();
                let document = match self.state.place {
                    Place::Document(id) => id,
                    Place::Start | Place::Jobs => DocumentId(0),
                };
                self.state.overlay = Overlay::None;
                self.state.jobs.push(document, Work::Export(wish));
                self.show(Place::Jobs);
            }
        }
    }

    /// Takes edited settings; pages whose plan depends on them make it again.
    fn set_settings(&mut self, settings: Settings) {
        let replan = settings.import_memory_mib != self.settings.import_memory_mib
            || settings.import_threads != self.settings.import_threads;
        self.settings = settings;
        if replan {
            for document in &mut self.state.documents {
                if let Body::Import(page) = &mut document.body {
                    page.settings_changed(&self.settings);
                }
            }
        }
    }

    /// Keeps how each open dataset is looked at.
    pub(super) fn remember_views(&mut self) {
        for document in &self.state.documents {
            if let Body::Viewer(viewer) = &document.body
                && let Some((identity, memory)) = viewer.memory(&self.settings)
            {
                self.memories.put(identity, memory);
            }
        }
    }

    fn toggle_palette(&mut self) {
        self.state.overlay = if matches!(self.state.overlay, Overlay::Palette(_)) {
            Overlay::None
        } else {
            let items = palette::items(&self.state, &self.settings);
            Overlay::Palette(Box::new(Palette::new(items)))
        };
    }

    pub(super) fn make_sample(&mut self) {
        let Some(make) = self.sample else {
            return;
        };
        self.state.welcome.sample = SampleState::Making;
        self.workers
            .start("sample", move |context| Event::Sample(make(context)));
    }

    pub(super) fn show(&mut self, place: Place) {
        self.state.place = place;
        if place == Place::Start {
            self.check_recent();
        }
    }

    pub(super) fn close(&mut self, id: DocumentId) {
        self.remember_views();
        if let Some(document) = self.state.remove(id) {
            // Loaders may wait for their thread.
            Workers::drop_elsewhere(document);
        }
    }

    pub(super) fn act(&mut self, action: Action, ctx: &egui::Context) {
        if matches!(self.state.overlay, Overlay::Shortcuts) && action != Action::Escape {
            self.state.overlay = Overlay::None;
            if action == Action::ShowShortcuts {
                return;
            }
        }
        match action {
            Action::OpenFiles => {
                dialogs::ask(&self.workers, Purpose::OpenFiles, self.last_folder());
            }
            Action::OpenFolder => {
                dialogs::ask(&self.workers, Purpose::OpenFolder, self.last_folder());
            }
            Action::PastePath => {
                self.show(Place::Start);
                self.state.welcome.focus_path = true;
            }
            Action::CloseDocument => {
                if let Place::Document(id) = self.state.place {
                    self.close(id);
                }
            }
            Action::Export => {
                if let Some(dataset) = self.state.shown_dataset() {
                    self.commands
                        .push(Command::AskExport(dataset.to_path_buf()));
                }
            }
            Action::ShowSettings => self.state.overlay = Overlay::Settings,
            Action::NextDocument => self.next_document(),
            Action::ShowStart => self.show(Place::Start),
            Action::ShowJobs => self.show(Place::Jobs),
            Action::ShowShortcuts => self.state.overlay = Overlay::Shortcuts,
            Action::ShowPalette => self.toggle_palette(),
            Action::SavePicture => self.ask_picture(),
            Action::CopyPicture => self.copy_picture(),
            Action::Scale => self.ask_scale(),
            Action::ToggleNavigator => self.settings.navigator_open = !self.settings.navigator_open,
            Action::ToggleInspector => self.settings.inspector_open = !self.settings.inspector_open,
            Action::ToggleTheme => {
                let dark = ctx.global_style().visuals.dark_mode;
                let other = if dark {
                    ThemeChoice::Light
                } else {
                    ThemeChoice::Dark
                };
                self.commands.push(Command::SetTheme(other));
            }
            Action::Escape => self.escape(),
            Action::Quit => ctx.send_viewport_cmd(egui::ViewportCommand::Close),
            Action::NextGather
            | Action::PreviousGather
            | Action::ForwardTen
            | Action::BackTen
            | Action::FirstGather
            | Action::LastGather
            | Action::GoTo
            | Action::WholeLine
            | Action::CycleMode
            | Action::CycleColours
            | Action::ToggleAgc
            | Action::Polarity
            | Action::ReverseColours
            | Action::RaiseClip
            | Action::LowerClip
            | Action::Fit
            | Action::PreviousZoom
            | Action::NextZoom
            | Action::OneToOne
            | Action::Histogram
            | Action::AutomaticClip
            | Action::ResetView
            | Action::ReverseTraces
            | Action::ToggleSeparators
            | Action::TrueOffset
            | Action::Compare
            | Action::Flip
            | Action::ZoomIn
            | Action::ZoomOut
            | Action::PageTracesForward
            | Action::PageTracesBack
            | Action::PanUp
            | Action::PanDown
            | Action::PinTrace
            | Action::ToggleSpectrum
            | Action::ToggleTable
            | Action::ToggleMap
            | Action::ToggleStrips
            | Action::ToggleFileHeaders => {
                if let Some(id) = self.state.shown_viewer() {
                    self.commands
                        .push(Command::Viewer(id, ViewerCommand::Act(action)));
                }
            }
        }
    }

    pub(super) fn escape(&mut self) {
        if !matches!(self.state.overlay, Overlay::None) {
            self.state.overlay = Overlay::None;
        } else if self.state.notices.open {
            self.state.notices.open = false;
        } else if let Some(id) = self.state.shown_viewer() {
            self.commands
                .push(Command::Viewer(id, ViewerCommand::Act(Action::Escape)));
        }
    }

    pub(super) fn next_document(&mut self) {
        let index = match self.state.place {
            Place::Document(id) => self
                .state
                .documents
                .iter()
                .position(|d| d.id == id)
                .map_or(0, |i| i + 1),
            Place::Start | Place::Jobs => 0,
        };
        let n = self.state.documents.len().max(1);
        if let Some(next) = self.state.documents.get(index % n) {
            self.state.place = Place::Document(next.id);
        }
    }

    pub(super) fn last_folder(&self) -> Option<PathBuf> {
        self.settings
            .recent
            .first()
            .and_then(|r| r.path.parent())
            .map(PathBuf::from)
    }
}
