//! The window: takes events in `logic`, draws in `ui`, runs commands in one place.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use egui::{CentralPanel, Frame};

use super::command::{Action, Command, Commands};
use super::import_page::ImportPage;
use super::messages::{Message, Severity};
use super::open::{self, Found, Verdict};
use super::settings::{Kind, Recent, STORAGE_KEY, Settings, ThemeChoice, now_unix_secs};
use super::state::{Body, DocumentId, Overlay, Place, State};
use super::viewer::{Viewer, ViewerCommand};
use super::welcome::{self, SampleState};
use super::workers::{Event, Purpose, Workers};
use super::{
    Launch, MakeSample, dialogs, drop, import_page, jobs, notices, shortcuts, status_bar, theme,
    top_bar, viewer,
};

/// Files of one drop that are opened; the rest is said.
const OPEN_LIMIT: usize = 20;

/// The window's program.
#[derive(Debug)]
pub struct App {
    state: State,
    settings: Settings,
    workers: Workers,
    commands: Commands,
    sample: Option<MakeSample>,
    /// What hovers over the window, as a thread has seen it.
    hovered: Vec<Found>,
    asked_hovered: Vec<PathBuf>,
    /// As it was when last stored; stored again when it differs.
    stored: String,
}

impl App {
    /// Makes the window's program. `drops_arrive`: whether dropped files reach it on this desktop.
    pub fn new(cc: &eframe::CreationContext<'_>, launch: &Launch, drops_arrive: bool) -> Self {
        let text = cc
            .storage
            .and_then(|s| s.get_string(STORAGE_KEY))
            .filter(|_| !launch.reset_settings);
        let (mut settings, broken) = Settings::load(text.as_deref());
        settings.look.forget_what_belongs_to_a_file();
        let ctx = &cc.egui_ctx;
        theme::install(ctx);
        ctx.set_theme(settings.theme.preference());
        let mut state = State::new(drops_arrive);
        if launch.sample.is_some() {
            state.welcome.sample = SampleState::Offered;
        }
        if broken {
            state.say(Message::new(
                Severity::Warning,
                "Settings could not be read",
                "The program starts with its own settings; recent files are forgotten.",
            ));
        }
        let mut app = Self {
            state,
            settings,
            workers: Workers::new(ctx.clone()),
            commands: Commands::default(),
            sample: launch.sample,
            hovered: Vec::new(),
            asked_hovered: Vec::new(),
            stored: String::new(),
        };
        app.check_recent();
        if !launch.paths.is_empty() {
            app.commands.push(Command::Open(launch.paths.clone()));
        }
        app
    }

    fn check_recent(&self) {
        let recent = self.settings.recent.clone();
        if !recent.is_empty() {
            self.workers.start("recent files", move |_| {
                Event::Recent(open::check_recent(&recent))
            });
        }
    }

    // ---- logic -------------------------------------------------------------------------------

    fn take_events(&mut self) {
        for event in self.workers.poll() {
            match event {
                Event::Found(found) => self.open_found(found),
                Event::Hovered(found) => self.hovered = found,
                Event::Recent(recent) => self.state.welcome.recent = recent,
                Event::Chosen(purpose, paths) => self.chosen(&purpose, paths),
                Event::Sample(result) => self.sample_made(result),
                Event::Import(id, event) => {
                    if let Some(page) = self.state.import_mut(id) {
                        let news = page.take(event, &self.workers, &self.settings);
                        self.state.notices.extend(news);
                    }
                }
                Event::Viewer(id, event) => {
                    if let Some(viewer) = self.state.viewer_mut(id) {
                        let news = viewer.take(event, &self.workers, &self.settings);
                        self.state.notices.extend(news);
                        self.remember_dataset(id);
                    }
                }
                Event::Panicked(task, words) => {
                    let title = format!("A fault of this program in \"{task}\"");
                    let message = Message::from_words(&title, &words, None)
                        .remedy("Please report it with the details. Your files were not changed.");
                    self.state.say(message);
                }
            }
        }
    }

