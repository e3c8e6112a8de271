//! The histogram of amplitudes, in which the clip is dragged.
//!
//! The samples are read and counted on a thread; the counts of the whole source come from traces
//! spread over it, and the panel says of how many.

mod chart;

use std::sync::Arc;

use egui::{Button, ComboBox, DragValue, Ui, Vec2, Window};

use super::{OpenView, ViewerCommand};
use crate::app::command::Action;
use crate::app::section::{ClipChoice, Look, Scope, Sides, visible_samples};
use crate::app::shortcuts::keys_of;
use crate::app::workers::{Newest, Workers};
use crate::app::{numbers, widgets};
use crate::browse::{Gather, TraceSource};
use crate::view::{
    AmplitudeHistogram, ClipRange, Gain, Placement, SectionWindow, amplitude_histogram, gained,
};

/// Samples of the whole source that are looked at, and in how many places they lie.
const SOURCE_SAMPLES: u64 = 1_000_000;
const SOURCE_PLACES: u64 = 64;

/// Whose amplitudes are counted.
#[derive(Clone)]
enum Asked {
    Source,
    Gather(Arc<Gather>, Gain, Option<Seen>),
}

/// Only what is in the window.
#[derive(Clone)]
struct Seen {
    window: SectionWindow,
    placement: Option<Arc<Placement>>,
    /// Place of the gather's first trace in the window's count.
    first_trace: f64,
}

impl Asked {
    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Source, Self::Source) => true,
            (Self::Gather(a, gain_a, seen_a), Self::Gather(b, gain_b, seen_b)) => {
                let windows = |seen: &Option<Seen>| seen.as_ref().map(|s| s.window);
                Arc::ptr_eq(a, b) && gain_a == gain_b && windows(seen_a) == windows(seen_b)
            }
            (Self::Source, Self::Gather(..)) | (Self::Gather(..), Self::Source) => false,
        }
    }
}

/// Counts, and of what.
type Found = Result<(AmplitudeHistogram, String), String>;

/// See the module.
pub(crate) struct HistogramPanel {
    pub(crate) open: bool,
    scope: Scope,
    logarithmic: bool,
    /// Both ends move together.
    tied: bool,
    thread: Newest<Asked, Found>,
    asked: Option<Asked>,
    found: Option<Found>,
}

impl HistogramPanel {
    pub(super) fn new(source: Arc<dyn TraceSource>, workers: &Workers) -> Self {
        let thread = Newest::spawn("histogram", workers.waker(), move |asked| {
            counted(&*source, &asked)
        });
        Self {
            open: false,
            scope: Scope::Dataset,
            logarithmic: true,
            tied: true,
            thread,
            asked: None,
            found: None,
        }
    }

    fn ask(&mut self, asked: Asked) {
        if let Some(found) = self.thread.poll() {
            self.found = Some(found);
        }
        if !self
            .asked
            .as_ref()
            .is_some_and(|before| before.same(&asked))
        {
            self.thread.request(asked.clone());
            self.asked = Some(asked);
        }
    }
}

fn counted(source: &dyn TraceSource, asked: &Asked) -> Found {
    match asked {
        Asked::Source => {
            let (samples, n_traces) = spread_samples(source).map_err(|e| e.to_string())?;
            let all = source.facts().n_traces;
            let words = if n_traces == all {
                format!("all {}", numbers::plural(all, "trace", "traces"))
            } else {
                format!(
                    "{} of {} traces",
                    numbers::count(n_traces),
                    numbers::count(all)
                )
            };
            Ok((amplitude_histogram(&samples), words))
        }
        Asked::Gather(gather, gain, seen) => {
            let gather = if *gain == Gain::None {
                Arc::clone(gather)
            } else {
                Arc::new(gained(gather, *gain))
            };
            let mut words = match seen {
                None => "this gather".to_owned(),
                Some(_) => "what is in the window".to_owned(),
            };
            if *gain != Gain::None {
                words = format!("{words}, {}", gain.label());
            }
            let found = match seen {
                None => amplitude_histogram(&gather.samples),
                Some(seen) => {
                    let placement = seen.placement.as_deref();
                    let samples =
                        visible_samples(&gather, &seen.window, placement, seen.first_trace);
                    amplitude_histogram(&samples)
                }
            };
            Ok((found, words))
        }
    }
}

/// Samples of traces that lie evenly over the source, and the number of these traces.
fn spread_samples(source: &dyn TraceSource) -> Result<(Vec<f32>, u64), crate::browse::BrowseError> {
    let facts = source.facts();
    let wanted = (SOURCE_SAMPLES / u64::from(facts.n_samples.max(1))).max(SOURCE_PLACES);
    let mut samples = Vec::new();
    if wanted >= facts.n_traces {
        source.read_traces(0..facts.n_traces, &mut samples)?;
        return Ok((samples, facts.n_traces));
    }
    let each = (wanted / SOURCE_PLACES).max(1);
    let mut read = Vec::new();
    for place in 0..SOURCE_PLACES {
        let first = (facts.n_traces - each) * place / (SOURCE_PLACES - 1).max(1);
        read.clear();
        source.read_traces(first..first + each, &mut read)?;
        samples.append(&mut read);
    }
    Ok((samples, each * SOURCE_PLACES))
}

