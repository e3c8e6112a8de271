//! What has a scan seen so far? Headers and samples counted as they pass by, and what follows.

use std::ops::Range;

use super::amplitudes::AmplitudeLook;
use super::fields::FieldTally;
use super::find_roles::FoundRoles;
use super::{FieldSeen, Scan, ScanDepth, binary_word, failed, key_title, keys, looks, run_lengths};
use crate::import::doctor::{self, Doctor};
use crate::import::tally::Tally;
use crate::import::warning::combined;
use crate::import::{ImportError, ImportWarning, MappedColumn, Mapping};
use crate::job::{JobContext, Stop};
use crate::segy::fields_trace::TRACE_FIELDS;
use crate::segy::{FieldKind, LayoutOverrides, SegyFile, TraceWindow, decode_f32};

/// Bytes of the file that a full scan maps at once: cancel is looked at in between.
const FULL_WINDOW_BYTES: u64 = 8 << 20;

/// What was seen so far.
pub(super) struct Seen {
    fields: Vec<FieldTally>,
    /// Columns that are suggested elsewhere than the standard has them.
    moved: Vec<FieldTally>,
    pub(super) found: FoundRoles,
    tally: Tally,
    amplitudes: AmplitudeLook,
    n_traces: u64,
    n_traces_sampled: u64,
    /// After a full look.
    doctor: Option<Doctor>,
}

impl Seen {
    pub(super) fn new(file: &SegyFile, found: FoundRoles) -> Self {
        let fields = TRACE_FIELDS
            .iter()
            .filter(|field| field.kind != FieldKind::Text8)
            .map(|field| {
                FieldTally::new(MappedColumn {
                    name: field.name.to_owned(),
                    byte: field.byte,
                    kind: field.kind,
                })
            })
            .collect();
        let moved = found.moved_columns().map(FieldTally::new).collect();
        let mapping = Mapping {
            columns: found.moved_columns().collect(),
            ..Mapping::default()
        };
        Self {
            fields,
            moved,
            found,
            tally: Tally::of_file(&mapping, file.layout()),
            amplitudes: AmplitudeLook::default(),
            n_traces: 0,
            n_traces_sampled: 0,
            doctor: None,
        }
    }

    pub(super) fn look_at_headers(
        &mut self,
        file: &SegyFile,
        stretches: &[Range<u64>],
        context: &JobContext,
    ) -> Result<(), Stop<ImportError>> {
        let layout = file.layout();
        let order = layout.byte_order.value;
        let n_traces = stretches
            .iter()
            .map(|stretch| stretch.end - stretch.start)
            .sum();
        context
            .progress
            .set_total(n_traces, n_traces * layout.trace_stride_bytes);
        for stretch in stretches {
            for field in self.fields.iter_mut().chain(&mut self.moved) {
                field.begin_stretch(stretch.start == 0);
            }
            for_each_window(file, stretch, context, |window| {
                for i in 0..window.n_traces() {
                    let header = window.header(i);
                    for field in self.fields.iter_mut().chain(&mut self.moved) {
                        field.add(header, order);
                    }
                    self.tally.add_header(header, window.trace_index(i));
                }
                self.n_traces += window.n_traces() as u64;
            })?;
        }
        let at_file_end = stretches
            .last()
            .is_some_and(|last| last.end == layout.n_traces);
        for field in self.fields.iter_mut().chain(&mut self.moved) {
            field.end(at_file_end);
        }
        Ok(())
    }

    /// Every trace, header and samples.
    pub(super) fn look_at_all(
        &mut self,
        file: &SegyFile,
        mut doctor: Doctor,
        context: &JobContext,
    ) -> Result<(), Stop<ImportError>> {
        let order = file.layout().byte_order.value;
        for field in self.fields.iter_mut().chain(&mut self.moved) {
            field.begin_stretch(true);
        }
        doctor::read_all(file, context, |window, checks| {
            for (i, check) in checks.iter().enumerate() {
                let trace_index = window.trace_index(i);
                // Behind the standard header stand the additional ones.
                let header = window.headers(i);
                for field in self.fields.iter_mut().chain(&mut self.moved) {
                    field.add(header, order);
                }
                self.tally.add_header(header, trace_index);
                let n_non_finite = u64::from(check.n_non_finite);
                self.tally
                    .add_samples(trace_index, n_non_finite, check.is_dead);
                doctor.look_at(header, trace_index, check);
            }
            self.n_traces += checks.len() as u64;
        })?;
        for field in self.fields.iter_mut().chain(&mut self.moved) {
            field.end(true);
        }
        self.n_traces_sampled = self.n_traces;
        self.doctor = Some(doctor);
        Ok(())
    }

    /// A few traces for the eye; counts what is odd about them, unless all were counted already.
    pub(super) fn look_at_samples(
        &mut self,
        file: &SegyFile,
        traces: Range<u64>,
    ) -> Result<(), crate::segy::SegyError> {
        let layout = file.layout();
        let (format, order) = (layout.format.value, layout.byte_order.value);
        let limit = looks::samples_of_a_trace(layout);
        let mut samples = Vec::new();
        let is_counted = self.doctor.is_some();
        if !is_counted {
            self.n_traces_sampled += traces.end.saturating_sub(traces.start);
        }
        for trace in traces {
            // One by one: the longest traces are hundreds of megabytes.
            let window = file.window(trace..trace + 1)?;
            samples.clear();
            let bytes = window.sample_bytes(0);
            let n_samples = (bytes.len() / format.size_bytes()).min(limit);
            let bytes = &bytes[..n_samples * format.size_bytes()];
            decode_f32(format, order, bytes, &mut samples)?;
            let (n_non_finite, is_dead) = self.amplitudes.add(&samples, bytes, format, order);
            window.check()?;
            if !is_counted {
                self.tally.add_samples(trace, n_non_finite, is_dead);
            }
        }
        Ok(())
    }

