//! The panels below the section, side by side: spectrum, table of headers, map. Where there is no room
//! for all of them one is shown, and tabs choose which.

use egui::{Frame, Margin, Panel, Rect, Ui, UiBuilder};

use super::{ReadingSettings, map, spectrum, table_view};
use crate::app::theme;
use crate::app::viewer::{OpenView, ViewerCommand};

/// Points between two panels.
const GAP: f32 = 12.0;

/// No panel is narrower.
const LEAST_WIDTH: f32 = 290.0;

/// Which panel, and how much of the width it wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pane {
    Table,
    Spectrum,
    Map,
}

impl Pane {
    fn label(self) -> &'static str {
        match self {
            Self::Table => "Trace headers",
            Self::Spectrum => "Spectrum",
            Self::Map => "Map",
        }
    }

    fn share(self) -> f32 {
        match self {
            Self::Table => 1.25,
            Self::Spectrum | Self::Map => 1.0,
        }
    }
}

/// Draws the dock, if a panel is open.
pub(crate) fn show(
    ui: &mut Ui,
    view: &mut OpenView,
    settings: &ReadingSettings,
    queue: &mut Vec<ViewerCommand>,
) {
    let selection = view.section.selection;
    if view.reading.spectrum.take_selection(selection.as_ref()) && !settings.spectrum {
        let mut changed = settings.clone();
        changed.spectrum = true;
        queue.push(ViewerCommand::SetReading(Box::new(changed)));
    }
    if !settings.has_dock() {
        return;
    }
    let open = [
        (settings.table, Pane::Table),
        (settings.spectrum, Pane::Spectrum),
        (settings.map, Pane::Map),
    ];
    let panes: Vec<Pane> = open.iter().filter(|(on, _)| *on).map(|(_, p)| *p).collect();
    // The panel that was opened last is the one on top.
    let before = std::mem::replace(&mut view.reading.docked, panes.clone());
    if let Some(new) = panes.iter().find(|pane| !before.contains(pane)) {
        view.reading.on_top = *new;
    }
    let most = (ui.available_height() - 240.0).max(140.0);
    let frame = Frame::new()
        .fill(ui.visuals().panel_fill)
        .inner_margin(Margin::symmetric(10, 6));
    Panel::bottom("reading dock")
        .frame(frame)
        .resizable(true)
        .default_size(
            260.0_f32
                .min(ui.available_height() * 0.42)
                .clamp(140.0, most),
        )
        .size_range(140.0..=most)
        .show(ui, |ui| {
            let all = ui.available_rect_before_wrap();
            let fit = panes.len() as f32 * LEAST_WIDTH <= all.width();
            let panes = if fit {
                panes
            } else {
                vec![tabs(ui, &panes, &mut view.reading.on_top)]
            };
            let all = ui.available_rect_before_wrap();
            let shares: f32 = panes.iter().map(|pane| pane.share()).sum();
            let free = all.width() - GAP * (panes.len() - 1) as f32;
            let mut left = all.left();
            for (i, pane) in panes.iter().enumerate() {
                let width = free * pane.share() / shares;
                let rect = Rect::from_min_max(
                    egui::pos2(left, all.top()),
                    egui::pos2(left + width, all.bottom()),
                );
                if i > 0 {
                    let line = egui::Stroke::new(1.0, theme::palette(ui).line);
                    ui.painter().vline(left - GAP / 2.0, all.y_range(), line);
                }
                left += width + GAP;
                let builder = UiBuilder::new().max_rect(rect).id_salt(("pane", i));
                ui.scope_builder(builder, |ui| {
                    ui.set_clip_rect(rect.expand(2.0).intersect(ui.clip_rect()));
                    match pane {
                        Pane::Table => table_view::show(ui, view, settings, queue),
                        Pane::Spectrum => spectrum::show(
                            ui,
                            &mut view.reading.spectrum,
                            &view.section,
                            settings,
                            queue,
                        ),
                        Pane::Map => map::show(ui, view, queue),
                    }
                });
            }
            ui.allocate_rect(all, egui::Sense::hover());
        });
}

/// One tab a panel; gives the panel on top.
fn tabs(ui: &mut Ui, panes: &[Pane], on_top: &mut Pane) -> Pane {
    if !panes.contains(on_top) {
        *on_top = panes.first().copied().unwrap_or(Pane::Table);
    }
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for pane in panes {
            let chosen = *on_top == *pane;
            let text = egui::RichText::new(pane.label()).small();
            let response = ui.add(egui::Button::selectable(chosen, text));
            response.widget_info(|| {
                let name = format!("Panel: {}", pane.label());
                egui::WidgetInfo::labeled(egui::Role::Tab, true, name)
            });
            if response.clicked() {
                *on_top = *pane;
            }
        }
    });
    *on_top
}
