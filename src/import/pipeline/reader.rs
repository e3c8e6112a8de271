//! In which order is the file read? From its first byte to its last, by one thread.
//!
//! The reader maps windows in file order, asks the system to read ahead, and hashes every byte; a
//! credit taken for each block keeps it from running ahead of the writer.

use std::ops::Range;

use crossbeam_channel::{Receiver, Sender};
use sha2::{Digest, Sha256};

use super::opaque::pieces;
use super::source_state::BlockSource;
use crate::import::{ImportError, ImportPlan};
use crate::job::{JobContext, Stop};
use crate::segy::{SegyError, SegyFile, TraceWindow};

/// How far ahead the system is asked to read: several workers' blocks, which its own guess misses.
const READ_AHEAD_BYTES: u64 = 32 << 20;

/// Gaps from this length on are not looked at through the mapping.
const LONG_GAP_BYTES: u64 = 256 << 10;

/// Some traces on their way to a worker.
#[derive(Debug)]
pub(super) struct Block<'a> {
    /// From 0, in file order.
    pub(super) index: u64,
    /// Row in the dataset of the first trace.
    pub(super) first_row: u64,
    pub(super) window: TraceWindow<'a>,
    pub(super) source: BlockSource,
}

/// Where to begin: the first block, and the hash of all bytes before it.
#[derive(Clone, Debug)]
pub(super) struct Begin {
    pub(super) hasher: Sha256,
    pub(super) first_block: u64,
}

/// Sends all blocks of the plan from `first_block` on, and gives the hash of what `hasher` had and
/// all of them.
pub(super) fn send_blocks<'a>(
    file: &'a SegyFile,
    plan: &ImportPlan,
    begin: Begin,
    context: &JobContext,
    credits: &Receiver<()>,
    blocks: &Sender<Block<'a>>,
) -> Result<Sha256, Stop<ImportError>> {
    let Begin {
        mut hasher,
        first_block,
    } = begin;
    let traces = plan.traces();
    let ahead =
        (READ_AHEAD_BYTES / file.layout().trace_stride_bytes.max(1)).max(plan.block_traces() * 8);
    let mut asked_until = traces.start + first_block * plan.block_traces();
    for (index, block) in (first_block..).zip(plan.blocks_from(first_block)) {
        context.check_cancelled()?;
        // Whoever gives credits or takes blocks is gone: the import has ended elsewhere.
        if credits.recv().is_err() {
            return Err(Stop::Cancelled);
        }
        asked_until = read_ahead(file, asked_until, block.start + ahead, &traces);
        let window = file.window(block.clone()).map_err(failed)?;
        hash_window(file, &window, &mut hasher).map_err(failed)?;
        window.check().map_err(failed)?;
        let block = Block {
            index,
            first_row: block.start - traces.start,
            source: BlockSource::new(&hasher, &window),
            window,
        };
        if blocks.send(block).is_err() {
            return Err(Stop::Cancelled);
        }
    }
    Ok(hasher)
}

/// Hashes all bytes of the window. Long gaps are read piece by piece: mapped pages would stay
/// resident as long as the window.
fn hash_window(
    file: &SegyFile,
    window: &TraceWindow<'_>,
    hasher: &mut Sha256,
) -> Result<(), SegyError> {
    let bytes = window.bytes();
    let mut hashed = 0;
    let gaps = file.layout().geometry.gaps();
    let first = gaps.partition_point(|gap| gap.before_trace < window.traces().start);
    let within = gaps.iter().skip(first);
    for gap in within.take_while(|gap| gap.before_trace < window.traces().end) {
        if gap.n_bytes < LONG_GAP_BYTES {
            continue;
        }
        let offset = |position| usize::try_from(position - window.range().start);
        let (Ok(start), Ok(end)) = (offset(gap.position), offset(gap.end())) else {
            continue;
        };
        hasher.update(bytes.get(hashed..start).unwrap_or_default());
        for piece in pieces(gap.position..gap.end()) {
            hasher.update(file.read_bytes(piece)?);
        }
        hashed = end;
    }
    hasher.update(bytes.get(hashed..).unwrap_or_default());
    Ok(())
}

/// Asks for what was not asked for yet; gives the new end.
fn read_ahead(file: &SegyFile, asked_until: u64, until: u64, traces: &Range<u64>) -> u64 {
    let until = until.min(traces.end);
    if until > asked_until {
        file.will_need(asked_until..until);
    }
    until.max(asked_until)
}

fn failed(error: SegyError) -> Stop<ImportError> {
    Stop::Failed(error.into())
}
