//! What is in this file? Reads headers and a few samples, writes nothing.
//!
//! Quick: a few stretches of a few hundred traces, under a second at any size.
//! Full: every trace, header and samples, and the doctor's findings.
//! Both decide the layout alike: [`SegyFile::open`] does it before either looks.

mod amplitudes;
mod evidence;
mod fields;
mod find_roles;
mod header_sample;
mod json;
mod keys;
mod looks;
mod phrases;
mod presets;
mod roles;
mod run_lengths;
mod shape;
mod text_places;

use std::ops::Range;
use std::path::{Path, PathBuf};

use amplitudes::AmplitudeLook;
use fields::FieldTally;
use find_roles::{FoundRoles, find_roles};
use header_sample::HeaderSample;
pub(super) use json::{decided_by, encoding_name};
pub(super) use keys::title as key_title;
pub use roles::{Role, RoleCandidate, RoleFound};

use super::doctor::{self, Anamnesis, Doctor};
use super::tally::Tally;
use super::warning::combined;
use super::{Finding, ImportError, ImportWarning, MappedColumn, Mapping};
use crate::job::{JobContext, Phase, Stop};
use crate::segy::fields_binary::BINARY_FIELDS;
use crate::segy::fields_trace::TRACE_FIELDS;
use crate::segy::{
    FieldKind, Layout, LayoutOverrides, SegyFile, TextualHeader, TraceWindow, decode_f32,
};

/// Bytes of the file that a full scan maps at once: cancel is looked at in between.
const FULL_WINDOW_BYTES: u64 = 8 << 20;

/// How much of the file is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanDepth {
    /// A sample of traces.
    Quick,
    /// Every trace, header and samples.
    Full,
}

/// What one header word was seen to hold.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct FieldSeen {
    /// Column name.
    pub name: String,
    /// From 1.
    pub byte: u16,
    /// The word's type.
    pub kind: FieldKind,
    /// In the traces that were looked at.
    pub min: i64,
    /// See above.
    pub max: i64,
    /// Of the first trace.
    pub first: i64,
    /// Runs of equal consecutive values within the looked-at stretches.
    pub n_runs: u64,
    /// Distinct values, counted up to a limit of 4096.
    pub n_distinct: u64,
    /// Never decreases, never increases, both (constant) or neither.
    pub ascending: bool,
    /// See above.
    pub descending: bool,
}

/// A word that may be a gather key, best first.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct KeyCandidate {
    /// Column name.
    pub name: String,
    /// What people call the word: "field record number".
    pub title: &'static str,
    /// From 1.
    pub byte: u16,
    /// The word's type.
    pub kind: FieldKind,
    /// 0 (useless) to 1 (surely a key).
    pub score: f64,
    /// Gathers that it gives in the whole file: runs of equal values. Exact if every trace was
    /// looked at, else an estimate.
    pub n_gathers_estimated: Option<u64>,
    /// Why, for people: "6 runs of about 120 traces, ascending 101…106".
    pub evidence: String,
}

/// What a scan found.
#[derive(Clone, Debug)]
pub struct Scan {
    /// The file.
    pub path: PathBuf,
    /// Where everything lies, and by which evidence.
    pub layout: Layout,
    /// The textual file header.
    pub textual_header: TextualHeader,
    /// Extended textual file headers.
    pub extended_textual_headers: Vec<TextualHeader>,
    /// The 400 bytes of the binary file header.
    pub binary_header: Vec<u8>,
    /// How much was looked at.
    pub depth: ScanDepth,
    /// Traces that were looked at.
    pub n_traces_seen: u64,
    /// Traces whose samples were looked at too; all of them in a small file.
    pub n_traces_sampled: u64,
    /// Every standard word, in the order of bytes.
    pub fields: Vec<FieldSeen>,
    /// Where each thing that a header tells most likely lies, with the evidence.
    pub roles: Vec<RoleFound>,
    /// The vendor's convention that the file seems to follow: "Petrel", with why.
    pub maker: Option<String>,
    /// What the doctor found; only a full scan looks for everything.
    pub findings: Vec<Finding>,
    /// Possible gather keys, best first.
    pub key_candidates: Vec<KeyCandidate>,
    /// Delay recording time of the traces looked at, in ms: min and max.
    pub delay_millis: (i64, i64),
    /// Dead (all-zero) traces among those whose samples were looked at.
    pub n_dead_traces: u64,
    /// NaN or infinite samples among those looked at.
    pub n_non_finite: u64,
    /// Percentiles 50, 90, 99, 100 of |amplitude| among the samples looked at.
    pub abs_percentiles: [f32; 4],
    /// Everything odd.
    pub warnings: Vec<ImportWarning>,
    /// The overrides that it was scanned with.
    pub overrides: LayoutOverrides,
    /// What would be imported if nobody changed anything.
    pub suggested_mapping: Mapping,
}

