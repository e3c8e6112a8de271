//! What does the mouse do over a section? Wheel, drag, click; and what lies under the cursor.
//!
//! Raw wheel events are read: egui turns Ctrl+wheel into its own zoom and Shift+wheel sideways.

use egui::{Event, Key, MouseWheelUnit, Painter, PointerButton, Pos2, Rect, Response, Stroke, Ui};

use crate::view::{Placement, SectionWindow};

/// A box thinner than this in one direction zooms the other axis only.
const THIN: f32 = 8.0;
/// Zoom of one notch of the wheel.
const NOTCH: f64 = 1.2;

/// A trace and sample of the gather on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Hit {
    /// In the gather, or in the line.
    pub(crate) trace: usize,
    pub(crate) sample: usize,
    /// As stored; `None` until it is read.
    pub(crate) amplitude: Option<f32>,
}

impl Hit {
    /// The place under `at` of a window over a section of so many traces and samples; its amplitude
    /// is still to be filled in.
    pub(crate) fn at(
        at: Pos2,
        plot: Rect,
        window: &SectionWindow,
        bounds: &SectionWindow,
        placement: Option<&Placement>,
    ) -> Option<Self> {
        let (x, y) = fractions(at, plot);
        let (trace, sample) = window.section_from_screen(x, y);
        let inside =
            (0.0..bounds.n_traces).contains(&trace) && (0.0..bounds.n_samples).contains(&sample);
        if !inside {
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "inside of the bounds"
        )]
        let trace = match placement {
            Some(placement) => placement.trace_at(trace)?,
            None => trace as usize,
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "inside of the bounds"
        )]
        Some(Self {
            trace,
            sample: sample as usize,
            amplitude: None,
        })
    }
}

/// What the mouse asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Act {
    Zoom {
        factor_x: f64,
        factor_y: f64,
        x: f64,
        y: f64,
    },
    Pan {
        dx: f64,
        dy: f64,
    },
    Box {
        from: (f64, f64),
        to: (f64, f64),
    },
    /// As [`Self::Box`], with Shift held: traces and times to look into.
    Select {
        from: (f64, f64),
        to: (f64, f64),
    },
    Fit,
    /// `add`: with Ctrl held, besides what is pinned already.
    Click {
        add: bool,
    },
    /// To the zoom before, and forward again: buttons 4 and 5.
    Back,
    Forward,
    Louder,
    Quieter,
}

/// What the mouse did in this frame.
#[derive(Debug, Default)]
pub(crate) struct Acts {
    pub(crate) acts: Vec<Act>,
    pub(crate) pointer: Option<Pos2>,
}

/// A box being drawn.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Drag {
    corners: Option<(Pos2, Pos2)>,
}

impl Drag {
    /// Draws the box.
    pub(crate) fn draw(&self, painter: &Painter, plot: Rect) {
        let Some((from, to)) = self.corners else {
            return;
        };
        let shown = effective(from, to, plot);
        painter.rect_filled(
            shown,
            0.0,
            egui::Color32::from_rgba_unmultiplied(45, 156, 158, 40),
        );
        painter.rect_stroke(
            shown,
            0.0,
            Stroke::new(1.5, egui::Color32::from_rgb(45, 156, 158)),
            egui::StrokeKind::Inside,
        );
    }
}

/// The box, or the band that a thin box stands for.
fn effective(from: Pos2, to: Pos2, plot: Rect) -> Rect {
    let mut rect = Rect::from_two_pos(from, to);
    if rect.width() < THIN {
        (rect.min.x, rect.max.x) = (plot.left(), plot.right());
    } else if rect.height() < THIN {
        (rect.min.y, rect.max.y) = (plot.top(), plot.bottom());
    }
    rect.intersect(plot)
}

/// Reads the mouse.
pub(crate) fn read(
    ui: &Ui,
    response: &Response,
    plot: Rect,
    drag: &mut Drag,
    scrolls: bool,
) -> Acts {
    let mut acts = Acts {
        acts: Vec::new(),
        pointer: response.hover_pos(),
    };
    if response.contains_pointer() {
        ui.ctx().set_cursor_icon(egui::CursorIcon::Crosshair);
        wheel(ui, plot, scrolls, &mut acts);
        side_buttons(ui, &mut acts);
    }
    let panning = response.dragged_by(PointerButton::Middle)
        || (response.dragged_by(PointerButton::Primary) && ui.input(|i| i.key_down(Key::Space)));
    if panning {
        drag.corners = None;
        let moved = response.drag_delta();
        acts.acts.push(Act::Pan {
            dx: -f64::from(moved.x / plot.width()),
            dy: -f64::from(moved.y / plot.height()),
        });
        ui.ctx().set_cursor_icon(egui::CursorIcon::Grabbing);
    } else if response.dragged_by(PointerButton::Primary) {
        draw_box(ui, response, drag);
    }
    if response.drag_stopped_by(PointerButton::Primary)
        && let Some((from, to)) = drag.corners.take()
        && Rect::from_two_pos(from, to).size().max_elem() >= THIN
    {
        let rect = effective(from, to, plot);
        let (from, to) = (fractions(rect.min, plot), fractions(rect.max, plot));
        acts.acts.push(if ui.input(|i| i.modifiers.shift) {
            Act::Select { from, to }
        } else {
            Act::Box { from, to }
        });
    }
    let add = ui.input(|i| i.modifiers.command);
    if response.double_clicked() {
        // The first of the two clicks has pinned a trace; this takes it back.
        acts.acts.push(Act::Click { add });
        acts.acts.push(Act::Fit);
    } else if response.clicked() {
        acts.acts.push(Act::Click { add });
    }
    acts
}

