//! The window: takes events in `logic`, draws in `ui`, runs commands in one place.

use std::path::PathBuf;
use std::sync::Arc;

use egui::{CentralPanel, Frame};

use super::command::{Command, Commands};
use super::messages::{Message, Severity};
use super::open::Found;
use super::section::{Answer, Gpu};
use super::settings::{STORAGE_KEY, Settings};
use super::state::{Overlay, State};
use super::tour::{self, Tour};
use super::view_memory::{self, Memories};
use super::welcome::SampleState;
use super::workers::{Event, Workers};
use super::{Launch, MakeSample, open, shortcuts, status_bar, theme, top_bar};

mod draw;
mod events;
mod execute;
mod pictures;

/// Files of one drop that are opened; the rest is said.
const OPEN_LIMIT: usize = 20;

/// The window's program.
#[derive(Debug)]
pub struct App {
    state: State,
    settings: Settings,
    workers: Workers,
    commands: Commands,
    /// How each dataset was looked at.
    memories: Memories,
    stored_memories: String,
    /// A font for Chinese, Japanese and Korean names was asked for.
    asked_font: bool,
    sample: Option<MakeSample>,
    /// What hovers over the window, as a thread has seen it.
    hovered: Vec<Found>,
    asked_hovered: Vec<PathBuf>,
    /// As it was when last stored; stored again when it differs.
    stored: String,
    /// The painter on the graphics card, where OpenGL draws the window.
    gpu: Option<Arc<Gpu>>,
    tour: Option<Tour>,
    /// A tour changes settings; they are not the user's.
    keeps_settings: bool,
    /// Of the tour's comparison of painters.
    compared: Option<Answer>,
    /// Something lay over the page in the frame before.
    was_covered: bool,
}

impl App {
    /// Makes the window's program. `drops_arrive`: whether dropped files reach it on this desktop.
    pub fn new(cc: &eframe::CreationContext<'_>, launch: &Launch, drops_arrive: bool) -> Self {
        let text = cc
            .storage
            .and_then(|s| s.get_string(STORAGE_KEY))
            .filter(|_| !launch.reset_settings);
        let (mut settings, broken) = Settings::load(text.as_deref());
        settings.look.forget_what_belongs_to_a_file();
        let memories = cc
            .storage
            .and_then(|s| s.get_string(view_memory::STORAGE_KEY))
            .filter(|_| !launch.reset_settings);
        let memories = Memories::load(memories.as_deref());
        let ctx = &cc.egui_ctx;
        theme::install(ctx);
        ctx.set_theme(settings.theme.preference());
        let mut state = State::new(drops_arrive);
        if launch.sample.is_some() {
            state.welcome.sample = SampleState::Offered;
        }
        if broken {
            state.say(Message::new(
                Severity::Warning,
                "Settings could not be read",
                "The program starts with its own settings; recent files are forgotten.",
            ));
        }
        let mut app = Self {
            state,
            settings,
            workers: Workers::new(ctx.clone()),
            commands: Commands::default(),
            memories,
            stored_memories: String::new(),
            asked_font: false,
            sample: launch.sample,
            hovered: Vec::new(),
            asked_hovered: Vec::new(),
            stored: String::new(),
            gpu: Gpu::of(cc),
            tour: None,
            keeps_settings: true,
            compared: None,
            was_covered: false,
        };
        app.check_recent();
        let names: Vec<String> = app
            .settings
            .recent
            .iter()
            .map(|recent| recent.path.to_string_lossy().into_owned())
            .collect();
        for name in names {
            app.look_for_font(&name);
        }
        if !launch.paths.is_empty() {
            app.commands.push(Command::Open(launch.paths.clone()));
        }
        app
    }

    /// Follows a tour from the next frame on.
    pub(super) fn follow(&mut self, tour: Option<Tour>) {
        self.keeps_settings = tour.is_none();
        self.tour = tour;
    }

    /// Says which painter draws, and why it is not the one that was chosen.
    fn choose_painter(&mut self, ctx: &egui::Context) {
        let choice = self.settings.painter;
        let gpu = self.gpu.as_ref().filter(|gpu| gpu.is_chosen(choice));
        Gpu::install(ctx, gpu);
        let failure = self.gpu.as_ref().and_then(|gpu| gpu.take_failure());
        if let Some(words) = failure {
            let text =
                format!("The graphics card does not paint sections: {words}. The processor does.");
            self.state
                .say(Message::new(Severity::Warning, "Painter", text));
        }
    }

    fn go_on_tour(&mut self, ctx: &egui::Context, frame: &eframe::Frame) {
        let Some(mut tour) = self.tour.take() else {
            return;
        };
        let over = tour.frame(
            ctx,
            &mut tour::Frame {
                state: &mut self.state,
                settings: &mut self.settings,
                commands: &mut self.commands,
                work_secs: frame.info().cpu_usage,
                gpu: self.gpu.as_ref(),
                compared: &mut self.compared,
            },
        );
        if !over {
            self.tour = Some(tour);
        }
    }

    fn check_recent(&self) {
        let recent = self.settings.recent.clone();
        if !recent.is_empty() {
            self.workers.start("recent files", move |_| {
                Event::Recent(open::check_recent(&recent))
            });
        }
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        self.take_events(ctx);
        self.choose_painter(ctx);
        self.keep_time(ctx);
        self.go_on_tour(ctx, frame);
        self.guard_close(ctx);
    }

    /// What opens over the page takes the pointer from it: a tooltip would stay above.
    fn raw_input_hook(&mut self, _ctx: &egui::Context, raw_input: &mut egui::RawInput) {
        let is_covered = !matches!(self.state.overlay, Overlay::None);
        if is_covered && !self.was_covered {
            raw_input.events.push(egui::Event::PointerGone);
        }
        self.was_covered = is_covered;
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        self.read_drops(&ctx);
        if matches!(self.state.overlay, Overlay::ConfirmQuit) && self.state.jobs.unfinished() == 0 {
            self.state.overlay = Overlay::None;
        }
        shortcuts::read_keys(&ctx, self.state.focus(), &mut self.commands);
        top_bar::show(ui, &mut self.state, &self.settings, &mut self.commands);
        status_bar::show(ui, &self.state, &self.settings, &mut self.commands);
        let frame = Frame::new().fill(ui.visuals().panel_fill);
        CentralPanel::default()
            .frame(frame)
            .show(ui, |ui| self.draw_page(ui));
        self.draw_overlays(&ctx);
        self.set_title(&ctx);
        self.run_commands(&ctx);
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        if !self.keeps_settings {
            return;
        }
        let text = self.settings.to_text();
        if text != self.stored {
            storage.set_string(STORAGE_KEY, text.clone());
            self.stored = text;
        }
        self.remember_views();
        let text = self.memories.to_text();
        if text != self.stored_memories {
            storage.set_string(view_memory::STORAGE_KEY, text.clone());
            self.stored_memories = text;
        }
    }

    fn persist_egui_memory(&self) -> bool {
        false
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}
