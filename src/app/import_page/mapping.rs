//! Which header word lies at which byte? The table that can be edited.

use egui::{Button, ComboBox, DragValue, Grid, RichText, ScrollArea, TextEdit, Ui};

use super::editing::Tab;
use super::{Editing, ImportCommand, candidates, computed, gather_keys, map, presets, undo};
use crate::app::{names, numbers, theme, widgets};
use crate::import::{FieldSeen, MappedColumn, Scan};
use crate::segy::FieldKind;
use crate::segy::fields_trace::TRACE_FIELDS;

/// Word types that can be chosen.
const KINDS: [FieldKind; 13] = [
    FieldKind::I32,
    FieldKind::I16,
    FieldKind::U16,
    FieldKind::U32,
    FieldKind::I8,
    FieldKind::U8,
    FieldKind::I24,
    FieldKind::U24,
    FieldKind::I64,
    FieldKind::U64,
    FieldKind::F32,
    FieldKind::F64,
    FieldKind::Ibm32,
];

/// Of a row of the table, at least.
const ROW_HEIGHT: f32 = 28.0;
/// A map is drawn beside the fields where at least so much height is left.
const ROOM_FOR_MAP: f32 = 470.0;
/// Of the map beside the fields.
const MAP_HEIGHT: f32 = 168.0;

/// What stands at a byte.
#[derive(Clone, Debug)]
pub(crate) enum Seen {
    Looking,
    Found(FieldSeen),
    Failed(String),
    /// Text, which has no least and largest.
    Text,
}

/// One column.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) byte: u16,
    pub(crate) kind: FieldKind,
    /// Where the standard has it; `None`: added by the user.
    standard: Option<(u16, FieldKind)>,
    pub(crate) seen: Seen,
}

impl Row {
    /// A column beyond the standard's.
    pub(crate) fn added(column: MappedColumn) -> Self {
        Self {
            name: column.name,
            byte: column.byte,
            kind: column.kind,
            standard: None,
            seen: Seen::Looking,
        }
    }

    pub(crate) fn column(&self) -> MappedColumn {
        MappedColumn {
            name: self.name.clone(),
            byte: self.byte,
            kind: self.kind,
        }
    }

    /// The column, if it lies elsewhere than the standard says.
    pub(crate) fn mapped(&self) -> Option<MappedColumn> {
        (self.standard != Some((self.byte, self.kind))).then(|| self.column())
    }

    /// Whether it is beyond the standard's words.
    pub(super) fn is_added(&self) -> bool {
        self.standard.is_none()
    }

    /// Takes the word from elsewhere.
    pub(super) fn move_to(&mut self, byte: u16, kind: FieldKind) {
        if (self.byte, self.kind) != (byte, kind) {
            (self.byte, self.kind) = (byte, kind);
            self.seen = Seen::Looking;
        }
    }

    /// Takes the word from where the standard has it.
    pub(super) fn back_to_standard(&mut self) {
        if let Some((byte, kind)) = self.standard {
            self.move_to(byte, kind);
        }
    }

    pub(super) fn is_common(&self) -> bool {
        self.mapped().is_some() || names::COMMON.contains(&self.name.as_str())
    }
}

/// The standard's words with what the scan saw, moved as it suggests.
pub(crate) fn rows_of(scan: &Scan) -> Vec<Row> {
    let mut rows: Vec<Row> = TRACE_FIELDS
        .iter()
        .map(|field| Row {
            name: field.name.to_owned(),
            byte: field.byte,
            kind: field.kind,
            standard: Some((field.byte, field.kind)),
            seen: scan
                .fields
                .iter()
                .find(|seen| seen.name == field.name)
                .map_or(Seen::Text, |seen| Seen::Found(seen.clone())),
        })
        .collect();
    for column in &scan.suggested_mapping.columns {
        match rows.iter_mut().find(|row| row.name == column.name) {
            Some(row) => {
                row.byte = column.byte;
                row.kind = column.kind;
                if let Some(seen) = scan
                    .fields
                    .iter()
                    .find(|s| s.byte == column.byte && s.kind == column.kind)
                {
                    row.seen = Seen::Found(seen.clone());
                }
            }
            None => rows.push(Row::added(column.clone())),
        }
    }
    rows
}

