//! A thread that always works on the newest request and forgets those it did not get to.
//!
//! For painting and header look-ups: while the mouse moves only the last position matters.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use crossbeam_channel::{Receiver, Sender, unbounded};

/// See the module.
#[derive(Debug)]
pub(crate) struct Newest<Q, R> {
    slot: Arc<(Mutex<Slot<Q>>, Condvar)>,
    answers: Receiver<R>,
}

#[derive(Debug)]
struct Slot<Q> {
    request: Option<Q>,
    closed: bool,
}

impl<Q: Send + 'static, R: Send + 'static> Newest<Q, R> {
    /// Starts the thread; without one (the system gave none) no request is ever answered.
    pub(crate) fn spawn(
        name: &str,
        wake: impl Fn() + Send + 'static,
        answer: impl FnMut(Q) -> R + Send + 'static,
    ) -> Self {
        let slot = Arc::new((
            Mutex::new(Slot {
                request: None,
                closed: false,
            }),
            Condvar::new(),
        ));
        // At most one answer a request, and requests are taken one by one: it does not grow.
        let (sender, answers) = unbounded();
        let theirs = Arc::clone(&slot);
        drop(
            std::thread::Builder::new()
                .name(format!("ui {name}"))
                .spawn(move || work(&theirs, &sender, wake, answer)),
        );
        Self { slot, answers }
    }

    /// Replaces the waiting request. Never waits.
    pub(crate) fn request(&self, request: Q) {
        let (slot, ready) = &*self.slot;
        slot.lock().unwrap_or_else(PoisonError::into_inner).request = Some(request);
        ready.notify_one();
    }

    /// The newest answer since the last call.
    pub(crate) fn poll(&self) -> Option<R> {
        self.answers.try_iter().last()
    }
}

fn work<Q, R>(
    shared: &(Mutex<Slot<Q>>, Condvar),
    sender: &Sender<R>,
    wake: impl Fn(),
    mut answer: impl FnMut(Q) -> R,
) {
    let (slot, ready) = shared;
    loop {
        let mut guard = slot.lock().unwrap_or_else(PoisonError::into_inner);
        let request = loop {
            if guard.closed {
                return;
            }
            if let Some(request) = guard.request.take() {
                break request;
            }
            guard = ready.wait(guard).unwrap_or_else(PoisonError::into_inner);
        };
        drop(guard);
        if sender.send(answer(request)).is_err() {
            return;
        }
        wake();
    }
}

impl<Q, R> Drop for Newest<Q, R> {
    fn drop(&mut self) {
        let (slot, ready) = &*self.slot;
        slot.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        ready.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    #[test]
    fn the_last_request_is_always_answered() {
        let newest = Newest::spawn(
            "test",
            || {},
            |n: u32| {
                std::thread::sleep(Duration::from_millis(1));
                n
            },
        );
        for n in 0..100 {
            newest.request(n);
        }
        let start = Instant::now();
        let mut last = None;
        while last != Some(99) && start.elapsed() < Duration::from_secs(10) {
            last = newest.poll().or(last);
        }
        assert_eq!(last, Some(99));
    }
}