    fn open_found(&mut self, found: Vec<Found>) {
        let mut opened = 0;
        let mut left_out = 0;
        for Found { path, verdict } in found {
            let files = match verdict {
                Verdict::Dataset => {
                    self.open_viewer(without_manifest(path), Kind::Dataset);
                    opened += 1;
                    continue;
                }
                Verdict::Segy { size_bytes } => vec![(path, size_bytes)],
                Verdict::Folder { files } => files.into_iter().map(|f| (f, 0)).collect(),
                Verdict::Refused(why) => {
                    let title = format!("{} cannot be opened", super::numbers::file_name(&path));
                    self.state
                        .say(Message::from_words(&title, &why, Some(&path)));
                    continue;
                }
            };
            for (file, size_bytes) in files {
                if opened >= OPEN_LIMIT {
                    left_out += 1;
                    continue;
                }
                opened += 1;
                self.open_import(file, size_bytes);
            }
        }
        if left_out > 0 {
            let n = super::numbers::plural(left_out, "file was", "files were");
            let text = format!("{n} not opened: at most {OPEN_LIMIT} at once. Import these first.");
            self.state
                .say(Message::new(Severity::Warning, "Too many files", text));
        }
    }

    fn open_import(&mut self, path: PathBuf, size_bytes: u64) {
        let known = self.state.documents.iter().find_map(|d| match &d.body {
            Body::Import(page) if page.path == path => Some(d.id),
            Body::Import(_) | Body::Viewer(_) => None,
        });
        if let Some(id) = known {
            self.state.place = Place::Document(id);
            return;
        }
        let id = self.state.new_id();
        self.settings.remember(Recent {
            path: path.clone(),
            kind: Kind::Segy,
            size_bytes,
            n_traces: None,
            opened_unix_secs: now_unix_secs(),
        });
        let page = ImportPage::open(id, path, &self.workers, &self.settings);
        self.state.add(id, Body::Import(Box::new(page)));
        self.check_recent();
    }

    fn open_viewer(&mut self, path: PathBuf, kind: Kind) {
        let known = self.state.documents.iter().find_map(|d| match &d.body {
            Body::Viewer(viewer) if viewer.path == path => Some(d.id),
            Body::Import(_) | Body::Viewer(_) => None,
        });
        if let Some(id) = known {
            self.state.place = Place::Document(id);
            return;
        }
        let id = self.state.new_id();
        let how = self.how_to_open(&path, kind);
        let viewer = Viewer::open(id, path, how, &self.workers, &self.settings);
        self.state.add(id, Body::Viewer(Box::new(viewer)));
    }

    /// With the overrides and moved columns of its import page, if it has one.
    fn how_to_open(&self, path: &std::path::Path, kind: Kind) -> viewer::HowToOpen {
        if kind == Kind::Dataset {
            return viewer::HowToOpen::Dataset;
        }
        let mapping = self.state.documents.iter().find_map(|d| match &d.body {
            Body::Import(page) if page.path == path => page.mapping(),
            Body::Import(_) | Body::Viewer(_) => None,
        });
        viewer::HowToOpen::Segy(mapping.unwrap_or_default())
    }

    fn remember_dataset(&mut self, id: DocumentId) {
        let Some(viewer) = self.state.viewer_mut(id) else {
            return;
        };
        if let Some((size_bytes, n_traces)) = viewer.take_opened_dataset() {
            let path = viewer.path.clone();
            self.settings.remember(Recent {
                path,
                kind: Kind::Dataset,
                size_bytes,
                n_traces: Some(n_traces),
                opened_unix_secs: now_unix_secs(),
            });
            self.check_recent();
        }
    }

    fn chosen(&mut self, purpose: &Purpose, paths: Vec<PathBuf>) {
        let Some(first) = paths.first().cloned() else {
            return;
        };
        match purpose {
            Purpose::OpenFiles | Purpose::OpenFolder => self.commands.push(Command::Open(paths)),
            Purpose::OutputFolder(id) => {
                self.commands.push(Command::Import(
                    *id,
                    import_page::ImportCommand::OutputFolder(first),
                ));
            }
            Purpose::SaveMapping(id) => {
                self.commands.push(Command::Import(
                    *id,
                    import_page::ImportCommand::SaveMapping(first),
                ));
            }
            Purpose::LoadMapping(id) => {
                self.commands.push(Command::Import(
                    *id,
                    import_page::ImportCommand::LoadMapping(first),
                ));
            }
        }
    }

    fn sample_made(&mut self, result: Result<PathBuf, String>) {
        self.state.welcome.sample = SampleState::Offered;
        match result {
            Ok(path) => self.commands.push(Command::Open(vec![path])),
            Err(words) => self.state.say(Message::from_words(
                "The sample could not be made",
                &words,
                None,
            )),
        }
    }

