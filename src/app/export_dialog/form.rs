//! The form of an export that is not an exact copy: which traces, which numbers, which headers.

use egui::{CollapsingHeader, ComboBox, FontId, Grid, ScrollArea, TextEdit, Ui};

use crate::app::names::capitalised;
use crate::app::widgets;
use crate::export::{ExportForm, FileKind};
use crate::segy::{ByteOrder, Revision, SampleFormat, TextEncoding};

/// Lines of a textual header, and characters of each.
const TEXT_LINES: usize = 40;
const TEXT_CHARACTERS: usize = 80;

/// Revisions that can be written.
const REVISIONS: [Revision; 4] = [
    Revision { major: 0, minor: 0 },
    Revision { major: 1, minor: 0 },
    Revision { major: 2, minor: 0 },
    Revision { major: 2, minor: 1 },
];

/// What is typed and chosen; empty and `None`: as it was imported.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Fields {
    filter: String,
    sort_by: String,
    kind: FileKind,
    format: Option<SampleFormat>,
    byte_order: Option<ByteOrder>,
    revision: Option<Revision>,
    from_millis: String,
    to_millis: String,
    text_encoding: Option<TextEncoding>,
    renumber: bool,
    /// Of the textual header, as it is edited.
    text: String,
    /// As it was imported; `None` until the dataset is open.
    imported_text: Option<String>,
}

impl Fields {
    /// The textual header as it was imported.
    pub(super) fn set_imported_text(&mut self, lines: &[String]) {
        let text = lines.join("\n");
        self.text.clone_from(&text);
        self.imported_text = Some(text);
    }

    /// What is asked for; or what cannot be read.
    pub(super) fn form(&self) -> Result<ExportForm, String> {
        let text_changed = self.imported_text.as_ref().is_some_and(|t| *t != self.text);
        let lines = || {
            let lines: Vec<String> = self.text.lines().map(str::to_owned).collect();
            check_text(&lines).map(|()| lines)
        };
        Ok(ExportForm {
            filter: Some(self.filter.trim().to_owned()).filter(|f| !f.is_empty()),
            sort_by: self
                .sort_by
                .split(',')
                .map(|key| key.trim().to_owned())
                .filter(|key| !key.is_empty())
                .collect(),
            kind: self.kind,
            format: self.format,
            byte_order: self.byte_order,
            revision: self.revision,
            text: text_changed.then(lines).transpose()?,
            text_encoding: self.text_encoding,
            window_millis: self.window()?,
            renumber: self.renumber,
            ..ExportForm::default()
        })
    }

    fn window(&self) -> Result<Option<std::ops::RangeInclusive<f64>>, String> {
        let number = |text: &str, otherwise: f64| {
            let text = text.trim().replace(',', ".");
            if text.is_empty() {
                return Ok(otherwise);
            }
            text.parse::<f64>()
                .ok()
                .filter(|ms| ms.is_finite())
                .ok_or_else(|| format!("\"{text}\" is not a time in milliseconds"))
        };
        if self.from_millis.trim().is_empty() && self.to_millis.trim().is_empty() {
            return Ok(None);
        }
        let from = number(&self.from_millis, f64::MIN)?;
        let to = number(&self.to_millis, f64::MAX)?;
        if to < from {
            return Err("the last time is before the first".to_owned());
        }
        Ok(Some(from..=to))
    }
}

/// Whether the lines fit into a textual header.
fn check_text(lines: &[String]) -> Result<(), String> {
    if lines.len() > TEXT_LINES {
        return Err(format!(
            "the text header has {} lines, but {TEXT_LINES} fit",
            lines.len()
        ));
    }
    let long = |line: &&String| line.chars().count() > TEXT_CHARACTERS;
    match lines.iter().position(|line| long(&line)) {
        Some(index) => Err(format!(
            "line {} of the text header has more than {TEXT_CHARACTERS} characters",
            index + 1
        )),
        None => Ok(()),
    }
}

/// Draws the form; gives whether anything was changed.
pub(super) fn show(ui: &mut Ui, fields: &mut Fields) -> bool {
    let before = fields.clone();
    Grid::new("export form")
        .num_columns(2)
        .spacing([14.0, 7.0])
        .show(ui, |ui| {
            chosen_traces(ui, fields);
            numbers(ui, fields);
        });
    text_header(ui, fields);
    *fields != before
}

fn chosen_traces(ui: &mut Ui, fields: &mut Fields) {
    ui.label("Only traces where");
    let edit = TextEdit::singleline(&mut fields.filter)
        .id(egui::Id::unique("export filter"))
        .hint_text("all traces; or: offset < 500 and cdp >= 1000")
        .desired_width(360.0);
    widgets::name_field(&ui.add(edit), "Only traces where");
    ui.end_row();
    ui.label("Sorted by");
    let edit = TextEdit::singleline(&mut fields.sort_by)
        .id(egui::Id::unique("export sort_by"))
        .hint_text("as in the file; or: cdp, offset")
        .desired_width(360.0);
    widgets::name_field(&ui.add(edit), "Sorted by");
    ui.end_row();
    ui.label("Times (ms)");
    ui.horizontal(|ui| {
        let edit = TextEdit::singleline(&mut fields.from_millis)
            .id(egui::Id::unique("export from_millis"))
            .hint_text("first")
            .desired_width(70.0);
        widgets::name_field(&ui.add(edit), "First time in milliseconds");
        ui.label("to");
        let edit = TextEdit::singleline(&mut fields.to_millis)
            .id(egui::Id::unique("export to_millis"))
            .hint_text("last")
            .desired_width(70.0);
        widgets::name_field(&ui.add(edit), "Last time in milliseconds");
    });
    ui.end_row();
}

