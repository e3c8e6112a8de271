//! Imports and exports that run, wait and are done: one runs at a time, the others queue.
//!
//! ```text
//! Queued ──► Running ──► Done ──Verify──► Done, proved (or not)
//!               └──► Cancelled, Failed
//! ```

mod card;
mod card_done;
mod entry;
mod live;
mod news;
mod outcome;
mod page;
mod running;
mod work;

pub(crate) use card::show as card;
pub(crate) use card_done::share;
pub(crate) use entry::{JobEntry, JobState, Proof, What};
pub(crate) use live::{Live, shared as live_canvas};
pub(crate) use news::share_words;
pub(crate) use page::show;
pub(crate) use running::{Running, Wish};
pub(crate) use work::{ExportWish, Work};

use std::time::{Duration, Instant};

use super::command::{Command, Commands};
use super::messages::{Message, Severity};
use super::numbers;
use super::state::{DocumentId, Place};
use super::workers::{Event, Workers};
use crate::dataset::Partial;
use crate::import::unfinished;
use crate::job::{Job, JobContext, Stop};
use news::announcement;
use outcome::{ended, proved};
use running::{percent, time_left};
use work::Finished;

/// How often the window looks at a running job.
pub(crate) const LOOK: Duration = Duration::from_millis(100);
/// Losing more work than this is asked about first.
const MUCH_WORK: Duration = Duration::from_secs(3);

/// What the user can ask of the jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JobsCommand {
    /// Asks first where much work would be lost.
    Cancel(u64),
    CancelAnyway(u64),
    /// Stops, and keeps what is done.
    CancelAndKeep(u64),
    /// Goes on with what was kept.
    Resume(u64),
    /// Removes what was kept.
    RemoveKept(u64),
    KeepRunning(u64),
    Remove(u64),
    ClearDone,
    /// Opens the dataset that was made, or the file that was exported.
    Open(u64),
    /// Shows the source file while it is being imported.
    ViewSource(u64),
    /// Reads a new dataset back.
    Verify(u64),
    CancelVerify(u64),
}

/// What a thread found out for a job.
#[derive(Debug)]
pub(crate) enum JobsEvent {
    /// What there is to go on with.
    Inspected {
        id: u64,
        partial: Option<Box<Partial>>,
    },
    Removed {
        id: u64,
        result: Result<(), Message>,
    },
}

/// All jobs of this session, in the order in which they were asked for.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    list: Vec<JobEntry>,
    next_id: u64,
}

impl Jobs {
    /// Puts work at the end of the queue; gives its number.
    pub(crate) fn push(&mut self, document: DocumentId, work: Work) -> u64 {
        self.next_id += 1;
        self.list.push(JobEntry {
            id: self.next_id,
            document,
            what: match work {
                Work::Import { .. } | Work::Resume { .. } => What::Import,
                Work::Export(_) => What::Export,
            },
            source: work.source().to_path_buf(),
            output: work.output().to_path_buf(),
            state: JobState::Queued(work),
        });
        self.next_id
    }

    pub(crate) fn list(&self) -> &[JobEntry] {
        &self.list
    }

