//! From a dropped file to an import: scan on a thread, page to edit, job to watch.
//!
//! ```text
//! Scanning ──► Editing ──Import──► Running ──► Done
//!    └──► Refused (with the overrides that may help)      (failed or cancelled: back to Editing)
//! ```

mod arriving;
mod asked;
mod candidates;
mod computed;
mod editing;
mod extended_text;
mod facts;
mod findings;
mod footer;
mod gather_keys;
mod map;
mod mapping;
mod overrides;
mod pages;
mod presets;
mod preview;
mod report;
mod standing;
mod studies;
mod text_header;
mod undo;
mod unfinished;
mod work;

pub(crate) use asked::{ImportCommand, ImportEvent};
pub(crate) use editing::Editing;
pub(crate) use pages::show;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::command::{Command, Commands};
use super::dialogs;
use super::jobs::{Jobs, Live, Work, live_canvas};
use super::messages::{Message, Severity};
use super::numbers;
use super::settings::Settings;
use super::state::DocumentId;
use super::workers::{Purpose, Workers};
use crate::import::{Mapping, Scan, ScanDepth};
use crate::job::JobContext;

use arriving::Arriving;
use overrides::OverrideForm;

/// One file on its way into a dataset.
#[derive(Debug)]
pub(crate) struct ImportPage {
    pub(crate) id: DocumentId,
    pub(crate) path: PathBuf,
    pub(crate) screen: ImportScreen,
    generation: u64,
}

/// How far the file has come.
#[derive(Debug)]
pub(crate) enum ImportScreen {
    Scanning(Scanning),
    /// Not readable as SEG-Y, as things stand.
    Refused(Box<Refused>),
    Editing(Box<Editing>),
    Running {
        job: u64,
        editing: Box<Editing>,
        /// The picture of what has arrived.
        arriving: Option<Box<Arriving>>,
    },
    /// Finished, failed or cancelled: the job says.
    Done {
        job: u64,
        editing: Box<Editing>,
    },
}

/// The first scan, or one after a refusal.
#[derive(Debug)]
pub(crate) struct Scanning {
    pub(crate) context: JobContext,
    pub(crate) since: Instant,
    form: Box<OverrideForm>,
}

/// Why there is nothing to edit, and what may be known better.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) message: Message,
    pub(crate) form: OverrideForm,
}

impl ImportPage {
    /// Where the file lies: dialogs begin there.
    fn folder(&self) -> Option<PathBuf> {
        self.path.parent().map(PathBuf::from)
    }

    /// Starts to scan the file.
    pub(crate) fn open(
        id: DocumentId,
        path: PathBuf,
        workers: &Workers,
        _settings: &Settings,
    ) -> Self {
        let form = OverrideForm::default();
        let context = work::scan(workers, id, 1, &path, form.overrides(), ScanDepth::Quick);
        let screen = ImportScreen::Scanning(Scanning {
            context,
            since: Instant::now(),
            form: Box::new(form),
        });
        Self {
            id,
            path,
            screen,
            generation: 1,
        }
    }

    /// The mapping as it stands, for looking at the file itself.
    pub(crate) fn mapping(&self) -> Option<Mapping> {
        self.editing().map(Editing::mapping)
    }

    fn editing(&self) -> Option<&Editing> {
        match &self.screen {
            ImportScreen::Editing(editing)
            | ImportScreen::Running { editing, .. }
            | ImportScreen::Done { editing, .. } => Some(editing),
            ImportScreen::Scanning(_) | ImportScreen::Refused(_) => None,
        }
    }

    fn editing_mut(&mut self) -> Option<&mut Editing> {
        match &mut self.screen {
            ImportScreen::Editing(editing)
            | ImportScreen::Running { editing, .. }
            | ImportScreen::Done { editing, .. } => Some(editing),
            ImportScreen::Scanning(_) | ImportScreen::Refused(_) => None,
        }
    }

    /// Plans again with other settings.
    pub(crate) fn settings_changed(&mut self, settings: &Settings) {
        if let Some(editing) = self.editing_mut() {
            editing.settings_changed(settings);
        }
    }

