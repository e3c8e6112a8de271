//! What lies under the cursor, in fixed columns so that nothing jumps.

use egui::{Button, RichText, Ui, WidgetInfo};

use super::compare::Mode;
use super::{OpenView, Stage, Viewer, ViewerCommand};
use crate::app::command::{Command, Commands};
use crate::app::section::{Hit, Section};
use crate::app::settings::Settings;
use crate::app::{names, numbers, theme};
use crate::browse::LoaderCounts;
use crate::dataset::VerticalAxis;

/// Draws the readout.
pub(crate) fn show(ui: &mut Ui, viewer: &Viewer, pinned: &[String]) {
    let view = match &viewer.stage {
        Stage::Open(view) => view,
        Stage::Opening => {
            let words = RichText::new("Opening…").small();
            ui.label(words.color(theme::palette(ui).weak));
            return;
        }
        // The page says why.
        Stage::Failed(_) => return,
    };
    let Some(under) = under_cursor(viewer, view) else {
        let p = theme::palette(ui);
        let is_damage = view.source.damage().is_some();
        let color = if is_damage { p.warning } else { p.weak };
        let words = RichText::new(idle(view)).small().color(color);
        // The whole of a long sentence is its tooltip.
        ui.add(egui::Label::new(words).truncate());
        return;
    };
    let p = theme::palette(ui);
    ui.spacing_mut().item_spacing.x = 22.0;
    let Under {
        view,
        hit,
        amplitudes,
    } = under;
    let value = |name: &str| view.header_value(name, hit.trace);
    let mut rows = view.rows.clone();
    rows.extend(pinned.iter().filter(|n| !view.rows.contains(n)).cloned());
    let mut words = readout(&view.section, hit, &rows, value);
    let behind_amplitude = words.len().saturating_sub(rows.len());
    words.splice(behind_amplitude..behind_amplitude, amplitudes);
    for text in words {
        ui.label(RichText::new(text).monospace().color(p.text));
    }
}

/// What the cursor is over.
struct Under<'a> {
    view: &'a OpenView,
    hit: Hit,
    /// What is compared with it, at the same place.
    amplitudes: Vec<String>,
}

fn under_cursor<'a>(viewer: &'a Viewer, view: &'a OpenView) -> Option<Under<'a>> {
    let only = |view: &'a OpenView| {
        view.section.hit.map(|hit| Under {
            view,
            hit,
            amplitudes: Vec::new(),
        })
    };
    let Some(compare) = &viewer.compare else {
        return only(view);
    };
    let other: &OpenView = &compare.other;
    let words = |name: &str, amplitude: Option<f32>| {
        amplitude.map(|a| format!("{name} {:>10}", numbers::amplitude(a)))
    };
    match compare.mode {
        Mode::Flip => only(if compare.flipped { other } else { view }),
        Mode::Difference => {
            let under = only(view)?;
            let Hit { trace, sample, .. } = under.hit;
            let b = words("B", other.section.stored_amplitude(trace, sample));
            let difference = words("A − B", compare.difference.stored_amplitude(trace, sample));
            Some(Under {
                amplitudes: b.into_iter().chain(difference).collect(),
                ..under
            })
        }
        Mode::SideBySide => {
            let (under, there) = match only(view) {
                Some(under) => (under, words("B", other.section.ghost_amplitude())),
                None => (only(other)?, words("A", view.section.ghost_amplitude())),
            };
            Some(Under {
                amplitudes: there.into_iter().collect(),
                ..under
            })
        }
    }
}

/// How full the memory for browsing is, and a button that empties it.
pub(crate) fn cache(ui: &mut Ui, viewer: &Viewer, settings: &Settings, commands: &mut Commands) {
    let Stage::Open(view) = &viewer.stage else {
        return;
    };
    let p = theme::palette(ui);
    let clear = Button::new(RichText::new("Clear").small().color(p.weak)).frame(false);
    let clear = ui
        .add_enabled(view.cache_bytes() > 0, clear)
        .on_hover_text(
            "Forget the gathers and tiles that are kept in memory; what is on the screen stays",
        )
        .on_disabled_hover_text("Nothing is kept in memory");
    clear.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, "Clear the cache"));
    if clear.clicked() {
        commands.push(Command::Viewer(viewer.id, ViewerCommand::ClearCache));
    }
    let kept = numbers::bytes(view.cache_bytes() as u64);
    let all = numbers::bytes((settings.cache_mib as u64) << 20);
    ui.label(
        RichText::new(format!("Cache {kept} of {all}"))
            .small()
            .color(p.weak),
    )
    .on_hover_text(told(&view.loader_counts()));
    if let Some(damage) = view.source.damage() {
        // Wherever the cursor is: nobody shall take the rest for the whole.
        ui.label(RichText::new("Damaged").small().color(p.warning))
            .on_hover_text(damage);
    }
}

