//! A gather or a whole line on the screen: picture, axes, header rows, colour bar, mouse. Used by the import page's
//! preview and by the viewer.
//!
//! The picture is painted on a thread ([`painter`]); until a new one is there the last one is
//! shown, stretched to where it belongs.

mod around;
mod axes;
mod drawing;
mod gpu;
mod labels;
mod line;
mod look;
mod minimap;
mod mouse;
mod painter;
mod picture;
mod pins;
mod places;
mod reading;
mod snapshot;
mod zoom;

pub(crate) use axes::swatch;
pub(crate) use gpu::{Answer, Gpu};
pub(crate) use line::Line;
pub(crate) use look::{
    AxisUnit, ClipChoice, Look, PERCENTILES, Scope, Sides, mode_label, percentile_label,
};
pub(crate) use mouse::Hit;
pub(crate) use painter::{PaintCounts, visible_samples};
pub(crate) use pins::colour as pin_colour;
pub(crate) use snapshot::Snapshot;

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::Rect;

use crate::app::command::Action;
use crate::browse::Gather;
use crate::dataset::{AmplitudeStatistics, VerticalAxis};
use crate::view::{ClipRange, Placement, SectionWindow};

use minimap::Minimap;
use painter::Painter;

/// So long a gather may be late before the old one is dimmed.
const DIM_AFTER: Duration = Duration::from_millis(250);

/// A gather or a whole line on the screen.
#[expect(clippy::struct_excessive_bools, reason = "states, each of its own")]
#[derive(Debug)]
pub(crate) struct Section {
    gather: Option<Arc<Gather>>,
    /// Shown instead of the gather.
    line: Option<Box<Line>>,
    /// What is visible; `None`: all.
    window: Option<SectionWindow>,
    history: zoom::ZoomHistory,
    /// Of a window that shall be shown once a gather is there.
    restore: Option<SectionWindow>,
    places: places::Places,
    /// Asked for by mouse: menu entries, louder, automatic clip.
    asked: Vec<Action>,
    /// Of the picture, in pixels.
    pixels: (usize, usize),
    /// What is shown is not what is wanted, which cannot be read.
    pub(crate) stale: bool,
    /// Where the cursor of a linked section is: position and sample.
    pub(crate) ghost: Option<(f64, f64)>,
    /// The wheel moves the picture instead of zooming.
    pub(crate) wheel_scrolls: bool,
    /// When the wheel was last turned: its notches make one step back.
    wheeled: Option<Instant>,
    painter: Painter,
    picture: picture::Picture,
    /// What a graphics card has drawn, where one does.
    card: gpu::Shown,
    /// What the thread has prepared for it.
    prepared: Option<painter::Prepared>,
    /// A gather came that no frame has drawn yet.
    is_new: bool,
    minimap: Minimap,
    drag: mouse::Drag,
    /// Trace and sample under the cursor.
    pub(crate) hit: Option<Hit>,
    /// Traces of the source that stay chosen, the newest last.
    pub(crate) pins: Vec<u64>,
    /// The box that was drawn with Shift held, for the spectrum.
    pub(crate) selection: Option<SectionWindow>,
    /// Where the picture stood when it was last drawn.
    plot: Option<Rect>,
    /// Since when another gather than the shown one is wanted.
    late_since: Option<Instant>,
    /// Whether the last picture was one from afar.
    from_afar: bool,
}

/// What the section is drawn with, besides the gather.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting<'a> {
    pub(crate) look: &'a Look,
    /// Amplitudes of the whole source.
    pub(crate) statistics: Option<&'a AmplitudeStatistics>,
    /// Header columns shown along the top.
    pub(crate) rows: &'a [String],
    /// For people who do not see: "Seismic section, CDP 1500".
    pub(crate) name: &'a str,
}

