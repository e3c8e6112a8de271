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
mod seen;
mod shape;
mod text_places;

use std::ops::Range;
use std::path::{Path, PathBuf};

use fields::FieldTally;
use find_roles::{FoundRoles, find_roles};
use header_sample::HeaderSample;
pub(super) use json::{decided_by, encoding_name};
pub(super) use keys::title as key_title;
pub use presets::{PRESETS, Preset};
pub use roles::{Role, RoleCandidate, RoleFound};
use seen::Seen;

use super::doctor::{Anamnesis, Doctor};
use super::open;
use super::{Finding, ImportError, ImportWarning, MappedColumn, Mapping};
use crate::job::{JobContext, Phase, Stop};
use crate::segy::fields_binary::BINARY_FIELDS;
use crate::segy::{FieldKind, Layout, LayoutOverrides, SegyFile, TextualHeader};

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
    /// When the traces looked at start, in ms, their scalar of times applied: min and max.
    pub delay_millis: (f64, f64),
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
    let file = open::open(path, overrides, context)?;
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
    let candidates = keys::candidates(&as_mapped, binary_word(file, "trace_sorting_code"));
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

/// A word of the binary file header, by its name; 0 where it has none.
pub(super) fn binary_word(file: &SegyFile, name: &str) -> i64 {
    BINARY_FIELDS
        .iter()
        .find(|field| field.name == name)
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
                field.add(window.headers(i), file.layout().byte_order.value);
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
