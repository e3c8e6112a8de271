//! The bar at the top: menus, one tab for each open page, notices.

use egui::{Align, Button, CornerRadius, Frame, Layout, Margin, RichText, Stroke, Ui, Vec2};

use super::command::{Action, Command, Commands};
use super::messages::Severity;
use super::numbers;
use super::settings::{Settings, ThemeChoice};
use super::shortcuts::{keys_of, menu_entry};
use super::state::{Body, Document, Place, State};
use super::theme;
use super::widgets::{self, Glyph};

/// Draws the bar.
pub(crate) fn show(ui: &mut Ui, state: &mut State, settings: &Settings, commands: &mut Commands) {
    let frame = Frame::new()
        .fill(ui.visuals().window_fill)
        .inner_margin(Margin {
            left: 10,
            right: 10,
            top: 5,
            bottom: 5,
        });
    egui::Panel::top("top bar")
        .frame(frame)
        .resizable(false)
        .show(ui, |ui| {
            ui.horizontal(|ui| {
                menus(ui, state, settings, commands);
                ui.separator();
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    palette_button(ui, commands);
                    ui.add_space(6.0);
                    notices_button(ui, state);
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        tabs(ui, state, commands);
                    });
                });
            });
        });
}

fn menus(ui: &mut Ui, state: &State, settings: &Settings, commands: &mut Commands) {
    ui.spacing_mut().item_spacing.x = 2.0;
    ui.style_mut().visuals.widgets.inactive.weak_bg_fill = egui::Color32::TRANSPARENT;
    ui.style_mut().visuals.widgets.inactive.bg_stroke = Stroke::NONE;
    let in_viewer = state.shown_viewer().is_some();
    let in_document = matches!(state.place, Place::Document(_));
    ui.menu_button("File", |ui| {
        ui.set_min_width(250.0);
        menu_entry(ui, Action::OpenFiles, true, commands);
        menu_entry(ui, Action::OpenFolder, true, commands);
        menu_entry(ui, Action::PastePath, true, commands);
        ui.separator();
        let in_dataset = state.shown_dataset().is_some();
        menu_entry(ui, Action::Export, in_dataset, commands);
        menu_entry(ui, Action::SavePicture, in_viewer, commands);
        menu_entry(ui, Action::CopyPicture, in_viewer, commands);
        menu_entry(ui, Action::ShowSettings, true, commands);
        ui.separator();
        menu_entry(ui, Action::CloseDocument, in_document, commands);
        menu_entry(ui, Action::Quit, true, commands);
    });
    ui.menu_button("View", |ui| {
        ui.set_min_width(250.0);
        menu_entry(ui, Action::ShowStart, true, commands);
        menu_entry(ui, Action::ShowJobs, true, commands);
        menu_entry(
            ui,
            Action::NextDocument,
            !state.documents.is_empty(),
            commands,
        );
        ui.separator();
        for action in [
            Action::ToggleNavigator,
            Action::ToggleInspector,
            Action::CycleMode,
            Action::CycleColours,
            Action::ToggleAgc,
            Action::ReverseColours,
            Action::Polarity,
            Action::Fit,
            Action::PreviousZoom,
            Action::NextZoom,
            Action::OneToOne,
            Action::Scale,
            Action::Histogram,
            Action::AutomaticClip,
            Action::TrueOffset,
            Action::ReverseTraces,
            Action::ToggleSeparators,
            Action::ResetView,
            Action::Compare,
            Action::Flip,
        ] {
            menu_entry(ui, action, in_viewer, commands);
        }
        ui.separator();
        for choice in ThemeChoice::ALL {
            let label = format!("Colours: {}", choice.label().to_lowercase());
            if ui.radio(settings.theme == choice, label).clicked() {
                commands.push(Command::SetTheme(choice));
                ui.close();
            }
        }
    });
    ui.menu_button("Navigate", |ui| {
        ui.set_min_width(250.0);
        for action in [
            Action::NextGather,
            Action::PreviousGather,
            Action::ForwardTen,
            Action::BackTen,
            Action::FirstGather,
            Action::LastGather,
            Action::GoTo,
            Action::WholeLine,
        ] {
            menu_entry(ui, action, in_viewer, commands);
        }
    });
    ui.menu_button("Help", |ui| {
        ui.set_min_width(220.0);
        menu_entry(ui, Action::ShowPalette, true, commands);
        menu_entry(ui, Action::ShowShortcuts, true, commands);
        ui.separator();
        ui.label(RichText::new(concat!("Shotpoint ", env!("CARGO_PKG_VERSION"))).small());
    });
}