/// Scans `path`.
///
/// # Errors
/// When it is not a readable SEG-Y file; or cancelled.
pub fn scan(
    path: &Path,
    overrides: &LayoutOverrides,
    depth: ScanDepth,
    context: &JobContext,
) -> Result<Scan, Stop<ImportError>> {
    context.progress.enter(Phase::Scanning);
    let file = SegyFile::open(path, overrides).map_err(failed)?;
    let looks = looks::stretches(file.layout());
    let sample = HeaderSample::read(&file, &looks).map_err(failed)?;
    let texts = std::iter::once(file.textual_header()).chain(file.extended_textual_headers());
    let lines: Vec<String> = texts.flat_map(TextualHeader::lines).collect();
    let found = find_roles(&sample, &lines);
    let mut seen = Seen::new(&file, found.clone());
    match depth {
        ScanDepth::Quick => seen.look_at_headers(&file, &looks, context)?,
        ScanDepth::Full => {
            let doctor = doctor_for(&file, found, &looks, context)?;
            seen.look_at_all(&file, doctor, context)?;
        }
    }
    for stretch in &looks {
        context.check_cancelled()?;
        seen.look_at_samples(&file, looks::sampled(stretch, file.layout()))
            .map_err(failed)?;
    }
    context.progress.enter(Phase::Done);
    seen.estimate_gathers(&file, &looks).map_err(failed)?;
    Ok(seen.into_scan(&file, depth, overrides))
}

/// The doctor, once a quick look has said by which key the traces are gathered.
fn doctor_for(
    file: &SegyFile,
    found: FoundRoles,
    looks: &[Range<u64>],
    context: &JobContext,
) -> Result<Doctor, Stop<ImportError>> {
    let is_prestack = found.is_prestack;
    let mut first = Seen::new(file, found);
    first.look_at_headers(file, looks, &context.unseen())?;
    let as_mapped = first.as_mapped();
    let candidates = keys::candidates(&as_mapped, trace_sorting_code(file));
    let varies = |name: &str| {
        let field = as_mapped.iter().find(|field| field.column.name == name);
        field.is_some_and(|field| !field.is_constant())
    };
    let groups = |name: &str| {
        let field = as_mapped.iter().find(|field| field.column.name == name);
        field.is_some_and(|field| field.longest_run >= 2)
    };
    let mapping = Mapping {
        columns: first.found.moved_columns().collect(),
        ensemble_keys: keys::suggestion(&candidates, &as_mapped),
        ..Mapping::default()
    };
    Ok(Doctor::new(Anamnesis {
        mapping: &mapping,
        layout: file.layout(),
        has_lines: varies("inline") && varies("crossline"),
        is_prestack,
        has_records: varies("trace_num_orig_record") && varies("orig_field_record_num"),
        // Gathers have several traces; after stack each trace has its own number.
        has_ensembles: varies("ensemble_num") && !groups("ensemble_num"),
    }))
}

fn failed(error: crate::segy::SegyError) -> Stop<ImportError> {
    Stop::Failed(ImportError::Segy(error))
}

