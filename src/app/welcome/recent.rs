//! The list of recent files: those that are gone stay, greyed, until they are removed.

use egui::{Align, CornerRadius, Layout, RichText, Sense, Ui, UiBuilder, Vec2};

use crate::app::command::{Command, Commands};
use crate::app::open::RecentState;
use crate::app::settings::{Kind, Recent, now_unix_secs};
use crate::app::widgets::{self, Glyph};
use crate::app::{numbers, theme};

/// Draws the list.
pub(crate) fn show(
    ui: &mut Ui,
    recent: &[Recent],
    states: &[RecentState],
    commands: &mut Commands,
) {
    ui.horizontal(|ui| {
        widgets::caption(ui, "Recent");
        if !recent.is_empty() {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let clear = egui::Button::new(RichText::new("Clear list").small()).frame(false);
                if ui
                    .add(clear)
                    .on_hover_text("The files stay where they are")
                    .clicked()
                {
                    commands.push(Command::ForgetAllRecent);
                }
            });
        }
    });
    ui.add_space(2.0);
    if recent.is_empty() {
        widgets::weak(ui, "Files and datasets that you open will be listed here.");
        return;
    }
    let now = now_unix_secs();
    for entry in recent {
        let state = states.iter().find(|s| s.path == entry.path);
        row(ui, entry, state, now, commands);
    }
}

fn row(
    ui: &mut Ui,
    entry: &Recent,
    state: Option<&RecentState>,
    now: u64,
    commands: &mut Commands,
) {
    let missing = state.is_some_and(|s| s.size_bytes.is_none());
    let name = numbers::file_name(&entry.path);
    let (rect, response) = ui.allocate_exact_size(
        Vec2::new(ui.available_width(), 44.0),
        if missing {
            Sense::hover()
        } else {
            Sense::click()
        },
    );
    if !missing {
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::Button, true, format!("Open {name}"))
        });
        if response.hovered() || response.has_focus() {
            ui.painter().rect_filled(
                rect,
                CornerRadius::same(6),
                ui.visuals().widgets.inactive.weak_bg_fill,
            );
            ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
        }
        if response.clicked() {
            commands.push(Command::Open(vec![entry.path.clone()]));
        }
    }
    let p = theme::palette(ui);
    let inner = rect.shrink2(Vec2::new(8.0, 3.0));
    let mut child = ui.new_child(
        UiBuilder::new()
            .max_rect(inner)
            .layout(Layout::left_to_right(Align::Center)),
    );
    let sign = match entry.kind {
        Kind::Segy => Glyph::Segy,
        Kind::Dataset => Glyph::Dataset,
    };
    widgets::glyph(&mut child, sign, if missing { p.weak } else { p.accent });
    child.add_space(4.0);
    let right = if missing { 260.0 } else { 210.0 };
    let texts = Vec2::new((child.available_width() - right).max(120.0), inner.height());
    child.allocate_ui_with_layout(texts, Layout::top_down(Align::Min), |ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        let title = RichText::new(&name).color(if missing { p.weak } else { p.text });
        ui.add(egui::Label::new(title).truncate());
        let folder = entry
            .path
            .parent()
            .map(|d| d.display().to_string())
            .unwrap_or_default();
        let path = RichText::new(numbers::elide(&folder, 64))
            .small()
            .color(p.weak);
        ui.add(egui::Label::new(path).truncate())
            .on_hover_text(entry.path.display().to_string());
    });
    child.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if missing {
            if ui
                .button("Remove")
                .on_hover_text("Take it off this list")
                .clicked()
            {
                commands.push(Command::ForgetRecent(entry.path.clone()));
            }
            if ui
                .button("Locate…")
                .on_hover_text("Say where it is now")
                .clicked()
            {
                commands.push(Command::LocateRecent(entry.path.clone(), entry.kind));
            }
            ui.label(RichText::new("not there any more").small().color(p.warning));
        } else {
            ui.label(
                RichText::new(facts(entry, state, now))
                    .small()
                    .color(p.weak),
            );
        }
    });
}

fn facts(entry: &Recent, state: Option<&RecentState>, now: u64) -> String {
    let size = state.and_then(|s| s.size_bytes).unwrap_or(entry.size_bytes);
    let what = match (entry.kind, entry.n_traces) {
        (Kind::Dataset, Some(n)) => numbers::plural(n, "trace", "traces"),
        (Kind::Dataset, None) => "dataset".to_owned(),
        (Kind::Segy, _) => numbers::bytes(size),
    };
    format!("{what} · {}", numbers::ago(entry.opened_unix_secs, now))
}
