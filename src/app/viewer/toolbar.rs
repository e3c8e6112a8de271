//! How the section looks: mode, colours, clip, polarity, fit.

use egui::{Button, ComboBox, RichText, Ui, Vec2};

use super::{OpenView, ViewerCommand};
use crate::app::command::Action;
use crate::app::section::{
    ClipChoice, Look, PERCENTILES, Scope, mode_label, percentile_label, swatch,
};
use crate::app::settings::Settings;
use crate::app::shortcuts::keys_of;
use crate::app::{numbers, theme};
use crate::view::{COLOUR_TABLES, DisplayMode};

/// Draws the toolbar.
pub(crate) fn show(
    ui: &mut Ui,
    view: &OpenView,
    settings: &Settings,
    queue: &mut Vec<ViewerCommand>,
) {
    let mut look = settings.look.clone();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        modes(ui, &mut look);
        ui.separator();
        if look.mode.has_colours() {
            colours(ui, &mut look);
            ui.separator();
        }
        clip(ui, &mut look, view.section.clip(), queue);
        ui.separator();
        polarity(ui, &mut look);
        ui.separator();
        zoom(ui, view, queue);
    });
    if look != settings.look {
        queue.push(ViewerCommand::SetLook(look));
    }
}

fn act_button(
    ui: &mut Ui,
    text: &str,
    hover: &str,
    action: Action,
    queue: &mut Vec<ViewerCommand>,
) {
    let hover = format!("{hover} ({})", keys_of(action));
    if ui.button(text).on_hover_text(hover).clicked() {
        queue.push(ViewerCommand::Act(action));
    }
}

fn modes(ui: &mut Ui, look: &mut Look) {
    ui.spacing_mut().item_spacing.x = 2.0;
    for mode in DisplayMode::ALL {
        let button = Button::selectable(look.mode == mode, mode_label(mode));
        if ui
            .add(button)
            .on_hover_text(format!("{} (W: next)", mode.label()))
            .clicked()
        {
            look.mode = mode;
        }
    }
    ui.spacing_mut().item_spacing.x = 6.0;
}

/// The choice of colour table, with a swatch before each name.
pub(crate) fn colours(ui: &mut Ui, look: &mut Look) {
    let current = look.table_index();
    let name = look.table().map_or("", |t| t.name);
    swatch_before(ui, current, look.reverse_colours);
    let combo = ComboBox::from_id_salt("colour table")
        .selected_text(name)
        .width(150.0)
        .show_ui(ui, |ui| {
            for (i, table) in COLOUR_TABLES.iter().enumerate() {
                ui.horizontal(|ui| {
                    swatch_before(ui, i, look.reverse_colours);
                    let button = Button::selectable(i == current, table.name)
                        .right_text("")
                        .min_size(Vec2::new(170.0, 0.0));
                    if ui.add(button).clicked() {
                        table.name.clone_into(&mut look.colour_table);
                    }
                });
            }
        });
    combo.response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Colour table {name}"))
    });
    combo.response.on_hover_text("Colour table (C: next)");
    let reverse = Button::selectable(look.reverse_colours, "Reverse");
    if ui
        .add(reverse)
        .on_hover_text("Colours the other way round (R)")
        .clicked()
    {
        look.reverse_colours = !look.reverse_colours;
    }
}

fn swatch_before(ui: &mut Ui, index: usize, reversed: bool) {
    let (rect, _) = ui.allocate_exact_size(Vec2::new(54.0, 14.0), egui::Sense::hover());
    if let Some(table) = COLOUR_TABLES.get(index) {
        swatch(ui.painter(), rect, table, reversed, false);
    }
}

