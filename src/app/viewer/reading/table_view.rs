//! The table of trace headers on the screen: heads, visible rows only, scroll bar, filter, columns.

use egui::{
    Align2, Button, Color32, Pos2, Rect, ScrollArea, Sense, TextEdit, TextStyle, Ui, UiBuilder,
    Vec2, WidgetInfo,
};

use super::chart::number_font;
use super::column_choice::ordered;
use super::pins::fraction;
use super::table::HeaderTable;
use super::table_rows::Sheet;
use super::{ReadingSettings, units};
use crate::app::viewer::{OpenView, ViewerCommand};
use crate::app::widgets::{BAR, take_wheel, that_fit};
use crate::app::{names, numbers, theme, widgets};
use crate::browse::TableQuery;

/// Points of a row and of the heads.
const ROW: f32 = 20.0;
const HEAD: f32 = 24.0;
/// Points of the column of trace numbers, and the least of any other.
const NUMBER: f32 = 92.0;
const LEAST_COLUMN: f32 = 74.0;

/// Draws the panel.
pub(crate) fn show(
    ui: &mut Ui,
    view: &mut OpenView,
    settings: &ReadingSettings,
    queue: &mut Vec<ViewerCommand>,
) {
    view.reading.table.take(settings);
    top(ui, &mut view.reading.table, settings, queue);
    if let Some(error) = view.reading.table.error.clone() {
        widgets::warning_line(ui, &error);
    }
    let sheet = view.reading.table.sheet(settings);
    let length = view.reading.file_headers().and_then(|f| f.length_unit);
    let rect = ui.available_rect_before_wrap();
    if rect.height() < HEAD + ROW {
        return;
    }
    let n_visible = that_fit(rect.height() - HEAD - BAR, ROW);
    follow(
        &mut view.reading.table,
        &view.section.pins,
        &sheet,
        n_visible,
    );
    if ui.rect_contains_pointer(rect) && ui.input(|i| !i.modifiers.shift) {
        let wheel = take_wheel(ui.ctx());
        view.reading.table.scroll.turn(wheel.y, ROW);
    }
    let table = &mut view.reading.table;
    let rows = table.scroll.rows(sheet.n_rows, n_visible);
    table.rows.want(&sheet, &rows);
    let mut inner = rect;
    inner.max.x -= BAR;
    let builder = UiBuilder::new().max_rect(inner).id_salt("table body");
    let pins = view.section.pins.clone();
    let mut clicked = None;
    ui.scope_builder(builder, |ui| {
        ScrollArea::horizontal()
            .id_salt("table across")
            .auto_shrink(false)
            .show(ui, |ui| {
                let width = width(&sheet, inner.width());
                let (all, _) = ui.allocate_exact_size(
                    Vec2::new(
                        NUMBER + width * sheet.columns.len() as f32,
                        inner.height() - BAR,
                    ),
                    Sense::hover(),
                );
                heads(ui, all, width, table, &sheet, length);
                for (i, row) in rows.clone().enumerate() {
                    let top = all.top() + HEAD + ROW * i as f32;
                    let line = Rect::from_min_size(
                        Pos2::new(all.left(), top),
                        Vec2::new(all.width(), ROW),
                    );
                    if let Some(trace) = draw_row(ui, line, width, row, table, &sheet, &pins) {
                        clicked = Some(trace);
                    }
                }
            });
    });
    let track = Rect::from_min_max(
        Pos2::new(rect.right() - BAR + 2.0, rect.top() + HEAD),
        Pos2::new(rect.right(), rect.bottom() - BAR),
    );
    let name = "Rows of the table";
    (table.scroll).bar(ui, track, name, n_visible, sheet.n_rows);
    if sheet.n_rows == 0 {
        ui.painter().text(
            rect.center(),
            Align2::CENTER_CENTER,
            "No trace fits the filter",
            TextStyle::Body.resolve(ui.style()),
            theme::palette(ui).weak,
        );
    }
    if let Some(why) = table.rows.error() {
        ui.painter().text(
            rect.center(),
            Align2::CENTER_CENTER,
            why,
            number_font(ui),
            theme::palette(ui).error,
        );
    }
    if let Some(trace) = clicked {
        // The row was clicked where it stands: it need not be scrolled to.
        table.followed = Some(trace);
        queue.push(ViewerCommand::ShowTrace(trace));
    }
}

/// Scrolls to the trace that was pinned elsewhere, once.
fn follow(table: &mut HeaderTable, pins: &[u64], sheet: &Sheet, n_visible: u64) {
    let pinned = pins.last().copied();
    if pinned == table.followed {
        return;
    }
    table.followed = pinned;
    if let Some(row) = pinned.and_then(|trace| sheet.row(trace)) {
        table.scroll.show(row, n_visible);
    }
}

