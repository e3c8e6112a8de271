//! How does an amplitude become a coloured pixel?
//!
//! Each pixel is a cell of the section. Where a cell is smaller than a trace or a sample, the
//! nearest one is taken (in time, if asked for, a smooth curve through the samples: Catmull-Rom).
//! Where it is larger, every trace and every sample belongs to exactly one cell, the one that its
//! centre lies in, and the cell shows its *signed extreme*, the value of larger magnitude. So an
//! event keeps its brightness from the closest to the farthest zoom, and a spike of one sample is
//! seen from anywhere; a mean would wash both out. Incoherent noise gains a little when zoomed out:
//! that is the price. A NaN wins over numbers, because who looks for faults must see it.

use std::ops::Range;

use rayon::prelude::*;

use super::{Display, Image, SectionWindow};
use crate::browse::Gather;

/// Not a number: a colour that no table has.
pub const NAN_COLOUR: [u8; 3] = [255, 0, 255];
/// Rows of one band: its pixels (at 2,000 columns 512 KiB) stay in the second-level cache.
const BAND_ROWS: usize = 64;

/// Where a row of pixels takes its value from, the same for all traces.
enum Row {
    /// Outside of the gather.
    Outside,
    /// The extreme of these samples; mostly one.
    Samples(Range<usize>),
    /// The weighted sum of four samples; the nearest, where that is not finite.
    Between {
        samples: [usize; 4],
        weights: [f32; 4],
        nearest: usize,
    },
}

/// Neighbouring columns of pixels that show the same traces.
struct Columns {
    pixels: Range<usize>,
    traces: Range<usize>,
}

/// Draws colours over the whole image where there is a gather.
pub(super) fn paint_density(
    image: &mut Image,
    gather: &Gather,
    window: &SectionWindow,
    display: &Display,
) {
    let width = image.width;
    let rows = rows_of(window, image.height, gather.n_samples, display);
    let columns = columns_of(window, width, gather.n_traces());
    let colours = Colours::of(display);
    image
        .pixels_mut()
        .par_chunks_mut(width * BAND_ROWS)
        .zip(rows.par_chunks(BAND_ROWS))
        .for_each(|(band, rows)| {
            let mut values = vec![0.0; rows.len()];
            for columns in &columns {
                take_values(gather, columns.traces.clone(), rows, &mut values);
                for ((line, row), value) in band.chunks_mut(width).zip(rows).zip(&values) {
                    if !matches!(row, Row::Outside) {
                        line[columns.pixels.clone()].fill(colours.of_amplitude(*value));
                    }
                }
            }
        });
}

/// The value of each row, over all `traces`.
fn take_values(gather: &Gather, traces: Range<usize>, rows: &[Row], values: &mut [f32]) {
    values.fill(0.0);
    for trace in traces {
        let samples = gather.trace(trace);
        for (row, value) in rows.iter().zip(values.iter_mut()) {
            match row {
                Row::Outside => {}
                Row::Samples(range) => {
                    for sample in samples.get(range.clone()).unwrap_or_default() {
                        *value = extreme(*value, *sample);
                    }
                }
                Row::Between {
                    samples: at,
                    weights,
                    nearest,
                } => {
                    let between = weighted(samples, at, weights);
                    let sample = if between.is_finite() {
                        between
                    } else {
                        samples.get(*nearest).copied().unwrap_or(0.0)
                    };
                    *value = extreme(*value, sample);
                }
            }
        }
    }
}

/// The one of larger magnitude; NaN wins and stays.
#[inline]
fn extreme(old: f32, new: f32) -> f32 {
    if new.abs() > old.abs() || new.is_nan() {
        new
    } else {
        old
    }
}

fn weighted(samples: &[f32], at: &[usize; 4], weights: &[f32; 4]) -> f32 {
    at.iter()
        .zip(weights)
        .map(|(&i, weight)| samples.get(i).copied().unwrap_or(0.0) * weight)
        .sum()
}

fn rows_of(window: &SectionWindow, height: usize, n_samples: usize, display: &Display) -> Vec<Row> {
    let samples_a_row = window.n_samples / height as f64;
    let smooth = display.interpolate_time && samples_a_row < 1.0;
    cells(window.first_sample, samples_a_row, height, n_samples)
        .enumerate()
        .map(|(y, cell)| {
            if cell.is_empty() {
                Row::Outside
            } else if smooth {
                let sample = window.first_sample + (y as f64 + 0.5) * samples_a_row;
                between(sample - 0.5, cell.start, n_samples)
            } else {
                Row::Samples(cell)
            }
        })
        .collect()
}

fn columns_of(window: &SectionWindow, width: usize, n_traces: usize) -> Vec<Columns> {
    let traces_a_column = window.n_traces / width as f64;
    let mut all: Vec<Columns> = Vec::new();
    for (x, traces) in cells(window.first_trace, traces_a_column, width, n_traces).enumerate() {
        match all.last_mut() {
            Some(last) if last.traces == traces && last.pixels.end == x => last.pixels.end += 1,
            _ if traces.is_empty() => {}
            _ => all.push(Columns {
                pixels: x..x + 1,
                traces,
            }),
        }
    }
    all
}