    pub(crate) fn get(&self, id: u64) -> Option<&JobEntry> {
        self.list.iter().find(|job| job.id == id)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Jobs that run or wait.
    pub(crate) fn unfinished(&self) -> usize {
        self.list.iter().filter(|job| job.state.is_open()).count()
    }

    /// The one that is running now.
    pub(crate) fn running(&self) -> Option<(&JobEntry, &Running)> {
        self.list.iter().find_map(|job| match &job.state {
            JobState::Running(running) => Some((job, running)),
            JobState::Queued(_)
            | JobState::Imported { .. }
            | JobState::Exported(_)
            | JobState::Cancelled(_)
            | JobState::Failed { .. } => None,
        })
    }

    /// Whether anything moves, a verification too.
    pub(crate) fn is_moving(&self) -> bool {
        self.list.iter().any(|job| {
            matches!(
                &job.state,
                JobState::Running(_)
                    | JobState::Imported {
                        proof: Proof::Running(_),
                        ..
                    }
            )
        })
    }

    /// Takes what came, starts what waits. Gives what there is to say.
    pub(crate) fn advance(
        &mut self,
        workers: &Workers,
        shown: Place,
        verify: bool,
    ) -> Vec<Message> {
        let mut news = Vec::new();
        let now = Instant::now();
        for job in &mut self.list {
            if let JobState::Running(running) = &mut job.state {
                let Some(outcome) = running.look(now) else {
                    continue;
                };
                job.state = ended(outcome, job.what, running.kept());
                if verify {
                    start_proof(job, workers);
                }
            } else if let Some(Proof::Running(running)) = job.state.proof_mut() {
                let Some(outcome) = running.look(now) else {
                    continue;
                };
                let proof = proved(outcome);
                if let Some(place) = job.state.proof_mut() {
                    *place = proof;
                }
            } else {
                continue;
            }
            let in_sight = shown == Place::Jobs || shown == Place::Document(job.document);
            news.extend(announcement(job).filter(|_| !in_sight));
        }
        if self.running().is_none() {
            self.start_next(workers);
        }
        news
    }

    fn start_next(&mut self, workers: &Workers) {
        let next = self
            .list
            .iter_mut()
            .find(|job| matches!(job.state, JobState::Queued(_)));
        let Some(job) = next else {
            return;
        };
        let JobState::Queued(work) = std::mem::replace(&mut job.state, JobState::Cancelled(None))
        else {
            return;
        };
        let name = match job.what {
            What::Import => "import",
            What::Export => "export",
        };
        job.state = match spawn(name, workers, move |context| work.run(context)) {
            Ok(running) => JobState::Running(running),
            Err(message) => JobState::Failed {
                message,
                kept: None,
            },
        };
    }

    /// Does what was asked; opening is passed on.
    pub(crate) fn execute(
        &mut self,
        command: JobsCommand,
        workers: &Workers,
        commands: &mut Commands,
    ) {
        match command {
            JobsCommand::Cancel(id) => self.cancel(id, false),
            JobsCommand::CancelAnyway(id) => self.cancel(id, true),
            JobsCommand::CancelAndKeep(id) => {
                if let Some(JobState::Running(running)) = self.state_mut(id) {
                    running.stop_and_keep();
                }
            }
            JobsCommand::Resume(id) => self.resume(id, workers),
            JobsCommand::RemoveKept(id) => {
                if let Some(job) = self.get(id) {
                    let output = job.output.clone();
                    workers.start("remove", move |_| {
                        let result = work::remove_partial(&output);
                        Event::Jobs(JobsEvent::Removed { id, result })
                    });
                }
            }
            JobsCommand::KeepRunning(id) => {
                if let Some(JobState::Running(running)) = self.state_mut(id) {
                    running.wish = Wish::Run;
                }
            }
            JobsCommand::Remove(id) => {
                self.take_away(|job| job.id == id && !matches!(job.state, JobState::Running(_)));
            }
            JobsCommand::ClearDone => self.take_away(|job| job.state.has_ended()),
            JobsCommand::Open(id) => {
                if let Some(job) = self.get(id) {
                    commands.push(Command::Open(vec![job.output.clone()]));
                }
            }
            JobsCommand::ViewSource(id) => {
                if let Some(job) = self.get(id) {
                    commands.push(Command::View(job.source.clone()));
                }
            }
            JobsCommand::Verify(id) => {
                if let Some(job) = self.list.iter_mut().find(|job| job.id == id) {
                    start_proof(job, workers);
                }
            }
            JobsCommand::CancelVerify(id) => {
                if let Some(Proof::Running(running)) =
                    self.state_mut(id).and_then(JobState::proof_mut)
                {
                    running.stop();
                }
            }
        }
    }

    /// Forgets jobs; a verification among them is stopped, which may have to wait for its thread.
    fn take_away(&mut self, unwanted: impl Fn(&JobEntry) -> bool) {
        let (gone, kept) = std::mem::take(&mut self.list)
            .into_iter()
            .partition::<Vec<_>, _>(|job| unwanted(job));
        self.list = kept;
        Workers::drop_elsewhere(gone);
    }

    fn state_mut(&mut self, id: u64) -> Option<&mut JobState> {
        self.list
            .iter_mut()
            .find(|job| job.id == id)
            .map(|job| &mut job.state)
    }

    /// Looks what there is to go on with; the job begins again when that is known.
    fn resume(&self, id: u64, workers: &Workers) {
        let Some(job) = self.get(id) else {
            return;
        };
        let (source, output) = (job.source.clone(), job.output.clone());
        workers.start("resume", move |_| {
            let partial = unfinished(&source, Some(&output)).map(Box::new);
            Event::Jobs(JobsEvent::Inspected { id, partial })
        });
    }

    /// Takes what a thread found out.
    pub(crate) fn take(&mut self, event: JobsEvent) -> Option<Message> {
        match event {
            JobsEvent::Removed { id, result } => {
                if let Err(message) = result {
                    return Some(message);
                }
                if let Some(state) = self.state_mut(id) {
                    *state = JobState::Cancelled(None);
                }
                None
            }
            JobsEvent::Inspected {
                id,
                partial: Some(partial),
            } => {
                let job = self.list.iter_mut().find(|job| job.id == id)?;
                let source = job.source.clone();
                if job.state.has_ended() {
                    job.state = JobState::Queued(Work::Resume { partial, source });
                }
                None
            }
            JobsEvent::Inspected { partial: None, .. } => Some(Message::new(
                Severity::Warning,
                "There is nothing to go on with",
                "What was kept is gone, or the file has changed since. Import it again.",
            )),
        }
    }

    fn cancel(&mut self, id: u64, sure: bool) {
        match self.state_mut(id) {
            Some(JobState::Running(running)) => {
                let much = running.snapshot().elapsed > MUCH_WORK;
                if much && !sure {
                    running.wish = Wish::Asking;
                } else {
                    running.stop();
                }
            }
            Some(state @ JobState::Queued(_)) => *state = JobState::Cancelled(None),
            Some(
                JobState::Imported { .. }
                | JobState::Exported(_)
                | JobState::Cancelled(_)
                | JobState::Failed { .. },
            )
            | None => {}
        }
    }

    /// Asks all to stop, because the window closes.
    pub(crate) fn cancel_all(&mut self, keep: bool) {
        let ids: Vec<u64> = self.list.iter().map(|job| job.id).collect();
        for id in ids {
            match self.state_mut(id) {
                Some(JobState::Running(running)) if keep => running.stop_and_keep(),
                _ => self.cancel(id, true),
            }
        }
    }

    /// "Importing line12.sgy (1 of 2) · 62 % · about 3 min left".
    pub(crate) fn summary(&self) -> Option<String> {
        let (job, running) = self.running()?;
        let snapshot = running.snapshot();
        let open = self.unfinished();
        let verb = match job.what {
            What::Import => "Importing",
            What::Export => "Exporting",
        };
        let name = numbers::elide(&numbers::file_name(&job.source), 28);
        let of = if open > 1 {
            format!(" (1 of {open})")
        } else {
            String::new()
        };
        Some(format!(
            "{verb} {name}{of} · {} · {}",
            percent(&snapshot),
            time_left(running, &snapshot)
        ))
    }
}

fn spawn(
    name: &str,
    workers: &Workers,
    task: impl FnOnce(&JobContext) -> Result<Finished, Stop<Message>> + Send + 'static,
) -> Result<Running, Message> {
    Job::spawn(name, workers.waker(), task)
        .map(Running::new)
        .map_err(|error| Message::from_error("There is no thread for it", &error, None))
}

/// Begins to read back what was imported, unless that is done or being done.
fn start_proof(job: &mut JobEntry, workers: &Workers) {
    let path = job.output.clone();
    let Some(proof @ (Proof::NotAsked | Proof::Failed(_))) = job.state.proof_mut() else {
        return;
    };
    *proof = match spawn("verify", workers, move |context| {
        work::check(&path, context)
    }) {
        Ok(running) => Proof::Running(running),
        Err(message) => Proof::Failed(message),
    };
}

/// A duration from seconds that may be anything.
pub(crate) fn seconds(secs: f64) -> Duration {
    Duration::try_from_secs_f64(secs).unwrap_or_default()
}