/// What was seen so far.
struct Seen {
    fields: Vec<FieldTally>,
    /// Columns that are suggested elsewhere than the standard has them.
    moved: Vec<FieldTally>,
    found: FoundRoles,
    tally: Tally,
    amplitudes: AmplitudeLook,
    n_traces: u64,
    n_traces_sampled: u64,
    /// After a full look.
    doctor: Option<Doctor>,
}

impl Seen {
    fn new(file: &SegyFile, found: FoundRoles) -> Self {
        let fields = TRACE_FIELDS
            .iter()
            .filter(|field| field.kind != FieldKind::Text8)
            .map(|field| {
                FieldTally::new(MappedColumn {
                    name: field.name.to_owned(),
                    byte: field.byte,
                    kind: field.kind,
                })
            })
            .collect();
        let moved = found.moved_columns().map(FieldTally::new).collect();
        let mapping = Mapping {
            columns: found.moved_columns().collect(),
            ..Mapping::default()
        };
        Self {
            fields,
            moved,
            found,
            tally: Tally::new(&mapping, file.layout().byte_order.value),
            amplitudes: AmplitudeLook::default(),
            n_traces: 0,
            n_traces_sampled: 0,
            doctor: None,
        }
    }

    fn look_at_headers(
        &mut self,
        file: &SegyFile,
        stretches: &[Range<u64>],
        context: &JobContext,
    ) -> Result<(), Stop<ImportError>> {
        let layout = file.layout();
        let order = layout.byte_order.value;
        let n_traces = stretches
            .iter()
            .map(|stretch| stretch.end - stretch.start)
            .sum();
        context
            .progress
            .set_total(n_traces, n_traces * layout.trace_stride_bytes);
        for stretch in stretches {
            for field in self.fields.iter_mut().chain(&mut self.moved) {
                field.begin_stretch(stretch.start == 0);
            }
            for_each_window(file, stretch, context, |window| {
                for i in 0..window.n_traces() {
                    let header = window.header(i);
                    for field in self.fields.iter_mut().chain(&mut self.moved) {
                        field.add(header, order);
                    }
                    self.tally.add_header(header, window.trace_index(i));
                }
                self.n_traces += window.n_traces() as u64;
            })?;
        }
        let at_file_end = stretches
            .last()
            .is_some_and(|last| last.end == layout.n_traces);
        for field in self.fields.iter_mut().chain(&mut self.moved) {
            field.end(at_file_end);
        }
        Ok(())
    }

    /// Every trace, header and samples.
    fn look_at_all(
        &mut self,
        file: &SegyFile,
        mut doctor: Doctor,
        context: &JobContext,
    ) -> Result<(), Stop<ImportError>> {
        let order = file.layout().byte_order.value;
        for field in self.fields.iter_mut().chain(&mut self.moved) {
            field.begin_stretch(true);
        }
        doctor::read_all(file, context, |window, checks| {
            for (i, check) in checks.iter().enumerate() {
                let trace_index = window.trace_index(i);
                // Behind the standard header stand the additional ones.
                let header = window.trace(i);
                for field in self.fields.iter_mut().chain(&mut self.moved) {
                    field.add(header, order);
                }
                self.tally.add_header(header, trace_index);
                let n_non_finite = u64::from(check.n_non_finite);
                self.tally
                    .add_samples(trace_index, n_non_finite, check.is_dead);
                doctor.look_at(header, trace_index, check);
            }
            self.n_traces += checks.len() as u64;
        })?;
        for field in self.fields.iter_mut().chain(&mut self.moved) {
            field.end(true);
        }
        self.n_traces_sampled = self.n_traces;
        self.doctor = Some(doctor);
        Ok(())
    }

