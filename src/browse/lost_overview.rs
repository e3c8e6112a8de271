//! What stands in the place of a damaged stretch of a stored overview?
//!
//! A cell is the smallest and the largest of 16 × 4 cells of the finer level, and one of the finest
//! level those of samples: so the rows are made again from these, where that takes a moment. Where
//! it would take longer, the next coarser level stands in: less sharp, but nothing is invented.
//! What neither gives has no number.

use std::ops::Range;

use super::BrowseError;
use super::dataset_source::is_damage;
use crate::dataset::{Dataset, DatasetError, OverviewLevel, OverviewWriter};

/// Of samples that are read for one request at most: a fraction of a second.
const SAMPLES_BYTES: u64 = 64 << 20;
/// Of the finer level, or of samples, in memory at one time.
const PIECE_BYTES: u64 = 8 << 20;

/// Smallest and largest values, as a stored level has them.
pub(super) type Extremes = (Vec<f32>, Vec<f32>);

/// Reads samples of traces, as the picture shows them.
type ReadTraces<'a> = &'a dyn Fn(Range<u64>, &mut Vec<f32>) -> Result<(), BrowseError>;

/// A dataset whose overview is damaged somewhere.
pub(super) struct LostOverview<'a> {
    dataset: &'a Dataset,
    levels: Vec<OverviewLevel>,
    read_traces: ReadTraces<'a>,
    /// Told of each damaged stretch.
    note: &'a dyn Fn(&DatasetError),
    /// Of samples that may still be read.
    left_bytes: u64,
}

impl<'a> LostOverview<'a> {
    pub(super) fn new(
        dataset: &'a Dataset,
        read_traces: ReadTraces<'a>,
        note: &'a dyn Fn(&DatasetError),
    ) -> Self {
        Self {
            dataset,
            levels: dataset.overview_levels(),
            read_traces,
            note,
            left_bytes: SAMPLES_BYTES,
        }
    }

    /// The rows of a level, chunk by chunk: as they are stored, made again, or from a coarser level.
    pub(super) fn read(
        &mut self,
        level: &OverviewLevel,
        rows: Range<u64>,
    ) -> Result<Extremes, BrowseError> {
        let mut all = Extremes::default();
        for piece in pieces(rows, level.chunk_rows) {
            let found = match self.stored_or_made(level, piece.clone())? {
                Some(found) => found,
                None => self
                    .by_coarser(level, &piece)
                    .unwrap_or_else(|| without_numbers(level, &piece)),
            };
            append(&mut all, &found);
        }
        Ok(all)
    }

