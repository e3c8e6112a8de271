//! The textual and binary file headers in a window of their own, over the viewer.

use std::sync::Arc;

use egui::{Button, Grid, RichText, ScrollArea, TextEdit, Ui, Vec2, WidgetInfo};

use super::task::Task;
use super::{Reading, Waker};
use crate::app::{names, numbers, theme, widgets};
use crate::browse::{BinaryWord, FileHeaders, TextPage, TraceSource};

/// What is on the screen of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Tab {
    #[default]
    FirstPage,
    Binary,
    Page(usize),
    Stanza(usize),
}

/// See the module.
pub(crate) struct FileHeadersWindow {
    pub(crate) is_open: bool,
    task: Option<Task<FileHeaders>>,
    found: Option<Result<FileHeaders, String>>,
    tab: Tab,
    search: String,
    all_words: bool,
}

impl FileHeadersWindow {
    pub(super) fn new(source: &Arc<dyn TraceSource>, waker: &Waker) -> Self {
        let source = Arc::clone(source);
        let task = Task::start("file headers", waker, move |_| {
            source.file_headers().map_err(|e| e.to_string())
        });
        Self {
            is_open: false,
            task: Some(task),
            found: None,
            tab: Tab::default(),
            search: String::new(),
            all_words: false,
        }
    }

    pub(super) fn take(&mut self) {
        if let Some(found) = self.task.as_ref().and_then(Task::poll) {
            self.found = Some(found);
            self.task = None;
        }
    }

    pub(super) fn found(&self) -> Option<&FileHeaders> {
        self.found.as_ref()?.as_ref().ok()
    }
}

/// Draws the window, if it is open.
pub(crate) fn show(ctx: &egui::Context, reading: &mut Reading) {
    let window = &mut reading.file;
    if !window.is_open {
        return;
    }
    let screen = ctx.content_rect();
    let mut open = true;
    egui::Window::new("File headers")
        .open(&mut open)
        .default_size(Vec2::new(
            (screen.width() - 120.0).min(780.0),
            (screen.height() - 140.0).min(720.0),
        ))
        .max_height(screen.height() - 80.0)
        .collapsible(false)
        .show(ctx, |ui| body(ui, window));
    window.is_open = open;
}

fn body(ui: &mut Ui, window: &mut FileHeadersWindow) {
    let found = match window.found.take() {
        None => {
            ui.spinner();
            return;
        }
        Some(Err(why)) => {
            widgets::warning_line(ui, &why);
            window.found = Some(Err(why));
            return;
        }
        Some(Ok(found)) => found,
    };
    tabs(ui, window, &found);
    ui.separator();
    match window.tab {
        Tab::FirstPage => page(ui, found.pages.first(), window),
        Tab::Page(i) => page(ui, found.pages.get(i), window),
        Tab::Stanza(i) => stanza(ui, found.stanzas.get(i)),
        Tab::Binary => binary(ui, &found.binary, window),
    }
    window.found = Some(Ok(found));
}

fn tabs(ui: &mut Ui, window: &mut FileHeadersWindow, found: &FileHeaders) {
    let mut all = vec![
        (Tab::FirstPage, "Textual header".to_owned()),
        (Tab::Binary, "Binary header".to_owned()),
    ];
    let stanzas = found.stanzas.iter().enumerate();
    all.extend(stanzas.map(|(i, (name, _))| (Tab::Stanza(i), numbers::elide(name, 32))));
    let pages = found.pages.iter().enumerate().skip(1);
    all.extend(pages.map(|(i, page)| (Tab::Page(i), page.title.clone())));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        for (tab, label) in all {
            if ui
                .add(Button::selectable(window.tab == tab, label))
                .clicked()
            {
                window.tab = tab;
            }
        }
    });
}

