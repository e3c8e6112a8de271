//! Which gather? Keys, the one on the screen, steps, a value to go to, and the list of all.

use egui::{Align, Button, ComboBox, Layout, Pos2, Rect, RichText, TextEdit, Ui, Vec2};

use super::keys::entry_label;
use super::{OpenView, ViewerCommand};
use crate::app::command::Action;
use crate::app::shortcuts::keys_of;
use crate::app::widgets::{BAR, Pick, take_wheel, that_fit};
use crate::app::{names, numbers, theme, widgets};
use crate::browse::{Computed, GatherIndex, SortBy};

/// Points of a row of the list, with the gap below.
const LIST_ROW: f32 = 23.0;

/// Draws the navigator.
pub(crate) fn show(ui: &mut Ui, view: &mut OpenView, queue: &mut Vec<ViewerCommand>) {
    keys(ui, view, queue);
    indexing(ui, view, queue);
    ui.add_space(6.0);
    if view.section.line().is_some() {
        line(ui, view, queue);
        return;
    }
    let Some(index) = view.index.clone() else {
        return;
    };
    stepper(ui, view, &index, queue);
    ui.add_space(6.0);
    go_to(ui, view, queue);
    ui.add_space(6.0);
    sort_by(ui, view, queue);
    ui.add_space(6.0);
    header_rows(ui, view, queue);
    ui.add_space(8.0);
    list(ui, view, &index, queue);
}

/// The keys that are being sought, or those of the index.
fn keys_now(view: &OpenView) -> Vec<String> {
    view.indexing
        .as_ref()
        .map(|i| i.keys.clone())
        .or_else(|| view.index.as_ref().map(|i| i.keys.clone()))
        .unwrap_or_default()
}

fn keys(ui: &mut Ui, view: &mut OpenView, queue: &mut Vec<ViewerCommand>) {
    ui.horizontal(|ui| {
        widgets::caption(ui, "Gathers by");
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let open = view.computed_key.is_some();
            let button = Button::selectable(open, RichText::new("Compute…").small());
            let hover = "A key that is computed from headers, as bins of offset";
            if ui.add(button).on_hover_text(hover).clicked() {
                view.computed_key = if open {
                    None
                } else {
                    Some("bin(offset, 100)".to_owned())
                };
            }
        });
    });
    computed_key(ui, view, queue);
    let now = keys_now(view);
    let first = now.first().cloned();
    let second = now.get(1).cloned();
    let names = &view.source.facts().header_names;
    let in_line = view.section.line().is_some();
    whole_line(ui, in_line, queue);
    if let Some(chosen) = key_combo(
        ui,
        "First key",
        first.as_deref().filter(|_| !in_line),
        if in_line {
            "Gathers by…"
        } else {
            "Consecutive traces"
        },
        names,
    ) {
        queue.push(ViewerCommand::SetKeys(
            chosen.column().into_iter().collect(),
        ));
    }
    let Some(first) = first.filter(|_| !in_line) else {
        return;
    };
    let others: Vec<String> = names.iter().filter(|n| **n != first).cloned().collect();
    if let Some(chosen) = key_combo(
        ui,
        "Second key",
        second.as_deref(),
        "No second key",
        &others,
    ) {
        let keys = std::iter::once(first).chain(chosen.column()).collect();
        queue.push(ViewerCommand::SetKeys(keys));
    }
}

/// The box for a key that is computed, while it is open.
fn computed_key(ui: &mut Ui, view: &mut OpenView, queue: &mut Vec<ViewerCommand>) {
    let columns = &view.source.facts().header_names;
    let Some(text) = &mut view.computed_key else {
        return;
    };
    let problem = Computed::parse(text.trim()).err();
    ui.horizontal(|ui| {
        let edit = TextEdit::singleline(text)
            .id(egui::Id::unique("computed key"))
            .hint_text("bin(offset, 100)")
            .desired_width((ui.available_width() - 62.0).max(60.0));
        let response = ui.add(edit);
        widgets::name_field(&response, "Computed key");
        let entered = response.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
        let button = ui.add_enabled(problem.is_none(), Button::new("Use"));
        let why = problem.clone().unwrap_or_default();
        let pressed = button
            .on_hover_text("Gathers by this key (Enter)")
            .on_disabled_hover_text(why)
            .clicked();
        if (entered || pressed) && problem.is_none() {
            queue.push(ViewerCommand::SetKeys(vec![full_names(
                text.trim(),
                columns,
            )]));
        }
    });
    let hint = problem.unwrap_or_else(|| {
        "Headers with + − * / %, bin(header, width), abs, min, max. Whole numbers; / rounds down."
            .to_owned()
    });
    ui.add(egui::Label::new(RichText::new(hint).small().color(theme::palette(ui).weak)).wrap());
    ui.add_space(4.0);
}

