//! Header values plotted along the traces, right under the section and aligned with its columns.
//!
//! Of a gather all values are kept; of a line the smallest and largest of bins of a power of two of
//! traces, about one a pixel, of the window and half a window at either side.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use egui::{Pos2, Rect, RichText, Sense, Stroke, Ui, Vec2, WidgetInfo};

use super::chart::{Chart, Margins, number_font, with_air};
use super::column_choice::column_choice;
use super::pins::fraction;
use super::{ReadingSettings, Waker, units, wake};
use crate::app::section::Section;
use crate::app::viewer::{OpenView, ViewerCommand};
use crate::app::workers::Newest;
use crate::app::{names, numbers, theme};
use crate::browse::{Gather, Strip, TraceSource, numbers_of, read_strip};
use crate::view::SectionWindow;

/// Points of one strip.
const HEIGHT: f32 = 64.0;
/// Points of the row of choices.
const CHOICES: f32 = 36.0;
/// Strips under the section.
const MOST_STRIPS: usize = 3;
/// What is plotted before anything was chosen: the first of these that there are.
const USUAL: [&str; 3] = [
    "source_to_receiver_distance",
    "ensemble_num",
    "orig_field_record_num",
];

/// Which traces.
#[derive(Clone)]
enum Along {
    Gather(Arc<Gather>),
    Line(Range<u64>, u64),
}

impl PartialEq for Along {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Gather(a), Self::Gather(b)) => Arc::ptr_eq(a, b),
            (Self::Line(a, n), Self::Line(b, m)) => a == b && n == m,
            (Self::Gather(_), Self::Line(..)) | (Self::Line(..), Self::Gather(_)) => false,
        }
    }
}

#[derive(Clone, PartialEq)]
struct Request {
    along: Along,
    columns: Vec<String>,
}

type Answer = (Request, Vec<Result<Strip, String>>);

/// See the module.
pub(crate) struct Strips {
    thread: Newest<(u64, Request), Option<Answer>>,
    newest: Arc<AtomicU64>,
    asked: Option<Request>,
    known: Option<Answer>,
}

impl Strips {
    pub(super) fn new(source: &Arc<dyn TraceSource>, waker: &Waker) -> Self {
        let source = Arc::clone(source);
        let newest = Arc::new(AtomicU64::new(0));
        let theirs = Arc::clone(&newest);
        let thread = Newest::spawn("strips", wake(waker), move |(number, request)| {
            let stop = || theirs.load(Ordering::Relaxed) != number;
            read(&*source, request, &stop)
        });
        Self {
            thread,
            newest,
            asked: None,
            known: None,
        }
    }

    fn ask(&mut self, request: Request) {
        if self.asked.as_ref() == Some(&request) {
            return;
        }
        self.asked = Some(request.clone());
        let number = self.newest.fetch_add(1, Ordering::Relaxed) + 1;
        self.thread.request((number, request));
    }
}

fn read(source: &dyn TraceSource, request: Request, stop: &dyn Fn() -> bool) -> Option<Answer> {
    let mut all = Vec::new();
    for name in &request.columns {
        if stop() {
            return None;
        }
        let strip = match &request.along {
            Along::Gather(gather) => numbers_of(source, name, &gather.trace_indices)
                .map(Strip::of_values)
                .map_err(|e| e.to_string()),
            Along::Line(traces, bins) => match read_strip(source, name, traces, *bins, stop) {
                Ok(Some(strip)) => Ok(strip),
                Ok(None) => return None,
                Err(error) => Err(error.to_string()),
            },
        };
        all.push(strip);
    }
    Some((request, all))
}

/// The columns that are plotted.
fn columns(view: &OpenView, settings: &ReadingSettings) -> Vec<String> {
    let known = view.source.number_names();
    let chosen = settings.strip_columns.iter();
    let mut columns: Vec<String> = chosen
        .filter(|name| known.contains(name))
        .take(MOST_STRIPS)
        .cloned()
        .collect();
    if columns.is_empty() {
        let usual = USUAL.iter().find(|name| known.iter().any(|k| k == *name));
        let first = usual
            .map(|n| (*n).to_owned())
            .or_else(|| known.first().cloned());
        columns.extend(first);
    }
    columns
}

