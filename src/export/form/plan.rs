//! Does what is asked for fit this dataset, and what follows from it? Every decision, made once.

use std::ops::Range;

use super::fit::{check_texts, choices, target_format, traces, window};
use super::revision::{Wanted, revision};
use super::{ExportForm, FileKind, FormChange};
use crate::dataset::{Dataset, Expression, GeometryFacts};
use crate::export::ExportError;
use crate::segy::fields_trace::TRACE_HEADER_BYTES;
use crate::segy::{ByteOrder, Revision, SampleFormat, TextEncoding};
use crate::wording;

/// Samples that a 16-bit word can count.
pub(super) const SHORT_COUNT: u32 = 65_535;

/// A form that fits a dataset. Nothing after it asks again.
#[derive(Clone, Debug)]
pub struct FormPlan {
    pub(super) form: ExportForm,
    pub(super) from: Original,
    pub(super) format: SampleFormat,
    pub(super) byte_order: ByteOrder,
    pub(super) revision: Revision,
    pub(super) text_encoding: TextEncoding,
    /// Of each row of the array.
    pub(super) window: Range<u32>,
    pub(super) keeps_lengths: bool,
    /// Whether traces keep different numbers of additional headers.
    pub(super) keeps_extensions: bool,
    pub(super) n_additional: u32,
    traces: Range<u64>,
    filter: Option<Expression>,
    keys: Vec<String>,
    /// Header columns that must be read before a trace is known to be chosen.
    columns: Vec<String>,
    changes: Vec<FormChange>,
}

/// What the dataset says of the imported file.
#[derive(Clone, Debug)]
pub(super) struct Original {
    pub(super) format: SampleFormat,
    pub(super) byte_order: ByteOrder,
    pub(super) revision: Revision,
    pub(super) text_encoding: TextEncoding,
    pub(super) n_samples: u32,
    pub(super) n_additional: u32,
    pub(super) interval_micros: Option<f64>,
    /// Whether it had a textual and a binary file header.
    pub(super) has_file_headers: bool,
    /// Whether traces differ in length.
    pub(super) varies: bool,
    /// Whether traces differ in their number of additional headers.
    pub(super) extensions_vary: bool,
}

impl Original {
    fn of(dataset: &Dataset) -> Result<Self, ExportError> {
        let (segy, array) = (&dataset.manifest().segy, &dataset.manifest().array);
        let unknown = |what: &str, value: &str| ExportError::NotExportable {
            problem: format!("there is no {what} \"{value}\""),
        };
        let format = SampleFormat::from_code(segy.format_code)
            .ok_or_else(|| unknown("sample format", &segy.format_code.to_string()))?;
        let revision = segy.revision.split_once('.').and_then(|(major, minor)| {
            let (major, minor) = (major.parse().ok()?, minor.parse().ok()?);
            Some(Revision { major, minor })
        });
        let text_encoding = match segy.text_encoding.as_str() {
            "ebcdic" => TextEncoding::Ebcdic,
            "ascii" => TextEncoding::Ascii,
            other => return Err(unknown("text encoding", other)),
        };
        Ok(Self {
            format,
            byte_order: ByteOrder::from_name(&segy.byte_order)
                .ok_or_else(|| unknown("byte order", &segy.byte_order))?,
            revision: revision.ok_or_else(|| unknown("revision", &segy.revision))?,
            text_encoding,
            n_samples: array.n_samples,
            n_additional: segy.n_additional_trace_headers,
            interval_micros: segy.sample_interval_micros,
            has_file_headers: segy.file_header_bytes > segy.tape_label_bytes,
            varies: segy.geometry.is_some_and(|geometry| geometry.has_padding()),
            extensions_vary: segy
                .geometry
                .is_some_and(|geometry| geometry.extensions_vary()),
        })
    }
}

