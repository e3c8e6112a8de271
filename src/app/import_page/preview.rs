//! A picture of the file's traces before anything is imported, straight from the mapped file.

use std::path::Path;
use std::sync::Arc;

use egui::{Button, ComboBox, Rect, Sense, Ui, Vec2};

use super::{Editing, ImportCommand};
use crate::app::messages::Message;
use crate::app::section::{
    ClipChoice, Look, PERCENTILES, Section, Setting, mode_label, percentile_label, swatch,
};
use crate::app::viewer::mapped_segy;
use crate::app::workers::Workers;
use crate::app::{names, numbers, theme, widgets};
use crate::browse::{BrowseError, Gather, HeaderRow, TraceSource};
use crate::import::{Mapping, Scan};
use crate::job::JobContext;
use crate::view::{COLOUR_TABLES, DisplayMode};

/// Numbers of traces on offer.
const COUNTS: [u64; 5] = [50, 100, 200, 500, 1000];
/// Samples of a picture at most (160 MB).
const MOST_SAMPLES: u64 = 40_000_000;
/// Bars of the histogram.
const BARS: usize = 61;

/// Which part of the file is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Part {
    #[default]
    Start,
    Middle,
    End,
    /// About this trace.
    Around(u64),
}

impl Part {
    const ALL: [Self; 3] = [Self::Start, Self::Middle, Self::End];

    fn label(self) -> &'static str {
        match self {
            Self::Start => "First",
            Self::Middle => "Middle",
            Self::End => "Last",
            Self::Around(_) => "Around",
        }
    }
}

/// What to read.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    part: Part,
    n_traces: u64,
    columns: Vec<String>,
}

/// What was read.
#[derive(Debug)]
pub(crate) struct Traces {
    gather: Arc<Gather>,
    histogram: Histogram,
}

/// How often each amplitude occurs, between minus and plus the 99th percentile.
#[derive(Clone, Debug, Default)]
pub(crate) struct Histogram {
    bars: Vec<f32>,
    limit: f32,
    zeros: f32,
}

/// The picture and its settings.
#[derive(Debug)]
pub(crate) struct Preview {
    pub(crate) section: Section,
    pub(crate) rows: Vec<String>,
    pub(crate) n_traces: u64,
    part: Part,
    pub(crate) look: Look,
    histogram: Histogram,
    error: Option<Message>,
    generation: u64,
}

impl Preview {
    pub(crate) fn new(workers: &Workers, n_traces: u64) -> Self {
        Self {
            section: Section::new(workers.waker()),
            rows: Vec::new(),
            n_traces,
            part: Part::default(),
            look: Look {
                scope: crate::app::section::Scope::Gather,
                ..Look::default()
            },
            histogram: Histogram::default(),
            error: None,
            generation: 0,
        }
    }

    /// The number of a new request.
    pub(crate) fn ask(&mut self) -> u64 {
        self.generation += 1;
        self.section.set_late(true);
        self.generation
    }

    /// What to read now.
    pub(crate) fn wanted(&mut self, keys: &[String], scan: &Scan) -> Wanted {
        self.rows = keys.iter().take(1).cloned().collect();
        let across = keys.first().and_then(|key| names::across(key));
        let usual = [
            "source_to_receiver_distance",
            "trace_num_orig_record",
            "trace_num_ensemble",
            "ensemble_num",
            "crossline",
            "trace_seq_num_line",
        ];
        let second = across.into_iter().chain(usual).find(|name| {
            let varies = scan
                .fields
                .iter()
                .any(|f| f.name == *name && f.min != f.max);
            varies && !keys.iter().any(|k| k == name)
        });
        self.rows.extend(second.map(str::to_owned));
        if self.rows.is_empty() {
            self.rows.push("trace_seq_num_line".to_owned());
        }
        let per_trace = u64::from(scan.layout.n_samples.value).max(1);
        Wanted {
            part: self.part,
            n_traces: self.n_traces.min((MOST_SAMPLES / per_trace).max(1)),
            columns: self.rows.clone(),
        }
    }

    /// Shows the traces around `trace`, and that one marked.
    pub(crate) fn show_trace(&mut self, trace: u64) {
        self.part = Part::Around(trace);
        self.section.fit();
    }

    /// Takes the traces.
    pub(crate) fn take(&mut self, generation: u64, result: Result<Traces, Message>) {
        if generation != self.generation {
            return;
        }
        self.section.set_late(false);
        match result {
            Ok(traces) => {
                let gather = traces.gather;
                let marked = match self.part {
                    Part::Around(trace) => Some(trace),
                    Part::Start | Part::Middle | Part::End => None,
                };
                self.section.set_gather(gather);
                if let Some(trace) = marked {
                    self.section.pins = vec![trace];
                }
                self.histogram = traces.histogram;
                self.error = None;
            }
            Err(message) => self.error = Some(message),
        }
    }
}

