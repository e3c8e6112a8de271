//! What does the user know better than the file? A form that becomes [`LayoutOverrides`].

use egui::{ComboBox, RichText, TextEdit, Ui};

use crate::app::{theme, widgets};
use crate::segy::{
    ByteOrder, Container, LayoutOverrides, Revision, SampleFormat, Scalar, TextEncoding,
    TraceLength,
};

/// Codes that can be chosen, the common ones first.
const CODES: [i16; 13] = [1, 5, 2, 3, 8, 6, 7, 9, 10, 11, 12, 15, 16];

/// The form.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct OverrideForm {
    pub(crate) container: Option<Container>,
    pub(crate) byte_order: Option<ByteOrder>,
    pub(crate) format_code: Option<i16>,
    /// Empty: as detected.
    pub(crate) samples: String,
    /// In milliseconds; empty: as recorded.
    pub(crate) interval: String,
    pub(crate) text_encoding: Option<TextEncoding>,
    pub(crate) extended_headers: String,
    pub(crate) additional_headers: String,
    /// Bytes of the file before the first trace.
    pub(crate) first_trace: String,
    pub(crate) trace_length: Option<TraceLength>,
    pub(crate) revision: Option<Revision>,
    /// -100; empty: each trace's own.
    pub(crate) coordinate_scalar: String,
    /// In milliseconds; empty: each trace's own.
    pub(crate) delay: String,
    /// -10, "header" or "ignore"; empty: as found.
    pub(crate) time_scalar: String,
}

impl OverrideForm {
    /// The form filled in from overrides, as they come from a mapping file.
    pub(crate) fn from_overrides(o: &LayoutOverrides) -> Self {
        let text = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
        Self {
            container: o.container,
            byte_order: o.byte_order,
            format_code: o.format_code,
            samples: text(o.n_samples),
            interval: o
                .interval_micros
                .map(|us| (us / 1000.0).to_string())
                .unwrap_or_default(),
            text_encoding: o.text_encoding,
            extended_headers: text(o.n_extended_text_headers),
            additional_headers: text(o.n_additional_trace_headers),
            first_trace: o
                .first_trace_position
                .map(|position| position.to_string())
                .unwrap_or_default(),
            trace_length: o.trace_length,
            revision: o.revision,
            coordinate_scalar: scalar_text(o.coordinate_scalar),
            delay: o
                .delay_millis
                .map(|millis| millis.to_string())
                .unwrap_or_default(),
            time_scalar: scalar_text(o.time_scalar),
        }
    }

    /// The overrides; what cannot be read as a number counts as not given.
    pub(crate) fn overrides(&self) -> LayoutOverrides {
        LayoutOverrides {
            byte_order: self.byte_order,
            format_code: self.format_code,
            n_samples: whole(&self.samples).filter(|n| *n > 0),
            interval_micros: millis(&self.interval).map(|ms| ms * 1000.0),
            text_encoding: self.text_encoding,
            n_extended_text_headers: whole(&self.extended_headers),
            n_additional_trace_headers: whole(&self.additional_headers),
            first_trace_position: whole(&self.first_trace),
            trace_length: self.trace_length,
            container: self.container,
            revision: self.revision,
            coordinate_scalar: Scalar::parse(&self.coordinate_scalar).ok(),
            delay_millis: signed_millis(&self.delay),
            time_scalar: Scalar::parse(&self.time_scalar).ok(),
        }
    }

    /// How many facts are given by the user.
    pub(crate) fn n_given(&self) -> usize {
        let texts = [
            &self.samples,
            &self.interval,
            &self.extended_headers,
            &self.additional_headers,
            &self.first_trace,
            &self.coordinate_scalar,
            &self.delay,
            &self.time_scalar,
        ];
        texts.iter().filter(|text| !text.trim().is_empty()).count()
            + usize::from(self.container.is_some())
            + usize::from(self.byte_order.is_some())
            + usize::from(self.format_code.is_some())
            + usize::from(self.text_encoding.is_some())
            + usize::from(self.trace_length.is_some())
            + usize::from(self.revision.is_some())
    }
}

/// A whole number as people type it: "3 600", "3600".
fn whole<T: std::str::FromStr>(text: &str) -> Option<T> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    digits.parse().ok()
}

/// Milliseconds over 0, with a point or a comma.
fn millis(text: &str) -> Option<f64> {
    text.trim()
        .replace(',', ".")
        .parse::<f64>()
        .ok()
        .filter(|ms| ms.is_finite() && *ms > 0.0)
}

/// Milliseconds of either sign, with a point or a comma.
fn signed_millis(text: &str) -> Option<f64> {
    /// A day.
    const MOST: f64 = 86_400_000.0;
    let text = text.trim().replace(',', ".").replace('−', "-");
    text.parse::<f64>().ok().filter(|ms| ms.abs() <= MOST)
}

