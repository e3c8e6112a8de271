//! Pinned traces in the inspector: their headers side by side, their wiggles, their spectra.

use egui::{Button, RichText, ScrollArea, Sense, Stroke, TextEdit, Ui, Vec2, WidgetInfo};

use super::chart::{Chart, Margins, with_air};
use super::pins::{Number, Pin, fraction};
use super::spectrum::Scale;
use super::{ReadingSettings, units};
use crate::app::section::pin_colour;
use crate::app::viewer::{OpenView, ViewerCommand};
use crate::app::{names, numbers, theme, widgets};
use crate::view::{axis_title, axis_value, frequency_axis};

/// No part of the inspector is lower.
const LEAST_HEIGHT: f32 = 96.0;

/// Draws all of it.
pub(crate) fn show(
    ui: &mut Ui,
    view: &mut OpenView,
    settings: &ReadingSettings,
    queue: &mut Vec<ViewerCommand>,
) {
    heading(ui, view);
    parts(ui, settings, queue);
    let pins = view.reading.pins.known().to_vec();
    if pins.is_empty() {
        ui.spinner();
        return;
    }
    let shown = [
        settings.pinned_headers,
        settings.pinned_wiggle,
        settings.pinned_spectrum,
    ];
    let n = shown.iter().filter(|on| **on).count();
    let each = ((ui.available_height() - 8.0 * n as f32) / n.max(1) as f32).max(LEAST_HEIGHT);
    if settings.pinned_headers {
        let height = if n > 1 { each * 0.9 } else { each };
        ui.scope(|ui| {
            ui.set_max_height(height);
            headers(ui, view, &pins, settings, queue);
        });
    }
    let rest = n - usize::from(settings.pinned_headers);
    let height = ui.available_height() / rest.max(1) as f32 - 4.0;
    let size = Vec2::new(ui.available_width(), height.max(LEAST_HEIGHT));
    if settings.pinned_wiggle {
        wiggle(ui, size, view, &pins);
    }
    if settings.pinned_spectrum {
        spectra(ui, size, view, &pins, settings);
    }
}

fn heading(ui: &mut Ui, view: &mut OpenView) {
    ui.horizontal(|ui| {
        let accent = theme::palette(ui).warning;
        widgets::badge(ui, "pinned", accent);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if ui
                .small_button("Unpin")
                .on_hover_text("Let all pinned traces go and follow the cursor again (Esc)")
                .clicked()
            {
                view.section.pins.clear();
            }
        });
    });
    ui.horizontal_wrapped(|ui| {
        for (number, trace) in view.section.pins.iter().enumerate() {
            let (dot, _) = ui.allocate_exact_size(Vec2::splat(10.0), Sense::hover());
            ui.painter()
                .circle_filled(dot.center(), 4.5, pin_colour(number));
            ui.label(RichText::new(format!("Trace {}", numbers::count(trace + 1))).strong());
        }
    });
    if view.section.pins.len() == 1 {
        widgets::hint(ui, "Ctrl+click pins another beside it");
    }
}

/// Which parts are shown.
fn parts(ui: &mut Ui, settings: &ReadingSettings, queue: &mut Vec<ViewerCommand>) {
    let mut changed = settings.clone();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for (on, label) in [
            (&mut changed.pinned_headers, "Headers"),
            (&mut changed.pinned_wiggle, "Wiggle"),
            (&mut changed.pinned_spectrum, "Spectrum"),
        ] {
            let response = ui.add(Button::selectable(*on, RichText::new(label).small()));
            response.widget_info(|| {
                let name = format!("Pinned trace: {label}");
                WidgetInfo::selected(egui::Role::CheckBox, true, *on, name)
            });
            if response.clicked() {
                *on = !*on;
            }
        }
    });
    if changed != *settings {
        queue.push(ViewerCommand::SetReading(Box::new(changed)));
    }
}