/// Reads the traces and their header values.
pub(crate) fn read(
    path: &Path,
    mapping: &Mapping,
    wanted: &Wanted,
    context: &JobContext,
) -> Result<Traces, BrowseError> {
    let source = mapped_segy(path, mapping, context)?;
    let facts = source.facts();
    let n = wanted.n_traces.min(facts.n_traces);
    let first = match wanted.part {
        Part::Start => 0,
        Part::Middle => (facts.n_traces - n) / 2,
        Part::End => facts.n_traces - n,
        Part::Around(trace) => trace.saturating_sub(n / 2).min(facts.n_traces - n),
    };
    let range = first..first + n;
    let mut samples = Vec::new();
    source.read_traces(range.clone(), &mut samples)?;
    let mut headers = Vec::new();
    for name in wanted
        .columns
        .iter()
        .filter(|c| facts.header_names.contains(c))
    {
        let mut values = Vec::new();
        source.read_header(name, range.clone(), &mut values)?;
        headers.push(HeaderRow {
            name: name.clone(),
            values,
        });
    }
    let histogram = histogram(&samples);
    let gather = Gather {
        key: Vec::new(),
        trace_indices: range.collect(),
        n_samples: facts.n_samples as usize,
        samples,
        headers,
        start_offsets: None,
        axis: facts.axis.clone(),
    };
    Ok(Traces {
        gather: Arc::new(gather),
        histogram,
    })
}

fn histogram(samples: &[f32]) -> Histogram {
    let limit = crate::view::clip_of(samples, 99.0);
    let mut counts = vec![0_u32; BARS];
    let mut zeros = 0_usize;
    let mut finite = 0_usize;
    let step = (samples.len() / 400_000).max(1);
    for &value in samples.iter().step_by(step).filter(|v| v.is_finite()) {
        finite += 1;
        if value == 0.0 {
            zeros += 1;
            continue;
        }
        let share = f32::midpoint(value / limit, 1.0);
        if (0.0..1.0).contains(&share) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "0..BARS"
            )]
            let bar = (share * BARS as f32) as usize;
            if let Some(count) = counts.get_mut(bar) {
                *count += 1;
            }
        }
    }
    let most = counts.iter().copied().max().unwrap_or(1).max(1) as f32;
    Histogram {
        bars: counts.iter().map(|&c| c as f32 / most).collect(),
        limit,
        zeros: zeros as f32 / finite.max(1) as f32,
    }
}

/// Draws controls, picture and histogram.
pub(crate) fn show(ui: &mut Ui, editing: &mut Editing, queue: &mut Vec<ImportCommand>) {
    let preview = &mut editing.preview;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        part(ui, preview, queue);
        ui.separator();
        for mode in [
            DisplayMode::Density,
            DisplayMode::Wiggle,
            DisplayMode::DensityWiggle,
        ] {
            let button = Button::selectable(preview.look.mode == mode, mode_label(mode));
            if ui.add(button).on_hover_text(mode.label()).clicked() {
                preview.look.mode = mode;
            }
        }
        if preview.look.mode.has_colours() {
            colours(ui, &mut preview.look);
        }
        percentile(ui, &mut preview.look);
    });
    ui.add_space(2.0);
    if let Some(error) = &preview.error {
        let copy = widgets::card(ui, |ui| widgets::message_body(ui, error));
        if copy {
            ui.ctx().copy_text(error.as_text());
        }
        return;
    }
    let bottom = 58.0;
    let mut size = ui.available_size();
    size.y = (size.y - bottom).max(120.0);
    let rows = preview.rows.clone();
    let look = preview.look.clone();
    let setting = Setting {
        look: &look,
        statistics: None,
        rows: &rows,
        keys: &[],
        name: "preview of the file",
    };
    ui.allocate_ui(size, |ui| preview.section.show(ui, setting));
    draw_histogram(ui, editing);
}

