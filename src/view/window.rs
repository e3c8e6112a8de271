//! Which part of a gather is on the screen, and which trace and sample lie under a point?

/// The visible part of a section, in traces and samples. Trace `i` covers `i..i+1`, sample `j` is centred on `j + 0.5`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SectionWindow {
    /// Left edge.
    pub first_trace: f64,
    /// Visible traces; more than 0.
    pub n_traces: f64,
    /// Upper edge.
    pub first_sample: f64,
    /// Visible samples; more than 0.
    pub n_samples: f64,
}

impl SectionWindow {
    /// All of it.
    pub fn all(n_traces: usize, n_samples: usize) -> Self {
        Self {
            first_trace: 0.0,
            n_traces: (n_traces as f64).max(1.0),
            first_sample: 0.0,
            n_samples: (n_samples as f64).max(1.0),
        }
    }

    /// Section position (trace, sample) of a point given as fractions 0..1 of the picture.
    pub fn section_from_screen(&self, x: f64, y: f64) -> (f64, f64) {
        (
            self.first_trace + x * self.n_traces,
            self.first_sample + y * self.n_samples,
        )
    }

    /// The inverse of [`Self::section_from_screen`].
    pub fn screen_from_section(&self, trace: f64, sample: f64) -> (f64, f64) {
        (
            (trace - self.first_trace) / self.n_traces,
            (sample - self.first_sample) / self.n_samples,
        )
    }

    /// Zoomed by factors (over 1: closer) about a point given as fractions 0..1, kept inside `bounds`.
    #[must_use]
    pub fn zoomed(&self, factor_x: f64, factor_y: f64, x: f64, y: f64, bounds: &Self) -> Self {
        let _ = (factor_x, factor_y, x, y, bounds);
        todo!()
    }

    /// Moved by fractions of the picture, kept inside `bounds`.
    #[must_use]
    pub fn panned(&self, dx: f64, dy: f64, bounds: &Self) -> Self {
        let _ = (dx, dy, bounds);
        todo!()
    }
}
