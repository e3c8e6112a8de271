//! What does a whole line look like from afar? Tiles of columns, each column standing for 2^zoom traces.
//!
//! ```text
//! zoom 0: a column is a trace; zoom 13: a column is 8,192 traces.      a tile: 256 columns
//! a tile comes from   a coarse stored level → a finer one → the samples themselves    (recipes)
//! ```
//! A cell keeps the *signed extreme* of the samples that it stands for, the value of larger
//! magnitude: of the stored smallest and largest values that is the one that a picture needs, and
//! extremes of extremes are the extremes of all. A source without stored levels is sampled: one
//! trace in so many, and the tile says so.

use std::ops::Range;

use super::load::Unloaded;
use super::{BrowseError, PADDING, TraceSource, is_padding};
use crate::dataset::OverviewLevel;

/// Columns of a tile.
pub const TILE_COLUMNS: u64 = 256;
/// The coarsest tiles hold the line in no more than so many columns: enough for a minimap.
const TOP_COLUMNS: u64 = 1024;
/// Read for a first look: some milliseconds.
const QUICK_BYTES: u64 = 8 << 20;
/// Read of samples for one tile at most, where stored levels would do too: a fraction of a second,
/// behind a coarser picture, for one that is as sharp down the trace as the samples are.
const SAMPLES_BYTES: u64 = 192 << 20;
/// Read of samples for one tile of a source without stored levels.
const SAMPLED_BYTES: u64 = 16 << 20;
/// Read of a stored level for one tile at most: seconds, behind a coarser picture.
const LEVEL_BYTES: u64 = 1 << 30;
/// Read between two looks at whether anybody still wants the tile.
const PIECE_BYTES: u64 = 8 << 20;

/// Which tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TileKey {
    /// A column stands for `2^zoom` traces.
    pub zoom: u8,
    /// From the line's start, in tiles of this zoom.
    pub index: u64,
}

impl TileKey {
    /// Traces that a column stands for (fewer in the line's last).
    pub fn traces_a_column(self) -> u64 {
        1 << self.zoom.min(48)
    }

    /// The traces of the tile, within a line of `n_traces`.
    pub fn traces(self, n_traces: u64) -> Range<u64> {
        let size = self.traces_a_column().saturating_mul(TILE_COLUMNS);
        let first = self.index.saturating_mul(size).min(n_traces);
        first..first.saturating_add(size).min(n_traces)
    }

    /// The tile of the next coarser zoom that holds this one.
    #[must_use]
    pub fn parent(self) -> Self {
        Self {
            zoom: self.zoom.saturating_add(1),
            index: self.index / 2,
        }
    }

    /// The coarsest zoom of a line of `n_traces`: a few tiles hold all of it.
    pub fn top_zoom(n_traces: u64) -> u8 {
        let columns = |zoom: &u8| n_traces.div_ceil(1 << *zoom);
        (0..48)
            .find(|zoom| columns(zoom) <= TOP_COLUMNS)
            .unwrap_or(48)
    }

    /// All tiles of the coarsest zoom.
    pub fn top(n_traces: u64) -> impl Iterator<Item = Self> {
        let zoom = Self::top_zoom(n_traces);
        Self::over(0..n_traces, zoom)
    }

    /// The tiles of one zoom over `traces`.
    pub fn over(traces: Range<u64>, zoom: u8) -> impl Iterator<Item = Self> {
        let size = TILE_COLUMNS << zoom.min(48);
        let end = if traces.is_empty() {
            traces.start / size
        } else {
            traces.end.div_ceil(size)
        };
        (traces.start / size..end).map(move |index| Self { zoom, index })
    }
}

/// How good a tile is: less is finer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Coarseness {
    /// Of so many traces one was looked at; 1: all.
    pub one_in: u64,
    /// Samples that a cell stands for.
    pub samples_a_cell: u64,
}

/// A part of the line, reduced.
#[derive(Clone, Debug, PartialEq)]
pub struct OverviewTile {
    /// Which.
    pub key: TileKey,
    /// Of the line.
    pub traces: Range<u64>,
    /// Cells down a column.
    pub n_cells: usize,
    /// How it was made.
    pub coarseness: Coarseness,
    /// Signed extremes; NaN where there is no number, and [`PADDING`] where there is no sample. Shape: `[columns, n_cells]`.
    pub values: Vec<f32>,
}