/// Points that strips take below the section.
pub(crate) fn height(view: &OpenView, settings: &ReadingSettings) -> f32 {
    if settings.strips {
        CHOICES + HEIGHT * columns(view, settings).len() as f32
    } else {
        0.0
    }
}

/// The traces of the line to read for a window: they stay the same while it moves a little.
fn stretch(window: &SectionWindow, width: f32, n_traces: u64) -> (Range<u64>, u64) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "kept between 0 and the number of traces"
    )]
    let whole = |edge: f64| edge.clamp(0.0, n_traces as f64) as u64;
    let step = whole(window.n_traces / 4.0).max(1).next_power_of_two();
    let start = whole(window.first_trace - window.n_traces / 2.0) / step * step;
    let end = whole(window.first_trace + 1.5 * window.n_traces);
    let end = end.next_multiple_of(step).min(n_traces);
    let bins = (end - start) as f64 / (window.n_traces / f64::from(width.max(1.0)));
    (start..end.max(start), whole(bins).max(1))
}

/// Draws the strips into the rest of `ui`.
pub(crate) fn show(
    ui: &mut Ui,
    view: &mut OpenView,
    settings: &ReadingSettings,
    queue: &mut Vec<ViewerCommand>,
) {
    let columns = columns(view, settings);
    let (Some(plot), Some(window)) = (view.section.plot(), view.section.window()) else {
        return;
    };
    let along = if let Some(gather) = view.section.gather() {
        Along::Gather(Arc::clone(gather))
    } else {
        let (range, bins) = stretch(&window, plot.width(), view.section.n_traces());
        Along::Line(range, bins)
    };
    let strips = &mut view.reading.strips;
    if let Some(Some(known)) = strips.thread.poll() {
        strips.known = Some(known);
    }
    strips.ask(Request {
        along: along.clone(),
        columns: columns.clone(),
    });
    let length = view.reading.file_headers().and_then(|f| f.length_unit);
    for (number, name) in columns.iter().enumerate() {
        let size = Vec2::new(ui.available_width(), HEIGHT);
        let spacing = std::mem::take(&mut ui.spacing_mut().item_spacing.y);
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        ui.spacing_mut().item_spacing.y = spacing;
        let here = Rect::from_x_y_ranges(plot.x_range(), rect.y_range());
        let known = view.reading.strips.known.as_ref();
        let found = known.and_then(|(request, all)| {
            let at = request.columns.iter().position(|c| c == name)?;
            // Values of another gather would stand under the wrong traces.
            let same = match (&request.along, &along) {
                (Along::Line(..), Along::Line(..)) => true,
                (known, wanted) => known == wanted,
            };
            all.get(at).filter(|_| same)
        });
        let unit = units::unit(name, length);
        let label = if unit.is_empty() {
            names::label(name)
        } else {
            format!("{} ({unit})", names::label(name))
        };
        response.widget_info(|| {
            WidgetInfo::labeled(egui::Role::Canvas, true, format!("Strip of {label}"))
        });
        let ink = ink(ui, number);
        match found {
            Some(Ok(strip)) => {
                draw(
                    ui,
                    here,
                    strip,
                    &window,
                    &view.section,
                    &label,
                    ink,
                    &response,
                );
            }
            Some(Err(why)) => {
                ui.painter().text(
                    here.center(),
                    egui::Align2::CENTER_CENTER,
                    why,
                    number_font(ui),
                    theme::palette(ui).error,
                );
            }
            None => {}
        }
    }
    choices(ui, view, &columns, settings, queue);
}

