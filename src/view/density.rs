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

use super::sampling::{Row, between, cells};
use super::{Display, Image, Placement, SectionWindow};
use crate::browse::{Gather, PADDING, is_padding};

/// Not a number: a colour that no table has.
pub const NAN_COLOUR: [u8; 3] = [255, 0, 255];
/// Rows of one band: its pixels (at 2,000 columns 512 KiB) stay in the second-level cache.
const BAND_ROWS: usize = 64;

/// Neighbouring columns of pixels that show the same traces.
pub(super) struct Columns {
    pub(super) pixels: Range<usize>,
    /// By their order from the left, where traces are placed.
    pub(super) traces: Range<usize>,
}

/// Draws colours over the whole image where there is a gather.
pub(super) fn paint_density(
    image: &mut Image,
    gather: &Gather,
    placement: Option<&Placement>,
    window: &SectionWindow,
    display: &Display,
) {
    let width = image.width;
    let rows = rows_of(window, image.height, gather.n_samples, display);
    let columns = columns_of(window, width, gather.n_traces(), placement);
    let trace_at = |rank: usize| match placement {
        Some(placement) => placement.trace_of_rank(rank).unwrap_or(usize::MAX),
        None => rank,
    };
    let colours = Colours::of(display);
    image
        .pixels_mut()
        .par_chunks_mut(width * BAND_ROWS)
        .zip(rows.par_chunks(BAND_ROWS))
        .for_each(|(band, rows)| {
            let mut values = vec![0.0; rows.len()];
            for columns in &columns {
                let traces = columns.traces.clone().map(trace_at);
                take_values(gather, traces, rows, &mut values);
                for ((line, row), value) in band.chunks_mut(width).zip(rows).zip(&values) {
                    if !matches!(row, Row::Outside) && !is_padding(*value) {
                        line[columns.pixels.clone()].fill(colours.of_amplitude(*value));
                    }
                }
            }
        });
}

/// The value of each row, over all `traces`.
fn take_values(
    gather: &Gather,
    traces: impl Iterator<Item = usize>,
    rows: &[Row],
    values: &mut [f32],
) {
    values.fill(PADDING);
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
                Row::Between(mix) => *value = extreme(*value, mix.of(samples)),
            }
        }
    }
}

/// The one of larger magnitude; NaN wins and stays, but what is no sample gives way to all.
#[inline]
pub(super) fn extreme(old: f32, new: f32) -> f32 {
    if new.abs() > old.abs() {
        new
    } else if old.is_nan() || new.is_nan() {
        not_a_number(old, new)
    } else {
        old
    }
}

#[cold]
fn not_a_number(old: f32, new: f32) -> f32 {
    if is_padding(old) || (new.is_nan() && !is_padding(new)) {
        new
    } else {
        old
    }
}

pub(super) fn rows_of(
    window: &SectionWindow,
    height: usize,
    n_samples: usize,
    display: &Display,
) -> Vec<Row> {
    let samples_a_row = window.n_samples / height as f64;
    let smooth = display.interpolate_time && samples_a_row < 1.0;
    cells(window.first_sample, samples_a_row, height, n_samples)
        .enumerate()
        .map(|(y, cell)| {
            if cell.is_empty() {
                Row::Outside
            } else if smooth {
                let sample = window.first_sample + (y as f64 + 0.5) * samples_a_row;
                Row::Between(between(sample - 0.5, n_samples, true))
            } else {
                Row::Samples(cell)
            }
        })
        .collect()
}

pub(super) fn columns_of(
    window: &SectionWindow,
    width: usize,
    n_traces: usize,
    placement: Option<&Placement>,
) -> Vec<Columns> {
    let traces_a_column = window.n_traces / width as f64;
    let Some(placement) = placement else {
        let even = cells(window.first_trace, traces_a_column, width, n_traces);
        if window.from_right {
            let even: Vec<Range<usize>> = even.collect();
            return joined(even.into_iter().rev());
        }
        return joined(even);
    };
    joined((0..width).map(|x| {
        let from = window.first_trace + x as f64 * traces_a_column;
        placement.ranks_of_pixel(from, from + traces_a_column)
    }))
}

/// Neighbours that show the same are one.
fn joined(columns: impl Iterator<Item = Range<usize>>) -> Vec<Columns> {
    let mut all: Vec<Columns> = Vec::new();
    for (x, traces) in columns.enumerate() {
        match all.last_mut() {
            _ if traces.is_empty() => {}
            Some(last) if last.traces == traces && last.pixels.end == x => last.pixels.end += 1,
            _ => all.push(Columns {
                pixels: x..x + 1,
                traces,
            }),
        }
    }
    all
}

/// From amplitude to colour, the same for all pixels of a picture.
pub(super) struct Colours {
    lookup: [[u8; 4]; 256],
    gain: f32,
    middle: f32,
}

impl Colours {
    pub(super) fn of(display: &Display) -> Self {
        Self {
            lookup: display.lookup(),
            gain: display.gain(127.5),
            middle: display.middle,
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
        let index = ((amplitude - self.middle) * self.gain + 128.0) as u8;
        self.lookup[usize::from(index)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extreme_keeps_its_sign_and_nan_stays() {
        assert!((extreme(1.0, -2.0) + 2.0).abs() < 1e-9);
        assert!((extreme(-2.0, 1.0) + 2.0).abs() < 1e-9);
        assert!(extreme(f32::NAN, 5.0).is_nan());
        assert!(extreme(5.0, f32::NAN).is_nan());
        assert!((extreme(PADDING, 5.0) - 5.0).abs() < 1e-9);
        assert!((extreme(5.0, PADDING) - 5.0).abs() < 1e-9);
        assert!(is_padding(extreme(PADDING, PADDING)));
        assert!(!is_padding(extreme(PADDING, f32::NAN)));
        assert!(!is_padding(extreme(f32::NAN, PADDING)));
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
