//! How does slow work stay out of the frames? On threads that answer with an [`Event`].
//!
//! Files are read, dialogs wait and pictures are painted here; [`super::window::App`] takes the
//! events in `logic`. A panic is an event too.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use crossbeam_channel::{Receiver, Sender, bounded};

use super::export_dialog::ExportEvent;
use super::heap;
use super::import_page::ImportEvent;
use super::jobs::JobsEvent;
use super::messages::Message;
use super::open::{Found, RecentState};
use super::picture_dialog::PictureEvent;
use super::settings::Kind;
use super::state::DocumentId;
use super::viewer::ViewerEvent;
use crate::job::JobContext;

mod newest;

pub(crate) use newest::Newest;

/// What a thread found out.
#[derive(Debug)]
pub(crate) enum Event {
    /// What lies at paths that were dropped, typed or chosen: to be opened.
    Found(Vec<Found>),
    /// What lies at paths that hover over the window: to be shown.
    Hovered(Vec<Found>),
    /// Which recent files are still there.
    Recent(Vec<RecentState>),
    /// Paths from a dialog; empty when it was closed.
    Chosen(Purpose, Vec<PathBuf>),
    /// The desktop has no file dialog; where it would have begun.
    NoDialog(Purpose, Option<PathBuf>),
    /// A file lies already where one would be written: shall it be replaced?
    LiesThere(Purpose, PathBuf),
    /// The sample file, or why there is none.
    Sample(Result<PathBuf, String>),
    /// For an import page.
    Import(DocumentId, ImportEvent),
    /// For a job.
    Jobs(JobsEvent),
    /// For the export dialog.
    Export(ExportEvent),
    /// For a viewer.
    Viewer(DocumentId, ViewerEvent),
    /// For the dialog that saves pictures.
    Picture(PictureEvent),
    /// A font of the system for letters that ours lack.
    Font(Option<Vec<u8>>),
    /// Something to say, if anything.
    Said(Option<Message>),
    /// A bug of ours: where and in which words.
    Panicked(String, String),
}

/// What a dialog was opened for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    OpenFiles,
    OpenFolder,
    /// A recent file or dataset that is not there any more.
    Locate(PathBuf, Kind),
    /// The parent folder of an import's output.
    OutputFolder(DocumentId),
    SaveMapping(DocumentId),
    LoadMapping(DocumentId),
    /// Where a picture shall lie; the proposal.
    SavePicture(PathBuf),
    /// Where an export of this dataset shall lie.
    ExportTo(PathBuf),
}

/// Starts threads and collects their events.
#[derive(Debug)]
pub(crate) struct Workers {
    sender: Sender<Event>,
    receiver: Receiver<Event>,
    ctx: egui::Context,
}

impl Workers {
    pub(crate) fn new(ctx: egui::Context) -> Self {
        let (sender, receiver) = bounded(256);
        Self {
            sender,
            receiver,
            ctx,
        }
    }

    /// Runs `task` on a thread; its event arrives in [`Self::poll`]. The context given back stops it.
    pub(crate) fn start(
        &self,
        name: &str,
        task: impl FnOnce(&JobContext) -> Event + Send + 'static,
    ) -> JobContext {
        let context = JobContext::default();
        let theirs = context.clone();
        let sender = self.sender.clone();
        let ctx = self.ctx.clone();
        let title = name.to_owned();
        let spawned = std::thread::Builder::new()
            .name(format!("ui {name}"))
            .spawn(move || {
                let event = catch_unwind(AssertUnwindSafe(|| task(&theirs)))
                    .unwrap_or_else(|payload| Event::Panicked(title, words(payload.as_ref())));
                // The window may be gone; then nobody wants the event.
                drop(sender.send(event));
                ctx.request_repaint();
            });
        if let Err(error) = spawned {
            drop(self.sender.try_send(Event::Panicked(
                name.to_owned(),
                format!("no thread could be started: {error}"),
            )));
        }
        context
    }

    /// What arrived since the last call; never waits.
    pub(crate) fn poll(&self) -> Vec<Event> {
        self.receiver.try_iter().collect()
    }

    /// Something that asks for a repaint from any thread.
    pub(crate) fn waker(&self) -> impl Fn() + Send + Clone + 'static {
        let ctx = self.ctx.clone();
        move || ctx.request_repaint()
    }

    /// Drops something on a thread, because its end may have to wait; its memory leaves the process.
    pub(crate) fn drop_elsewhere(thing: impl Send + 'static) {
        let drop_it = move || {
            drop(thing);
            heap::trim();
        };
        // Without a thread it is dropped here.
        drop(
            std::thread::Builder::new()
                .name("ui drop".to_owned())
                .spawn(drop_it),
        );
    }
}

fn words(payload: &(dyn std::any::Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without words".to_owned())
}
