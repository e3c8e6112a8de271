//! How does a trace become a curve?
//!
//! Each pixel row is cut into [`SUB_ROWS`] thin rows. In a thin row the curve is one point (between
//! samples), or the stretch from the least to the largest of its samples where there are several
//! (so that no swing disappears when minified). Widened by a round pen it is an interval, and so is
//! the filled area from the baseline to the curve; both together are one interval, whose cover of
//! each pixel is added up exactly. That gives smooth lines and fills without a polygon.

mod cover;

use std::ops::Range;

use rayon::prelude::*;

use super::image::blend;
use super::plan::{CurvePlan, number};
use super::sampling::{Row, between, index_of};
use super::{Display, DisplayMode, Image, Placement, SectionWindow};
use crate::browse::{Gather, is_padding};
use cover::{Touched, add_cover, lay_ink};

/// Closer than this, wiggles are a grey mass (others draw down to 5 or 8).
pub const MIN_WIGGLE_PIXELS: f64 = 6.0;
/// From the middle of the thinnest line to its edge, and of the boldest one, in pixels.
const HALF_WIDTHS: (f32, f32) = (0.36, 3.0);
/// Thin rows in a row of pixels.
const SUB_ROWS: usize = 4;
/// Rows of one band.
const BAND_ROWS: usize = 32;
/// How much of its pixels a zero line covers.
const ZERO_LINE_COVER: f32 = 0.3;

/// Every how manieth trace is drawn as a wiggle, so that they stand at least six pixels apart: 1 is all.
pub fn wiggle_step(window: &SectionWindow, width: usize) -> usize {
    let pixels_a_trace = width as f64 / window.n_traces;
    if pixels_a_trace >= MIN_WIGGLE_PIXELS || pixels_a_trace.is_nan() || width == 0 {
        return 1;
    }
    index_of((MIN_WIGGLE_PIXELS / pixels_a_trace).ceil(), usize::MAX >> 1)
}

/// Draws curves over the image.
pub(super) fn paint_wiggles(
    image: &mut Image,
    gather: &Gather,
    placement: Option<&Placement>,
    window: &SectionWindow,
    display: &Display,
) {
    let (width, height) = (image.width, image.height);
    let pen = Pen::of(window, display, width);
    let tip = tip_of(&pen);
    let curves = pen.curves(gather.n_traces(), placement);
    let section = Section {
        window: *window,
        height,
        n_samples: gather.n_samples,
        smooth: display.interpolate_time,
    };
    image
        .pixels_mut()
        .par_chunks_mut(width * BAND_ROWS)
        .enumerate()
        .for_each(|(band_index, band)| {
            let mut band = Band {
                pixels: band,
                width,
                rows: ThinRows::of(
                    &section,
                    band_index * BAND_ROWS..(band_index + 1) * BAND_ROWS,
                    pen.reach(),
                ),
                cover: vec![0.0; width],
            };
            let mut curve = Curve::default();
            for &(trace, baseline) in &curves {
                let samples = gather.trace(trace);
                if samples.len() == gather.n_samples {
                    curve.follow(samples, &band.rows, &pen);
                    band.draw(&curve, &pen, &tip, baseline);
                }
            }
        });
}

/// The tables of the curves that [`paint_wiggles`] draws.
pub(super) fn plan_of(
    (n_traces, n_samples): (usize, usize),
    placement: Option<&Placement>,
    window: &SectionWindow,
    display: &Display,
    (width, height): (usize, usize),
) -> CurvePlan {
    let pen = Pen::of(window, display, width);
    let section = Section {
        window: *window,
        height,
        n_samples,
        smooth: display.interpolate_time,
    };
    let thin = ThinRows::of(&section, 0..height, pen.reach());
    let curves = pen.curves(n_traces, placement).into_iter();
    let curves = curves.map(|(trace, baseline)| {
        #[expect(clippy::cast_possible_truncation, reason = "a pixel near the picture")]
        let pixel = baseline.floor() as i32;
        [number(trace), pixel]
    });
    CurvePlan {
        curves: curves.collect(),
        thin: CurvePlan::thin_of(thin.rows.iter()),
        reach: pen.reach(),
        gain: pen.gain,
        limit: pen.limit,
        half_width: pen.half_width,
        fills: pen.fills,
        fills_negative: pen.fills_negative,
        zero_line: pen.zero_line,
        ink: pen.ink,
    }
}

