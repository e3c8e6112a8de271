//! How does a task learn that nobody wants its result any more?

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A switch that is thrown once and looked at often. Clones share the switch.
#[derive(Clone, Debug, Default)]
pub struct CancelToken {
    thrown: Arc<AtomicBool>,
    keeps: Arc<AtomicBool>,
}

/// The task was asked to stop, and did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cancelled")]
pub struct Cancelled;

impl CancelToken {
    /// Asks the task to stop at its next look, and to leave nothing behind.
    pub fn cancel(&self) {
        self.thrown.store(true, Ordering::Relaxed);
    }

    /// Asks the task to stop at its next look, and to keep what it has done, so that it can go on
    /// later; a task that cannot go on later leaves nothing behind.
    pub fn cancel_and_keep(&self) {
        self.keeps.store(true, Ordering::Relaxed);
        self.thrown.store(true, Ordering::Release);
    }

    /// Whether what was done shall be kept, should the task be stopped.
    pub fn keeps(&self) -> bool {
        self.keeps.load(Ordering::Relaxed)
    }

    /// Whether somebody asked.
    pub fn is_cancelled(&self) -> bool {
        self.thrown.load(Ordering::Acquire)
    }

    /// [`Self::is_cancelled`] for use with `?`.
    ///
    /// # Errors
    /// [`Cancelled`] once the switch is thrown.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.is_cancelled() {
            Err(Cancelled)
        } else {
            Ok(())
        }
    }
}
