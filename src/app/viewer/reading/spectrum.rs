//! The spectrum of what is in the window, of the gather, or of a box drawn with Shift held.

use std::ops::Range;
use std::sync::Arc;

use egui::{Button, Sense, Stroke, Ui, Vec2, WidgetInfo};

use super::chart::{Chart, Margins};
use super::{Waker, wake};
use crate::app::section::Section;
use crate::app::viewer::ViewerCommand;
use crate::app::workers::Newest;
use crate::app::{numbers, theme, widgets};
use crate::browse::{Gather, TraceSource};
use crate::dataset::VerticalAxis;
use crate::view::{
    MOST_SPECTRUM_TRACES, SectionWindow, Spectrum, axis_value, frequency_axis, spectrum,
};

/// Of a line from afar so many traces are read, evenly.
const MOST_OF_A_LINE: usize = 400;
/// The curve ends here below its peak.
const FLOOR_DB: f64 = -60.0;

/// Traces and samples to look into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Part {
    #[default]
    Window,
    Gather,
    Selection,
}

/// What is asked of the thread.
#[derive(Clone)]
enum Wanted {
    Gather(Arc<Gather>),
    Line,
}

#[derive(Clone)]
struct Request {
    of: Wanted,
    /// On the screen.
    traces: Vec<usize>,
    n_traces: usize,
    samples: Range<usize>,
}

impl PartialEq for Request {
    fn eq(&self, other: &Self) -> bool {
        let same = match (&self.of, &other.of) {
            (Wanted::Gather(a), Wanted::Gather(b)) => Arc::ptr_eq(a, b),
            (Wanted::Line, Wanted::Line) => true,
            (Wanted::Gather(_), Wanted::Line) | (Wanted::Line, Wanted::Gather(_)) => false,
        };
        same && self.traces == other.traces && self.samples == other.samples
    }
}

type Answer = (Request, Result<Option<Spectrum>, String>);

/// See the module.
pub(crate) struct SpectrumPanel {
    thread: Newest<Request, Answer>,
    part: Part,
    asked: Option<Request>,
    known: Option<Answer>,
    /// The last box that was taken up.
    seen: Option<SectionWindow>,
    axis: VerticalAxis,
}

impl SpectrumPanel {
    pub(super) fn new(source: &Arc<dyn TraceSource>, waker: &Waker) -> Self {
        let source = Arc::clone(source);
        let axis = source.facts().axis.clone();
        let thread = Newest::spawn("spectrum", wake(waker), move |request: Request| {
            let found = compute(&*source, &request);
            (request, found)
        });
        Self {
            thread,
            part: Part::default(),
            asked: None,
            known: None,
            seen: None,
            axis,
        }
    }

    /// Whether a box was drawn since the last call; then it is looked into.
    pub(crate) fn take_selection(&mut self, selection: Option<&SectionWindow>) -> bool {
        if self.seen.as_ref() == selection {
            return false;
        }
        self.seen = selection.copied();
        self.part = if selection.is_some() {
            Part::Selection
        } else {
            Part::Window
        };
        selection.is_some()
    }

    fn ask(&mut self, section: &Section) {
        let Some(request) = self.request(section) else {
            return;
        };
        if self.asked.as_ref() != Some(&request) {
            self.thread.request(request.clone());
            self.asked = Some(request);
        }
    }

    fn request(&self, section: &Section) -> Option<Request> {
        let all = match section.gather() {
            Some(gather) => SectionWindow::all(gather.n_traces(), gather.n_samples),
            None => section.line()?.bounds(),
        };
        let window = match self.part {
            Part::Window => section.window()?,
            Part::Gather => all,
            Part::Selection => section.selection?.kept_inside(&all),
        };
        let traces: Vec<usize> = match section.gather() {
            // Traces may stand at their offsets: those whose places lie in the window.
            Some(gather) => {
                let inside = window.first_trace..window.first_trace + window.n_traces;
                let touched = |i: &usize| {
                    let place = section.position_of(*i).unwrap_or(f64::NAN);
                    inside.start - 0.5 < place && place < inside.end + 0.5
                };
                let n = 0..gather.n_traces();
                match self.part {
                    Part::Gather => n.collect(),
                    Part::Window | Part::Selection => n.filter(touched).collect(),
                }
            }
            None => whole(window.first_trace, window.n_traces, all.n_traces).collect(),
        };
        let most = if section.gather().is_some() {
            MOST_SPECTRUM_TRACES
        } else {
            MOST_OF_A_LINE
        };
        Some(Request {
            of: section
                .gather()
                .map_or(Wanted::Line, |g| Wanted::Gather(Arc::clone(g))),
            n_traces: traces.len(),
            traces: evenly(&traces, most),
            samples: whole(window.first_sample, window.n_samples, all.n_samples),
        })
    }
}