/// Draws keys and table.
pub(crate) fn show(ui: &mut Ui, editing: &mut Editing, queue: &mut Vec<ImportCommand>) {
    undo::show(ui, editing, queue);
    gather_keys::show(ui, editing, queue);
    small_map(ui, editing);
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        widgets::caption(ui, "Key fields");
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if ui
                .small_button("Save…")
                .on_hover_text("Save this mapping as JSON")
                .clicked()
            {
                queue.push(ImportCommand::AskSaveMapping);
            }
            if ui
                .small_button("Load…")
                .on_hover_text("Use a saved mapping")
                .clicked()
            {
                queue.push(ImportCommand::AskLoadMapping);
            }
            presets::menu(ui, queue);
        });
    });
    let footer = 64.0;
    let height = (ui.available_height() - footer).max(120.0);
    ScrollArea::both()
        .id_salt("mapping rows")
        .max_height(height)
        .auto_shrink([false, false])
        .show(ui, |ui| {
            Grid::new("mapping")
                .num_columns(5)
                .spacing([6.0, 4.0])
                .striped(true)
                .show(ui, |ui| {
                    for title in ["Field", "Byte", "Type", "", "Seen · how many"] {
                        widgets::hint(ui, title);
                    }
                    ui.end_row();
                    let added = std::mem::take(&mut editing.show_added);
                    for index in order(editing) {
                        row(ui, editing, index, queue);
                        ui.end_row();
                        if added && index + 1 == editing.rows.len() {
                            // Down to the new row; names at the left stay in sight.
                            let below = ui.cursor().min;
                            let row = egui::vec2(1.0, ROW_HEIGHT);
                            let at =
                                egui::Rect::from_min_size(below - egui::vec2(0.0, ROW_HEIGHT), row);
                            ui.scroll_to_rect(at, None);
                        }
                    }
                });
            computed::show(ui, editing, queue);
        });
    ui.add_space(2.0);
    ui.checkbox(&mut editing.show_all, "Show every word of the trace header");
    add_field(ui, editing, queue);
}

/// The map beside the fields, where there is room and it is not shown large.
fn small_map(ui: &mut Ui, editing: &Editing) {
    if ui.available_height() < ROOM_FOR_MAP || editing.tab == Tab::Map {
        return;
    }
    ui.add_space(8.0);
    let size = egui::Vec2::new(ui.available_width(), MAP_HEIGHT);
    ui.allocate_ui(size, |ui| {
        ui.set_max_height(MAP_HEIGHT);
        map::show(ui, editing);
    });
}

/// Common columns in their order, then the others where they are asked for.
fn order(editing: &Editing) -> Vec<usize> {
    let rank = |row: &Row| {
        names::COMMON
            .iter()
            .position(|c| *c == row.name)
            .unwrap_or(names::COMMON.len())
    };
    let mut order: Vec<usize> = (0..editing.rows.len())
        .filter(|&i| editing.show_all || editing.rows.get(i).is_some_and(Row::is_common))
        .collect();
    order.sort_by_key(|&i| editing.rows.get(i).map_or(usize::MAX, rank));
    order
}

fn row(ui: &mut Ui, editing: &mut Editing, index: usize, queue: &mut Vec<ImportCommand>) {
    let is_key = editing
        .rows
        .get(index)
        .is_some_and(|r| editing.keys.contains(&r.name));
    let last_byte = last_byte(editing);
    let scan = std::sync::Arc::clone(&editing.scan);
    let Some(row) = editing.rows.get_mut(index) else {
        return;
    };
    let p = theme::palette(ui);
    let label = numbers::elide(&names::label(&row.name), 17);
    let mut title = RichText::new(&label);
    if is_key {
        title = title.strong().color(p.accent);
    }
    let moved = row.mapped().is_some();
    let hover = row.standard.map_or_else(
        || format!("{}: added", row.name),
        |(byte, kind)| {
            format!(
                "{}: the standard has it at byte {byte} as {}",
                row.name,
                kind_label(kind)
            )
        },
    );
    ui.label(title).on_hover_text(hover);
    let before = (row.byte, row.kind);
    let response = ui.add(
        DragValue::new(&mut row.byte)
            .range(1..=last_byte)
            .speed(0.2)
            .update_while_editing(false),
    );
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::SpinButton, true, format!("Byte of {label}"))
    });
    let selected = kind_label(row.kind);
    let combo = ComboBox::from_id_salt(("kind", index))
        .selected_text(selected)
        .width(58.0)
        .show_ui(ui, |ui| {
            for kind in KINDS {
                ui.selectable_value(&mut row.kind, kind, kind_label(kind));
            }
        });
    combo.response.widget_info(|| {
        egui::WidgetInfo::labeled(
            egui::Role::ComboBox,
            true,
            format!("Type of {label}: {selected}"),
        )
    });
    let found = candidates::of(&scan, row);
    let taken = found.is_some_and(|found| candidates::menu(ui, row, found));
    if found.is_none() {
        ui.label("");
    }
    seen(ui, row, moved, is_key);
    let finished = !response.dragged();
    if before != (row.byte, row.kind) {
        row.seen = Seen::Looking;
        if finished || taken {
            queue.push(ImportCommand::LookAt(index));
        }
    }
    if response.drag_stopped() {
        queue.push(ImportCommand::LookAt(index));
    }
}