fn width(sheet: &Sheet, available: f32) -> f32 {
    let n = sheet.columns.len().max(1) as f32;
    ((available - NUMBER) / n).clamp(LEAST_COLUMN, 130.0)
}

/// Filter, columns, and what is shown.
fn top(
    ui: &mut Ui,
    table: &mut HeaderTable,
    settings: &ReadingSettings,
    queue: &mut Vec<ViewerCommand>,
) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        widgets::caption(ui, "Trace headers");
        let room = (ui.available_width() - 240.0).clamp(90.0, 320.0);
        let edit = TextEdit::singleline(&mut table.filter)
            .id(egui::Id::unique("table filter"))
            .hint_text("Filter: cdp > 100 and offset < 500")
            .desired_width(room);
        let response = ui.add(edit);
        widgets::name_field(&response, "Filter the table by an expression");
        let entered = response.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
        let changed = table.filter.trim() != table.wanted().filter.trim();
        let apply = ui
            .add_enabled(changed, Button::new("Filter"))
            .on_hover_text("Show only traces for which this holds, as headers --where (Enter)")
            .on_disabled_hover_text("Type an expression over header names first");
        if apply.clicked() || (entered && changed) {
            let query = TableQuery {
                filter: table.filter.trim().to_owned(),
                sort: table.wanted().sort.clone(),
            };
            table.start(query);
        }
        if !table.wanted().filter.is_empty() && ui.button("Clear").clicked() {
            table.filter.clear();
            let query = TableQuery {
                filter: String::new(),
                sort: table.wanted().sort.clone(),
            };
            table.start(query);
        }
        columns_menu(ui, table, settings, queue);
        if table.running.is_some()
            && ui
                .button("Cancel")
                .on_hover_text("Keep the rows as they are")
                .clicked()
        {
            table.running = None;
        }
    });
    ui.horizontal(|ui| {
        widgets::hint(ui, table.words());
        if table.running.is_some() {
            ui.ctx()
                .request_repaint_after(std::time::Duration::from_millis(100));
        }
        if let Some((column, descending)) = &table.query.sort {
            let way = if *descending {
                "largest first"
            } else {
                "smallest first"
            };
            widgets::hint(ui, format!("· sorted by {}, {way}", names::label(column)));
        }
    });
}

fn columns_menu(
    ui: &mut Ui,
    table: &mut HeaderTable,
    settings: &ReadingSettings,
    queue: &mut Vec<ViewerCommand>,
) {
    let shown = table.columns(settings);
    let mut chosen = shown.clone();
    let all = ordered(table.source.number_names());
    let menu = egui::containers::menu::MenuConfig::default()
        .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside);
    let button = egui::containers::menu::MenuButton::new("Columns").config(menu);
    button.ui(ui, |ui| {
        let edit = TextEdit::singleline(&mut table.column_filter)
            .id(egui::Id::unique("column filter"))
            .hint_text("Find a column")
            .desired_width(220.0);
        let response = ui.add(edit);
        widgets::name_field(&response, "Find a column");
        let wanted = table.column_filter.trim().to_lowercase();
        ui.horizontal(|ui| {
            if ui.button("All").clicked() {
                chosen.clone_from(&all);
            }
            if ui.button("The common ones").clicked() {
                chosen.clear();
            }
        });
        ScrollArea::vertical().max_height(300.0).show(ui, |ui| {
            for name in &all {
                let label = names::label(name);
                let fits = wanted.is_empty()
                    || name.contains(&wanted)
                    || label.to_lowercase().contains(&wanted);
                if !fits {
                    continue;
                }
                let mut on = chosen.contains(name);
                let response = ui.checkbox(&mut on, label).on_hover_text(name);
                if response.changed() {
                    if on {
                        chosen.push(name.clone());
                    } else if chosen.len() > 1 {
                        chosen.retain(|n| n != name);
                    }
                }
            }
        });
    });
    if chosen != shown {
        let mut changed = settings.clone();
        changed.table_columns = chosen;
        queue.push(ViewerCommand::SetReading(Box::new(changed)));
    }
}

