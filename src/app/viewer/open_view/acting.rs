//! What does a command or a key do to an opened view?

use super::OpenView;
use crate::app::command::Action;
use crate::app::messages::Message;
use crate::app::settings::Settings;
use crate::app::viewer::ViewerCommand;
use crate::app::workers::Workers;

impl OpenView {
    pub(crate) fn execute(
        &mut self,
        command: ViewerCommand,
        workers: &Workers,
        settings: &mut Settings,
        ctx: &egui::Context,
    ) -> Vec<Message> {
        match command {
            ViewerCommand::Act(Action::WholeLine) => {
                if self.section.line().is_none() {
                    self.show_line(workers);
                } else {
                    self.leave_line(workers);
                }
                Vec::new()
            }
            ViewerCommand::Act(Action::ResetView) => self.reset(workers, settings),
            ViewerCommand::Act(action) => {
                self.act(action, settings, ctx);
                Vec::new()
            }
            ViewerCommand::SetKeys(keys) => {
                self.leave_line(workers);
                if self.index.as_ref().is_none_or(|index| index.keys != keys) {
                    self.start_indexing(keys, workers);
                }
                Vec::new()
            }
            ViewerCommand::SetSort(sort) => {
                self.sort = sort;
                self.start_loader(workers, settings)
            }
            ViewerCommand::ShowLine => {
                self.show_line(workers);
                Vec::new()
            }
            ViewerCommand::CancelIndexing => {
                self.cancel_indexing();
                Vec::new()
            }
            ViewerCommand::ClearCache => {
                self.clear_cache();
                Vec::new()
            }
            ViewerCommand::Go(position) => {
                self.go(position);
                Vec::new()
            }
            ViewerCommand::GoToText => self.go_to_text(),
            ViewerCommand::SetRows(rows) => {
                let in_line = self.section.line().is_some();
                let unread = rows.iter().any(|row| {
                    in_line
                        || !self
                            .section
                            .gather()
                            .is_some_and(|g| g.headers.iter().any(|h| h.name == *row))
                });
                self.rows = rows;
                if unread {
                    self.start_loader(workers, settings)
                } else {
                    Vec::new()
                }
            }
            ViewerCommand::ShowTrace(trace) => {
                self.show_trace(trace, workers);
                Vec::new()
            }
            ViewerCommand::SetScale(scale, points_per_cm) => {
                self.section.set_scale(scale, points_per_cm);
                Vec::new()
            }
            ViewerCommand::CloseHistogram => {
                self.histogram.open = false;
                Vec::new()
            }
            ViewerCommand::SetLook(_)
            | ViewerCommand::SetReading(_)
            | ViewerCommand::ChangeLook(_)
            | ViewerCommand::Compare(_)
            | ViewerCommand::Retry
            | ViewerCommand::CancelOpening => Vec::new(),
        }
    }

    pub(super) fn act(&mut self, action: Action, settings: &mut Settings, ctx: &egui::Context) {
        let last = self.index.as_ref().map_or(0, |i| i.len().saturating_sub(1));
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "all other actions are somebody else's"
        )]
        match action {
            Action::NextGather if self.section.line().is_some() => self.section.pan(0.25, 0.0),
            Action::PreviousGather if self.section.line().is_some() => self.section.pan(-0.25, 0.0),
            Action::ForwardTen if self.section.line().is_some() => self.section.pan(1.0, 0.0),
            Action::BackTen if self.section.line().is_some() => self.section.pan(-1.0, 0.0),
            Action::FirstGather if self.section.line().is_some() => self.section.pan(-1e12, 0.0),
            Action::LastGather if self.section.line().is_some() => self.section.pan(1e12, 0.0),
            Action::NextGather => self.go(self.wanted + 1),
            Action::PreviousGather => self.go(self.wanted.saturating_sub(1)),
            Action::ForwardTen => self.go(self.wanted + 10),
            Action::BackTen => self.go(self.wanted.saturating_sub(10)),
            Action::FirstGather => self.go(0),
            Action::LastGather => self.go(last),
            Action::GoTo => {
                settings.navigator_open = true;
                self.focus_go_to = true;
                ctx.request_repaint();
            }
            Action::Fit => self.section.fit(),
            Action::PreviousZoom => self.section.previous_zoom(),
            Action::NextZoom => self.section.next_zoom(),
            Action::OneToOne => self.section.one_to_one(),
            Action::Histogram => self.histogram.open = !self.histogram.open,
            Action::ZoomIn => self.section.zoom(1.25, 1.25, 0.5, 0.5),
            Action::ZoomOut => self.section.zoom(0.8, 0.8, 0.5, 0.5),
            Action::PageTracesForward => self.section.pan(0.9, 0.0),
            Action::PageTracesBack => self.section.pan(-0.9, 0.0),
            Action::PanDown => self.section.pan(0.0, 0.1),
            Action::PanUp => self.section.pan(0.0, -0.1),
            Action::PinTrace => {
                let under = self.section.hit.map(|hit| hit.trace);
                if let Some(trace) = under.and_then(|t| self.section.trace_index(t)) {
                    self.section.toggle_pin(trace, false);
                }
            }
            Action::ToggleFileHeaders => self.reading.file.is_open = !self.reading.file.is_open,
            Action::Escape if self.reading.file.is_open => self.reading.file.is_open = false,
            Action::Escape => {
                self.section.pins.clear();
                self.section.selection = None;
            }
            _ => {}
        }
    }
}
