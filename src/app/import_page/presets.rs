//! Where do other programs put their key fields? Conventions that can be taken with one click.

use egui::containers::menu::MenuButton;
use egui::{Button, Ui};

use super::mapping::{Row, rows_of};
use super::{Editing, ImportCommand};
use crate::app::names;
use crate::import::{PRESETS, Preset};

/// Draws the menu.
pub(super) fn menu(ui: &mut Ui, queue: &mut Vec<ImportCommand>) {
    let button = MenuButton::from_button(Button::new("Presets").small());
    let (response, _) = button.ui(ui, |ui| {
        for preset in PRESETS {
            if ui
                .button(names::capitalised(preset.name))
                .on_hover_text(places(preset))
                .clicked()
            {
                queue.push(ImportCommand::TakePreset(preset));
                ui.close();
            }
        }
    });
    response.on_hover_text("Places that other programs use");
}

/// "Inline 5, Crossline 21; all others where the standard has them".
fn places(preset: &Preset) -> String {
    let moved: Vec<String> = preset
        .columns()
        .map(|column| format!("{} {}", names::label(&column.name), column.byte))
        .collect();
    if moved.is_empty() {
        return "Every word where the standard has it: inline 189, crossline 193, CDP X 181, \
                CDP Y 185, FFID 9, CDP 21, offset 37"
            .to_owned();
    }
    format!(
        "{}; all others where the standard has them",
        moved.join(", ")
    )
}

impl Editing {
    /// Moves the columns to where the convention has them; those that the user added stay.
    pub(super) fn take_preset(&mut self, preset: &Preset) {
        self.keep_for_undo(format!("The preset {} is used", preset.name));
        let added: Vec<Row> = self.rows.iter().filter(|r| r.is_added()).cloned().collect();
        let mut rows = rows_of(&self.scan);
        for row in &mut rows {
            row.back_to_standard();
        }
        for column in preset.columns() {
            if let Some(row) = rows.iter_mut().find(|row| row.name == column.name) {
                row.move_to(column.byte, column.kind);
            }
        }
        rows.retain(|row| !row.is_added());
        rows.extend(added);
        self.rows = rows;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hover_says_what_moves() {
        let petrel = PRESETS.iter().find(|preset| preset.name == "Petrel");
        assert_eq!(
            petrel.map(places).as_deref(),
            Some(
                "Inline 5, Crossline 21, CDP X 73, CDP Y 77; all others where the standard has them"
            )
        );
    }
}
