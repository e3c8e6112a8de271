//! The page while one edits: what was found, what was changed, and the plan that follows from it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::extended_text;
use super::mapping::{Row, Seen, rows_of};
use super::overrides::OverrideForm;
use super::preview::Preview;
pub(crate) use super::standing::{EstimateState, ExtendedText, PlanState, Tab};
use super::standing::{Measured, Rescan};
use super::studies::{self, Studies};
use super::undo::Before;
use super::work;
use super::{ImportCommand, ImportEvent};
use crate::app::messages::Message;
use crate::app::settings::Settings;
use crate::app::state::DocumentId;
use crate::app::workers::Workers;
use crate::dataset::{Codec, DATASET_EXTENSION, Partial};
use crate::import::{
    ComputedColumn, ImportOptions, ImportPlan, Mapping, Recalled, RequestedMode, Scan, ScanDepth,
};
use crate::job::JobContext;

/// A plan is made when nothing was edited for so long.
const SETTLE: Duration = Duration::from_millis(300);

/// See the module.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own on the page"
)]
pub(crate) struct Editing {
    pub(crate) scan: Arc<Scan>,
    pub(crate) form: OverrideForm,
    /// The form as it was scanned.
    pub(crate) scanned_form: OverrideForm,
    pub(crate) rescan: Option<Rescan>,
    pub(crate) rescan_error: Option<Message>,
    pub(crate) rows: Vec<Row>,
    pub(crate) show_all: bool,
    pub(crate) new_name: String,
    /// A field was added just now: the table shall show it.
    pub(crate) show_added: bool,
    /// Of the extended textual headers and the trailer.
    pub(crate) stanzas: Vec<extended_text::Shown>,
    pub(crate) keys: Vec<String>,
    pub(crate) computed: Vec<ComputedColumn>,
    /// What follows from the mapping.
    pub(crate) studies: Studies,
    /// A mapping of an earlier file of this make; `None`: there is none, or it was answered.
    pub(crate) recalled: Option<Box<Recalled>>,
    /// What an interrupted import of this file left behind.
    pub(crate) partial: Option<Box<Partial>>,
    /// To take back a mapping that came from elsewhere.
    pub(crate) before: Option<Before>,
    pub(crate) tab: Tab,
    pub(crate) output: String,
    pub(crate) overwrite: bool,
    pub(crate) codec: Codec,
    pub(crate) mode: RequestedMode,
    pub(crate) plan: PlanState,
    pub(crate) estimate: EstimateState,
    /// What each codec would give and take, measured on this file.
    pub(crate) measured: Measured,
    pub(crate) preview: Preview,
    /// The user does not want what an earlier import left behind.
    started_over: bool,
    memory_mib: u32,
    /// 0: all processors.
    threads: u32,
    generation: u64,
    edited: Option<Instant>,
}

/// The dataset's folder without its parents: the file's stem with our ending.
fn default_output(source: &std::path::Path) -> PathBuf {
    let output = source.with_extension(DATASET_EXTENSION);
    output.file_name().map(PathBuf::from).unwrap_or_default()
}

impl Editing {
    pub(crate) fn new(
        scan: Scan,
        form: OverrideForm,
        workers: &Workers,
        settings: &Settings,
    ) -> Self {
        let output = scan
            .path
            .with_extension(DATASET_EXTENSION)
            .display()
            .to_string();
        let keys = scan.suggested_mapping.ensemble_keys.clone();
        Self {
            rows: rows_of(&scan),
            stanzas: Vec::new(),
            keys,
            computed: scan.suggested_mapping.computed.clone(),
            studies: Studies::default(),
            recalled: None,
            partial: None,
            before: None,
            output,
            scan: Arc::new(scan),
            scanned_form: form.clone(),
            form,
            rescan: None,
            rescan_error: None,
            show_all: false,
            new_name: String::new(),
            show_added: false,
            tab: Tab::default(),
            overwrite: false,
            codec: Codec::default(),
            mode: RequestedMode::Auto,
            plan: PlanState::Making,
            estimate: EstimateState::Waiting,
            measured: Measured::default(),
            preview: Preview::new(workers, settings.preview_traces),
            started_over: false,
            memory_mib: settings.import_memory_mib,
            threads: settings.import_threads,
            generation: 0,
            edited: None,
        }
    }

