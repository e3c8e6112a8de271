//! One long piece of work of a panel: it can be stopped, and its result arrives once.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crossbeam_channel::{Receiver, bounded};

use super::Waker;
use crate::job::CancelToken;

/// Work on a thread of its own; dropping it stops it.
pub(super) struct Task<R> {
    cancel: CancelToken,
    answer: Receiver<Result<R, String>>,
}

impl<R: Send + 'static> Task<R> {
    /// Starts the work; it looks at the token now and then.
    pub(super) fn start(
        name: &str,
        waker: &Waker,
        work: impl FnOnce(&CancelToken) -> Result<R, String> + Send + 'static,
    ) -> Self {
        let cancel = CancelToken::default();
        let theirs = cancel.clone();
        let waker = std::sync::Arc::clone(waker);
        let (sender, answer) = bounded(1);
        let spawned = std::thread::Builder::new()
            .name(format!("ui {name}"))
            .spawn(move || {
                let done = catch_unwind(AssertUnwindSafe(|| work(&theirs)));
                let done = done.unwrap_or_else(|_| {
                    Err("This failed inside the program. Please report it.".to_owned())
                });
                // The panel may be gone; then nobody wants it.
                drop(sender.send(done));
                waker();
            });
        if spawned.is_err() {
            cancel.cancel();
        }
        Self { cancel, answer }
    }

    /// The result, once.
    pub(super) fn poll(&self) -> Option<Result<R, String>> {
        self.answer.try_recv().ok()
    }
}

impl<R> Drop for Task<R> {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

impl<R> std::fmt::Debug for Task<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Task")
    }
}
