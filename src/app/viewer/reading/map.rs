//! The map of sources, receivers or midpoints: where the gather on the screen lies, what the fold is.

mod drawing;

use std::sync::Arc;

use egui::{
    Align2, Button, Color32, ColorImage, Pos2, Rect, Sense, Stroke, TextureHandle, Ui, Vec2,
    WidgetInfo,
};

use super::column_choice::{column_choice, ordered};
use super::map_picture::{ColourBy, MapWindow, PictureRequest, paint};
use super::pins::fraction;
use super::task::Task;
use super::{Waker, wake};
use crate::app::section::Section;
use crate::app::viewer::{OpenView, ViewerCommand};
use crate::app::workers::Newest;
use crate::app::{names, numbers, widgets};
use crate::browse::{MapKind, PointMap, TraceSource, places_of, read_point_map};
use drawing::{label, legend, marks, picture, scale_bar, screen};

/// Places of the gather on the screen that are marked.
const MOST_MARKED: usize = 2000;
/// A click this far from a point still means it.
const REACH: f32 = 12.0;

/// Which gather's places are asked for.
#[derive(Clone, PartialEq)]
struct Marked {
    kind: MapKind,
    traces: Vec<u64>,
}

type Places = (Marked, Vec<(f64, f64)>);

/// See the module.
pub(crate) struct MapPanel {
    source: Arc<dyn TraceSource>,
    waker: Waker,
    kind: MapKind,
    /// `None`: the fold.
    value: Option<String>,
    task: Option<Task<Option<PointMap>>>,
    /// What the task or the map is of.
    asked: Option<(MapKind, Option<String>)>,
    map: Option<Arc<PointMap>>,
    error: Option<String>,
    window: Option<MapWindow>,
    painter: Newest<PictureRequest, (PictureRequest, ColorImage)>,
    painted: Option<(PictureRequest, TextureHandle)>,
    asked_picture: Option<PictureRequest>,
    marker: Newest<Marked, Places>,
    asked_marks: Option<Marked>,
    marks: Option<Places>,
}

impl MapPanel {
    pub(super) fn new(source: &Arc<dyn TraceSource>, waker: &Waker) -> Self {
        let painter = Newest::spawn("map", wake(waker), |request: PictureRequest| {
            let image = paint(&request);
            (request, image)
        });
        let reader = Arc::clone(source);
        let marker = Newest::spawn("places", wake(waker), move |marked: Marked| {
            // Places that cannot be read are not marked; the map itself says why.
            let places = places_of(&*reader, marked.kind, &marked.traces).unwrap_or_default();
            (marked, places)
        });
        Self {
            source: Arc::clone(source),
            waker: Arc::clone(waker),
            kind: MapKind::default(),
            value: None,
            task: None,
            asked: None,
            map: None,
            error: None,
            window: None,
            painter,
            painted: None,
            asked_picture: None,
            marker,
            asked_marks: None,
            marks: None,
        }
    }

    /// Reads the map when it is first seen, or when something else shall be on it.
    fn ask(&mut self) {
        let wanted = (self.kind, self.value.clone());
        if self.asked.as_ref() != Some(&wanted) {
            let (source, kind, value) = (Arc::clone(&self.source), self.kind, self.value.clone());
            self.task = Some(Task::start("point map", &self.waker, move |cancel| {
                read_point_map(&*source, kind, value.as_deref(), cancel).map_err(|e| e.to_string())
            }));
            if self
                .asked
                .as_ref()
                .is_none_or(|(kind, _)| *kind != wanted.0)
            {
                self.window = None;
                self.map = None;
            }
            self.asked = Some(wanted);
        }
        if let Some(done) = self.task.as_ref().and_then(Task::poll) {
            self.task = None;
            match done {
                Ok(map) => {
                    self.map = map.map(Arc::new);
                    self.error = None;
                }
                Err(why) => self.error = Some(why),
            }
        }
        if let Some(marks) = self.marker.poll() {
            self.marks = Some(marks);
        }
    }