    /// Starts plan and picture.
    pub(crate) fn begin(&mut self, id: DocumentId, workers: &Workers) {
        self.make_plan(id, workers);
        self.read_preview(id, workers);
        work::read_stanzas(workers, id, &self.scan);
    }

    /// The mapping as it stands.
    pub(crate) fn mapping(&self) -> Mapping {
        Mapping {
            columns: self.rows.iter().filter_map(Row::mapped).collect(),
            ensemble_keys: self.keys.clone(),
            overrides: self.scan.overrides.clone(),
            computed: self.computed.clone(),
            ..Mapping::default()
        }
    }

    /// Plans again with other settings.
    pub(crate) fn settings_changed(&mut self, settings: &Settings) {
        self.memory_mib = settings.import_memory_mib;
        self.threads = settings.import_threads;
        self.edited = Some(Instant::now());
    }

    fn options(&self) -> ImportOptions {
        ImportOptions {
            output: Some(PathBuf::from(self.output.trim())).filter(|p| !p.as_os_str().is_empty()),
            overwrite: self.overwrite,
            mode: self.mode,
            codec: self.codec,
            memory_mib: self.memory_mib,
            threads: Some(self.threads).filter(|n| *n > 0),
            ..ImportOptions::default()
        }
    }

    fn make_plan(&mut self, id: DocumentId, workers: &Workers) {
        self.edited = None;
        self.generation += 1;
        self.cancel_estimate();
        self.estimate = EstimateState::Waiting;
        work::plan(
            workers,
            id,
            self.generation,
            Arc::clone(&self.scan),
            self.mapping(),
            self.options(),
        );
        let mapping = self.mapping();
        self.studies.begin(id, workers, &self.scan, &mapping);
    }

    fn read_preview(&mut self, id: DocumentId, workers: &Workers) {
        let generation = self.preview.ask();
        let wanted = self.preview.wanted(&self.keys, &self.scan);
        work::read_traces(
            workers,
            id,
            generation,
            self.scan.path.clone(),
            self.mapping(),
            wanted,
        );
    }

    /// Takes what a thread found out.
    pub(crate) fn take(&mut self, event: ImportEvent, id: DocumentId, workers: &Workers) {
        match event {
            ImportEvent::Planned {
                generation,
                result,
                partial,
            } if generation == self.generation => {
                self.partial = partial.filter(|_| !self.started_over);
                match result {
                    Ok(plan) => {
                        let plan = Arc::new(*plan);
                        let context = work::estimated(workers, id, generation, Arc::clone(&plan));
                        self.plan = PlanState::Ready(plan);
                        self.estimate = EstimateState::Measuring(context);
                    }
                    Err(refusal) => self.plan = PlanState::Refused(refusal),
                }
            }
            ImportEvent::CodecsEstimated(found) => {
                for (codec, estimate) in found {
                    self.measured.insert(codec, estimate);
                }
            }
            ImportEvent::Estimated { generation, result } if generation == self.generation => {
                self.estimate = match result {
                    Ok(estimate) => {
                        self.measured.insert(self.codec, estimate);
                        self.measure_other_codecs(id, workers);
                        EstimateState::Ready(estimate)
                    }
                    Err(Some(why)) => EstimateState::Failed(why),
                    Err(None) => EstimateState::Waiting,
                };
            }
            ImportEvent::Previewed { generation, result } => self.preview.take(generation, result),
            ImportEvent::Looked { column, result } => {
                for row in &mut self.rows {
                    if row.column() == column {
                        row.seen = match &result {
                            Ok(seen) => Seen::Found(seen.clone()),
                            Err(why) => Seen::Failed(why.clone()),
                        };
                    }
                }
            }
            ImportEvent::Stanzas(stanzas) => self.stanzas = stanzas,
            ImportEvent::Studied(studied) => self.studies.take(*studied),
            ImportEvent::Recalled(recalled) => {
                self.recalled = recalled.filter(|_| self.before.is_none());
            }
            ImportEvent::Planned { .. }
            | ImportEvent::Estimated { .. }
            | ImportEvent::Scanned { .. }
            | ImportEvent::MappingSaved(_)
            | ImportEvent::MappingLoaded(_) => {}
        }
    }

