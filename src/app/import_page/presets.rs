//! Where do other programs put their key fields? Conventions that can be taken with one click.

use egui::containers::menu::MenuButton;
use egui::{Button, Ui};

use super::mapping::{Row, rows_of};
use super::{Editing, ImportCommand};
use crate::segy::FieldKind;

/// A convention: what it is called, what it does, and the columns that it moves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Preset {
    pub(crate) name: &'static str,
    hover: &'static str,
    columns: &'static [(&'static str, u16, FieldKind)],
}

/// The conventions on offer.
#[rustfmt::skip]
const PRESETS: &[Preset] = &[
    Preset {
        name: "SEG-Y revision 1",
        hover: "Every word where the standard has it: inline 189, crossline 193, CDP X 181, CDP Y 185",
        columns: &[],
    },
    Preset {
        name: "Petrel",
        hover: "Inline 5, crossline 21, CDP X 73, CDP Y 77",
        columns: &[
            ("inline", 5, FieldKind::I32), ("crossline", 21, FieldKind::I32),
            ("cdp_x", 73, FieldKind::I32), ("cdp_y", 77, FieldKind::I32),
        ],
    },
    Preset {
        name: "Kingdom",
        hover: "Start time at 105; the rest where the standard has it",
        columns: &[("delay_recording_time", 105, FieldKind::I16)],
    },
    Preset {
        name: "Lines at 181 and 185",
        hover: "Inline 181, crossline 185, CDP X 189, CDP Y 193, as in the Teapot Dome files",
        columns: &[
            ("inline", 181, FieldKind::I32), ("crossline", 185, FieldKind::I32),
            ("cdp_x", 189, FieldKind::I32), ("cdp_y", 193, FieldKind::I32),
        ],
    },
    Preset {
        name: "Lines at 9 and 21",
        hover: "Inline 9, crossline 21, CDP X 73, CDP Y 77: revision 0 files of many processing programs",
        columns: &[
            ("inline", 9, FieldKind::I32), ("crossline", 21, FieldKind::I32),
            ("cdp_x", 73, FieldKind::I32), ("cdp_y", 77, FieldKind::I32),
        ],
    },
    Preset {
        name: "Seismic Unix",
        hover: "fldr 9, tracf 13, cdp 21, offset 37, sx 73, gx 81: the standard's own places",
        columns: &[],
    },
];

/// Draws the menu.
pub(super) fn menu(ui: &mut Ui, queue: &mut Vec<ImportCommand>) {
    let button = MenuButton::from_button(Button::new("Presets").small());
    let (response, _) = button.ui(ui, |ui| {
        for preset in PRESETS {
            if ui.button(preset.name).on_hover_text(preset.hover).clicked() {
                queue.push(ImportCommand::TakePreset(preset));
                ui.close();
            }
        }
    });
    response.on_hover_text("Places that other programs use");
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
        for &(name, byte, kind) in preset.columns {
            if let Some(row) = rows.iter_mut().find(|row| row.name == name) {
                row.move_to(byte, kind);
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
    use crate::segy::fields_trace::find_trace_field;

    #[test]
    fn every_preset_moves_words_of_the_standard() {
        for preset in PRESETS {
            for (name, byte, kind) in preset.columns {
                assert!(find_trace_field(name).is_some(), "{name}");
                assert!(usize::from(*byte) + kind.size_bytes() <= 241, "{name}");
            }
        }
    }
}
