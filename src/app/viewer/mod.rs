//! The gather viewer: a source, an index of its gathers, a loader, and one section on the screen.
//!
//! ```text
//! Opening ──opened──► Open { source, index?, loader?, section }      (or Failed)
//!                        │ key chosen → indexing on a thread, the old gathers stay
//!                        └ position wanted → loader (thread) → section
//! ```

mod compare;
mod compare_pane;
mod histogram;
mod inspector;
mod keys;
mod looks;
mod memory;
mod navigator;
mod open_view;
mod opening;
mod panes;
mod pass_over;
pub(crate) mod reading;
pub(crate) mod status;
mod toolbar;

pub(crate) use compare::{Compare, CompareCommand};
pub(crate) use looks::{LookChange, OFFSET};
pub(crate) use open_view::{FoundGathers, OpenView};
pub(crate) use opening::{HowToOpen, Opened, mapped_segy};
pub(crate) use panes::show;
pub(crate) use reading::ReadingSettings;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::command::Action;
use super::messages::Message;
use super::numbers;
use super::section::{Look, Scale, Setting, Snapshot};
use super::settings::Settings;
use super::state::DocumentId;
use super::view_memory::{Memories, ViewMemory};
use super::widgets::Glyph;
use super::workers::{Event, Workers};
use crate::browse::{SortBy, TraceSource};
use crate::job::JobContext;
use opening::opened;

/// What the user can ask of a viewer.
#[derive(Clone, Debug)]
pub(crate) enum ViewerCommand {
    Act(Action),
    /// Gathers by these keys; none: panels of consecutive traces.
    SetKeys(Vec<String>),
    /// The whole line as one section.
    ShowLine,
    /// Traces inside of a gather by these values; none: as in the file.
    SetSort(Vec<SortBy>),
    CancelIndexing,
    /// Forget what is kept for browsing.
    ClearCache,
    /// To a position in the index.
    Go(usize),
    /// To the values typed in the box.
    GoToText,
    /// Header rows along the top.
    SetRows(Vec<String>),
    /// Panels and what they show.
    SetReading(Box<ReadingSettings>),
    /// Pins a trace of the source and brings it onto the screen.
    ShowTrace(u64),
    SetLook(Box<Look>),
    /// Draws it at a scale, on a screen of so many points a centimetre.
    SetScale(Scale, f64),
    ChangeLook(LookChange),
    CloseHistogram,
    Compare(CompareCommand),
    /// Opens the source again after a failure.
    Retry,
    /// Gives up opening.
    CancelOpening,
}

/// What threads found out for a viewer.
pub(crate) enum ViewerEvent {
    Opened(Result<Opened, Message>),
    /// The dataset that the file on the screen has become.
    Imported(Result<Opened, Message>),
    /// By the keys; `None`: cancelled.
    Indexed {
        generation: u64,
        result: Result<Option<FoundGathers>, Message>,
    },
}

impl std::fmt::Debug for ViewerEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ViewerEvent")
    }
}

/// One viewer.
#[derive(Debug)]
pub(crate) struct Viewer {
    pub(crate) id: DocumentId,
    pub(crate) path: PathBuf,
    how: HowToOpen,
    pub(crate) stage: Stage,
    /// How far opening is; ends with the viewer.
    opening: JobContext,
    /// Fresh facts for the recent list.
    opened_dataset: Option<(u64, u64)>,
    /// The import of the file that is shown.
    following: pass_over::Following,
    identity: Option<String>,
    pub(crate) compare: Option<Box<Compare>>,
}

/// How far the viewer has come.
#[derive(Debug)]
pub(crate) enum Stage {
    Opening,
    Failed(Message),
    Open(Box<OpenView>),
}

impl Viewer {
    /// Starts to open the source.
    pub(crate) fn open(
        id: DocumentId,
        path: PathBuf,
        how: HowToOpen,
        workers: &Workers,
        _settings: &Settings,
    ) -> Self {
        let mut viewer = Self {
            id,
            path,
            how,
            stage: Stage::Opening,
            opening: JobContext::default(),
            opened_dataset: None,
            following: pass_over::Following::default(),
            identity: None,
            compare: None,
        };
        viewer.start_opening(workers);
        viewer
    }

    fn start_opening(&mut self, workers: &Workers) {
        let (id, path, how) = (self.id, self.path.clone(), self.how.clone());
        self.opening = workers.start("opening", move |context| {
            Event::Viewer(id, ViewerEvent::Opened(opened(&path, &how, context)))
        });
    }