/// What all traces of a picture have in common.
struct Pen {
    first_trace: f64,
    from_right: bool,
    pixels_a_trace: f64,
    width: usize,
    step: usize,
    /// From amplitude to pixels.
    gain: f32,
    /// Pixels beyond which curves are cut.
    limit: f32,
    /// Of the line, in pixels; 0: no line.
    half_width: f32,
    fills: bool,
    fills_negative: bool,
    /// Cover of the line at zero; 0: none.
    zero_line: f32,
    ink: [u8; 3],
}

impl Pen {
    fn of(window: &SectionWindow, display: &Display, width: usize) -> Self {
        let step = wiggle_step(window, width);
        let pixels_a_trace = width as f64 / window.n_traces;
        #[expect(clippy::cast_possible_truncation, reason = "a length in pixels")]
        let spacing = (pixels_a_trace * step as f64) as f32;
        // A NaN becomes 0 first, because `clamp` would keep it.
        // One or two traces alone stay in the picture.
        let reach = spacing.min(width as f32 / 3.0);
        let traces = |lengths: f32| reach * lengths.max(0.0).clamp(0.0, 100.0);
        let excursion = traces(display.excursion);
        let (lines, fills) = match display.mode {
            DisplayMode::Wiggle => (true, true),
            DisplayMode::VariableArea => (false, true),
            DisplayMode::WiggleLines | DisplayMode::DensityWiggle | DisplayMode::Density => {
                (true, false)
            }
        };
        Self {
            first_trace: window.first_trace,
            from_right: window.from_right,
            pixels_a_trace,
            width,
            step,
            gain: display.wiggle_gain(excursion),
            limit: traces(display.most_deflection),
            half_width: match (lines, display.line_pixels > 0.0) {
                (true, true) => (display.line_pixels / 2.0).clamp(HALF_WIDTHS.0, HALF_WIDTHS.1),
                (true, false) => (spacing / 28.0).clamp(HALF_WIDTHS.0, 0.75),
                (false, _) => 0.0,
            },
            fills: fills && !display.fill_negative,
            fills_negative: fills && display.fill_negative,
            zero_line: if display.zero_line {
                ZERO_LINE_COVER
            } else {
                0.0
            },
            ink: ink_on(display),
        }
    }

    /// Thin rows above and below that the pen's tip covers.
    fn reach(&self) -> usize {
        index_of(f64::from(self.half_width * SUB_ROWS as f32).floor(), 16)
    }

    /// Traces whose curve may touch the picture, from a multiple of the step on.
    fn visible_traces(&self, n_traces: usize) -> Range<usize> {
        let margin = f64::from(self.limit + 2.0) / self.pixels_a_trace;
        let first = index_of((self.first_trace - 0.5 - margin).floor(), n_traces);
        let last = self.first_trace + self.width as f64 / self.pixels_a_trace;
        let end = index_of((last + margin).ceil(), n_traces);
        first.next_multiple_of(self.step)..end
    }

