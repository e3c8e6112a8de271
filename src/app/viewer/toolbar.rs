//! How the section looks: mode, colours, clip, polarity, fit.

mod axes;
mod curves;

use egui::{Button, ComboBox, RichText, Ui, Vec2};

use super::{OpenView, ViewerCommand};
use crate::app::command::Action;
use crate::app::section::{
    ClipChoice, Look, PERCENTILES, Scope, mode_label, percentile_label, swatch,
};
use crate::app::shortcuts::keys_of;
use crate::app::state::DocumentId;
use crate::app::{numbers, theme};
use crate::view::{COLOUR_TABLES, ClipRange, DisplayMode, Gain};

/// Draws the toolbar.
pub(crate) fn show(
    ui: &mut Ui,
    view: &OpenView,
    others: &[(DocumentId, String)],
    queue: &mut Vec<ViewerCommand>,
) {
    let mut look = view.look.clone();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        modes(ui, &mut look);
        ui.separator();
        if look.mode.has_colours() || look.automatic {
            colours(ui, &mut look);
            ui.separator();
        }
        clip(ui, &mut look, view, queue);
        ui.separator();
        gain(ui, &mut look);
        polarity(ui, &mut look);
        axes::unit(ui, &mut look, view);
        axes::spacing(ui, &mut look, view);
        ui.separator();
        zoom(ui, view, queue);
        ui.separator();
        axes::compare(ui, others, queue);
    });
    if look != view.look {
        queue.push(ViewerCommand::SetLook(Box::new(look)));
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
        let chosen = look.mode == mode && !look.automatic;
        let button = Button::selectable(chosen, mode_label(mode));
        if ui
            .add(button)
            .on_hover_text(format!("{} (W: next)", mode.label()))
            .clicked()
        {
            look.mode = mode;
            look.automatic = false;
        }
    }
    let auto = Button::selectable(look.automatic, "Auto");
    let hover = "Wiggles where traces stand wide enough apart, else colours";
    if ui.add(auto).on_hover_text(hover).clicked() {
        look.automatic = !look.automatic;
    }
    let fills =
        look.automatic || matches!(look.mode, DisplayMode::Wiggle | DisplayMode::VariableArea);
    if fills {
        let text = if look.fill_negative {
            "Fill −"
        } else {
            "Fill +"
        };
        let response = ui.add(Button::selectable(look.fill_negative, text));
        let hover = "Which area of wiggles is filled: of positive numbers, or of negative ones";
        if response.on_hover_text(hover).clicked() {
            look.fill_negative = !look.fill_negative;
        }
    }
    if look.automatic || look.mode.has_wiggles() {
        curves::show(ui, look);
    }
    ui.spacing_mut().item_spacing.x = 6.0;
}

/// The choice of colour table, with a swatch before each name.
pub(crate) fn colours(ui: &mut Ui, look: &mut Look) {
    let current = look.table_index();
    let name = look.table().map_or("", |t| t.name);
    swatch_before(ui, current, look.reverse_colours, 38.0);
    let combo = ComboBox::from_id_salt("colour table")
        .selected_text(name)
        .truncate()
        .width(132.0)
        .height(520.0)
        .show_ui(ui, |ui| {
            ui.checkbox(&mut look.reverse_colours, "Reversed");
            ui.separator();
            for (i, table) in COLOUR_TABLES.iter().enumerate() {
                ui.horizontal(|ui| {
                    swatch_before(ui, i, look.reverse_colours, 96.0);
                    let button = Button::selectable(i == current, table.name)
                        .right_text("")
                        .min_size(Vec2::new(210.0, 0.0));
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

fn swatch_before(ui: &mut Ui, index: usize, reversed: bool, width: f32) {
    let (rect, _) = ui.allocate_exact_size(Vec2::new(width, 14.0), egui::Sense::hover());
    if let Some(table) = COLOUR_TABLES.get(index) {
        swatch(ui.painter(), rect, table, reversed, false);
    }
}

fn clip(ui: &mut Ui, look: &mut Look, view: &OpenView, queue: &mut Vec<ViewerCommand>) {
    let clip = view.section.clip();
    ui.label("Clip");
    let selected = match look.clip {
        ClipChoice::Percentile(p) => percentile_label(p),
        ClipChoice::Fixed(_) | ClipChoice::Range(..) => "by hand".to_owned(),
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
    // With a gain the numbers of the whole dataset say nothing about the picture.
    let scope = match (look.scope, look.gain) {
        (Scope::Dataset, gain) if gain != Gain::None => Scope::Gather.word(),
        (scope, _) => scope.word(),
    };
    let button = ui.add_enabled(percentile, Button::new(format!("of {scope}")));
    let button = button
        .on_hover_text(
            "Percentile of |amplitude| over the whole dataset, this gather, or what is in the window",
        )
        .on_disabled_hover_text("The clip is set by hand; choose a percentile to change its scope");
    if button.clicked() {
        look.scope = look.scope.next();
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
    let open = view.histogram.open;
    let histogram = ui.add(Button::selectable(open, "Histogram"));
    let hover = format!(
        "Drag the clip in the histogram ({})",
        keys_of(Action::Histogram)
    );
    if histogram.on_hover_text(hover).clicked() {
        queue.push(ViewerCommand::Act(Action::Histogram));
    }
}

/// The clip as a number that can be typed over; uneven ends are typed in the histogram.
fn clip_value(ui: &mut Ui, look: &mut Look, clip: Option<ClipRange>) {
    let Some(range) = clip else {
        return;
    };
    if !range.is_symmetric() {
        let text = format!(
            "{} to {}",
            numbers::amplitude(range.low),
            numbers::amplitude(range.high)
        );
        ui.label(text).on_hover_text(format!(
            "Amplitudes at the ends of the colours: {}",
            look.clip_words()
        ));
        return;
    }
    let now = range.half();
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
        .custom_parser(super::histogram::parsed);
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

/// Gains for the eye.
fn gain(ui: &mut Ui, look: &mut Look) {
    let label = look.gain.label();
    let combo = ComboBox::from_id_salt("gain")
        .selected_text(&label)
        .width(72.0)
        .show_ui(ui, |ui| {
            for gain in Gain::ALL {
                if ui
                    .selectable_label(look.gain == gain, gain.label())
                    .clicked()
                {
                    look.set_gain(gain);
                }
            }
        });
    combo.response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Gain: {label}"))
    });
    combo.response.on_hover_text(format!(
        "Evens out amplitudes on the screen only; stored numbers stay ({}: AGC 500 ms on and off)",
        keys_of(Action::ToggleAgc)
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
    let (back, forward) = view.section.zoom_steps();
    let steps = [
        (Action::PreviousZoom, "Zoom back", "←", back),
        (Action::NextZoom, "Zoom forward", "→", forward),
    ];
    for (action, name, arrow, enabled) in steps {
        let button = ui.add_enabled(enabled, Button::new(arrow));
        button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, enabled, name));
        if button
            .on_hover_text(format!("{name} ({})", keys_of(action)))
            .on_disabled_hover_text("There is no zoom there yet")
            .clicked()
        {
            queue.push(ViewerCommand::Act(action));
        }
    }
}
