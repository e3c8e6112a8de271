//! How do gathers come to the window without the window ever waiting?
//!
//! A worker thread owns the source. A request names a position in the index; the newest wins and
//! stale ones are dropped before they decode. Neighbours in the direction of travel are prefetched.
//! Loaded gathers stay in a cache bounded by bytes.
//!
//! ```text
//! window ─request(position)─► slot of one ─► worker: cache? else load ─► results (bounded) ─poll─► window
//!                                              └ then prefetch +1, +2, −1, until the next request
//! ```

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};

use super::cache::GatherCache;
use super::load::{Unloaded, load_unless, needed_bytes};
use super::sort::sort_gather;
use super::{BrowseError, Gather, GatherIndex, SortBy, TraceSource};

/// Results that lie about when the window does not look; older ones give way.
const MOST_RESULTS: usize = 8;
/// Which neighbours are prefetched, in the direction of travel.
const PREFETCH: [isize; 3] = [1, 2, -1];
/// A neighbour is prefetched only if so many of its size fit into the cache.
const PREFETCH_SHARE: u64 = 4;

/// A gather that was asked for.
#[derive(Clone, Debug)]
pub struct LoadedGather {
    /// Position in the index.
    pub position: usize,
    /// The gather.
    pub gather: Arc<Gather>,
}

/// What the loader is doing, for the status bar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LoaderStatus {
    /// Whether an asked-for gather is still on its way.
    pub loading: bool,
    /// Bytes in the cache.
    pub cache_bytes: usize,
    /// What it has done so far.
    pub counts: LoaderCounts,
}

/// What a loader has done since it was started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LoaderCounts {
    /// Gathers that were asked for.
    pub asked: u64,
    /// Of those, answered; all others were overtaken by a newer one.
    pub answered: u64,
    /// Of the answered, those that lay in the cache.
    pub from_cache: u64,
    /// Of those, the ones that had been loaded ahead and were asked for the first time.
    pub from_ahead: u64,
    /// Gathers loaded ahead.
    pub loaded_ahead: u64,
    /// Loads that were given up halfway, because nobody wanted them any more.
    pub given_up: u64,
}

impl LoaderCounts {
    /// Of two loaders, one after the other.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            asked: self.asked + other.asked,
            answered: self.answered + other.answered,
            from_cache: self.from_cache + other.from_cache,
            from_ahead: self.from_ahead + other.from_ahead,
            loaded_ahead: self.loaded_ahead + other.loaded_ahead,
            given_up: self.given_up + other.given_up,
        }
    }
}

/// What arrives: a gather, or the position that was asked for and why there is none.
type Arrival = Result<LoadedGather, (usize, Arc<BrowseError>)>;

/// Loads gathers on a thread of its own. Dropping it ends the thread.
#[derive(Debug)]
pub struct GatherLoader {
    shared: Arc<Shared>,
    arrivals: Receiver<Arrival>,
    thread: Option<JoinHandle<()>>,
}

impl GatherLoader {
    /// Starts the thread. `header_names` are read along with every gather; `wake` is called whenever
    /// something arrived.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub fn spawn(
        source: Arc<dyn TraceSource>,
        index: Arc<GatherIndex>,
        header_names: Vec<String>,
        cache_bytes: usize,
        wake: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        Self::spawn_sorted(source, index, (header_names, Vec::new()), cache_bytes, wake)
    }

    /// As [`Self::spawn`], for gathers whose traces are sorted: header names, and by what.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub fn spawn_sorted(
        source: Arc<dyn TraceSource>,
        index: Arc<GatherIndex>,
        (header_names, sort): (Vec<String>, Vec<SortBy>),
        cache_bytes: usize,
        wake: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let (sender, arrivals) = bounded(MOST_RESULTS);
        let worker = Worker {
            source,
            index,
            header_names,
            sort,
            shared: Arc::clone(&shared),
            cache: GatherCache::new(cache_bytes),
            counts: LoaderCounts::default(),
            results: Results {
                sender,
                oldest: arrivals.clone(),
            },
            wake,
        };
        let thread = std::thread::Builder::new()
            .name("gather loader".to_owned())
            .spawn(move || worker.run())?;
        Ok(Self {
            shared,
            arrivals,
            thread: Some(thread),
        })
    }

    /// Asks for the gather at `position`; replaces an earlier request that is not done. Never waits.
    pub fn request(&self, position: usize) {
        self.shared.request(position);
    }

    /// What arrived since the last call, newest last, without waiting. Errors belong to asked-for gathers.
    pub fn poll(&self) -> Vec<Result<LoadedGather, (usize, Arc<BrowseError>)>> {
        self.arrivals.try_iter().collect()
    }

    /// What the loader is doing.
    pub fn status(&self) -> LoaderStatus {
        let asked = self.shared.n_asked.load(Ordering::Acquire);
        let answered = self.shared.n_answered.load(Ordering::Acquire);
        LoaderStatus {
            loading: answered < asked,
            cache_bytes: self.shared.cache_bytes.load(Ordering::Relaxed),
            counts: LoaderCounts {
                asked,
                ..*self.shared.counts()
            },
        }
    }

    /// Forgets all loaded gathers. Never waits.
    pub fn clear_cache(&self) {
        self.shared.slot().clear = true;
        self.shared.changed.notify_one();
    }

    /// Gives the cache another capacity. Never waits.
    pub fn set_cache_bytes(&self, bytes: usize) {
        self.shared.slot().cache_bytes = Some(bytes);
        self.shared.changed.notify_one();
    }
}

