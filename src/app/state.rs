//! What is open, and what is shown of it?

use super::dialogs::PathBox;
use super::export_dialog::ExportDialog;
use super::import_page::ImportPage;
use super::jobs::Jobs;
use super::messages::{Message, Notices};
use super::palette::Palette;
use super::picture_dialog::PictureDialog;
use super::scale_dialog::ScaleDialog;
use super::shortcuts::Focus;
use super::viewer::Viewer;
use super::welcome::Welcome;

/// The name of an open page; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct DocumentId(pub(crate) u64);

impl DocumentId {
    /// Under which the second view of a comparison gets its answers.
    pub(crate) fn partner(self) -> Self {
        Self(u64::MAX - self.0)
    }
}

/// Which page is on the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Place {
    #[default]
    Start,
    Jobs,
    Document(DocumentId),
}

/// An open file or dataset.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) id: DocumentId,
    pub(crate) body: Body,
}

/// What an open page shows.
#[derive(Debug)]
pub(crate) enum Body {
    Import(Box<ImportPage>),
    Viewer(Box<Viewer>),
}

/// What lies over the page.
#[derive(Debug, Default)]
pub(crate) enum Overlay {
    #[default]
    None,
    Shortcuts,
    /// The window shall close, but jobs are running.
    ConfirmQuit,
    /// A path is asked for, because the desktop has no file dialog.
    TypePath(PathBox),
    /// How shall a dataset be written as SEG-Y?
    Export(Box<ExportDialog>),
    Settings,
    /// Every command by its name.
    Palette(Box<Palette>),
    /// How shall the picture be saved?
    Picture(Box<PictureDialog>),
    /// How large shall traces and times be drawn?
    Scale(Box<ScaleDialog>),
}

/// Everything that is drawn.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) place: Place,
    pub(crate) documents: Vec<Document>,
    pub(crate) welcome: Welcome,
    pub(crate) jobs: Jobs,
    pub(crate) notices: Notices,
    pub(crate) overlay: Overlay,
    /// Whether dropped files arrive on this desktop.
    pub(crate) drops_arrive: bool,
    /// Set once the user has agreed to close.
    pub(crate) quitting: bool,
    next_id: u64,
}

impl State {
    pub(crate) fn new(drops_arrive: bool) -> Self {
        Self {
            place: Place::Start,
            documents: Vec::new(),
            welcome: Welcome::default(),
            jobs: Jobs::default(),
            notices: Notices::default(),
            overlay: Overlay::None,
            drops_arrive,
            quitting: false,
            next_id: 0,
        }
    }

    pub(crate) fn new_id(&mut self) -> DocumentId {
        self.next_id += 1;
        DocumentId(self.next_id)
    }

    /// Adds a page and shows it.
    pub(crate) fn add(&mut self, id: DocumentId, body: Body) {
        self.documents.push(Document { id, body });
        self.place = Place::Document(id);
    }

    pub(crate) fn import_mut(&mut self, id: DocumentId) -> Option<&mut ImportPage> {
        self.documents
            .iter_mut()
            .find(|d| d.id == id)
            .and_then(|d| match &mut d.body {
                Body::Import(page) => Some(&mut **page),
                Body::Viewer(_) => None,
            })
    }

    pub(crate) fn viewer_mut(&mut self, id: DocumentId) -> Option<&mut Viewer> {
        self.documents
            .iter_mut()
            .find(|d| d.id == id || d.id.partner() == id)
            .and_then(|d| match &mut d.body {
                Body::Viewer(viewer) => Some(&mut **viewer),
                Body::Import(_) => None,
            })
    }

    /// What keys go to; the list of keys stays open over what they do.
    pub(crate) fn focus(&self) -> Focus {
        match &self.overlay {
            Overlay::ConfirmQuit
            | Overlay::TypePath(_)
            | Overlay::Export(_)
            | Overlay::Settings
            | Overlay::Picture(_)
            | Overlay::Scale(_) => Focus::Dialog,
            Overlay::Palette(_) => Focus::Palette,
            Overlay::None | Overlay::Shortcuts if self.shown_viewer().is_some() => Focus::Viewer,
            Overlay::None | Overlay::Shortcuts => Focus::Page,
        }
    }

    /// The viewer on the screen.
    pub(crate) fn shown_viewer(&self) -> Option<DocumentId> {
        let Place::Document(id) = self.place else {
            return None;
        };
        self.documents
            .iter()
            .any(|d| d.id == id && matches!(d.body, Body::Viewer(_)))
            .then_some(id)
    }

    /// Every open viewer but this one, by name.
    pub(crate) fn other_viewers(&self, id: DocumentId) -> Vec<(DocumentId, String)> {
        let name = |document: &Document| match &document.body {
            Body::Viewer(viewer) => Some((document.id, super::numbers::file_name(&viewer.path))),
            Body::Import(_) => None,
        };
        let others = self.documents.iter().filter(|d| d.id != id);
        others.filter_map(name).collect()
    }

    /// The dataset on the screen, if it is one.
    pub(crate) fn shown_dataset(&self) -> Option<&std::path::Path> {
        let Place::Document(id) = self.place else {
            return None;
        };
        self.documents
            .iter()
            .find(|d| d.id == id)
            .and_then(|d| match &d.body {
                Body::Viewer(viewer) if viewer.is_dataset() => Some(viewer.path.as_path()),
                Body::Viewer(_) | Body::Import(_) => None,
            })
    }

    /// Takes a page away and shows its neighbour.
    pub(crate) fn remove(&mut self, id: DocumentId) -> Option<Document> {
        let index = self.documents.iter().position(|d| d.id == id)?;
        let document = self.documents.remove(index);
        if self.place == Place::Document(id) {
            self.place = self
                .documents
                .get(index)
                .or_else(|| self.documents.last())
                .map_or(Place::Start, |d| Place::Document(d.id));
        }
        Some(document)
    }

    pub(crate) fn say(&mut self, message: Message) {
        self.notices.push(message);
    }
}
