//! An opened source on the screen: which gathers there are, which is wanted, which is shown.

mod acting;
mod gathers;
mod going;
mod headers;
mod remembering;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::histogram::HistogramPanel;
use super::keys::{default_rows, entry_label};
use super::memory::Shares;
use super::reading::Reading;
use crate::app::messages::Message;
use crate::app::section::{Line, Look, Section};
use crate::app::settings::Settings;
use crate::app::state::DocumentId;
use crate::app::view_memory::ViewMemory;
use crate::app::widgets::RowScroll;
use crate::app::workers::{Newest, Workers};
use crate::browse::{GatherIndex, GatherLoader, LoaderCounts, SortBy, TraceSource};
use crate::job::JobContext;
use crate::view::ClipRange;
use headers::header_thread;

/// Up to so many traces a file that is not imported is indexed by its keys at once.
const INDEX_AT_ONCE: u64 = 200_000;
/// Traces of a panel, where there are no keys.
pub(crate) const PANEL_TRACES: u64 = 200;
/// Columns that are read along with every gather, whatever the keys.
const ALWAYS_READ: [&str; 9] = [
    "orig_field_record_num",
    "trace_num_orig_record",
    "ensemble_num",
    "source_to_receiver_distance",
    "inline",
    "crossline",
    "energy_source_point_num",
    "trace_num_ensemble",
    "shot_point",
];

/// All headers of one trace, or why not.
type TraceHeaders = (u64, Result<Vec<(String, Option<i64>)>, String>);

/// An index, and in it the position of the gather that holds the trace on the screen.
pub(crate) type FoundGathers = (Arc<GatherIndex>, usize);

/// See the module.
pub(crate) struct OpenView {
    id: DocumentId,
    pub(crate) source: Arc<dyn TraceSource>,
    pub(crate) section: Section,
    /// How it is drawn.
    pub(crate) look: Look,
    pub(crate) histogram: HistogramPanel,
    pub(crate) index: Option<Arc<GatherIndex>>,
    loader: Option<GatherLoader>,
    /// How the memory for browsing is shared; `None`: not yet.
    shares: Option<Shares>,
    /// Of the loaders before.
    counts_before: LoaderCounts,
    /// In the index: what the user wants to see, and what is on the screen.
    pub(crate) wanted: usize,
    pub(crate) shown: Option<usize>,
    pub(crate) load_error: Option<Message>,
    pub(crate) indexing: Option<Indexing>,
    generation: u64,
    /// The first trace of the gather on the screen; an index thread seeks its gather.
    trace_on_screen: Arc<AtomicU64>,
    /// Header rows along the top.
    pub(crate) rows: Vec<String>,
    /// By what the traces of a gather are sorted.
    pub(crate) sort: Vec<SortBy>,
    /// The box for a computed key; `None`: closed.
    pub(crate) computed_key: Option<String>,
    /// The go-to box.
    pub(crate) go_to: String,
    pub(crate) focus_go_to: bool,
    /// The list shall scroll to the wanted gather.
    pub(crate) scroll_to_wanted: bool,
    /// Where that list stands.
    pub(crate) list_scroll: RowScroll,
    pub(crate) header_filter: String,
    headers: Newest<u64, TraceHeaders>,
    asked_headers: Option<u64>,
    /// The gather in which they were asked for; in another one the first trace's are wanted.
    asked_headers_in: Option<usize>,
    pub(crate) trace_headers: Option<TraceHeaders>,
    pub(crate) reading: Reading,
    /// A trace that shall be on the screen when its gather is there.
    reveal: Option<u64>,
}

/// An index being built.
#[derive(Debug)]
pub(crate) struct Indexing {
    pub(crate) keys: Vec<String>,
    pub(crate) context: JobContext,
}

impl std::fmt::Debug for OpenView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenView")
            .field("wanted", &self.wanted)
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}

