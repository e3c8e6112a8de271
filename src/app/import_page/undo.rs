//! A mapping that came from elsewhere (a preset, a file, an earlier import) can be taken back.

use egui::{RichText, Ui};

use super::mapping::{Row, Seen};
use super::studies::recalled_words;
use super::{Editing, ImportCommand};
use crate::app::{theme, widgets};
use crate::import::{ComputedColumn, Mapping, Recalled};

/// The mapping as it was, and what was done since.
#[derive(Clone, Debug)]
pub(crate) struct Before {
    /// "The preset Petrel is used".
    what: String,
    rows: Vec<Row>,
    keys: Vec<String>,
    computed: Vec<ComputedColumn>,
}

impl Editing {
    /// Keeps the mapping as it is now; `what` says what will be done with it.
    pub(super) fn keep_for_undo(&mut self, what: String) {
        self.before = Some(Before {
            what,
            rows: self.rows.clone(),
            keys: self.keys.clone(),
            computed: self.computed.clone(),
        });
    }

    /// Takes back what was done.
    pub(super) fn undo(&mut self) {
        if let Some(before) = self.before.take() {
            self.rows = before.rows;
            self.keys = before.keys;
            self.computed = before.computed;
        }
    }

    /// Puts `mapping` in the place of the one there is; without its overrides of the layout.
    pub(super) fn take_columns(&mut self, mapping: &Mapping) {
        let mut rows = super::mapping::rows_of(&self.scan);
        for row in &mut rows {
            row.back_to_standard();
        }
        rows.retain(|row| !row.is_added());
        for column in &mapping.columns {
            match rows.iter_mut().find(|row| row.name == column.name) {
                Some(row) => row.move_to(column.byte, column.kind),
                None => rows.push(Row::added(column.clone())),
            }
        }
        self.rows = rows;
        self.computed.clone_from(&mapping.computed);
        if !mapping.ensemble_keys.is_empty() {
            self.keys.clone_from(&mapping.ensemble_keys);
        }
    }

    /// Rows that have to be looked at again.
    pub(super) fn unseen(&self) -> Vec<usize> {
        let looking = |(_, row): &(usize, &Row)| matches!(row.seen, Seen::Looking);
        let rows = self.rows.iter().enumerate().filter(looking);
        rows.map(|(index, _)| index).collect()
    }
}

/// Offers a remembered mapping, or to take back what was done last.
pub(super) fn show(ui: &mut Ui, editing: &mut Editing, queue: &mut Vec<ImportCommand>) {
    if let Some(recalled) = &editing.recalled {
        offer(ui, recalled, queue);
    }
    let Some(before) = &editing.before else {
        return;
    };
    let what = before.what.clone();
    ui.horizontal(|ui| {
        let p = theme::palette(ui);
        ui.add(egui::Label::new(RichText::new(what).small().color(p.accent)).truncate());
        if ui
            .small_button("Undo")
            .on_hover_text("Back to the mapping as it was before")
            .clicked()
        {
            queue.push(ImportCommand::Undo);
        }
    });
}

fn offer(ui: &mut Ui, recalled: &Recalled, queue: &mut Vec<ImportCommand>) {
    widgets::card(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 3.0;
        let words = format!(
            "A file of the same make was imported before: {}",
            recalled_words(recalled)
        );
        ui.add(egui::Label::new(RichText::new(words).small()).wrap());
        let changes = changes(&recalled.remembered.mapping);
        widgets::hint(ui, changes);
        ui.horizontal(|ui| {
            if ui
                .button("Use the mapping of your last file of this make")
                .clicked()
            {
                queue.push(ImportCommand::UseRecalled);
            }
            if ui.small_button("No").clicked() {
                queue.push(ImportCommand::ForgetRecalled);
            }
        });
    });
    ui.add_space(4.0);
}

/// "inline at 5, crossline at 21 · gathers by inline".
fn changes(mapping: &Mapping) -> String {
    let mut parts: Vec<String> = mapping
        .columns
        .iter()
        .take(4)
        .map(|c| format!("{} at {}", crate::app::names::label(&c.name), c.byte))
        .collect();
    if mapping.columns.len() > 4 {
        parts.push(format!("{} more", mapping.columns.len() - 4));
    }
    if parts.is_empty() {
        parts.push("all fields where the standard has them".to_owned());
    }
    let keys: Vec<String> = mapping
        .ensemble_keys
        .iter()
        .map(|key| crate::app::names::label(key))
        .collect();
    if keys.is_empty() {
        parts.join(", ")
    } else {
        format!("{} · gathers by {}", parts.join(", "), keys.join(" and "))
    }
}
