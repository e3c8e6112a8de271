//! Can an interrupted import go on, and is it the same import?
//!
//! The dataset's folder keeps the notes; here is said what they say of a source and a plan, and
//! how a plan is made from them again.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::plan::output_path;
use super::{ImportError, ImportOptions, ImportPlan, Mapping, PlanError, ScanDepth, scan};
use crate::dataset::{DatasetError, DatasetWriter, ImportNotes, Manifest, Partial, PartialState};
use crate::job::{JobContext, Kept, Stop};

/// What the user asked for, so that it can be asked for again.
#[derive(Debug, Serialize, Deserialize)]
struct Asked {
    mapping: Mapping,
    options: ImportOptions,
}

/// What an interrupted import of `source` left behind: beside it, or at `output`. `None` where
/// nothing lies there, or what lies there is another file's; look at its state.
pub fn unfinished(source: &Path, output: Option<&Path>) -> Option<Partial> {
    let partial = Partial::inspect(&output_path(source, output))?;
    let is_of_source = match &partial.notes {
        Some(notes) => {
            let now = source_notes(source, notes.n_traces);
            (notes.size_bytes, notes.modified_unix_nanos)
                == (now.size_bytes, now.modified_unix_nanos)
        }
        None => partial.state != PartialState::InUse,
    };
    is_of_source.then_some(partial)
}

/// By which mapping and options an interrupted import began; `None` where it cannot go on.
pub fn asked_for(partial: &Partial) -> Option<(Mapping, ImportOptions)> {
    let notes = partial.notes.as_ref();
    let notes = notes.filter(|_| partial.state == PartialState::Resumable)?;
    let Asked { mapping, options } = Asked::deserialize(&notes.asked).ok()?;
    let options = ImportOptions {
        // As it was given it may be relative to another folder.
        output: Some(partial.dataset.clone()),
        resume: true,
        ..options
    };
    Some((mapping, options))
}

/// The plan by which an interrupted import of `source` can go on: mapping and options are those of
/// its beginning. Scans the file again.
///
/// # Errors
/// When it cannot go on (`NotResumable`); as scanning and planning.
pub fn plan_to_resume(
    partial: &Partial,
    source: &Path,
    context: &JobContext,
) -> Result<ImportPlan, Stop<ImportError>> {
    let Some((mapping, options)) = asked_for(partial) else {
        let error = DatasetError::NotResumable {
            reason: partial.sentence(),
            path: partial.path.clone(),
        };
        return Err(Stop::Failed(error.into()));
    };
    let scan = scan(source, &mapping.overrides, ScanDepth::Quick, context)?;
    ImportPlan::new(&scan, &mapping, &options).map_err(failed)
}

/// Begins the plan's dataset, or goes on with it where that was asked for and there is something.
pub(super) fn dataset_writer(plan: &ImportPlan) -> Result<DatasetWriter, DatasetError> {
    let notes = notes(plan);
    let spec = plan.spec.clone();
    if plan.options.resume && Partial::inspect(&spec.path).is_some() {
        return DatasetWriter::go_on(spec, &notes);
    }
    DatasetWriter::begin(spec, &notes)
}

/// Where an earlier run was stopped right before the dataset's last rename, does that.
pub(super) fn name_whole(plan: &ImportPlan) -> Result<Option<Manifest>, ImportError> {
    if !plan.options.resume {
        return Ok(None);
    }
    Ok(DatasetWriter::name_whole(&plan.spec)?)
}

/// Bytes that an earlier run has written already, if the plan goes on with it.
pub(super) fn bytes_there(plan: &ImportPlan) -> u64 {
    let unfinished = Partial::inspect(&plan.spec.path).filter(|_| plan.options.resume);
    unfinished.map_or(0, |partial| partial.stored_bytes())
}

/// Decides what becomes of an import that was stopped or that failed, and says what is kept.
///
/// Cancelled: as it was asked for. Failed for a reason that may go away (a full disk, a drive that
/// was unplugged): kept. Failed for good: removed, for nobody could go on with it.
pub(super) fn keep_or_remove(
    plan: &ImportPlan,
    writer: &mut DatasetWriter,
    stop: &Stop<ImportError>,
    context: &JobContext,
) {
    let keeps = match stop {
        Stop::Cancelled => context.cancel.keeps(),
        Stop::Failed(error) => error.may_go_away(),
    };
    if let Some(n_traces) = writer.keep(keeps) {
        context.keep(Kept {
            path: writer.partial_path().to_owned(),
            share_done: n_traces as f64 / plan.spec.n_traces.max(1) as f64,
        });
    }
}

/// Everything on which the dataset's bytes depend.
fn notes(plan: &ImportPlan) -> ImportNotes {
    let spec = &plan.spec;
    let columns = spec
        .columns
        .iter()
        .map(|column| format!("{}: {:?}", column.name, column.kind));
    let mut notes = source_notes(&plan.scan.path, spec.n_traces);
    let facts = [
        (
            "mapping",
            serde_json::to_value(&plan.mapping).unwrap_or(Value::Null),
        ),
        ("columns", columns.collect()),
        ("ensemble_keys", json!(spec.ensemble_keys)),
        ("traces", json!([plan.traces.start, plan.traces.end])),
        ("samples_per_trace", json!(spec.n_samples)),
        ("number_type", json!(spec.number_type)),
        ("vertical_axis", json!(spec.axis)),
        ("codec", json!(spec.codec)),
        ("traces_per_chunk", json!(spec.chunk_traces)),
        ("chunks_per_shard", json!(spec.chunks_per_shard)),
        // It follows from --memory and --threads, and from nothing else that may change.
        (
            "block_size_by_memory_and_threads",
            json!(plan.block_traces()),
        ),
    ];
    notes.plan = facts
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    let asked = Asked {
        mapping: plan.mapping.clone(),
        options: plan.options.clone(),
    };
    notes.asked = serde_json::to_value(asked).unwrap_or(Value::Null);
    notes
}

fn source_notes(source: &Path, n_traces: u64) -> ImportNotes {
    let name = source.file_name().unwrap_or_default();
    let metadata = std::fs::metadata(source).ok();
    let length = metadata.as_ref().map_or(0, std::fs::Metadata::len);
    let mut notes = ImportNotes::new(name.to_string_lossy().into_owned(), length, n_traces);
    notes.modified_unix_nanos = metadata
        .and_then(|metadata| metadata.modified().ok())
        .and_then(unix_nanos);
    notes
}

fn unix_nanos(time: SystemTime) -> Option<u64> {
    let since = time.duration_since(UNIX_EPOCH).ok()?;
    u64::try_from(since.as_nanos()).ok()
}

fn failed(error: PlanError) -> Stop<ImportError> {
    Stop::Failed(error.into())
}
