//! Which part of a gather is on the screen, and which trace and sample lie under a point?

/// No closer than this many traces: one trace fills the picture.
const MIN_TRACES: f64 = 1.0;
/// No closer than this many samples.
const MIN_SAMPLES: f64 = 4.0;

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
    /// The first trace stands at the right: of a whole line, whose traces stand evenly. Gathers are
    /// turned by their [`super::Placement`].
    pub from_right: bool,
}

impl SectionWindow {
    /// All of it.
    pub fn all(n_traces: usize, n_samples: usize) -> Self {
        Self {
            first_trace: 0.0,
            n_traces: (n_traces as f64).max(1.0),
            first_sample: 0.0,
            n_samples: (n_samples as f64).max(1.0),
            from_right: false,
        }
    }

    /// The same traces and times from the right, or from the left.
    #[must_use]
    pub fn turned(&self, from_right: bool) -> Self {
        Self {
            from_right,
            ..*self
        }
    }

    /// A share of the width, counted from where the first trace stands.
    fn counted_from_first(&self, x: f64) -> f64 {
        if self.from_right { 1.0 - x } else { x }
    }

    /// Section position (trace, sample) of a point given as fractions 0..1 of the picture.
    pub fn section_from_screen(&self, x: f64, y: f64) -> (f64, f64) {
        (
            self.first_trace + self.counted_from_first(x) * self.n_traces,
            self.first_sample + y * self.n_samples,
        )
    }

    /// The inverse of [`Self::section_from_screen`].
    pub fn screen_from_section(&self, trace: f64, sample: f64) -> (f64, f64) {
        (
            self.counted_from_first((trace - self.first_trace) / self.n_traces),
            (sample - self.first_sample) / self.n_samples,
        )
    }

    /// Zoomed by factors (over 1: closer) about a point given as fractions 0..1, kept inside `bounds`.
    ///
    /// What lies under the point stays under it, unless a bound is in the way. Never closer than
    /// one trace and four samples.
    #[must_use]
    pub fn zoomed(&self, factor_x: f64, factor_y: f64, x: f64, y: f64, bounds: &Self) -> Self {
        let (trace, sample) = self.section_from_screen(x, y);
        let n_traces = zoomed_span(self.n_traces, factor_x, MIN_TRACES, bounds.n_traces);
        let n_samples = zoomed_span(self.n_samples, factor_y, MIN_SAMPLES, bounds.n_samples);
        Self {
            first_trace: trace - self.counted_from_first(x) * n_traces,
            n_traces,
            first_sample: sample - y * n_samples,
            n_samples,
            ..*self
        }
        .kept_inside(bounds)
    }

    /// Moved by fractions of the picture, kept inside `bounds`.
    #[must_use]
    pub fn panned(&self, dx: f64, dy: f64, bounds: &Self) -> Self {
        let dx = if self.from_right { -dx } else { dx };
        Self {
            first_trace: self.first_trace + dx * self.n_traces,
            first_sample: self.first_sample + dy * self.n_samples,
            ..*self
        }
        .kept_inside(bounds)
    }

    /// Moved by so many traces, without bounds.
    #[must_use]
    pub fn moved_by(&self, traces: f64) -> Self {
        Self {
            first_trace: self.first_trace + traces,
            ..*self
        }
    }

    /// The part between two corners given as fractions 0..1 of the picture, in any order (box zoom),
    /// kept inside `bounds`.
    #[must_use]
    pub fn cut(&self, from: (f64, f64), to: (f64, f64), bounds: &Self) -> Self {
        let (trace_a, sample_a) = self.section_from_screen(from.0, from.1);
        let (trace_b, sample_b) = self.section_from_screen(to.0, to.1);
        Self {
            first_trace: trace_a.min(trace_b),
            n_traces: (trace_a - trace_b).abs(),
            first_sample: sample_a.min(sample_b),
            n_samples: (sample_a - sample_b).abs(),
            ..*self
        }
        .kept_inside(bounds)
    }

    /// The nearest window that lies inside `bounds`: smaller where it is too large, moved where it
    /// sticks out, and turned as they are. For a window that is kept while the gather under it changes.
    #[must_use]
    pub fn kept_inside(&self, bounds: &Self) -> Self {
        let n_traces = clamped_span(self.n_traces, MIN_TRACES, bounds.n_traces);
        let n_samples = clamped_span(self.n_samples, MIN_SAMPLES, bounds.n_samples);
        Self {
            first_trace: clamped_start(
                self.first_trace,
                n_traces,
                bounds.first_trace,
                bounds.n_traces,
            ),
            n_traces,
            first_sample: clamped_start(
                self.first_sample,
                n_samples,
                bounds.first_sample,
                bounds.n_samples,
            ),
            n_samples,
            from_right: bounds.from_right,
        }
    }
}

fn zoomed_span(span: f64, factor: f64, least: f64, most: f64) -> f64 {
    let usable = factor.is_finite() && factor > 0.0;
    clamped_span(if usable { span / factor } else { span }, least, most)
}

fn clamped_span(span: f64, least: f64, most: f64) -> f64 {
    if span.is_nan() {
        return most;
    }
    span.clamp(least.min(most), most)
}

