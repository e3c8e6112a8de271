//! How does a whole line come to the window, at any zoom, without the window ever waiting?
//!
//! A worker thread owns the source. A request says what the window shows: tiles for a picture from
//! afar, or the traces themselves once they are few. The newest request wins; a tile that the new
//! one wants too is finished first. Tiles come coarse first, then finer; how bright they shall be is
//! known before that.
//!
//! ```text
//! window ─request─► slot of one ─► worker: traces, coarse tiles, finer tiles ─► parts ─poll─► window
//! ```

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, unbounded};

use super::brightness::Brightness;
use super::load::{Unloaded, load_range_unless};
use super::loader::words_of;
use super::overview::{Coarseness, OverviewTile, TileKey, make_tile, recipes};
use super::tiles::Wanted;
use super::{BrowseError, Gather, TraceSource};

/// What the window shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LineRequest {
    /// Tiles, the most wanted first.
    pub tiles: Vec<Wanted>,
    /// Down the picture: no finer cells are needed.
    pub samples_a_pixel: f64,
    /// Traces to be read themselves.
    pub traces: Option<Range<u64>>,
    /// Headers to be read with them.
    pub header_names: Vec<String>,
    /// The number of the last part that the window has taken: what came later is not wanted twice.
    pub taken: u64,
}

/// What arrives.
#[derive(Debug)]
pub enum LinePart {
    /// A part of the picture from afar.
    Tile(OverviewTile),
    /// The traces that were asked for.
    Traces(Range<u64>, Arc<Gather>),
    /// How much extremes grow with the zoom; once.
    Brightness(Brightness),
    /// Why something did not come.
    Failed(BrowseError),
}

/// Loads a line on a thread of its own. Dropping it ends the thread.
#[derive(Debug)]
pub struct LineLoader {
    shared: Arc<Shared>,
    parts: Receiver<(u64, LinePart)>,
    thread: Option<JoinHandle<()>>,
}

impl LineLoader {
    /// Starts the thread. `wake` is called whenever something arrived.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub fn spawn(
        source: Arc<dyn TraceSource>,
        wake: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        // No more parts than the newest request wants are ever under way.
        let (sender, parts) = unbounded();
        let worker = Worker {
            source,
            shared: Arc::clone(&shared),
            sender,
            wake,
            delivered: Vec::new(),
            n_parts: 0,
            failed: Vec::new(),
        };
        let thread = std::thread::Builder::new()
            .name("line loader".to_owned())
            .spawn(move || worker.run())?;
        Ok(Self {
            shared,
            parts,
            thread: Some(thread),
        })
    }

    /// Says what the window shows now. Never waits.
    pub fn request(&self, request: LineRequest) {
        self.shared.lock().request = Some(request);
        self.shared.changed.notify_one();
    }

    /// What arrived since the last call, with its number, without waiting.
    pub fn poll(&self) -> Vec<(u64, LinePart)> {
        self.parts.try_iter().collect()
    }

    /// Whether something is being read.
    pub fn is_busy(&self) -> bool {
        let slot = self.shared.lock();
        slot.busy || slot.request.is_some()
    }
}

impl Drop for LineLoader {
    fn drop(&mut self) {
        self.shared.lock().stopped = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // Panics of a load are caught inside.
            drop(thread.join());
        }
    }
}