    /// Asks where the traces on the screen lie.
    fn mark(&mut self, section: &Section) {
        let traces: Vec<u64> = if let Some(gather) = section.gather() {
            let step = gather.n_traces().div_ceil(MOST_MARKED).max(1);
            gather.trace_indices.iter().copied().step_by(step).collect()
        } else {
            let Some(window) = section.window() else {
                return;
            };
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "traces of the line"
            )]
            let at = |edge: f64| edge.clamp(0.0, section.n_traces() as f64) as u64;
            let (from, to) = (
                at(window.first_trace),
                at(window.first_trace + window.n_traces),
            );
            let step = (to - from).div_ceil(MOST_MARKED as u64).max(1);
            (from..to)
                .step_by(usize::try_from(step).unwrap_or(usize::MAX))
                .collect()
        };
        let marked = Marked {
            kind: self.kind,
            traces,
        };
        if self.asked_marks.as_ref() != Some(&marked) {
            self.marker.request(marked.clone());
            self.asked_marks = Some(marked);
        }
    }

    fn by(&self) -> ColourBy {
        if self.value.is_some() {
            ColourBy::Value
        } else {
            ColourBy::Fold
        }
    }
}

/// Draws the panel.
pub(crate) fn show(ui: &mut Ui, view: &mut OpenView, queue: &mut Vec<ViewerCommand>) {
    view.reading.map.ask();
    controls(ui, view);
    view.reading.map.mark(&view.section);
    let map = view.reading.map.map.clone();
    if let Some(error) = &view.reading.map.error {
        widgets::warning_line(ui, error);
        return;
    }
    let Some(map) = map else {
        ui.horizontal(|ui| {
            ui.spinner();
            widgets::weak(ui, "Reading coordinates…");
        });
        return;
    };
    widgets::hint(ui, words(&map, view.reading.map.kind));
    if map.points.is_empty() {
        ui.add_space(12.0);
        let text = format!(
            "There is no map: the coordinates of {} are zero in all {}. If they stand at other \
             bytes, map those when importing.",
            view.reading.map.kind.label().to_lowercase(),
            numbers::plural(
                map.n_without,
                "trace that was read",
                "traces that were read"
            ),
        );
        widgets::warning_line(ui, &text);
        return;
    }
    let size = ui.available_size().max(Vec2::new(80.0, 60.0));
    let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
    let unit = unit(view);
    let name = format!(
        "Map of {}",
        numbers::plural(map.points.len() as u64, "place", "places")
    );
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Canvas, true, &name));
    let panel = &mut view.reading.map;
    let window = move_window(ui, panel, &map, rect, &response);
    picture(ui, panel, &map, window, rect);
    let painter = ui.painter().with_clip_rect(rect);
    marks(&painter, panel, &window, rect);
    scale_bar(ui, &window, rect, unit);
    legend(ui, panel, &map, rect, unit);
    let under = response.hover_pos().and_then(|at| {
        let (x, y) = place_at(at, rect, &window);
        let (point, away) = map.nearest(x, y)?;
        (away <= f64::from(REACH) * window.a_pixel).then_some(*point)
    });
    if let Some(point) = under {
        let at = screen(&window, rect, point.x, point.y);
        painter.circle_stroke(at, 6.0, Stroke::new(2.0, Color32::WHITE));
        painter.circle_stroke(at, 7.5, Stroke::new(1.0, Color32::BLACK));
        let value = panel.value.as_ref().map_or_else(String::new, |name| {
            format!(" · {} {}", names::label(name), fraction(point.value))
        });
        let words = format!(
            "{:.1}, {:.1} {unit} · {}{value}",
            point.x,
            point.y,
            numbers::plural(u64::from(point.n_traces), "trace", "traces")
        );
        label(
            ui,
            rect.left_top() + Vec2::new(6.0, 6.0),
            Align2::LEFT_TOP,
            &words,
        );
        ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
        if response.clicked() {
            queue.push(ViewerCommand::ShowTrace(point.first_trace));
        }
    }
}

fn controls(ui: &mut Ui, view: &mut OpenView) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        widgets::caption(ui, "Map");
        ui.add_space(8.0);
        for kind in MapKind::ALL {
            let chosen = view.reading.map.kind == kind;
            let response = ui.add(Button::selectable(chosen, kind.label()));
            response.widget_info(|| {
                let name = format!("Map of {}", kind.label().to_lowercase());
                WidgetInfo::labeled(egui::Role::Button, true, name)
            });
            if response.clicked() {
                view.reading.map.kind = kind;
            }
        }
        ui.add_space(8.0);
        colour_choice(ui, view);
        if ui
            .small_button("Fit")
            .on_hover_text("All places (double-click)")
            .clicked()
        {
            view.reading.map.window = None;
        }
    });
}