    /// One line for the status bar.
    pub(crate) fn status(&self) -> String {
        match &self.screen {
            ImportScreen::Scanning(_) => "Scanning. The file is only read.".to_owned(),
            ImportScreen::Refused(_) => "This file could not be read as SEG-Y.".to_owned(),
            ImportScreen::Editing(editing) => {
                let section = &editing.preview.section;
                section.hit.map_or_else(
                    || "Nothing is written until you press Import.".to_owned(),
                    |hit| {
                        let value = |name: &str| section.header_value(name, hit.trace);
                        super::viewer::status::readout(section, hit, &editing.preview.rows, value)
                            .join("   ")
                    },
                )
            }
            ImportScreen::Running { .. } => "Importing. You can go on working.".to_owned(),
            ImportScreen::Done { .. } => "Ready".to_owned(),
        }
    }

    /// Takes what a thread found out.
    pub(crate) fn take(
        &mut self,
        event: ImportEvent,
        workers: &Workers,
        settings: &Settings,
    ) -> Vec<Message> {
        match event {
            ImportEvent::Scanned { generation, result } if generation == self.generation => {
                self.scanned(result, workers, settings);
                Vec::new()
            }
            ImportEvent::MappingSaved(Ok(path)) => {
                let text = format!(
                    "It can be used again with --mapping on the command line. File: {}",
                    path.display()
                );
                vec![Message::new(Severity::Success, "Mapping saved", text)]
            }
            ImportEvent::MappingSaved(Err(message)) | ImportEvent::MappingLoaded(Err(message)) => {
                vec![message]
            }
            ImportEvent::MappingLoaded(Ok(mapping)) => {
                self.mapping_loaded(&mapping, workers);
                Vec::new()
            }
            ImportEvent::Scanned { .. } => Vec::new(),
            other @ (ImportEvent::Planned { .. }
            | ImportEvent::Estimated { .. }
            | ImportEvent::CodecsEstimated(_)
            | ImportEvent::Previewed { .. }
            | ImportEvent::Stanzas(_)
            | ImportEvent::Studied(_)
            | ImportEvent::Recalled(_)
            | ImportEvent::Looked { .. }) => {
                let id = self.id;
                if let Some(editing) = self.editing_mut() {
                    editing.take(other, id, workers);
                }
                Vec::new()
            }
        }
    }

    fn scanned(
        &mut self,
        result: Result<Box<Scan>, Option<Message>>,
        workers: &Workers,
        settings: &Settings,
    ) {
        let id = self.id;
        match (&mut self.screen, result) {
            (ImportScreen::Scanning(scanning), Ok(scan)) => {
                let form = std::mem::take(&mut *scanning.form);
                let mut editing = Editing::new(*scan, form, workers, settings);
                editing.begin(id, workers);
                studies::look_for_remembered(workers, id, &editing.scan);
                self.screen = ImportScreen::Editing(Box::new(editing));
            }
            (ImportScreen::Scanning(scanning), Err(message)) => {
                let form = std::mem::take(&mut *scanning.form);
                let message = message.unwrap_or_else(|| {
                    Message::new(
                        Severity::Info,
                        "Scan cancelled",
                        "The file was not changed.",
                    )
                });
                self.screen = ImportScreen::Refused(Box::new(Refused { message, form }));
            }
            (ImportScreen::Editing(editing), Ok(scan)) => editing.rescanned(*scan, id, workers),
            (ImportScreen::Editing(editing), Err(message)) => editing.rescan_failed(message),
            (
                ImportScreen::Refused(_) | ImportScreen::Running { .. } | ImportScreen::Done { .. },
                _,
            ) => {}
        }
    }

    fn mapping_loaded(&mut self, mapping: &Mapping, workers: &Workers) {
        let id = self.id;
        let mut again = false;
        if let Some(editing) = self.editing_mut() {
            again = editing.apply(mapping, id, workers);
        }
        if again {
            self.scan_again(ScanDepth::Quick, workers);
        }
    }