fn headers(
    ui: &mut Ui,
    view: &mut OpenView,
    pins: &[std::sync::Arc<Pin>],
    settings: &ReadingSettings,
    queue: &mut Vec<ViewerCommand>,
) {
    let edit = TextEdit::singleline(&mut view.header_filter)
        .id(egui::Id::unique("header filter"))
        .hint_text("Filter headers")
        .desired_width(f32::INFINITY);
    let response = ui.add(edit);
    widgets::name_field(&response, "Filter headers");
    let Some(Ok(first)) = pins.last().map(|pin| &pin.headers) else {
        if let Some(Err(why)) = pins.last().map(|pin| &pin.headers) {
            widgets::warning_line(ui, why);
        }
        return;
    };
    let filter = view.header_filter.trim().to_lowercase();
    let fits = |name: &str| {
        filter.is_empty()
            || name.contains(&filter)
            || names::label(name).to_lowercase().contains(&filter)
    };
    let is_common = |name: &String| names::COMMON.contains(&name.as_str());
    let common = names::COMMON
        .iter()
        .filter_map(|c| first.iter().map(|(name, _)| name).find(|name| name == c));
    let rest = first.iter().map(|(name, _)| name).filter(|n| !is_common(n));
    let all: Vec<&String> = common.chain(rest).filter(|name| fits(name)).collect();
    let length = view.reading.file_headers().and_then(|f| f.length_unit);
    let height = 19.0;
    ui.spacing_mut().interact_size.y = height;
    ui.spacing_mut().item_spacing.y = 2.0;
    ScrollArea::vertical()
        .id_salt("pinned headers")
        .auto_shrink(false)
        .show_rows(ui, height, all.len(), |ui, range| {
            for name in all.get(range).unwrap_or_default() {
                row(ui, name, pins, (length, settings), queue);
            }
        });
}

fn row(
    ui: &mut Ui,
    name: &str,
    pins: &[std::sync::Arc<Pin>],
    (length, settings): (Option<&'static str>, &ReadingSettings),
    queue: &mut Vec<ViewerCommand>,
) {
    let p = theme::palette(ui);
    let in_readout = settings.readout.iter().any(|n| n == name);
    ui.horizontal(|ui| {
        let value_of = |pin: &Pin| -> Option<Number> {
            let all = pin.headers.as_ref().ok()?;
            all.iter().find(|(n, _)| n == name).and_then(|(_, v)| *v)
        };
        let unit = units::unit(name, length);
        let label = numbers::elide(&names::label(name), if pins.len() > 1 { 14 } else { 22 });
        let ink = if in_readout { p.accent } else { p.weak };
        let hover = if in_readout {
            format!("{name}\nIn the readout at the bottom; click to take it out")
        } else {
            format!("{name}\nClick to have it in the readout at the bottom")
        };
        let button = Button::new(RichText::new(label).color(ink))
            .frame(false)
            .min_size(Vec2::ZERO);
        let response = ui.add(button).on_hover_text(hover);
        response.widget_info(|| {
            let label = format!("{} in the readout", names::label(name));
            WidgetInfo::selected(egui::Role::CheckBox, true, in_readout, label)
        });
        if response.clicked() {
            let mut changed = settings.clone();
            if in_readout {
                changed.readout.retain(|n| n != name);
            } else {
                changed.readout.push(name.to_owned());
            }
            queue.push(ViewerCommand::SetReading(Box::new(changed)));
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.add_space(8.0);
            let (unit_rect, _) = ui.allocate_exact_size(Vec2::new(24.0, 14.0), Sense::hover());
            ui.painter().text(
                unit_rect.left_center(),
                egui::Align2::LEFT_CENTER,
                unit,
                egui::TextStyle::Small.resolve(ui.style()),
                p.weak,
            );
            for (number, pin) in pins.iter().enumerate().rev() {
                let value = value_of(pin);
                let text = value.map_or_else(|| "–".to_owned(), Number::text);
                let quiet = value.is_none_or(Number::is_zero);
                let ink = match (quiet, pins.len()) {
                    (true, _) => p.weak,
                    (false, 1) => p.text,
                    (false, _) => pin_colour(number),
                };
                let text = if pins.len() > 1 {
                    format!("{text:>7}")
                } else {
                    text
                };
                ui.label(RichText::new(text).monospace().color(ink));
            }
        });
    });
}