fn heads(
    ui: &Ui,
    all: Rect,
    width: f32,
    table: &mut HeaderTable,
    sheet: &Sheet,
    length: Option<&'static str>,
) {
    let p = theme::palette(ui);
    let ground = Rect::from_min_size(all.min, Vec2::new(all.width(), HEAD));
    ui.painter()
        .rect_filled(ground, 0.0, ui.visuals().widgets.inactive.bg_fill);
    let small = TextStyle::Small.resolve(ui.style());
    let number = Rect::from_min_size(all.min, Vec2::new(NUMBER, HEAD));
    ui.painter().text(
        number.right_center() - Vec2::new(10.0, 0.0),
        Align2::RIGHT_CENTER,
        "Trace",
        small.clone(),
        p.weak,
    );
    let mut sort = None;
    for (i, name) in sheet.columns.iter().enumerate() {
        let left = all.left() + NUMBER + width * i as f32;
        let rect = Rect::from_min_size(Pos2::new(left, all.top()), Vec2::new(width, HEAD));
        let response = ui.interact(rect, ui.scope_id().with(("head", name)), Sense::click());
        let sorted = table.query.sort.as_ref().filter(|(n, _)| n == name);
        let mark = match sorted {
            Some((_, true)) => " ↓",
            Some((_, false)) => " ↑",
            None => "",
        };
        let label = names::label(name);
        response.widget_info(|| {
            WidgetInfo::labeled(egui::Role::Button, true, format!("Sort by {label}"))
        });
        let extent = table.extent(name);
        let constant = extent.is_some_and(|(low, high)| high <= low);
        let ink = if constant { p.weak } else { p.text };
        if response.hovered() {
            ui.painter()
                .rect_filled(rect, 0.0, ui.visuals().widgets.hovered.bg_fill);
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a size on the screen"
        )]
        let fits = (width / 7.6 - 1.0).max(5.0) as usize;
        ui.painter().text(
            rect.right_center() - Vec2::new(8.0, 0.0),
            Align2::RIGHT_CENTER,
            format!("{}{mark}", numbers::elide(&label, fits)),
            small.clone(),
            ink,
        );
        let unit = units::unit(name, length);
        let unit = if unit.is_empty() {
            String::new()
        } else {
            format!(" ({unit})")
        };
        let facts = match extent {
            Some((low, high)) if high <= low => {
                format!("The same in all traces: {}", fraction(low))
            }
            Some((low, high)) => format!("{} to {}", fraction(low), fraction(high)),
            None => "No values known yet".to_owned(),
        };
        if response.clicked() {
            sort = Some(name.clone());
        }
        response.on_hover_text(format!(
            "{label}{unit}\n{name}\n{facts}\nClick: smallest first, largest first, as in the file"
        ));
    }
    if let Some(name) = sort {
        table.sort_by(&name);
    }
}

/// Draws a row; gives its trace when it was clicked.
fn draw_row(
    ui: &Ui,
    line: Rect,
    width: f32,
    row: u64,
    table: &HeaderTable,
    sheet: &Sheet,
    pins: &[u64],
) -> Option<u64> {
    let trace = sheet.trace(row)?;
    let p = theme::palette(ui);
    let response = ui.interact(line, ui.scope_id().with(("row", row)), Sense::click());
    let pinned = pins.iter().position(|t| *t == trace);
    response.widget_info(|| {
        let name = format!("Trace {} in the table", numbers::count(trace + 1));
        WidgetInfo::selected(egui::Role::Row, true, pinned.is_some(), name)
    });
    let ground = if pinned.is_some() {
        p.accent.gamma_multiply(0.35)
    } else if response.hovered() {
        ui.visuals().widgets.hovered.bg_fill.gamma_multiply(0.6)
    } else if row.is_multiple_of(2) {
        ui.visuals().faint_bg_color
    } else {
        Color32::TRANSPARENT
    };
    ui.painter().rect_filled(line, 0.0, ground);
    let font = number_font(ui);
    let text = |right: f32, text: String, ink: Color32| {
        ui.painter().text(
            Pos2::new(right, line.center().y),
            Align2::RIGHT_CENTER,
            text,
            font.clone(),
            ink,
        );
    };
    text(
        line.left() + NUMBER - 10.0,
        numbers::count(trace + 1),
        p.weak,
    );
    for (i, name) in sheet.columns.iter().enumerate() {
        let right = line.left() + NUMBER + width * (i + 1) as f32 - 8.0;
        let value = table.rows.value(row, i);
        let words = match value {
            None => "…".to_owned(),
            Some(value) if value.is_nan() => "–".to_owned(),
            Some(value) => fraction(value).replace('-', "−"),
        };
        let constant = table.extent(name).is_some_and(|(low, high)| high <= low);
        let ink = if constant || value.is_none_or(f64::is_nan) {
            p.weak.gamma_multiply(0.75)
        } else {
            p.text
        };
        text(right, words, ink);
    }
    response.clicked().then_some(trace)
}