/// A scalar as it is typed.
fn scalar_text(scalar: Option<Scalar>) -> String {
    match scalar {
        None => String::new(),
        Some(Scalar::OfEachTrace) => "header".to_owned(),
        Some(Scalar::Constant(constant)) => constant.to_string(),
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
    let auto = if now.is_none() {
        format!("{found} (found)")
    } else {
        "As found in the file".to_owned()
    };
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

/// The choice of container; gives whether it changed.
pub(crate) fn container(ui: &mut Ui, form: &mut OverrideForm, found: &str) -> bool {
    let options = [Container::SegY, Container::SeismicUnix]
        .map(|container| (container, container_label(container).to_owned()));
    choice(ui, "Kind of file", &mut form.container, found, &options)
}

/// The choice of revision.
pub(crate) fn revision(ui: &mut Ui, form: &mut OverrideForm, found: &str) -> bool {
    let options = Revision::ALL.map(|revision| (revision, revision.to_string()));
    choice(ui, "Revision", &mut form.revision, found, &options)
}

/// The choice of byte order.
pub(crate) fn byte_order(ui: &mut Ui, form: &mut OverrideForm, found: &str) -> bool {
    let options = [ByteOrder::Big, ByteOrder::Little, ByteOrder::PairSwapped]
        .map(|order| (order, order_label(order).to_owned()));
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
    let now = &mut form.text_encoding;
    choice(ui, "Text encoding", now, found, &options)
}

/// The choice of fixed or varying length.
pub(crate) fn trace_length(ui: &mut Ui, form: &mut OverrideForm, found: &str) -> bool {
    let options = [TraceLength::Fixed, TraceLength::Varying]
        .map(|length| (length, length_label(length).to_owned()));
    choice(ui, "Trace length", &mut form.trace_length, found, &options)
}

/// What kind of number is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    /// From 1.
    Positive,
    /// From 0.
    Whole,
    Millis,
    /// Milliseconds of either sign.
    Start,
    /// What multiplies or divides, "header" or "ignore".
    Scalar,
}

impl Number {
    /// What is wrong with the text.
    fn fault(self, text: &str) -> Option<&'static str> {
        if text.trim().is_empty() {
            return None;
        }
        match self {
            Self::Positive if whole::<u32>(text).is_none_or(|n| n == 0) => {
                Some("A whole number from 1 is needed; this is not used")
            }
            Self::Whole if whole::<u64>(text).is_none() => {
                Some("A whole number is needed; this is not used")
            }
            Self::Millis if millis(text).is_none() => {
                Some("Milliseconds over 0 are needed; this is not used")
            }
            Self::Start if signed_millis(text).is_none() => {
                Some("Milliseconds are needed, 0 to ignore the delay; this is not used")
            }
            Self::Scalar if Scalar::parse(text).is_err() => {
                Some("A whole number other than 0 is needed, or header or ignore; this is not used")
            }
            Self::Positive | Self::Whole | Self::Millis | Self::Start | Self::Scalar => None,
        }
    }
}

/// A number that replaces what was found; gives whether it is to be used now.
pub(crate) fn number(
    ui: &mut Ui,
    title: &str,
    text: &mut String,
    found: &str,
    kind: Number,
) -> bool {
    let fault = kind.fault(text);
    // Of its own: the first digit adds a line above, and the focus must not get lost by that.
    let mut edit = TextEdit::singleline(text)
        .id(egui::Id::unique(("override", title)))
        .hint_text(found.to_owned())
        .desired_width(ui.available_width() - 8.0);
    if fault.is_some() {
        edit = edit.text_color(theme::palette(ui).error);
    }
    let response = ui.add(edit);
    widgets::name_field(&response, title);
    let done = response.lost_focus();
    if let Some(fault) = fault {
        response.on_hover_text(fault);
    }
    done
}

/// The sentence for a number that cannot be read, below its field.
pub(crate) fn number_fault(ui: &mut Ui, text: &str, kind: Number) {
    if let Some(fault) = kind.fault(text) {
        let ink = theme::palette(ui).error;
        ui.label(RichText::new(fault).small().color(ink));
    }
}

/// "Big-endian".
pub(crate) fn order_label(order: ByteOrder) -> &'static str {
    match order {
        ByteOrder::Big => "Big-endian",
        ByteOrder::Little => "Little-endian",
        ByteOrder::PairSwapped => "Pairwise swapped",
    }
}

/// "SEG-Y".
pub(crate) fn container_label(container: Container) -> &'static str {
    match container {
        Container::SegY => "SEG-Y",
        Container::SeismicUnix => "Seismic Unix",
    }
}

/// "Fixed".
pub(crate) fn length_label(length: TraceLength) -> &'static str {
    match length {
        TraceLength::Fixed => "All equally long",
        TraceLength::Varying => "As each header says",
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
            n_extended_text_headers: Some(0),
            n_additional_trace_headers: Some(1),
            first_trace_position: Some(3728),
            trace_length: Some(TraceLength::Varying),
            container: Some(Container::SegY),
            revision: Some(Revision { major: 2, minor: 1 }),
            coordinate_scalar: Some(Scalar::Constant(-100)),
            delay_millis: Some(-12.5),
            time_scalar: Some(Scalar::OfEachTrace),
        };
        let form = OverrideForm::from_overrides(&overrides);
        assert_eq!(form.overrides(), overrides);
        assert_eq!(form.n_given(), 14);
        let form = OverrideForm {
            samples: "many".to_owned(),
            interval: "-4".to_owned(),
            coordinate_scalar: "0".to_owned(),
            delay: "late".to_owned(),
            ..OverrideForm::default()
        };
        assert_eq!(form.overrides(), LayoutOverrides::default());
    }

    #[test]
    fn numbers_are_read_as_people_type_them_and_faults_are_said() {
        assert_eq!(whole::<u64>("3 600"), Some(3600));
        assert_eq!(millis("0,5"), Some(0.5));
        assert!(Number::Positive.fault("0").is_some());
        assert!(Number::Whole.fault("0").is_none());
        assert!(Number::Millis.fault("two").is_some());
        assert!(Number::Millis.fault("").is_none());
        assert_eq!(signed_millis("−2,5"), Some(-2.5));
        assert!(Number::Start.fault("0").is_none() && Number::Start.fault("soon").is_some());
        assert!(Number::Scalar.fault("-100").is_none() && Number::Scalar.fault("0").is_some());
    }
}