/// A bin of a header whose name is short ("offset") with the name of the column.
fn full_names(key: &str, columns: &[String]) -> String {
    let mut full = key.to_owned();
    for name in Computed::parse(key).map(|k| k.columns).unwrap_or_default() {
        let by_label = columns
            .iter()
            .find(|c| names::label(c).eq_ignore_ascii_case(&name.replace('_', " ")));
        if let Some(column) = by_label.filter(|_| !columns.contains(&name)) {
            full = full.replace(&name, column);
        }
    }
    full
}

/// By what the traces of a gather are sorted: two values, each either way.
fn sort_by(ui: &mut Ui, view: &OpenView, queue: &mut Vec<ViewerCommand>) {
    widgets::caption(ui, "Traces sorted by");
    let columns = &view.source.facts().header_names;
    let n_shown = (view.sort.len() + 1).min(2);
    for i in 0..n_shown {
        let now = view.sort.get(i);
        let mut changed: Option<Option<SortBy>> = None;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            let flip = now.map_or(0.0, |_| 58.0);
            let title = if i == 0 { "Sort by" } else { "Then by" };
            let none = if i == 0 {
                "As in the file"
            } else {
                "Then as in the file"
            };
            let width = ui.available_width() - flip;
            let chosen = ui
                .allocate_ui_with_layout(
                    Vec2::new(width, 24.0),
                    Layout::top_down(Align::Min),
                    |ui| key_combo(ui, title, now.map(|s| s.key.as_str()), none, columns),
                )
                .inner;
            if let Some(pick) = chosen {
                changed = Some(pick.column().map(|key| SortBy {
                    key,
                    descending: now.is_some_and(|s| s.descending),
                }));
            }
            if let Some(now) = now {
                let (text, name) = if now.descending {
                    ("9…0", "Largest first")
                } else {
                    ("0…9", "Smallest first")
                };
                let response = ui.add(Button::new(text).min_size(Vec2::new(50.0, 24.0)));
                response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, name));
                if response
                    .on_hover_text(format!("{name}: click for the other way"))
                    .clicked()
                {
                    changed = Some(Some(SortBy {
                        descending: !now.descending,
                        ..now.clone()
                    }));
                }
            }
        });
        if let Some(new) = changed {
            let mut sort = view.sort.clone();
            sort.truncate(if new.is_some() { 2 } else { i });
            match new {
                Some(new) if i < sort.len() => sort[i] = new,
                Some(new) => sort.push(new),
                None => {}
            }
            queue.push(ViewerCommand::SetSort(sort));
        }
    }
}

fn whole_line(ui: &mut Ui, in_line: bool, queue: &mut Vec<ViewerCommand>) {
    let button = Button::selectable(in_line, "Whole line")
        .right_text(RichText::new(keys_of(Action::WholeLine)).weak())
        .min_size(Vec2::new(ui.available_width(), 26.0));
    let hover = "The whole line as one section, from afar down to one sample";
    if ui.add(button).on_hover_text(hover).clicked() {
        queue.push(ViewerCommand::ShowLine);
    }
}

/// What there is to choose of a line: its place, and what stands on top.
fn line(ui: &mut Ui, view: &mut OpenView, queue: &mut Vec<ViewerCommand>) {
    ui.add(egui::Label::new(
        RichText::new("Whole line").size(18.0).strong(),
    ));
    let n_traces = view.section.n_traces();
    widgets::weak(ui, numbers::plural(n_traces, "trace", "traces"));
    if let Some(window) = view.section.window() {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "traces of the line"
        )]
        let edge = |trace: f64| numbers::count(trace.max(0.0) as u64);
        let first = edge(window.first_trace.floor() + 1.0);
        let last = edge((window.first_trace + window.n_traces).ceil());
        widgets::weak(ui, format!("shown: {first} to {last}"));
    }
    ui.add_space(6.0);
    go_to(ui, view, queue);
    ui.add_space(6.0);
    header_rows(ui, view, queue);
    ui.add_space(8.0);
    for hint in [
        "Wheel: zoom. Drag: zoom into a box. Middle drag: move.",
        "The strip under the section shows the whole line; click or drag there to move.",
    ] {
        ui.add(egui::Label::new(RichText::new(hint).small().color(theme::palette(ui).weak)).wrap());
    }
}

