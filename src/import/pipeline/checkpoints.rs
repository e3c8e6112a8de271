//! Who puts checkpoints on disk, while the others go on? One thread, one checkpoint at a time.
//!
//! Syncing takes as long as the disk takes. A checkpoint that would be due while the last one is
//! still on its way is left out: nothing ever waits for one.

use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::dataset::{DatasetError, PendingCheckpoint};
use crate::job::CancelToken;

/// What collector and committing thread share.
#[derive(Debug)]
pub(super) struct Checkpoints<'a> {
    send: Sender<PendingCheckpoint>,
    is_busy: &'a AtomicBool,
}

impl<'a> Checkpoints<'a> {
    /// And what the thread gets.
    pub(super) fn new(is_busy: &'a AtomicBool) -> (Self, Receiver<PendingCheckpoint>) {
        let (send, receive) = bounded(1);
        (Self { send, is_busy }, receive)
    }

    /// Whether a checkpoint made now would be put on disk at once.
    pub(super) fn is_free(&self) -> bool {
        !self.is_busy.load(Ordering::Acquire)
    }

    /// Hands a checkpoint on, which [`Self::is_free`] allowed.
    pub(super) fn give(&self, checkpoint: PendingCheckpoint) {
        self.is_busy.store(true, Ordering::Release);
        // A thread that ended with an error is joined at the end, and says so.
        drop(self.send.send(checkpoint));
    }
}

/// Puts checkpoints on disk until there are no more, or one cannot be.
pub(super) fn commit_all(
    checkpoints: &Receiver<PendingCheckpoint>,
    is_busy: &AtomicBool,
    cancel: &CancelToken,
) -> Result<(), DatasetError> {
    for checkpoint in checkpoints {
        checkpoint.commit(cancel)?;
        is_busy.store(false, Ordering::Release);
    }
    Ok(())
}
