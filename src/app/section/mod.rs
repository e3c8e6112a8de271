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
mod moving;
mod painter;
mod picture;
mod pins;
mod places;
mod reading;
mod scale;
mod separators;
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
pub(crate) use scale::Scale;
pub(crate) use snapshot::Snapshot;

use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::Rect;

use crate::app::command::Action;
use crate::app::workers::Workers;
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
    /// The gathers between which lines were last drawn.
    key_cells: Vec<separators::KeyCell>,
    /// The next gather shows all its traces.
    fits_on_step: bool,
}

/// What the section is drawn with, besides the gather.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting<'a> {
    pub(crate) look: &'a Look,
    /// Amplitudes of the whole source.
    pub(crate) statistics: Option<&'a AmplitudeStatistics>,
    /// Header columns shown along the top.
    pub(crate) rows: &'a [String],
    /// By what gathers are formed: lines stand between them along a line.
    pub(crate) keys: &'a [String],
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
            key_cells: Vec::new(),
            fits_on_step: false,
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
        let old = std::mem::replace(&mut self.line, line.map(Box::new));
        old.into_iter().for_each(Workers::drop_elsewhere);
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
        let old = self.line.replace(Box::new(line));
        old.into_iter().for_each(Workers::drop_elsewhere);
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
        let from_right = self.places.is_reversed();
        let line = self.line.as_ref().map(|line| line.bounds());
        line.map(|all| all.turned(from_right)).or_else(|| {
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
}

/// All of a gather, in the units that its traces stand in.
fn bounds_of(gather: &Gather, placement: Option<&Arc<Placement>>) -> SectionWindow {
    let even = SectionWindow::all(gather.n_traces(), gather.n_samples);
    SectionWindow {
        n_traces: placement.map_or(even.n_traces, |p| p.n_units()),
        ..even
    }
}
