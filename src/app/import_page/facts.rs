//! What is decided about the layout: each fact with its evidence, what it beat, and a way to overrule it.

use egui::{CollapsingHeader, Label, RichText, Ui, Vec2};

use super::Editing;
use super::overrides::{self, Number, OverrideForm, container_label, length_label, order_label};
use crate::app::messages::in_the_windows_words;
use crate::app::{numbers, theme, widgets};
use crate::segy::{Decided, Layout, Scalar, TextEncoding, TraceGeometry, TraceLength};

/// Width of the names before the fields.
const NAMES: f32 = 112.0;

/// Draws the facts; gives whether the file is to be scanned again for another override.
pub(super) fn show(ui: &mut Ui, editing: &mut Editing) -> bool {
    let scan = std::sync::Arc::clone(&editing.scan);
    let layout = &scan.layout;
    let mut again = reset_all(ui, &mut editing.form);
    let form = &mut editing.form;
    again |= main_facts(ui, form, layout);
    again |= scaling_facts(ui, form, layout);
    again |= further_facts(ui, form, layout);
    again && editing.form != editing.scanned_form
}

/// Where anything is given by the user: how much, and the way back.
fn reset_all(ui: &mut Ui, form: &mut OverrideForm) -> bool {
    let n = form.n_given();
    if n == 0 {
        return false;
    }
    let mut reset = false;
    ui.horizontal(|ui| {
        let p = theme::palette(ui);
        let words = numbers::plural(n as u64, "fact is set by you", "facts are set by you");
        ui.label(RichText::new(words).small().color(p.accent));
        if ui
            .small_button("Reset all")
            .on_hover_text("Take everything as it is found in the file")
            .clicked()
        {
            *form = OverrideForm::default();
            reset = true;
        }
    });
    ui.add_space(2.0);
    reset
}

fn main_facts(ui: &mut Ui, form: &mut OverrideForm, layout: &Layout) -> bool {
    let mut again = false;
    let given = form.format_code.is_some();
    let reset = fact(ui, "Sample format", &layout.format, given, |ui| {
        let found = format!(
            "{}: {}",
            layout.format.value.code(),
            layout.format.value.label()
        );
        again |= overrides::format(ui, form, &found);
    });
    if reset {
        form.format_code = None;
    }
    again |= reset;

    let given = form.byte_order.is_some();
    let reset = fact(ui, "Byte order", &layout.byte_order, given, |ui| {
        again |= overrides::byte_order(ui, form, order_label(layout.byte_order.value));
    });
    if reset {
        form.byte_order = None;
    }
    again |= reset;

    let found = numbers::count(u64::from(layout.n_samples.value));
    again |= number_fact(
        ui,
        ("Samples per trace", "Samples per trace"),
        &layout.n_samples,
        &mut form.samples,
        &found,
        Number::Positive,
    );
    let found = layout
        .sample_interval_micros
        .value
        .map_or_else(|| "not recorded".to_owned(), |us| (us / 1000.0).to_string());
    again |= number_fact(
        ui,
        ("Interval (ms)", "Interval in milliseconds"),
        &layout.sample_interval_micros,
        &mut form.interval,
        &found,
        Number::Millis,
    );
    let given = form.text_encoding.is_some();
    let reset = fact(ui, "Text encoding", &layout.text_encoding, given, |ui| {
        again |= overrides::encoding(ui, form, encoding_label(layout.text_encoding.value));
    });
    if reset {
        form.text_encoding = None;
    }
    again | reset
}

/// How words of the trace headers become coordinates and start times: folded away unless one of
/// them is unusual or given.
fn scaling_facts(ui: &mut Ui, form: &mut OverrideForm, layout: &Layout) -> bool {
    let given = [&form.coordinate_scalar, &form.delay, &form.time_scalar];
    let given = given.iter().any(|text| !text.is_empty());
    let unusual = layout.time_scalar.value != Scalar::Constant(1)
        || !layout.time_scalar.alternatives.is_empty();
    let shown = CollapsingHeader::new("Coordinates and start times")
        .id_salt("coordinates and start times")
        .default_open(given || unusual)
        .show(ui, |ui| scalings(ui, form, layout));
    shown.body_returned.unwrap_or(false)
}