impl Drop for GatherLoader {
    fn drop(&mut self) {
        self.shared.stop();
        if let Some(thread) = self.thread.take() {
            // Panics of a load are caught inside.
            drop(thread.join());
        }
    }
}

/// Where window and worker meet.
#[derive(Debug, Default)]
struct Shared {
    slot: Mutex<Slot>,
    changed: Condvar,
    stopped: AtomicBool,
    /// Number of the newest request, from 1.
    n_asked: AtomicU64,
    /// Number of the newest request that was answered.
    n_answered: AtomicU64,
    cache_bytes: AtomicUsize,
    counts: Mutex<LoaderCounts>,
}

/// What the worker has not taken yet.
#[derive(Debug, Default)]
struct Slot {
    /// The newest request.
    request: Option<Request>,
    clear: bool,
    /// Another capacity of the cache.
    cache_bytes: Option<usize>,
}

/// What the worker is woken for.
enum Task {
    Load(Request),
    /// Of the cache.
    Tidy {
        clear: bool,
        cache_bytes: Option<usize>,
    },
}

#[derive(Clone, Copy, Debug)]
struct Request {
    position: usize,
    number: u64,
}

impl Shared {
    fn counts(&self) -> MutexGuard<'_, LoaderCounts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn slot(&self) -> MutexGuard<'_, Slot> {
        // Nothing that can panic runs while the slot is locked.
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn request(&self, position: usize) {
        let mut slot = self.slot();
        let number = self.n_asked.fetch_add(1, Ordering::AcqRel) + 1;
        slot.request = Some(Request { position, number });
        drop(slot);
        self.changed.notify_one();
    }

    fn stop(&self) {
        let slot = self.slot();
        self.stopped.store(true, Ordering::Release);
        drop(slot);
        self.changed.notify_one();
    }

    /// Waits for something to do; `None` once stopped.
    fn next(&self) -> Option<Task> {
        let mut slot = self.slot();
        loop {
            if self.stopped.load(Ordering::Acquire) {
                return None;
            }
            if slot.clear || slot.cache_bytes.is_some() {
                return Some(Task::Tidy {
                    clear: std::mem::take(&mut slot.clear),
                    cache_bytes: slot.cache_bytes.take(),
                });
            }
            if let Some(request) = slot.request.take() {
                return Some(Task::Load(request));
            }
            slot = self
                .changed
                .wait(slot)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Whether a newer request than `number` has come, or the end.
    fn is_stale(&self, number: u64) -> bool {
        self.stopped.load(Ordering::Acquire) || self.n_asked.load(Ordering::Acquire) != number
    }
}

/// The worker's end of the results: never waits for the window.
struct Results {
    sender: Sender<Arrival>,
    oldest: Receiver<Arrival>,
}

impl Results {
    fn deliver(&self, mut arrival: Arrival) {
        while let Err(error) = self.sender.try_send(arrival) {
            match error {
                TrySendError::Full(back) => {
                    drop(self.oldest.try_recv());
                    arrival = back;
                }
                TrySendError::Disconnected(_) => return,
            }
        }
    }
}

struct Worker<W> {
    source: Arc<dyn TraceSource>,
    index: Arc<GatherIndex>,
    header_names: Vec<String>,
    sort: Vec<SortBy>,
    shared: Arc<Shared>,
    cache: GatherCache,
    counts: LoaderCounts,
    results: Results,
    wake: W,
}

impl<W: Fn()> Worker<W> {
    fn run(mut self) {
        let mut last_position = 0;
        while let Some(task) = self.shared.next() {
            let request = match task {
                Task::Load(request) => request,
                Task::Tidy { clear, cache_bytes } => {
                    self.tidy(clear, cache_bytes);
                    continue;
                }
            };
            let forward = request.position >= last_position;
            last_position = request.position;
            if self.answer(request) {
                self.prefetch(request, forward);
            }
        }
    }

    fn tidy(&mut self, clear: bool, cache_bytes: Option<usize>) {
        if clear {
            self.cache.clear();
        }
        if let Some(bytes) = cache_bytes {
            self.cache.set_capacity(bytes);
        }
        self.say_size();
        (self.wake)();
    }

    fn say_size(&self) {
        let bytes = self.cache.size_bytes();
        self.shared.cache_bytes.store(bytes, Ordering::Relaxed);
    }

    /// Delivers the gather that was asked for, or why there is none. Whether there was one.
    fn answer(&mut self, request: Request) -> bool {
        let Request { position, number } = request;
        let loaded = match self.cache.get(position) {
            Some((gather, was_ahead)) => {
                self.counts.from_cache += 1;
                self.counts.from_ahead += u64::from(was_ahead);
                Ok(gather)
            }
            None => self.load(position, number, false),
        };
        let arrival = match loaded {
            Ok(gather) => Ok(LoadedGather { position, gather }),
            Err(Unloaded::Failed(error)) => Err((position, Arc::new(error))),
            Err(Unloaded::Stale) => return false,
        };
        let found = arrival.is_ok();
        self.counts.answered += 1;
        *self.shared.counts() = self.counts;
        self.results.deliver(arrival);
        self.shared.n_answered.store(number, Ordering::Release);
        (self.wake)();
        found
    }

    /// Loads neighbours into the cache until the next request. Their errors are told when they are asked for.
    fn prefetch(&mut self, request: Request, forward: bool) {
        for away in PREFETCH {
            let away = if forward { away } else { -away };
            let Some(position) = request.position.checked_add_signed(away) else {
                continue;
            };
            if self.shared.is_stale(request.number) {
                return;
            }
            if !self.cache.holds(position) && self.is_worth_prefetching(position) {
                drop(self.load(position, request.number, true));
                *self.shared.counts() = self.counts;
                // The visible gather stays the last to go.
                drop(self.cache.get(request.position));
            }
        }
    }

    fn is_worth_prefetching(&self, position: usize) -> bool {
        let n_traces = self.index.n_traces_of(position);
        let bytes = needed_bytes(self.source.as_ref(), n_traces);
        let fits = bytes.saturating_mul(PREFETCH_SHARE) <= self.cache.capacity_bytes() as u64;
        n_traces > 0 && fits
    }

    fn load(
        &mut self,
        position: usize,
        number: u64,
        is_ahead: bool,
    ) -> Result<Arc<Gather>, Unloaded> {
        let load = || {
            load_unless(
                self.source.as_ref(),
                &self.index,
                position,
                &self.header_names,
                &|| self.shared.is_stale(number),
            )
            .and_then(|gather| Ok(sort_gather(self.source.as_ref(), gather, &self.sort)?))
        };
        let gather = catch_unwind(AssertUnwindSafe(load)).unwrap_or_else(|payload| {
            Err(Unloaded::Failed(BrowseError::Panicked {
                message: words_of(payload.as_ref()),
            }))
        });
        if let Err(Unloaded::Stale) = gather {
            self.counts.given_up += 1;
        }
        let gather = Arc::new(gather?);
        self.counts.loaded_ahead += u64::from(is_ahead);
        self.cache.put(position, Arc::clone(&gather), is_ahead);
        self.say_size();
        Ok(gather)
    }
}

/// The words of a panic, as far as they are text.
pub(super) fn words_of(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without words".to_owned())
}

#[cfg(test)]
#[path = "loader_tests.rs"]
mod tests;