impl OverviewTile {
    /// Columns in it.
    pub fn n_columns(&self) -> usize {
        self.values.len().checked_div(self.n_cells).unwrap_or(0)
    }

    /// The cells of a column; empty past the last.
    pub fn column(&self, column: usize) -> &[f32] {
        let start = column * self.n_cells;
        self.values
            .get(start..start + self.n_cells)
            .unwrap_or_default()
    }

    /// Bytes in memory, for the cache.
    pub fn size_bytes(&self) -> usize {
        self.values.len() * 4
    }
}

/// One way to make a tile.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Recipe {
    /// From a stored level.
    Level(OverviewLevel),
    /// From samples of one trace in so many.
    Samples { one_in: u64 },
}

impl Recipe {
    pub(super) fn coarseness(&self) -> Coarseness {
        match self {
            Self::Level(level) => Coarseness {
                one_in: 1,
                samples_a_cell: level.sample_factor,
            },
            Self::Samples { one_in } => Coarseness {
                one_in: *one_in,
                samples_a_cell: 1,
            },
        }
    }

    fn bytes(&self, traces: u64, n_samples: u64) -> u64 {
        match self {
            Self::Level(level) => {
                let rows = traces.div_ceil(level.trace_factor.max(1));
                rows.saturating_mul(level.columns).saturating_mul(8)
            }
            Self::Samples { one_in } => (traces / (*one_in).max(1))
                .max(1)
                .saturating_mul(n_samples)
                .saturating_mul(4),
        }
    }
}

/// The ways to make tile `key`, worst and quickest first. Where cells of `samples_a_pixel` samples
/// are enough, nothing finer is read.
pub(super) fn recipes(source: &dyn TraceSource, key: TileKey, samples_a_pixel: f64) -> Vec<Recipe> {
    let facts = source.facts();
    let n_samples = u64::from(facts.n_samples);
    let range = key.traces(facts.n_traces);
    let traces = range.end - range.start;
    let mut levels: Vec<Recipe> = source
        .overview_levels()
        .into_iter()
        .filter(|level| level.trace_factor <= key.traces_a_column())
        .map(Recipe::Level)
        .collect();
    levels.reverse();
    let all = Recipe::Samples { one_in: 1 };
    let cost = |recipe: &Recipe| recipe.bytes(traces, n_samples);
    if levels.is_empty() {
        return sampled(key, &all, cost(&all));
    }
    // Levels that are read in a moment make the coarser ones needless.
    let quick = levels.iter().rposition(|l| cost(l) <= QUICK_BYTES);
    levels.drain(..quick.unwrap_or(0));
    let first = levels.first().cloned();
    levels.retain(|l| Some(l) == first.as_ref() || cost(l) <= LEVEL_BYTES);
    let enough = levels
        .last()
        .is_some_and(|l| l.coarseness().samples_a_cell as f64 <= samples_a_pixel);
    if !enough && cost(&all) <= SAMPLES_BYTES {
        levels.push(all);
    }
    levels
}

/// One trace a column first, then as many as may be read.
fn sampled(key: TileKey, all: &Recipe, bytes: u64) -> Vec<Recipe> {
    if bytes <= SAMPLED_BYTES {
        return vec![all.clone()];
    }
    let one_in = bytes
        .div_ceil(SAMPLED_BYTES)
        .next_power_of_two()
        .min(key.traces_a_column());
    let quick = key.traces_a_column();
    let mut found = vec![Recipe::Samples { one_in: quick }];
    if one_in < quick {
        found.push(Recipe::Samples { one_in });
    }
    found
}