fn colour_choice(ui: &mut Ui, view: &mut OpenView) {
    let now = view.reading.map.value.clone();
    if let Some(name) = &now {
        if let Some(other) = column_choice(ui, view, "map colour", name, "Map coloured by") {
            view.reading.map.value = Some(other);
        }
        if ui
            .small_button("Fold")
            .on_hover_text("Colour by the number of traces again")
            .clicked()
        {
            view.reading.map.value = None;
        }
        return;
    }
    let combo = egui::ComboBox::from_id_salt("map colour")
        .selected_text("Fold")
        .width(120.0)
        .show_ui(ui, |ui| {
            for name in ordered(view.source.number_names()) {
                if ui.selectable_label(false, names::label(&name)).clicked() {
                    view.reading.map.value = Some(name);
                }
            }
        });
    combo
        .response
        .widget_info(|| WidgetInfo::labeled(egui::Role::ComboBox, true, "Map coloured by: Fold"));
}

/// How much stands on the map, and what one must know about it.
fn words(map: &PointMap, kind: MapKind) -> String {
    let mut words = vec![format!(
        "{} {}",
        numbers::count(map.points.len() as u64),
        kind.label().to_lowercase()
    )];
    if map.is_binned {
        words.push(format!("in cells of {}", fraction(rounded(map.cell))));
    }
    if map.one_in > 1 {
        words.push(format!(
            "one trace in {} read (import the file for all)",
            numbers::count(map.one_in)
        ));
    }
    if map.n_without > 0 && !map.points.is_empty() {
        words.push(format!(
            "{} without coordinates",
            numbers::plural(map.n_without, "trace", "traces")
        ));
    }
    words.join(" · ")
}

/// With three digits.
fn rounded(value: f64) -> f64 {
    if value <= 0.0 {
        return 0.0;
    }
    let unit = 10_f64.powf(value.log10().floor() - 2.0);
    (value / unit).round() * unit
}

/// In what coordinates count.
fn unit(view: &OpenView) -> &'static str {
    let length = view.reading.file_headers().and_then(|f| f.length_unit);
    match view.reading.map.map.as_ref().and_then(|m| m.bounds()) {
        Some([left, right, bottom, top])
            if left.abs() <= 360.0
                && right.abs() <= 360.0
                && bottom.abs() <= 90.0
                && top.abs() <= 90.0
                && length.is_none() =>
        {
            "degrees?"
        }
        _ => length.unwrap_or("units"),
    }
}

fn place_at(at: Pos2, rect: Rect, window: &MapWindow) -> (f64, f64) {
    window.place(
        f64::from(at.x - rect.left()),
        f64::from(at.y - rect.top()),
        f64::from(rect.width()),
        f64::from(rect.height()),
    )
}

/// Wheel, drag and double-click.
fn move_window(
    ui: &Ui,
    panel: &mut MapPanel,
    map: &PointMap,
    rect: Rect,
    response: &egui::Response,
) -> MapWindow {
    let fitted = || {
        let bounds = map.bounds().unwrap_or([0.0, 1.0, 0.0, 1.0]);
        MapWindow::fit(bounds, f64::from(rect.width()), f64::from(rect.height()))
    };
    let mut window = panel.window.unwrap_or_else(fitted);
    let mut moved = false;
    if response.dragged() {
        let by = response.drag_delta();
        window.x -= f64::from(by.x) * window.a_pixel;
        window.y += f64::from(by.y) * window.a_pixel;
        moved = true;
    }
    if let Some(at) = response.hover_pos() {
        let wheel = widgets::take_wheel(ui.ctx());
        if wheel.y != 0.0 {
            let (x, y) = place_at(at, rect, &window);
            let factor = 1.2_f64.powf(f64::from(-wheel.y / 50.0).clamp(-8.0, 8.0));
            window.a_pixel *= factor;
            window.x = x + (window.x - x) * factor;
            window.y = y + (window.y - y) * factor;
            moved = true;
        }
    }
    if moved {
        panel.window = Some(window);
    }
    if response.double_clicked() {
        panel.window = None;
        return fitted();
    }
    window
}
