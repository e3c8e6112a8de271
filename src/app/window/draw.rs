//! Which page is drawn, and what lies over it?

use super::App;
use crate::app::dialogs;
use crate::app::drop;
use crate::app::export_dialog;
use crate::app::import_page;
use crate::app::jobs;
use crate::app::notices;
use crate::app::numbers;
use crate::app::palette;
use crate::app::picture_dialog;
use crate::app::scale_dialog;
use crate::app::settings_dialog;
use crate::app::shortcuts;
use crate::app::state::Body;
use crate::app::state::Overlay;
use crate::app::state::Place;
use crate::app::state::State;
use crate::app::viewer;
use crate::app::welcome;

impl App {
    pub(super) fn draw_page(&mut self, ui: &mut egui::Ui) {
        let others = match self.state.place {
            Place::Document(id) => self.state.other_viewers(id),
            Place::Start | Place::Jobs => Vec::new(),
        };
        let Self {
            state,
            settings,
            commands,
            ..
        } = self;
        let State {
            place,
            documents,
            welcome,
            jobs,
            drops_arrive,
            ..
        } = state;
        match *place {
            Place::Start => welcome::show(ui, welcome, settings, *drops_arrive, commands),
            Place::Jobs => jobs::show(ui, jobs, commands),
            Place::Document(id) => match documents
                .iter_mut()
                .find(|d| d.id == id)
                .map(|d| &mut d.body)
            {
                Some(Body::Import(page)) => import_page::show(ui, page, settings, jobs, commands),
                Some(Body::Viewer(viewer)) => {
                    viewer::show(ui, viewer, settings, &others, commands);
                }
                None => *place = Place::Start,
            },
        }
    }

    pub(super) fn draw_overlays(&mut self, ctx: &egui::Context) {
        notices::show(ctx, &mut self.state.notices, &mut self.commands);
        match &mut self.state.overlay {
            Overlay::None => {}
            Overlay::Shortcuts => shortcuts::overlay(ctx, &mut self.commands),
            Overlay::TypePath(asked) => dialogs::path_box(ctx, asked, &mut self.commands),
            Overlay::Export(dialog) => export_dialog::show(ctx, dialog, &mut self.commands),
            Overlay::Settings => {
                let words = self
                    .gpu
                    .as_ref()
                    .map(|gpu| gpu.words(self.settings.painter));
                let (settings, commands) = (&self.settings, &mut self.commands);
                settings_dialog::show(ctx, settings, words.as_deref(), commands);
            }
            Overlay::Palette(palette) => palette::show(ctx, palette, &mut self.commands),
            Overlay::Picture(dialog) => picture_dialog::show(ctx, dialog, &mut self.commands),
            Overlay::Scale(dialog) => {
                let (settings, commands) = (&self.settings, &mut self.commands);
                let place = self.state.place;
                let shown = self.state.documents.iter();
                let mut shown = shown.filter(|d| place == Place::Document(d.id));
                if let Some(Body::Viewer(viewer)) = shown.next().map(|d| &d.body) {
                    scale_dialog::show(ctx, dialog, viewer, settings, commands);
                }
            }
            Overlay::ConfirmQuit => {
                dialogs::confirm_quit(ctx, self.state.jobs.unfinished(), &mut self.commands);
            }
        }
        let hovered = ctx.input(|i| i.raw.hovered_files.clone());
        if !hovered.is_empty() {
            drop::overlay(ctx, &hovered, &self.hovered);
        }
    }

    pub(super) fn title(&self) -> String {
        let name = match self.state.place {
            Place::Document(id) => {
                self.state
                    .documents
                    .iter()
                    .find(|d| d.id == id)
                    .map(|d| match &d.body {
                        Body::Import(page) => {
                            format!("Import {}", numbers::file_name(&page.path))
                        }
                        Body::Viewer(viewer) => viewer.title(),
                    })
            }
            Place::Jobs => Some("Jobs".to_owned()),
            Place::Start => None,
        };
        name.map_or_else(
            || "Shotpoint".to_owned(),
            |name| format!("{name} · Shotpoint"),
        )
    }

    pub(super) fn set_title(&self, ctx: &egui::Context) {
        let title = self.title();
        let id = egui::Id::unique("window title");
        let known: Option<String> = ctx.data(|d| d.get_temp(id));
        if known.as_ref() != Some(&title) {
            ctx.data_mut(|d| d.insert_temp(id, title.clone()));
            ctx.send_viewport_cmd(egui::ViewportCommand::Title(title));
        }
    }
}