    pub(crate) fn execute(&mut self, command: ImportCommand, id: DocumentId, workers: &Workers) {
        match command {
            ImportCommand::Changed => self.edited = Some(Instant::now()),
            ImportCommand::Preview => self.read_preview(id, workers),
            ImportCommand::LookAt(index) => {
                if let Some(row) = self.rows.get_mut(index) {
                    row.seen = Seen::Looking;
                    work::look_at(workers, id, Arc::clone(&self.scan), row.column());
                }
                self.edited = Some(Instant::now());
                self.read_preview(id, workers);
            }
            ImportCommand::OutputFolder(folder) => {
                let name = PathBuf::from(self.output.trim());
                let name = name
                    .file_name()
                    .map_or_else(|| default_output(&self.scan.path), PathBuf::from);
                self.output = folder.join(name).display().to_string();
                self.make_plan(id, workers);
            }
            ImportCommand::SaveMapping(path) => {
                work::save_mapping(workers, id, path, self.mapping());
            }
            ImportCommand::TakePreset(preset) => {
                self.take_preset(preset);
                self.mapping_replaced(id, workers);
            }
            ImportCommand::UseRecalled => {
                if let Some(recalled) = self.recalled.take() {
                    let from = &recalled.remembered.file_name;
                    self.keep_for_undo(format!("The mapping of {from} is used"));
                    self.take_columns(&recalled.remembered.mapping);
                    self.mapping_replaced(id, workers);
                }
            }
            ImportCommand::ForgetRecalled => self.recalled = None,
            ImportCommand::StartOver => {
                self.partial = None;
                self.started_over = true;
            }
            ImportCommand::Undo => {
                self.undo();
                self.mapping_replaced(id, workers);
            }
            ImportCommand::ShowTrace(trace) => {
                self.tab = Tab::Picture;
                self.preview.show_trace(trace);
                self.read_preview(id, workers);
            }
            ImportCommand::Scan(_)
            | ImportCommand::CancelScan
            | ImportCommand::Start
            | ImportCommand::Resume
            | ImportCommand::ShowFolder(_)
            | ImportCommand::ViewOnly
            | ImportCommand::BackToSettings
            | ImportCommand::AskOutputFolder
            | ImportCommand::AskSaveMapping
            | ImportCommand::AskLoadMapping
            | ImportCommand::LoadMapping(_) => {}
        }
    }

    /// Makes the plan once the typing has ended. Gives when to look again.
    pub(crate) fn keep_time(&mut self, id: DocumentId, workers: &Workers) -> Option<Duration> {
        if let Some(edited) = self.edited {
            if edited.elapsed() < SETTLE {
                return Some(SETTLE.saturating_sub(edited.elapsed()));
            }
            self.make_plan(id, workers);
        }
        self.rescan.is_some().then_some(Duration::from_millis(150))
    }

    /// Whether all that was edited is in the plan.
    pub(crate) fn ready_plan(&self) -> Option<&Arc<ImportPlan>> {
        if self.edited.is_some() || self.rescan.is_some() {
            return None;
        }
        match &self.plan {
            PlanState::Ready(plan) => Some(plan),
            PlanState::Making | PlanState::Refused(_) => None,
        }
    }

    pub(crate) fn is_settling(&self) -> bool {
        self.edited.is_some()
    }