fn scalings(ui: &mut Ui, form: &mut OverrideForm, layout: &Layout) -> bool {
    let mut again = number_fact(
        ui,
        ("Coord. scalar", "Coordinate scalar"),
        &layout.coordinate_scalar,
        &mut form.coordinate_scalar,
        &layout.coordinate_scalar.value.to_string(),
        Number::Scalar,
    );
    let found = layout
        .delay_millis
        .value
        .map_or_else(|| "each trace's own".to_owned(), |ms| ms.to_string());
    again |= number_fact(
        ui,
        ("Delay (ms)", "Delay in milliseconds"),
        &layout.delay_millis,
        &mut form.delay,
        &found,
        Number::Start,
    );
    again |= number_fact(
        ui,
        ("Time scalar", "Time scalar"),
        &layout.time_scalar,
        &mut form.time_scalar,
        &layout.time_scalar.value.to_string(),
        Number::Scalar,
    );
    again
}

/// Facts that few files need: folded away unless one of them is unusual or given.
fn further_facts(ui: &mut Ui, form: &mut OverrideForm, layout: &Layout) -> bool {
    let varying = matches!(layout.geometry, TraceGeometry::Indexed(_));
    let given = form.container.is_some()
        || form.revision.is_some()
        || form.trace_length.is_some()
        || !form.extended_headers.is_empty()
        || !form.additional_headers.is_empty()
        || !form.first_trace.is_empty();
    let unusual = varying
        || layout.container.value != crate::segy::Container::SegY
        || layout.n_additional_trace_headers.value > 0
        || layout.n_extended_text_headers.value > 0;
    let shown = CollapsingHeader::new("Where everything lies")
        .id_salt("where everything lies")
        .default_open(given || unusual)
        .show(ui, |ui| places(ui, form, layout, varying));
    shown.body_returned.unwrap_or(false)
}

fn places(ui: &mut Ui, form: &mut OverrideForm, layout: &Layout, varying: bool) -> bool {
    let mut again = false;
    let given = form.container.is_some();
    let reset = fact(ui, "Kind of file", &layout.container, given, |ui| {
        again |= overrides::container(ui, form, container_label(layout.container.value));
    });
    if reset {
        form.container = None;
    }
    again |= reset;
    let given = form.revision.is_some();
    let reset = fact(ui, "Revision", &layout.revision, given, |ui| {
        again |= overrides::revision(ui, form, &layout.revision.value.to_string());
    });
    if reset {
        form.revision = None;
    }
    again |= reset;
    again |= number_fact(
        ui,
        ("Extended headers", "Extended textual headers"),
        &layout.n_extended_text_headers,
        &mut form.extended_headers,
        &layout.n_extended_text_headers.value.to_string(),
        Number::Whole,
    );
    again |= number_fact(
        ui,
        ("More per trace", "Additional headers per trace"),
        &layout.n_additional_trace_headers,
        &mut form.additional_headers,
        &additional_headers(layout),
        Number::Whole,
    );
    let first = first_trace(layout);
    again |= number_fact(
        ui,
        ("Bytes before", "Bytes before the first trace"),
        &first,
        &mut form.first_trace,
        &numbers::count(layout.data_start.value),
        Number::Whole,
    );
    let length = if varying {
        TraceLength::Varying
    } else {
        TraceLength::Fixed
    };
    let evidence = match &layout.geometry {
        TraceGeometry::Uniform => "every trace takes the same room",
        TraceGeometry::Indexed(_) => "found by a walk over the trace headers",
    };
    let decided = Decided {
        value: length,
        decided_by: evidence.to_owned(),
        alternatives: Vec::new(),
    };
    let given = form.trace_length.is_some();
    let reset = fact(ui, "Trace length", &decided, given, |ui| {
        again |= overrides::trace_length(ui, form, length_label(length));
    });
    if reset {
        form.trace_length = None;
    }
    again | reset
}

