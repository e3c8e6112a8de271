//! How far curves deflect, where they are cut, and how bold their lines are.

use egui::{PopupCloseBehavior, Slider, Ui};

use crate::app::section::Look;
use crate::app::widgets;

/// Deflections on offer, in traces. The usual ones are whole steps: drawing a slider rounds to these.
const EXCURSIONS: std::ops::RangeInclusive<f32> = 0.25..=10.0;
/// Widths of the line, in pixels; 0: by the distance of the traces.
const LINES: std::ops::RangeInclusive<f32> = 0.0..=6.0;

/// A menu that stays open while one tries.
pub(super) fn show(ui: &mut Ui, look: &mut Look) {
    let config = egui::containers::menu::MenuConfig::new()
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let button = egui::containers::menu::MenuButton::new("Curves").config(config);
    let (response, _) = button.ui(ui, |ui| fields(ui, look));
    response.on_hover_text("Excursion, cut, filled side and line of wiggles");
}

fn fields(ui: &mut Ui, look: &mut Look) {
    ui.set_min_width(320.0);
    ui.spacing_mut().slider_width = 170.0;
    ui.label("Excursion at the clip");
    let excursion = Slider::new(&mut look.excursion, EXCURSIONS)
        .step_by(0.05)
        .logarithmic(true)
        .suffix(" traces");
    name(&ui.add(excursion), "Excursion in traces");
    ui.label("Cut flat at");
    let cut = Slider::new(&mut look.most_deflection, EXCURSIONS)
        .step_by(0.05)
        .logarithmic(true)
        .suffix(" traces");
    name(&ui.add(cut), "Largest deflection in traces");
    ui.label("Width of the line");
    let line = Slider::new(&mut look.line_pixels, LINES)
        .step_by(0.5)
        .custom_formatter(|v, _| match v {
            v if v > 0.0 => format!("{v:.1} px"),
            _ => "automatic".to_owned(),
        });
    name(&ui.add(line), "Width of the line in pixels");
    ui.label("Filled area (Wiggle and Area)");
    ui.horizontal(|ui| {
        ui.radio_value(&mut look.fill_negative, false, "positive numbers");
        ui.radio_value(&mut look.fill_negative, true, "negative numbers");
    });
    ui.checkbox(&mut look.zero_line, "Line at zero");
    ui.add_space(4.0);
    let usual = Look::default();
    if ui.button("As usual").clicked() {
        look.excursion = usual.excursion;
        look.most_deflection = usual.most_deflection;
        look.line_pixels = usual.line_pixels;
        look.fill_negative = usual.fill_negative;
        look.zero_line = usual.zero_line;
    }
    widgets::hint(ui, "Curves over 1 trace overlap their neighbours");
}

fn name(response: &egui::Response, name: &'static str) {
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Slider, true, name));
}
