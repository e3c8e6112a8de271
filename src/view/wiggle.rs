//! How does a trace become a curve?
//!
//! Each pixel row is cut into [`SUB_ROWS`] thin rows. In a thin row the curve is one point (between
//! samples), or the stretch from the least to the largest of its samples where there are several
//! (so that no swing disappears when minified). Widened by a round pen it is an interval, and so is
//! the filled area from the baseline to the curve; both together are one interval, whose cover of
//! each pixel is added up exactly. That gives smooth lines and fills without a polygon.

use std::ops::Range;

use rayon::prelude::*;

use super::density::{catmull_rom, index_of};
use super::image::blend;
use super::{Display, DisplayMode, Image, SectionWindow};
use crate::browse::Gather;

/// Closer than this, wiggles are a grey mass (OpenDTect draws down to 5 pixels, SEP's viewer to 8).
pub const MIN_WIGGLE_PIXELS: f64 = 6.0;
/// Curves are cut flat at this many excursions.
const MOST_EXCURSIONS: f32 = 1.5;
/// Thin rows in a row of pixels.
const SUB_ROWS: usize = 4;
/// Rows of one band.
const BAND_ROWS: usize = 32;

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
    window: &SectionWindow,
    display: &Display,
) {
    let (width, height) = (image.width, image.height);
    let pen = Pen::of(window, display, width);
    let traces = pen.visible_traces(gather.n_traces());
    image
        .pixels_mut()
        .par_chunks_mut(width * BAND_ROWS)
        .enumerate()
        .for_each(|(band_index, band)| {
            let mut band = Band {
                pixels: band,
                width,
                rows: ThinRows::of(window, height, band_index * BAND_ROWS, pen.reach()),
                cover: vec![0.0; width],
            };
            let mut curve = Curve::default();
            for trace in traces.clone().step_by(pen.step) {
                curve.follow(gather.trace(trace), &band.rows, &pen);
                band.draw(&curve, &pen, pen.baseline(trace));
            }
        });
}

/// What all traces of a picture have in common.
struct Pen {
    first_trace: f64,
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
    smooth: bool,
    ink: [u8; 3],
}