    fn scan_again(&mut self, depth: ScanDepth, workers: &Workers) {
        self.generation += 1;
        let (id, generation) = (self.id, self.generation);
        match &mut self.screen {
            ImportScreen::Editing(editing) => {
                let overrides = editing.form.overrides();
                let context = work::scan(workers, id, generation, &self.path, overrides, depth);
                editing.rescanning(context, depth);
            }
            ImportScreen::Refused(refused) => {
                let form = std::mem::take(&mut refused.form);
                let context =
                    work::scan(workers, id, generation, &self.path, form.overrides(), depth);
                self.screen = ImportScreen::Scanning(Scanning {
                    context,
                    since: Instant::now(),
                    form: Box::new(form),
                });
            }
            ImportScreen::Scanning(_)
            | ImportScreen::Running { .. }
            | ImportScreen::Done { .. } => {}
        }
    }

    /// Follows the job, and starts plans that were waiting for the typing to end.
    pub(crate) fn keep_time(&mut self, workers: &Workers, jobs: &Jobs) -> Option<Duration> {
        let id = self.id;
        if let ImportScreen::Running { job, .. } = &self.screen {
            let job = *job;
            let ended = jobs.get(job).is_none_or(|j| j.state.has_ended());
            if ended {
                let before = std::mem::replace(&mut self.screen, ImportScreen::placeholder());
                if let ImportScreen::Running { job, editing, .. } = before {
                    self.screen = if jobs.get(job).is_some() {
                        ImportScreen::Done { job, editing }
                    } else {
                        ImportScreen::Editing(editing)
                    };
                }
            }
        }
        self.follow_ended(workers, jobs);
        match &mut self.screen {
            ImportScreen::Scanning(_) => Some(Duration::from_millis(150)),
            ImportScreen::Editing(editing) => editing.keep_time(id, workers),
            ImportScreen::Refused(_) | ImportScreen::Running { .. } | ImportScreen::Done { .. } => {
                None
            }
        }
    }

    /// An ended job may be gone from the list, or go on again.
    fn follow_ended(&mut self, workers: &Workers, jobs: &Jobs) {
        let ImportScreen::Done { job, .. } = &self.screen else {
            return;
        };
        match jobs.get(*job) {
            None => self.back_to_settings(workers),
            Some(entry) if !entry.state.has_ended() => {
                let before = std::mem::replace(&mut self.screen, ImportScreen::placeholder());
                if let ImportScreen::Done { job, editing } = before {
                    self.screen = ImportScreen::Running {
                        job,
                        editing,
                        arriving: None,
                    };
                }
            }
            Some(_) => {}
        }
    }

    /// Does what was asked.
    pub(crate) fn execute(
        &mut self,
        command: ImportCommand,
        workers: &Workers,
        settings: &mut Settings,
        jobs: &mut Jobs,
        commands: &mut Commands,
    ) -> Vec<Message> {
        let id = self.id;
        match command {
            ImportCommand::Scan(depth) => self.scan_again(depth, workers),
            ImportCommand::CancelScan => match &self.screen {
                ImportScreen::Scanning(scanning) => scanning.context.cancel.cancel(),
                ImportScreen::Editing(editing) => editing.cancel_rescan(),
                ImportScreen::Refused(_)
                | ImportScreen::Running { .. }
                | ImportScreen::Done { .. } => {}
            },
            ImportCommand::Start => self.start(workers, jobs),
            ImportCommand::Resume => self.resume(workers, jobs),
            ImportCommand::ShowFolder(path) => commands.push(Command::ShowInFiles(path)),
            ImportCommand::BackToSettings => self.back_to_settings(workers),
            ImportCommand::ViewOnly => commands.push(Command::View(self.path.clone())),
            ImportCommand::AskOutputFolder => {
                dialogs::ask(workers, Purpose::OutputFolder(id), self.folder());
            }
            ImportCommand::AskSaveMapping => {
                dialogs::ask(workers, Purpose::SaveMapping(id), self.folder());
            }
            ImportCommand::AskLoadMapping => {
                dialogs::ask(workers, Purpose::LoadMapping(id), self.folder());
            }
            ImportCommand::LoadMapping(path) => work::load_mapping(workers, id, path),
            other @ (ImportCommand::Changed
            | ImportCommand::LookAt(_)
            | ImportCommand::Preview
            | ImportCommand::OutputFolder(_)
            | ImportCommand::TakePreset(_)
            | ImportCommand::UseRecalled
            | ImportCommand::ForgetRecalled
            | ImportCommand::Undo
            | ImportCommand::ShowTrace(_)
            | ImportCommand::StartOver
            | ImportCommand::SaveMapping(_)) => {
                if let Some(editing) = self.editing_mut() {
                    editing.execute(other, id, workers);
                    settings.preview_traces = editing.preview.n_traces;
                }
            }
        }
        Vec::new()
    }