    /// The rows of one chunk, exactly; `None` where that would take too long.
    fn stored_or_made(
        &mut self,
        level: &OverviewLevel,
        rows: Range<u64>,
    ) -> Result<Option<Extremes>, BrowseError> {
        match self.dataset.read_overview(level, rows.clone()) {
            Ok(stored) => Ok(Some(stored)),
            Err(error) if is_damage(&error) => {
                (self.note)(&error);
                self.made_again(level, rows)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn made_again(
        &mut self,
        level: &OverviewLevel,
        rows: Range<u64>,
    ) -> Result<Option<Extremes>, BrowseError> {
        let below = usize::try_from(level.level)
            .ok()
            .and_then(|level| level.checked_sub(2));
        let finer = below.and_then(|below| self.levels.get(below)).cloned();
        let manifest = self.dataset.manifest();
        let (n_rows, columns) = match &finer {
            Some(finer) => (finer.rows, finer.columns),
            None => (
                manifest.array.n_traces,
                u64::from(manifest.array.n_samples).max(1),
            ),
        };
        let factor = OverviewWriter::TRACE_FACTOR as u64;
        let at_once = PIECE_BYTES / (columns.saturating_mul(4 * factor));
        let mut all = Extremes::default();
        for rows in pieces(rows, at_once) {
            let below = rows.start.saturating_mul(factor).min(n_rows)
                ..rows.end.saturating_mul(factor).min(n_rows);
            let found = match &finer {
                Some(finer) => self.exactly(finer, below)?,
                None => self.of_samples(below, columns)?,
            };
            let Some((low, high)) = found else {
                return Ok(None);
            };
            let columns = usize::try_from(columns).unwrap_or(usize::MAX);
            append(
                &mut all,
                &OverviewWriter::reduce_again(&low, &high, columns),
            );
        }
        Ok(Some(all))
    }

    /// Rows of a level of which none may be less sharp.
    fn exactly(
        &mut self,
        level: &OverviewLevel,
        rows: Range<u64>,
    ) -> Result<Option<Extremes>, BrowseError> {
        let mut all = Extremes::default();
        for piece in pieces(rows, level.chunk_rows) {
            let Some(found) = self.stored_or_made(level, piece)? else {
                return Ok(None);
            };
            append(&mut all, &found);
        }
        Ok(Some(all))
    }

    /// Samples are smallest and largest at once.
    fn of_samples(
        &mut self,
        traces: Range<u64>,
        n_samples: u64,
    ) -> Result<Option<Extremes>, BrowseError> {
        let bytes = (traces.end - traces.start).saturating_mul(n_samples.saturating_mul(4));
        let Some(left) = self.left_bytes.checked_sub(bytes) else {
            return Ok(None);
        };
        self.left_bytes = left;
        let mut samples = Vec::new();
        (self.read_traces)(traces, &mut samples)?;
        Ok(Some((samples.clone(), samples)))
    }

    /// The cells of the next coarser level that can be read, each over all that it stands for.
    fn by_coarser(&self, level: &OverviewLevel, rows: &Range<u64>) -> Option<Extremes> {
        let mut coarser = self.levels.iter().filter(|l| l.level > level.level);
        coarser.find_map(|coarser| {
            let a_row = rows_a_row(coarser, level);
            let stored = rows.start / a_row..rows.end.div_ceil(a_row).min(coarser.rows);
            let (low, high) = self.dataset.read_overview(coarser, stored).ok()?;
            Some((
                spread(&low, coarser, level, rows),
                spread(&high, coarser, level, rows),
            ))
        })
    }
}

/// Rows of `level` that a row of `coarser` stands for.
fn rows_a_row(coarser: &OverviewLevel, level: &OverviewLevel) -> u64 {
    (coarser.trace_factor / level.trace_factor.max(1)).max(1)
}

/// `rows` of `level` by the cells of `coarser` that hold them; `values` begin with its first such row.
fn spread(
    values: &[f32],
    coarser: &OverviewLevel,
    level: &OverviewLevel,
    rows: &Range<u64>,
) -> Vec<f32> {
    let a_row = rows_a_row(coarser, level);
    let a_cell = (coarser.sample_factor / level.sample_factor.max(1)).max(1);
    let first = rows.start / a_row;
    let row_at = |row: u64| (row / a_row - first) * coarser.columns;
    rows.clone()
        .flat_map(|row| (0..level.columns).map(move |cell| row_at(row) + cell / a_cell))
        .map(|at| usize::try_from(at).ok().and_then(|at| values.get(at)))
        .map(|value| value.copied().unwrap_or(f32::NAN))
        .collect()
}

/// `rows` in pieces that begin at multiples of `size`, but for the first.
fn pieces(rows: Range<u64>, size: u64) -> impl Iterator<Item = Range<u64>> {
    let size = size.max(1);
    let mut next = rows.start;
    std::iter::from_fn(move || {
        let start = next;
        next = ((start / size + 1).saturating_mul(size)).min(rows.end);
        (start < rows.end).then_some(start..next)
    })
}

fn append(all: &mut Extremes, more: &Extremes) {
    all.0.extend_from_slice(&more.0);
    all.1.extend_from_slice(&more.1);
}

fn without_numbers(level: &OverviewLevel, rows: &Range<u64>) -> Extremes {
    let n = (rows.end - rows.start).saturating_mul(level.columns);
    let none = vec![f32::NAN; usize::try_from(n).unwrap_or(0)];
    (none.clone(), none)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_begin_at_multiples_and_lose_no_row() {
        let of = |rows, size| pieces(rows, size).collect::<Vec<_>>();
        assert_eq!(of(3..11, 4), [3..4, 4..8, 8..11]);
        assert_eq!(of(8..9, 4).as_slice(), std::slice::from_ref(&(8..9)));
        assert_eq!(of(2..4, 0), [2..3, 3..4]);
        assert!(of(5..5, 4).is_empty());
    }

    #[test]
    fn a_coarse_cell_stands_for_all_of_its_cells() {
        // Level 1: 2,500 rows of 5 cells; level 2: 157 rows of 2 cells.
        let levels = OverviewLevel::all(40_000, 20);
        let [level, coarser] = &levels[..] else {
            panic!("{levels:?}");
        };
        let values = [1.0, 2.0, 3.0, 4.0];
        let found = spread(&values, coarser, level, &(31..33));
        assert_eq!(
            found,
            [1.0, 1.0, 1.0, 1.0, 2.0, 3.0, 3.0, 3.0, 3.0, 4.0],
            "row 31 lies in the coarse row 1, row 32 in the next"
        );
    }
}