    /// Of a file whose headers are all walked over before it can be shown: between 0 and 1.
    pub(crate) fn share_opened(&self) -> Option<f64> {
        self.opening.progress.snapshot().fraction()
    }

    /// Takes what a thread found out.
    pub(crate) fn take(
        &mut self,
        of: DocumentId,
        event: ViewerEvent,
        workers: &Workers,
        settings: &mut Settings,
        memories: &Memories,
    ) -> Vec<Message> {
        match event {
            ViewerEvent::Opened(Ok(opened)) => {
                self.opened_dataset = opened.dataset;
                let is_file = matches!(self.how, HowToOpen::Segy(_));
                let known = opened.identity.as_ref().and_then(|id| memories.get(id));
                if let Some(known) = known {
                    settings.navigator_open = known.navigator_open;
                    settings.inspector_open = known.inspector_open;
                }
                self.identity = opened.identity;
                let view = OpenView::new(self.id, opened.source, is_file, workers, settings, known);
                self.stage = Stage::Open(Box::new(view));
                Vec::new()
            }
            ViewerEvent::Opened(Err(message)) => {
                self.stage = Stage::Failed(message);
                Vec::new()
            }
            ViewerEvent::Imported(result) => self.pass_over(result, workers, settings),
            ViewerEvent::Indexed { generation, result } if of != self.id => {
                match &mut self.compare {
                    Some(compare) => compare.other.indexed(generation, result, workers, settings),
                    None => Vec::new(),
                }
            }
            ViewerEvent::Indexed { generation, result } => match &mut self.stage {
                Stage::Open(view) => view.indexed(generation, result, workers, settings),
                Stage::Opening | Stage::Failed(_) => Vec::new(),
            },
        }
    }

    /// Takes what the loader has, and gives when to look again.
    pub(crate) fn keep_time(&mut self, is_shown: bool, settings: &Settings) -> Option<Duration> {
        match &mut self.stage {
            Stage::Open(view) => {
                view.share_memory(settings.cache_mib << 20, is_shown);
                let theirs = self
                    .compare
                    .as_mut()
                    .and_then(|compare| compare.keep_time());
                let mine = view.keep_time();
                mine.into_iter().chain(theirs).min()
            }
            Stage::Opening | Stage::Failed(_) => None,
        }
    }