    fn start(&mut self, workers: &Workers, jobs: &mut Jobs) {
        let ImportScreen::Editing(editing) = &self.screen else {
            return;
        };
        let Some(plan) = editing.ready_plan() else {
            return;
        };
        let live = live_canvas(plan);
        let work = Work::Import {
            plan: Box::new((**plan).clone()),
            live: Arc::clone(&live),
        };
        editing.keep_in_mind(self.id, workers);
        let job = jobs.push(self.id, work);
        self.run(job, Some(live), workers);
    }

    /// Goes on with what an earlier import left behind.
    fn resume(&mut self, workers: &Workers, jobs: &mut Jobs) {
        let source = self.path.clone();
        let ImportScreen::Editing(editing) = &mut self.screen else {
            return;
        };
        let Some(partial) = editing.partial.take() else {
            return;
        };
        let job = jobs.push(self.id, Work::Resume { partial, source });
        self.run(job, None, workers);
    }

    /// From the settings to the running job.
    fn run(&mut self, job: u64, live: Option<Arc<Live>>, workers: &Workers) {
        let before = std::mem::replace(&mut self.screen, ImportScreen::placeholder());
        self.screen = match before {
            ImportScreen::Editing(mut editing) => {
                editing.leave();
                let arriving =
                    live.map(|live| Box::new(Arriving::new(live, workers, &editing.preview)));
                ImportScreen::Running {
                    job,
                    editing,
                    arriving,
                }
            }
            other @ (ImportScreen::Scanning(_)
            | ImportScreen::Refused(_)
            | ImportScreen::Running { .. }
            | ImportScreen::Done { .. }) => other,
        };
    }

    fn back_to_settings(&mut self, workers: &Workers) {
        let id = self.id;
        let before = std::mem::replace(&mut self.screen, ImportScreen::placeholder());
        self.screen = match before {
            ImportScreen::Done { mut editing, .. } => {
                editing.begin(id, workers);
                ImportScreen::Editing(editing)
            }
            other @ (ImportScreen::Scanning(_)
            | ImportScreen::Refused(_)
            | ImportScreen::Editing(_)
            | ImportScreen::Running { .. }) => other,
        };
    }
}

impl ImportScreen {
    /// Stands in for a moment while a screen is taken apart; never drawn.
    fn placeholder() -> Self {
        Self::Refused(Box::new(Refused {
            message: Message::new(Severity::Info, "", ""),
            form: OverrideForm::default(),
        }))
    }
}

/// "Quick scan: 2 000 of 6 012 345 traces".
pub(crate) fn depth_words(scan: &Scan) -> String {
    let n = numbers::count(scan.n_traces_seen);
    match scan.depth {
        ScanDepth::Quick if scan.n_traces_seen < scan.layout.n_traces => format!(
            "Quick scan: {n} of {}",
            numbers::plural(scan.layout.n_traces, "trace", "traces")
        ),
        ScanDepth::Quick => format!("All {n} trace headers scanned"),
        ScanDepth::Full => format!("All {n} traces examined"),
    }
}