impl Section {
    pub(crate) fn new(wake: impl Fn() + Send + Clone + 'static) -> Self {
        Self {
            gather: None,
            line: None,
            window: None,
            history: zoom::ZoomHistory::default(),
            restore: None,
            places: places::Places::default(),
            asked: Vec::new(),
            pixels: (1, 1),
            stale: false,
            ghost: None,
            wheel_scrolls: false,
            wheeled: None,
            minimap: Minimap::new(Painter::spawn(wake.clone())),
            painter: Painter::spawn(wake),
            picture: picture::Picture::default(),
            card: gpu::Shown::default(),
            prepared: None,
            is_new: false,
            drag: mouse::Drag::default(),
            hit: None,
            pins: Vec::new(),
            selection: None,
            plot: None,
            late_since: None,
            from_afar: false,
        }
    }

    /// The gather on the screen; `None` for a line.
    pub(crate) fn gather(&self) -> Option<&Arc<Gather>> {
        self.gather.as_ref().filter(|_| self.line.is_none())
    }

    /// The line on the screen.
    pub(crate) fn line(&self) -> Option<&Line> {
        self.line.as_deref()
    }

    pub(crate) fn line_mut(&mut self) -> Option<&mut Line> {
        self.line.as_deref_mut()
    }

    /// Shows a line instead of the gather, or the gather again.
    pub(crate) fn set_line(&mut self, line: Option<Line>) {
        self.line = line.map(Box::new);
        self.is_new = true;
        self.picture.hold();
        self.window = None;
        self.history.clear();
        self.hit = None;
        self.selection = None;
        self.late_since = None;
    }

    /// Goes on with the same line from another source; window and picture stay.
    pub(crate) fn change_line(&mut self, line: Line) {
        self.line = Some(Box::new(line));
        self.is_new = true;
    }

    /// Vertical axis of what is on the screen, as the source has it.
    pub(crate) fn axis(&self) -> Option<&VerticalAxis> {
        let line = self.line.as_ref().map(|line| line.axis());
        line.or_else(|| self.gather.as_ref().map(|g| &g.axis))
    }

    /// Traces of what is on the screen.
    pub(crate) fn n_traces(&self) -> u64 {
        let line = self.line.as_ref().map(|line| line.n_traces());
        line.unwrap_or_else(|| self.gather.as_ref().map_or(0, |g| g.n_traces() as u64))
    }

    /// The index in the source of a trace on the screen.
    pub(crate) fn trace_index(&self, trace: usize) -> Option<u64> {
        match &self.line {
            Some(line) => Some(trace as u64).filter(|t| *t < line.n_traces()),
            None => self.gather.as_ref()?.trace_indices.get(trace).copied(),
        }
    }

    /// Where a trace of the source stands on the screen.
    pub(crate) fn place_of(&self, trace_index: u64) -> Option<usize> {
        if let Some(line) = &self.line {
            let trace = usize::try_from(trace_index).ok()?;
            return (trace_index < line.n_traces()).then_some(trace);
        }
        let gather = self.gather.as_ref()?;
        gather.trace_indices.iter().position(|t| *t == trace_index)
    }

