//! The bar at the bottom: what the cursor is on, what jobs are doing.

use egui::{Align, Button, Frame, Layout, Margin, RichText, Ui};

use super::command::{Action, Commands};
use super::settings::Settings;
use super::state::{Body, Place, State};
use super::theme;

/// Draws the bar.
pub(crate) fn show(ui: &mut Ui, state: &State, settings: &Settings, commands: &mut Commands) {
    let frame = Frame::new()
        .fill(ui.visuals().window_fill)
        .inner_margin(Margin::symmetric(12, 4));
    egui::Panel::bottom("status bar")
        .frame(frame)
        .resizable(false)
        .exact_size(28.0)
        .show(ui, |ui| {
            ui.set_min_height(20.0);
            ui.horizontal_centered(|ui| {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    jobs(ui, state, commands);
                    if let Some(Body::Viewer(viewer)) = shown(state) {
                        super::viewer::status::cache(ui, viewer, settings, commands);
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        left(ui, state, &settings.reading.readout);
                    });
                });
            });
        });
}

/// The page on the screen.
fn shown(state: &State) -> Option<&Body> {
    let Place::Document(id) = state.place else {
        return None;
    };
    let document = state.documents.iter().find(|d| d.id == id);
    document.map(|d| &d.body)
}

fn left(ui: &mut Ui, state: &State, pinned_headers: &[String]) {
    match shown(state) {
        Some(Body::Viewer(viewer)) => super::viewer::status::show(ui, viewer, pinned_headers),
        Some(Body::Import(page)) => {
            ui.label(
                RichText::new(page.status())
                    .small()
                    .color(theme::palette(ui).weak),
            );
        }
        None => {
            ui.label(
                RichText::new("Ready")
                    .small()
                    .color(theme::palette(ui).weak),
            );
        }
    }
}

fn jobs(ui: &mut Ui, state: &State, commands: &mut Commands) {
    let Some(summary) = state.jobs.summary() else {
        return;
    };
    let text = RichText::new(summary)
        .small()
        .color(theme::palette(ui).accent);
    if ui
        .add(Button::new(text).frame(false))
        .on_hover_text("Show the jobs (Ctrl+J)")
        .clicked()
    {
        commands.act(Action::ShowJobs);
    }
}
