//! At which scale shall the section be drawn: traces a centimetre, centimetres a second?

use egui::{DragValue, Grid, Id, Modal, Sense, Stroke, Ui, Vec2};

use super::command::{Command, Commands};
use super::section::Scale;
use super::settings::{Settings, USUAL_POINTS_PER_CM};
use super::viewer::{OpenView, Stage, Viewer, ViewerCommand};
use super::{numbers, theme, widgets};

/// A line that a ruler can be held against: five centimetres on a usual screen.
const RULER_POINTS: f32 = 5.0 * USUAL_POINTS_PER_CM;
/// What a ruler may say of it, in centimetres.
const RULER_CM: std::ops::RangeInclusive<f64> = 1.0..=25.0;

/// What is typed.
#[derive(Debug)]
pub(crate) struct ScaleDialog {
    asked: Scale,
}

impl ScaleDialog {
    /// Begins with the scale on the screen; `None` while there is none.
    pub(crate) fn of(viewer: &Viewer, points_per_cm: f64) -> Option<Self> {
        let (asked, _) = opened(viewer)?.section.scale(points_per_cm)?;
        Some(Self { asked })
    }
}

fn opened(viewer: &Viewer) -> Option<&OpenView> {
    match &viewer.stage {
        Stage::Open(view) => Some(view),
        Stage::Opening | Stage::Failed(_) => None,
    }
}

/// Draws the dialog over the section of `viewer`.
pub(crate) fn show(
    ctx: &egui::Context,
    dialog: &mut ScaleDialog,
    viewer: &Viewer,
    settings: &Settings,
    commands: &mut Commands,
) {
    let points_per_cm = f64::from(settings.points_per_cm);
    let modal = Modal::new(Id::unique("scale"))
        .frame(egui::Frame::window(&ctx.global_style()).inner_margin(18.0))
        .show(ctx, |ui| {
            ui.set_width(430.0);
            ui.heading("Scale");
            ui.add_space(8.0);
            if let Some(view) = opened(viewer) {
                fields(ui, dialog, view, points_per_cm);
            }
            ui.add_space(10.0);
            ruler(ui, settings, commands);
            ui.add_space(14.0);
            ui.horizontal(|ui| {
                if widgets::primary(ui, true, "Draw at this scale").clicked() {
                    let command = ViewerCommand::SetScale(dialog.asked, points_per_cm);
                    commands.push(Command::Viewer(viewer.id, command));
                    commands.push(Command::StayOpen);
                }
                if ui.button("Cancel").clicked() {
                    commands.push(Command::StayOpen);
                }
            });
        });
    if modal.should_close() {
        commands.push(Command::StayOpen);
    }
}

fn fields(ui: &mut Ui, dialog: &mut ScaleDialog, view: &OpenView, points_per_cm: f64) {
    let Some((now, all)) = view.section.scale(points_per_cm) else {
        return;
    };
    let unit = view.section.axis().map_or("", Scale::unit);
    let asked = &mut dialog.asked;
    Grid::new("scale fields")
        .num_columns(3)
        .spacing([14.0, 8.0])
        .show(ui, |ui| {
            ui.label("");
            widgets::hint(ui, "Shall be");
            widgets::hint(ui, "On the screen");
            ui.end_row();
            for (name, value, now) in [
                ("traces per cm", &mut asked.traces_per_cm, now.traces_per_cm),
                (unit, &mut asked.cm_per_thousand, now.cm_per_thousand),
            ] {
                ui.label(name);
                let speed = value.abs().max(0.01) * 0.01;
                let field = DragValue::new(value)
                    .speed(speed)
                    .range(1e-6..=1e9)
                    .custom_formatter(|v, _| rounded(v));
                let response = ui.add(field);
                response
                    .widget_info(|| egui::WidgetInfo::labeled(egui::Role::SpinButton, true, name));
                ui.label(rounded(now));
                ui.end_row();
            }
        });
    let n_traces = numbers::plural(view.section.n_traces(), "trace", "traces");
    widgets::hint(
        ui,
        format!(
            "No smaller than the picture: all {n_traces} fill it at {} per cm, all samples at {} {unit}",
            rounded(all.traces_per_cm),
            rounded(all.cm_per_thousand),
        ),
    );
}

/// What a centimetre is on this screen, and how to tell it better.
fn ruler(ui: &mut Ui, settings: &Settings, commands: &mut Commands) {
    widgets::caption(ui, "This screen");
    let pixels = ui.ctx().pixels_per_point();
    let usual = (settings.points_per_cm - USUAL_POINTS_PER_CM).abs() < 1e-3;
    let how = if usual {
        "as desktops assume, 96 points an inch"
    } else {
        "as you measured"
    };
    let points = f64::from(settings.points_per_cm);
    widgets::hint(
        ui,
        format!(
            "A centimetre is taken for {} points, {how}: {} pixels of this screen",
            rounded(points),
            rounded(points * f64::from(pixels))
        ),
    );
    let size = Vec2::new(RULER_POINTS, 14.0);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let stroke = Stroke::new(1.5, theme::palette(ui).text);
    ui.painter().hline(rect.x_range(), rect.center().y, stroke);
    for x in [rect.left(), rect.right()] {
        ui.painter().vline(x, rect.y_range(), stroke);
    }
    ui.horizontal(|ui| {
        ui.label("A ruler says that this line measures");
        let mut measured = f64::from(RULER_POINTS) / points;
        let field = DragValue::new(&mut measured)
            .speed(0.01)
            .range(RULER_CM)
            .fixed_decimals(2)
            .suffix(" cm");
        let response = ui.add(field);
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::SpinButton, true, "Measured length in cm")
        });
        if response.changed() {
            let mut edited = settings.clone();
            #[expect(clippy::cast_possible_truncation, reason = "between 7 and 190")]
            {
                edited.points_per_cm = (f64::from(RULER_POINTS) / measured) as f32;
            }
            commands.push(Command::SetSettings(Box::new(edited)));
        }
    });
}

/// Three digits that count.
fn rounded(value: f64) -> String {
    let decimals = match value.abs() {
        v if v >= 100.0 => 0,
        v if v >= 10.0 => 1,
        v if v >= 1.0 => 2,
        _ => 3,
    };
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_said_with_three_digits() {
        for (value, text) in [
            (37.795, "37.8"),
            (240.4, "240"),
            (1.0, "1"),
            (2.504, "2.5"),
            (0.0414, "0.041"),
            (20.0, "20"),
        ] {
            assert_eq!(rounded(value), text);
        }
    }
}
