//! What arrived from threads, from the desktop and from the clock?

use super::App;
use super::OPEN_LIMIT;
use crate::app::command::Command;
use crate::app::dialogs::PathBox;
use crate::app::export_dialog::ExportCommand;
use crate::app::fallback_font;
use crate::app::import_page;
use crate::app::import_page::ImportPage;
use crate::app::jobs;
use crate::app::messages::Message;
use crate::app::messages::Severity;
use crate::app::numbers;
use crate::app::open;
use crate::app::open::Found;
use crate::app::open::Verdict;
use crate::app::settings::Kind;
use crate::app::settings::Recent;
use crate::app::settings::now_unix_secs;
use crate::app::state::Body;
use crate::app::state::DocumentId;
use crate::app::state::Overlay;
use crate::app::state::Place;
use crate::app::theme;
use crate::app::viewer;
use crate::app::viewer::Viewer;
use crate::app::welcome::SampleState;
use crate::app::workers::Event;
use crate::app::workers::Purpose;
use std::path::PathBuf;
use std::time::Duration;
use std::time::Instant;

impl App {
    pub(super) fn take_events(&mut self, ctx: &egui::Context) {
        for event in self.workers.poll() {
            match event {
                Event::Found(found) => self.open_found(found),
                Event::Hovered(found) => self.hovered = found,
                Event::Recent(recent) => self.state.welcome.recent = recent,
                Event::Chosen(purpose, paths) => self.chosen(&purpose, paths),
                Event::NoDialog(Purpose::ExportTo(_), _) => {
                    if let Overlay::Export(dialog) = &mut self.state.overlay {
                        dialog.no_file_dialog = true;
                    }
                }
                // The path can be typed in the dialog itself.
                Event::NoDialog(Purpose::SavePicture(_), _) => {}
                Event::NoDialog(purpose, start) => {
                    self.state.overlay = Overlay::TypePath(PathBox::new(purpose, start));
                }
                Event::LiesThere(purpose, path) => {
                    self.state.overlay = Overlay::TypePath(PathBox::replacing(purpose, path));
                }
                Event::Sample(result) => self.sample_made(result),
                Event::Import(id, event) => {
                    if let Some(page) = self.state.import_mut(id) {
                        let news = page.take(event, &self.workers, &self.settings);
                        self.state.notices.extend(news);
                    }
                }
                Event::Jobs(event) => {
                    let news = self.state.jobs.take(event);
                    self.state.notices.extend(news.into_iter().collect());
                }
                Event::Export(event) => {
                    if let Overlay::Export(dialog) = &mut self.state.overlay {
                        dialog.take(event, &self.workers);
                    }
                }
                Event::Viewer(id, event) => {
                    if let Some(viewer) = self.state.viewer_mut(id) {
                        let news = viewer.take(
                            id,
                            event,
                            &self.workers,
                            &mut self.settings,
                            &self.memories,
                        );
                        self.state.notices.extend(news);
                        self.remember_dataset(id);
                    }
                }
                Event::Picture(event) => self.picture_saved(event, ctx),
                Event::Font(bytes) => {
                    if let Some(bytes) = bytes {
                        theme::add_font(ctx, bytes);
                    }
                }
                Event::Said(message) => {
                    self.state.notices.extend(message.into_iter().collect());
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

    pub(super) fn open_found(&mut self, found: Vec<Found>) {
        let mut opened = 0;
        let mut left_out = 0;
        for Found { path, verdict } in found {
            self.look_for_font(&path.to_string_lossy());
            let files = match verdict {
                Verdict::Dataset => {
                    self.open_viewer(without_manifest(path), Kind::Dataset);
                    opened += 1;
                    continue;
                }
                Verdict::Segy { size_bytes } => vec![(path, size_bytes)],
                Verdict::Folder { files } => files.into_iter().map(|f| (f, 0)).collect(),
                Verdict::Refused(why) => {
                    let title = format!("{} cannot be opened", numbers::file_name(&path));
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
            let n = numbers::plural(left_out, "file was", "files were");
            let text = format!("{n} not opened: at most {OPEN_LIMIT} at once. Import these first.");
            self.state
                .say(Message::new(Severity::Warning, "Too many files", text));
        }
    }

    /// Asks for a font that has the letters of names, once one needs it.
    pub(super) fn look_for_font(&mut self, name: &str) {
        if !self.asked_font && fallback_font::is_needed_for(name) {
            self.asked_font = true;
            self.workers
                .start("font", |_| Event::Font(fallback_font::read()));
        }
    }

    pub(super) fn open_import(&mut self, path: PathBuf, size_bytes: u64) {
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

    pub(super) fn open_viewer(&mut self, path: PathBuf, kind: Kind) {
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
    pub(super) fn how_to_open(&self, path: &std::path::Path, kind: Kind) -> viewer::HowToOpen {
        if kind == Kind::Dataset {
            return viewer::HowToOpen::Dataset;
        }
        let mapping = self.state.documents.iter().find_map(|d| match &d.body {
            Body::Import(page) if page.path == path => page.mapping(),
            Body::Import(_) | Body::Viewer(_) => None,
        });
        viewer::HowToOpen::Segy(mapping.unwrap_or_default())
    }

    pub(super) fn remember_dataset(&mut self, id: DocumentId) {
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

    pub(super) fn chosen(&mut self, purpose: &Purpose, paths: Vec<PathBuf>) {
        let Some(first) = paths.first().cloned() else {
            return;
        };
        match purpose {
            Purpose::OpenFiles | Purpose::OpenFolder => self.commands.push(Command::Open(paths)),
            Purpose::Locate(lost, _) => {
                self.settings.forget(lost);
                self.commands.push(Command::Open(vec![first]));
            }
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
            Purpose::ExportTo(_) => {
                self.commands
                    .push(Command::Export(ExportCommand::SetOutput(first)));
            }
            Purpose::SavePicture(_) => {
                if let Overlay::Picture(dialog) = &mut self.state.overlay {
                    dialog.set_path(&first);
                }
            }
            Purpose::LoadMapping(id) => {
                self.commands.push(Command::Import(
                    *id,
                    import_page::ImportCommand::LoadMapping(first),
                ));
            }
        }
    }

    pub(super) fn sample_made(&mut self, result: Result<PathBuf, String>) {
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

    pub(super) fn read_drops(&mut self, ctx: &egui::Context) {
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

    pub(super) fn keep_time(&mut self, ctx: &egui::Context) {
        let news = self.state.jobs.advance(
            &self.workers,
            self.state.place,
            self.settings.verify_imports,
        );
        self.state.notices.extend(news);
        let mut wake: Option<Duration> = self.state.notices.expire(Instant::now());
        if self.state.jobs.is_moving() {
            wake = Some(wake.map_or(jobs::LOOK, |w| w.min(jobs::LOOK)));
        }
        for document in &mut self.state.documents {
            let is_shown = self.state.place == Place::Document(document.id);
            let next = match &mut document.body {
                Body::Import(page) => page.keep_time(&self.workers, &self.state.jobs),
                Body::Viewer(viewer) => {
                    viewer.follow(&self.state.jobs, &self.workers);
                    viewer.keep_time(is_shown, &self.settings)
                }
            };
            if let Some(next) = next {
                wake = Some(wake.map_or(next, |w| w.min(next)));
            }
        }
        if let Some(wake) = wake {
            ctx.request_repaint_after(wake);
        }
    }

    pub(super) fn guard_close(&mut self, ctx: &egui::Context) {
        let closing = ctx.input(|i| i.viewport().close_requested());
        if closing && !self.state.quitting && self.state.jobs.unfinished() > 0 {
            ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
            self.state.overlay = Overlay::ConfirmQuit;
        }
    }
}

fn without_manifest(path: PathBuf) -> PathBuf {
    match (path.file_name(), path.parent()) {
        (Some(name), Some(parent)) if name == "manifest.json" => parent.to_path_buf(),
        _ => path,
    }
}
