//! How does a long task report, stop and fail?
//!
//! Scan, import, export and verify all run through [`Job`]: a named thread of its own, numbers
//! through atomics ([`Progress`]), a [`CancelToken`] looked at once a block, and a panic that
//! becomes an [`Outcome`] that somebody reads. Knows nothing of SEG-Y and of windows.

use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};

mod cancel;
mod handle;
mod kept;
mod progress;

pub use cancel::{CancelToken, Cancelled};
pub(crate) use handle::panic_text;
pub use handle::{Job, Outcome, Stop};
pub use kept::Kept;
pub use progress::{Phase, Progress, ProgressSnapshot};

/// What every long task is given: where to report and how to learn that it must stop.
#[derive(Clone, Debug, Default)]
pub struct JobContext {
    /// Where numbers are reported.
    pub progress: Progress,
    /// Looked at once a block.
    pub cancel: CancelToken,
    /// What the task left behind, should it be stopped.
    kept: Arc<OnceLock<Kept>>,
}

impl JobContext {
    /// Stops with `Err` once somebody asked for it.
    ///
    /// # Errors
    /// [`Cancelled`] after [`CancelToken::cancel`].
    pub fn check_cancelled(&self) -> Result<(), Cancelled> {
        self.cancel.check()
    }

    /// For a step that reads through a file and knows no more than where it is: reports that, and
    /// says whether to go on. Once it is done, [`Progress::set_place`] with zeros makes room for the
    /// task's own numbers.
    pub fn place_in_file(&self) -> impl Fn(u64, u64) -> ControlFlow<()> + Send + Sync + use<> {
        let context = self.clone();
        move |position, end| {
            context.progress.set_place(position, end);
            if context.cancel.is_cancelled() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        }
    }

    /// For a step whose numbers are not the task's: stops with it, reports to nobody.
    #[must_use]
    pub fn unseen(&self) -> Self {
        Self {
            progress: Progress::default(),
            ..self.clone()
        }
    }

    /// Says, once, what is left behind to go on with.
    pub fn keep(&self, kept: Kept) {
        // Only the first word counts.
        drop(self.kept.set(kept));
    }

    /// What a task that was stopped, or that failed, left behind to go on with.
    pub fn kept(&self) -> Option<Kept> {
        self.kept.get().cloned()
    }
}