/// Of the trace header, the additional ones included.
fn last_byte(editing: &Editing) -> u16 {
    u16::try_from(editing.scan.layout.trace_headers_bytes()).unwrap_or(u16::MAX)
}

fn seen(ui: &mut Ui, row: &Row, moved: bool, is_key: bool) {
    let p = theme::palette(ui);
    let mark = if moved { "moved · " } else { "" };
    match &row.seen {
        Seen::Looking => widgets::hint(ui, "looking…"),
        Seen::Text => widgets::hint(ui, "text"),
        Seen::Failed(why) => ui
            .label(
                RichText::new(numbers::elide(why, 40))
                    .small()
                    .color(p.error),
            )
            .on_hover_text(why),
        Seen::Found(found) if found.min == found.max => {
            let text = format!("{mark}always {}", numbers::signed(found.min));
            let ink = if is_key { p.warning } else { p.weak };
            ui.label(RichText::new(text).small().color(ink))
        }
        Seen::Found(found) => {
            let many = if found.n_distinct >= 4096 {
                "over 4 096".to_owned()
            } else {
                numbers::count(found.n_distinct)
            };
            let (min, max) = (numbers::signed(found.min), numbers::signed(found.max));
            let text = format!("{mark}{min}…{max} · {many}");
            ui.label(
                RichText::new(text)
                    .small()
                    .color(if moved { p.accent } else { p.text }),
            )
        }
    };
}

fn add_field(ui: &mut Ui, editing: &mut Editing, queue: &mut Vec<ImportCommand>) {
    ui.horizontal(|ui| {
        let edit = TextEdit::singleline(&mut editing.new_name)
            .id(egui::Id::unique("new field"))
            .hint_text("new_column_name")
            .desired_width(150.0);
        let response = ui.add(edit);
        widgets::name_field(&response, "Name of a new field");
        let name = editing.new_name.trim().to_lowercase().replace(' ', "_");
        let taken = editing.rows.iter().any(|row| row.name == name);
        let button = ui.add_enabled(!name.is_empty() && !taken, Button::new("Add field"));
        let button = button.on_disabled_hover_text(if taken {
            "There is a field of this name already; change its byte instead"
        } else {
            "Type a name first"
        });
        if button.clicked() {
            editing.rows.push(Row::added(MappedColumn {
                name,
                byte: 181,
                kind: FieldKind::I32,
            }));
            editing.new_name.clear();
            editing.show_added = true;
            queue.push(ImportCommand::LookAt(editing.rows.len() - 1));
        }
    });
}

/// "i32" as the command line spells it.
pub(crate) fn kind_label(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::I8 => "i8",
        FieldKind::U8 => "u8",
        FieldKind::I16 => "i16",
        FieldKind::U16 => "u16",
        FieldKind::I24 => "i24",
        FieldKind::U24 => "u24",
        FieldKind::I32 => "i32",
        FieldKind::U32 => "u32",
        FieldKind::I64 => "i64",
        FieldKind::U64 => "u64",
        FieldKind::F32 => "f32",
        FieldKind::F64 => "f64",
        FieldKind::Ibm32 => "ibm32",
        FieldKind::Text8 => "text8",
    }
}
