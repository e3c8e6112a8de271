//! Who owns the thread of a long task, and how does its end arrive?

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, bounded};

use super::{CancelToken, Cancelled, JobContext, Kept, Progress};

/// Why a task did not finish.
#[derive(Debug, thiserror::Error)]
pub enum Stop<E> {
    /// It was asked to stop. Nothing is left behind, unless that was asked for too
    /// ([`CancelToken::cancel_and_keep`]): then [`JobContext::kept`] says what.
    #[error("cancelled")]
    Cancelled,
    /// It failed.
    #[error(transparent)]
    Failed(E),
}

impl<E> From<Cancelled> for Stop<E> {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

impl<E> Stop<E> {
    /// The same stop with another error type.
    pub fn map<F>(self, convert: impl FnOnce(E) -> F) -> Stop<F> {
        match self {
            Self::Cancelled => Stop::Cancelled,
            Self::Failed(error) => Stop::Failed(convert(error)),
        }
    }
}

/// How a task ended.
#[derive(Debug)]
pub enum Outcome<T, E> {
    /// With this result.
    Finished(T),
    /// Because somebody asked it to.
    Cancelled,
    /// With this error.
    Failed(E),
    /// With a bug of ours: the panic's own words.
    Panicked(String),
}

/// A long task on a thread of its own.
///
/// Dropping the job asks the task to stop and waits for it, so that no thread is left behind.
#[derive(Debug)]
pub struct Job<T, E> {
    context: JobContext,
    outcome: Receiver<Outcome<T, E>>,
    thread: Option<JoinHandle<()>>,
}

impl<T: Send + 'static, E: Send + 'static> Job<T, E> {
    /// Starts `task` on a thread called `name`. `wake` is called once, after the outcome lies in
    /// the channel; a window asks for a repaint there.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub fn spawn(
        name: &str,
        wake: impl FnOnce() + Send + 'static,
        task: impl FnOnce(&JobContext) -> Result<T, Stop<E>> + Send + 'static,
    ) -> io::Result<Self> {
        let context = JobContext::default();
        let (sender, outcome) = bounded(1);
        let theirs = context.clone();
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                let end = match catch_unwind(AssertUnwindSafe(|| task(&theirs))) {
                    Ok(Ok(value)) => Outcome::Finished(value),
                    Ok(Err(Stop::Cancelled)) => Outcome::Cancelled,
                    Ok(Err(Stop::Failed(error))) => Outcome::Failed(error),
                    Err(payload) => Outcome::Panicked(panic_text(payload.as_ref())),
                };
                // The owner may be gone; then nobody wants the outcome.
                drop(sender.send(end));
                wake();
            })?;
        Ok(Self {
            context,
            outcome,
            thread: Some(thread),
        })
    }

    /// The outcome, once, as soon as it is there. Never waits.
    pub fn poll(&self) -> Option<Outcome<T, E>> {
        self.outcome.try_recv().ok()
    }

    /// Waits for the outcome. For the command line and tests, never for a window.
    pub fn wait(self) -> Outcome<T, E> {
        self.outcome
            .recv()
            .unwrap_or_else(|_| Outcome::Panicked("the task ended without an outcome".to_owned()))
    }
}

impl<T, E> Job<T, E> {
    /// Where the task reports.
    pub fn progress(&self) -> &Progress {
        &self.context.progress
    }

    /// The switch that stops it.
    pub fn cancel_token(&self) -> &CancelToken {
        &self.context.cancel
    }

    /// Asks the task to stop, and to leave nothing behind.
    pub fn cancel(&self) {
        self.context.cancel.cancel();
    }

    /// Asks the task to stop, and to keep what can be gone on with.
    pub fn cancel_and_keep(&self) {
        self.context.cancel.cancel_and_keep();
    }

    /// What a task that was stopped, or that failed, left behind to go on with.
    pub fn kept(&self) -> Option<Kept> {
        self.context.kept()
    }
}

impl<T, E> Drop for Job<T, E> {
    fn drop(&mut self) {
        self.context.cancel.cancel();
        if let Some(thread) = self.thread.take() {
            // A panic was caught inside and lies in the channel.
            drop(thread.join());
        }
    }
}

/// The words of a panic, as far as they are text.
pub(crate) fn panic_text(payload: &(dyn std::any::Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without words".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_result_arrives() {
        let job = Job::<_, ()>::spawn("test", || {}, |_| Ok(7)).expect("a thread");
        assert!(matches!(job.wait(), Outcome::Finished(7)));
    }

    #[test]
    fn a_panic_is_an_outcome() {
        let job = Job::<(), ()>::spawn("test", || {}, |_| panic!("by intent")).expect("a thread");
        assert!(matches!(job.wait(), Outcome::Panicked(text) if text == "by intent"));
    }

    #[test]
    fn dropping_the_job_stops_the_task() {
        let job = Job::<(), ()>::spawn(
            "test",
            || {},
            |context| {
                loop {
                    context.check_cancelled()?;
                    std::thread::yield_now();
                }
            },
        )
        .expect("a thread");
        drop(job);
    }
}