fn tabs(ui: &mut Ui, state: &State, commands: &mut Commands) {
    ui.spacing_mut().item_spacing.x = 4.0;
    if tab(ui, "Start", None, state.place == Place::Start).clicked() {
        commands.push(Command::Show(Place::Start));
    }
    let running = state.jobs.unfinished();
    if !state.jobs.is_empty() {
        let label = if running > 0 {
            format!("Jobs ({running})")
        } else {
            "Jobs".to_owned()
        };
        if tab(ui, &label, None, state.place == Place::Jobs).clicked() {
            commands.push(Command::Show(Place::Jobs));
        }
    }
    egui::ScrollArea::horizontal()
        .auto_shrink([false, true])
        .show(ui, |ui| {
            ui.horizontal(|ui| {
                for document in &state.documents {
                    document_tab(ui, document, state.place, commands);
                }
            });
        });
}

fn document_tab(ui: &mut Ui, document: &Document, place: Place, commands: &mut Commands) {
    let (glyph, name) = match &document.body {
        Body::Import(page) => (
            Glyph::Segy,
            format!("Import {}", numbers::file_name(&page.path)),
        ),
        Body::Viewer(viewer) => (viewer.glyph(), numbers::file_name(&viewer.path)),
    };
    let active = place == Place::Document(document.id);
    ui.spacing_mut().item_spacing.x = 0.0;
    let response = tab(ui, &numbers::elide(&name, 30), Some(glyph), active).on_hover_text(&name);
    if active && is_new(ui, place) {
        response.scroll_to_me(None);
    }
    if response.clicked() {
        commands.push(Command::Show(Place::Document(document.id)));
    }
    let close = ui.add(
        Button::new("×")
            .frame(false)
            .min_size(Vec2::new(18.0, 18.0)),
    );
    let title = format!("Close {name}");
    close.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, title.clone()));
    if close.on_hover_text("Close (Ctrl+W)").clicked() || response.middle_clicked() {
        commands.push(Command::Close(document.id));
    }
    ui.add_space(6.0);
}

/// Whether this place is shown for the first time since another one was.
fn is_new(ui: &Ui, place: Place) -> bool {
    let id = egui::Id::unique("tab in sight");
    let before: Option<Place> = ui.data(|d| d.get_temp(id));
    ui.data_mut(|d| d.insert_temp(id, place));
    before != Some(place)
}

fn tab(ui: &mut Ui, label: &str, glyph: Option<Glyph>, active: bool) -> egui::Response {
    let p = theme::palette(ui);
    let ink = if active { p.text } else { p.weak };
    if let Some(glyph) = glyph {
        widgets::glyph(ui, glyph, if active { p.accent } else { p.weak });
        ui.add_space(2.0);
    }
    let button = Button::selectable(false, RichText::new(label).color(ink))
        .corner_radius(CornerRadius::same(6))
        .min_size(Vec2::new(0.0, 26.0));
    let response = ui.add(button);
    if active {
        let y = response.rect.bottom() + 2.0;
        ui.painter().hline(
            response.rect.x_range().shrink(4.0),
            y,
            Stroke::new(2.5, p.accent),
        );
    }
    response
}

/// Every command by its name.
fn palette_button(ui: &mut Ui, commands: &mut Commands) {
    let text = format!("Commands {}", keys_of(Action::ShowPalette));
    let button = Button::new(RichText::new(text).small().color(theme::palette(ui).weak));
    if ui
        .add(button.frame(false))
        .on_hover_text("Find any command by its name")
        .clicked()
    {
        commands.act(Action::ShowPalette);
    }
}

fn notices_button(ui: &mut Ui, state: &mut State) {
    let errors = state
        .notices
        .list()
        .iter()
        .filter(|n| n.message.severity == Severity::Error)
        .count();
    let n = state.notices.list().len();
    if n == 0 {
        return;
    }
    let colour = if errors > 0 {
        theme::palette(ui).error
    } else {
        theme::palette(ui).weak
    };
    let text = RichText::new(format!("Messages ({n})"))
        .small()
        .color(colour);
    if ui.add(Button::new(text).frame(false)).clicked() {
        state.notices.open = !state.notices.open;
    }
}