impl OpenView {
    pub(crate) fn new(
        id: DocumentId,
        source: Arc<dyn TraceSource>,
        is_file: bool,
        workers: &Workers,
        settings: &Settings,
        known: Option<&ViewMemory>,
    ) -> Self {
        let facts = source.facts();
        let keys = if is_file && facts.n_traces > INDEX_AT_ONCE {
            Vec::new()
        } else {
            facts.default_keys.clone()
        };
        let headers = header_thread(&source, workers);
        let mut look = settings.look.clone();
        look.forget_what_belongs_to_a_file();
        look.suited_to(facts.amplitude.as_ref());
        let histogram = HistogramPanel::new(Arc::clone(&source), workers);
        let mut view = Self {
            id,
            reading: Reading::new(&source, workers),
            reveal: None,
            rows: default_rows(&facts.header_names, &facts.default_keys),
            look,
            histogram,
            source,
            section: Section::new(workers.waker()),
            index: None,
            loader: None,
            shares: None,
            counts_before: LoaderCounts::default(),
            wanted: 0,
            shown: None,
            load_error: None,
            indexing: None,
            generation: 0,
            trace_on_screen: Arc::default(),
            sort: Vec::new(),
            computed_key: None,
            go_to: String::new(),
            focus_go_to: false,
            scroll_to_wanted: true,
            list_scroll: RowScroll::default(),
            header_filter: String::new(),
            headers,
            asked_headers: None,
            asked_headers_in: None,
            trace_headers: None,
        };
        match known {
            Some(known) => view.recall(known, keys, workers),
            None => view.start_indexing(keys, workers),
        }
        view
    }

    /// Goes on with the same traces from another source: a file has become a dataset. What is on the
    /// screen stays until the new source has drawn it.
    pub(crate) fn change_source(
        &mut self,
        source: Arc<dyn TraceSource>,
        workers: &Workers,
        settings: &Settings,
    ) {
        self.headers = header_thread(&source, workers);
        self.asked_headers = None;
        self.source = source;
        if self.section.line().is_some() {
            let line = Line::new(Arc::clone(&self.source), workers);
            self.section.change_line(line);
        }
        let indexing = self.indexing.as_ref().map(|indexing| indexing.keys.clone());
        if let Some(keys) = indexing {
            self.start_indexing(keys, workers);
        } else {
            // The same traces have the same keys: the index stays, and so does what is shown.
            let shown = self.shown;
            drop(self.start_loader(workers, settings));
            self.shown = shown;
            self.scroll_to_wanted = false;
        }
    }

    /// The clip as it is meant: that of the picture grows with the zoom, from afar.
    pub(crate) fn clip(&self) -> Option<ClipRange> {
        let of_source = self
            .look
            .dataset_clip(self.source.facts().amplitude.as_ref());
        let meant = of_source.map(|clip| self.look.range_of(clip));
        meant.or_else(|| self.section.clip())
    }

    /// Takes another look; reads the column along that traces shall stand at.
    pub(crate) fn set_look(
        &mut self,
        look: Look,
        workers: &Workers,
        settings: &Settings,
    ) -> Vec<Message> {
        self.look = look;
        let unread = self.look.position_by.as_ref().is_some_and(|column| {
            let read = self.section.gather();
            read.is_some_and(|g| g.headers.iter().all(|row| row.name != *column))
        });
        if unread {
            self.start_loader(workers, settings)
        } else {
            Vec::new()
        }
    }

    /// As if it was opened for the first time.
    fn reset(&mut self, workers: &Workers, settings: &mut Settings) -> Vec<Message> {
        let facts = self.source.facts();
        let mut look = Look::default();
        look.suited_to(facts.amplitude.as_ref());
        settings.look = Look::default();
        settings.navigator_open = true;
        settings.inspector_open = true;
        self.look = look;
        self.rows = default_rows(&facts.header_names, &facts.default_keys);
        self.sort = Vec::new();
        self.section.pins.clear();
        self.section.follow(None);
        self.start_loader(workers, settings)
    }

