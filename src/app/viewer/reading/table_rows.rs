//! Values of the table's rows in memory: pages of 256 rows, read by a thread, the oldest go first.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use super::{Waker, wake};
use crate::app::workers::Newest;
use crate::browse::{TraceSource, numbers_of};

/// Rows of a page.
pub(super) const PAGE_ROWS: u64 = 256;
/// Pages kept: at 90 columns 12 MiB.
const MOST_PAGES: usize = 64;

/// Row numbers of the table, as traces.
pub(super) type Order = Option<Arc<Vec<u32>>>;

/// What the pages hold: another one makes all of them worthless.
#[derive(Clone)]
pub(super) struct Sheet {
    pub(super) columns: Vec<String>,
    pub(super) order: Order,
    pub(super) n_rows: u64,
}

impl PartialEq for Sheet {
    fn eq(&self, other: &Self) -> bool {
        let same = match (&self.order, &other.order) {
            (None, None) => true,
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            _ => false,
        };
        same && self.columns == other.columns && self.n_rows == other.n_rows
    }
}

impl Sheet {
    /// The trace of a row.
    pub(super) fn trace(&self, row: u64) -> Option<u64> {
        if row >= self.n_rows {
            return None;
        }
        match &self.order {
            None => Some(row),
            Some(order) => {
                let row = usize::try_from(row).ok()?;
                order.get(row).map(|trace| u64::from(*trace))
            }
        }
    }

    /// The row of a trace.
    pub(super) fn row(&self, trace: u64) -> Option<u64> {
        match &self.order {
            None => Some(trace).filter(|t| *t < self.n_rows),
            Some(order) => {
                let place = order.iter().position(|t| u64::from(*t) == trace)?;
                Some(place as u64)
            }
        }
    }
}

/// Values: one list a column, one value a row.
type Page = (u64, Result<Vec<Vec<f64>>, String>);
type Request = (Sheet, Vec<u64>);

/// See the module.
pub(super) struct TableRows {
    thread: Newest<Request, (Sheet, Vec<Page>)>,
    sheet: Option<Sheet>,
    asked: Vec<u64>,
    pages: VecDeque<Page>,
}

impl TableRows {
    pub(super) fn new(source: &Arc<dyn TraceSource>, waker: &Waker) -> Self {
        let source = Arc::clone(source);
        let thread = Newest::spawn("table", wake(waker), move |(sheet, pages): Request| {
            let read = pages
                .iter()
                .map(|page| (*page, read(&*source, &sheet, *page)))
                .collect();
            (sheet, read)
        });
        Self {
            thread,
            sheet: None,
            asked: Vec::new(),
            pages: VecDeque::new(),
        }
    }

    /// Says which rows are visible; reads what is missing.
    pub(super) fn want(&mut self, sheet: &Sheet, rows: &Range<u64>) {
        if self.sheet.as_ref() != Some(sheet) {
            self.sheet = Some(sheet.clone());
            self.pages.clear();
            self.asked.clear();
        }
        while let Some((of, pages)) = self.thread.poll() {
            if of != *sheet {
                continue;
            }
            for page in pages {
                self.pages.retain(|known| known.0 != page.0);
                self.pages.push_back(page);
            }
            while self.pages.len() > MOST_PAGES {
                self.pages.pop_front();
            }
        }
        let first = rows.start / PAGE_ROWS;
        let last = rows.end.saturating_sub(1) / PAGE_ROWS;
        // What is visible, then the neighbours.
        let mut wanted: Vec<u64> = (first..=last).collect();
        wanted.extend([last + 1, first.wrapping_sub(1)]);
        wanted.retain(|page| {
            page.saturating_mul(PAGE_ROWS) < sheet.n_rows
                && self.pages.iter().all(|known| known.0 != *page)
        });
        if !wanted.is_empty() && wanted != self.asked {
            self.asked.clone_from(&wanted);
            self.thread.request((sheet.clone(), wanted));
        }
    }

    /// A cell: NaN where the trace has no value; `None` until it is read.
    pub(super) fn value(&self, row: u64, column: usize) -> Option<f64> {
        let (_, page) = self.pages.iter().find(|page| page.0 == row / PAGE_ROWS)?;
        let at = usize::try_from(row % PAGE_ROWS).ok()?;
        page.as_ref().ok()?.get(column)?.get(at).copied()
    }

    /// Why rows cannot be read.
    pub(super) fn error(&self) -> Option<&str> {
        self.pages
            .iter()
            .find_map(|(_, page)| page.as_ref().err().map(String::as_str))
    }
}

fn read(source: &dyn TraceSource, sheet: &Sheet, page: u64) -> Result<Vec<Vec<f64>>, String> {
    let first = page.saturating_mul(PAGE_ROWS);
    let traces: Vec<u64> = (first..first.saturating_add(PAGE_ROWS))
        .map_while(|row| sheet.trace(row))
        .collect();
    sheet
        .columns
        .iter()
        .map(|name| numbers_of(source, name, &traces).map_err(|e| e.to_string()))
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::browse::fake::FakeSource;

    #[test]
    fn a_page_holds_the_rows_in_the_table_s_order() {
        let source = FakeSource::new(1000, 2).with_header("cdp", (0..1000).map(|i| i * 2));
        let order: Vec<u32> = (0..1000).rev().collect();
        let sheet = Sheet {
            columns: vec!["cdp".to_owned()],
            order: Some(Arc::new(order)),
            n_rows: 1000,
        };
        let page = read(&source, &sheet, 1).unwrap();
        assert!((page[0][0] - 2.0 * f64::from(999 - 256)).abs() < 1e-9);
        assert_eq!(read(&source, &sheet, 3).unwrap()[0].len(), 1000 - 768);
        assert_eq!(sheet.row(10), Some(989));
        assert_eq!(sheet.trace(989), Some(10));
        assert_eq!(sheet.trace(1000), None);
    }
}