/// A choice among header columns; gives what was chosen anew.
fn key_combo(
    ui: &mut Ui,
    title: &str,
    now: Option<&str>,
    none: &str,
    columns: &[String],
) -> Option<Pick> {
    let mut chosen = None;
    let selected = now.map_or_else(|| none.to_owned(), names::label);
    let combo = ComboBox::from_id_salt(title)
        .selected_text(&selected)
        .width(ui.available_width())
        .truncate()
        .show_ui(ui, |ui| {
            if ui.selectable_label(now.is_none(), none).clicked() {
                chosen = Some(Pick::Nothing);
            }
            for column in common_first(columns) {
                if ui
                    .selectable_label(now == Some(column), names::label(column))
                    .on_hover_text(column)
                    .clicked()
                {
                    chosen = Some(Pick::Column(column.to_owned()));
                }
            }
        });
    combo.response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("{title}: {selected}"))
    });
    chosen
}

/// Common columns first, then the others in their order.
fn common_first(columns: &[String]) -> impl Iterator<Item = &str> {
    let common = names::COMMON
        .iter()
        .copied()
        .filter(|c| columns.iter().any(|n| n == c));
    let rest = columns
        .iter()
        .map(String::as_str)
        .filter(|c| !names::COMMON.contains(c));
    common.chain(rest)
}

fn indexing(ui: &mut Ui, view: &OpenView, queue: &mut Vec<ViewerCommand>) {
    let Some(indexing) = &view.indexing else {
        return;
    };
    let fraction = indexing.context.progress.snapshot().fraction();
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        let percent = fraction.map_or_else(String::new, |f| format!(" {:.0} %", f * 100.0));
        widgets::weak(ui, format!("Reading headers…{percent}"));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.small_button("Cancel").clicked() {
                queue.push(ViewerCommand::CancelIndexing);
            }
        });
    });
    widgets::progress(ui, fraction, "Reading headers");
}

fn stepper(ui: &mut Ui, view: &OpenView, index: &GatherIndex, queue: &mut Vec<ViewerCommand>) {
    let Some(entry) = index.get(view.wanted) else {
        widgets::weak(ui, "No gathers");
        return;
    };
    ui.add(
        egui::Label::new(
            RichText::new(entry_label(index, &entry.key))
                .size(18.0)
                .strong(),
        )
        .wrap(),
    );
    let position = numbers::count(view.wanted as u64 + 1);
    let all = numbers::count(index.len() as u64);
    widgets::weak(
        ui,
        format!(
            "{position} of {all} · {}",
            numbers::plural(entry.n_traces(), "trace", "traces")
        ),
    );
    ui.add_space(2.0);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let width = ((ui.available_width() - 12.0) / 4.0).max(28.0);
        let (first, last) = (view.wanted == 0, view.wanted + 1 >= index.len());
        for (text, name, action, enabled) in [
            ("|←", "First gather", Action::FirstGather, !first),
            ("←", "Previous gather", Action::PreviousGather, !first),
            ("→", "Next gather", Action::NextGather, !last),
            ("→|", "Last gather", Action::LastGather, !last),
        ] {
            let button = Button::new(text).min_size(Vec2::new(width, 28.0));
            let response = ui.add_enabled(enabled, button);
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, enabled, name));
            let hover = format!("{name} ({})", keys_of(action));
            if response
                .on_hover_text(hover.clone())
                .on_disabled_hover_text(hover)
                .clicked()
            {
                queue.push(ViewerCommand::Act(action));
            }
        }
    });
    let n = index.len().saturating_sub(1).max(1);
    let share = view.wanted as f64 / n as f64;
    ui.add_space(2.0);
    widgets::progress(ui, Some(share), &format!("Gather {position} of {all}"));
}