/// Draws the panel, if it is open.
pub(super) fn show(ui: &Ui, view: &mut OpenView, queue: &mut Vec<ViewerCommand>) {
    if !view.histogram.open {
        return;
    }
    let mut open = true;
    let mut look = view.look.clone();
    let right = ui.max_rect().right_bottom();
    Window::new(egui::RichText::new("Amplitudes").size(15.0))
        .id(ui.scope_id().with("amplitudes"))
        .open(&mut open)
        .resizable(false)
        .collapsible(false)
        .default_pos(right - Vec2::new(500.0, 360.0))
        .constrain_to(ui.max_rect())
        .show(ui.ctx(), |ui| {
            ui.set_width(360.0);
            contents(ui, view, &mut look);
        });
    if !open {
        queue.push(ViewerCommand::CloseHistogram);
    }
    if look != view.look {
        queue.push(ViewerCommand::SetLook(Box::new(look)));
    }
}

fn contents(ui: &mut Ui, view: &mut OpenView, look: &mut Look) {
    scopes(ui, view);
    let asked = asked_of(view);
    view.histogram.ask(asked);
    let clip = view.clip();
    match (&view.histogram.found, clip) {
        (Some(Ok((found, words))), Some(clip)) => {
            let chart = chart::Chart {
                histogram: found,
                look,
                clip,
                logarithmic: view.histogram.logarithmic,
            };
            let moved = chart::show(ui, &chart);
            let tied = view.histogram.tied;
            summary(ui, found, clip, words);
            if let Some(moved) = moved {
                take_moved(look, clip, moved, tied);
            }
        }
        (Some(Err(why)), _) => widgets::warning_line(ui, why),
        _ => {
            ui.horizontal(|ui| {
                ui.spinner();
                ui.label("Counting…");
            });
        }
    }
    ui.add_space(4.0);
    if let Some(clip) = clip {
        ends(ui, view, look, clip);
    }
}

/// What the panel's scope means for what is on the screen.
fn asked_of(view: &OpenView) -> Asked {
    let gain = view.look.gain;
    let near = view
        .section
        .line()
        .map(|line| line.traces().map(|(first, gather)| (gather, first as f64)));
    let shown = match near {
        // From afar only the source can be counted.
        Some(near) => near,
        None => view.section.gather().map(|gather| (gather, 0.0)),
    };
    let scope = match view.histogram.scope {
        Scope::Dataset if gain == Gain::None => return Asked::Source,
        // With a gain the numbers of the whole source say nothing about the picture.
        Scope::Dataset => Scope::Gather,
        Scope::Gather | Scope::Window => view.histogram.scope,
    };
    let Some((gather, first_trace)) = shown else {
        return Asked::Source;
    };
    let seen = view.section.window().filter(|_| scope == Scope::Window);
    let seen = seen.map(|window| Seen {
        window,
        placement: view.section.placement().map(Arc::clone),
        first_trace,
    });
    Asked::Gather(Arc::clone(gather), gain, seen)
}

fn scopes(ui: &mut Ui, view: &mut OpenView) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 3.0;
        let panel = &mut view.histogram;
        for scope in [Scope::Dataset, Scope::Gather, Scope::Window] {
            let chosen = panel.scope == scope;
            let word = match scope {
                Scope::Dataset => "Dataset",
                Scope::Gather => "Gather",
                Scope::Window => "Window",
            };
            let button = Button::selectable(chosen, word);
            if ui
                .add(button)
                .on_hover_text("Whose amplitudes are counted")
                .clicked()
            {
                panel.scope = scope;
            }
        }
        ui.add_space(10.0);
        ui.checkbox(&mut panel.logarithmic, "Log counts");
        ui.checkbox(&mut panel.tied, "Tie ends")
            .on_hover_text("Both ends of the clip move together, evenly about 0");
    });
}

fn summary(ui: &mut Ui, found: &AmplitudeHistogram, clip: ClipRange, words: &str) {
    let share = |n: u64| 100.0 * n as f64 / found.n_samples.max(1) as f64;
    let mut text = format!(
        "Of {words}: {:.1} % beyond the clip, {:.1} % exactly 0",
        100.0 * found.share_outside(clip.low, clip.high),
        share(found.n_zeros),
    );
    if found.n_non_finite > 0 {
        text = format!("{text}, {:.1} % not numbers", share(found.n_non_finite));
    }
    if let Some((least, most)) = found.extremes {
        let (least, most) = (numbers::amplitude(least), numbers::amplitude(most));
        text = format!("{text}; from {least} to {most}");
    }
    widgets::hint(ui, text);
}

