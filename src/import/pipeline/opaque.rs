//! Which bytes are kept as they are? File headers, gaps between traces, and what lies behind the last.
//!
//! Each of them may be longer than memory: they are copied and hashed piece by piece.

use std::ops::Range;

use sha2::{Digest, Sha256};

use crate::dataset::DatasetWriter;
use crate::import::{ImportError, ImportPlan};
use crate::job::{JobContext, Stop};
use crate::segy::{SegyError, SegyFile};

/// Bytes that are copied at once.
const PIECE_BYTES: u64 = 1 << 20;

/// Number of gaps, and of their bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct KeptGaps {
    pub(super) n_gaps: u64,
    pub(super) n_bytes: u64,
}

/// Bytes of the traces that are imported, and of the gaps before each.
pub(super) fn traces_bytes(plan: &ImportPlan, file: &SegyFile) -> Result<u64, ImportError> {
    let bytes = file.trace_bytes(plan.traces())?;
    Ok(bytes.end - bytes.start)
}

/// Bytes of the source that are taken in.
pub(super) fn source_bytes(plan: &ImportPlan, traces_bytes: u64) -> u64 {
    let layout = &plan.scan.layout;
    if plan.is_whole_file() {
        layout.file_size_bytes
    } else {
        layout.data_start.value + traces_bytes
    }
}

/// Keeps all bytes before the first trace: tape label, textual header, binary header, and the rest,
/// whatever it is. Gives their hash.
pub(super) fn keep_file_headers(
    file: &SegyFile,
    writer: &DatasetWriter,
    context: &JobContext,
) -> Result<Sha256, Stop<ImportError>> {
    let data_start = file.layout().data_start.value;
    let label = file.layout().tape_label_bytes;
    // Cut off in some files.
    let text_end = label + file.textual_header().raw.len() as u64;
    let mut hasher = Sha256::new();
    for (name, start, end) in [
        ("tape_label.bin", 0, label),
        ("textual_header.bin", label, text_end),
        ("binary_header.bin", text_end, text_end + 400),
        ("extended_textual_headers.bin", text_end + 400, data_start),
    ] {
        let range = start.min(data_start)..end.min(data_start);
        keep_part(file, range, writer, name, &mut hasher, context)?;
    }
    Ok(hasher)
}

/// Keeps what lies behind the last trace, if the whole file is imported; gives its length.
pub(super) fn keep_trailer(
    plan: &ImportPlan,
    file: &SegyFile,
    writer: &DatasetWriter,
    mut hasher: Sha256,
    context: &JobContext,
) -> Result<(Sha256, u64), Stop<ImportError>> {
    if !plan.is_whole_file() {
        return Ok((hasher, 0));
    }
    let range = file.layout().trailer_bytes();
    let n_bytes = keep_part(file, range, writer, "trailer.bin", &mut hasher, context)?;
    Ok((hasher, n_bytes))
}

/// Keeps the gaps before the traces that are imported. The reader hashes them, in their turn.
pub(super) fn keep_gaps(
    plan: &ImportPlan,
    file: &SegyFile,
    writer: &DatasetWriter,
    context: &JobContext,
) -> Result<KeptGaps, Stop<ImportError>> {
    let traces = plan.traces();
    let all = file.layout().geometry.gaps();
    let kept = || all.iter().filter(|gap| traces.contains(&gap.before_trace));
    if kept().next().is_none() {
        return Ok(KeptGaps::default());
    }
    let mut gaps = writer.gap_writer().map_err(super::dataset_failed)?;
    for gap in kept() {
        gaps.begin(gap.position, gap.n_bytes, gap.before_trace - traces.start)
            .map_err(super::dataset_failed)?;
        for piece in pieces(gap.position..gap.end()) {
            context.check_cancelled()?;
            let bytes = file.read_bytes(piece).map_err(failed)?;
            gaps.append(&bytes).map_err(super::dataset_failed)?;
        }
    }
    let (n_gaps, n_bytes) = gaps.finish().map_err(super::dataset_failed)?;
    Ok(KeptGaps { n_gaps, n_bytes })
}

/// Copies a range of the file to a part of the dataset, and hashes it; gives its length.
fn keep_part(
    file: &SegyFile,
    range: Range<u64>,
    writer: &DatasetWriter,
    name: &str,
    hasher: &mut Sha256,
    context: &JobContext,
) -> Result<u64, Stop<ImportError>> {
    let mut part = writer.part_writer(name).map_err(super::dataset_failed)?;
    for piece in pieces(range) {
        context.check_cancelled()?;
        let bytes = file.read_bytes(piece).map_err(failed)?;
        hasher.update(&bytes);
        part.append(&bytes).map_err(super::dataset_failed)?;
        context.progress.add(0, bytes.len() as u64);
    }
    part.finish().map_err(super::dataset_failed)
}

/// A range in parts that fit into memory, however long it is.
pub(super) fn pieces(range: Range<u64>) -> impl Iterator<Item = Range<u64>> {
    let Range { start, end } = range;
    let n_bytes = end.saturating_sub(start);
    (0..n_bytes.div_ceil(PIECE_BYTES)).map(move |i| {
        let first = start + i * PIECE_BYTES;
        first..end.min(first + PIECE_BYTES)
    })
}

fn failed(error: SegyError) -> Stop<ImportError> {
    Stop::Failed(error.into())
}