fn go_to(ui: &mut Ui, view: &mut OpenView, queue: &mut Vec<ViewerCommand>) {
    let in_line = view.section.line().is_some();
    let key = view
        .index
        .as_ref()
        .filter(|index| !in_line && !index.keys.is_empty())
        .map_or_else(
            || "trace".to_owned(),
            |index| {
                let labels: Vec<String> = index.keys.iter().map(|k| names::label(k)).collect();
                labels.join(", ")
            },
        );
    ui.horizontal(|ui| {
        let edit = TextEdit::singleline(&mut view.go_to)
            .id(egui::Id::unique("go to box"))
            .hint_text(if in_line {
                "Trace, or 1500-2400".to_owned()
            } else {
                format!("{key} value")
            })
            .desired_width((ui.available_width() - 62.0).max(60.0));
        let response = ui.add(edit);
        widgets::name_field(&response, &format!("Go to {key}"));
        if std::mem::take(&mut view.focus_go_to) {
            response.request_focus();
        }
        let entered = response.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
        let pressed = ui
            .button("Go")
            .on_hover_text("Go to this key value (Ctrl+G)")
            .clicked();
        if (entered || pressed) && !view.go_to.trim().is_empty() {
            queue.push(ViewerCommand::GoToText);
        }
    });
}

fn header_rows(ui: &mut Ui, view: &OpenView, queue: &mut Vec<ViewerCommand>) {
    widgets::caption(ui, "Header values on top");
    let names = &view.source.facts().header_names;
    for i in 0..2 {
        let now = view.rows.get(i).map(String::as_str);
        let title = if i == 0 {
            "First header row"
        } else {
            "Second header row"
        };
        if let Some(chosen) = key_combo(ui, title, now, "None", names) {
            let mut rows = view.rows.clone();
            match (chosen.column(), i < rows.len()) {
                (Some(column), true) => rows[i] = column,
                (Some(column), false) => rows.push(column),
                (None, true) => {
                    rows.remove(i);
                }
                (None, false) => {}
            }
            rows.dedup();
            queue.push(ViewerCommand::SetRows(rows));
        }
    }
}

fn list(ui: &mut Ui, view: &mut OpenView, index: &GatherIndex, queue: &mut Vec<ViewerCommand>) {
    ui.horizontal(|ui| {
        widgets::caption(ui, "All gathers");
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            widgets::hint(ui, "traces")
        });
    });
    let rect = ui.available_rect_before_wrap();
    let n_rows = index.len() as u64;
    let n_visible = that_fit(rect.height(), LIST_ROW);
    let scroll = &mut view.list_scroll;
    if std::mem::take(&mut view.scroll_to_wanted) {
        scroll.center(view.wanted as u64, n_visible);
    }
    if ui.rect_contains_pointer(rect) {
        scroll.turn(take_wheel(ui.ctx()).y, LIST_ROW);
    }
    let rows = scroll.rows(n_rows, n_visible);
    let width = rect.width() - if n_rows > n_visible { BAR } else { 0.0 };
    let p = theme::palette(ui);
    ui.spacing_mut().button_padding.y = 1.0;
    for (place, position) in rows.enumerate() {
        let position = usize::try_from(position).unwrap_or(usize::MAX);
        let Some(entry) = index.get(position) else {
            continue;
        };
        let label = if index.keys.is_empty() {
            entry_label(index, &entry.key)
        } else {
            let values: Vec<String> = entry.key.iter().map(i64::to_string).collect();
            values.join(" · ")
        };
        let right = RichText::new(numbers::count(entry.n_traces())).color(p.weak);
        let top = rect.top() + LIST_ROW * place as f32;
        let size = Vec2::new(width, LIST_ROW - 1.0);
        let line = Rect::from_min_size(Pos2::new(rect.left(), top), size);
        let button = Button::selectable(position == view.wanted, label)
            .right_text(right)
            .min_size(size);
        if ui.put(line, button).clicked() {
            queue.push(ViewerCommand::Go(position));
        }
    }
    let mut track = rect;
    track.min.x = rect.right() - BAR + 2.0;
    (view.list_scroll).bar(ui, track, "List of gathers", n_visible, n_rows);
}
