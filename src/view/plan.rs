//! Which traces and samples does each pixel show, as plain tables? For a painter elsewhere: on a GPU.
//!
//! The processor's painters ([`super::paint`], [`super::paint_overview`]) and these tables come from
//! the same functions, in double precision. So a shader that follows the tables draws the same
//! picture, at any place of a line of any length.
//!
//! ```text
//! columns  [x]  ranks of traces from, to (none: background); curves from, to that may touch it
//! order    [rank]  the trace; empty: traces stand in their order
//! rows     [y]  how: outside | all samples from, to | a point between samples, with four weights
//! thin     the same for a quarter of a row each, with `reach` of them before and behind
//! curves   [k]  trace, pixel of its baseline
//! ```

use super::overview::rows_and_columns_of;
use super::sampling::Row;
use super::{Display, Placement, SectionWindow, density, wiggle};
use crate::browse::OverviewTile;

/// Rows of pixels, or of quarters of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowTable {
    /// 0: outside. 1: the samples `[1]..[2]`. 2 or 3: the sum of four samples by the weights, the first
    /// three being `[1..4]` and the fourth the one behind (no further than the last); 2: the second is
    /// the nearest, 3: the third.
    pub ways: Vec<[i32; 4]>,
    /// Used with ways 2 and 3.
    pub weights: Vec<[f32; 4]>,
}

impl RowTable {
    fn of<'a>(rows: impl Iterator<Item = &'a Row>) -> Self {
        let mut table = Self::default();
        for row in rows {
            let (way, weights) = match row {
                Row::Outside => ([0; 4], [0.0; 4]),
                Row::Samples(range) => ([1, number(range.start), number(range.end), 0], [0.0; 4]),
                Row::Between(mix) => {
                    let ([a, b, c, _], weights, nearest) = mix.parts();
                    let way = if nearest == b { 2 } else { 3 };
                    ([way, number(a), number(b), number(c)], weights)
                }
            };
            table.ways.push(way);
            table.weights.push(weights);
        }
        table
    }

    /// Samples that the largest cell holds.
    fn most_samples(&self) -> i32 {
        let of = |way: &[i32; 4]| match way {
            [1, from, to, _] => to - from,
            _ => 1,
        };
        self.ways.iter().map(of).max().unwrap_or(0)
    }
}

/// How curves are drawn, lengths in pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct CurvePlan {
    /// Trace, and the pixel in whose middle its baseline stands.
    pub curves: Vec<[i32; 2]>,
    /// Quarters of rows.
    pub thin: RowTable,
    /// Quarters before the first row, and behind the last.
    pub reach: usize,
    /// From amplitude to pixels, polarity included.
    pub gain: f32,
    /// Curves are cut here.
    pub limit: f32,
    /// Of the line; 0: no line.
    pub half_width: f32,
    /// The area of positive numbers is filled.
    pub fills: bool,
    /// The area of negative numbers is filled.
    pub fills_negative: bool,
    /// Cover of the line at zero; 0: none.
    pub zero_line: f32,
    /// sRGB.
    pub ink: [u8; 3],
}

/// All tables of one picture.
#[derive(Clone, Debug, PartialEq)]
pub struct PicturePlan {
    /// In pixels.
    pub width: usize,
    /// In pixels.
    pub height: usize,
    /// Ranks of traces (of a tile: columns) from, to; curves from, to.
    pub columns: Vec<[i32; 4]>,
    /// The trace of each rank; empty: the rank itself.
    pub order: Vec<[i32; 2]>,
    /// Rows of pixels.
    pub rows: RowTable,
    /// Samples of a trace, or cells of a tile's column.
    pub n_samples: usize,
    /// `None`: no curves.
    pub curves: Option<CurvePlan>,
    /// Whether amplitudes are coloured.
    pub has_colours: bool,
    /// What an amplitude less the middle is multiplied by for 127.5 at the clip, polarity included.
    pub colour_gain: f32,
    /// Amplitude at the middle of the colours.
    pub colour_middle: f32,
    /// A NaN in a cell wins (traces), or numbers do (tiles).
    pub nan_wins: bool,
    /// sRGB, behind everything; `None`: what is there stays where no tile is.
    pub background: Option<[u8; 3]>,
}