impl Pen {
    fn of(window: &SectionWindow, display: &Display, width: usize) -> Self {
        let step = wiggle_step(window, width);
        let pixels_a_trace = width as f64 / window.n_traces;
        #[expect(clippy::cast_possible_truncation, reason = "a length in pixels")]
        let spacing = (pixels_a_trace * step as f64) as f32;
        let excursion = spacing * display.excursion.clamp(0.0, 100.0);
        let (lines, fills) = match display.mode {
            DisplayMode::Wiggle => (true, true),
            DisplayMode::VariableArea => (false, true),
            DisplayMode::WiggleLines | DisplayMode::DensityWiggle | DisplayMode::Density => {
                (true, false)
            }
        };
        Self {
            first_trace: window.first_trace,
            pixels_a_trace,
            width,
            step,
            gain: display.gain(excursion),
            limit: excursion * MOST_EXCURSIONS,
            half_width: if lines {
                (spacing / 28.0).clamp(0.36, 0.75)
            } else {
                0.0
            },
            fills,
            smooth: display.interpolate_time,
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

    /// In the middle of a pixel, so that quiet traces are crisp and alike.
    fn baseline(&self, trace: usize) -> f32 {
        let x = (trace as f64 + 0.5 - self.first_trace) * self.pixels_a_trace;
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

/// Where the thin rows of a band lie in the trace. `margin` thin rows stand before and behind.
struct ThinRows {
    /// Position of the first one's centre, sample `j` at `j`.
    first: f64,
    /// Samples a thin row.
    step: f64,
    margin: usize,
    /// With both margins.
    count: usize,
}

impl ThinRows {
    fn of(window: &SectionWindow, height: usize, first_row: usize, margin: usize) -> Self {
        let step = window.n_samples / (height * SUB_ROWS) as f64;
        let first_thin = (first_row * SUB_ROWS) as f64 - margin as f64;
        Self {
            first: window.first_sample + (first_thin + 0.5) * step - 0.5,
            step,
            margin,
            count: BAND_ROWS * SUB_ROWS + 2 * margin,
        }
    }
}

/// One trace in the thin rows of one band, in pixels from its baseline.
#[derive(Default)]
struct Curve {
    least: Vec<f32>,
    most: Vec<f32>,
    /// What stands where there is no curve.
    gaps: Vec<Gap>,
}

#[derive(Clone, Copy, PartialEq)]
enum Gap {
    None,
    Outside,
    NotANumber,
}

impl Curve {
    fn follow(&mut self, samples: &[f32], rows: &ThinRows, pen: &Pen) {
        self.least.clear();
        self.most.clear();
        self.gaps.clear();
        for i in 0..rows.count {
            let position = rows.first + i as f64 * rows.step;
            let found = if rows.step <= 1.0 {
                point(samples, position, pen.smooth).map(|v| (v, v))
            } else {
                stretch(samples, position, rows.step)
            };
            let (least, most, gap) = match found {
                None => (0.0, 0.0, Gap::Outside),
                Some((a, _)) if a.is_nan() => (0.0, 0.0, Gap::NotANumber),
                Some((a, b)) => {
                    let (a, b) = (pixels(a, pen), pixels(b, pen));
                    (a.min(b), a.max(b), Gap::None)
                }
            };
            self.least.push(least);
            self.most.push(most);
            self.gaps.push(gap);
        }
    }

    /// What the pen covers in thin row `i`; `None`: nothing.
    fn inked(&self, i: usize, pen: &Pen, tip: &[f32]) -> Option<(f32, f32)> {
        let mut from = f32::INFINITY;
        let mut to = f32::NEG_INFINITY;
        if pen.half_width > 0.0 {
            let reach = tip.len() - 1;
            for at in i.saturating_sub(reach)..=i + reach {
                if self.gaps.get(at) == Some(&Gap::None) {
                    let radius = tip[at.abs_diff(i)];
                    from = from.min(self.least[at] - radius);
                    to = to.max(self.most[at] + radius);
                }
            }
        }
        if pen.fills && self.gaps[i] == Gap::None && self.most[i] > 0.0 {
            from = from.min(0.0);
            to = to.max(self.most[i]);
        }
        (from < to).then_some((from, to))
    }
}

fn pixels(amplitude: f32, pen: &Pen) -> f32 {
    let x = amplitude * pen.gain;
    if x.is_nan() {
        0.0
    } else {
        x.clamp(-pen.limit, pen.limit)
    }
}

/// The curve at `position`; NaN where the nearest sample is; `None` outside.
fn point(samples: &[f32], position: f64, smooth: bool) -> Option<f32> {
    let last = samples.len().checked_sub(1)?;
    if position < -0.5 || position > last as f64 + 0.5 {
        return None;
    }
    let position = position.clamp(0.0, last as f64);
    let base = index_of(position.floor(), last);
    let part = position - base as f64;
    let nearest = samples[index_of(position.round(), last)];
    let next = samples[(base + 1).min(last)];
    let between = if smooth {
        let weights = catmull_rom(part);
        weights[0] * samples[base.saturating_sub(1)]
            + weights[1] * samples[base]
            + weights[2] * next
            + weights[3] * samples[(base + 2).min(last)]
    } else {
        #[expect(clippy::cast_possible_truncation, reason = "between 0 and 1")]
        let part = part as f32;
        samples[base] * (1.0 - part) + next * part
    };
    Some(if between.is_finite() {
        between
    } else {
        nearest
    })
}

/// Least and largest sample of a thin row, with one neighbour on each side so that rows join.
fn stretch(samples: &[f32], position: f64, step: f64) -> Option<(f32, f32)> {
    let last = samples.len().checked_sub(1)?;
    if position < -0.5 || position > last as f64 + 0.5 {
        return None;
    }
    let from = index_of((position - 0.5 * step).floor(), last);
    let to = index_of((position + 0.5 * step).ceil(), last);
    samples[from..=to]
        .iter()
        .copied()
        .map(|v| (v, v))
        .reduce(|(least, most), (v, _)| {
            if v.is_nan() {
                (v, v)
            } else {
                // NaN once found stays, because nothing compares with it.
                (
                    if v < least { v } else { least },
                    if v > most { v } else { most },
                )
            }
        })
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
    fn draw(&mut self, curve: &Curve, pen: &Pen, baseline: f32) {
        let tip = tip_of(pen);
        for (y, line) in self.pixels.chunks_mut(self.width).enumerate() {
            let mut touched = usize::MAX..0;
            let mut not_a_number = 0.0;
            for thin in 0..SUB_ROWS {
                let i = self.rows.margin + y * SUB_ROWS + thin;
                if curve.gaps[i] == Gap::NotANumber {
                    not_a_number += 1.0 / SUB_ROWS as f32;
                }
                if let Some((from, to)) = curve.inked(i, pen, &tip) {
                    let part = add_cover(&mut self.cover, baseline + from, baseline + to);
                    touched = touched.start.min(part.start)..touched.end.max(part.end);
                }
            }
            lay_ink(line, &mut self.cover, touched, pen.ink);
            if not_a_number > 0.0 {
                let part = add_cover(&mut self.cover, baseline - 1.0, baseline + 1.0);
                lay_ink(line, &mut self.cover, part, super::NAN_COLOUR);
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

/// Adds what the interval covers of each pixel in one thin row; gives the pixels touched.
fn add_cover(cover: &mut [f32], from: f32, to: f32) -> Range<usize> {
    const WEIGHT: f32 = 1.0 / SUB_ROWS as f32;
    let (from, to) = (from.max(0.0), to.min(cover.len() as f32));
    if from >= to {
        return usize::MAX..0;
    }
    let first = index_of(f64::from(from), cover.len());
    let end = index_of(f64::from(to.ceil()), cover.len());
    for (x, cover) in cover.iter_mut().enumerate().take(end).skip(first) {
        let left = from.max(x as f32);
        let right = to.min((x + 1) as f32);
        *cover += (right - left) * WEIGHT;
    }
    first..end
}

/// Inks the touched pixels by their cover, which is zero again afterwards.
fn lay_ink(line: &mut [[u8; 4]], cover: &mut [f32], touched: Range<usize>, ink: [u8; 3]) {
    if touched.is_empty() {
        return;
    }
    for (pixel, cover) in line[touched.clone()].iter_mut().zip(&mut cover[touched]) {
        if *cover > 0.0 {
            blend(pixel, ink, *cover);
            *cover = 0.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wiggles_stand_at_least_six_pixels_apart() {
        for (n_traces, step) in [(100.0, 1), (150.0, 1), (151.0, 2), (1000.0, 7), (0.5, 1)] {
            let window = SectionWindow {
                first_trace: 0.0,
                n_traces,
                first_sample: 0.0,
                n_samples: 100.0,
            };
            assert_eq!(wiggle_step(&window, 900), step, "{n_traces}");
        }
    }

    #[test]
    fn cover_adds_up_to_the_length_of_the_interval() {
        for (from, to) in [(1.25_f32, 1.5), (0.0, 4.0), (2.75, 6.125), (-3.0, 2.5)] {
            let mut cover = vec![0.0; 8];
            add_cover(&mut cover, from, to);
            let sum: f32 = cover.iter().sum::<f32>() * SUB_ROWS as f32;
            assert!((sum - (to - from.max(0.0))).abs() < 1e-5);
        }
    }

    #[test]
    fn a_stretch_holds_its_extremes_and_a_nan_wins() {
        let samples = [0.0, 3.0, -2.0, 1.0, f32::NAN];
        assert_eq!(stretch(&samples[..4], 1.5, 3.0), Some((-2.0, 3.0)));
        assert!(stretch(&samples, 3.0, 2.0).is_some_and(|(a, b)| a.is_nan() && b.is_nan()));
        assert_eq!(stretch(&samples, 9.0, 2.0), None);
    }
}
