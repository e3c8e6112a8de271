//! Where shall the view go? To a gather, a value, a trace, a range of the line.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::OpenView;
use crate::app::messages::{Message, Severity};
use crate::app::section::Line;
use crate::app::viewer::ViewerEvent;
use crate::app::viewer::keys::{entry_label, key_from_text, range_from_text};
use crate::app::workers::{Event, Workers};
use crate::app::{names, numbers};

impl OpenView {
    /// Shows the whole line as one section.
    pub(super) fn show_line(&mut self, workers: &Workers) {
        if self.section.line().is_none() {
            self.cancel_indexing();
            let line = Line::new(Arc::clone(&self.source), workers);
            self.section.set_line(Some(line));
        }
    }

    /// Shows gathers again: the one that holds the trace in the window's middle, where there is one.
    pub(super) fn leave_line(&mut self, workers: &Workers) {
        if self.section.line().is_none() {
            return;
        }
        if let Some(window) = self.section.window() {
            let middle = window.first_trace + window.n_traces / 2.0;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a trace of the line; saturates"
            )]
            self.trace_on_screen.store(middle as u64, Ordering::Relaxed);
        }
        self.section.set_line(None);
        self.shown = None;
        if let Some(index) = self.index.clone() {
            self.find_gather(index, workers);
        }
    }

    /// Pins a trace and brings it onto the screen: its gather is shown, if it is another one.
    pub(super) fn show_trace(&mut self, trace: u64, workers: &Workers) {
        self.section.pins = vec![trace];
        if self.section.reveal(trace) {
            return;
        }
        self.reveal = Some(trace);
        self.trace_on_screen.store(trace, Ordering::Relaxed);
        let Some(index) = self.index.clone() else {
            return;
        };
        self.generation += 1;
        let (id, generation) = (self.id, self.generation);
        workers.start("find gather", move |_| {
            let found = index.find_trace(trace).map(|position| (index, position));
            let result = found.map(Some).ok_or_else(|| {
                let sentence = format!(
                    "Trace {} is in no gather by this key. Choose another key, or the whole line.",
                    numbers::count(trace + 1)
                );
                Message::new(Severity::Warning, "Show trace", sentence)
            });
            Event::Viewer(id, ViewerEvent::Indexed { generation, result })
        });
    }

    /// Goes to a position; never waits.
    pub(in crate::app::viewer) fn go(&mut self, position: usize) {
        let last = self.index.as_ref().map_or(0, |i| i.len().saturating_sub(1));
        let position = position.min(last);
        if position == self.wanted && self.load_error.is_none() {
            return;
        }
        self.wanted = position;
        self.load_error = None;
        self.scroll_to_wanted = true;
        if let Some(loader) = &self.loader {
            loader.request(position);
        }
    }

    /// To a trace or a range of traces of the line, counted from 1.
    pub(super) fn go_to_traces(&mut self) -> Vec<Message> {
        let n_traces = self.source.facts().n_traces;
        let Some(traces) = range_from_text(&self.go_to) else {
            let sentence = format!(
                "\"{}\" is not a trace and not a range of traces. Type 1500, or 1500-2400.",
                self.go_to
            );
            return vec![Message::new(Severity::Warning, "Go to", sentence)];
        };
        if traces.start >= n_traces {
            let sentence = format!(
                "There is no trace {}: the line has {}.",
                numbers::count(traces.start + 1),
                numbers::count(n_traces)
            );
            return vec![Message::new(Severity::Warning, "Go to", sentence)];
        }
        if traces.end - traces.start == 1 {
            let span = self
                .section
                .window()
                .map_or(200.0, |w| w.n_traces.min(200.0));
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between 1 and 200"
            )]
            let half = (span / 2.0) as u64;
            let first = traces.start.saturating_sub(half);
            self.section
                .look_at_traces(&(first..(traces.end + half).min(n_traces)));
            self.section.pins = vec![traces.start];
        } else {
            self.section
                .look_at_traces(&(traces.start..traces.end.min(n_traces)));
        }
        Vec::new()
    }

    pub(super) fn go_to_text(&mut self) -> Vec<Message> {
        if self.section.line().is_some() {
            return self.go_to_traces();
        }
        let Some(index) = self.index.clone() else {
            return Vec::new();
        };
        let say = |sentence: String| vec![Message::new(Severity::Warning, "Go to", sentence)];
        let Some(key) = key_from_text(&self.go_to) else {
            return say(format!(
                "\"{}\" is not a whole number. Type the value of the key, as in 1500.",
                self.go_to
            ));
        };
        match index.find(&key) {
            Some(Ok(position)) => {
                self.go(position);
                Vec::new()
            }
            Some(Err(position)) => {
                self.go(position);
                let near = index
                    .get(position)
                    .map(|entry| entry_label(&index, &entry.key))
                    .unwrap_or_default();
                let asked = self.go_to.trim().to_owned();
                let what = index
                    .keys
                    .first()
                    .map_or_else(|| "panel".to_owned(), |k| names::label(k));
                say(format!(
                    "There is no {what} {asked}. The nearest is {near}."
                ))
            }
            None => say("There are no gathers.".to_owned()),
        }
    }
}
