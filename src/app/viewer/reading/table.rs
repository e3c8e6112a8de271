//! The table of trace headers: which rows and columns it shows, what it is sorted and filtered by.

use std::sync::Arc;

use super::column_choice::ordered;
use super::table_rows::{Order, Sheet, TableRows};
use super::task::Task;
use super::{ReadingSettings, Waker};
use crate::app::widgets::RowScroll;
use crate::app::{names, numbers};
use crate::browse::{
    MOST_OF_A_FILE, TableProgress, TableQuery, TraceSource, read_strip, table_order,
};

/// Columns shown before any were chosen.
const USUAL: usize = 14;

/// Smallest and largest of a column over all rows.
pub(super) type Extent = (f64, f64);

/// A query that runs.
pub(super) struct Running {
    task: Task<Vec<u32>>,
    pub(super) query: TableQuery,
    progress: TableProgress,
}

/// See the module.
pub(crate) struct HeaderTable {
    pub(super) source: Arc<dyn TraceSource>,
    waker: Waker,
    pub(super) rows: TableRows,
    /// As typed.
    pub(super) filter: String,
    /// What is shown now.
    pub(super) query: TableQuery,
    order: Order,
    pub(super) running: Option<Running>,
    pub(super) error: Option<String>,
    /// The uppermost row on the screen.
    pub(super) scroll: RowScroll,
    /// The pinned trace that was last scrolled to.
    pub(super) followed: Option<u64>,
    pub(super) column_filter: String,
    extents: Option<Task<Vec<(String, Extent)>>>,
    extents_of: Vec<String>,
    pub(super) known_extents: Vec<(String, Extent)>,
}

impl HeaderTable {
    pub(super) fn new(source: &Arc<dyn TraceSource>, waker: &Waker) -> Self {
        Self {
            rows: TableRows::new(source, waker),
            source: Arc::clone(source),
            waker: Arc::clone(waker),
            filter: String::new(),
            query: TableQuery::default(),
            order: None,
            running: None,
            error: None,
            scroll: RowScroll::default(),
            followed: None,
            column_filter: String::new(),
            extents: None,
            extents_of: Vec::new(),
            known_extents: Vec::new(),
        }
    }

    /// The columns on the screen.
    pub(super) fn columns(&self, settings: &ReadingSettings) -> Vec<String> {
        let known = self.source.number_names();
        let chosen = settings.table_columns.iter().filter(|n| known.contains(n));
        let columns: Vec<String> = chosen.cloned().collect();
        if !columns.is_empty() {
            return columns;
        }
        let common = ordered(known).into_iter();
        common
            .filter(|name| names::COMMON.contains(&name.as_str()))
            .take(USUAL)
            .collect()
    }

    /// What the rows are now.
    pub(super) fn sheet(&self, settings: &ReadingSettings) -> Sheet {
        let n_traces = self.source.facts().n_traces;
        Sheet {
            columns: self.columns(settings),
            n_rows: self.order.as_ref().map_or(n_traces, |o| o.len() as u64),
            order: self.order.clone(),
        }
    }

    /// Takes what threads found.
    pub(super) fn take(&mut self, settings: &ReadingSettings) {
        if let Some(running) = &self.running
            && let Some(done) = running.task.poll()
        {
            match done {
                Ok(order) => {
                    self.query = running.query.clone();
                    self.order = Some(Arc::new(order));
                    self.error = None;
                    self.scroll.rewind();
                    self.followed = None;
                }
                Err(why) => self.error = Some(why),
            }
            self.running = None;
        }
        if let Some(task) = &self.extents
            && let Some(done) = task.poll()
        {
            self.known_extents = done.unwrap_or_default();
            self.extents = None;
        }
        let columns = self.columns(settings);
        if self.extents_of != columns {
            self.extents_of.clone_from(&columns);
            self.start_extents(columns);
        }
    }

    /// Looks through all rows for columns that never change.
    fn start_extents(&mut self, columns: Vec<String>) {
        let source = Arc::clone(&self.source);
        let known = self.known_extents.clone();
        self.extents = Some(Task::start("extents", &self.waker, move |cancel| {
            let n = source.facts().n_traces;
            let mut all = Vec::new();
            for name in columns {
                if let Some(found) = known.iter().find(|(n, _)| *n == name) {
                    all.push(found.clone());
                    continue;
                }
                let stop = || cancel.is_cancelled();
                let strip = read_strip(&*source, &name, &(0..n), 1, &stop);
                if let Some(strip) = strip.map_err(|e| e.to_string())?
                    && let Some(extent) = strip.range(0.0, n as f64)
                {
                    all.push((name, extent));
                }
            }
            Ok(all)
        }));
    }

    /// Whether a column has the same value in all rows.
    pub(super) fn extent(&self, column: &str) -> Option<Extent> {
        let found = self.known_extents.iter().find(|(name, _)| name == column);
        found.map(|(_, extent)| *extent)
    }

    /// Filters and sorts anew; the rows on the screen stay until it is done.
    pub(super) fn start(&mut self, query: TableQuery) {
        self.error = None;
        self.running = None;
        if query.is_plain() {
            self.query = query;
            self.order = None;
            self.scroll.rewind();
            self.followed = None;
            return;
        }
        let source = Arc::clone(&self.source);
        let progress = TableProgress::default();
        let (asked, seen) = (query.clone(), progress.clone());
        let task = Task::start("table order", &self.waker, move |cancel| {
            table_order(&*source, &asked, cancel, &seen).map_err(|e| e.to_string())
        });
        self.running = Some(Running {
            task,
            query,
            progress,
        });
    }

    /// The next of: ascending, descending, as in the file.
    pub(super) fn sort_by(&mut self, column: &str) {
        let sort = match &self.wanted().sort {
            Some((name, false)) if name == column => Some((column.to_owned(), true)),
            Some((name, true)) if name == column => None,
            _ => Some((column.to_owned(), false)),
        };
        let query = TableQuery {
            sort,
            filter: self.wanted().filter.clone(),
        };
        self.start(query);
    }

    /// What was last asked for.
    pub(super) fn wanted(&self) -> &TableQuery {
        self.running.as_ref().map_or(&self.query, |r| &r.query)
    }

    /// "1 204 of 60 000 traces"; while a query runs how far it is.
    pub(super) fn words(&self) -> String {
        let n = self.source.facts().n_traces;
        let passes = |query: &TableQuery| if query.sort.is_some() { 2 } else { 1 };
        if let Some(running) = &self.running {
            let all = self.looked_at() * passes(&running.query);
            let share = running.progress.rows() * 100 / all.max(1);
            return format!("Looking through the headers: {} %", share.min(99));
        }
        let shown = self.order.as_ref().map_or(n, |order| order.len() as u64);
        let part = if self.looked_at() < n && self.order.is_some() {
            format!(
                ", looked for in the first {} (import the file to reach all)",
                numbers::count(self.looked_at())
            )
        } else {
            String::new()
        };
        if shown == n {
            numbers::plural(n, "trace", "traces")
        } else {
            format!(
                "{} of {}{part}",
                numbers::count(shown),
                numbers::plural(n, "trace", "traces")
            )
        }
    }

    fn looked_at(&self) -> u64 {
        let n = self.source.facts().n_traces;
        if self.source.reads_headers_quickly() {
            n
        } else {
            n.min(MOST_OF_A_FILE)
        }
    }
}