impl FormPlan {
    /// Checks a form against a dataset; reads its metadata only.
    ///
    /// # Errors
    /// `FormUnfit`, with what does not fit and what would.
    pub fn new(dataset: &Dataset, form: &ExportForm) -> Result<Self, ExportError> {
        let from = Original::of(dataset)?;
        let is_su = form.kind == FileKind::SeismicUnix;
        let mut changes = Vec::new();
        let format = target_format(&from, form)?;
        let byte_order = form.byte_order.unwrap_or(match (is_su, from.byte_order) {
            (true, _) => ByteOrder::Little,
            (false, order @ (ByteOrder::Big | ByteOrder::Little)) => order,
            (false, ByteOrder::PairSwapped) => ByteOrder::Big,
        });
        if byte_order == ByteOrder::PairSwapped {
            return Err(unfit(
                "no file is written with its bytes swapped in pairs; choose big or little",
            ));
        }
        let window = window(dataset, form.window_millis.as_ref())?;
        let n_samples = window.end - window.start;
        check_texts(form)?;
        let text_encoding = form.text_encoding.unwrap_or(from.text_encoding);
        if is_su && n_samples > SHORT_COUNT {
            return Err(unfit(format!(
                "Seismic Unix holds at most {} samples per trace, and these have {}; choose fewer with --time A..B",
                wording::count(u64::from(SHORT_COUNT)),
                wording::count(u64::from(n_samples))
            )));
        }
        let (filter, keys) = choices(dataset, form)?;
        let varies = from.varies;
        let mut columns = keys.clone();
        let needed = filter.iter().flat_map(Expression::columns);
        let length = varies.then(|| GeometryFacts::LENGTH_COLUMN.to_owned());
        for name in needed.cloned().chain(length) {
            if !columns.contains(&name) {
                columns.push(name);
            }
        }
        let revision = if is_su {
            from.revision
        } else {
            let wanted = Wanted {
                format,
                byte_order,
                n_samples,
            };
            revision(&from, form, wanted, &mut changes)?
        };
        let mut plan = Self {
            form: form.clone(),
            format,
            byte_order,
            revision,
            text_encoding,
            keeps_lengths: varies && !is_su,
            keeps_extensions: false,
            n_additional: 0,
            traces: traces(dataset, form.traces.as_ref())?,
            filter,
            keys,
            columns,
            changes,
            window,
            from,
        };
        plan.decide_additional_headers();
        let counts = GeometryFacts::EXTENSIONS_COLUMN.to_owned();
        if plan.keeps_extensions && !plan.columns.contains(&counts) {
            plan.columns.push(counts);
        }
        plan.note_changes(dataset);
        Ok(plan)
    }

    /// What will differ from the imported file, as far as that is known before a trace was read.
    pub fn changes(&self) -> &[FormChange] {
        &self.changes
    }

    /// Bytes of the new file if all traces are chosen; no file is longer.
    pub fn most_bytes(&self) -> u64 {
        let n_traces = self.traces.end - self.traces.start;
        // File headers of a common file; those of this one are counted when they are made.
        n_traces
            .saturating_mul(self.trace_bytes(self.n_samples()))
            .saturating_add(3600)
    }

    /// Samples per trace in the new file; of the longest.
    pub fn n_samples(&self) -> u32 {
        self.window.end - self.window.start
    }

    pub(super) fn is_su(&self) -> bool {
        self.form.kind == FileKind::SeismicUnix
    }

    pub(super) fn traces(&self) -> Range<u64> {
        self.traces.clone()
    }

    /// All traces that may be chosen, so many at a time.
    pub(super) fn traces_in_steps(&self, step: u64) -> impl Iterator<Item = Range<u64>> + use<> {
        let Range { start, end } = self.traces;
        // Steps begin at multiples of `step`, where chunks and row groups begin.
        (start / step..end.div_ceil(step))
            .map(move |i| (i * step).max(start)..((i + 1) * step).min(end))
    }

    pub(super) fn filter(&self) -> Option<&Expression> {
        self.filter.as_ref()
    }

    pub(super) fn keys(&self) -> &[String] {
        &self.keys
    }