    /// Traces to draw with their baselines, one in [`Self::step`].
    fn curves(&self, n_traces: usize, placement: Option<&Placement>) -> Vec<(usize, f32)> {
        let Some(placement) = placement else {
            let even = self.visible_traces(n_traces).step_by(self.step);
            let at = |trace: usize| (trace, self.baseline(trace as f64 + 0.5));
            if self.from_right {
                // From left to right they come in either case: the right one of two lies on top.
                let width = self.width as f32;
                let mirrored = |(trace, x): (usize, f32)| (trace, width - x);
                let even: Vec<usize> = even.collect();
                return even.into_iter().rev().map(at).map(mirrored).collect();
            }
            return even.map(at).collect();
        };
        let margin = f64::from(self.limit + 2.0) / self.pixels_a_trace;
        let last = self.first_trace + self.width as f64 / self.pixels_a_trace;
        let ranks = placement.ranks(self.first_trace - margin, last + margin);
        (ranks.start.next_multiple_of(self.step)..ranks.end.min(placement.n_placed()))
            .step_by(self.step)
            .filter_map(|rank| {
                let trace = placement.trace_of_rank(rank)?;
                Some((trace, self.baseline(placement.centre(trace)?)))
            })
            .collect()
    }

    /// In the middle of a pixel, so that quiet traces are crisp and alike.
    fn baseline(&self, position: f64) -> f32 {
        let x = (position - self.first_trace) * self.pixels_a_trace;
        #[expect(clippy::cast_possible_truncation, reason = "a length in pixels")]
        {
            (x.floor() + 0.5) as f32
        }
    }
}

/// Black on light, light on dark.
fn ink_on(display: &Display) -> [u8; 3] {
    let [r, g, b] = display.background.map(f32::from);
    let is_dark = 0.299 * r + 0.587 * g + 0.114 * b < 110.0;
    if is_dark && !display.mode.has_colours() {
        [235; 3]
    } else {
        [0; 3]
    }
}

/// The thin rows of a band, with `margin` of them before and behind.
struct ThinRows {
    rows: Vec<Row>,
    margin: usize,
}

impl ThinRows {
    fn of(section: &Section, pixels: Range<usize>, margin: usize) -> Self {
        let Section {
            window,
            height,
            n_samples,
            smooth,
        } = *section;
        let step = window.n_samples / (height * SUB_ROWS) as f64;
        let first_thin = (pixels.start * SUB_ROWS) as f64 - margin as f64;
        let last = n_samples.saturating_sub(1);
        let rows = (0..pixels.len() * SUB_ROWS + 2 * margin)
            .map(|i| {
                // Sample j at j.
                let position = window.first_sample + (first_thin + i as f64 + 0.5) * step - 0.5;
                if position < -0.5 || position > last as f64 + 0.5 || n_samples == 0 {
                    Row::Outside
                } else if step <= 1.0 {
                    Row::Between(between(position, n_samples, smooth))
                } else {
                    // With a neighbour on each side, so that rows join.
                    let from = index_of((position - 0.5 * step).floor(), last);
                    let to = index_of((position + 0.5 * step).ceil(), last);
                    Row::Samples(from..to + 1)
                }
            })
            .collect();
        Self { rows, margin }
    }
}

/// The part of a gather that a picture shows.
#[derive(Clone, Copy)]
struct Section {
    window: SectionWindow,
    height: usize,
    n_samples: usize,
    smooth: bool,
}

/// One trace in the thin rows of one band, in pixels from its baseline.
#[derive(Default)]
struct Curve {
    /// NaN where there is no curve.
    least: Vec<f32>,
    most: Vec<f32>,
    is_nan: Vec<bool>,
}

impl Curve {
    fn follow(&mut self, samples: &[f32], rows: &ThinRows, pen: &Pen) {
        self.least.clear();
        self.most.clear();
        self.is_nan.clear();
        for row in &rows.rows {
            let (a, b) = match row {
                Row::Outside => (f32::NAN, f32::NAN),
                Row::Between(mix) => {
                    let amplitude = mix.of(samples);
                    (amplitude, amplitude)
                }
                Row::Samples(range) => range_of(samples.get(range.clone()).unwrap_or_default()),
            };
            let is_fault = a.is_nan() && !is_padding(a) && !matches!(row, Row::Outside);
            self.is_nan.push(is_fault);
            let (a, b) = (pixels(a, pen), pixels(b, pen));
            self.least.push(if a < b { a } else { b });
            self.most.push(if a < b { b } else { a });
        }
    }