/// The traces or samples that a stretch of a window touches.
fn whole(first: f64, n: f64, most: f64) -> Range<usize> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and most"
    )]
    let at = |edge: f64| edge.clamp(0.0, most) as usize;
    let start = at(first.floor());
    start..at((first + n).ceil()).max(start)
}

/// At most so many of a range, evenly.
fn evenly(all: &[usize], most: usize) -> Vec<usize> {
    let step = all.len().div_ceil(most.max(1)).max(1);
    all.iter().copied().step_by(step).collect()
}

fn compute(source: &dyn TraceSource, request: &Request) -> Result<Option<Spectrum>, String> {
    let (rate, _) = frequency_axis(&source.facts().axis);
    let cut = |trace: &[f32]| -> Vec<f32> {
        trace
            .get(request.samples.clone())
            .unwrap_or_default()
            .to_vec()
    };
    let mut rows: Vec<Vec<f32>> = Vec::with_capacity(request.traces.len());
    match &request.of {
        Wanted::Gather(gather) => {
            rows.extend(request.traces.iter().map(|&i| cut(gather.trace(i))));
        }
        Wanted::Line => {
            let mut samples = Vec::new();
            for &trace in &request.traces {
                samples.clear();
                let trace = trace as u64;
                source
                    .read_traces(trace..trace + 1, &mut samples)
                    .map_err(|e| e.to_string())?;
                rows.push(cut(&samples));
            }
        }
    }
    Ok(spectrum(rows.iter().map(Vec::as_slice), rate))
}

/// Draws the panel.
pub(crate) fn show(
    ui: &mut Ui,
    panel: &mut SpectrumPanel,
    section: &Section,
    settings: &super::ReadingSettings,
    queue: &mut Vec<ViewerCommand>,
) {
    if let Some(known) = panel.thread.poll() {
        panel.known = Some(known);
    }
    panel.ask(section);
    controls(ui, panel, section, settings, queue);
    if panel.part == Part::Selection && section.selection.is_none() {
        widgets::weak(ui, "Drag a box over the section with Shift held.");
        return;
    }
    match &panel.known {
        None => {
            ui.spinner();
        }
        Some((_, Err(why))) => widgets::warning_line(ui, why),
        Some((_, Ok(None))) => {
            widgets::weak(ui, "All of these samples are 0: there is no spectrum.");
        }
        Some((request, Ok(Some(found)))) => {
            widgets::hint(ui, words(request, found, &panel.axis));
            let size = ui.available_size().max(Vec2::new(80.0, 50.0));
            chart(ui, size, found, &panel.axis, settings);
        }
    }
}

fn controls(
    ui: &mut Ui,
    panel: &mut SpectrumPanel,
    section: &Section,
    settings: &super::ReadingSettings,
    queue: &mut Vec<ViewerCommand>,
) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        widgets::caption(ui, "Spectrum");
        ui.add_space(8.0);
        let gather = if section.line().is_some() {
            "Whole line"
        } else {
            "Gather"
        };
        for (part, label, hover) in [
            (Part::Window, "Window", "Of what is visible"),
            (Part::Gather, gather, "Of all traces and samples"),
            (
                Part::Selection,
                "Box",
                "Of a box: Shift+drag on the section",
            ),
        ] {
            let button = Button::selectable(panel.part == part, label);
            let name = format!("Spectrum of: {label}");
            let response = ui.add(button).on_hover_text(hover);
            response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, &name));
            if response.clicked() {
                panel.part = part;
            }
        }
        ui.add_space(8.0);
        let mut changed = settings.clone();
        let unit = if settings.decibels { "dB" } else { "Linear" };
        let scale = ui.add(Button::selectable(false, unit));
        scale.widget_info(|| {
            WidgetInfo::labeled(egui::Role::Button, true, format!("Amplitudes in: {unit}"))
        });
        if scale
            .on_hover_text("Decibels below the peak, or amplitudes as stored")
            .clicked()
        {
            changed.decibels = !changed.decibels;
        }
        let spread = Button::selectable(settings.spread, "P10–P90");
        if ui
            .add(spread)
            .on_hover_text("The band that holds eight traces in ten")
            .clicked()
        {
            changed.spread = !changed.spread;
        }
        if changed != *settings {
            queue.push(ViewerCommand::SetReading(Box::new(changed)));
        }
    });
}

/// "Mean of 240 traces, 0 to 3 000 ms, as stored".
fn words(request: &Request, found: &Spectrum, axis: &VerticalAxis) -> String {
    let n = found.n_traces + found.n_dead;
    let of = if request.n_traces > n {
        format!(
            "{} of {}",
            numbers::count(n as u64),
            numbers::plural(request.n_traces as u64, "trace", "traces")
        )
    } else {
        numbers::plural(n as u64, "trace", "traces")
    };
    let at = |sample: usize| {
        let value = axis_value(axis, sample as f64 + 0.5);
        numbers::axis_value(value, axis.interval)
    };
    let dead = if found.n_dead > 0 {
        format!(" · {} without signal left out", found.n_dead)
    } else {
        String::new()
    };
    let (peak, _) = found.peak();
    let (_, unit) = frequency_axis(axis);
    format!(
        "Peak {peak:.1} {unit} · mean of {of}, {} to {} {}{dead}",
        at(request.samples.start),
        at(request.samples.end.saturating_sub(1)),
        axis.unit
    )
}

