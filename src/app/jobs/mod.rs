//! Imports that run, wait and are done: one runs at a time, the others queue.

mod card;
mod page;

pub(crate) use card::show as card;
pub(crate) use page::show;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::command::Commands;
use super::messages::{Message, Severity};
use super::state::{DocumentId, Place};
use super::workers::Workers;
use super::{command::Command, numbers};
use crate::import::{ImportError, ImportPlan, ImportReport, run};
use crate::job::{Job, Outcome, ProgressSnapshot};

/// How often the window looks at a running job.
pub(crate) const LOOK: Duration = Duration::from_millis(100);

/// What the user can ask of the jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JobsCommand {
    /// Asks first where much work would be lost.
    Cancel(u64),
    CancelAnyway(u64),
    KeepRunning(u64),
    Remove(u64),
    ClearDone,
    /// Opens the dataset.
    Open(u64),
    /// Shows the source file while it is being imported.
    ViewSource(u64),
}

/// One import.
#[derive(Debug)]
pub(crate) struct ImportJob {
    pub(crate) id: u64,
    pub(crate) document: DocumentId,
    pub(crate) source: PathBuf,
    pub(crate) output: PathBuf,
    pub(crate) state: JobState,
}

/// Where an import stands.
#[derive(Debug)]
pub(crate) enum JobState {
    Queued(Box<ImportPlan>),
    Running(Running),
    Done(Box<ImportReport>),
    Cancelled,
    Failed(Message),
}

/// A running import.
#[derive(Debug)]
pub(crate) struct Running {
    job: Job<ImportReport, ImportError>,
    pub(crate) rate: Rate,
    pub(crate) wish: Wish,
}

/// What the user wants of a running import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    Run,
    /// Has been asked whether to stop.
    Asking,
    Stop,
}

impl Running {
    pub(crate) fn snapshot(&self) -> ProgressSnapshot {
        self.job.progress().snapshot()
    }

    /// Bytes and traces per second: at first the mean, later of the last seconds.
    pub(crate) fn speed(&self, snapshot: &ProgressSnapshot) -> (f64, f64) {
        let seconds = snapshot.elapsed.as_secs_f64().max(0.05);
        if seconds < 4.0 {
            (
                snapshot.bytes_done as f64 / seconds,
                snapshot.traces_done as f64 / seconds,
            )
        } else {
            (self.rate.bytes_per_second, self.rate.traces_per_second)
        }
    }
}

/// Traces and bytes per second, smoothed over a few seconds; and since when nothing moved.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    last: Instant,
    traces: u64,
    bytes: u64,
    moved: Instant,
    pub(crate) traces_per_second: f64,
    pub(crate) bytes_per_second: f64,
}

impl Rate {
    fn new(now: Instant) -> Self {
        Self {
            last: now,
            traces: 0,
            bytes: 0,
            moved: now,
            traces_per_second: 0.0,
            bytes_per_second: 0.0,
        }
    }

    fn look(&mut self, snapshot: &ProgressSnapshot, now: Instant) {
        let seconds = now.saturating_duration_since(self.last).as_secs_f64();
        if seconds < 0.25 {
            return;
        }
        if snapshot.bytes_done != self.bytes {
            self.moved = now;
        }
        let weight = if self.bytes == 0 {
            1.0
        } else {
            (seconds / 2.0).min(1.0)
        };
        let blend = |old: f64, done: u64, before: u64| {
            old + weight * (done.saturating_sub(before) as f64 / seconds - old)
        };
        self.traces_per_second = blend(self.traces_per_second, snapshot.traces_done, self.traces);
        self.bytes_per_second = blend(self.bytes_per_second, snapshot.bytes_done, self.bytes);
        (self.last, self.traces, self.bytes) = (now, snapshot.traces_done, snapshot.bytes_done);
    }

    /// For how long nothing has moved.
    pub(crate) fn stalled(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.moved)
    }
}

/// All imports of this session, in the order in which they were asked for.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    list: Vec<ImportJob>,
    next_id: u64,
}

impl Jobs {
    /// Puts an import at the end of the queue; gives its number.
    pub(crate) fn push(&mut self, document: DocumentId, plan: ImportPlan) -> u64 {
        self.next_id += 1;
        self.list.push(ImportJob {
            id: self.next_id,
            document,
            source: plan.scan().path.clone(),
            output: plan.output().to_path_buf(),
            state: JobState::Queued(Box::new(plan)),
        });
        self.next_id
    }

    pub(crate) fn list(&self) -> &[ImportJob] {
        &self.list
    }