/// "2", or "1–3" where traces differ.
fn additional_headers(layout: &Layout) -> String {
    let most = layout.n_additional_trace_headers.value;
    match layout.geometry.index() {
        Some(index) if index.header_extensions_vary() => {
            format!("{}–{most}", index.fewest_header_extensions())
        }
        Some(_) | None => most.to_string(),
    }
}

/// Where the first trace begins, and what lies in front of all headers.
fn first_trace(layout: &Layout) -> Decided<u64> {
    let mut first = layout.data_start.clone();
    if layout.tape_label_bytes > 0 {
        let label = layout.tape_label_bytes;
        first.decided_by = format!(
            "{}; a tape label of {label} bytes lies first",
            first.decided_by
        );
    }
    first
}

/// A fact that is a number; gives whether it is to be scanned with another one.
fn number_fact<T>(
    ui: &mut Ui,
    (title, name): (&str, &str),
    decided: &Decided<T>,
    text: &mut String,
    found: &str,
    kind: Number,
) -> bool {
    let mut again = false;
    let given = !text.trim().is_empty();
    let reset = fact(ui, title, decided, given, |ui| {
        again |= overrides::number(ui, name, text, found, kind);
    });
    overrides::number_fault(ui, text, kind);
    if reset {
        text.clear();
    }
    again | reset
}

/// A fact: its name, what it is, by which evidence, and what it beat. Gives whether it shall be
/// taken from the file again.
fn fact<T>(
    ui: &mut Ui,
    title: &str,
    decided: &Decided<T>,
    given: bool,
    value: impl FnOnce(&mut Ui),
) -> bool {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.allocate_ui_with_layout(
            Vec2::new(NAMES, ui.spacing().interact_size.y),
            egui::Layout::left_to_right(egui::Align::Center),
            |ui| {
                ui.set_min_width(NAMES);
                let p = theme::palette(ui);
                let ink = if given { p.accent } else { p.text };
                ui.label(RichText::new(title).color(ink));
            },
        );
        value(ui);
    });
    let mut reset = false;
    let weak = theme::palette(ui).weak;
    if given {
        ui.horizontal_wrapped(|ui| {
            widgets::hint(ui, "set by you");
            let button = ui.small_button("Reset");
            button.widget_info(|| {
                egui::WidgetInfo::labeled(egui::Role::Button, true, format!("Reset {title}"))
            });
            reset = button
                .on_hover_text("Take it as it is found in the file")
                .clicked();
        });
    } else {
        let text = RichText::new(in_the_windows_words(&decided.decided_by)).small();
        ui.add(Label::new(text.color(weak)).wrap());
    }
    beaten(ui, title, &decided.alternatives);
    ui.add_space(3.0);
    reset
}

/// What else was thinkable, folded away.
fn beaten(ui: &mut Ui, title: &str, alternatives: &[String]) {
    if alternatives.is_empty() {
        return;
    }
    let p = theme::palette(ui);
    let n = numbers::plural(alternatives.len() as u64, "other was", "others were");
    CollapsingHeader::new(
        RichText::new(format!("{n} considered"))
            .small()
            .color(p.weak),
    )
    .id_salt(("alternatives", title))
    .show(ui, |ui| {
        for alternative in alternatives {
            let text = RichText::new(in_the_windows_words(alternative)).small();
            ui.add(Label::new(text.color(p.weak)).wrap());
        }
    });
}

/// "EBCDIC".
pub(crate) fn encoding_label(encoding: TextEncoding) -> &'static str {
    match encoding {
        TextEncoding::Ebcdic => "EBCDIC",
        TextEncoding::Ascii => "ASCII",
    }
}