/// Makes a tile. Waits for the file.
pub(super) fn make_tile(
    source: &dyn TraceSource,
    key: TileKey,
    recipe: &Recipe,
    is_stale: &dyn Fn() -> bool,
) -> Result<OverviewTile, Unloaded> {
    let facts = source.facts();
    let traces = key.traces(facts.n_traces);
    let n_cells = match recipe {
        Recipe::Level(level) => usize::try_from(level.columns).unwrap_or(0),
        Recipe::Samples { .. } => facts.n_samples as usize,
    };
    let n_columns = (traces.end - traces.start).div_ceil(key.traces_a_column());
    let n_columns = usize::try_from(n_columns).unwrap_or(0);
    let mut tile = OverviewTile {
        key,
        traces,
        n_cells,
        coarseness: recipe.coarseness(),
        values: vec![PADDING; n_columns * n_cells],
    };
    if n_cells > 0 {
        match recipe {
            Recipe::Level(level) => fill_from_level(source, level, &mut tile, is_stale)?,
            Recipe::Samples { one_in } => fill_from_samples(source, *one_in, &mut tile, is_stale)?,
        }
    }
    Ok(tile)
}

fn fill_from_level(
    source: &dyn TraceSource,
    level: &OverviewLevel,
    tile: &mut OverviewTile,
    is_stale: &dyn Fn() -> bool,
) -> Result<(), Unloaded> {
    let factor = level.trace_factor.max(1);
    let rows = tile.traces.start / factor..tile.traces.end.div_ceil(factor).min(level.rows);
    let rows_a_column = usize::try_from(tile.key.traces_a_column() / factor)
        .unwrap_or(1)
        .max(1);
    let piece = (PIECE_BYTES / (level.columns * 8).max(1)).max(1);
    let pads = source.pads_short_traces();
    let mut row = 0;
    let mut next = rows.start;
    while next < rows.end {
        if is_stale() {
            return Err(Unloaded::Stale);
        }
        let end = rows.end.min(next + piece);
        let (min, max) = source.read_overview(level, next..end)?;
        let n = tile.n_cells;
        for (low, high) in min.chunks_exact(n).zip(max.chunks_exact(n)) {
            let start = row / rows_a_column * n;
            let column = tile.values.get_mut(start..start + n).unwrap_or_default();
            for ((cell, low), high) in column.iter_mut().zip(low).zip(high) {
                if !(pads && low.is_nan()) {
                    *cell = extreme(extreme(*cell, *low), *high);
                }
            }
            row += 1;
        }
        next = end;
    }
    Ok(())
}

fn fill_from_samples(
    source: &dyn TraceSource,
    one_in: u64,
    tile: &mut OverviewTile,
    is_stale: &dyn Fn() -> bool,
) -> Result<(), Unloaded> {
    let one_in = one_in.max(1);
    let a_column = tile.key.traces_a_column();
    let n = tile.n_cells;
    // In the middle of its stretch: not always the first channel of a record.
    let mut next = tile.traces.start + one_in / 2;
    let consecutive = if one_in == 1 {
        (PIECE_BYTES / (n as u64 * 4)).max(1)
    } else {
        1
    };
    let mut read = Vec::new();
    while next < tile.traces.end {
        if is_stale() {
            return Err(Unloaded::Stale);
        }
        let end = tile.traces.end.min(next + consecutive);
        read.clear();
        source.read_traces(next..end, &mut read)?;
        for (trace, samples) in (next..end).zip(read.chunks_exact(n)) {
            let column = usize::try_from((trace - tile.traces.start) / a_column).unwrap_or(0);
            let cells = tile.values.get_mut(column * n..(column + 1) * n);
            for (cell, sample) in cells.unwrap_or_default().iter_mut().zip(samples) {
                *cell = extreme(*cell, *sample);
            }
        }
        next = if one_in == 1 { end } else { next + one_in };
    }
    Ok(())
}

/// The one of larger magnitude; a number before none.
#[inline]
fn extreme(old: f32, new: f32) -> f32 {
    if new.abs() > old.abs() || (old.is_nan() && !new.is_nan()) {
        new
    } else if is_padding(old) {
        // Not a number, but a sample.
        new
    } else {
        old
    }
}

/// Makes the best tile `key` at once: for pictures without a window. Waits for the file.
///
/// # Errors
/// When it cannot be read.
pub fn load_tile(source: &dyn TraceSource, key: TileKey) -> Result<OverviewTile, BrowseError> {
    let best = recipes(source, key, 1.0);
    let recipe = best
        .last()
        .cloned()
        .unwrap_or(Recipe::Samples { one_in: 1 });
    make_tile(source, key, &recipe, &|| false).map_err(super::load::never_stale)
}

#[cfg(test)]
#[path = "overview_tests.rs"]
mod tests;