fn part(ui: &mut Ui, preview: &mut Preview, queue: &mut Vec<ImportCommand>) {
    let before = (preview.part, preview.n_traces);
    let combo = ComboBox::from_id_salt("preview part")
        .selected_text(preview.part.label())
        .width(66.0)
        .show_ui(ui, |ui| {
            if let Part::Around(trace) = preview.part {
                let label = format!("Around trace {}", numbers::count(trace + 1));
                ui.selectable_value(&mut preview.part, Part::Around(trace), label);
            }
            for part in Part::ALL {
                ui.selectable_value(&mut preview.part, part, part.label());
            }
        });
    combo.response.widget_info(|| {
        egui::WidgetInfo::labeled(
            egui::Role::ComboBox,
            true,
            format!("Part of the file: {}", preview.part.label()),
        )
    });
    let text = numbers::plural(preview.n_traces, "trace", "traces");
    let combo = ComboBox::from_id_salt("preview traces")
        .selected_text(&text)
        .width(96.0)
        .show_ui(ui, |ui| {
            for n in COUNTS {
                ui.selectable_value(
                    &mut preview.n_traces,
                    n,
                    numbers::plural(n, "trace", "traces"),
                );
            }
        });
    combo.response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Show {text}"))
    });
    if before != (preview.part, preview.n_traces) {
        queue.push(ImportCommand::Preview);
    }
}

fn colours(ui: &mut Ui, look: &mut Look) {
    let current = look.table_index();
    let name = look.table().map_or("", |t| t.name);
    let combo = ComboBox::from_id_salt("preview colours")
        .selected_text(name)
        .width(130.0)
        .truncate()
        .show_ui(ui, |ui| {
            for (i, table) in COLOUR_TABLES.iter().enumerate() {
                ui.horizontal(|ui| {
                    let (rect, _) = ui.allocate_exact_size(Vec2::new(54.0, 14.0), Sense::hover());
                    swatch(ui.painter(), rect, table, false, false);
                    if ui
                        .add(Button::selectable(i == current, table.name))
                        .clicked()
                    {
                        table.name.clone_into(&mut look.colour_table);
                    }
                });
            }
        });
    combo.response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Colour table {name}"))
    });
}

fn percentile(ui: &mut Ui, look: &mut Look) {
    let now = match look.clip {
        ClipChoice::Percentile(p) => p,
        ClipChoice::Fixed(_) | ClipChoice::Range(..) => 99.0,
    };
    let text = format!("Clip {}", percentile_label(now));
    let combo = ComboBox::from_id_salt("preview clip")
        .selected_text(&text)
        .width(90.0)
        .show_ui(ui, |ui| {
            for p in PERCENTILES {
                ui.selectable_value(
                    &mut look.clip,
                    ClipChoice::Percentile(p),
                    percentile_label(p),
                );
            }
        });
    combo
        .response
        .widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, &text));
}

fn draw_histogram(ui: &mut Ui, editing: &Editing) {
    let histogram = &editing.preview.histogram;
    let p = theme::palette(ui);
    ui.horizontal(|ui| {
        let width = (ui.available_width() * 0.42).clamp(120.0, 320.0);
        let (rect, _) = ui.allocate_exact_size(Vec2::new(width, 46.0), Sense::hover());
        let step = rect.width() / BARS as f32;
        for (i, bar) in histogram.bars.iter().enumerate() {
            let x = rect.left() + i as f32 * step;
            let top = rect.bottom() - bar.sqrt() * rect.height();
            let column = Rect::from_min_max(
                egui::Pos2::new(x, top),
                egui::Pos2::new(x + step * 0.8, rect.bottom()),
            );
            ui.painter()
                .rect_filled(column, 0.0, p.accent.gamma_multiply(0.8));
        }
        ui.painter().hline(
            rect.x_range(),
            rect.bottom(),
            egui::Stroke::new(1.0, p.line),
        );
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            let shown = editing.preview.section.gather().map_or(0, |g| g.n_traces()) as u64;
            widgets::hint(
                ui,
                format!(
                    "Amplitudes of {}",
                    numbers::plural(shown, "trace", "traces")
                ),
            );
            widgets::hint(
                ui,
                format!(
                    "P99 ±{} · zeros {:.1} %",
                    numbers::amplitude(histogram.limit),
                    histogram.zeros * 100.0
                ),
            );
            widgets::hint(
                ui,
                format!("Header rows: {}", row_words(&editing.preview.rows)),
            );
        });
    });
}

fn row_words(rows: &[String]) -> String {
    let labels: Vec<String> = rows.iter().map(|row| names::label(row)).collect();
    labels.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_histogram_counts_zeros_apart_and_is_symmetric() {
        let samples: Vec<f32> = (-100..=100).map(|i| i as f32).collect();
        let h = histogram(&samples);
        assert_eq!(h.bars.len(), BARS);
        assert!((h.zeros - 1.0 / 201.0).abs() < 1e-6);
        assert!(h.limit >= 98.0);
    }
}