fn clip(ui: &mut Ui, look: &mut Look, clip: Option<f32>, queue: &mut Vec<ViewerCommand>) {
    ui.label("Clip");
    let selected = match look.clip {
        ClipChoice::Percentile(p) => percentile_label(p),
        ClipChoice::Fixed(_) => "by hand".to_owned(),
    };
    let combo = ComboBox::from_id_salt("clip percentile")
        .selected_text(&selected)
        .width(72.0)
        .show_ui(ui, |ui| {
            for p in PERCENTILES {
                let chosen = look.clip == ClipChoice::Percentile(p);
                let label = if p >= 100.0 {
                    "P100 (largest)".to_owned()
                } else {
                    percentile_label(p)
                };
                if ui.selectable_label(chosen, label).clicked() {
                    look.clip = ClipChoice::Percentile(p);
                }
            }
        });
    combo.response.widget_info(|| {
        egui::WidgetInfo::labeled(
            egui::Role::ComboBox,
            true,
            format!("Clip percentile {selected}"),
        )
    });
    let percentile = matches!(look.clip, ClipChoice::Percentile(_));
    let scope = match look.scope {
        Scope::Dataset => "dataset",
        Scope::Gather => "gather",
    };
    let button = ui.add_enabled(percentile, Button::new(format!("of {scope}")));
    let button = button
        .on_hover_text(
            "Percentile of |amplitude| over the whole dataset, or over this gather alone",
        )
        .on_disabled_hover_text("The clip is set by hand; choose a percentile to change its scope");
    if button.clicked() {
        look.scope = match look.scope {
            Scope::Dataset => Scope::Gather,
            Scope::Gather => Scope::Dataset,
        };
    }
    clip_value(ui, look, clip);
    act_button(
        ui,
        "−",
        "Weaker picture: clip 10 % higher",
        Action::RaiseClip,
        queue,
    );
    act_button(
        ui,
        "+",
        "Stronger picture: clip 10 % lower",
        Action::LowerClip,
        queue,
    );
}

/// The clip as a number that can be typed over.
fn clip_value(ui: &mut Ui, look: &mut Look, clip: Option<f32>) {
    let Some(now) = clip else {
        return;
    };
    let mut value = f64::from(now);
    let drag = egui::DragValue::new(&mut value)
        .speed(f64::from(now) * 0.01)
        .range(f64::from(f32::MIN_POSITIVE)..=f64::from(f32::MAX))
        .prefix("±")
        .update_while_editing(false)
        .custom_formatter(|v, _| {
            #[expect(clippy::cast_possible_truncation, reason = "it was f32")]
            let v = v as f32;
            numbers::amplitude(v)
        })
        .custom_parser(|text| {
            text.trim()
                .trim_start_matches('±')
                .trim()
                .replace('−', "-")
                .replace(' ', "")
                .parse()
                .ok()
        });
    let response = ui.add(drag);
    response
        .widget_info(|| egui::WidgetInfo::labeled(egui::Role::SpinButton, true, "Clip amplitude"));
    let words = look.clip_words();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "limited to the range of f32"
    )]
    if response.changed() {
        look.clip = ClipChoice::Fixed(value as f32);
    }
    response.on_hover_text(format!(
        "Amplitude at the end of the colours: {words}. Drag, or click and type"
    ));
}

fn polarity(ui: &mut Ui, look: &mut Look) {
    let label = if look.reverse_polarity {
        "Polarity: reversed"
    } else {
        "Polarity: as stored"
    };
    let mut text = RichText::new(label);
    if look.reverse_polarity {
        text = text.color(theme::palette(ui).warning);
    }
    let button = ui.add(Button::selectable(look.reverse_polarity, text));
    if button
        .on_hover_text("Positive numbers are peaks: dark in grey, to the right as wiggles (P)")
        .clicked()
    {
        look.reverse_polarity = !look.reverse_polarity;
    }
}

fn zoom(ui: &mut Ui, view: &OpenView, queue: &mut Vec<ViewerCommand>) {
    let fit = ui.add_enabled(view.section.is_zoomed(), Button::new("Fit"));
    let fit = fit
        .on_hover_text("Show the whole gather (F, or double-click)")
        .on_disabled_hover_text("The whole gather is shown");
    if fit.clicked() {
        queue.push(ViewerCommand::Act(Action::Fit));
    }
}
