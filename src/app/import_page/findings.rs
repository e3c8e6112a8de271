//! The doctor's findings: how grave, how often, where first; a click shows the trace.

use egui::{Label, RichText, Ui};

use super::{Editing, ImportCommand};
use crate::app::messages::{self, in_the_windows_words};
use crate::app::names::capitalised;
use crate::app::widgets;
use crate::app::{numbers, theme};
use crate::import::{Finding, ScanDepth, Severity};

/// Draws the findings, the gravest first.
pub(super) fn show(ui: &mut Ui, editing: &Editing, queue: &mut Vec<ImportCommand>) {
    let scan = &editing.scan;
    let mut findings: Vec<&Finding> = scan.findings.iter().collect();
    findings.sort_by_key(|finding| finding.severity);
    let warnings: Vec<String> = scan
        .warnings
        .iter()
        // The doctor's findings say them all, some in other words.
        .filter(|_| scan.depth == ScanDepth::Quick)
        .map(|warning| capitalised(&in_the_windows_words(&warning.to_string())))
        .collect();
    if findings.is_empty() && warnings.is_empty() {
        nothing(ui, scan.depth);
        return;
    }
    let n = (findings.len() + warnings.len()) as u64;
    widgets::caption(ui, &numbers::plural(n, "finding", "findings"));
    ui.add_space(2.0);
    for finding in findings {
        one(ui, finding, queue);
    }
    for warning in warnings {
        widgets::warning_line(ui, &warning);
        ui.add_space(3.0);
    }
    if scan.depth == ScanDepth::Quick && scan.n_traces_seen < scan.layout.n_traces {
        widgets::hint(ui, "Only some traces were read: examine all for the rest");
    }
}

/// How many there are that one should know of, before anybody scrolls down to them.
pub(super) fn in_brief(ui: &mut Ui, editing: &Editing) {
    let scan = &editing.scan;
    let grave = scan
        .findings
        .iter()
        .filter(|f| f.severity != Severity::Note);
    let mut words: Vec<String> = grave.map(|f| f.message.clone()).collect();
    if scan.depth == ScanDepth::Quick {
        words.extend(scan.warnings.iter().map(ToString::to_string));
    }
    if words.is_empty() {
        return;
    }
    let words: Vec<String> = words
        .iter()
        .map(|text| capitalised(&in_the_windows_words(text)))
        .collect();
    let ink = theme::palette(ui).warning;
    widgets::glyph(ui, widgets::Glyph::Warning, ink);
    let n = numbers::plural(words.len() as u64, "finding", "findings");
    let below = "They stand at the lower left, below the facts";
    ui.label(RichText::new(n).color(ink))
        .on_hover_text(format!("{}\n\n{below}", words.join("\n")));
}

fn nothing(ui: &mut Ui, depth: ScanDepth) {
    ui.horizontal(|ui| {
        let good = theme::palette(ui).good;
        widgets::glyph(ui, widgets::Glyph::Check, good);
        ui.label(match depth {
            ScanDepth::Quick => "Nothing odd was found so far",
            ScanDepth::Full => "All traces were examined: nothing odd",
        });
    });
}

fn one(ui: &mut Ui, finding: &Finding, queue: &mut Vec<ImportCommand>) {
    let severity = match finding.severity {
        Severity::Error => messages::Severity::Error,
        Severity::Warning => messages::Severity::Warning,
        Severity::Note => messages::Severity::Info,
    };
    let (glyph, colour) = widgets::severity_sign(ui, severity);
    ui.horizontal_top(|ui| {
        widgets::glyph(ui, glyph, colour);
        ui.vertical(|ui| {
            let text = capitalised(&in_the_windows_words(&finding.message));
            let label = ui.add(Label::new(text).wrap());
            if !finding.examples.is_empty() {
                let lines: Vec<String> = finding
                    .examples
                    .iter()
                    .map(|e| {
                        format!(
                            "Trace {}: {}",
                            numbers::count(e.trace_index + 1),
                            in_the_windows_words(&e.what)
                        )
                    })
                    .collect();
                label.on_hover_text(lines.join("\n"));
            }
            ui.horizontal(|ui| {
                let counted = numbers::plural(
                    finding.count,
                    finding.counted,
                    &format!("{}s", finding.counted),
                );
                let p = theme::palette(ui);
                ui.label(RichText::new(counted).small().color(p.weak));
                if let Some(trace) = finding.first_trace {
                    let text = format!("Show trace {}", numbers::count(trace + 1));
                    if ui
                        .small_button(text)
                        .on_hover_text("The first one, in the picture")
                        .clicked()
                    {
                        queue.push(ImportCommand::ShowTrace(trace));
                    }
                }
            });
        });
    });
    ui.add_space(3.0);
}
