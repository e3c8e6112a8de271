//! How much of each pixel does the ink of a row cover? Added up exactly, a thin row at a time.

use super::SUB_ROWS;
use crate::view::image::blend;

/// The pixels of a row that some cover was added to.
pub(super) struct Touched {
    first: usize,
    end: usize,
}

impl Default for Touched {
    fn default() -> Self {
        Self {
            first: usize::MAX,
            end: 0,
        }
    }
}

/// Adds what the interval covers of each pixel in one thin row.
#[inline]
pub(super) fn add_cover(cover: &mut [f32], touched: &mut Touched, from: f32, to: f32) {
    const WEIGHT: f32 = 1.0 / SUB_ROWS as f32;
    let (from, to) = (from.max(0.0), to.min(cover.len() as f32));
    if from >= to {
        return;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the width; saturates"
    )]
    let (first, last) = (from as usize, (to.ceil() as usize).max(1) - 1);
    let Some(part) = cover.get_mut(first..=last) else {
        return;
    };
    for pixel in &mut *part {
        *pixel += WEIGHT;
    }
    // The first and the last are covered in part.
    if let Some(pixel) = part.first_mut() {
        *pixel -= (from - first as f32) * WEIGHT;
    }
    if let Some(pixel) = part.last_mut() {
        *pixel -= ((last + 1) as f32 - to) * WEIGHT;
    }
    touched.first = touched.first.min(first);
    touched.end = touched.end.max(last + 1);
}

/// Inks the touched pixels by their cover, which is zero again afterwards.
pub(super) fn lay_ink(line: &mut [[u8; 4]], cover: &mut [f32], touched: &Touched, ink: [u8; 3]) {
    let range = touched.first..touched.end;
    let (Some(line), Some(cover)) = (line.get_mut(range.clone()), cover.get_mut(range)) else {
        return;
    };
    for (pixel, cover) in line.iter_mut().zip(cover) {
        blend(pixel, ink, *cover);
        *cover = 0.0;
    }
}
