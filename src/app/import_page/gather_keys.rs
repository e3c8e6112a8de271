//! By which header words are traces gathered? Two choices, and the evidence for them.

use egui::{ComboBox, RichText, Ui};

use super::studies::Study;
use super::{Editing, ImportCommand};
use crate::app::widgets::Pick;
use crate::app::{names, numbers, theme, widgets};
use crate::import::GatherCount;

/// Draws the two choices and their evidence.
pub(super) fn show(ui: &mut Ui, editing: &mut Editing, queue: &mut Vec<ImportCommand>) {
    widgets::caption(ui, "Gathers by");
    let first = editing.keys.first().cloned();
    let second = editing.keys.get(1).cloned();
    let mut keys = editing.keys.clone();
    ui.horizontal(|ui| {
        let width = (ui.available_width() - 8.0) / 2.0;
        if let Some(chosen) = key_combo(ui, editing, "First gather key", first.as_deref(), width) {
            keys.truncate(0);
            keys.extend(chosen.column());
            if let Some(second) = second.clone().filter(|s| Some(s) != keys.first()) {
                keys.push(second);
            }
        }
        if let Some(chosen) = key_combo(ui, editing, "Second gather key", second.as_deref(), width)
        {
            keys.truncate(1);
            keys.extend(chosen.column().filter(|c| Some(c) != first.as_ref()));
        }
    });
    if keys != editing.keys {
        editing.keys = keys;
        queue.push(ImportCommand::Changed);
        queue.push(ImportCommand::Preview);
    }
    ui.add(
        egui::Label::new(
            RichText::new(evidence(editing))
                .small()
                .color(theme::palette(ui).weak),
        )
        .wrap(),
    );
}

fn key_combo(
    ui: &mut Ui,
    editing: &Editing,
    title: &str,
    now: Option<&str>,
    width: f32,
) -> Option<Pick> {
    let mut chosen = None;
    let selected = now.map_or_else(|| "none".to_owned(), names::label);
    let combo = ComboBox::from_id_salt(title)
        .selected_text(&selected)
        .width(width)
        .truncate()
        .show_ui(ui, |ui| {
            ui.set_min_width(300.0);
            if ui.selectable_label(now.is_none(), "none").clicked() {
                chosen = Some(Pick::Nothing);
            }
            for candidate in &editing.scan.key_candidates {
                let text = format!(
                    "{} (byte {})",
                    names::label(&candidate.name),
                    candidate.byte
                );
                let response = ui.selectable_label(now == Some(candidate.name.as_str()), text);
                if response.on_hover_text(&candidate.evidence).clicked() {
                    chosen = Some(Pick::Column(candidate.name.clone()));
                }
            }
            ui.separator();
            for row in &editing.rows {
                let known = editing
                    .scan
                    .key_candidates
                    .iter()
                    .any(|c| c.name == row.name);
                if !known
                    && row.is_common()
                    && ui
                        .selectable_label(now == Some(row.name.as_str()), names::label(&row.name))
                        .clicked()
                {
                    chosen = Some(Pick::Column(row.name.clone()));
                }
            }
            for column in &editing.computed {
                let label = format!("{} (computed)", column.name);
                let here = now == Some(column.name.as_str());
                if ui.selectable_label(here, label).clicked() {
                    chosen = Some(Pick::Column(column.name.clone()));
                }
            }
        });
    combo.response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("{title}: {selected}"))
    });
    chosen
}

/// "6 gathers, the largest of 120 traces".
fn evidence(editing: &Editing) -> String {
    if editing.keys.is_empty() {
        return "No key: the viewer will show panels of consecutive traces.".to_owned();
    }
    match &editing.studies.gathers {
        Study::Looking => "Counting gathers…".to_owned(),
        Study::Failed(why) => format!("Gathers were not counted: {why}"),
        Study::Found(count) => gathers(count),
    }
}

/// "25 051 gathers, the largest of 240 traces"; said to be an estimate where it is one.
fn gathers(count: &GatherCount) -> String {
    let largest = numbers::plural(count.longest_run, "trace", "traces");
    if count.is_exact {
        let n = numbers::plural(count.n_runs, "gather", "gathers");
        return format!("{n}, the largest of {largest}");
    }
    let read = numbers::plural(count.n_traces_read, "trace", "traces");
    format!(
        "About {} gathers ({} to {}, estimated from {read}), the largest seen of {largest}",
        numbers::count(count.n_runs),
        numbers::count(count.least),
        numbers::count(count.most),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_is_said_to_be_one() {
        let mut count = GatherCount {
            n_runs: 2000,
            is_exact: false,
            least: 1800,
            most: 2200,
            longest_run: 240,
            n_traces_read: 400,
        };
        assert_eq!(
            gathers(&count),
            "About 2 000 gathers (1 800 to 2 200, estimated from 400 traces), the largest seen of \
             240 traces"
        );
        count.is_exact = true;
        assert_eq!(gathers(&count), "2 000 gathers, the largest of 240 traces");
    }
}
