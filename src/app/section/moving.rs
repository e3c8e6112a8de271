//! What of the section is visible: zoomed, moved, gone back to, carried over to the next gather.

use std::ops::Range;
use std::sync::Arc;

use super::{Section, bounds_of, places};
use crate::browse::Gather;
use crate::view::SectionWindow;

impl Section {
    /// Shows another gather. The zoom stays: the same times, and the same traces or, where the
    /// number of traces differs, the same share of them.
    pub(crate) fn set_gather(&mut self, gather: Arc<Gather>) {
        let old = self
            .gather
            .as_ref()
            .map(|old| bounds_of(old, self.places.get()));
        let before = self.places.get().map(Arc::clone);
        self.places.place(&gather);
        let bounds = bounds_of(&gather, self.places.get());
        let kept = match (self.window.filter(|_| self.line.is_none()), old) {
            (Some(window), Some(old)) => {
                let kept = places::carried_over(
                    &window,
                    (before.as_deref(), &old),
                    (self.places.get().map(|p| &**p), &bounds),
                );
                let fits = self.fits_on_step && self.is_other(&gather);
                Some(if fits {
                    all_traces(kept, &bounds)
                } else {
                    kept
                })
            }
            _ => self
                .restore
                .take()
                .map(|window| window.kept_inside(&bounds)),
        };
        if self.line.is_none() {
            self.window = kept.filter(|kept| *kept != bounds);
        }
        self.gather = Some(gather);
        self.is_new = true;
        self.late_since = None;
        self.hit = None;
    }

    /// Moves the window so that a trace of the source can be seen, where it is on the screen at all.
    pub(crate) fn reveal(&mut self, trace_index: u64) -> bool {
        let Some(place) = self.place_of(trace_index) else {
            return false;
        };
        let place = self.position_of(place).unwrap_or(place as f64 + 0.5);
        let inside =
            |w: SectionWindow| w.first_trace <= place && place < w.first_trace + w.n_traces;
        if self.window().is_some_and(|w| !inside(w)) {
            self.centre_on(place);
        }
        true
    }

    /// Zooms by factors (over 1: closer) about a point given as fractions of the picture.
    pub(crate) fn zoom(&mut self, factor_x: f64, factor_y: f64, x: f64, y: f64) {
        if let (Some(window), Some(bounds)) = (self.window(), self.bounds()) {
            self.look_at(window.zoomed(factor_x, factor_y, x, y, &bounds), bounds);
        }
    }

    /// Moves by fractions of the picture; not kept in the history.
    pub(crate) fn pan(&mut self, dx: f64, dy: f64) {
        if let (Some(window), Some(bounds)) = (self.window(), self.bounds()) {
            let window = window.panned(dx, dy, &bounds);
            self.window = (window != bounds).then_some(window);
        }
    }

    /// Shows these traces, at all times.
    pub(crate) fn look_at_traces(&mut self, traces: &Range<u64>) {
        if let Some(bounds) = self.bounds() {
            let window = SectionWindow {
                first_trace: traces.start as f64,
                n_traces: (traces.end - traces.start) as f64,
                ..bounds
            };
            self.look_at(window.kept_inside(&bounds), bounds);
        }
    }

    /// Moves a trace into the middle.
    pub(super) fn centre_on(&mut self, trace: f64) {
        if let (Some(window), Some(bounds)) = (self.window(), self.bounds()) {
            let window = SectionWindow {
                first_trace: trace - window.n_traces / 2.0,
                ..window
            };
            let window = window.kept_inside(&bounds);
            self.window = (window != bounds).then_some(window);
        }
    }

    /// Shows all.
    pub(crate) fn fit(&mut self) {
        if let Some(window) = self.window.take() {
            self.history.leave(window);
        }
    }

    /// Goes back to the window before.
    pub(crate) fn previous_zoom(&mut self) {
        if let (Some(now), Some(bounds)) = (self.window(), self.bounds())
            && let Some(window) = self.history.back(now)
        {
            let window = window.kept_inside(&bounds);
            self.window = (window != bounds).then_some(window);
        }
    }

