//! Who sees the blocks in file order? One thread: headers, ensembles, overview and exceptions are
//! written here, progress is counted here, and credits go back to the reader from here.

use std::collections::BTreeMap;

use crossbeam_channel::{Receiver, Sender};

use super::overview::OverviewJoiner;
use super::runs::{FoundRuns, RunJoiner};
use super::worker::{DoneBlock, DoneResult};
use crate::dataset::{
    DatasetError, DatasetWriter, EnsembleWriter, ExceptionWriter, HeaderWriter, OverviewWriter,
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
    layout: Layout,
}

/// What was found in all traces.
#[derive(Debug)]
pub(super) struct Collected {
    pub(super) runs: FoundRuns,
    pub(super) tally: Tally,
    pub(super) n_exceptions: u64,
}

/// How the stream of blocks ended.
#[derive(Debug)]
pub(super) enum StreamEnd {
    /// All blocks were taken in.
    Complete,
    /// The workers left before the last block: the reader knows why.
    Cut,
}

impl Collector {
    pub(super) fn new(
        writer: &DatasetWriter,
        plan: &ImportPlan,
        tally: Tally,
    ) -> Result<Self, DatasetError> {
        let spec = &plan.spec;
        Ok(Self {
            headers: writer.header_writer()?,
            runs: RunJoiner::new(writer.ensemble_writer()?, spec.ensemble_keys.len()),
            overview: writer.overview_writer()?,
            rows: OverviewJoiner::new(spec.n_traces, spec.n_samples as usize),
            exceptions: writer.exception_writer()?,
            tally,
            layout: plan.scan.layout.clone(),
        })
    }

    /// Takes in all blocks, in file order whatever order they arrive in. Blocks that are early
    /// wait here; there are never more of them than credits.
    ///
    /// The caller drops both channels afterwards, which stops reader and workers too.
    pub(super) fn take_all(
        &mut self,
        n_blocks: u64,
        done: &Receiver<DoneResult<'_>>,
        credits: &Sender<()>,
        context: &JobContext,
    ) -> Result<StreamEnd, Stop<ImportError>> {
        let mut early = BTreeMap::new();
        let mut next = 0;
        while next < n_blocks {
            let Ok(result) = done.recv() else {
                return Ok(StreamEnd::Cut);
            };
            let block = result?;
            early.insert(block.index, block);
            while let Some(block) = early.remove(&next) {
                context.check_cancelled()?;
                let (n_traces, bytes_in, written) =
                    (block.n_traces, block.bytes_in, block.bytes_written);
                self.take(block).map_err(Stop::Failed)?;
                context.progress.add_written(written);
                context.progress.add(n_traces, bytes_in);
                next += 1;
                // The reader is gone once it has sent the last block.
                let _sent = credits.send(());
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
            n_exceptions,
        })
    }
}