    pub(crate) fn get(&self, id: u64) -> Option<&ImportJob> {
        self.list.iter().find(|job| job.id == id)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Imports that run or wait.
    pub(crate) fn unfinished(&self) -> usize {
        let open = |j: &&ImportJob| matches!(j.state, JobState::Queued(_) | JobState::Running(_));
        self.list.iter().filter(open).count()
    }

    /// Whether one is running now.
    pub(crate) fn running(&self) -> Option<(&ImportJob, &Running)> {
        self.list.iter().find_map(|job| match &job.state {
            JobState::Running(running) => Some((job, running)),
            JobState::Queued(_) | JobState::Done(_) | JobState::Cancelled | JobState::Failed(_) => {
                None
            }
        })
    }

    /// Takes what came, starts what waits. Gives what there is to say.
    pub(crate) fn advance(&mut self, workers: &Workers, shown: Place) -> Vec<Message> {
        let mut news = Vec::new();
        let now = Instant::now();
        for job in &mut self.list {
            let JobState::Running(running) = &mut job.state else {
                continue;
            };
            let snapshot = running.snapshot();
            running.rate.look(&snapshot, now);
            if let Some(outcome) = running.job.poll() {
                job.state = ended(outcome, &job.source);
                let in_sight = shown == Place::Jobs || shown == Place::Document(job.document);
                news.extend(announcement(job).filter(|_| !in_sight));
            }
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
        let JobState::Queued(plan) = std::mem::replace(&mut job.state, JobState::Cancelled) else {
            return;
        };
        job.state = match Job::spawn("import", workers.waker(), move |context| {
            run(&plan, context)
        }) {
            Ok(handle) => JobState::Running(Running {
                job: handle,
                rate: Rate::new(Instant::now()),
                wish: Wish::Run,
            }),
            Err(error) => JobState::Failed(Message::from_error(
                "The import did not start",
                &error,
                Some(&job.source),
            )),
        };
    }

    /// Does what was asked; opening is passed on.
    pub(crate) fn execute(&mut self, command: JobsCommand, commands: &mut Commands) {
        match command {
            JobsCommand::Cancel(id) => self.cancel(id, false),
            JobsCommand::CancelAnyway(id) => self.cancel(id, true),
            JobsCommand::KeepRunning(id) => {
                if let Some(JobState::Running(running)) = self.state_mut(id) {
                    running.wish = Wish::Run;
                }
            }
            JobsCommand::Remove(id) => {
                self.list
                    .retain(|job| job.id != id || matches!(job.state, JobState::Running(_)));
            }
            JobsCommand::ClearDone => self
                .list
                .retain(|job| matches!(job.state, JobState::Queued(_) | JobState::Running(_))),
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
        }
    }

    fn state_mut(&mut self, id: u64) -> Option<&mut JobState> {
        self.list
            .iter_mut()
            .find(|job| job.id == id)
            .map(|job| &mut job.state)
    }

    fn cancel(&mut self, id: u64, sure: bool) {
        match self.state_mut(id) {
            Some(JobState::Running(running)) => {
                let much = running.snapshot().elapsed > Duration::from_secs(10);
                if much && !sure {
                    running.wish = Wish::Asking;
                } else {
                    running.wish = Wish::Stop;
                    running.job.cancel();
                }
            }
            Some(state @ JobState::Queued(_)) => *state = JobState::Cancelled,
            Some(JobState::Done(_) | JobState::Cancelled | JobState::Failed(_)) | None => {}
        }
    }

    /// Asks all to stop, because the window closes.
    pub(crate) fn cancel_all(&mut self) {
        let ids: Vec<u64> = self.list.iter().map(|job| job.id).collect();
        for id in ids {
            self.cancel(id, true);
        }
    }

    /// "Import 2 of 3 · 62 % · about 3 min left".
    pub(crate) fn summary(&self) -> Option<String> {
        let (job, running) = self.running()?;
        let snapshot = running.snapshot();
        let open = self.unfinished();
        let which = if open > 1 {
            format!(
                "Importing {} (1 of {open})",
                numbers::elide(&numbers::file_name(&job.source), 28)
            )
        } else {
            format!(
                "Importing {}",
                numbers::elide(&numbers::file_name(&job.source), 28)
            )
        };
        Some(format!(
            "{which} · {} · {}",
            percent(&snapshot),
            time_left(running, &snapshot)
        ))
    }
}

/// "62 %"; "0 %" until the total is known.
pub(crate) fn percent(snapshot: &ProgressSnapshot) -> String {
    format!(
        "{:.0} %",
        (snapshot.fraction().unwrap_or(0.0) * 100.0).floor()
    )
}

/// "about 3 min left", "estimating…", "cancelling…".
pub(crate) fn time_left(running: &Running, snapshot: &ProgressSnapshot) -> String {
    if running.wish == Wish::Stop {
        return "cancelling…".to_owned();
    }
    match snapshot.time_left() {
        Some(left) if snapshot.fraction().unwrap_or(0.0) < 1.0 => {
            format!("about {} left", numbers::about(left))
        }
        Some(_) => "finishing…".to_owned(),
        None => "estimating…".to_owned(),
    }
}

fn ended(outcome: Outcome<ImportReport, ImportError>, source: &std::path::Path) -> JobState {
    match outcome {
        Outcome::Finished(report) => JobState::Done(Box::new(report)),
        Outcome::Cancelled => JobState::Cancelled,
        Outcome::Failed(error) => JobState::Failed(Message::from_error(
            "The import failed",
            &error,
            Some(source),
        )),
        Outcome::Panicked(words) => JobState::Failed(
            Message::from_words(
                "The import stopped by a fault of this program",
                &words,
                Some(source),
            )
            .remedy("Please report it with the details. Nothing was left behind."),
        ),
    }
}

fn announcement(job: &ImportJob) -> Option<Message> {
    let name = numbers::file_name(&job.source);
    match &job.state {
        JobState::Done(report) => Some(Message::new(
            Severity::Success,
            &format!("{name} is imported"),
            format!(
                "{} in {}.",
                numbers::plural(report.manifest.array.n_traces, "trace", "traces"),
                numbers::duration(seconds(report.manifest.timings.seconds))
            ),
        )),
        JobState::Cancelled => Some(Message::new(
            Severity::Info,
            "Import cancelled",
            format!("Nothing of {name} was left on disk."),
        )),
        JobState::Failed(message) => Some(message.clone()),
        JobState::Queued(_) | JobState::Running(_) => None,
    }
}

/// A duration from seconds that may be anything.
pub(crate) fn seconds(secs: f64) -> Duration {
    Duration::try_from_secs_f64(secs).unwrap_or_default()
}