    fn read_drops(&mut self, ctx: &egui::Context) {
        let (dropped, hovered) = ctx.input(|i| {
            let dropped: Vec<PathBuf> = i
                .raw
                .dropped_files
                .iter()
                .map(|f| f.path().to_path_buf())
                .collect();
            let hovered: Vec<PathBuf> = i
                .raw
                .hovered_files
                .iter()
                .filter_map(|f| f.path.clone())
                .collect();
            (dropped, hovered)
        });
        if !dropped.is_empty() {
            self.commands.push(Command::Open(dropped));
        }
        if hovered != self.asked_hovered {
            self.asked_hovered.clone_from(&hovered);
            self.hovered.clear();
            if !hovered.is_empty() {
                self.workers.start("hovering files", move |_| {
                    Event::Hovered(open::look(hovered))
                });
            }
        }
    }

    fn keep_time(&mut self, ctx: &egui::Context) {
        let news = self.state.jobs.advance(&self.workers, self.state.place);
        self.state.notices.extend(news);
        let mut wake: Option<Duration> = self.state.notices.expire(Instant::now());
        if self.state.jobs.running().is_some() {
            wake = Some(wake.map_or(jobs::LOOK, |w| w.min(jobs::LOOK)));
        }
        for document in &mut self.state.documents {
            let next = match &mut document.body {
                Body::Import(page) => page.keep_time(&self.workers, &self.state.jobs),
                Body::Viewer(viewer) => viewer.keep_time(),
            };
            if let Some(next) = next {
                wake = Some(wake.map_or(next, |w| w.min(next)));
            }
        }
        if let Some(wake) = wake {
            ctx.request_repaint_after(wake);
        }
    }

    fn guard_close(&mut self, ctx: &egui::Context) {
        let closing = ctx.input(|i| i.viewport().close_requested());
        if closing && !self.state.quitting && self.state.jobs.unfinished() > 0 {
            ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
            self.state.overlay = Overlay::ConfirmQuit;
        }
    }

    // ---- commands ----------------------------------------------------------------------------

    fn run_commands(&mut self, ctx: &egui::Context) {
        // A command may queue another; they all run in this frame.
        for _ in 0..4 {
            for command in self.commands.take() {
                self.execute(command, ctx);
            }
        }
    }