    /// Does what was asked.
    pub(crate) fn execute(
        &mut self,
        command: ViewerCommand,
        workers: &Workers,
        settings: &mut Settings,
        ctx: &egui::Context,
    ) -> Vec<Message> {
        if let ViewerCommand::Retry = command {
            self.stage = Stage::Opening;
            self.start_opening(workers);
            return Vec::new();
        }
        if let ViewerCommand::CancelOpening = command {
            self.opening.cancel.cancel();
            return Vec::new();
        }
        if let ViewerCommand::SetReading(reading) = command {
            settings.reading = *reading;
            return Vec::new();
        }
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "all other commands are the view's own"
        )]
        let command = match command {
            ViewerCommand::Compare(command) => {
                return self.execute_compare(command, workers, settings, ctx);
            }
            ViewerCommand::Act(Action::Compare) => {
                let command = match self.compare {
                    Some(_) => CompareCommand::Close,
                    None => CompareCommand::WithItself,
                };
                return self.execute_compare(command, workers, settings, ctx);
            }
            ViewerCommand::Act(Action::Flip) => {
                return self.execute_compare(CompareCommand::Flip, workers, settings, ctx);
            }
            other => other,
        };
        let Stage::Open(view) = &mut self.stage else {
            return Vec::new();
        };
        if let ViewerCommand::Act(action) = &command
            && settings.reading.act(*action)
        {
            return Vec::new();
        }
        let mut look = view.look.clone();
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "all other commands are about something else"
        )]
        let is_about_look = match &command {
            ViewerCommand::Act(action) => looks::change(*action, &mut look, view.clip()),
            ViewerCommand::SetLook(new) => {
                look = (**new).clone();
                true
            }
            ViewerCommand::ChangeLook(change) => {
                change.clone().apply(&mut look);
                true
            }
            _ => false,
        };
        if is_about_look {
            settings.look = look.clone();
            return view.set_look(look, workers, settings);
        }
        view.execute(command, workers, settings, ctx)
    }

    fn execute_compare(
        &mut self,
        command: CompareCommand,
        workers: &Workers,
        settings: &mut Settings,
        ctx: &egui::Context,
    ) -> Vec<Message> {
        match (command, &mut self.compare) {
            (CompareCommand::WithItself, _) => {
                if let Some((source, name)) = self.source() {
                    self.compare_with(source, name, workers, settings);
                }
                Vec::new()
            }
            (CompareCommand::Close, _) => {
                if let Some(compare) = self.compare.take() {
                    // Loaders may wait for their thread.
                    Workers::drop_elsewhere(compare);
                }
                if let Stage::Open(view) = &mut self.stage {
                    view.section.ghost = None;
                }
                Vec::new()
            }
            (CompareCommand::Other(command), Some(compare)) => {
                compare.other.execute(*command, workers, settings, ctx)
            }
            (CompareCommand::SetMode(mode), Some(compare)) => {
                compare.mode = mode;
                Vec::new()
            }
            (CompareCommand::SetLinks(links), Some(compare)) => {
                compare.links = links;
                Vec::new()
            }
            (CompareCommand::Flip, Some(compare)) => {
                compare.flipped = compare.mode == compare::Mode::Flip && !compare.flipped;
                compare.mode = compare::Mode::Flip;
                Vec::new()
            }
            // The window knows the other pages; without a comparison there is nothing to change.
            (_, _) => Vec::new(),
        }
    }

    /// What is shown, for another page to compare with.
    pub(crate) fn source(&self) -> Option<(Arc<dyn TraceSource>, String)> {
        let Stage::Open(view) = &self.stage else {
            return None;
        };
        Some((Arc::clone(&view.source), numbers::file_name(&self.path)))
    }

    /// Shows another source beside this one.
    pub(crate) fn compare_with(
        &mut self,
        source: Arc<dyn TraceSource>,
        name: String,
        workers: &Workers,
        settings: &Settings,
    ) {
        let Stage::Open(view) = &mut self.stage else {
            return;
        };
        // By the same keys, where it has them.
        let memory = view.memory(settings);
        let id = self.id.partner();
        let other = OpenView::new(id, source, false, workers, settings, Some(&memory));
        let compare = Compare::new(other, name, workers);
        if let Some(old) = self.compare.replace(Box::new(compare)) {
            Workers::drop_elsewhere(old);
        }
    }

    /// What is on the screen with its title, to be saved as a picture.
    pub(crate) fn snapshot(&self) -> Option<(Snapshot, String)> {
        let Stage::Open(view) = &self.stage else {
            return None;
        };
        let keys = view.separating_keys();
        let setting = Setting {
            look: &view.look,
            statistics: view.source.facts().amplitude.as_ref(),
            rows: &view.rows,
            keys: &keys,
            name: "",
        };
        if let Some(shown) = self.compare.as_ref().and_then(|c| c.snapshot(setting)) {
            return Some(shown);
        }
        Some((view.section.snapshot(setting)?, self.title()))
    }

    /// How it is looked at, to be kept.
    pub(crate) fn memory(&self, settings: &Settings) -> Option<(&str, ViewMemory)> {
        let Stage::Open(view) = &self.stage else {
            return None;
        };
        Some((self.identity.as_deref()?, view.memory(settings)))
    }

    /// The facts of a dataset that was just opened, once.
    pub(crate) fn take_opened_dataset(&mut self) -> Option<(u64, u64)> {
        self.opened_dataset.take()
    }

    /// Whether it shows a dataset, not a file.
    pub(crate) fn is_dataset(&self) -> bool {
        matches!(self.how, HowToOpen::Dataset)
    }

    pub(crate) fn glyph(&self) -> Glyph {
        match self.how {
            HowToOpen::Dataset => Glyph::Dataset,
            HowToOpen::Segy(_) => Glyph::Segy,
        }
    }

    /// For the window's title.
    pub(crate) fn title(&self) -> String {
        let name = numbers::file_name(&self.path);
        match &self.stage {
            Stage::Open(view) => match view.gather_title() {
                Some(gather) => format!("{name} · {gather}"),
                None => name,
            },
            Stage::Opening | Stage::Failed(_) => name,
        }
    }
}

impl Drop for Viewer {
    fn drop(&mut self) {
        // Whoever still walks over the headers of a large file may stop.
        self.opening.cancel.cancel();
    }
}
