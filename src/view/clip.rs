//! At which amplitude does the colour table end?

/// The `percentile` (0..=100) of |samples|, over finite ones; 0 when there is none. Samples at most a million evenly.
pub fn abs_percentile(samples: &[f32], percentile: f32) -> f32 {
    let _ = (samples, percentile);
    todo!()
}

/// A clip that can be drawn with: [`abs_percentile`], and where that is 0 the largest |sample|, and where that is 0 one.
pub fn clip_of(samples: &[f32], percentile: f32) -> f32 {
    let _ = (samples, percentile);
    todo!()
}