    /// A few traces for the eye; counts what is odd about them, unless all were counted already.
    fn look_at_samples(
        &mut self,
        file: &SegyFile,
        traces: Range<u64>,
    ) -> Result<(), crate::segy::SegyError> {
        let layout = file.layout();
        let (format, order) = (layout.format.value, layout.byte_order.value);
        let limit = looks::samples_of_a_trace(layout);
        let mut samples = Vec::new();
        let is_counted = self.doctor.is_some();
        if !is_counted {
            self.n_traces_sampled += traces.end.saturating_sub(traces.start);
        }
        for trace in traces {
            // One by one: the longest traces are hundreds of megabytes.
            let window = file.window(trace..trace + 1)?;
            samples.clear();
            let bytes = window.sample_bytes(0);
            let n_samples = (bytes.len() / format.size_bytes()).min(limit);
            let bytes = &bytes[..n_samples * format.size_bytes()];
            decode_f32(format, order, bytes, &mut samples)?;
            let (n_non_finite, is_dead) = self.amplitudes.add(&samples, bytes, format, order);
            window.check()?;
            if !is_counted {
                self.tally.add_samples(trace, n_non_finite, is_dead);
            }
        }
        Ok(())
    }

    /// How many gathers each possible key gives: told by the changes seen, or, where gathers are
    /// longer than a look, by their lengths around the looks.
    fn estimate_gathers(
        &mut self,
        file: &SegyFile,
        looks: &[Range<u64>],
    ) -> Result<(), crate::segy::SegyError> {
        let n_traces = file.layout().n_traces;
        for field in self.fields.iter_mut().chain(&mut self.moved) {
            if !keys::is_possible(&field.column.name) {
                continue;
            }
            field.n_traces_in_file = n_traces;
            field.n_gathers = if field.runs_outlast_looks() && !field.is_constant() {
                let at: Vec<u64> = looks
                    .iter()
                    .map(|l| l.start + (l.end - l.start) / 2)
                    .collect();
                run_lengths::gathers_by_lengths(file, &field.column, &at)?
            } else {
                field.gathers_by_changes()
            };
        }
        Ok(())
    }

    fn into_scan(mut self, file: &SegyFile, depth: ScanDepth, overrides: &LayoutOverrides) -> Scan {
        let layout = file.layout();
        let as_mapped = self.as_mapped();
        let candidates = keys::candidates(&as_mapped, trace_sorting_code(file));
        let ensemble_keys = keys::suggestion(&candidates, &as_mapped);
        let warnings = self.warnings(file, &ensemble_keys);
        let columns: Vec<MappedColumn> = self.found.moved_columns().collect();
        if depth == ScanDepth::Full {
            self.make_exact();
        }
        let doctor = self.doctor.take();
        let findings = doctor.map_or_else(Vec::new, |doctor| doctor.findings(layout, &warnings));
        Scan {
            path: file.path().to_owned(),
            layout: layout.clone(),
            textual_header: file.textual_header().clone(),
            extended_textual_headers: file.extended_textual_headers().to_vec(),
            binary_header: file.binary_header().to_vec(),
            depth,
            n_traces_seen: self.n_traces,
            n_traces_sampled: self.n_traces_sampled,
            fields: self.fields.iter().map(FieldTally::seen).collect(),
            roles: self.found.roles,
            maker: self.found.maker,
            findings,
            key_candidates: candidates,
            delay_millis: self.tally.delay_millis(),
            n_dead_traces: self.tally.n_dead_traces(),
            n_non_finite: self.tally.n_non_finite(),
            abs_percentiles: self.amplitudes.percentiles(),
            warnings,
            overrides: overrides.clone(),
            suggested_mapping: Mapping {
                columns,
                ensemble_keys,
                overrides: overrides.clone(),
                ..Mapping::default()
            },
        }
    }

    /// After a full look: range, runs and distinct values of candidates whose words were counted.
    fn make_exact(&mut self) {
        let counted: Vec<FieldSeen> = self
            .fields
            .iter()
            .chain(&self.moved)
            .map(FieldTally::seen)
            .collect();
        let candidates = self
            .found
            .roles
            .iter_mut()
            .flat_map(|found| &mut found.candidates);
        for candidate in candidates {
            let place = (candidate.byte, candidate.kind);
            if let Some(seen) = counted.iter().find(|seen| (seen.byte, seen.kind) == place) {
                candidate.min = seen.min as f64;
                candidate.max = seen.max as f64;
                candidate.n_distinct = seen.n_distinct;
                candidate.n_runs = seen.n_runs;
                candidate.n_seen = self.n_traces;
                candidate.estimated = false;
            }
        }
    }

