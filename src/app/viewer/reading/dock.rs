//! The panels below the section, side by side: spectrum, table of headers, map.

use egui::{Frame, Margin, Panel, Rect, Ui, UiBuilder};

use super::{ReadingSettings, map, spectrum, table_view};
use crate::app::theme;
use crate::app::viewer::{OpenView, ViewerCommand};

/// Points between two panels.
const GAP: f32 = 12.0;

/// Which panel, and how much of the width it wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pane {
    Table,
    Spectrum,
    Map,
}

impl Pane {
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
    let most = (ui.available_height() - 240.0).max(140.0);
    let frame = Frame::new()
        .fill(ui.visuals().panel_fill)
        .inner_margin(Margin::symmetric(10, 6));
    Panel::bottom("reading dock")
        .frame(frame)
        .resizable(true)
        .default_size(260.0_f32.min(most))
        .size_range(140.0..=most)
        .show(ui, |ui| {
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
