//! Messages over the window: what just happened floats at the lower right, all of it in a list.

use egui::{
    Align, Align2, Area, CornerRadius, Frame, Id, Layout, Margin, Order, RichText, ScrollArea,
    Stroke,
};

use super::command::{Command, Commands};
use super::messages::{Notice, Notices, Severity};
use super::theme;
use super::widgets;

/// Leaves the buttons at the foot of the import page free.
const ABOVE_BUTTONS: f32 = 134.0;
/// At most so many float at once.
const FLOATING: usize = 4;

/// Draws what floats, and the list where it is open.
pub(crate) fn show(ctx: &egui::Context, notices: &mut Notices, commands: &mut Commands) {
    let floating: Vec<&Notice> = notices
        .list()
        .iter()
        .filter(|n| n.floating)
        .rev()
        .take(FLOATING)
        .collect();
    if !floating.is_empty() && !notices.open {
        Area::new(Id::unique("notices"))
            .order(Order::Foreground)
            .anchor(Align2::RIGHT_BOTTOM, [-18.0, -ABOVE_BUTTONS])
            .show(ctx, |ui| {
                ui.set_max_width(420.0);
                for notice in floating.iter().rev() {
                    toast(ui, notice, commands);
                }
            });
    }
    if notices.open {
        list(ctx, notices, commands);
    }
}

fn toast(ui: &mut egui::Ui, notice: &Notice, commands: &mut Commands) {
    let p = theme::palette(ui);
    let edge = match notice.message.severity {
        Severity::Error => p.error,
        Severity::Warning => p.warning,
        Severity::Info | Severity::Success => p.line,
    };
    Frame::new()
        .fill(ui.visuals().window_fill)
        .stroke(Stroke::new(1.0, edge))
        .corner_radius(CornerRadius::same(8))
        .inner_margin(Margin::same(11))
        .shadow(ui.visuals().popup_shadow)
        .show(ui, |ui| {
            ui.set_width(390.0);
            if widgets::message_body(ui, &notice.message) {
                commands.push(Command::Copy(notice.message.as_text()));
            }
            if notice.message.severity == Severity::Error {
                ui.horizontal(|ui| {
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        if ui.button("Dismiss").clicked() {
                            commands.push(Command::SettleNotice(notice.id));
                        }
                    });
                });
            }
        });
    ui.add_space(4.0);
}

fn list(ctx: &egui::Context, notices: &mut Notices, commands: &mut Commands) {
    let mut open = true;
    egui::Window::new("Messages")
        .open(&mut open)
        .anchor(Align2::RIGHT_TOP, [-14.0, 46.0])
        .collapsible(false)
        .resizable(false)
        .show(ctx, |ui| {
            ui.set_width(460.0);
            if ui.button("Clear").clicked() {
                commands.push(Command::ClearNotices);
            }
            ui.separator();
            ScrollArea::vertical().max_height(420.0).show(ui, |ui| {
                for notice in notices.list().iter().rev() {
                    if widgets::message_body(ui, &notice.message) {
                        commands.push(Command::Copy(notice.message.as_text()));
                    }
                    ui.separator();
                }
                if notices.list().is_empty() {
                    ui.label(RichText::new("Nothing to say.").color(theme::palette(ui).weak));
                }
            });
        });
    notices.open = open && notices.open;
}
