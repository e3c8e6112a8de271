//! How does a task learn that nobody wants its result any more?

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A switch that is thrown once and looked at often. Clones share the switch.
#[derive(Clone, Debug, Default)]
pub struct CancelToken {
    thrown: Arc<AtomicBool>,
}

/// The task was asked to stop, and did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cancelled")]
pub struct Cancelled;

impl CancelToken {
    /// Asks the task to stop at its next look.
    pub fn cancel(&self) {
        self.thrown.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked.
    pub fn is_cancelled(&self) -> bool {
        self.thrown.load(Ordering::Relaxed)
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