fn ink(ui: &Ui, number: usize) -> egui::Color32 {
    let p = theme::palette(ui);
    match number {
        0 => p.accent,
        1 => p.warning,
        _ => p.good,
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "one strip with all that it shows"
)]
fn draw(
    ui: &Ui,
    rect: Rect,
    strip: &Strip,
    window: &SectionWindow,
    section: &Section,
    label: &str,
    ink: egui::Color32,
    response: &egui::Response,
) {
    let margins = Margins {
        left: 0.0,
        right: 0.0,
        top: 4.0,
        bottom: 4.0,
    };
    let last = window.first_trace + window.n_traces;
    let extent = match section.gather() {
        Some(_) => strip.range(0.0, strip.low.len() as f64),
        None => strip.range(window.first_trace, last),
    };
    let (low, high) = extent.map_or((0.0, 1.0), |(low, high)| with_air(low, high));
    let edges = [0.0, 1.0].map(|x| window.section_from_screen(x, 0.0).0);
    let chart = Chart::new(rect, margins, edges.into(), (low, high));
    chart.ground(ui);
    chart.ticks_down(ui);
    let painter = chart.painter(ui);
    let bin = strip.bin as f64;
    // Traces of a gather may stand anywhere: at their offsets, or from right to left.
    let of_gather = section.gather().is_some();
    let bins = if of_gather {
        0..strip.low.len()
    } else {
        strip.bins(window.first_trace - 1.0, last + 1.0)
    };
    let mut points = Vec::with_capacity(bins.len().min(1 << 16) * 2);
    for i in bins {
        let x = if of_gather {
            section.position_of(i)
        } else {
            Some(strip.first_trace as f64 + (i as f64 + 0.5) * bin)
        };
        let Some(x) = x.filter(|x| *x > window.first_trace - 1.0 && *x < last + 1.0) else {
            continue;
        };
        let (Some(low), Some(high)) = (strip.low.get(i), strip.high.get(i)) else {
            continue;
        };
        points.push((x, *low));
        if strip.bin > 1 {
            points.push((x, *high));
        }
    }
    chart.line(&painter, &points, true, Stroke::new(1.3, ink));
    let wide = f64::from(chart.plot.width()) / window.n_traces;
    if strip.bin == 1 && wide >= 5.0 {
        for (x, y) in points.iter().filter(|(_, y)| y.is_finite()) {
            painter.circle_filled(chart.at(*x, *y), 2.0, ink);
        }
    }
    let read = if strip.one_in > 1 {
        format!(" · one trace in {} read", numbers::count(strip.one_in))
    } else {
        String::new()
    };
    let galley = painter.layout_no_wrap(
        format!("{label}{read}"),
        egui::TextStyle::Small.resolve(ui.style()),
        ink,
    );
    let at = chart.plot.left_top() + Vec2::new(6.0, 2.0);
    let ground = Rect::from_min_size(at, galley.size()).expand2(Vec2::new(4.0, 1.0));
    painter.rect_filled(
        ground,
        3.0,
        ui.visuals().extreme_bg_color.gamma_multiply(0.85),
    );
    painter.galley(at, galley, ink);
    cursor(ui, &chart, strip, section, response);
}

/// The cursor of the section runs on through the strips, and the other way round.
fn cursor(ui: &Ui, chart: &Chart, strip: &Strip, section: &Section, response: &egui::Response) {
    let p = theme::palette(ui);
    let own = response.hover_pos().filter(|at| chart.plot.contains(*at));
    let trace = own
        .and_then(|at| nearest_trace(section, chart.value_at(at).0))
        .or_else(|| section.hit.map(|hit| hit.trace as f64));
    if let Some(trace) = trace {
        let place = if section.gather().is_some() {
            section.hit_position(trace)
        } else {
            Some(trace + 0.5)
        };
        let x = chart.at(place.unwrap_or(f64::NAN), 0.0).x;
        chart
            .painter(ui)
            .vline(x, chart.plot.y_range(), Stroke::new(1.0, p.weak));
        if let Some((low, high)) = strip.range(trace.floor(), trace.floor() + 1.0) {
            let words = if (high - low).abs() < f64::EPSILON {
                value(low)
            } else {
                format!("{} … {}", value(low), value(high))
            };
            let galley = ui.painter().layout_no_wrap(words, number_font(ui), p.text);
            let size = galley.size();
            let mut left = chart.plot.right() + 6.0;
            if left + size.x > ui.max_rect().right() {
                // Without a colour bar there is no room beside: inside, at the end.
                left = chart.plot.right() - 6.0 - size.x;
            }
            let at = Pos2::new(left, chart.plot.center().y - size.y / 2.0);
            let ground = Rect::from_min_size(at, size).expand2(Vec2::new(3.0, 1.0));
            let ink = ui.visuals().extreme_bg_color.gamma_multiply(0.85);
            if ground.intersects(chart.plot) {
                ui.painter().rect_filled(ground, 3.0, ink);
            }
            ui.painter().galley(at, galley, p.text);
        }
    }
}