/// A handle was moved.
fn take_moved(look: &mut Look, clip: ClipRange, moved: chart::Moved, tied: bool) {
    let (low, high) = match moved {
        chart::Moved::Low(low) => (low, clip.high),
        chart::Moved::High(high) => (clip.low, high),
    };
    let amplitude = match moved {
        chart::Moved::Low(at) | chart::Moved::High(at) => at.abs(),
    };
    if tied && look.sides == Sides::Both {
        if amplitude > 0.0 {
            look.clip = ClipChoice::Fixed(amplitude);
        }
    } else if let Some(range) = ClipRange::between(low, high) {
        look.set_range(range);
    }
}

/// Both ends as numbers, the side, and the way back.
fn ends(ui: &mut Ui, view: &OpenView, look: &mut Look, clip: ClipRange) {
    ui.horizontal(|ui| {
        ui.label("From");
        let low = end(ui, clip.low, clip.half(), "Lower end of the clip");
        ui.label("to");
        let high = end(ui, clip.high, clip.half(), "Upper end of the clip");
        let moved = low
            .map(chart::Moved::Low)
            .or_else(|| high.map(chart::Moved::High));
        if let Some(moved) = moved {
            take_moved(look, clip, moved, view.histogram.tied);
        }
        let label = look.sides.label();
        let combo = ComboBox::from_id_salt("sides")
            .selected_text(label)
            .width(96.0)
            .show_ui(ui, |ui| {
                for sides in Sides::ALL {
                    if ui
                        .selectable_label(look.sides == sides, sides.label())
                        .clicked()
                    {
                        look.sides = sides;
                        if matches!(look.clip, ClipChoice::Range(..)) {
                            look.clip = ClipChoice::Percentile(99.0);
                        }
                    }
                }
            });
        combo.response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Colours show: {label}"))
        });
        combo
            .response
            .on_hover_text("One side only: velocities, envelopes, semblance");
        let auto = ui.add_enabled(look.is_by_hand(), Button::new("Auto"));
        let hover = format!(
            "Back to the percentile P99 ({})",
            keys_of(Action::AutomaticClip)
        );
        if auto.on_hover_text(hover).clicked() {
            look.clip = ClipChoice::Percentile(99.0);
        }
    });
}

/// A number that can be dragged or typed; the new one.
fn end(ui: &mut Ui, now: f32, half: f32, name: &'static str) -> Option<f32> {
    let mut value = f64::from(now);
    let drag = DragValue::new(&mut value)
        .speed(f64::from(half) * 0.01)
        .range(-f64::from(f32::MAX)..=f64::from(f32::MAX))
        .update_while_editing(false)
        .custom_formatter(|v, _| {
            #[expect(clippy::cast_possible_truncation, reason = "it was f32")]
            let v = v as f32;
            numbers::amplitude(v)
        })
        .custom_parser(parsed);
    let response = ui.add_sized([64.0, 20.0], drag);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::SpinButton, true, name));
    #[expect(
        clippy::cast_possible_truncation,
        reason = "limited to the range of f32"
    )]
    response.changed().then_some(value as f32)
}

/// "−1.2e4", "± 3 000".
pub(super) fn parsed(text: &str) -> Option<f64> {
    text.trim()
        .trim_start_matches('±')
        .trim()
        .replace('−', "-")
        .replace([' ', '\u{a0}', '\u{202f}'], "")
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browse::fake::FakeSource;

    #[test]
    fn a_long_source_is_counted_in_places_spread_over_it() {
        let small = spread_samples(&FakeSource::new(50, 10)).map(|(s, n)| (s.len(), n));
        assert_eq!(small.ok(), Some((500, 50)));
        let large = FakeSource::new(100_000, 1000);
        let found = spread_samples(&large).map(|(s, n)| (s.len(), n));
        assert_eq!(found.ok(), Some((960_000, 960)));
    }

    #[test]
    fn tied_ends_stay_even_and_loose_ones_do_not() {
        let mut look = Look::default();
        let clip = ClipRange::symmetric(10.0);
        take_moved(&mut look, clip, chart::Moved::Low(-4.0), true);
        assert_eq!(look.clip, ClipChoice::Fixed(4.0));
        take_moved(&mut look, clip, chart::Moved::Low(-4.0), false);
        assert_eq!(look.clip, ClipChoice::Range(-4.0, 10.0));
        take_moved(&mut look, clip, chart::Moved::High(-10.0), false);
        assert_eq!(look.clip, ClipChoice::Range(-4.0, 10.0));
    }

    #[test]
    fn typed_numbers_are_read_as_they_are_written() {
        assert_eq!(parsed("± 3 000"), Some(3000.0));
        assert_eq!(parsed("−1.5e3"), Some(-1500.0));
        assert_eq!(parsed("much"), None);
    }
}