    /// Goes forward again.
    pub(crate) fn next_zoom(&mut self) {
        if let (Some(now), Some(bounds)) = (self.window(), self.bounds())
            && let Some(window) = self.history.forward(now)
        {
            let window = window.kept_inside(&bounds);
            self.window = (window != bounds).then_some(window);
        }
    }

    /// Whether there is a window to go back to, and one to go forward to.
    pub(crate) fn zoom_steps(&self) -> (bool, bool) {
        (self.history.can_go_back(), self.history.can_go_forward())
    }

    /// One sample a pixel, about the middle; of traces what is shown now.
    pub(crate) fn one_to_one(&mut self) {
        let n_samples = self.pixels.1 as f64;
        if let (Some(window), Some(bounds)) = (self.window(), self.bounds()) {
            let middle = window.first_sample + window.n_samples / 2.0;
            let exact = SectionWindow {
                first_sample: middle - n_samples / 2.0,
                n_samples,
                ..window
            };
            self.look_at(exact.kept_inside(&bounds), bounds);
        }
    }

    /// Shows a window without a step in the history: it follows another section, or a gather that
    /// is still on its way.
    pub(crate) fn follow(&mut self, window: Option<SectionWindow>) {
        match (window, self.bounds()) {
            (Some(window), Some(bounds)) => {
                let kept = window.kept_inside(&bounds);
                self.window = (kept != bounds).then_some(kept);
            }
            (Some(window), None) => self.restore = Some(window),
            (None, _) => self.window = None,
        }
    }

    /// The part that is visible, if it is not all.
    pub(crate) fn zoomed_window(&self) -> Option<SectionWindow> {
        self.window
    }

    /// Units across all of it: traces, where they stand evenly.
    pub(crate) fn units(&self) -> f64 {
        self.bounds().map_or(1.0, |bounds| bounds.n_traces)
    }

    pub(super) fn look_at(&mut self, window: SectionWindow, bounds: SectionWindow) {
        if let Some(now) = self.window()
            && now != window
        {
            self.history.leave(now);
        }
        self.window = (window != bounds).then_some(window);
    }

    /// Whether a gather is not the one on the screen, read again.
    fn is_other(&self, gather: &Gather) -> bool {
        let now = self.gather.as_ref();
        now.is_some_and(|now| now.trace_indices != gather.trace_indices)
    }
}

/// The same times, at all traces.
fn all_traces(window: SectionWindow, bounds: &SectionWindow) -> SectionWindow {
    SectionWindow {
        first_trace: bounds.first_trace,
        n_traces: bounds.n_traces,
        ..window
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::browse::fake::FakeSource;
    use crate::browse::load_range;

    fn gather(traces: Range<u64>) -> Arc<Gather> {
        Arc::new(load_range(&FakeSource::new(100, 50), traces, &[]).unwrap())
    }

    #[test]
    fn a_step_keeps_the_zoom_or_shows_all_traces_at_the_same_times() {
        let mut section = Section::new(|| {});
        section.set_gather(gather(0..20));
        section.zoom(2.0, 2.0, 0.5, 0.5);
        section.set_gather(gather(20..60));
        let kept = section.window().unwrap();
        assert_eq!(
            (kept.first_trace, kept.n_traces),
            (10.0, 20.0),
            "the same share"
        );
        assert_eq!((kept.first_sample, kept.n_samples), (12.5, 25.0));

        section.fits_on_step = true;
        section.set_gather(gather(20..60));
        assert_eq!(
            section.window().unwrap(),
            kept,
            "the same gather, read again"
        );
        section.set_gather(gather(60..70));
        let fitted = section.window().unwrap();
        assert_eq!((fitted.first_trace, fitted.n_traces), (0.0, 10.0));
        assert_eq!((fitted.first_sample, fitted.n_samples), (12.5, 25.0));
    }
}