    /// The standard's words, each from where the suggestion takes it.
    fn as_mapped(&self) -> Vec<FieldTally> {
        let taken_from = |field: &FieldTally| {
            let mut moved = self.moved.iter();
            moved
                .find(|moved| moved.column.name == field.column.name)
                .cloned()
        };
        self.fields
            .iter()
            .map(|field| taken_from(field).unwrap_or_else(|| field.clone()))
            .collect()
    }

    fn warnings(&self, file: &SegyFile, ensemble_keys: &[String]) -> Vec<ImportWarning> {
        let layout = file.layout();
        let as_mapped = self.as_mapped();
        let constant_keys = as_mapped
            .iter()
            .filter(|field| ensemble_keys.contains(&field.column.name))
            .filter(|field| field.is_constant() && field.n_seen > 1)
            .map(|field| ImportWarning::KeyConstant {
                title: key_title(&field.column.name),
                name: field.column.name.clone(),
                byte: field.column.byte,
                value: field.seen().first,
                traces: field.n_seen,
            });
        let words = self
            .amplitudes
            .warnings(layout.format.value, file.textual_header());
        let mut seen = self.tally.warnings(layout);
        seen.extend(words);
        seen.extend(constant_keys);
        combined(layout, seen)
    }
}

/// Lends `stretch` window by window, and looks at cancel in between.
fn for_each_window(
    file: &SegyFile,
    stretch: &Range<u64>,
    context: &JobContext,
    mut look: impl FnMut(&TraceWindow<'_>),
) -> Result<(), Stop<ImportError>> {
    let stride = file.layout().trace_stride_bytes;
    let step = (FULL_WINDOW_BYTES / stride.max(1)).max(1);
    let mut start = stretch.start;
    while start < stretch.end {
        context.check_cancelled()?;
        let end = (start + step).min(stretch.end);
        let window = file.window(start..end).map_err(failed)?;
        look(&window);
        window.check().map_err(failed)?;
        context.progress.add(end - start, (end - start) * stride);
        start = end;
    }
    Ok(())
}

/// Bytes 3229–3230.
fn trace_sorting_code(file: &SegyFile) -> i64 {
    BINARY_FIELDS
        .iter()
        .find(|field| field.name == "trace_sorting_code")
        .and_then(|field| {
            let byte = field.byte - 3200;
            field
                .kind
                .read_i64(file.binary_header(), byte, file.layout().byte_order.value)
        })
        .unwrap_or(0)
}

impl Scan {
    /// What `column` holds in the traces of a quick look, for the mapping editor: reads a few
    /// headers again, so never call it from frame code.
    ///
    /// # Errors
    /// I/O; a column outside of the header.
    pub fn look_at(&self, column: &MappedColumn) -> Result<FieldSeen, ImportError> {
        Mapping {
            columns: vec![column.clone()],
            ..Mapping::default()
        }
        .checked()?;
        let file = SegyFile::open(&self.path, &self.overrides)?;
        let mut field = FieldTally::new(column.clone());
        let stretches = looks::stretches(file.layout());
        for stretch in &stretches {
            field.begin_stretch(stretch.start == 0);
            let window = file.window(stretch.clone())?;
            for i in 0..window.n_traces() {
                field.add(window.trace(i), file.layout().byte_order.value);
            }
            window.check()?;
        }
        field.end(
            stretches
                .last()
                .is_some_and(|last| last.end == file.layout().n_traces),
        );
        Ok(field.seen())
    }

    /// The scan as `scan --json` prints it (DESIGN, section 4).
    pub fn to_json(&self) -> serde_json::Value {
        json::scan_json(self)
    }
}
