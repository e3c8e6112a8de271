//! What lies under the cursor, in fixed columns so that nothing jumps.

use egui::{RichText, Ui};

use super::{OpenView, Stage, Viewer};
use crate::app::section::Hit;
use crate::app::{names, numbers, theme};
use crate::browse::Gather;

/// Draws the readout.
pub(crate) fn show(ui: &mut Ui, viewer: &Viewer) {
    let Stage::Open(view) = &viewer.stage else {
        ui.label(
            RichText::new("Opening…")
                .small()
                .color(theme::palette(ui).weak),
        );
        return;
    };
    let (Some(gather), Some(hit)) = (view.section.gather(), view.section.hit) else {
        ui.label(
            RichText::new(idle(view))
                .small()
                .color(theme::palette(ui).weak),
        );
        return;
    };
    let p = theme::palette(ui);
    ui.spacing_mut().item_spacing.x = 22.0;
    for text in readout(gather, hit, &view.rows) {
        ui.label(RichText::new(text).monospace().color(p.text));
    }
}

/// Without a cursor: what the source is.
fn idle(view: &OpenView) -> String {
    let facts = view.source.facts();
    let mut parts = vec![
        numbers::plural(facts.n_traces, "trace", "traces"),
        format!(
            "{} samples every {} {}",
            numbers::count(u64::from(facts.n_samples)),
            numbers::axis_value(facts.axis.interval, facts.axis.interval),
            facts.axis.unit,
        ),
    ];
    let cache = view.cache_bytes();
    if cache > 0 {
        parts.push(format!("cache {}", numbers::bytes(cache as u64)));
    }
    if let Some(millis) = view.section.paint_millis() {
        parts.push(format!("painted in {millis:.0} ms"));
    }
    parts.join(" · ")
}

/// "1 684.0 ms", "sample 421", "trace 87/240", "amp −3127", and the header rows.
pub(crate) fn readout(gather: &Gather, hit: Hit, rows: &[String]) -> Vec<String> {
    let axis = &gather.axis;
    let value = axis.first + hit.sample as f64 * axis.interval;
    let index = gather.trace_indices.get(hit.trace).copied().unwrap_or(0);
    let width = gather.n_traces().to_string().len();
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
            gather.n_traces(),
            index + 1
        ),
        format!("amplitude {:>10}", numbers::amplitude(hit.amplitude)),
    ];
    for name in rows {
        let value = gather
            .headers
            .iter()
            .find(|row| row.name == *name)
            .and_then(|row| row.values.get(hit.trace).copied().flatten());
        let value = value.map_or_else(|| "–".to_owned(), |v| v.to_string());
        parts.push(format!("{} {value:>6}", names::label(name)));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browse::HeaderRow;
    use crate::dataset::{VerticalAxis, VerticalDomain};

    #[test]
    fn the_readout_counts_from_one_but_time_from_the_first_sample() {
        let gather = Gather {
            key: vec![("ensemble_num".to_owned(), 7)],
            trace_indices: vec![100, 101],
            n_samples: 3,
            samples: vec![0.0; 6],
            headers: vec![HeaderRow {
                name: "ensemble_num".to_owned(),
                values: vec![Some(7), None],
            }],
            start_offsets: None,
            axis: VerticalAxis {
                domain: VerticalDomain::Time,
                unit: "ms".to_owned(),
                first: 100.0,
                interval: 4.0,
            },
        };
        let hit = Hit {
            trace: 1,
            sample: 2,
            amplitude: -3127.0,
        };
        let rows = ["ensemble_num".to_owned()];
        let parts = readout(&gather, hit, &rows);
        let text: Vec<&str> = parts.iter().map(|p| p.trim()).collect();
        assert_eq!(text[0], "108 ms");
        assert_eq!(text[2], "trace 2/2 (#102)");
        assert!(text[3].ends_with("−3127"));
        assert_eq!(text[4], "CDP      –");
    }
}
