//! All headers of the trace under the cursor. Those of pinned traces: `reading/pins_view.rs`.

use egui::{RichText, ScrollArea, TextEdit, Ui};

use super::OpenView;
use crate::app::{names, numbers, theme, widgets};

/// Draws the headers.
pub(crate) fn show(ui: &mut Ui, view: &mut OpenView) {
    heading(ui, view);
    ui.add_space(4.0);
    let edit = TextEdit::singleline(&mut view.header_filter)
        .id(egui::Id::unique("header filter"))
        .hint_text("Filter headers")
        .desired_width(f32::INFINITY);
    let response = ui.add(edit);
    widgets::name_field(&response, "Filter headers");
    ui.add_space(4.0);
    match &view.trace_headers {
        None => {
            widgets::weak(ui, "Move the cursor over a trace.");
        }
        Some((_, Err(why))) => {
            widgets::warning_line(ui, why);
        }
        Some((_, Ok(values))) => table(ui, values, &view.header_filter),
    }
}

fn heading(ui: &mut Ui, view: &OpenView) {
    widgets::caption(ui, "Trace headers");
    let trace = view.trace_headers.as_ref().map(|(trace, _)| *trace);
    let text = trace.map_or_else(
        || "No trace yet".to_owned(),
        |trace| format!("Trace {} of the file", numbers::count(trace + 1)),
    );
    ui.label(RichText::new(text).strong());
    widgets::hint(ui, "Click a trace to pin it");
}

fn table(ui: &mut Ui, values: &[(String, Option<i64>)], filter: &str) {
    let filter = filter.trim().to_lowercase();
    let fits = |name: &str| {
        filter.is_empty()
            || name.contains(&filter)
            || names::label(name).to_lowercase().contains(&filter)
    };
    let common: Vec<_> = names::COMMON
        .iter()
        .filter_map(|c| values.iter().find(|(name, _)| name == c))
        .filter(|(name, _)| fits(name))
        .collect();
    let rest: Vec<_> = values
        .iter()
        .filter(|(name, _)| !names::COMMON.contains(&name.as_str()) && fits(name))
        .collect();
    let height = 19.0;
    ui.spacing_mut().interact_size.y = height;
    ui.spacing_mut().item_spacing.y = 2.0;
    let all: Vec<_> = common.into_iter().chain(rest).collect();
    ScrollArea::vertical()
        .auto_shrink(false)
        .show_rows(ui, height, all.len(), |ui, range| {
            for (name, value) in all.get(range).unwrap_or_default() {
                row(ui, name, *value);
            }
        });
}

fn row(ui: &mut Ui, name: &str, value: Option<i64>) {
    let p = theme::palette(ui);
    ui.horizontal(|ui| {
        let quiet = value.is_none_or(|v| v == 0);
        let ink = if quiet { p.weak } else { p.text };
        let label = numbers::elide(&names::label(name), 24);
        ui.label(RichText::new(label).color(p.weak))
            .on_hover_text(name);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let text = value.map_or_else(|| "–".to_owned(), |v| v.to_string());
            ui.add_space(8.0);
            ui.label(RichText::new(text).monospace().color(ink));
        });
    });
}
