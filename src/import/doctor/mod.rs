//! What is wrong with this file? Every trace, header and samples, once; nothing is changed.
//!
//! ```text
//! waves: blocks ─► samples checked side by side ─► headers judged in file order ─► findings
//! ```
//! Memory is bounded whatever the number of traces: counts, a few examples, the different values of
//! the keys up to a million, and a million keys at a time in the search for duplicates.

mod coordinates;
mod duplicates;
mod lengths;
mod lines;
mod noted;
mod of_layout;
mod samples;
mod sequence;
mod trace_check;
mod verdict;
mod waves;

use coordinates::{Coordinates, Offsets, number};
use duplicates::KeySorter;
use lengths::Lengths;
use lines::Lines;
use of_layout::{gaps, odd_interval};
use samples::Samples;
use sequence::{Sequence, TraceCounter};
pub(super) use trace_check::TraceCheck;
pub(super) use waves::read_all;

use super::finding::{Finding, MAX_EXAMPLES};
use super::scaled_words::CoordinateScalar;
use super::scan::key_title;
use super::tally::Word;
use super::{ImportWarning, Mapping};
use crate::segy::{ByteOrder, Layout, LayoutWarning};

/// The doctor's notes while the traces pass by.
#[derive(Debug)]
pub(super) struct Doctor {
    order: ByteOrder,
    words: Words,
    sequence: Sequence,
    counters: [TraceCounter; 2],
    coordinates: [Coordinates; 3],
    offsets: Offsets,
    keys: Keys,
    samples: Samples,
    lengths: Lengths,
    n_traces: u64,
}

#[derive(Debug)]
struct Words {
    key: Word,
    scalar: CoordinateScalar,
    offset: Word,
    trace_code: Word,
}

/// What tells traces apart.
#[derive(Debug)]
struct Keys {
    names: &'static str,
    words: Vec<Word>,
    sorter: KeySorter,
    /// After stack: the lines' numbers.
    lines: Option<Lines>,
    counters: [Word; 2],
}

/// What a scan knows of a file before the doctor looks at it.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent facts about a file"
)]
pub(super) struct Anamnesis<'a> {
    pub(super) mapping: &'a Mapping,
    pub(super) layout: &'a Layout,
    /// Whether inline and crossline hold anything.
    pub(super) has_lines: bool,
    /// Whether traces of several offsets are there.
    pub(super) is_prestack: bool,
    /// Whether field records vary, and the number of the trace in them.
    pub(super) has_records: bool,
    /// Whether ensemble numbers vary.
    pub(super) has_ensembles: bool,
}

impl Doctor {
    pub(super) fn new(known: Anamnesis<'_>) -> Self {
        let mapping = known.mapping;
        let word = |name: &str| Word::of(mapping, name);
        let (names, key_words): (&'static str, &[&str]) = match known {
            Anamnesis {
                has_lines: true,
                is_prestack: true,
                ..
            } => (
                "inline, crossline and offset",
                &["inline", "crossline", "source_to_receiver_distance"],
            ),
            Anamnesis {
                has_lines: true, ..
            } => ("inline and crossline", &["inline", "crossline"]),
            Anamnesis {
                has_records: true, ..
            } => (
                "field record and channel",
                &["orig_field_record_num", "trace_num_orig_record"],
            ),
            Anamnesis {
                is_prestack: true,
                has_ensembles: true,
                ..
            } => (
                "ensemble and offset",
                &["ensemble_num", "source_to_receiver_distance"],
            ),
            Anamnesis {
                is_prestack: false,
                has_ensembles: true,
                ..
            } => ("ensemble number", &["ensemble_num"]),
            _ => ("", &[]),
        };
        let key = mapping
            .ensemble_keys
            .first()
            .map_or("orig_field_record_num", String::as_str);
        Self {
            order: known.layout.byte_order.value,
            words: Words {
                key: word(key),
                scalar: CoordinateScalar::of(mapping, &known.layout.scaling()),
                offset: word("source_to_receiver_distance"),
                trace_code: word("trace_id_code"),
            },
            sequence: Sequence::new(key, key_title(key)),
            counters: [
                TraceCounter::new("trace sequence number in the line", "1–4"),
                TraceCounter::new("trace sequence number in the file", "5–8"),
            ],
            coordinates: [
                Coordinates::new("source", mapping, "source_coord_x", "source_coord_y"),
                Coordinates::new("receiver", mapping, "group_coord_x", "group_coord_y"),
                Coordinates::new("CDP", mapping, "cdp_x", "cdp_y"),
            ],
            offsets: Offsets::default(),
            keys: Keys {
                names,
                words: key_words.iter().map(|name| word(name)).collect(),
                sorter: KeySorter::default(),
                lines: (known.has_lines && !known.is_prestack).then(Lines::default),
                counters: [word("trace_seq_num_line"), word("trace_seq_num_reel")],
            },
            samples: Samples::default(),
            lengths: Lengths::default(),
            n_traces: 0,
        }
    }

