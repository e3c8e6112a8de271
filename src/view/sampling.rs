//! Which samples does a pixel show?
//!
//! Each pixel is a cell of the section. A cell smaller than a sample shows the nearest one, or a point
//! of a curve through them. In a larger cell lie all samples whose centres it holds, so that every
//! sample lies in exactly one cell. The same for traces.

use std::ops::Range;

/// Where a row of pixels takes its value from, the same for all traces.
pub(super) enum Row {
    /// Outside of the gather.
    Outside,
    /// All of these samples; mostly one.
    Samples(Range<usize>),
    /// A point between samples.
    Between(Mix),
}

/// The weighted sum of four samples.
pub(super) struct Mix {
    samples: [usize; 4],
    weights: [f32; 4],
    nearest: usize,
}

impl Mix {
    /// Samples, their weights, and the nearest sample.
    pub(super) fn parts(&self) -> ([usize; 4], [f32; 4], usize) {
        (self.samples, self.weights, self.nearest)
    }

    /// The mix; the nearest sample, where a sample in it is not finite.
    #[inline]
    pub(super) fn of(&self, samples: &[f32]) -> f32 {
        let sample = |i: usize| samples.get(i).copied().unwrap_or(0.0);
        let [a, b, c, d] = self.samples.map(sample);
        let [wa, wb, wc, wd] = self.weights;
        let mixed = wa * a + wb * b + wc * c + wd * d;
        if mixed.is_finite() {
            mixed
        } else {
            sample(self.nearest)
        }
    }
}

/// What each of `pixels` cells of size `step` from `first` on covers of `count` things, thing `i` being
/// `i..i+1`. Cells over one thing: where the cell's centre lies. Larger cells: the things whose
/// centres lie in the cell. Outside: nothing.
pub(super) fn cells(
    first: f64,
    step: f64,
    pixels: usize,
    count: usize,
) -> impl Iterator<Item = Range<usize>> {
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

/// The curve through the samples at `position` (sample `j` at `j`), flat beyond the ends: smooth
/// (Catmull-Rom) or straight from sample to sample.
pub(super) fn between(position: f64, n_samples: usize, smooth: bool) -> Mix {
    let last = n_samples.saturating_sub(1);
    let position = position.clamp(0.0, last as f64);
    let base = index_of(position.floor(), last);
    let part = position - base as f64;
    Mix {
        samples: [
            base.saturating_sub(1),
            base,
            (base + 1).min(last),
            (base + 2).min(last),
        ],
        weights: if smooth {
            catmull_rom(part)
        } else {
            straight(part)
        },
        nearest: index_of(position.round(), last),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "weights between 0 and 1")]
fn straight(part: f64) -> [f32; 4] {
    [0.0, (1.0 - part) as f32, part as f32, 0.0]
}

/// Weights of the samples at −1, 0, 1, 2 for the point `part` (0..1) between 0 and 1.
fn catmull_rom(part: f64) -> [f32; 4] {
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
                prop_assert!(!inside || (cell.start as f64 - centre.floor()).abs() < 0.5);
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
    fn between_a_sample_and_a_nan_the_nearest_is_shown() {
        let samples = [1.0, f32::NAN, 3.0];
        assert!((between(0.4, 3, true).of(&samples) - 1.0).abs() < 1e-9);
        assert!(between(0.6, 3, true).of(&samples).is_nan());
    }
}