/// Time down, amplitude across, as in the section.
fn wiggle(ui: &mut Ui, size: Vec2, view: &OpenView, pins: &[std::sync::Arc<Pin>]) {
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| {
        let n = numbers::plural(pins.len() as u64, "trace", "traces");
        WidgetInfo::labeled(egui::Role::Canvas, true, format!("Wiggle of {n}"))
    });
    let axis = &view.source.facts().axis;
    let largest = pins
        .iter()
        .flat_map(|pin| &pin.samples)
        .filter(|v| v.is_finite())
        .fold(0.0_f32, |m, v| m.max(v.abs()));
    let (_, x) = with_air(0.0, f64::from(largest).max(f64::MIN_POSITIVE));
    let n = pins.iter().map(|pin| pin.samples.len()).max().unwrap_or(1);
    let at = |sample: f64| axis_value(axis, sample + 0.5);
    let margins = Margins {
        left: 52.0,
        right: 10.0,
        top: 16.0,
        bottom: 32.0,
    };
    let chart = Chart::new(
        rect,
        margins,
        (-x, x),
        (at(n.saturating_sub(1) as f64), at(0.0)),
    );
    chart.axes(ui, "Amplitude", &axis_title(axis));
    let painter = chart.painter(ui);
    let p = theme::palette(ui);
    let zero = chart.at(0.0, 0.0).x;
    painter.vline(zero, chart.plot.y_range(), Stroke::new(1.0, p.weak));
    for (number, pin) in pins.iter().enumerate() {
        let points: Vec<(f64, f64)> = pin
            .samples
            .iter()
            .enumerate()
            .map(|(i, v)| (f64::from(*v), at(i as f64)))
            .collect();
        chart.line(
            &painter,
            &points,
            false,
            Stroke::new(1.2, pin_colour(number)),
        );
    }
    let under = response.hover_pos().filter(|at| chart.plot.contains(*at));
    let sample = match under {
        Some(place) => {
            let value = chart.value_at(place).1;
            Some(((value - axis.first) / axis.interval.max(f64::MIN_POSITIVE)).round())
        }
        None => view.section.hit.map(|hit| hit.sample as f64),
    };
    if let Some(sample) = sample.filter(|s| *s >= 0.0) {
        let y = chart.at(0.0, at(sample)).y;
        painter.hline(chart.plot.x_range(), y, Stroke::new(1.0, p.weak));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at least 0; what is behind the end is not found"
        )]
        let values: Vec<String> = pins
            .iter()
            .filter_map(|pin| pin.samples.get(sample as usize))
            .map(|v| numbers::amplitude(*v))
            .collect();
        let words = format!(
            "{} {}: {}",
            numbers::axis_value(at(sample), axis.interval),
            axis.unit,
            values.join(", ")
        );
        chart.words(ui, &words);
    }
}

fn spectra(
    ui: &mut Ui,
    size: Vec2,
    view: &OpenView,
    pins: &[std::sync::Arc<Pin>],
    settings: &ReadingSettings,
) {
    let axis = &view.source.facts().axis;
    let (_, unit) = frequency_axis(axis);
    let found: Vec<_> = pins
        .iter()
        .enumerate()
        .filter_map(|(number, pin)| Some((number, pin.spectrum.as_ref()?)))
        .collect();
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let Some((_, first)) = found.first() else {
        ui.painter().text(
            rect.center(),
            egui::Align2::CENTER_CENTER,
            "All samples are 0: no spectrum",
            egui::TextStyle::Small.resolve(ui.style()),
            theme::palette(ui).weak,
        );
        return;
    };
    response.widget_info(|| {
        let name = format!(
            "Amplitude spectrum of the pinned trace, peak at {:.1} {unit}",
            first.peak().0
        );
        WidgetInfo::labeled(egui::Role::Canvas, true, name)
    });
    let peak = found.iter().map(|(_, s)| s.peak().1).fold(0.0, f32::max);
    let scale = Scale {
        decibels: settings.decibels,
        peak,
    };
    let y = if settings.decibels {
        (-60.0, 3.0)
    } else {
        (0.0, f64::from(peak) * 1.06)
    };
    let margins = Margins {
        left: 52.0,
        right: 10.0,
        top: 16.0,
        bottom: 32.0,
    };
    let chart = Chart::new(rect, margins, (0.0, first.nyquist()), y);
    let title = if settings.decibels {
        "dB below the peak"
    } else {
        "Amplitude"
    };
    let nyquist = fraction(first.nyquist());
    chart.axes(ui, &format!("{unit}, to Nyquist {nyquist}"), title);
    let painter = chart.painter(ui);
    for (number, spectrum) in &found {
        let points: Vec<_> = spectrum
            .mean
            .iter()
            .enumerate()
            .map(|(i, v)| (i as f64 * spectrum.step, scale.of(*v)))
            .collect();
        chart.line(
            &painter,
            &points,
            true,
            Stroke::new(1.3, pin_colour(*number)),
        );
    }
    let under = response.hover_pos().filter(|at| chart.plot.contains(*at));
    if let Some(at) = under {
        let frequency = chart.value_at(at).0;
        let values: Vec<String> = found
            .iter()
            .filter_map(|(_, s)| s.at(frequency))
            .map(|(_, v, _, _)| scale.words(v))
            .collect();
        let words = format!("{frequency:.1} {unit}: {}", values.join(", "));
        chart.cursor(ui, at.x, &words);
    } else if found.len() == 1 {
        chart.words(ui, &format!("Peak {:.1} {unit}", first.peak().0));
    }
}