/// The curve, its band, and what lies under the cursor.
pub(super) fn chart(
    ui: &mut Ui,
    size: Vec2,
    found: &Spectrum,
    axis: &VerticalAxis,
    settings: &super::ReadingSettings,
) {
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let (_, unit) = frequency_axis(axis);
    let (frequency, peak) = found.peak();
    let name = format!("Amplitude spectrum, peak at {frequency:.1} {unit}");
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Canvas, true, &name));
    let scale = Scale {
        decibels: settings.decibels,
        peak,
    };
    let chart = frame(rect, found, &scale, settings.spread);
    chart.axes(ui, unit, scale.title());
    let p = theme::palette(ui);
    let painter = chart.painter(ui);
    let x = |i: usize| i as f64 * found.step;
    if settings.spread && found.n_traces > 1 {
        let edges = found.low.iter().zip(&found.high).enumerate();
        let edges = edges.map(|(i, (low, high))| (x(i), scale.of(*low), scale.of(*high)));
        chart.band(&painter, edges, p.accent.gamma_multiply(0.28));
    }
    let points: Vec<_> = found
        .mean
        .iter()
        .enumerate()
        .map(|(i, v)| (x(i), scale.of(*v)))
        .collect();
    chart.line(&painter, &points, true, Stroke::new(1.6, p.accent));
    let under = response.hover_pos().filter(|at| chart.plot.contains(*at));
    if let Some(at) = under
        && let Some((frequency, mean, low, high)) = found.at(chart.value_at(at).0)
    {
        let band = if settings.spread && found.n_traces > 1 {
            format!(" ({} … {})", scale.words(low), scale.words(high))
        } else {
            String::new()
        };
        let words = format!("{frequency:.1} {unit}: {}{band}", scale.words(mean));
        chart.cursor(ui, chart.at(frequency, 0.0).x, &words);
    }
}

fn frame(rect: egui::Rect, found: &Spectrum, scale: &Scale, spread: bool) -> Chart {
    let margins = Margins {
        left: 52.0,
        right: 14.0,
        top: 16.0,
        bottom: 32.0,
    };
    let tops = if spread { &found.high } else { &found.mean };
    let top = tops.iter().copied().fold(scale.peak, f32::max);
    let y = if scale.decibels {
        (FLOOR_DB, (scale.of(top) + 3.0).max(3.0))
    } else {
        (0.0, f64::from(top).max(f64::MIN_POSITIVE) * 1.06)
    };
    Chart::new(rect, margins, (0.0, found.nyquist()), y)
}

/// How amplitudes are counted.
pub(super) struct Scale {
    pub(super) decibels: bool,
    pub(super) peak: f32,
}

impl Scale {
    fn title(&self) -> &'static str {
        if self.decibels {
            "dB below the peak"
        } else {
            "Amplitude"
        }
    }

    pub(super) fn of(&self, amplitude: f32) -> f64 {
        if !self.decibels {
            return f64::from(amplitude);
        }
        let share = f64::from(amplitude) / f64::from(self.peak).max(f64::MIN_POSITIVE);
        20.0 * share.max(1e-12).log10()
    }

    pub(super) fn words(&self, amplitude: f32) -> String {
        if self.decibels {
            let value = self.of(amplitude);
            let sign = if value < -0.05 { "−" } else { "" };
            format!("{sign}{:.1} dB", value.abs())
        } else {
            numbers::amplitude(amplitude)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_traces_is_chosen_evenly() {
        assert_eq!(evenly(&[3; 10], 100).len(), 10);
        let many: Vec<usize> = (0..10_000).collect();
        let some = evenly(&many, 400);
        assert!(some.len() <= 400 && some.len() > 300);
        assert!(evenly(&[], 10).is_empty());
        assert_eq!(whole(2.5, 3.0, 5.0), 2..5);
        assert_eq!(whole(-3.0, 2.0, 5.0), 0..0);
    }

    #[test]
    fn decibels_are_below_the_peak() {
        let scale = Scale {
            decibels: true,
            peak: 10.0,
        };
        assert!((scale.of(1.0) + 20.0).abs() < 1e-6);
        assert_eq!(scale.words(1.0), "−20.0 dB");
        assert_eq!(scale.words(10.0), "0.0 dB");
        assert!(scale.of(0.0) <= -200.0);
    }
}
