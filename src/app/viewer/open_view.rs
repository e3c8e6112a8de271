//! An opened source on the screen: which gathers there are, which is wanted, which is shown.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::histogram::HistogramPanel;
use super::keys::{default_rows, entry_label, key_from_text, range_from_text};
use super::memory::Shares;
use super::reading::Reading;
use super::{ViewerCommand, ViewerEvent};
use crate::app::command::Action;
use crate::app::messages::{Message, Severity};
use crate::app::section::{Line, Look, Section};
use crate::app::settings::Settings;
use crate::app::state::DocumentId;
use crate::app::view_memory::ViewMemory;
use crate::app::workers::{Event, Newest, Workers};
use crate::app::{names, numbers};
use crate::browse::{Computed, GatherIndex, GatherLoader, LoaderCounts, SortBy, TraceSource};
use crate::job::JobContext;
use crate::view::ClipRange;

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

    /// As it was looked at last time, as far as the columns are still there.
    fn recall(&mut self, known: &ViewMemory, usual_keys: Vec<String>, workers: &Workers) {
        let there = |name: &String| {
            self.source.facts().header_names.contains(name)
                || (!is_column(name) && Computed::parse(name).is_ok())
        };
        let rows: Vec<String> = known.rows.iter().filter(|r| there(r)).cloned().collect();
        let sort = known.sort_by();
        let sort_fits = sort.iter().all(|by| there(&by.key));
        let keys_fit = known.keys.iter().all(there);
        self.look = known.look.clone();
        self.look.position_by = known.look.position_by.clone().filter(|name| there(name));
        self.rows = rows;
        if sort_fits {
            self.sort = sort;
        }
        self.trace_on_screen.store(known.trace, Ordering::Relaxed);
        if known.line {
            self.show_line(workers);
        }
        self.section.follow(known.section_window());
        let keys = if keys_fit {
            known.keys.clone()
        } else {
            usual_keys
        };
        self.start_indexing(keys, workers);
    }

    /// How it is looked at, to be kept.
    pub(crate) fn memory(&self, settings: &Settings) -> ViewMemory {
        let by = |by: &SortBy| (by.key.clone(), by.descending);
        let mut memory = ViewMemory {
            look: self.look.clone(),
            keys: self.keys_now(),
            sort: self.sort.iter().map(by).collect(),
            rows: self.rows.clone(),
            trace: self.trace_on_screen.load(Ordering::Relaxed),
            window: None,
            line: self.section.line().is_some(),
            navigator_open: settings.navigator_open,
            inspector_open: settings.inspector_open,
        };
        memory.set_window(self.section.zoomed_window());
        memory
    }

    /// Keys of the index, or of the one that is being built where there is none yet.
    fn keys_now(&self) -> Vec<String> {
        let of_index = self.index.as_ref().map(|index| index.keys.clone());
        let coming = self.indexing.as_ref().map(|indexing| indexing.keys.clone());
        of_index.or(coming).unwrap_or_default()
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

    fn start_indexing(&mut self, keys: Vec<String>, workers: &Workers) {
        self.cancel_indexing();
        self.generation += 1;
        let (id, generation) = (self.id, self.generation);
        let (source, by) = (Arc::clone(&self.source), keys.clone());
        let on_screen = Arc::clone(&self.trace_on_screen);
        let context = workers.start("index", move |context| {
            let result = GatherIndex::build(&*source, &by, PANEL_TRACES, context)
                .map(|index| {
                    index.map(|index| {
                        let trace = on_screen.load(Ordering::Relaxed);
                        let position = index.find_trace(trace).unwrap_or(0);
                        (Arc::new(index), position)
                    })
                })
                .map_err(|e| Message::from_error("The gathers could not be found", &e, None));
            Event::Viewer(id, ViewerEvent::Indexed { generation, result })
        });
        self.indexing = Some(Indexing { keys, context });
    }

    fn cancel_indexing(&mut self) {
        if let Some(indexing) = self.indexing.take() {
            indexing.context.cancel.cancel();
        }
    }

    /// Takes a new index: the gather that holds the trace on the screen stays on the screen.
    pub(crate) fn indexed(
        &mut self,
        generation: u64,
        result: Result<Option<FoundGathers>, Message>,
        workers: &Workers,
        settings: &Settings,
    ) -> Vec<Message> {
        if generation != self.generation {
            return Vec::new();
        }
        self.indexing = None;
        match result {
            Ok(Some(index)) => {
                let (index, position) = index;
                self.wanted = position;
                if let (Some(now), Some(loader)) = (&self.index, &self.loader)
                    && Arc::ptr_eq(now, &index)
                {
                    loader.request(position);
                    self.scroll_to_wanted = true;
                    return Vec::new();
                }
                self.index = Some(index);
                self.start_loader(workers, settings)
            }
            Ok(None) => Vec::new(),
            Err(message) => {
                if self.index.is_none() {
                    // Without any index nothing could be shown: consecutive traces always can.
                    self.start_indexing(Vec::new(), workers);
                }
                vec![message]
            }
        }
    }

    fn start_loader(&mut self, workers: &Workers, settings: &Settings) -> Vec<Message> {
        if let Some(loader) = self.loader.take() {
            self.counts_before = self.counts_before.and(loader.status().counts);
            Workers::drop_elsewhere(loader);
        }
        self.shares = None;
        self.shown = None;
        self.load_error = None;
        self.scroll_to_wanted = true;
        let Some(index) = &self.index else {
            return Vec::new();
        };
        let loader = GatherLoader::spawn_sorted(
            Arc::clone(&self.source),
            Arc::clone(index),
            (self.columns_to_read(), self.sort.clone()),
            settings.cache_mib << 20,
            workers.waker(),
        );
        match loader {
            Ok(loader) => {
                loader.request(self.wanted);
                self.loader = Some(loader);
                Vec::new()
            }
            Err(error) => vec![Message::from_error(
                "Gathers cannot be loaded",
                &error,
                None,
            )],
        }
    }

    fn columns_to_read(&self) -> Vec<String> {
        let known = &self.source.facts().header_names;
        let mut columns: Vec<String> = self.index.iter().flat_map(|i| i.keys.clone()).collect();
        columns.extend(self.rows.iter().cloned());
        columns.extend(self.look.position_by.iter().cloned());
        columns.extend(ALWAYS_READ.iter().map(|&name| name.to_owned()));
        let mut seen = std::collections::HashSet::new();
        columns.retain(|name| {
            let computed = !is_column(name) && Computed::parse(name).is_ok();
            (computed || known.contains(name)) && seen.insert(name.clone())
        });
        columns
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

    /// The trace whose headers are wanted: under the cursor, or the first one.
    pub(crate) fn chosen_trace(&self) -> Option<u64> {
        let under = self.section.hit.map(|hit| hit.trace);
        let trace = under.or_else(|| (self.asked_headers_in != self.shown).then_some(0))?;
        self.section.trace_index(trace)
    }

    /// A header value of a trace on the screen, as far as it is in memory.
    pub(crate) fn header_value(&self, name: &str, trace: usize) -> Option<i64> {
        let pinned = || {
            let index = self.section.trace_index(trace)?;
            self.reading.pins.value(index, name)
        };
        self.section
            .header_value(name, trace)
            .or_else(pinned)
            .or_else(|| {
                let (known, headers) = self.trace_headers.as_ref()?;
                if Some(*known) != self.section.trace_index(trace) {
                    return None;
                }
                let (_, value) = headers.as_ref().ok()?.iter().find(|(n, _)| n == name)?;
                *value
            })
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

    /// Shows the whole line as one section.
    fn show_line(&mut self, workers: &Workers) {
        if self.section.line().is_none() {
            self.cancel_indexing();
            let line = Line::new(Arc::clone(&self.source), workers);
            self.section.set_line(Some(line));
        }
    }

    /// Shows gathers again: the one that holds the trace in the window's middle, where there is one.
    fn leave_line(&mut self, workers: &Workers) {
        if self.section.line().is_none() {
            return;
        }
        if let Some(window) = self.section.window() {
            let middle = window.first_trace + window.n_traces / 2.0;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a trace of the line; saturates"
            )]
            self.trace_on_screen.store(middle as u64, Ordering::Relaxed);
        }
        self.section.set_line(None);
        self.shown = None;
        if let Some(index) = self.index.clone() {
            self.find_gather(index, workers);
        }
    }

    /// Goes to the gather that holds the trace on the screen; sought on a thread, there may be millions.
    fn find_gather(&mut self, index: Arc<GatherIndex>, workers: &Workers) {
        self.generation += 1;
        let (id, generation) = (self.id, self.generation);
        let trace = self.trace_on_screen.load(Ordering::Relaxed);
        workers.start("find gather", move |_| {
            let position = index.find_trace(trace).unwrap_or(0);
            let result = Ok(Some((index, position)));
            Event::Viewer(id, ViewerEvent::Indexed { generation, result })
        });
    }

    /// Pins a trace and brings it onto the screen: its gather is shown, if it is another one.
    fn show_trace(&mut self, trace: u64, workers: &Workers) {
        self.section.pins = vec![trace];
        if self.section.reveal(trace) {
            return;
        }
        self.reveal = Some(trace);
        self.trace_on_screen.store(trace, Ordering::Relaxed);
        let Some(index) = self.index.clone() else {
            return;
        };
        self.generation += 1;
        let (id, generation) = (self.id, self.generation);
        workers.start("find gather", move |_| {
            let found = index.find_trace(trace).map(|position| (index, position));
            let result = found.map(Some).ok_or_else(|| {
                let sentence = format!(
                    "Trace {} is in no gather by this key. Choose another key, or the whole line.",
                    numbers::count(trace + 1)
                );
                Message::new(Severity::Warning, "Show trace", sentence)
            });
            Event::Viewer(id, ViewerEvent::Indexed { generation, result })
        });
    }

    /// Goes to a position; never waits.
    pub(super) fn go(&mut self, position: usize) {
        let last = self.index.as_ref().map_or(0, |i| i.len().saturating_sub(1));
        let position = position.min(last);
        if position == self.wanted && self.load_error.is_none() {
            return;
        }
        self.wanted = position;
        self.load_error = None;
        self.scroll_to_wanted = true;
        if let Some(loader) = &self.loader {
            loader.request(position);
        }
    }

    pub(crate) fn execute(
        &mut self,
        command: ViewerCommand,
        workers: &Workers,
        settings: &mut Settings,
        ctx: &egui::Context,
    ) -> Vec<Message> {
        match command {
            ViewerCommand::Act(Action::WholeLine) => {
                if self.section.line().is_none() {
                    self.show_line(workers);
                } else {
                    self.leave_line(workers);
                }
                Vec::new()
            }
            ViewerCommand::Act(Action::ResetView) => self.reset(workers, settings),
            ViewerCommand::Act(action) => {
                self.act(action, settings, ctx);
                Vec::new()
            }
            ViewerCommand::SetKeys(keys) => {
                self.leave_line(workers);
                if self.index.as_ref().is_none_or(|index| index.keys != keys) {
                    self.start_indexing(keys, workers);
                }
                Vec::new()
            }
            ViewerCommand::SetSort(sort) => {
                self.sort = sort;
                self.start_loader(workers, settings)
            }
            ViewerCommand::ShowLine => {
                self.show_line(workers);
                Vec::new()
            }
            ViewerCommand::CancelIndexing => {
                self.cancel_indexing();
                Vec::new()
            }
            ViewerCommand::ClearCache => {
                self.clear_cache();
                Vec::new()
            }
            ViewerCommand::Go(position) => {
                self.go(position);
                Vec::new()
            }
            ViewerCommand::GoToText => self.go_to_text(),
            ViewerCommand::SetRows(rows) => {
                let in_line = self.section.line().is_some();
                let unread = rows.iter().any(|row| {
                    in_line
                        || !self
                            .section
                            .gather()
                            .is_some_and(|g| g.headers.iter().any(|h| h.name == *row))
                });
                self.rows = rows;
                if unread {
                    self.start_loader(workers, settings)
                } else {
                    Vec::new()
                }
            }
            ViewerCommand::ShowTrace(trace) => {
                self.show_trace(trace, workers);
                Vec::new()
            }
            ViewerCommand::CloseHistogram => {
                self.histogram.open = false;
                Vec::new()
            }
            ViewerCommand::SetLook(_)
            | ViewerCommand::SetReading(_)
            | ViewerCommand::ChangeLook(_)
            | ViewerCommand::Compare(_)
            | ViewerCommand::Retry
            | ViewerCommand::CancelOpening => Vec::new(),
        }
    }

    fn act(&mut self, action: Action, settings: &mut Settings, ctx: &egui::Context) {
        let last = self.index.as_ref().map_or(0, |i| i.len().saturating_sub(1));
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "all other actions are somebody else's"
        )]
        match action {
            Action::NextGather if self.section.line().is_some() => self.section.pan(0.25, 0.0),
            Action::PreviousGather if self.section.line().is_some() => self.section.pan(-0.25, 0.0),
            Action::ForwardTen if self.section.line().is_some() => self.section.pan(1.0, 0.0),
            Action::BackTen if self.section.line().is_some() => self.section.pan(-1.0, 0.0),
            Action::FirstGather if self.section.line().is_some() => self.section.pan(-1e12, 0.0),
            Action::LastGather if self.section.line().is_some() => self.section.pan(1e12, 0.0),
            Action::NextGather => self.go(self.wanted + 1),
            Action::PreviousGather => self.go(self.wanted.saturating_sub(1)),
            Action::ForwardTen => self.go(self.wanted + 10),
            Action::BackTen => self.go(self.wanted.saturating_sub(10)),
            Action::FirstGather => self.go(0),
            Action::LastGather => self.go(last),
            Action::GoTo => {
                settings.navigator_open = true;
                self.focus_go_to = true;
                ctx.request_repaint();
            }
            Action::Fit => self.section.fit(),
            Action::PreviousZoom => self.section.previous_zoom(),
            Action::NextZoom => self.section.next_zoom(),
            Action::OneToOne => self.section.one_to_one(),
            Action::Histogram => self.histogram.open = !self.histogram.open,
            Action::ZoomIn => self.section.zoom(1.25, 1.25, 0.5, 0.5),
            Action::ZoomOut => self.section.zoom(0.8, 0.8, 0.5, 0.5),
            Action::PageTracesForward => self.section.pan(0.9, 0.0),
            Action::PageTracesBack => self.section.pan(-0.9, 0.0),
            Action::PanDown => self.section.pan(0.0, 0.1),
            Action::PanUp => self.section.pan(0.0, -0.1),
            Action::PinTrace => {
                let under = self.section.hit.map(|hit| hit.trace);
                if let Some(trace) = under.and_then(|t| self.section.trace_index(t)) {
                    self.section.toggle_pin(trace, false);
                }
            }
            Action::ToggleFileHeaders => self.reading.file.is_open = !self.reading.file.is_open,
            Action::Escape if self.reading.file.is_open => self.reading.file.is_open = false,
            Action::Escape => {
                self.section.pins.clear();
                self.section.selection = None;
            }
            _ => {}
        }
    }

    /// To a trace or a range of traces of the line, counted from 1.
    fn go_to_traces(&mut self) -> Vec<Message> {
        let n_traces = self.source.facts().n_traces;
        let Some(traces) = range_from_text(&self.go_to) else {
            let sentence = format!(
                "\"{}\" is not a trace and not a range of traces. Type 1500, or 1500-2400.",
                self.go_to
            );
            return vec![Message::new(Severity::Warning, "Go to", sentence)];
        };
        if traces.start >= n_traces {
            let sentence = format!(
                "There is no trace {}: the line has {}.",
                numbers::count(traces.start + 1),
                numbers::count(n_traces)
            );
            return vec![Message::new(Severity::Warning, "Go to", sentence)];
        }
        if traces.end - traces.start == 1 {
            let span = self
                .section
                .window()
                .map_or(200.0, |w| w.n_traces.min(200.0));
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between 1 and 200"
            )]
            let half = (span / 2.0) as u64;
            let first = traces.start.saturating_sub(half);
            self.section
                .look_at_traces(&(first..(traces.end + half).min(n_traces)));
            self.section.pins = vec![traces.start];
        } else {
            self.section
                .look_at_traces(&(traces.start..traces.end.min(n_traces)));
        }
        Vec::new()
    }

    fn go_to_text(&mut self) -> Vec<Message> {
        if self.section.line().is_some() {
            return self.go_to_traces();
        }
        let Some(index) = self.index.clone() else {
            return Vec::new();
        };
        let say = |sentence: String| vec![Message::new(Severity::Warning, "Go to", sentence)];
        let Some(key) = key_from_text(&self.go_to) else {
            return say(format!(
                "\"{}\" is not a whole number. Type the value of the key, as in 1500.",
                self.go_to
            ));
        };
        match index.find(&key) {
            Some(Ok(position)) => {
                self.go(position);
                Vec::new()
            }
            Some(Err(position)) => {
                self.go(position);
                let near = index
                    .get(position)
                    .map(|entry| entry_label(&index, &entry.key))
                    .unwrap_or_default();
                let asked = self.go_to.trim().to_owned();
                let what = index
                    .keys
                    .first()
                    .map_or_else(|| "panel".to_owned(), |k| names::label(k));
                say(format!(
                    "There is no {what} {asked}. The nearest is {near}."
                ))
            }
            None => say("There are no gathers.".to_owned()),
        }
    }

    /// "CDP 1500" of what is on the screen.
    pub(crate) fn gather_title(&self) -> Option<String> {
        if self.section.line().is_some() {
            return Some("Whole line".to_owned());
        }
        let index = self.index.as_ref()?;
        Some(entry_label(index, index.key(self.shown?)?))
    }
}

/// Reads all headers of a trace.
fn header_thread(source: &Arc<dyn TraceSource>, workers: &Workers) -> Newest<u64, TraceHeaders> {
    let reader = Arc::clone(source);
    Newest::spawn("headers", workers.waker(), move |trace: u64| {
        let headers = reader.read_all_headers(trace);
        (trace, headers.map_err(|e| e.to_string()))
    })
}

/// Whether a key is a header column, not computed.
pub(super) fn is_column(key: &str) -> bool {
    key.chars().all(|c| c.is_alphanumeric() || c == '_')
}
