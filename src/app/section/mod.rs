//! A gather on the screen: picture, axes, header rows, colour bar, mouse. Used by the import page's
//! preview and by the viewer.
//!
//! The picture is painted on a thread ([`painter`]); until a new one is there the last one is
//! shown, stretched to where it belongs.

mod axes;
mod look;
mod mouse;
mod painter;
mod picture;

pub(crate) use axes::swatch;
pub(crate) use look::{ClipChoice, Look, PERCENTILES, Scope, mode_label, percentile_label};
pub(crate) use mouse::Hit;

use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Rect, Sense, Ui, Vec2, WidgetInfo};

use crate::browse::Gather;
use crate::dataset::AmplitudeStatistics;
use crate::view::SectionWindow;

use painter::Painter;

/// Earlier windows that Backspace can go back to.
const HISTORY: usize = 50;
/// So long a gather may be late before the old one is dimmed.
const DIM_AFTER: Duration = Duration::from_millis(250);

/// A gather on the screen.
#[derive(Debug)]
pub(crate) struct Section {
    gather: Option<Arc<Gather>>,
    /// What is visible; `None`: all.
    window: Option<SectionWindow>,
    history: Vec<SectionWindow>,
    painter: Painter,
    picture: picture::Picture,
    drag: mouse::Drag,
    /// Trace and sample under the cursor.
    pub(crate) hit: Option<Hit>,
    /// Trace that stays chosen.
    pub(crate) pinned: Option<usize>,
    /// Since when another gather than the shown one is wanted.
    late_since: Option<Instant>,
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
    pub(crate) fn new(wake: impl Fn() + Send + 'static) -> Self {
        Self {
            gather: None,
            window: None,
            history: Vec::new(),
            painter: Painter::spawn(wake),
            picture: picture::Picture::default(),
            drag: mouse::Drag::default(),
            hit: None,
            pinned: None,
            late_since: None,
        }
    }

    pub(crate) fn gather(&self) -> Option<&Arc<Gather>> {
        self.gather.as_ref()
    }