fn page(ui: &mut Ui, page: Option<&TextPage>, window: &mut FileHeadersWindow) {
    let Some(page) = page.filter(|page| !page.lines.is_empty()) else {
        widgets::weak(ui, "This file has no textual header.");
        return;
    };
    ui.horizontal(|ui| {
        widgets::hint(ui, format!("40 lines of 80 characters, {}", page.encoding));
        if ui.small_button("Copy").clicked() {
            ui.ctx().copy_text(page.lines.join("\n"));
        }
        let edit = TextEdit::singleline(&mut window.search)
            .id(egui::Id::unique("find in file headers"))
            .hint_text("Find")
            .desired_width(160.0);
        let response = ui.add(edit);
        widgets::name_field(&response, "Find in the header");
    });
    let p = theme::palette(ui);
    let wanted = window.search.trim().to_lowercase();
    ScrollArea::both()
        .id_salt("text page")
        .auto_shrink(false)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing = Vec2::new(8.0, 1.0);
            ui.spacing_mut().interact_size.y = 15.0;
            for (i, line) in page.lines.iter().enumerate() {
                let hit = !wanted.is_empty() && line.to_lowercase().contains(&wanted);
                ui.horizontal(|ui| {
                    let number = RichText::new(format!("{:>2}", i + 1)).monospace();
                    ui.label(number.color(p.weak));
                    let mut text = RichText::new(format!("{line:<80}")).monospace();
                    if hit {
                        text = text.background_color(p.warning.gamma_multiply(0.35));
                    }
                    ui.add(egui::Label::new(text).extend().selectable(true));
                });
            }
        });
}

fn stanza(ui: &mut Ui, stanza: Option<&(String, String)>) {
    let Some((name, text)) = stanza else {
        widgets::weak(ui, "There is no such stanza.");
        return;
    };
    ui.horizontal(|ui| {
        ui.label(RichText::new(name).strong());
        if ui.small_button("Copy").clicked() {
            ui.ctx().copy_text(text.clone());
        }
    });
    ScrollArea::both()
        .id_salt("stanza text")
        .auto_shrink(false)
        .show(ui, |ui| {
            let text = RichText::new(text).monospace();
            ui.add(egui::Label::new(text).extend().selectable(true));
        });
}

fn binary(ui: &mut Ui, words: &[BinaryWord], window: &mut FileHeadersWindow) {
    if words.is_empty() {
        widgets::weak(ui, "This file has no binary header.");
        return;
    }
    ui.horizontal(|ui| {
        widgets::hint(ui, "Bytes 3201 to 3600, counted from 1");
        if ui.small_button("Copy").clicked() {
            ui.ctx().copy_text(as_text(words));
        }
        ui.checkbox(&mut window.all_words, "Words that are 0 too");
    });
    let p = theme::palette(ui);
    ScrollArea::both()
        .id_salt("binary words")
        .auto_shrink(false)
        .show(ui, |ui| {
            Grid::new("binary words grid")
                .num_columns(4)
                .spacing([18.0, 3.0])
                .striped(true)
                .show(ui, |ui| {
                    for title in ["Bytes", "Name", "Value", "Meaning"] {
                        widgets::hint(ui, title);
                    }
                    ui.end_row();
                    let shown = words.iter().filter(|w| window.all_words || !w.is_empty);
                    for word in shown {
                        let ink = if word.is_empty { p.weak } else { p.text };
                        let bytes = RichText::new(bytes_of(word)).monospace();
                        ui.label(bytes.color(p.weak));
                        let name = ui.label(RichText::new(names::label(word.name)).color(ink));
                        name.on_hover_text(word.name);
                        let value = RichText::new(&word.value).monospace().color(ink);
                        let response = ui.add(egui::Label::new(value).selectable(true));
                        response.widget_info(|| {
                            let name = format!("{} {}", names::label(word.name), word.value);
                            WidgetInfo::labeled(egui::Role::Label, true, name)
                        });
                        ui.label(&word.meaning);
                        ui.end_row();
                    }
                });
        });
}

fn bytes_of(word: &BinaryWord) -> String {
    let (first, last) = word.bytes;
    if first == last {
        first.to_string()
    } else {
        format!("{first}–{last}")
    }
}

/// Tab-separated, for spreadsheets.
fn as_text(words: &[BinaryWord]) -> String {
    let mut text = "bytes\tname\tvalue\tmeaning\n".to_owned();
    for word in words {
        let row = [
            &bytes_of(word),
            &word.name.to_owned(),
            &word.value,
            &word.meaning,
        ];
        let row: Vec<&str> = row.iter().map(|cell| cell.as_str()).collect();
        text.push_str(&row.join("\t"));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copied_words_are_a_table() {
        let word = BinaryWord {
            bytes: (3217, 3218),
            name: "sample_interval",
            value: "4000".to_owned(),
            meaning: "4 ms".to_owned(),
            is_empty: false,
        };
        let text = as_text(&[word]);
        assert_eq!(
            text.lines().nth(1),
            Some("3217–3218\tsample_interval\t4000\t4 ms")
        );
    }
}
