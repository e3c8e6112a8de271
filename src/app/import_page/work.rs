//! The slow work of the import page, on threads: scan, plan, estimate, read traces, look at fields.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::preview::{self, Wanted};
use super::{ImportEvent, extended_text};
use crate::app::messages::Message;
use crate::app::state::DocumentId;
use crate::app::workers::{Event, Workers};
use crate::dataset::Codec;
use crate::import::{
    ImportOptions, ImportPlan, MappedColumn, Mapping, PlanError, Scan, ScanDepth, estimate,
    scan as scan_file, unfinished,
};
use crate::job::{JobContext, Stop};
use crate::segy::{LayoutOverrides, SegyFile};

/// All that can be chosen.
pub(crate) const CODECS: [Codec; 3] = [Codec::Fast, Codec::Balanced, Codec::Small];

/// Why there is no plan.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) sentence: String,
    /// It would help to allow that the output is replaced.
    pub(crate) output_exists: bool,
}

/// Scans a file.
pub(crate) fn scan(
    workers: &Workers,
    id: DocumentId,
    generation: u64,
    path: &Path,
    overrides: LayoutOverrides,
    depth: ScanDepth,
) -> JobContext {
    let path = path.to_path_buf();
    workers.start("scan", move |context| {
        let result = match scan_file(&path, &overrides, depth, context) {
            Ok(scan) => Ok(Box::new(scan)),
            Err(Stop::Cancelled) => Err(None),
            Err(Stop::Failed(error)) => Err(Some(Message::from_error(
                "This file cannot be imported",
                &error,
                Some(&path),
            ))),
        };
        Event::Import(id, ImportEvent::Scanned { generation, result })
    })
}

/// Reads the stanzas of the extended textual headers and of the trailer.
pub(crate) fn read_stanzas(workers: &Workers, id: DocumentId, scan: &Arc<Scan>) {
    let scan = Arc::clone(scan);
    workers.start("stanzas", move |context| {
        // What cannot be read shows as no stanzas; the pages are there as they stand.
        let watch = Arc::new(context.place_in_file());
        let stanzas = SegyFile::open_watched(&scan.path, &scan.overrides, watch)
            .and_then(|file| extended_text::read(&file))
            .unwrap_or_default();
        Event::Import(id, ImportEvent::Stanzas(stanzas))
    });
}

/// Makes the plan.
pub(crate) fn plan(
    workers: &Workers,
    id: DocumentId,
    generation: u64,
    scan: Arc<Scan>,
    mapping: Mapping,
    options: ImportOptions,
) {
    workers.start("plan", move |_| {
        let result = ImportPlan::new(&scan, &mapping, &options)
            .map(Box::new)
            .map_err(|error| Refusal {
                sentence: error.to_string(),
                output_exists: matches!(error, PlanError::OutputExists { .. }),
            });
        let partial = unfinished(&scan.path, options.output.as_deref()).map(Box::new);
        let planned = ImportEvent::Planned {
            generation,
            result,
            partial,
        };
        Event::Import(id, planned)
    });
}

/// Estimates size and time.
pub(crate) fn estimated(
    workers: &Workers,
    id: DocumentId,
    generation: u64,
    plan: Arc<ImportPlan>,
) -> JobContext {
    workers.start("estimate", move |context| {
        let result = match estimate(&plan, context) {
            Ok(estimate) => Ok(estimate),
            Err(Stop::Cancelled) => Err(None),
            Err(Stop::Failed(error)) => Err(Some(error.to_string())),
        };
        Event::Import(id, ImportEvent::Estimated { generation, result })
    })
}

/// Estimates the same import with every other codec, so that one can choose by numbers of this file.
pub(crate) fn other_codecs(
    workers: &Workers,
    id: DocumentId,
    plan: &ImportPlan,
    mut options: ImportOptions,
) -> JobContext {
    let (scan, mapping) = (plan.scan().clone(), plan.mapping().clone());
    let chosen = options.codec;
    workers.start("estimate codecs", move |context| {
        let mut found = Vec::new();
        for codec in CODECS.into_iter().filter(|codec| *codec != chosen) {
            options.codec = codec;
            let Ok(plan) = ImportPlan::new(&scan, &mapping, &options) else {
                break;
            };
            if let Ok(estimate) = estimate(&plan, context) {
                found.push((codec, estimate));
            }
        }
        Event::Import(id, ImportEvent::CodecsEstimated(found))
    })
}

/// Reads traces for the picture.
pub(crate) fn read_traces(
    workers: &Workers,
    id: DocumentId,
    generation: u64,
    path: PathBuf,
    mapping: Mapping,
    wanted: Wanted,
) {
    workers.start("preview", move |context| {
        let result = preview::read(&path, &mapping, &wanted, context)
            .map_err(|e| Message::from_error("The traces cannot be read", &e, Some(&path)));
        Event::Import(id, ImportEvent::Previewed { generation, result })
    });
}

/// Looks at what a column holds.
pub(crate) fn look_at(workers: &Workers, id: DocumentId, scan: Arc<Scan>, column: MappedColumn) {
    workers.start("look at field", move |_| {
        let result = scan.look_at(&column).map_err(|e| e.to_string());
        Event::Import(id, ImportEvent::Looked { column, result })
    });
}

/// Writes a mapping as JSON.
pub(crate) fn save_mapping(workers: &Workers, id: DocumentId, path: PathBuf, mapping: Mapping) {
    workers.start("save mapping", move |_| {
        let result = serde_json::to_string_pretty(&mapping)
            .map_err(std::io::Error::from)
            .and_then(|text| std::fs::write(&path, text + "\n"))
            .map(|()| path.clone())
            .map_err(|e| Message::from_error("The mapping cannot be saved", &e, Some(&path)));
        Event::Import(id, ImportEvent::MappingSaved(result))
    });
}

/// Reads a mapping from JSON.
pub(crate) fn load_mapping(workers: &Workers, id: DocumentId, path: PathBuf) {
    workers.start("load mapping", move |_| {
        let failed = |e: &dyn std::error::Error| {
            Message::from_error("The mapping cannot be loaded", e, Some(&path))
                .remedy("A mapping is a JSON file as \"Save…\" writes it.")
        };
        let result = std::fs::read_to_string(&path)
            .map_err(|e| failed(&e))
            .and_then(|text| serde_json::from_str(&text).map_err(|e| failed(&e)));
        Event::Import(id, ImportEvent::MappingLoaded(result))
    });
}