fn draw_box(ui: &Ui, response: &Response, drag: &mut Drag) {
    let origin = ui.input(|i| i.pointer.press_origin());
    let here = response.interact_pointer_pos();
    if let (Some(origin), Some(here)) = (origin, here) {
        drag.corners = Some((origin, here));
    }
}

/// The wheel, two fingers, a pinch. `scrolls`: plain wheels move the picture, Ctrl zooms.
fn wheel(ui: &Ui, plot: Rect, scrolls: bool, acts: &mut Acts) {
    let Some(at) = acts.pointer else {
        return;
    };
    let (x, y) = fractions(at, plot);
    ui.input(|input| {
        for event in &input.events {
            if let Event::MouseWheel {
                unit,
                delta,
                modifiers,
                ..
            } = event
            {
                let plain = !modifiers.command && !modifiers.shift && !modifiers.alt;
                if scrolls && plain {
                    let points = match unit {
                        MouseWheelUnit::Line => *delta * 40.0,
                        MouseWheelUnit::Point => *delta,
                        MouseWheelUnit::Page => *delta * plot.height(),
                    };
                    acts.acts.push(Act::Pan {
                        dx: -f64::from(points.x / plot.width().max(1.0)),
                        dy: -f64::from(points.y / plot.height().max(1.0)),
                    });
                } else {
                    let notches = notches_of(*unit, *delta);
                    acts.acts
                        .extend(turned(notches, *modifiers, (x, y), scrolls));
                }
            } else if let Event::Zoom(factor) = event {
                let factor = f64::from(*factor);
                acts.acts.push(Act::Zoom {
                    factor_x: factor,
                    factor_y: factor,
                    x,
                    y,
                });
            }
        }
    });
}

/// Notches of a wheel, or as much of a trackpad.
pub(super) fn notches_of(unit: MouseWheelUnit, delta: egui::Vec2) -> f32 {
    let notches = match unit {
        MouseWheelUnit::Line => delta.y + delta.x,
        MouseWheelUnit::Point => (delta.y + delta.x) / 50.0,
        MouseWheelUnit::Page => (delta.y + delta.x) * 4.0,
    };
    notches.clamp(-8.0, 8.0)
}

/// The zoom of so many notches.
pub(super) fn factor_of(notches: f32) -> f64 {
    NOTCH.powf(f64::from(notches))
}

fn turned(
    notches: f32,
    modifiers: egui::Modifiers,
    (x, y): (f64, f64),
    scrolls: bool,
) -> Option<Act> {
    if modifiers.alt {
        return match notches {
            n if n > 0.0 => Some(Act::Louder),
            n if n < 0.0 => Some(Act::Quieter),
            _ => None,
        };
    }
    let factor = factor_of(notches);
    let (factor_x, factor_y) = match (modifiers.shift, modifiers.command) {
        (true, _) => (1.0, factor),
        (false, true) if !scrolls => (factor, 1.0),
        (false, _) => (factor, factor),
    };
    Some(Act::Zoom {
        factor_x,
        factor_y,
        x,
        y,
    })
}

/// Back and forward, as in a browser of pages.
fn side_buttons(ui: &Ui, acts: &mut Acts) {
    ui.input(|input| {
        if input.pointer.button_pressed(PointerButton::Extra1) {
            acts.acts.push(Act::Back);
        }
        if input.pointer.button_pressed(PointerButton::Extra2) {
            acts.acts.push(Act::Forward);
        }
    });
}

/// A point as fractions of the picture.
fn fractions(at: Pos2, plot: Rect) -> (f64, f64) {
    (
        f64::from((at.x - plot.left()) / plot.width().max(1.0)),
        f64::from((at.y - plot.top()) / plot.height().max(1.0)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thin_box_spans_the_other_axis() {
        let plot = Rect::from_min_max(Pos2::new(0.0, 0.0), Pos2::new(100.0, 200.0));
        let band = effective(Pos2::new(10.0, 50.0), Pos2::new(90.0, 52.0), plot);
        assert_eq!(
            band,
            Rect::from_min_max(Pos2::new(10.0, 0.0), Pos2::new(90.0, 200.0))
        );
        let full = effective(Pos2::new(10.0, 50.0), Pos2::new(90.0, 90.0), plot);
        assert!((full.height() - 40.0).abs() < 1e-3);
    }
}