    /// Once a file: it takes a second of all processors.
    fn measure_other_codecs(&mut self, id: DocumentId, workers: &Workers) {
        if let PlanState::Ready(plan) = &self.plan
            && !std::mem::replace(&mut self.measured.asked, true)
        {
            let context = work::other_codecs(workers, id, plan, self.options());
            self.measured.running = Some(context);
        }
    }

    /// Stops what is found out for the settings only.
    pub(crate) fn leave(&mut self) {
        self.cancel_estimate();
        if let Some(context) = &self.measured.running {
            context.cancel.cancel();
        }
        self.studies.stop();
    }

    pub(crate) fn cancel_estimate(&self) {
        if let EstimateState::Measuring(context) = &self.estimate {
            context.cancel.cancel();
        }
    }

    // ---- scanning again ----------------------------------------------------------------------

    pub(crate) fn rescanning(&mut self, context: JobContext, depth: ScanDepth) {
        self.cancel_rescan();
        self.rescan_error = None;
        self.rescan = Some(Rescan { context, depth });
    }

    pub(crate) fn cancel_rescan(&self) {
        if let Some(rescan) = &self.rescan {
            rescan.context.cancel.cancel();
        }
    }

    /// Takes a new scan; what the user has edited stays.
    pub(crate) fn rescanned(&mut self, scan: Scan, id: DocumentId, workers: &Workers) {
        self.rescan = None;
        self.scanned_form = self.form.clone();
        let mut rows = rows_of(&scan);
        for old in &self.rows {
            match rows.iter_mut().find(|row| row.name == old.name) {
                Some(row) if old.mapped().is_some() => *row = old.clone(),
                Some(_) => {}
                None => rows.push(old.clone()),
            }
        }
        self.rows = rows;
        if self.keys.is_empty() {
            self.keys.clone_from(&scan.suggested_mapping.ensemble_keys);
        }
        self.scan = Arc::new(scan);
        self.measured = Measured::default();
        for i in 0..self.rows.len() {
            if let Some(row) = self.rows.get_mut(i)
                && row.mapped().is_some()
            {
                row.seen = Seen::Looking;
                work::look_at(workers, id, Arc::clone(&self.scan), row.column());
            }
        }
        self.plan = PlanState::Making;
        self.begin(id, workers);
    }

    /// The overrides did not lead anywhere: the page stays as it was.
    pub(crate) fn rescan_failed(&mut self, message: Option<Message>) {
        self.rescan = None;
        self.form = self.scanned_form.clone();
        self.rescan_error = message;
    }

    /// Looks at all that was moved, and plans again.
    fn mapping_replaced(&mut self, id: DocumentId, workers: &Workers) {
        for index in self.unseen() {
            if let Some(row) = self.rows.get(index) {
                work::look_at(workers, id, Arc::clone(&self.scan), row.column());
            }
        }
        self.edited = Some(Instant::now());
        self.read_preview(id, workers);
    }

    /// Takes a loaded mapping; gives whether the file has to be scanned again for it.
    pub(crate) fn apply(&mut self, mapping: &Mapping, id: DocumentId, workers: &Workers) -> bool {
        self.keep_for_undo("The loaded mapping is used".to_owned());
        self.take_columns(mapping);
        self.mapping_replaced(id, workers);
        self.form = OverrideForm::from_overrides(&mapping.overrides);
        self.form != self.scanned_form
    }

    /// Remembers the mapping for files of this make, where it says more than the scan did.
    pub(crate) fn keep_in_mind(&self, id: DocumentId, workers: &Workers) {
        let mapping = Mapping {
            overrides: crate::segy::LayoutOverrides::default(),
            ..self.mapping()
        };
        let suggested = &self.scan.suggested_mapping;
        let same = mapping.columns == suggested.columns
            && mapping.ensemble_keys == suggested.ensemble_keys
            && mapping.computed == suggested.computed;
        if !same {
            studies::keep_in_mind(workers, id, &self.scan, mapping);
        }
    }
}