    /// Pins a trace of the source, or lets it go; `add`: besides those that are pinned.
    pub(crate) fn toggle_pin(&mut self, trace_index: u64, add: bool) {
        let was = self.pins.contains(&trace_index);
        if add {
            self.pins.retain(|t| *t != trace_index);
        } else {
            let alone = self.pins.len() == 1;
            self.pins.clear();
            if was && alone {
                return;
            }
        }
        if !(was && add) {
            if self.pins.len() >= pins::MOST_PINS {
                self.pins.remove(0);
            }
            self.pins.push(trace_index);
        }
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

    /// [`Self::position_of`] a trace that came out of a calculation.
    pub(crate) fn hit_position(&self, trace: f64) -> Option<f64> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates; what is behind the last trace has no position"
        )]
        self.position_of(trace as usize)
    }

    /// Where the picture stands: what is drawn under it can be aligned with its traces.
    pub(crate) fn plot(&self) -> Option<Rect> {
        self.plot
    }

    /// A header value of a trace on the screen, where it is in memory.
    pub(crate) fn header_value(&self, name: &str, trace: usize) -> Option<i64> {
        let (gather, trace) = match &self.line {
            None => (self.gather.as_ref()?, trace),
            Some(line) => {
                let (first, gather) = line.traces()?;
                let away = (trace as u64).checked_sub(first)?;
                (gather, usize::try_from(away).ok()?)
            }
        };
        let row = gather.headers.iter().find(|row| row.name == name)?;
        row.values.get(trace).copied().flatten()
    }

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
            (Some(window), Some(old)) => Some(places::carried_over(
                &window,
                (before.as_deref(), &old),
                (self.places.get().map(|p| &**p), &bounds),
            )),
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

    /// Whether the picture on the screen is the one that is wanted, and nothing finer is on its way.
    pub(crate) fn is_settled(&self) -> bool {
        !self.is_new
            && self.late_since.is_none()
            && self.picture.number() == self.painter.newest()
            && self.picture.n_shown() > 0
            && self.line.as_ref().is_none_or(|line| !line.is_busy())
    }

    /// What the painter has done so far.
    pub(crate) fn paint_counts(&self) -> PaintCounts {
        PaintCounts {
            shown: self.picture.n_shown(),
            ..self.painter.counts()
        }
    }

    /// Says that another gather is on its way (or not any more).
    pub(crate) fn set_late(&mut self, late: bool) {
        if !late {
            self.late_since = None;
        } else if self.late_since.is_none() {
            self.late_since = Some(Instant::now());
        }
    }

    /// When the section wants to be drawn again although nothing happens.
    pub(crate) fn wake_after(&self) -> Option<Duration> {
        let late = self.late_since?.elapsed();
        Some(if late < DIM_AFTER {
            DIM_AFTER.saturating_sub(late)
        } else {
            Duration::from_millis(60)
        })
    }

    fn bounds(&self) -> Option<SectionWindow> {
        let line = self.line.as_ref().map(|line| line.bounds());
        line.or_else(|| {
            let gather = self.gather.as_ref()?;
            Some(bounds_of(gather, self.places.get()))
        })
    }

    /// What is visible.
    pub(crate) fn window(&self) -> Option<SectionWindow> {
        self.window.or_else(|| self.bounds())
    }

    /// Whether less than all is visible.
    pub(crate) fn is_zoomed(&self) -> bool {
        self.window.is_some()
    }

    /// The clip of the picture on the screen.
    pub(crate) fn clip(&self) -> Option<ClipRange> {
        self.picture.clip()
    }

    /// Milliseconds that the last picture took.
    pub(crate) fn paint_millis(&self) -> Option<f32> {
        self.picture.millis()
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
    fn centre_on(&mut self, trace: f64) {
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

    /// What was asked for by mouse since the last call.
    pub(crate) fn take_asked(&mut self) -> Vec<Action> {
        std::mem::take(&mut self.asked)
    }

    /// Where the traces of the gather stand; `None`: evenly.
    pub(crate) fn placement(&self) -> Option<&Arc<Placement>> {
        self.places.get().filter(|_| self.line.is_none())
    }

    /// The middle of a trace in the units of the window; `None` where it has no place.
    pub(crate) fn position_of(&self, trace: usize) -> Option<f64> {
        match self.placement() {
            Some(placement) => placement.centre(trace),
            None => Some(trace as f64 + 0.5),
        }
    }

    fn look_at(&mut self, window: SectionWindow, bounds: SectionWindow) {
        if let Some(now) = self.window()
            && now != window
        {
            self.history.leave(now);
        }
        self.window = (window != bounds).then_some(window);
    }
}

/// All of a gather, in the units that its traces stand in.
fn bounds_of(gather: &Gather, placement: Option<&Arc<Placement>>) -> SectionWindow {
    let even = SectionWindow::all(gather.n_traces(), gather.n_samples);
    SectionWindow {
        n_traces: placement.map_or(even.n_traces, |p| p.n_units()),
        ..even
    }
}