/// What each of `pixels` cells of size `step` from `first` on covers of `count` things, thing `i` being
/// `i..i+1`. Cells over one thing: where the cell's centre lies. Larger cells: the things whose
/// centres lie in the cell. Outside: nothing.
fn cells(first: f64, step: f64, pixels: usize, count: usize) -> impl Iterator<Item = Range<usize>> {
    (0..pixels).map(move |i| {
        let from = first + i as f64 * step;
        let centre = first + (i as f64 + 0.5) * step;
        if !(0.0..count as f64).contains(&centre) {
            return 0..0;
        }
        let nearest = index_of(centre.floor(), count - 1);
        if step <= 1.0 {
            return nearest..nearest + 1;
        }
        let to = first + (i + 1) as f64 * step;
        let range = index_of((from - 0.5).ceil(), count)..index_of((to - 0.5).ceil(), count);
        if range.is_empty() {
            nearest..nearest + 1
        } else {
            range
        }
    })
}

/// `value` as an index, kept between 0 and `most`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=most"
)]
pub(super) fn index_of(value: f64, most: usize) -> usize {
    value.clamp(0.0, most as f64) as usize
}

/// The Catmull-Rom curve through the samples at `position` (sample `j` at `j`); flat beyond the ends.
fn between(position: f64, nearest: usize, n_samples: usize) -> Row {
    let last = n_samples - 1;
    let position = position.clamp(0.0, last as f64);
    let base = index_of(position.floor(), last);
    Row::Between {
        samples: [
            base.saturating_sub(1),
            base,
            (base + 1).min(last),
            (base + 2).min(last),
        ],
        weights: catmull_rom(position - base as f64),
        nearest,
    }
}

/// Weights of the samples at −1, 0, 1, 2 for the point `part` (0..1) between 0 and 1.
pub(super) fn catmull_rom(part: f64) -> [f32; 4] {
    let (t, t2, t3) = (part, part * part, part * part * part);
    [
        0.5 * (-t + 2.0 * t2 - t3),
        0.5 * (2.0 - 5.0 * t2 + 3.0 * t3),
        0.5 * (t + 4.0 * t2 - 3.0 * t3),
        0.5 * (t3 - t2),
    ]
    .map(|weight| {
        #[expect(clippy::cast_possible_truncation, reason = "a weight between -1 and 1")]
        {
            weight as f32
        }
    })
}

/// From amplitude to colour, the same for all pixels of a picture.
pub(super) struct Colours {
    lookup: [[u8; 4]; 256],
    gain: f32,
}

impl Colours {
    pub(super) fn of(display: &Display) -> Self {
        Self {
            lookup: display.lookup(),
            gain: display.gain(127.5),
        }
    }

    #[inline]
    pub(super) fn of_amplitude(&self, amplitude: f32) -> [u8; 4] {
        if amplitude.is_nan() {
            let [r, g, b] = NAN_COLOUR;
            return [r, g, b, 255];
        }
        // The cast saturates: beyond the clip, and infinite, is at the ends.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates by design"
        )]
        let index = (amplitude * self.gain + 128.0) as u8;
        self.lookup[usize::from(index)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_sample_of_a_minified_window_lies_in_exactly_one_cell(
            count in 1usize..5000, pixels in 1usize..700,
        ) {
            let step = count as f64 / pixels as f64;
            prop_assume!(step > 1.0);
            let all: Vec<usize> = cells(0.0, step, pixels, count).flatten().collect();
            prop_assert!(all.iter().copied().eq(0..count));
        }

        #[test]
        fn magnified_cells_show_the_sample_under_their_centre(
            first in -3.0..20.0f64, step in 0.01..1.0f64,
        ) {
            for (i, cell) in cells(first, step, 100, 20).enumerate() {
                let centre = first + (i as f64 + 0.5) * step;
                let inside = (0.0..20.0).contains(&centre);
                prop_assert_eq!(cell.len(), usize::from(inside));
                prop_assert!(!inside || cell.start == centre.floor() as usize);
            }
        }

        #[test]
        fn the_curve_goes_through_the_samples_and_keeps_straight_lines(part in 0.0..1.0f64) {
            let weights = catmull_rom(part);
            let line: f32 = weights.iter().zip([-1.0, 0.0, 1.0, 2.0]).map(|(w, x)| w * x).sum();
            prop_assert!((f64::from(line) - part).abs() < 1e-6);
            prop_assert!((weights.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn the_extreme_keeps_its_sign_and_nan_stays() {
        assert!((extreme(1.0, -2.0) + 2.0).abs() < 1e-9);
        assert!((extreme(-2.0, 1.0) + 2.0).abs() < 1e-9);
        assert!(extreme(f32::NAN, 5.0).is_nan());
        assert!(extreme(5.0, f32::NAN).is_nan());
    }

    #[test]
    fn amplitudes_take_the_entries_that_the_table_promises() {
        let display = Display {
            clip: 10.0,
            ..Display::default()
        };
        let colours = Colours::of(&display);
        for (amplitude, grey) in [
            (0.0, 127),
            (10.0, 0),
            (-10.0, 255),
            (f32::INFINITY, 0),
            (f32::NEG_INFINITY, 255),
            (1e30, 0),
        ] {
            assert_eq!(colours.of_amplitude(amplitude), [grey, grey, grey, 255]);
        }
        assert_eq!(colours.of_amplitude(f32::NAN), [255, 0, 255, 255]);
    }
}
