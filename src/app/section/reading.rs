//! What do mouse and trackpad do to a section, and what lies under the cursor?

use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Rect, Ui};

use super::{Hit, Section, mouse};
use crate::app::command::Action;
use crate::view::SectionWindow;

/// A wheel that rests for so long begins a new zoom.
pub(super) const WHEEL_PAUSE: Duration = Duration::from_millis(600);

impl Section {
    pub(super) fn read_mouse(
        &mut self,
        ui: &Ui,
        response: &egui::Response,
        plot: Rect,
        bounds: &SectionWindow,
    ) {
        let Some(window) = self.window() else {
            return;
        };
        let acts = mouse::read(ui, response, plot, &mut self.drag, self.wheel_scrolls);
        let placement = self.placement().map(Arc::clone);
        self.hit = acts
            .pointer
            .and_then(|at| Hit::at(at, plot, &window, bounds, placement.as_deref()));
        self.fill_in_amplitude();
        let far = self.line.is_some() && window.n_traces > f64::from(plot.width());
        for act in acts.acts {
            match act {
                mouse::Act::Zoom {
                    factor_x,
                    factor_y,
                    x,
                    y,
                } => {
                    let turning = self.wheeled.is_some_and(|t| t.elapsed() < WHEEL_PAUSE);
                    // From afar the wheel works on the traces first: there are thousands of times
                    // more of them than samples.
                    let both = (factor_x - factor_y).abs() < 1e-12;
                    let factor_y = if far && both { 1.0 } else { factor_y };
                    if turning {
                        let window = self
                            .window()
                            .map(|w| w.zoomed(factor_x, factor_y, x, y, bounds));
                        self.window = window.filter(|w| w != bounds);
                    } else {
                        self.zoom(factor_x, factor_y, x, y);
                    }
                    self.wheeled = Some(Instant::now());
                }
                mouse::Act::Pan { dx, dy } => self.pan(dx, dy),
                mouse::Act::Box { from, to } => {
                    let cut = window.cut(from, to, bounds);
                    self.look_at(cut, *bounds);
                }
                mouse::Act::Fit => self.fit(),
                mouse::Act::Back => self.previous_zoom(),
                mouse::Act::Forward => self.next_zoom(),
                mouse::Act::Louder => self.asked.push(Action::LowerClip),
                mouse::Act::Quieter => self.asked.push(Action::RaiseClip),
                mouse::Act::Select { from, to } => {
                    self.selection = Some(window.cut(from, to, bounds));
                }
                mouse::Act::Click { add } => {
                    let trace = self.hit.and_then(|hit| self.trace_index(hit.trace));
                    if let Some(trace) = trace {
                        self.toggle_pin(trace, add);
                    }
                }
            }
        }
    }

    /// Of a gather on the screen, as stored.
    pub(crate) fn stored_amplitude(&self, trace: usize, sample: usize) -> Option<f32> {
        self.gather()?.trace(trace).get(sample).copied()
    }

    /// What is stored where the cursor of a linked section is; of gathers.
    pub(crate) fn ghost_amplitude(&self) -> Option<f32> {
        let (position, sample) = self.ghost.filter(|(position, _)| position.is_finite())?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates; what is beyond the gather has no amplitude"
        )]
        let (place, sample) = (position as usize, sample as usize);
        let trace = match self.placement() {
            Some(placement) => placement.trace_at(position)?,
            None => place,
        };
        self.stored_amplitude(trace, sample)
    }

    fn fill_in_amplitude(&mut self) {
        let Some(hit) = &mut self.hit else {
            return;
        };
        hit.amplitude = match (&mut self.line, &self.gather) {
            (Some(line), _) => line.amplitude(hit.trace as u64, hit.sample),
            (None, Some(gather)) => gather.trace(hit.trace).get(hit.sample).copied(),
            (None, None) => None,
        };
    }
}
