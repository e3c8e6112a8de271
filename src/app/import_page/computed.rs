//! Columns that are computed from others: their names, their expressions, and what is wrong with them.

use egui::{Button, RichText, TextEdit, Ui};

use super::{Editing, ImportCommand};
use crate::app::messages::in_the_windows_words;
use crate::app::{theme, widgets};
use crate::import::{ComputedColumn, Mapping};

/// Draws the computed columns and the button for another one.
pub(super) fn show(ui: &mut Ui, editing: &mut Editing, queue: &mut Vec<ImportCommand>) {
    ui.add_space(8.0);
    widgets::caption(ui, "Computed columns");
    let mut changed = false;
    let mut unwanted = None;
    for index in 0..editing.computed.len() {
        let fault = fault(&editing.mapping(), index);
        let Some(column) = editing.computed.get_mut(index) else {
            continue;
        };
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            let name = TextEdit::singleline(&mut column.name)
                .id(egui::Id::unique(("computed name", index)))
                .hint_text("name")
                .desired_width(96.0);
            let response = ui.add(name);
            widgets::name_field(&response, &format!("Name of computed column {}", index + 1));
            changed |= response.changed();
            ui.label("=");
            let width = (ui.available_width() - 34.0).max(90.0);
            let mut expression = TextEdit::singleline(&mut column.expression)
                .id(egui::Id::unique(("computed expression", index)))
                .hint_text("floor((source_x + group_x) / 50)")
                .desired_width(width);
            if fault.is_some() {
                expression = expression.text_color(theme::palette(ui).error);
            }
            let response = ui.add(expression);
            widgets::name_field(
                &response,
                &format!("Expression of computed column {}", index + 1),
            );
            changed |= response.changed();
            let remove = ui.add(Button::new("×").frame(false));
            let title = format!("Remove computed column {}", index + 1);
            remove
                .widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, title.clone()));
            if remove.on_hover_text("Remove it").clicked() {
                unwanted = Some(index);
            }
        });
        if let Some(fault) = fault {
            let ink = theme::palette(ui).error;
            let text = RichText::new(fault).small().color(ink);
            ui.add(egui::Label::new(text).wrap());
        }
    }
    if let Some(index) = unwanted {
        editing.computed.remove(index);
        changed = true;
    }
    let add = ui.small_button("Add computed column");
    if add
        .on_hover_text(
            "From other columns, with + − × ÷, floor, abs and the like. Gathers can be made by it.",
        )
        .clicked()
    {
        editing.computed.push(ComputedColumn {
            name: free_name(editing),
            expression: String::new(),
        });
        changed = true;
    }
    if changed {
        queue.push(ImportCommand::Changed);
    }
}

/// What is wrong with computed column `index`: what the mapping says that it does not say without it.
fn fault(mapping: &Mapping, index: usize) -> Option<String> {
    let column = mapping.computed.get(index)?;
    if column.expression.trim().is_empty() {
        return Some("Type an expression: column names, numbers, + − * / and brackets".to_owned());
    }
    let upto = |n: usize| {
        Mapping {
            computed: mapping.computed.get(..n).unwrap_or_default().to_vec(),
            ensemble_keys: Vec::new(),
            ..mapping.clone()
        }
        .checked()
    };
    match (upto(index), upto(index + 1)) {
        (Ok(_), Err(error)) => Some(in_the_windows_words(&error.to_string())),
        _ => None,
    }
}

fn free_name(editing: &Editing) -> String {
    (1..10_000)
        .map(|n| format!("computed_{n}"))
        .find(|name| {
            !editing.computed.iter().any(|c| c.name == *name)
                && !editing.rows.iter().any(|row| row.name == *name)
        })
        .unwrap_or_default()
}
