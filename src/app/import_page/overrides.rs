//! What does the user know better than the file? A form that becomes [`LayoutOverrides`].

use egui::{ComboBox, TextEdit, Ui};

use crate::app::widgets;
use crate::segy::{ByteOrder, LayoutOverrides, SampleFormat, TextEncoding};

/// Codes that can be chosen, the common ones first.
const CODES: [i16; 13] = [1, 5, 2, 3, 8, 6, 7, 9, 10, 11, 12, 15, 16];

/// The form.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct OverrideForm {
    pub(crate) byte_order: Option<ByteOrder>,
    pub(crate) format_code: Option<i16>,
    /// Empty: as detected.
    pub(crate) samples: String,
    /// In milliseconds; empty: as recorded.
    pub(crate) interval: String,
    pub(crate) text_encoding: Option<TextEncoding>,
}

impl OverrideForm {
    /// The form filled in from overrides, as they come from a mapping file.
    pub(crate) fn from_overrides(o: &LayoutOverrides) -> Self {
        Self {
            byte_order: o.byte_order,
            format_code: o.format_code,
            samples: o.n_samples.map(|n| n.to_string()).unwrap_or_default(),
            interval: o
                .interval_micros
                .map(|us| (us / 1000.0).to_string())
                .unwrap_or_default(),
            text_encoding: o.text_encoding,
        }
    }

    /// The overrides; what cannot be read as a number counts as not given.
    pub(crate) fn overrides(&self) -> LayoutOverrides {
        LayoutOverrides {
            byte_order: self.byte_order,
            format_code: self.format_code,
            n_samples: self.samples.trim().parse().ok().filter(|n| *n > 0),
            interval_micros: self
                .interval
                .trim()
                .replace(',', ".")
                .parse::<f64>()
                .ok()
                .filter(|ms| ms.is_finite() && *ms > 0.0)
                .map(|ms| ms * 1000.0),
            text_encoding: self.text_encoding,
            ..LayoutOverrides::default()
        }
    }
}

/// A row with a choice; gives whether another one was made.
fn choice<T: Copy + PartialEq>(
    ui: &mut Ui,
    title: &str,
    now: &mut Option<T>,
    found: &str,
    options: &[(T, String)],
) -> bool {
    let before = *now;
    let auto = format!("{found} (found)");
    let selected = now
        .and_then(|v| options.iter().find(|(o, _)| *o == v))
        .map_or_else(|| found.to_owned(), |(_, label)| format!("{label} (set)"));
    let combo = ComboBox::from_id_salt(title)
        .selected_text(&selected)
        .width(ui.available_width())
        .truncate()
        .show_ui(ui, |ui| {
            ui.selectable_value(now, None, auto);
            for (value, label) in options {
                ui.selectable_value(now, Some(*value), label);
            }
        });
    combo.response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("{title}: {selected}"))
    });
    *now != before
}

/// The choice of byte order; gives whether it changed.
pub(crate) fn byte_order(ui: &mut Ui, form: &mut OverrideForm, found: &str) -> bool {
    let options = [
        (ByteOrder::Big, order_label(ByteOrder::Big).to_owned()),
        (ByteOrder::Little, order_label(ByteOrder::Little).to_owned()),
        (
            ByteOrder::PairSwapped,
            order_label(ByteOrder::PairSwapped).to_owned(),
        ),
    ];
    choice(ui, "Byte order", &mut form.byte_order, found, &options)
}

/// The choice of sample format.
pub(crate) fn format(ui: &mut Ui, form: &mut OverrideForm, found: &str) -> bool {
    let options: Vec<(i16, String)> = CODES
        .iter()
        .filter_map(|&code| {
            SampleFormat::from_code(code).map(|f| (code, format!("{code}: {}", f.label())))
        })
        .collect();
    choice(ui, "Sample format", &mut form.format_code, found, &options)
}

/// The choice of text encoding.
pub(crate) fn encoding(ui: &mut Ui, form: &mut OverrideForm, found: &str) -> bool {
    let options = [
        (TextEncoding::Ebcdic, "EBCDIC".to_owned()),
        (TextEncoding::Ascii, "ASCII".to_owned()),
    ];
    choice(
        ui,
        "Text encoding",
        &mut form.text_encoding,
        found,
        &options,
    )
}

/// A number that replaces what was found; gives whether it is to be used now.
pub(crate) fn number(ui: &mut Ui, title: &str, text: &mut String, found: &str) -> bool {
    let edit = TextEdit::singleline(text)
        .hint_text(found.to_owned())
        .desired_width(ui.available_width() - 8.0);
    let response = ui.add(edit);
    widgets::name_field(&response, title);
    response.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter) || i.pointer.any_click())
}

/// "Big-endian".
pub(crate) fn order_label(order: ByteOrder) -> &'static str {
    match order {
        ByteOrder::Big => "Big-endian",
        ByteOrder::Little => "Little-endian",
        ByteOrder::PairSwapped => "Pairwise swapped",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_and_the_overrides_say_the_same() {
        let overrides = LayoutOverrides {
            byte_order: Some(ByteOrder::Little),
            format_code: Some(5),
            n_samples: Some(1501),
            interval_micros: Some(2000.0),
            text_encoding: Some(TextEncoding::Ascii),
            ..LayoutOverrides::default()
        };
        assert_eq!(
            OverrideForm::from_overrides(&overrides).overrides(),
            overrides
        );
        let form = OverrideForm {
            samples: "many".to_owned(),
            interval: "-4".to_owned(),
            ..OverrideForm::default()
        };
        assert_eq!(form.overrides(), LayoutOverrides::default());
    }
}