    pub(super) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Samples that are written of a trace which has `own`; `None` where all have as many.
    pub(super) fn n_samples_of(&self, own: Option<u64>) -> u32 {
        match own {
            Some(own) if self.keeps_lengths => {
                let own = u32::try_from(own).unwrap_or(u32::MAX);
                own.clamp(self.window.start, self.window.end) - self.window.start
            }
            Some(_) | None => self.n_samples(),
        }
    }

    /// Bytes of a trace of so many samples in the new file, with the most additional headers.
    pub(super) fn trace_bytes(&self, n_samples: u32) -> u64 {
        self.headers_bytes() as u64 + u64::from(n_samples) * self.format.size_bytes() as u64
    }

    /// Additional headers in the new file of a trace which has `own`; `None` where all have as many.
    pub(super) fn n_additional_of(&self, own: Option<u64>) -> u32 {
        match own {
            Some(own) if self.keeps_extensions => {
                let own = u32::try_from(own).unwrap_or(u32::MAX);
                own.min(self.n_additional)
            }
            Some(_) | None => self.n_additional,
        }
    }

    /// Bytes of a trace's headers in the new file.
    pub(super) fn headers_bytes(&self) -> usize {
        TRACE_HEADER_BYTES * (1 + self.n_additional as usize)
    }

    /// Whether header words change their byte order.
    pub(super) fn reorders(&self) -> bool {
        self.byte_order != self.from.byte_order
    }

    /// Additional trace headers stay where the standard has them and their words can stay as they are.
    fn decide_additional_headers(&mut self) {
        let n = self.from.n_additional;
        if n == 0 {
            return;
        }
        let because = if self.is_su() {
            "Seismic Unix has none"
        } else if self.revision.major < 2 {
            "revisions 0 and 1 have none"
        } else if self.reorders() {
            "their words are not known, and so cannot be put into the other byte order"
        } else {
            self.n_additional = n;
            self.keeps_extensions = self.from.extensions_vary;
            return;
        };
        let change = FormChange::AdditionalTraceHeadersLeftOut { n, because };
        self.changes.push(change);
    }

    fn note_changes(&mut self, dataset: &Dataset) {
        let (from, segy) = (&self.from, &dataset.manifest().segy);
        let mut found = Vec::new();
        if self.format != from.format {
            let (from, to) = (from.format, self.format);
            found.push(FormChange::SampleFormat { from, to });
        }
        if self.reorders() {
            let (from, to) = (from.byte_order, self.byte_order);
            found.push(FormChange::ByteOrder { from, to });
        }
        if !self.keys.is_empty() {
            let keys = self.keys.clone();
            found.push(FormChange::Sorted { keys });
        }
        let n_behind = from.n_samples - self.window.end;
        if self.window.start > 0 || n_behind > 0 {
            let n_before = self.window.start;
            found.push(FormChange::SamplesLeftOut { n_before, n_behind });
        }
        let file_headers = segy.file_header_bytes.saturating_sub(segy.tape_label_bytes);
        if self.is_su() && file_headers > 0 {
            let bytes = file_headers;
            found.push(FormChange::FileHeadersLeftOut { bytes });
        } else if !self.is_su() && !from.has_file_headers {
            found.push(FormChange::FileHeadersMade);
        } else if !self.is_su() && self.text_encoding != from.text_encoding {
            let (from, to) = (from.text_encoding, self.text_encoding);
            found.push(FormChange::TextEncoding { from, to });
        }
        let gap_bytes = segy.geometry.map_or(0, |geometry| geometry.gap_bytes);
        for (place, bytes) in [
            ("of a tape label", segy.tape_label_bytes),
            ("between the traces", gap_bytes),
            ("behind the last trace", segy.trailer_bytes),
        ] {
            if bytes > 0 {
                found.push(FormChange::BytesLeftOut { place, bytes });
            }
        }
        self.changes.append(&mut found);
    }
}

pub(super) fn unfit(problem: impl Into<String>) -> ExportError {
    ExportError::FormUnfit {
        problem: problem.into(),
    }
}
