//! The start page: a drop zone, ways to open, recent files, sample data.

mod recent;

use egui::{CornerRadius, RichText, Sense, Shape, Stroke, Ui, Vec2};

use super::command::{Action, Command, Commands};
use super::open::{self, RecentState};
use super::settings::Settings;
use super::theme;
use super::widgets::{self, Glyph, paint_glyph};

/// What the page remembers.
#[derive(Debug, Default)]
pub(crate) struct Welcome {
    /// The path box.
    pub(crate) path_text: String,
    /// Whether the path box shall take the keyboard.
    pub(crate) focus_path: bool,
    /// What a thread has seen of the recent files; empty until then.
    pub(crate) recent: Vec<RecentState>,
    pub(crate) sample: SampleState,
}

/// Whether the sample can be made, or is being made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SampleState {
    #[default]
    Unavailable,
    Offered,
    Making,
}

/// Draws the page.
pub(crate) fn show(
    ui: &mut Ui,
    welcome: &mut Welcome,
    settings: &Settings,
    drops_arrive: bool,
    commands: &mut Commands,
) {
    egui::ScrollArea::vertical()
        .auto_shrink(false)
        .show(ui, |ui| {
            let width = (ui.available_width() - 64.0).clamp(560.0, 1080.0);
            let side = ((ui.available_width() - width) / 2.0).max(0.0);
            ui.add_space((ui.available_height() * 0.05).clamp(14.0, 60.0));
            ui.horizontal_top(|ui| {
                ui.add_space(side);
                ui.vertical(|ui| {
                    ui.set_width(width);
                    drop_zone(ui, welcome, drops_arrive, commands);
                    ui.add_space(26.0);
                    below(ui, welcome, settings, commands);
                    ui.add_space(24.0);
                });
            });
        });
}

fn drop_zone(ui: &mut Ui, welcome: &mut Welcome, drops_arrive: bool, commands: &mut Commands) {
    let p = theme::palette(ui);
    let height = (ui.ctx().content_rect().height() * 0.42).clamp(270.0, 400.0);
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), height), Sense::hover());
    ui.painter()
        .rect_filled(rect, CornerRadius::same(14), p.card);
    let edge = rect.shrink(7.0);
    ui.painter().extend(Shape::dashed_line(
        &[
            edge.left_top(),
            edge.right_top(),
            edge.right_bottom(),
            edge.left_bottom(),
            edge.left_top(),
        ],
        Stroke::new(1.6, p.accent),
        9.0,
        7.0,
    ));
    let mut inner =
        ui.new_child(egui::UiBuilder::new().max_rect(rect.shrink2(Vec2::new(40.0, 22.0))));
    inner.vertical_centered(|ui| {
        let spare = (ui.available_height() - 226.0).max(0.0) / 2.0;
        ui.add_space(spare);
        let (icon, _) = ui.allocate_exact_size(Vec2::splat(44.0), Sense::hover());
        paint_glyph(ui.painter(), icon, Glyph::Drop, p.accent);
        ui.add_space(8.0);
        let title = if drops_arrive {
            "Drop SEG-Y files or a dataset folder here"
        } else {
            "Open a SEG-Y file or a dataset"
        };
        ui.label(RichText::new(title).size(25.0).color(p.text));
        ui.add_space(3.0);
        let line = if drops_arrive {
            "A file is only read. Nothing is written until you import it."
        } else {
            "Dropping files is not available on this desktop (Wayland). Open them, or paste a path below."
        };
        widgets::weak(ui, line);
        ui.add_space(14.0);
        buttons(ui, commands);
        ui.add_space(8.0);
        path_box(ui, welcome, commands);
    });
}

fn buttons(ui: &mut Ui, commands: &mut Commands) {
    // Centred by hand: a horizontal row knows its width only after it was drawn.
    let id = ui.scope_id().with("buttons width");
    let known: f32 = ui.data(|d| d.get_temp(id)).unwrap_or(330.0);
    ui.horizontal(|ui| {
        ui.add_space(((ui.available_width() - known) / 2.0).max(0.0));
        let start = ui.cursor().left();
        let open = widgets::primary(ui, true, "Open files…").on_hover_text("Ctrl+O");
        if open.clicked() {
            commands.act(Action::OpenFiles);
        }
        let folder = egui::Button::new("Open dataset folder…").min_size(Vec2::new(0.0, 32.0));
        if ui.add(folder).on_hover_text("Ctrl+Shift+O").clicked() {
            commands.act(Action::OpenFolder);
        }
        let width = ui.min_rect().right() - start;
        ui.data_mut(|d| d.insert_temp(id, width));
    });
}

fn path_box(ui: &mut Ui, welcome: &mut Welcome, commands: &mut Commands) {
    let edit = egui::TextEdit::singleline(&mut welcome.path_text)
        .id(egui::Id::unique("path box"))
        .hint_text("or paste a path and press Enter")
        .margin(egui::Margin::symmetric(10, 6))
        .desired_width(460.0);
    let response = ui.add(edit);
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Path of a file or dataset")
    });
    if std::mem::take(&mut welcome.focus_path) {
        response.request_focus();
    }
    let entered = response.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
    if entered && let Some(path) = open::path_from_text(&welcome.path_text) {
        welcome.path_text.clear();
        commands.push(Command::Open(vec![path]));
    }
}

fn below(ui: &mut Ui, welcome: &Welcome, settings: &Settings, commands: &mut Commands) {
    let gap = 28.0;
    let total = ui.available_width();
    let right = 300.0_f32.min(total * 0.34);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.vertical(|ui| {
            ui.set_width(total - right - gap);
            ui.spacing_mut().item_spacing.x = 8.0;
            recent::show(ui, &settings.recent, &welcome.recent, commands);
        });
        ui.add_space(gap);
        ui.vertical(|ui| {
            ui.set_width(right);
            ui.spacing_mut().item_spacing.x = 8.0;
            sample(ui, welcome.sample, commands);
        });
    });
}

fn sample(ui: &mut Ui, sample: SampleState, commands: &mut Commands) {
    widgets::caption(ui, "No data at hand?");
    ui.add_space(4.0);
    match sample {
        SampleState::Unavailable => {}
        SampleState::Offered => {
            let button =
                egui::Button::new("Open sample shot gathers").min_size(Vec2::new(0.0, 30.0));
            if ui.add(button).clicked() {
                commands.push(Command::OpenSample);
            }
            widgets::hint(
                ui,
                "A marine line with reflectors and noise, made on this machine. Nothing is downloaded.",
            );
        }
        SampleState::Making => {
            ui.horizontal(|ui| {
                ui.spinner();
                ui.label("Making the sample shot gathers…");
            });
        }
    }
    ui.add_space(14.0);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 5.0;
        for (keys, what) in [
            ("?", "all keys"),
            ("← →", "gathers"),
            ("W", "wiggle"),
            ("[ ]", "gain"),
        ] {
            widgets::key_cap(ui, keys);
            widgets::hint(ui, what);
            ui.add_space(5.0);
        }
    });
}