    /// Shows another gather. The zoom stays: the same times, and the same traces or, where the
    /// number of traces differs, the same share of them.
    pub(crate) fn set_gather(&mut self, gather: Arc<Gather>) {
        if let (Some(window), Some(old)) = (self.window, &self.gather) {
            let share = gather.n_traces() as f64 / (old.n_traces() as f64).max(1.0);
            let moved = SectionWindow {
                first_trace: window.first_trace * share,
                n_traces: window.n_traces * share,
                ..window
            };
            let bounds = SectionWindow::all(gather.n_traces(), gather.n_samples);
            let kept = moved.kept_inside(&bounds);
            self.window = (kept != bounds).then_some(kept);
        }
        if self.pinned.is_some_and(|trace| trace >= gather.n_traces()) {
            self.pinned = None;
        }
        self.gather = Some(gather);
        self.late_since = None;
        self.hit = None;
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
        self.gather
            .as_ref()
            .map(|g| SectionWindow::all(g.n_traces(), g.n_samples))
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
    pub(crate) fn clip(&self) -> Option<f32> {
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

    /// Shows all.
    pub(crate) fn fit(&mut self) {
        if let Some(window) = self.window.take() {
            self.remember(window);
        }
    }

    /// Goes back to the window before.
    pub(crate) fn previous_zoom(&mut self) {
        if let (Some(window), Some(bounds)) = (self.history.pop(), self.bounds()) {
            let window = window.kept_inside(&bounds);
            self.window = (window != bounds).then_some(window);
        }
    }

    fn look_at(&mut self, window: SectionWindow, bounds: SectionWindow) {
        if let Some(now) = self.window()
            && now != window
        {
            self.remember(now);
        }
        self.window = (window != bounds).then_some(window);
    }

    fn remember(&mut self, window: SectionWindow) {
        if self.history.len() >= HISTORY {
            self.history.remove(0);
        }
        self.history.push(window);
    }

    /// Draws the section into what is left of `ui`, and reads the mouse. Gives whether the picture
    /// was clicked.
    pub(crate) fn show(&mut self, ui: &mut Ui, setting: Setting<'_>) -> bool {
        let size = ui.available_size().max(Vec2::new(120.0, 80.0));
        let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
        let Some(gather) = self.gather.clone() else {
            ui.painter()
                .rect_filled(rect, 4.0, ui.visuals().extreme_bg_color);
            egui::Spinner::new()
                .paint_at(ui, Rect::from_center_size(rect.center(), Vec2::splat(24.0)));
            return false;
        };
        let frame = axes::Frame::new(rect, setting.rows.len(), setting.look.mode.has_colours());
        let plot = frame.plot;
        let name = format!("Seismic section, {}", setting.name);
        let response = ui.interact(plot, ui.scope_id().with("section"), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Canvas, true, &name));
        let Some(window) = self.window() else {
            return false;
        };
        self.read_mouse(ui, &response, plot, &gather);
        let window = self.window().unwrap_or(window);
        self.request_picture(ui, plot, &gather, window, setting);
        self.picture.draw(ui, plot, window);
        axes::draw(ui, &frame, &gather, &window, setting.rows);
        if setting.look.mode.has_colours() {
            axes::colour_bar(ui, &frame, setting.look, self.clip());
        }
        self.draw_over(ui, plot, &gather, window, setting.look);
        response.clicked()
    }

    fn read_mouse(&mut self, ui: &Ui, response: &egui::Response, plot: Rect, gather: &Gather) {
        let (Some(window), Some(bounds)) = (self.window(), self.bounds()) else {
            return;
        };
        let acts = mouse::read(ui, response, plot, &mut self.drag);
        self.hit = acts
            .pointer
            .and_then(|at| mouse::Hit::at(at, plot, &window, gather));
        for act in acts.acts {
            match act {
                mouse::Act::Zoom {
                    factor_x,
                    factor_y,
                    x,
                    y,
                } => self.zoom(factor_x, factor_y, x, y),
                mouse::Act::Pan { dx, dy } => self.pan(dx, dy),
                mouse::Act::Box { from, to } => {
                    let cut = window.cut(from, to, &bounds);
                    self.look_at(cut, bounds);
                }
                mouse::Act::Fit => self.fit(),
                mouse::Act::Click => {
                    let trace = self.hit.map(|hit| hit.trace);
                    self.pinned = if self.pinned == trace { None } else { trace };
                }
            }
        }
    }

    fn request_picture(
        &mut self,
        ui: &Ui,
        plot: Rect,
        gather: &Arc<Gather>,
        window: SectionWindow,
        setting: Setting<'_>,
    ) {
        if let Some(painted) = self.painter.poll() {
            self.picture.set(ui.ctx(), painted);
        }
        let scale = ui.ctx().pixels_per_point();
        let most = ui.ctx().input(|i| i.max_texture_side).max(64);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "screen sizes"
        )]
        let pixels = |points: f32| ((points * scale).round().max(1.0) as usize).min(most);
        let request = painter::Request {
            gather: Arc::clone(gather),
            window,
            look: setting.look.clone(),
            dataset_clip: setting.look.dataset_clip(setting.statistics),
            width: pixels(plot.width()),
            height: pixels(plot.height()),
        };
        self.painter.ask(request);
    }

    fn draw_over(&self, ui: &Ui, plot: Rect, gather: &Gather, window: SectionWindow, look: &Look) {
        let painter = ui.painter().with_clip_rect(plot);
        if let Some(pinned) = self.pinned {
            axes::trace_marker(&painter, plot, &window, pinned);
        }
        self.drag.draw(&painter, plot);
        axes::badges(
            &painter,
            plot,
            gather,
            &window,
            look,
            ui.ctx().pixels_per_point(),
        );
        if self
            .late_since
            .is_some_and(|since| since.elapsed() >= DIM_AFTER)
        {
            painter.rect_filled(plot, 0.0, egui::Color32::from_black_alpha(96));
            let spinner = Rect::from_center_size(plot.center(), Vec2::splat(30.0));
            egui::Spinner::new()
                .color(egui::Color32::WHITE)
                .paint_at(ui, spinner);
        }
    }
}
