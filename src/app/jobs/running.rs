//! A task that runs now: how far, how fast, how long still, and whether it shall stop.

use std::time::{Duration, Instant};

use super::work::Finished;
use crate::app::messages::Message;
use crate::app::numbers;
use crate::job::{Job, Kept, Outcome, ProgressSnapshot};

/// A running task.
#[derive(Debug)]
pub(crate) struct Running {
    job: Job<Finished, Message>,
    pub(crate) rate: Rate,
    pub(crate) wish: Wish,
}

/// What the user wants of a running task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    Run,
    /// Has been asked whether to stop.
    Asking,
    Stop,
    /// So that it can go on later.
    StopAndKeep,
}

impl Running {
    pub(super) fn new(job: Job<Finished, Message>) -> Self {
        Self {
            job,
            rate: Rate::new(Instant::now()),
            wish: Wish::Run,
        }
    }

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

    /// Looks at the numbers; gives the end, once it is there.
    pub(super) fn look(&mut self, now: Instant) -> Option<Outcome<Finished, Message>> {
        let snapshot = self.snapshot();
        self.rate.look(&snapshot, now);
        self.job.poll()
    }

    /// Asks it to stop, and to leave nothing behind.
    pub(super) fn stop(&mut self) {
        self.wish = Wish::Stop;
        self.job.cancel();
    }

    /// Asks it to stop, and to keep what it has done.
    pub(super) fn stop_and_keep(&mut self) {
        self.wish = Wish::StopAndKeep;
        self.job.cancel_and_keep();
    }

    /// Whether it was asked to stop.
    pub(crate) fn is_stopping(&self) -> bool {
        matches!(self.wish, Wish::Stop | Wish::StopAndKeep)
    }

    /// What it left behind to go on with.
    pub(super) fn kept(&self) -> Option<Kept> {
        self.job.kept()
    }
}

/// Traces and bytes per second, smoothed over a few seconds; and since when nothing moved.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    last: Instant,
    traces: u64,
    bytes: u64,
    moved: Instant,
    traces_per_second: f64,
    bytes_per_second: f64,
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

/// "62 %"; "0 %" until the total is known.
pub(crate) fn percent(snapshot: &ProgressSnapshot) -> String {
    format!(
        "{:.0} %",
        (snapshot.fraction().unwrap_or(0.0) * 100.0).floor()
    )
}

/// "about 3 min left", "estimating…", "cancelling…".
pub(crate) fn time_left(running: &Running, snapshot: &ProgressSnapshot) -> String {
    if running.is_stopping() {
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

/// "29.9 GB of 48.2 GB · 92 MB/s · 11 480 traces/s · trace 3 of 9 · 5 min elapsed".
pub(crate) fn rates(running: &Running, snapshot: &ProgressSnapshot) -> String {
    let mut parts = Vec::new();
    if snapshot.bytes_total > 0 {
        parts.push(format!(
            "{} of {}",
            numbers::bytes(snapshot.bytes_done),
            numbers::bytes(snapshot.bytes_total)
        ));
    }
    let (bytes_rate, traces_rate) = running.speed(snapshot);
    if bytes_rate > 0.0 {
        parts.push(format!("{}/s", numbers::bytes(whole(bytes_rate))));
        parts.push(format!("{} traces/s", numbers::count(whole(traces_rate))));
    }
    if snapshot.traces_total > 0 {
        parts.push(format!(
            "trace {} of {}",
            numbers::count(snapshot.traces_done),
            numbers::count(snapshot.traces_total)
        ));
    }
    parts.push(format!("{} elapsed", numbers::duration(snapshot.elapsed)));
    parts.join(" · ")
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a positive rate"
)]
fn whole(rate: f64) -> u64 {
    rate as u64
}