    fn execute(&mut self, command: Command, ctx: &egui::Context) {
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
            Command::Jobs(command) => self.state.jobs.execute(command, &mut self.commands),
            Command::QuitAnyway => {
                self.state.quitting = true;
                self.state.jobs.cancel_all();
                ctx.send_viewport_cmd(egui::ViewportCommand::Close);
            }
            Command::StayOpen => self.state.overlay = Overlay::None,
        }
    }

    fn execute_import(&mut self, id: DocumentId, command: import_page::ImportCommand) {
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

    fn execute_viewer(&mut self, id: DocumentId, command: ViewerCommand, ctx: &egui::Context) {
        if let Some(viewer) = self.state.viewer_mut(id) {
            let news = viewer.execute(command, &self.workers, &mut self.settings, ctx);
            self.state.notices.extend(news);
        }
    }

    fn make_sample(&mut self) {
        let Some(make) = self.sample else {
            return;
        };
        self.state.welcome.sample = SampleState::Making;
        self.workers
            .start("sample", move |context| Event::Sample(make(context)));
    }

    fn show(&mut self, place: Place) {
        self.state.place = place;
        if place == Place::Start {
            self.check_recent();
        }
    }

    fn close(&mut self, id: DocumentId) {
        if let Some(document) = self.state.remove(id) {
            // Loaders may wait for their thread.
            Workers::drop_elsewhere(document);
        }
    }

    fn act(&mut self, action: Action, ctx: &egui::Context) {
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
            Action::NextDocument => self.next_document(),
            Action::ShowStart => self.show(Place::Start),
            Action::ShowJobs => self.show(Place::Jobs),
            Action::ShowShortcuts => self.state.overlay = Overlay::Shortcuts,
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
            | Action::CycleMode
            | Action::CycleColours
            | Action::Polarity
            | Action::ReverseColours
            | Action::RaiseClip
            | Action::LowerClip
            | Action::Fit
            | Action::PreviousZoom
            | Action::ZoomIn
            | Action::ZoomOut
            | Action::PageTracesForward
            | Action::PageTracesBack
            | Action::PanUp
            | Action::PanDown
            | Action::PinTrace => {
                if let Some(id) = self.state.shown_viewer() {
                    self.commands
                        .push(Command::Viewer(id, ViewerCommand::Act(action)));
                }
            }
        }
    }

    fn escape(&mut self) {
        if !matches!(self.state.overlay, Overlay::None) {
            self.state.overlay = Overlay::None;
        } else if self.state.notices.open {
            self.state.notices.open = false;
        } else if let Some(id) = self.state.shown_viewer() {
            self.commands
                .push(Command::Viewer(id, ViewerCommand::Act(Action::Escape)));
        }
    }

    fn next_document(&mut self) {
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

    fn last_folder(&self) -> Option<PathBuf> {
        self.settings
            .recent
            .first()
            .and_then(|r| r.path.parent())
            .map(PathBuf::from)
    }

    // ---- drawing -----------------------------------------------------------------------------

    fn draw_page(&mut self, ui: &mut egui::Ui) {
        let Self {
            state,
            settings,
            commands,
            ..
        } = self;
        let State {
            place,
            documents,
            welcome,
            jobs,
            drops_arrive,
            ..
        } = state;
        match *place {
            Place::Start => welcome::show(ui, welcome, settings, *drops_arrive, commands),
            Place::Jobs => jobs::show(ui, jobs, commands),
            Place::Document(id) => match documents
                .iter_mut()
                .find(|d| d.id == id)
                .map(|d| &mut d.body)
            {
                Some(Body::Import(page)) => import_page::show(ui, page, settings, jobs, commands),
                Some(Body::Viewer(viewer)) => viewer::show(ui, viewer, settings, commands),
                None => *place = Place::Start,
            },
        }
    }

    fn draw_overlays(&mut self, ctx: &egui::Context) {
        notices::show(ctx, &mut self.state.notices, &mut self.commands);
        match self.state.overlay {
            Overlay::None => {}
            Overlay::Shortcuts => shortcuts::overlay(ctx, &mut self.commands),
            Overlay::ConfirmQuit => {
                dialogs::confirm_quit(ctx, self.state.jobs.unfinished(), &mut self.commands);
            }
        }
        let hovered = ctx.input(|i| i.raw.hovered_files.clone());
        if !hovered.is_empty() {
            drop::overlay(ctx, &hovered, &self.hovered);
        }
    }

    fn title(&self) -> String {
        let name = match self.state.place {
            Place::Document(id) => {
                self.state
                    .documents
                    .iter()
                    .find(|d| d.id == id)
                    .map(|d| match &d.body {
                        Body::Import(page) => {
                            format!("Import {}", super::numbers::file_name(&page.path))
                        }
                        Body::Viewer(viewer) => viewer.title(),
                    })
            }
            Place::Jobs => Some("Jobs".to_owned()),
            Place::Start => None,
        };
        name.map_or_else(
            || "Shotpoint".to_owned(),
            |name| format!("{name} · Shotpoint"),
        )
    }

    fn set_title(&self, ctx: &egui::Context) {
        let title = self.title();
        let id = egui::Id::unique("window title");
        let known: Option<String> = ctx.data(|d| d.get_temp(id));
        if known.as_ref() != Some(&title) {
            ctx.data_mut(|d| d.insert_temp(id, title.clone()));
            ctx.send_viewport_cmd(egui::ViewportCommand::Title(title));
        }
    }
}

fn without_manifest(path: PathBuf) -> PathBuf {
    match (path.file_name(), path.parent()) {
        (Some(name), Some(parent)) if name == "manifest.json" => parent.to_path_buf(),
        _ => path,
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.take_events();
        self.keep_time(ctx);
        self.guard_close(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        self.read_drops(&ctx);
        if matches!(self.state.overlay, Overlay::ConfirmQuit) && self.state.jobs.unfinished() == 0 {
            self.state.overlay = Overlay::None;
        }
        shortcuts::read_keys(
            &ctx,
            self.state.shown_viewer().is_some(),
            &mut self.commands,
        );
        top_bar::show(ui, &mut self.state, &self.settings, &mut self.commands);
        status_bar::show(ui, &self.state, &mut self.commands);
        let frame = Frame::new().fill(ui.visuals().panel_fill);
        CentralPanel::default()
            .frame(frame)
            .show(ui, |ui| self.draw_page(ui));
        self.draw_overlays(&ctx);
        self.set_title(&ctx);
        self.run_commands(&ctx);
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        let text = self.settings.to_text();
        if text != self.stored {
            storage.set_string(STORAGE_KEY, text.clone());
            self.stored = text;
        }
    }

    fn persist_egui_memory(&self) -> bool {
        false
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}