    /// Takes what the loader and the header thread have.
    pub(crate) fn keep_time(&mut self) -> Option<Duration> {
        self.take_gathers();
        if let Some(answer) = self.headers.poll() {
            self.trace_headers = Some(answer);
        }
        self.reading.keep_time(&self.section);
        if let Some(trace) = self.chosen_trace() {
            self.asked_headers_in = self.shown;
            if self.asked_headers.replace(trace) != Some(trace) {
                self.headers.request(trace);
            }
        }
        let late = self.section.line().is_none()
            && self.shown != Some(self.wanted)
            && self.loader.is_some()
            && self.load_error.is_none();
        self.section.set_late(late);
        self.section.stale = self.load_error.is_some() && self.section.line().is_none();
        if self.indexing.is_some() {
            return Some(Duration::from_millis(100));
        }
        self.section.wake_after()
    }

    fn take_gathers(&mut self) {
        let Some(loader) = &self.loader else {
            return;
        };
        for arrived in loader.poll() {
            match arrived {
                Ok(loaded) if loaded.position == self.wanted => {
                    if self.section.line().is_none()
                        && let Some(&first) = loaded.gather.trace_indices.first()
                    {
                        self.trace_on_screen.store(first, Ordering::Relaxed);
                    }
                    self.section.set_gather(loaded.gather);
                    self.shown = Some(loaded.position);
                    if let Some(trace) = self.reveal.take() {
                        self.section.reveal(trace);
                    }
                    self.load_error = None;
                }
                Err((position, error)) if position == self.wanted => {
                    self.load_error = Some(Message::from_error(
                        "This gather cannot be shown",
                        &*error,
                        None,
                    ));
                }
                Ok(_) | Err(_) => {}
            }
        }
    }

    /// Gives each part its share of the budget; at once where the share has changed.
    pub(crate) fn share_memory(&mut self, budget_bytes: usize, is_shown: bool) {
        let is_line = self.section.line().is_some();
        let shares = Shares::of(budget_bytes, is_shown, is_line);
        if let Some(line) = self.section.line_mut() {
            line.set_limits(shares.tiles, shares.traces);
        }
        if self.shares.replace(shares) != Some(shares)
            && let Some(loader) = &self.loader
        {
            loader.set_cache_bytes(shares.gathers);
        }
    }

    /// Forgets what is not on the screen.
    fn clear_cache(&mut self) {
        if let Some(loader) = &self.loader {
            loader.clear_cache();
        }
        if let Some(line) = self.section.line_mut() {
            line.clear();
        }
    }

    /// What all loaders of this view have done.
    pub(crate) fn loader_counts(&self) -> LoaderCounts {
        let now = self.loader.as_ref().map(|l| l.status().counts);
        self.counts_before.and(now.unwrap_or_default())
    }

    /// Whether what is wanted is on the screen, and nothing finer is on its way.
    pub(crate) fn is_settled(&self) -> bool {
        let is_line = self.section.line().is_some();
        let here = is_line || (self.index.is_some() && self.shown == Some(self.wanted));
        (here || self.load_error.is_some()) && self.section.is_settled()
    }

    /// Bytes that are kept for browsing.
    pub(crate) fn cache_bytes(&self) -> usize {
        let line = self.section.line().map_or(0, Line::size_bytes);
        line + self.loader.as_ref().map_or(0, |l| l.status().cache_bytes)
    }

    /// The keys between whose gathers lines stand along the whole line: panels have none.
    pub(crate) fn separating_keys(&self) -> Vec<String> {
        self.index
            .as_ref()
            .map_or_else(Vec::new, |index| index.keys.clone())
    }

    /// "CDP 1500" of what is on the screen.
    pub(crate) fn gather_title(&self) -> Option<String> {
        if self.section.line().is_some() {
            return Some("Whole line".to_owned());
        }
        let index = self.index.as_ref()?;
        Some(entry_label(index, &index.key(self.shown?)?))
    }
}

/// Whether a key is a header column, not computed.
pub(super) fn is_column(key: &str) -> bool {
    key.chars().all(|c| c.is_alphanumeric() || c == '_')
}