    /// Looks at one trace; they come in file order. `header` may go on behind the 240 bytes.
    pub(super) fn look_at(&mut self, header: &[u8], trace_index: u64, check: &TraceCheck) {
        self.n_traces += 1;
        self.lengths.add(check.n_samples, trace_index);
        let order = self.order;
        let code = self.words.trace_code.read(header, order);
        self.samples.add(code, trace_index, check);
        self.sequence
            .add(self.words.key.read(header, order), trace_index);
        for (counter, word) in self.counters.iter_mut().zip(self.keys.counters) {
            counter.add(word.read(header, order), trace_index);
        }
        let scalar = self.words.scalar.read(header, order);
        let [source, group, cdp] = &mut self.coordinates;
        let source = source.add(header, order, scalar, trace_index);
        let group = group.add(header, order, scalar, trace_index);
        cdp.add(header, order, scalar, trace_index);
        let offset = number(header, self.words.offset, order);
        if let (Some(source), Some(group), true) = (source, group, offset != 0.0)
            && source.map(f64::to_bits) != group.map(f64::to_bits)
        {
            self.offsets.add(offset, source, group, trace_index);
        }
        if !self.keys.words.is_empty() {
            let key: Vec<i64> = self
                .keys
                .words
                .iter()
                .map(|word| word.read(header, order))
                .collect();
            self.keys.sorter.add(&key, trace_index);
            if let (Some(lines), [inline, crossline, ..]) = (&mut self.keys.lines, &key[..]) {
                lines.add(*inline, *crossline);
            }
        }
    }

    /// Everything found, the worst first; `warnings` are what the scan said already.
    pub(super) fn findings(self, layout: &Layout, warnings: &[ImportWarning]) -> Vec<Finding> {
        let mut found: Vec<Finding> = warnings
            .iter()
            .filter(|warning| {
                // The doctor says these with examples.
                !matches!(
                    warning,
                    ImportWarning::NonFinite { .. }
                        | ImportWarning::DeadTraces { .. }
                        | ImportWarning::Layout(
                            LayoutWarning::DamageQuarantined { .. }
                                | LayoutWarning::TraceLengthsVary { .. }
                        )
                )
            })
            .map(verdict::of_warning)
            .collect();
        found.extend(gaps(layout));
        found.extend(odd_interval(layout));
        found.extend(self.lengths.finding(layout));
        found.extend(self.samples.findings(self.n_traces));
        found.extend(self.sequence.findings());
        // Where both break, they break alike.
        found.extend(self.counters.iter().find_map(TraceCounter::finding));
        for coordinates in &self.coordinates {
            found.extend(coordinates.findings(|trace| self.samples.is_dead_example(trace)));
        }
        found.extend(self.offsets.finding());
        if !self.keys.words.is_empty() {
            let duplicates = self.keys.sorter.finish(MAX_EXAMPLES);
            if let (Some(lines), Some(found_keys)) = (&self.keys.lines, &duplicates) {
                found.extend(lines.holes(found_keys.n_distinct));
            }
            found.extend(sequence::duplicates(self.keys.names, duplicates));
        }
        found.sort_by_key(|finding| finding.severity);
        found
    }
}
