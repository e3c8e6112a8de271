//! Small widgets that more than one page uses.

mod glyphs;
mod rows;

pub(crate) use glyphs::{Glyph, glyph, paint_glyph};
pub(crate) use rows::{BAR, RowScroll, take_wheel, that_fit};

use std::path::Path;

use egui::{
    Align, Button, Color32, CornerRadius, Frame, Layout, Margin, Response, RichText, Stroke, Ui,
    Vec2, WidgetInfo,
};

use super::messages::{Message, Severity};
use super::numbers;
use super::theme;

/// The one main button of a page.
pub(crate) fn primary(ui: &mut Ui, enabled: bool, text: &str) -> Response {
    let p = theme::palette(ui);
    let button = Button::new(RichText::new(text).color(p.on_accent).strong())
        .fill(p.accent)
        .stroke(Stroke::NONE)
        .min_size(Vec2::new(0.0, 32.0));
    ui.add_enabled(enabled, button)
}

/// A heading over a group: small, weak, in capitals.
pub(crate) fn caption(ui: &mut Ui, text: &str) {
    ui.label(
        RichText::new(text.to_uppercase())
            .small()
            .color(theme::palette(ui).weak),
    );
}

/// Weak text.
pub(crate) fn weak(ui: &mut Ui, text: impl Into<String>) -> Response {
    ui.label(RichText::new(text).color(theme::palette(ui).weak))
}

/// Weak small text.
pub(crate) fn hint(ui: &mut Ui, text: impl Into<String>) -> Response {
    ui.label(RichText::new(text).small().color(theme::palette(ui).weak))
}

/// A box with a border for things that belong together.
pub(crate) fn card<R>(ui: &mut Ui, contents: impl FnOnce(&mut Ui) -> R) -> R {
    let p = theme::palette(ui);
    Frame::new()
        .fill(p.card)
        .stroke(Stroke::new(1.0, p.line))
        .corner_radius(CornerRadius::same(8))
        .inner_margin(Margin::same(12))
        .show(ui, contents)
        .inner
}

/// A key of the keyboard.
pub(crate) fn key_cap(ui: &mut Ui, keys: &str) {
    let p = theme::palette(ui);
    Frame::new()
        .fill(ui.visuals().faint_bg_color)
        .stroke(Stroke::new(1.0, p.line))
        .corner_radius(CornerRadius::same(4))
        .inner_margin(Margin::symmetric(5, 1))
        .show(ui, |ui| ui.label(RichText::new(keys).small().monospace()));
}

/// A progress bar that does not move by itself, so that an idle window stays idle.
pub(crate) fn progress(ui: &mut Ui, fraction: Option<f64>, label: &str) {
    let (rect, response) =
        ui.allocate_exact_size(Vec2::new(ui.available_width(), 8.0), egui::Sense::hover());
    let p = theme::palette(ui);
    let radius = CornerRadius::same(4);
    ui.painter()
        .rect_filled(rect, radius, ui.visuals().widgets.inactive.bg_fill);
    #[expect(clippy::cast_possible_truncation, reason = "0..=1")]
    let share = fraction.unwrap_or(0.0).clamp(0.0, 1.0) as f32;
    if share > 0.0 {
        let mut filled = rect;
        filled.set_width((rect.width() * share).max(6.0));
        ui.painter().rect_filled(filled, radius, p.accent);
    }
    let text = label.to_owned();
    response.widget_info(move || {
        WidgetInfo::labeled(egui::Role::ProgressIndicator, true, text.clone())
    });
}

/// A path with its middle left out, the whole path as its tooltip.
pub(crate) fn path_label(ui: &mut Ui, path: &Path, limit: usize) -> Response {
    let full = path.display().to_string();
    ui.label(RichText::new(numbers::elide(&full, limit)).color(theme::palette(ui).weak))
        .on_hover_text(full)
}

/// A warning sign with its sentence.
pub(crate) fn warning_line(ui: &mut Ui, text: &str) {
    ui.horizontal_top(|ui| {
        let colour = theme::palette(ui).warning;
        glyph(ui, Glyph::Warning, colour);
        ui.with_layout(Layout::top_down(Align::Min), |ui| {
            ui.add(egui::Label::new(text).wrap());
        });
    });
}

/// The colour and sign of a severity.
pub(crate) fn severity_sign(ui: &Ui, severity: Severity) -> (Glyph, Color32) {
    let p = theme::palette(ui);
    match severity {
        Severity::Info => (Glyph::Info, p.accent),
        Severity::Success => (Glyph::Check, p.good),
        Severity::Warning => (Glyph::Warning, p.warning),
        Severity::Error => (Glyph::Cross, p.error),
    }
}

/// A message in full: title, sentence, remedy; gives whether its details shall be copied.
pub(crate) fn message_body(ui: &mut Ui, message: &Message) -> bool {
    let (sign, colour) = severity_sign(ui, message.severity);
    ui.horizontal_top(|ui| {
        glyph(ui, sign, colour);
        ui.vertical(|ui| {
            ui.label(RichText::new(&message.title).strong());
            ui.add(egui::Label::new(&message.sentence).wrap());
            if let Some(remedy) = &message.remedy {
                ui.add(
                    egui::Label::new(RichText::new(remedy).color(theme::palette(ui).weak)).wrap(),
                );
            }
            message.severity == Severity::Error
                && ui
                    .button("Copy details")
                    .on_hover_text("For a report: causes, file, version")
                    .clicked()
        })
        .inner
    })
    .inner
}

/// A small round sign for a state: "running", "reversed polarity".
pub(crate) fn badge(ui: &mut Ui, text: &str, colour: Color32) -> Response {
    Frame::new()
        .stroke(Stroke::new(1.0, colour))
        .corner_radius(CornerRadius::same(9))
        .inner_margin(Margin::symmetric(8, 1))
        .show(ui, |ui| ui.label(RichText::new(text).small().color(colour)))
        .inner
}

/// Gives a text field a name for those who do not see it.
pub(crate) fn name_field(response: &Response, name: &str) {
    response.widget_info(|| WidgetInfo::labeled(egui::Role::TextInput, true, name));
}

/// What was chosen among columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pick {
    Nothing,
    Column(String),
}

impl Pick {
    /// The column, if one was chosen.
    pub(crate) fn column(self) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::Column(name) => Some(name),
        }
    }
}
