//! By which header words are traces gathered? Two choices, and the evidence for them.

use egui::{ComboBox, RichText, Ui};

use super::mapping::Seen;
use super::{Editing, ImportCommand};
use crate::app::widgets::Pick;
use crate::app::{names, numbers, theme, widgets};

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
        });
    combo.response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("{title}: {selected}"))
    });
    chosen
}

/// "60 runs of equal values in the file · 6 runs of about 120 traces".
fn evidence(editing: &Editing) -> String {
    let Some(key) = editing.keys.first() else {
        return "No key: the viewer will show panels of consecutive traces.".to_owned();
    };
    let scan = &editing.scan;
    let candidate = scan.key_candidates.iter().find(|c| c.name == *key);
    let runs = editing
        .rows
        .iter()
        .find(|r| r.name == *key)
        .and_then(|r| match &r.seen {
            Seen::Found(seen) => Some(seen.n_runs),
            Seen::Looking | Seen::Failed(_) | Seen::Text => None,
        });
    let all = scan.n_traces_seen >= scan.layout.n_traces;
    let exact = runs.filter(|_| all && editing.keys.len() == 1).map(|n| {
        format!(
            "{} in the file",
            numbers::plural(n, "run of equal values", "runs of equal values")
        )
    });
    let seen = candidate.map(|c| {
        if all {
            c.evidence.clone()
        } else {
            format!(
                "In the {} seen: {}",
                numbers::plural(scan.n_traces_seen, "trace", "traces"),
                c.evidence
            )
        }
    });
    let parts: Vec<String> = exact.into_iter().chain(seen).collect();
    if parts.is_empty() {
        "Equal values become gathers.".to_owned()
    } else {
        parts.join(" · ")
    }
}