fn numbers(ui: &mut Ui, fields: &mut Fields) {
    ui.label("Kind of file");
    let kinds = [
        (FileKind::SegY, "SEG-Y".to_owned()),
        (FileKind::SeismicUnix, "Seismic Unix".to_owned()),
    ];
    let mut kind = Some(fields.kind);
    choice(ui, "Kind of file", &mut kind, None, &kinds);
    fields.kind = kind.unwrap_or_default();
    ui.end_row();
    ui.label("Sample format");
    let formats: Vec<(SampleFormat, String)> = SampleFormat::all()
        .filter(|format| *format != SampleFormat::FixedPointWithGain)
        .map(|format| (format, format!("{}: {}", format.code(), format.label())))
        .collect();
    let same = Some("as imported");
    choice(ui, "Sample format", &mut fields.format, same, &formats);
    ui.end_row();
    ui.label("Byte order");
    let orders =
        [ByteOrder::Big, ByteOrder::Little].map(|order| (order, capitalised(order.label())));
    choice(ui, "Byte order", &mut fields.byte_order, same, &orders);
    ui.end_row();
    ui.label("Revision");
    let revisions = REVISIONS.map(|revision| (revision, revision.to_string()));
    choice(ui, "Revision", &mut fields.revision, same, &revisions);
    ui.end_row();
    ui.label("Text encoding");
    let encodings = [TextEncoding::Ebcdic, TextEncoding::Ascii]
        .map(|encoding| (encoding, encoding.label().to_owned()));
    let now = &mut fields.text_encoding;
    choice(ui, "Text encoding", now, same, &encodings);
    ui.end_row();
    ui.label("Trace numbers");
    ui.checkbox(&mut fields.renumber, "Number the traces anew, from 1");
    ui.end_row();
}

fn choice<T: Copy + PartialEq>(
    ui: &mut Ui,
    title: &str,
    now: &mut Option<T>,
    same: Option<&str>,
    options: &[(T, String)],
) {
    let selected = now
        .and_then(|v| options.iter().find(|(o, _)| *o == v))
        .map_or_else(
            || same.unwrap_or_default().to_owned(),
            |(_, label)| label.clone(),
        );
    let combo = ComboBox::from_id_salt(("export", title))
        .selected_text(&selected)
        .width(240.0)
        .show_ui(ui, |ui| {
            if let Some(same) = same {
                ui.selectable_value(now, None, same);
            }
            for (value, label) in options {
                ui.selectable_value(now, Some(*value), label);
            }
        });
    combo.response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("{title}: {selected}"))
    });
}

fn text_header(ui: &mut Ui, fields: &mut Fields) {
    if fields.kind == FileKind::SeismicUnix {
        return;
    }
    let Some(imported) = &fields.imported_text else {
        return;
    };
    let edited = *imported != fields.text;
    let title = if edited {
        "Text header (edited)"
    } else {
        "Edit the text header"
    };
    let imported = imported.clone();
    CollapsingHeader::new(title)
        .id_salt("export text header")
        .show(ui, |ui| {
            if edited && ui.small_button("Back to the imported text").clicked() {
                fields.text.clone_from(&imported);
            }
            ScrollArea::both()
                .id_salt("export text")
                .max_height(170.0)
                .show(ui, |ui| {
                    let edit = TextEdit::multiline(&mut fields.text)
                        .font(FontId::monospace(12.0))
                        .desired_rows(8)
                        .desired_width(f32::INFINITY);
                    widgets::name_field(&ui.add(edit), "Text header");
                });
        });
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn what_is_left_empty_stays_as_imported() {
        let mut fields = Fields::default();
        fields.set_imported_text(&["C 1 CLIENT".to_owned(), "C 2 LINE".to_owned()]);
        assert!(fields.form().unwrap().is_exact());
        fields.sort_by = "cdp, offset,".to_owned();
        fields.to_millis = "2000".to_owned();
        fields.text = "C 1 ANOTHER\nC 2 LINE".to_owned();
        let form = fields.form().unwrap();
        assert_eq!(form.sort_by, ["cdp", "offset"]);
        assert_eq!(form.window_millis, Some(f64::MIN..=2000.0));
        assert_eq!(form.text.unwrap()[0], "C 1 ANOTHER");
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let mut fields = Fields {
            from_millis: "soon".to_owned(),
            ..Fields::default()
        };
        assert!(fields.form().unwrap_err().contains("soon"));
        fields.from_millis.clear();
        fields.set_imported_text(&[]);
        fields.text = "x".repeat(81);
        assert!(fields.form().unwrap_err().contains("line 1"));
    }
}
