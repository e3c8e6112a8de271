//! Who sees the blocks in file order? One thread: headers, ensembles, overview and exceptions are
//! written here, progress is counted here, checkpoints are made here, and credits go back to the
//! reader from here.

use std::collections::BTreeMap;

use crossbeam_channel::{Receiver, Sender};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::checkpoints::Checkpoints;
use super::overview::{OverviewJoiner, RowsState};
use super::runs::{FoundRuns, RunJoiner, RunsState};
use super::source_state::SourceState;
use super::worker::{DoneBlock, DoneResult};
use crate::dataset::{
    AmplitudeStatistics, ChunkWriter, DatasetError, DatasetWriter, EnsembleWriter, ExceptionWriter,
    HeaderWriter, OrderedParts, OverviewWriter, StatisticsAccumulator,
};
use crate::import::tally::Tally;
use crate::import::{ImportError, ImportPlan};
use crate::job::{JobContext, Stop};
use crate::segy::Layout;

/// What is written in file order.
#[derive(Debug)]
pub(super) struct Collector {
    headers: HeaderWriter,
    runs: RunJoiner<EnsembleWriter>,
    overview: OverviewWriter,
    rows: OverviewJoiner,
    exceptions: ExceptionWriter,
    tally: Tally,
    statistics: StatisticsAccumulator,
    source: SourceState,
    layout: Layout,
    first_trace: u64,
}

/// What was found in all traces.
#[derive(Debug)]
pub(super) struct Collected {
    pub(super) runs: FoundRuns,
    pub(super) tally: Tally,
    pub(super) statistics: Option<AmplitudeStatistics>,
    pub(super) n_exceptions: u64,
}

/// What the collector itself knows at a checkpoint.
#[derive(Debug, Serialize, Deserialize)]
struct CollectorState {
    runs: RunsState,
    rows: RowsState,
    tally: Tally,
    statistics: StatisticsAccumulator,
    source: SourceState,
}

/// How the stream of blocks ended.
#[derive(Debug)]
pub(super) enum StreamEnd {
    /// All blocks were taken in.
    Complete,
    /// The workers left before the last block: the reader knows why.
    Cut,
}

/// What the collector takes blocks from, and hands on to.
#[derive(Debug)]
pub(super) struct Around<'a, 'b> {
    pub(super) done: &'a Receiver<DoneResult<'b>>,
    pub(super) credits: &'a Sender<()>,
    pub(super) checkpoints: &'a Checkpoints<'a>,
    pub(super) writer: &'a DatasetWriter,
    pub(super) chunks: &'a ChunkWriter,
    pub(super) context: &'a JobContext,
}

impl Collector {
    /// At the first block, or where the checkpoint is that `writer` goes on from.
    pub(super) fn new(
        writer: &DatasetWriter,
        plan: &ImportPlan,
        tally: Tally,
        file_headers: &Sha256,
    ) -> Result<Self, DatasetError> {
        let spec = &plan.spec;
        let mut collector = Self {
            headers: writer.header_writer()?,
            runs: RunJoiner::new(writer.ensemble_writer()?, spec.ensemble_keys.len()),
            overview: writer.overview_writer()?,
            rows: OverviewJoiner::new(spec.n_traces, spec.n_samples as usize),
            exceptions: writer.exception_writer()?,
            tally,
            statistics: StatisticsAccumulator::default(),
            source: SourceState::begin(file_headers),
            layout: plan.scan.layout.clone(),
            first_trace: plan.traces.start,
        };
        if let Some(state) = writer.import_state() {
            let state =
                serde_json::from_str(state).map_err(|error| DatasetError::NotResumable {
                    reason: format!("its checkpoint is not understood ({error})"),
                    path: writer.partial_path().to_owned(),
                })?;
            collector.restore(state);
        }
        Ok(collector)
    }

    fn restore(&mut self, state: CollectorState) {
        self.runs.restore(state.runs);
        self.rows.restore(&state.rows);
        self.tally = state.tally;
        self.statistics = state.statistics;
        self.source = state.source;
    }

    fn state(&self) -> CollectorState {
        CollectorState {
            runs: self.runs.state(),
            rows: self.rows.state(),
            tally: self.tally.clone(),
            statistics: self.statistics.clone(),
            source: self.source.clone(),
        }
    }

    /// What was taken in of the source.
    pub(super) fn source(&self) -> &SourceState {
        &self.source
    }

    /// Takes in the blocks of `blocks`, in file order whatever order they arrive in. Blocks that
    /// are early wait here; there are never more of them than credits.
    ///
    /// The caller drops both channels afterwards, which stops reader and workers too.
    pub(super) fn take_all(
        &mut self,
        blocks: std::ops::Range<u64>,
        around: &Around<'_, '_>,
    ) -> Result<StreamEnd, Stop<ImportError>> {
        let mut early = BTreeMap::new();
        let mut next = blocks.start;
        while next < blocks.end {
            let Ok(result) = around.done.recv() else {
                return Ok(StreamEnd::Cut);
            };
            let block = result?;
            early.insert(block.index, block);
            while let Some(block) = early.remove(&next) {
                around.context.check_cancelled()?;
                let (n_traces, bytes_in, written) =
                    (block.n_traces, block.bytes_in, block.bytes_written);
                let end_row = block.first_row + n_traces;
                self.take(block).map_err(Stop::Failed)?;
                around.context.progress.add_written(written);
                around.context.progress.add(n_traces, bytes_in);
                next += 1;
                if self.headers.is_between_groups() {
                    self.end_groups(end_row, around)
                        .map_err(super::dataset_failed)?;
                }
                // The reader is gone once it has sent the last block.
                let _sent = around.credits.send(());
            }
        }
        Ok(StreamEnd::Complete)
    }

    fn take(&mut self, block: DoneBlock<'_>) -> Result<(), ImportError> {
        self.headers.write(&block.headers)?;
        self.runs.add(&block.runs)?;
        let overview = &mut self.overview;
        self.rows
            .add(block.overview, |min, max| overview.write(min, max))?;
        block.exceptions.write(&mut self.exceptions, &self.layout)?;
        self.tally.merge(&block.tally);
        self.statistics.merge(&block.statistics);
        self.source
            .add(block.source, self.first_trace + block.first_row);
        Ok(())
    }

    /// Where a row group of the headers ends, all tables end one; and a checkpoint is made, if the
    /// last one is on disk.
    fn end_groups(&mut self, end_row: u64, around: &Around<'_, '_>) -> Result<(), DatasetError> {
        let state = around
            .checkpoints
            .is_free()
            .then(|| serde_json::to_string(&self.state()).unwrap_or_default());
        let mut parts = OrderedParts {
            headers: &mut self.headers,
            ensembles: self.runs.sink(),
            overview: &mut self.overview,
            exceptions: &mut self.exceptions,
        };
        parts.end_groups()?;
        if let Some(state) = state {
            let checkpoint = around
                .writer
                .checkpoint(end_row, around.chunks, &mut parts, state)?;
            around.checkpoints.give(checkpoint);
        }
        Ok(())
    }

    /// Writes the ends of all files.
    pub(super) fn finish(self, keys: &[String]) -> Result<Collected, DatasetError> {
        self.headers.finish()?;
        let (ensembles, runs) = self.runs.finish(keys)?;
        ensembles.finish()?;
        self.overview.finish()?;
        let n_exceptions = self.exceptions.finish()?;
        Ok(Collected {
            runs,
            tally: self.tally,
            statistics: self.statistics.finish(),
            n_exceptions,
        })
    }
}