#[derive(Debug, Default)]
struct Shared {
    slot: Mutex<Slot>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Slot {
    request: Option<LineRequest>,
    stopped: bool,
    busy: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Slot> {
        // Nothing that can panic runs while the slot is locked.
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a request; `None` once stopped.
    fn next(&self) -> Option<LineRequest> {
        let mut slot = self.lock();
        slot.busy = false;
        loop {
            if slot.stopped {
                return None;
            }
            if let Some(request) = slot.request.take() {
                slot.busy = true;
                return Some(request);
            }
            slot = self
                .changed
                .wait(slot)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Whether there is a newer request, or the end.
    fn has_news(&self) -> bool {
        let slot = self.lock();
        slot.stopped || slot.request.is_some()
    }

    /// Whether there is a newer request that does not want this tile, or the end.
    fn is_needless(&self, key: TileKey) -> bool {
        let slot = self.lock();
        let newer = slot.request.as_ref();
        slot.stopped || newer.is_some_and(|r| r.tiles.iter().all(|w| w.key != key))
    }

    fn is_needless_range(&self, traces: &Range<u64>) -> bool {
        let slot = self.lock();
        let newer = slot.request.as_ref();
        slot.stopped || newer.is_some_and(|r| r.traces.as_ref() != Some(traces))
    }
}

struct Worker<W> {
    source: Arc<dyn TraceSource>,
    shared: Arc<Shared>,
    sender: Sender<(u64, LinePart)>,
    wake: W,
    /// What the window may not have seen yet when it made its request.
    delivered: Vec<(u64, TileKey, Coarseness)>,
    n_parts: u64,
    /// Tiles that could not be read: said once.
    failed: Vec<(TileKey, Coarseness)>,
}

/// Deliveries that are remembered: more than one request wants.
const REMEMBERED: usize = 256;

impl<W: Fn()> Worker<W> {
    fn run(mut self) {
        // With reduced levels a tenth of a second; of a file, that could keep the picture waiting.
        let measures_first = !self.source.overview_levels().is_empty();
        let mut measured = false;
        while let Some(request) = self.shared.next() {
            self.traces(&request);
            if measures_first && !std::mem::replace(&mut measured, true) {
                self.measure();
            }
            self.tiles(&request, true);
            if !std::mem::replace(&mut measured, true) {
                self.measure();
            }
            self.tiles(&request, false);
        }
    }

    /// Whatever is wanted next: a picture without it is too bright.
    fn measure(&mut self) {
        let source = Arc::clone(&self.source);
        let found = caught(|| Brightness::measure(source.as_ref()).map_err(Into::into));
        if let Ok(found) = found {
            self.deliver(LinePart::Brightness(found));
        }
    }

    fn deliver(&mut self, part: LinePart) {
        self.n_parts += 1;
        if let LinePart::Tile(tile) = &part {
            self.delivered
                .push((self.n_parts, tile.key, tile.coarseness));
            if self.delivered.len() > REMEMBERED {
                self.delivered.remove(0);
            }
        }
        // The window may be gone; then nobody wants the part.
        drop(self.sender.send((self.n_parts, part)));
        (self.wake)();
    }

    fn traces(&mut self, request: &LineRequest) {
        let Some(traces) = request.traces.clone() else {
            return;
        };
        let (source, shared) = (Arc::clone(&self.source), Arc::clone(&self.shared));
        let stale = || shared.is_needless_range(&traces);
        let load = || {
            load_range_unless(
                source.as_ref(),
                traces.clone(),
                &request.header_names,
                &stale,
            )
        };
        match caught(load) {
            Ok(gather) => self.deliver(LinePart::Traces(traces, Arc::new(gather))),
            Err(Unloaded::Failed(error)) => self.deliver(LinePart::Failed(error)),
            Err(Unloaded::Stale) => {}
        }
    }

    /// All tiles as quickly as possible, or as well as possible.
    fn tiles(&mut self, request: &LineRequest, quick: bool) {
        for wanted in &request.tiles {
            if self.shared.has_news() {
                return;
            }
            let have = self.have_now(wanted, request.taken);
            if !(quick && have.is_some()) {
                self.tile(wanted.key, have, request.samples_a_pixel, quick);
            }
        }
    }

    /// What the window will have of a tile once it has taken all that was delivered.
    fn have_now(&self, wanted: &Wanted, taken: u64) -> Option<Coarseness> {
        self.delivered
            .iter()
            .filter(|(number, key, _)| *number > taken && *key == wanted.key)
            .map(|(_, _, coarseness)| *coarseness)
            .chain(wanted.have)
            .min()
    }

    fn tile(&mut self, key: TileKey, have: Option<Coarseness>, samples_a_pixel: f64, quick: bool) {
        let ways = recipes(self.source.as_ref(), key, samples_a_pixel);
        let ways = ways
            .into_iter()
            .filter(|way| have.is_none_or(|have| way.coarseness() < have));
        for way in ways {
            if self.failed.contains(&(key, way.coarseness())) {
                continue;
            }
            let (source, shared) = (Arc::clone(&self.source), Arc::clone(&self.shared));
            let made =
                caught(|| make_tile(source.as_ref(), key, &way, &|| shared.is_needless(key)));
            match made {
                Ok(tile) => self.deliver(LinePart::Tile(tile)),
                Err(Unloaded::Failed(error)) => {
                    self.failed.push((key, way.coarseness()));
                    self.deliver(LinePart::Failed(error));
                    continue;
                }
                Err(Unloaded::Stale) => return,
            }
            if quick {
                return;
            }
        }
    }
}

/// A panic is an error that someone reads.
fn caught<T>(load: impl FnOnce() -> Result<T, Unloaded>) -> Result<T, Unloaded> {
    catch_unwind(AssertUnwindSafe(load)).unwrap_or_else(|payload| {
        Err(Unloaded::Failed(BrowseError::Panicked {
            message: words_of(payload.as_ref()),
        }))
    })
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