fn clamped_start(start: f64, span: f64, bound_start: f64, bound_span: f64) -> f64 {
    if start.is_nan() {
        return bound_start;
    }
    let last = (bound_start + bound_span - span).max(bound_start);
    start.clamp(bound_start, last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BOUNDS: SectionWindow = SectionWindow {
        first_trace: 0.0,
        n_traces: 100.0,
        first_sample: 0.0,
        n_samples: 1000.0,
        from_right: false,
    };

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-6
    }

    proptest! {
        #[test]
        fn screen_and_section_are_inverse(
            x in -1.0..2.0f64, y in -1.0..2.0f64, t in 0.0..50.0f64, n in 1.0..50.0f64, from_right: bool,
        ) {
            let window = SectionWindow {
                first_trace: t, n_traces: n, first_sample: 3.0 * t, n_samples: 7.0 * n, from_right,
            };
            let (trace, sample) = window.section_from_screen(x, y);
            let (x2, y2) = window.screen_from_section(trace, sample);
            prop_assert!(near(x, x2) && near(y, y2));
        }

        #[test]
        fn any_zoom_and_pan_stays_inside_the_bounds(
            fx in 0.001..1000.0f64, fy in 0.001..1000.0f64,
            x in 0.0..1.0f64, y in 0.0..1.0f64, dx in -3.0..3.0f64, dy in -3.0..3.0f64,
        ) {
            let window = BOUNDS.zoomed(fx, fy, x, y, &BOUNDS).panned(dx, dy, &BOUNDS).zoomed(fy, fx, y, x, &BOUNDS);
            prop_assert!(window.first_trace >= 0.0 && window.first_sample >= 0.0);
            prop_assert!(window.first_trace + window.n_traces <= 100.0 + 1e-9);
            prop_assert!(window.first_sample + window.n_samples <= 1000.0 + 1e-9);
            prop_assert!(window.n_traces >= 1.0 && window.n_samples >= 4.0);
        }
    }

    #[test]
    fn zooming_in_keeps_the_point_under_the_cursor() {
        let before = BOUNDS.section_from_screen(0.3, 0.7);
        let zoomed = BOUNDS.zoomed(2.0, 4.0, 0.3, 0.7, &BOUNDS);
        let after = zoomed.section_from_screen(0.3, 0.7);
        assert!(near(before.0, after.0) && near(before.1, after.1));
        assert!(near(zoomed.n_traces, 50.0) && near(zoomed.n_samples, 250.0));
    }

    #[test]
    fn from_the_right_everything_is_mirrored_across() {
        let bounds = BOUNDS.turned(true);
        assert_eq!(bounds.section_from_screen(0.1, 0.2), (90.0, 200.0));
        let before = bounds.section_from_screen(0.3, 0.7);
        let zoomed = bounds.zoomed(2.0, 4.0, 0.3, 0.7, &bounds);
        let after = zoomed.section_from_screen(0.3, 0.7);
        assert!(near(before.0, after.0) && near(before.1, after.1));
        let panned = zoomed.panned(0.1, 0.0, &bounds);
        assert!(
            near(zoomed.first_trace - 5.0, panned.first_trace),
            "to the right are earlier traces"
        );
        let cut = bounds.cut((0.0, 0.0), (0.2, 0.1), &bounds);
        assert!(near(cut.first_trace, 80.0) && near(cut.n_traces, 20.0) && cut.from_right);
        assert!(
            cut.kept_inside(&BOUNDS).turned(true) == cut && !cut.kept_inside(&BOUNDS).from_right
        );
    }

    #[test]
    fn zooming_out_ends_at_everything() {
        let zoomed = BOUNDS.zoomed(5.0, 5.0, 0.9, 0.1, &BOUNDS);
        assert_eq!(zoomed.zoomed(0.01, 0.01, 0.5, 0.5, &BOUNDS), BOUNDS);
    }

    #[test]
    fn a_tiny_gather_is_its_own_smallest_window() {
        let tiny = SectionWindow::all(1, 2);
        assert_eq!(tiny.zoomed(10.0, 10.0, 0.5, 0.5, &tiny), tiny);
    }

    #[test]
    fn a_box_may_be_drawn_from_any_corner() {
        let window = BOUNDS.cut((0.6, 0.5), (0.2, 0.1), &BOUNDS);
        assert!(near(window.first_trace, 20.0) && near(window.n_traces, 40.0));
        assert!(near(window.first_sample, 100.0) && near(window.n_samples, 400.0));
    }

    #[test]
    fn a_window_kept_over_a_smaller_gather_moves_inside() {
        let window = SectionWindow {
            first_trace: 80.0,
            n_traces: 20.0,
            first_sample: 500.0,
            n_samples: 100.0,
            from_right: false,
        };
        let kept = window.kept_inside(&SectionWindow::all(30, 1000));
        assert!(near(kept.first_trace, 10.0) && near(kept.n_traces, 20.0));
        assert!(near(kept.first_sample, 500.0));
    }

    #[test]
    fn a_mad_factor_changes_nothing() {
        for factor in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(BOUNDS.zoomed(factor, factor, 0.5, 0.5, &BOUNDS), BOUNDS);
        }
    }
}