/// "Of 200 gathers 150 were in memory…".
fn told(counts: &LoaderCounts) -> String {
    let share = |part: u64| 100 * part / counts.answered.max(1);
    format!(
        "Gathers and tiles that are kept in memory.\nOf {} shown, {} % lay there; {} % had been loaded \
         ahead. {} were overtaken by a newer one. The size is set in the settings.",
        numbers::plural(counts.answered, "gather", "gathers"),
        share(counts.from_cache),
        share(counts.from_ahead),
        numbers::count(counts.asked.saturating_sub(counts.answered)),
    )
}

/// Without a cursor: what the source is.
fn idle(view: &OpenView) -> String {
    let facts = view.source.facts();
    let mut parts = vec![
        numbers::plural(facts.n_traces, "trace", "traces"),
        format!(
            "{} every {} {}",
            numbers::plural(u64::from(facts.n_samples), "sample", "samples"),
            numbers::axis_value(facts.axis.interval, facts.axis.interval),
            facts.axis.unit,
        ),
    ];
    if let Some(why) = view.section.line().and_then(|line| line.error.as_ref()) {
        return why.clone();
    }
    if let Some(damage) = view.source.damage() {
        return damage;
    }
    if let Some(millis) = view.section.paint_millis() {
        parts.push(format!("painted in {millis:.0} ms"));
    }
    parts.join(" · ")
}

/// What stands in the bar of the place under the cursor: `value` gives header values of its trace.
pub(crate) fn readout(
    section: &Section,
    hit: Hit,
    names: &[String],
    value: impl Fn(&str) -> Option<i64>,
) -> Vec<String> {
    let Some(axis) = section.axis() else {
        return Vec::new();
    };
    let place = Place {
        hit,
        index: section.trace_index(hit.trace).unwrap_or(0),
        n_traces: section.n_traces(),
    };
    let rows: Vec<(&str, Option<i64>)> = names
        .iter()
        .map(|name| (name.as_str(), value(name)))
        .collect();
    words_of(axis, &place, &rows)
}

/// The place under the cursor.
struct Place {
    hit: Hit,
    /// In the source.
    index: u64,
    /// On the screen.
    n_traces: u64,
}

/// "1 684.0 ms", "sample 421", "trace 87/240", "amp −3127", and the header rows.
fn words_of(axis: &VerticalAxis, place: &Place, rows: &[(&str, Option<i64>)]) -> Vec<String> {
    let hit = place.hit;
    let value = axis.first + hit.sample as f64 * axis.interval;
    let width = place.n_traces.to_string().len();
    let amplitude = hit
        .amplitude
        .map_or_else(|| "…".to_owned(), numbers::amplitude);
    let mut parts = vec![
        format!(
            "{:>9} {}",
            numbers::axis_value(value, axis.interval),
            axis.unit
        ),
        format!("sample {:>5}", hit.sample),
        format!(
            "trace {:>width$}/{} (#{})",
            hit.trace + 1,
            place.n_traces,
            place.index + 1
        ),
        format!("amplitude {amplitude:>10}"),
    ];
    for (name, value) in rows {
        let value = value.map_or_else(|| "–".to_owned(), |v| v.to_string());
        parts.push(format!("{} {value:>6}", names::label(name)));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::VerticalDomain;

    #[test]
    fn the_readout_counts_from_one_but_time_from_the_first_sample() {
        let axis = VerticalAxis {
            domain: VerticalDomain::Time,
            unit: "ms".to_owned(),
            first: 100.0,
            interval: 4.0,
        };
        let mut place = Place {
            hit: Hit {
                trace: 1,
                sample: 2,
                amplitude: Some(-3127.0),
            },
            index: 101,
            n_traces: 2,
        };
        let parts = words_of(&axis, &place, &[("ensemble_num", None)]);
        let text: Vec<&str> = parts.iter().map(|p| p.trim()).collect();
        assert_eq!(text[0], "108 ms");
        assert_eq!(text[2], "trace 2/2 (#102)");
        assert!(text[3].ends_with("−3127"));
        assert_eq!(text[4], "CDP      –");
        place.hit.amplitude = None;
        assert!(words_of(&axis, &place, &[])[3].ends_with("…"));
    }
}
