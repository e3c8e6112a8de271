//! A file that is looked at while it is imported: once the dataset is there, the view passes over to
//! it, and nothing on the screen jumps.
//!
//! ```text
//! file ──import runs──► followed ──dataset is there──► opened on a thread ──► the view's source changes
//! ```
//! Window, gather, look, header rows and order stay. A dataset of other traces (a part was imported,
//! or another layout) is left alone.

use std::path::PathBuf;
use std::sync::Arc;

use super::{HowToOpen, Opened, Stage, Viewer, ViewerEvent, opened};
use crate::app::jobs::{JobState, Jobs};
use crate::app::messages::{Message, Severity};
use crate::app::numbers;
use crate::app::settings::Settings;
use crate::app::workers::{Event, Workers};

/// How far the passing over has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Following {
    /// No import of this file is known.
    #[default]
    Nothing,
    /// This job imports it.
    Job(u64),
    /// The dataset is being opened.
    Opening(PathBuf),
}

impl Viewer {
    /// Looks whether the file on the screen is being imported, and whether that is done.
    pub(crate) fn follow(&mut self, jobs: &Jobs, workers: &Workers) {
        if !matches!(self.how, HowToOpen::Segy(_)) {
            return;
        }
        match self.following {
            Following::Nothing => {
                // The file may have been imported before: only what still runs is followed.
                let mut running = jobs.list().iter().filter(|job| !job.state.has_ended());
                if let Some(job) = running.find(|job| job.is_import_of(&self.path)) {
                    self.following = Following::Job(job.id);
                }
            }
            Following::Job(id) => match jobs.get(id).map(|job| (&job.state, &job.output)) {
                Some((JobState::Imported { .. }, output)) => self.open_dataset(output, workers),
                Some((state, _)) if !state.has_ended() => {}
                Some(_) | None => self.following = Following::Nothing,
            },
            Following::Opening(_) => {}
        }
    }

    fn open_dataset(&mut self, dataset: &std::path::Path, workers: &Workers) {
        self.following = Following::Opening(dataset.to_path_buf());
        let (id, path) = (self.id, dataset.to_path_buf());
        workers.start("opening", move |context| {
            let result = opened(&path, &HowToOpen::Dataset, context);
            Event::Viewer(id, ViewerEvent::Imported(result))
        });
    }

    /// Takes the dataset that the file on the screen has become.
    pub(super) fn pass_over(
        &mut self,
        result: Result<Opened, Message>,
        workers: &Workers,
        settings: &Settings,
    ) -> Vec<Message> {
        let Following::Opening(path) = std::mem::take(&mut self.following) else {
            return Vec::new();
        };
        let opened = match result {
            Ok(opened) => opened,
            Err(message) => return vec![message],
        };
        let Stage::Open(view) = &mut self.stage else {
            return Vec::new();
        };
        let (old, new) = (view.source.facts(), opened.source.facts());
        if (old.n_traces, old.n_samples) != (new.n_traces, new.n_samples) {
            let text = format!(
                "The dataset holds {} of {} samples, the file on the screen {} of {}: the view stays with the file.",
                numbers::plural(new.n_traces, "trace", "traces"),
                numbers::count(u64::from(new.n_samples)),
                numbers::plural(old.n_traces, "trace", "traces"),
                numbers::count(u64::from(old.n_samples)),
            );
            return vec![Message::new(Severity::Info, "Imported", text)];
        }
        self.opened_dataset = opened.dataset;
        self.how = HowToOpen::Dataset;
        self.path = path;
        view.change_source(Arc::clone(&opened.source), workers, settings);
        Vec::new()
    }
}
