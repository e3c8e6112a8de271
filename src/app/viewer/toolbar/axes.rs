//! Where traces stand, in what the axis counts, and what the view is compared with.

use egui::{ComboBox, Ui};

use crate::app::command::Action;
use crate::app::section::{AxisUnit, Look};
use crate::app::shortcuts::keys_of;
use crate::app::state::DocumentId;
use crate::app::viewer::{CompareCommand, OFFSET, OpenView, ViewerCommand};
use crate::app::{names, numbers};

/// In what the vertical axis counts.
pub(super) fn unit(ui: &mut Ui, look: &mut Look, view: &OpenView) {
    let axis = &view.source.facts().axis;
    let label = |unit: AxisUnit| match unit {
        AxisUnit::Samples => "samples".to_owned(),
        AxisUnit::Stored | AxisUnit::Other => unit.applied(axis).unit,
    };
    let now = label(look.axis_unit);
    let combo = ComboBox::from_id_salt("axis unit")
        .selected_text(&now)
        .width(46.0)
        .show_ui(ui, |ui| {
            let mut seen = Vec::new();
            for unit in AxisUnit::ALL {
                let text = label(unit);
                if seen.contains(&text) {
                    continue;
                }
                if ui.selectable_label(now == text, &text).clicked() {
                    look.axis_unit = unit;
                }
                seen.push(text);
            }
        });
    combo.response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Axis in {now}"))
    });
    combo
        .response
        .on_hover_text("In what the axis down the side counts");
}

/// Where traces stand: evenly, or at the values of a column; and from which side.
pub(super) fn spacing(ui: &mut Ui, look: &mut Look, view: &OpenView) {
    let now = look
        .position_by
        .as_ref()
        .map_or_else(|| "evenly".to_owned(), |column| names::label(column));
    let in_line = view.section.line().is_some();
    let columns = &view.source.facts().header_names;
    let combo = ComboBox::from_id_salt("trace positions")
        .selected_text(format!("Traces: {}", numbers::elide(&now, 14)))
        .width(118.0)
        .show_ui(ui, |ui| {
            ui.checkbox(&mut look.reverse_traces, "From right to left");
            ui.checkbox(&mut look.fit_on_step, "Show all traces at every step")
                .on_hover_text("The next gather shows all its traces; times stay as they are");
            ui.checkbox(&mut look.separators, "Lines between gathers")
                .on_hover_text("Along the whole line, where the gather's key changes");
            ui.separator();
            if ui
                .selectable_label(look.position_by.is_none(), "Evenly")
                .clicked()
            {
                look.position_by = None;
            }
            let first = columns.iter().filter(|name| *name == OFFSET);
            let others = columns.iter().filter(|name| *name != OFFSET);
            for name in first.chain(others) {
                let chosen = look.position_by.as_ref() == Some(name);
                let label = format!("At their {}", names::label(name));
                if ui.selectable_label(chosen, label).clicked() {
                    look.position_by = Some(name.clone());
                }
            }
        });
    combo.response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Traces stand: {now}"))
    });
    let hover = if in_line {
        "The whole line stands evenly; in gathers traces can stand at a header's values".to_owned()
    } else {
        format!(
            "Evenly, or at the values of a header ({}: at their offset), gaps left empty",
            keys_of(Action::TrueOffset)
        )
    };
    combo.response.on_hover_text(hover);
}

/// What the view can be compared with.
pub(super) fn compare(
    ui: &mut Ui,
    others: &[(DocumentId, String)],
    queue: &mut Vec<ViewerCommand>,
) {
    let menu = ui.menu_button("Compare", |ui| {
        ui.set_min_width(240.0);
        let mut ask = |command| queue.push(ViewerCommand::Compare(command));
        if ui.button("These data by another key").clicked() {
            ask(CompareCommand::WithItself);
            ui.close();
        }
        ui.separator();
        for (id, name) in others {
            let label = format!("With {}", numbers::elide(name, 40));
            if ui.button(label).clicked() {
                ask(CompareCommand::With(*id));
                ui.close();
            }
        }
        if others.is_empty() {
            ui.label("Open another file or dataset: it stands here then");
        }
    });
    let hover = format!("Two views side by side ({})", keys_of(Action::Compare));
    menu.response.on_hover_text(hover);
}