    /// Whether there is a curve in one of these thin rows.
    fn is_drawn(&self, rows: Range<usize>) -> bool {
        let least = self.least.get(rows).unwrap_or_default();
        least.iter().any(|x| !x.is_nan())
    }

    /// What the pen covers in thin row `i`; empty where `from` is not less than `to`.
    #[inline]
    fn inked(&self, i: usize, pen: &Pen, tip: &[f32]) -> (f32, f32) {
        let mut from = f32::INFINITY;
        let mut to = f32::NEG_INFINITY;
        if pen.half_width > 0.0 {
            let reach = tip.len() - 1;
            // Minimum and maximum leave out NaN.
            for at in i - reach..=i + reach {
                let radius = tip[at.abs_diff(i)];
                from = from.min(self.least[at] - radius);
                to = to.max(self.most[at] + radius);
            }
        }
        if pen.fills && self.most[i] > 0.0 {
            from = from.min(0.0);
            to = to.max(self.most[i]);
        }
        if pen.fills_negative && self.least[i] < 0.0 {
            from = from.min(self.least[i]);
            to = to.max(0.0);
        }
        (from, to)
    }
}

/// NaN stays NaN.
#[inline]
fn pixels(amplitude: f32, pen: &Pen) -> f32 {
    (amplitude * pen.gain).clamp(-pen.limit, pen.limit)
}

/// Least and largest; NaN where there is one, or nothing at all; padding where there is nothing else.
fn range_of(samples: &[f32]) -> (f32, f32) {
    samples
        .iter()
        .map(|&v| (v, v))
        .reduce(|(least, most), (v, _)| {
            if is_padding(v) {
                (least, most)
            } else if is_padding(least) || v.is_nan() {
                (v, v)
            } else {
                // NaN once found stays, because nothing compares with it.
                (
                    if v < least { v } else { least },
                    if v > most { v } else { most },
                )
            }
        })
        .unwrap_or((f32::NAN, f32::NAN))
}

/// Rows of pixels being drawn.
struct Band<'a> {
    pixels: &'a mut [[u8; 4]],
    width: usize,
    rows: ThinRows,
    /// Of one row; zeros between calls.
    cover: Vec<f32>,
}

impl Band<'_> {
    fn draw(&mut self, curve: &Curve, pen: &Pen, tip: &[f32], baseline: f32) {
        for (y, line) in self.pixels.chunks_mut(self.width).enumerate() {
            let first = self.rows.margin + y * SUB_ROWS;
            if pen.zero_line > 0.0 && curve.is_drawn(first..first + SUB_ROWS) {
                let pixel = index_of(f64::from(baseline.floor()), usize::MAX >> 1);
                if let Some(pixel) = line.get_mut(pixel).filter(|_| baseline >= 0.0) {
                    blend(pixel, pen.ink, pen.zero_line);
                }
            }
            let mut touched = Touched::default();
            for i in first..first + SUB_ROWS {
                let (from, to) = curve.inked(i, pen, tip);
                add_cover(
                    &mut self.cover,
                    &mut touched,
                    baseline + from,
                    baseline + to,
                );
            }
            lay_ink(line, &mut self.cover, &touched, pen.ink);
            if curve.is_nan[first..first + SUB_ROWS].contains(&true) {
                let mut touched = Touched::default();
                for _ in 0..SUB_ROWS {
                    add_cover(
                        &mut self.cover,
                        &mut touched,
                        baseline - 1.0,
                        baseline + 1.0,
                    );
                }
                lay_ink(line, &mut self.cover, &touched, super::NAN_COLOUR);
            }
        }
    }
}

/// Half of the pen's width at each thin row's distance from its middle.
fn tip_of(pen: &Pen) -> Vec<f32> {
    (0..=pen.reach())
        .map(|i| {
            let away = i as f32 / SUB_ROWS as f32;
            (pen.half_width * pen.half_width - away * away)
                .max(0.0)
                .sqrt()
        })
        .collect()
}

#[cfg(test)]
#[path = "wiggle_tests.rs"]
mod tests;