    /// How many gathers each possible key gives: told by the changes seen, or, where gathers are
    /// longer than a look, by their lengths around the looks.
    pub(super) fn estimate_gathers(
        &mut self,
        file: &SegyFile,
        looks: &[Range<u64>],
    ) -> Result<(), crate::segy::SegyError> {
        let n_traces = file.layout().n_traces;
        for field in self.fields.iter_mut().chain(&mut self.moved) {
            if !keys::is_possible(&field.column.name) {
                continue;
            }
            field.n_traces_in_file = n_traces;
            field.n_gathers = if field.runs_outlast_looks() && !field.is_constant() {
                let at: Vec<u64> = looks
                    .iter()
                    .map(|l| l.start + (l.end - l.start) / 2)
                    .collect();
                run_lengths::gathers_by_lengths(file, &field.column, &at)?
            } else {
                field.gathers_by_changes()
            };
        }
        Ok(())
    }

    pub(super) fn into_scan(
        mut self,
        file: &SegyFile,
        depth: ScanDepth,
        overrides: &LayoutOverrides,
    ) -> Scan {
        let layout = file.layout();
        let as_mapped = self.as_mapped();
        let candidates = keys::candidates(&as_mapped, binary_word(file, "trace_sorting_code"));
        let ensemble_keys = keys::suggestion(&candidates, &as_mapped);
        let warnings = self.warnings(file, &ensemble_keys);
        let columns: Vec<MappedColumn> = self.found.moved_columns().collect();
        if depth == ScanDepth::Full {
            self.make_exact();
        }
        let doctor = self.doctor.take();
        let findings = doctor.map_or_else(Vec::new, |doctor| doctor.findings(layout, &warnings));
        Scan {
            path: file.path().to_owned(),
            layout: layout.clone(),
            textual_header: file.textual_header().clone(),
            extended_textual_headers: file.extended_textual_headers().to_vec(),
            binary_header: file.binary_header().to_vec(),
            depth,
            n_traces_seen: self.n_traces,
            n_traces_sampled: self.n_traces_sampled,
            fields: self.fields.iter().map(FieldTally::seen).collect(),
            roles: self.found.roles,
            maker: self.found.maker,
            findings,
            key_candidates: candidates,
            delay_millis: self.tally.start_millis(),
            n_dead_traces: self.tally.n_dead_traces(),
            n_non_finite: self.tally.n_non_finite(),
            abs_percentiles: self.amplitudes.percentiles(),
            warnings,
            overrides: overrides.clone(),
            suggested_mapping: Mapping {
                columns,
                ensemble_keys,
                overrides: overrides.clone(),
                ..Mapping::default()
            },
        }
    }

    /// After a full look: range, runs and distinct values of candidates whose words were counted.
    fn make_exact(&mut self) {
        let counted: Vec<FieldSeen> = self
            .fields
            .iter()
            .chain(&self.moved)
            .map(FieldTally::seen)
            .collect();
        let candidates = self
            .found
            .roles
            .iter_mut()
            .flat_map(|found| &mut found.candidates);
        for candidate in candidates {
            let place = (candidate.byte, candidate.kind);
            if let Some(seen) = counted.iter().find(|seen| (seen.byte, seen.kind) == place) {
                candidate.min = seen.min as f64;
                candidate.max = seen.max as f64;
                candidate.n_distinct = seen.n_distinct;
                candidate.n_runs = seen.n_runs;
                candidate.n_seen = self.n_traces;
                candidate.estimated = false;
            }
        }
    }

    /// The standard's words, each from where the suggestion takes it.
    pub(super) fn as_mapped(&self) -> Vec<FieldTally> {
        let taken_from = |field: &FieldTally| {
            let mut moved = self.moved.iter();
            moved
                .find(|moved| moved.column.name == field.column.name)
                .cloned()
        };
        self.fields
            .iter()
            .map(|field| taken_from(field).unwrap_or_else(|| field.clone()))
            .collect()
    }

    fn warnings(&self, file: &SegyFile, ensemble_keys: &[String]) -> Vec<ImportWarning> {
        let layout = file.layout();
        let as_mapped = self.as_mapped();
        let constant_keys = as_mapped
            .iter()
            .filter(|field| ensemble_keys.contains(&field.column.name))
            .filter(|field| field.is_constant() && field.n_seen > 1)
            .map(|field| ImportWarning::KeyConstant {
                title: key_title(&field.column.name),
                name: field.column.name.clone(),
                byte: field.column.byte,
                value: field.seen().first,
                traces: field.n_seen,
            });
        let words = self
            .amplitudes
            .warnings(layout.format.value, file.textual_header());
        let mut seen = self.tally.warnings(layout);
        seen.extend(words);
        seen.extend(constant_keys);
        combined(layout, seen)
    }
}

/// Lends `stretch` window by window, and looks at cancel in between.
fn for_each_window(
    file: &SegyFile,
    stretch: &Range<u64>,
    context: &JobContext,
    mut look: impl FnMut(&TraceWindow<'_>),
) -> Result<(), Stop<ImportError>> {
    let stride = file.layout().trace_stride_bytes;
    let step = (FULL_WINDOW_BYTES / stride.max(1)).max(1);
    let mut start = stretch.start;
    while start < stretch.end {
        context.check_cancelled()?;
        let end = (start + step).min(stretch.end);
        let window = file.window(start..end).map_err(failed)?;
        look(&window);
        window.check().map_err(failed)?;
        context.progress.add(end - start, (end - start) * stride);
        start = end;
    }
    Ok(())
}
