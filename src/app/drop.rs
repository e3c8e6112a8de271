//! What happens while files hover over the window? It says what would be done with each.

use egui::{Align2, Color32, Id, LayerId, Order, RichText, Shape, Stroke};

use super::open::{Found, Verdict};
use super::widgets::{Glyph, paint_glyph};
use super::{numbers, theme};

/// Rows that are listed; the rest is counted.
const LISTED: usize = 9;

/// Draws the overlay. `found` is what a thread has seen of the files so far.
pub(crate) fn overlay(ctx: &egui::Context, hovered: &[egui::HoveredFile], found: &[Found]) {
    let screen = ctx.content_rect();
    let palette = theme::of(ctx.global_style().visuals.dark_mode);
    let painter = ctx.layer_painter(LayerId::new(Order::Foreground, Id::unique("drop veil")));
    painter.rect_filled(screen, 0.0, Color32::from_black_alpha(205));
    let frame = screen.shrink(26.0);
    painter.extend(Shape::dashed_line(
        &[
            frame.left_top(),
            frame.right_top(),
            frame.right_bottom(),
            frame.left_bottom(),
            frame.left_top(),
        ],
        Stroke::new(2.5, palette.accent),
        14.0,
        9.0,
    ));
    egui::Area::new(Id::unique("drop list"))
        .order(Order::Tooltip)
        .interactable(false)
        .anchor(Align2::CENTER_CENTER, [0.0, -10.0])
        .show(ctx, |ui| {
            ui.set_max_width(screen.width() - 140.0);
            ui.vertical_centered(|ui| {
                let (rect, _) =
                    ui.allocate_exact_size(egui::Vec2::splat(46.0), egui::Sense::hover());
                paint_glyph(ui.painter(), rect, Glyph::Drop, Color32::WHITE);
                ui.add_space(6.0);
                ui.label(
                    RichText::new(headline(hovered.len(), found))
                        .size(24.0)
                        .color(Color32::WHITE),
                );
                ui.add_space(8.0);
                for (name, verdict, good) in rows(hovered, found).iter().take(LISTED) {
                    let ink = if *good {
                        Color32::WHITE
                    } else {
                        Color32::from_gray(165)
                    };
                    ui.label(
                        RichText::new(format!("{name}    {verdict}"))
                            .size(15.0)
                            .color(ink),
                    );
                }
                if hovered.len() > LISTED {
                    let more = format!("and {} more", hovered.len() - LISTED);
                    ui.label(RichText::new(more).color(Color32::from_gray(190)));
                }
            });
        });
}

fn headline(n: usize, found: &[Found]) -> String {
    let datasets = found
        .iter()
        .filter(|f| f.verdict == Verdict::Dataset)
        .count();
    let n_refused = found
        .iter()
        .filter(|f| matches!(f.verdict, Verdict::Refused(_)))
        .count();
    if !found.is_empty() && datasets == found.len() {
        return format!(
            "Drop to open {}",
            numbers::plural(n as u64, "dataset", "datasets")
        );
    }
    if !found.is_empty() && n_refused == found.len() {
        return "Nothing here can be opened".to_owned();
    }
    let in_folders = found.iter().map(|f| match &f.verdict {
        Verdict::Folder { files } => files.len().saturating_sub(1),
        Verdict::Segy { .. } | Verdict::Dataset | Verdict::Refused(_) => 0,
    });
    let n_files = n.saturating_sub(n_refused) + in_folders.sum::<usize>();
    format!(
        "Drop to scan {}",
        numbers::plural(n_files as u64, "file", "files")
    )
}

/// Name, verdict, and whether it will be opened.
fn rows(hovered: &[egui::HoveredFile], found: &[Found]) -> Vec<(String, String, bool)> {
    hovered
        .iter()
        .map(|file| {
            let Some(path) = &file.path else {
                return (file.mime.clone(), String::new(), true);
            };
            let name = numbers::elide(&numbers::file_name(path), 60);
            let verdict = found.iter().find(|f| f.path == *path).map(|f| &f.verdict);
            match verdict {
                None => (name, "…".to_owned(), true),
                Some(Verdict::Segy { size_bytes }) => (
                    name,
                    format!(
                        "{} · will be scanned, not changed",
                        numbers::bytes(*size_bytes)
                    ),
                    true,
                ),
                Some(Verdict::Dataset) => (name, "dataset · will be shown".to_owned(), true),
                Some(Verdict::Folder { files }) => {
                    let n = numbers::plural(files.len() as u64, "SEG-Y file", "SEG-Y files");
                    (name, format!("folder with {n}"), true)
                }
                Some(Verdict::Refused(why)) => (name, why.clone(), false),
            }
        })
        .collect()
}
