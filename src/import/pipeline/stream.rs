//! Which threads does an import have, and how do they end together?
//!
//! The reader, the workers, and one that puts checkpoints on disk; the caller's own thread writes
//! what is written in file order. Whatever goes wrong in one of them ends its channels, and with
//! them the others.

use std::sync::atomic::AtomicBool;
use std::thread::{Builder, Scope, ScopedJoinHandle};

use crossbeam_channel::bounded;
use sha2::Sha256;

use super::checkpoints::{Checkpoints, commit_all};
use super::collect::{Around, Collector, StreamEnd};
use super::header_batch::HeaderBatches;
use super::reader::{self, Begin};
use super::runs::KeySource;
use super::worker::{self, Shared};
use super::{Arrived, dataset_failed};
use crate::dataset::{ChunkWriter, DatasetWriter, HeaderColumn};
use crate::import::tally::Tally;
use crate::import::{ImportError, ImportPlan};
use crate::job::{JobContext, Stop, panic_text};
use crate::segy::SegyFile;

/// What all threads look at.
pub(super) struct Stream<'a> {
    pub(super) plan: &'a ImportPlan,
    pub(super) file: &'a SegyFile,
    pub(super) context: &'a JobContext,
    pub(super) tally: &'a Tally,
    pub(super) chunks: &'a ChunkWriter,
    pub(super) writer: &'a DatasetWriter,
}

impl Stream<'_> {
    /// Streams all blocks from `begin` on; gives the hash of all bytes so far.
    pub(super) fn run(
        &self,
        begin: Begin,
        collector: &mut Collector,
        arrived: Option<&(impl Fn(Arrived) + Sync)>,
    ) -> Result<Sha256, Stop<ImportError>> {
        let plan = self.plan;
        let keys: Vec<KeySource> = plan
            .mapping
            .ensemble_keys
            .iter()
            .map(|key| KeySource::of(plan, key))
            .collect();
        let headers = HeaderBatches {
            schema: HeaderColumn::schema(&plan.spec.columns),
            sources: &plan.sources,
            computed: &plan.computed,
            layout: self.file.layout(),
        };
        let shared = Shared {
            plan,
            context: self.context,
            chunks: self.chunks,
            headers: &headers,
            keys: &keys,
            tally: self.tally,
            arrived,
        };
        let in_flight = plan.blocks_in_flight as usize;
        let blocks_left = begin.first_block..plan.n_blocks();
        let is_syncing = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let (give_credit, credits) = bounded(in_flight);
            for _ in 0..in_flight {
                // There is room for all of them.
                let _sent = give_credit.send(());
            }
            let (send_block, blocks) = bounded(in_flight);
            let (send_done, done) = bounded(in_flight);
            let reader = spawn(scope, "import reader", {
                let (file, context) = (self.file, self.context);
                move || reader::send_blocks(file, plan, begin, context, &credits, &send_block)
            })?;
            let workers = (0..plan.threads)
                .map(|i| {
                    let (blocks, send_done) = (blocks.clone(), send_done.clone());
                    let shared = &shared;
                    spawn(scope, &format!("import worker {i}"), move || {
                        worker::work(shared, &blocks, &send_done);
                    })
                })
                .collect::<Result<Vec<_>, _>>()?;
            // Only the threads hold these ends now: when they are gone, so is the channel.
            drop((blocks, send_done));
            let (checkpoints, receive) = Checkpoints::new(&is_syncing);
            let committing = spawn(scope, "import journal", {
                let (is_syncing, cancel) = (&is_syncing, &self.context.cancel);
                move || commit_all(&receive, is_syncing, cancel)
            })?;

            let n_blocks = blocks_left.end;
            let around = Around {
                done: &done,
                credits: &give_credit,
                checkpoints: &checkpoints,
                writer: self.writer,
                chunks: self.chunks,
                context: self.context,
            };
            let end = collector.take_all(blocks_left, &around)?;
            drop((done, give_credit, checkpoints));
            joined(committing)?.map_err(dataset_failed)?;
            let hasher = joined(reader)??;
            for worker in workers {
                joined(worker)?;
            }
            match end {
                StreamEnd::Complete => Ok(hasher),
                StreamEnd::Cut => Err(Stop::Failed(ImportError::WorkerPanicked {
                    block: n_blocks,
                    words: "the workers ended before the last block".to_owned(),
                })),
            }
        })
    }
}

fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    name: &str,
    task: impl FnOnce() -> T + Send + 'scope,
) -> Result<ScopedJoinHandle<'scope, T>, Stop<ImportError>> {
    Builder::new()
        .name(name.to_owned())
        .spawn_scoped(scope, task)
        .map_err(|source| Stop::Failed(ImportError::Threads { source }))
}

/// What the thread gave; its panic as an error.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> Result<T, Stop<ImportError>> {
    thread.join().map_err(|payload| {
        Stop::Failed(ImportError::WorkerPanicked {
            block: 0,
            words: panic_text(payload.as_ref()),
        })
    })
}