impl PicturePlan {
    /// The plan of what [`super::paint`] draws.
    pub fn of_gather(
        (n_traces, n_samples): (usize, usize),
        placement: Option<&Placement>,
        window: &SectionWindow,
        display: &Display,
        (width, height): (usize, usize),
    ) -> Self {
        let rows = density::rows_of(window, height, n_samples, display);
        let mut columns = vec![[0; 4]; width];
        for same in density::columns_of(window, width, n_traces, placement) {
            for column in columns.get_mut(same.pixels).unwrap_or_default() {
                column[0] = number(same.traces.start);
                column[1] = number(same.traces.end);
            }
        }
        let curves = display.mode.has_wiggles().then(|| {
            let shape = (n_traces, n_samples);
            wiggle::plan_of(shape, placement, window, display, (width, height))
        });
        if let Some(plan) = &curves {
            let reach = plan.limit + plan.half_width + 2.0;
            let mut first = 0;
            let mut end = 0;
            for (x, column) in columns.iter_mut().enumerate() {
                let pixel = x as f32;
                let at = |k: usize| plan.curves.get(k).map(|curve| curve[1] as f32);
                while at(first).is_some_and(|at| at + reach < pixel) {
                    first += 1;
                }
                while at(end).is_some_and(|at| at - reach <= pixel) {
                    end += 1;
                }
                column[2] = number(first);
                column[3] = number(end.max(first));
            }
        }
        Self {
            width,
            height,
            columns,
            rows: RowTable::of(rows.iter()),
            n_samples,
            curves,
            order: placement.map_or_else(Vec::new, |placement| {
                let ranks = 0..placement.n_placed();
                let trace = |rank| placement.trace_of_rank(rank).map_or(0, number);
                ranks.map(|rank| [trace(rank), 0]).collect()
            }),
            has_colours: display.mode.has_colours(),
            colour_gain: display.gain(127.5),
            colour_middle: display.middle,
            nan_wins: true,
            background: Some(display.background),
        }
    }

    /// The plan of one tile of what [`super::paint_overview`] draws; `gain` as there.
    pub fn of_tile(
        tile: &OverviewTile,
        gain: f32,
        window: &SectionWindow,
        n_samples: usize,
        display: &Display,
        (width, height): (usize, usize),
    ) -> Self {
        let display = Display {
            clip: display.clip * gain,
            ..display.clone()
        };
        let (rows, found) = rows_and_columns_of(tile, window, n_samples, (width, height));
        let mut columns = vec![[0; 4]; width];
        for (x, part) in found {
            if let Some(column) = columns.get_mut(x) {
                *column = [number(part.start), number(part.end), 0, 0];
            }
        }
        Self {
            width,
            height,
            columns,
            rows: RowTable::of(rows.iter()),
            n_samples: tile.n_cells,
            curves: None,
            order: Vec::new(),
            has_colours: true,
            colour_gain: display.gain(127.5),
            colour_middle: display.middle,
            nan_wins: false,
            background: None,
        }
    }

    /// Samples that the busiest pixel looks at: what a picture costs where each pixel is painted
    /// alone.
    pub fn most_samples_a_pixel(&self) -> u64 {
        let traces = self.columns.iter().map(|c| c[1] - c[0]).max().unwrap_or(0);
        let mut most = i64::from(traces) * i64::from(self.rows.most_samples());
        if let Some(curves) = &self.curves {
            let here = self.columns.iter().map(|c| c[3] - c[2]).max().unwrap_or(0);
            let rows = i64::try_from(4 + 2 * curves.reach).unwrap_or(0);
            most += i64::from(here) * rows * i64::from(curves.thin.most_samples().max(4));
        }
        most.unsigned_abs()
    }
}

/// For a table; what is shown has less than two billion traces and samples.
pub(super) fn number(value: usize) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

impl CurvePlan {
    pub(super) fn thin_of<'a>(rows: impl Iterator<Item = &'a Row>) -> RowTable {
        RowTable::of(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::DisplayMode;

    #[test]
    fn every_pixel_of_a_magnified_gather_has_one_trace_and_four_weights() {
        let window = SectionWindow {
            first_trace: -1.0,
            n_traces: 4.0,
            first_sample: 0.0,
            n_samples: 5.0,
            from_right: false,
        };
        let plan = PicturePlan::of_gather((3, 5), None, &window, &Display::default(), (8, 20));
        let traces: Vec<[i32; 2]> = plan.columns.iter().map(|c| [c[0], c[1]]).collect();
        assert_eq!(traces[..2], [[0, 0]; 2], "left of the first trace");
        assert_eq!(traces[2..4], [[0, 1]; 2]);
        assert_eq!(traces[6..], [[2, 3]; 2]);
        for (way, weights) in plan.rows.ways.iter().zip(&plan.rows.weights) {
            assert!(way[0] == 2 || way[0] == 3);
            assert!((weights.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        }
        assert!(plan.curves.is_none() && plan.most_samples_a_pixel() == 1);
    }

    #[test]
    fn curves_are_listed_for_every_column_that_they_may_touch() {
        let display = Display {
            mode: DisplayMode::Wiggle,
            ..Display::default()
        };
        let window = SectionWindow::all(20, 100);
        let plan = PicturePlan::of_gather((20, 100), None, &window, &display, (400, 50));
        let curves = plan.curves.expect("curves");
        assert_eq!(curves.curves.len(), 20);
        for (x, column) in plan.columns.iter().enumerate() {
            for (k, curve) in (0..).zip(&curves.curves) {
                let near = (curve[1] as f32 - x as f32).abs() < curves.limit;
                assert!(!near || (column[2]..column[3]).contains(&k), "{x} {k}");
            }
        }
        assert_eq!(curves.thin.ways.len(), 50 * 4 + 2 * curves.reach);
    }
}