/// The trace under a place of the window.
fn nearest_trace(section: &Section, x: f64) -> Option<f64> {
    let Some(gather) = section.gather() else {
        let trace = x.floor();
        return (trace >= 0.0 && trace < section.n_traces() as f64).then_some(trace);
    };
    let away = |i: usize| section.position_of(i).map_or(f64::MAX, |at| (at - x).abs());
    let nearest = (0..gather.n_traces()).min_by(|a, b| away(*a).total_cmp(&away(*b)))?;
    (away(nearest) <= 1.0).then_some(nearest as f64)
}

fn value(value: f64) -> String {
    fraction(value).replace('-', "−")
}

/// Which columns are plotted.
fn choices(
    ui: &mut Ui,
    view: &OpenView,
    columns: &[String],
    settings: &ReadingSettings,
    queue: &mut Vec<ViewerCommand>,
) {
    let mut chosen = columns.to_vec();
    ui.horizontal(|ui| {
        ui.add_space(84.0);
        for (number, name) in columns.iter().enumerate() {
            let ink = ink(ui, number);
            let (dot, _) = ui.allocate_exact_size(Vec2::splat(10.0), Sense::hover());
            ui.painter().circle_filled(dot.center(), 4.0, ink);
            if let Some(other) = column_choice(ui, view, ("strip", number), name, "Header strip")
                && let Some(place) = chosen.get_mut(number)
            {
                *place = other;
            }
            let remove = ui.add_enabled(
                columns.len() > 1,
                egui::Button::new(RichText::new("×").small()).frame(false),
            );
            remove.widget_info(|| {
                let name = format!("Remove the strip of {}", names::label(name));
                WidgetInfo::labeled(egui::Role::Button, true, name)
            });
            if remove
                .on_hover_text("Remove this strip")
                .on_disabled_hover_text("The last strip stays; H hides it")
                .clicked()
            {
                chosen.remove(number.min(chosen.len().saturating_sub(1)));
            }
        }
        if columns.len() < MOST_STRIPS {
            let add = ui.small_button("+ strip");
            if add
                .on_hover_text("Another header along the traces")
                .clicked()
            {
                let known = view.source.number_names();
                let next = USUAL
                    .iter()
                    .map(|n| (*n).to_owned())
                    .chain(known.iter().cloned())
                    .find(|n| known.contains(n) && !chosen.contains(n));
                chosen.extend(next);
            }
        }
    });
    if chosen != columns {
        let mut changed = settings.clone();
        changed.strip_columns = chosen;
        queue.push(ViewerCommand::SetReading(Box::new(changed)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stretch_that_is_read_holds_the_window_and_stays_while_it_moves_a_little() {
        let window = |first: f64| SectionWindow {
            first_trace: first,
            n_traces: 100_000.0,
            first_sample: 0.0,
            n_samples: 10.0,
            from_right: false,
        };
        let n = 10_000_000;
        let (range, bins) = stretch(&window(5_000_000.0), 1000.0, n);
        assert!(range.start <= 5_000_000 && range.end >= 5_100_000);
        assert!((1000..5000).contains(&bins), "{bins}");
        let (moved, _) = stretch(&window(5_000_500.0), 1000.0, n);
        assert_eq!(range, moved);
        let (all, _) = stretch(&SectionWindow::all(50, 10), 1000.0, 50);
        assert_eq!(all, 0..50);
    }
}
