//! What is wrong with this file? Every trace, header and samples, once; nothing is changed.
//!
//! ```text
//! waves: blocks ─► samples checked side by side ─► headers judged in file order ─► findings
//! ```
//! Memory is bounded whatever the number of traces: counts, a few examples, the different values of
//! the keys up to a million, and a million keys at a time in the search for duplicates.

mod coordinates;
mod duplicates;
mod noted;
mod sequence;
mod trace_check;
mod verdict;
mod waves;

use std::collections::HashSet;

use coordinates::{Coordinates, Offsets, number};
use duplicates::KeySorter;
use noted::Noted;
use sequence::{Sequence, TraceCounter};
pub(super) use trace_check::TraceCheck;
pub(super) use waves::read_all;

use super::finding::{Finding, MAX_EXAMPLES, Severity};
use super::scan::key_title;
use super::tally::Word;
use super::{ImportWarning, Mapping};
use crate::segy::{ByteOrder, Layout, LayoutWarning, TraceGeometry};
use crate::wording;

/// Trace identification codes that stand for something else than seismic data, and what. (r2.1 §7.1)
const OTHER_CODES: [(i64, &str); 8] = [
    (2, "dead"),
    (3, "dummy"),
    (4, "time break"),
    (5, "uphole"),
    (6, "sweep"),
    (7, "timing"),
    (8, "water break"),
    (9, "near-field gun signature"),
];
/// The largest code with a meaning, and where codes for own use begin. (r2.1 §7.1)
const LAST_CODE: i64 = 41;
const FIRST_OWN_CODE: i64 = 256;

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
    trace_codes: Vec<(i64, Noted)>,
    says_dead_but_lives: Noted,
    dead: Noted,
    dead_and_said_so: u64,
    flat: Noted,
    non_finite: Noted,
    n_non_finite: u64,
    spikes: Noted,
    n_spikes: u64,
    clipped: Noted,
    n_traces: u64,
}

#[derive(Debug)]
struct Words {
    key: Word,
    scalar: Word,
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
                scalar: word("coordinate_scalar"),
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
            trace_codes: Vec::new(),
            says_dead_but_lives: Noted::default(),
            dead: Noted::default(),
            dead_and_said_so: 0,
            flat: Noted::default(),
            non_finite: Noted::default(),
            n_non_finite: 0,
            spikes: Noted::default(),
            n_spikes: 0,
            clipped: Noted::default(),
            n_traces: 0,
        }
    }

    /// Looks at one trace; they come in file order. `header` may go on behind the 240 bytes.
    pub(super) fn look_at(&mut self, header: &[u8], trace_index: u64, check: &TraceCheck) {
        self.n_traces += 1;
        let order = self.order;
        self.look_at_samples(header, trace_index, check);
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

    fn look_at_samples(&mut self, header: &[u8], trace_index: u64, check: &TraceCheck) {
        let code = self.words.trace_code.read(header, self.order);
        self.count_code(code, trace_index);
        if check.is_dead {
            self.dead
                .add(trace_index, || "all samples are 0".to_owned());
            self.dead_and_said_so += u64::from(code == 2);
        } else if code == 2 {
            self.says_dead_but_lives
                .add(trace_index, || "samples are not 0".to_owned());
        }
        if check.is_flat {
            self.flat
                .add(trace_index, || "one value throughout".to_owned());
        }
        if let Some(first) = check.first_non_finite {
            self.n_non_finite += u64::from(check.n_non_finite);
            self.non_finite.add(trace_index, || {
                format!(
                    "{}, first sample {first}",
                    wording::things(u64::from(check.n_non_finite), "sample")
                )
            });
        }
        if let Some((sample, value)) = check.first_spike {
            self.n_spikes += u64::from(check.n_spikes);
            self.spikes.add(trace_index, || {
                format!("sample {sample}: {}", wording::amplitude(f64::from(value)))
            });
        }
        if check.n_clipped_runs > 0 {
            self.clipped.add(trace_index, || {
                let level = wording::amplitude(f64::from(check.clip_level));
                format!(
                    "{} at ±{level}",
                    wording::things(u64::from(check.n_clipped_runs), "plateau")
                )
            });
        }
    }

    fn count_code(&mut self, code: i64, trace_index: u64) {
        let what = || String::new();
        if let Some((_, noted)) = self
            .trace_codes
            .iter_mut()
            .find(|(known, _)| *known == code)
        {
            noted.add(trace_index, what);
        } else if self.trace_codes.len() < 64 {
            let mut noted = Noted::default();
            noted.add(trace_index, what);
            self.trace_codes.push((code, noted));
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
                        | ImportWarning::Layout(LayoutWarning::DamageQuarantined { .. })
                )
            })
            .map(verdict::of_warning)
            .collect();
        found.extend(gaps(layout));
        found.extend(varying_lengths(layout));
        found.extend(odd_interval(layout));
        found.extend(self.on_samples());
        found.extend(self.on_codes());
        found.extend(self.sequence.findings());
        // Where both break, they break alike.
        found.extend(self.counters.iter().find_map(TraceCounter::finding));
        let dead: Vec<u64> = self
            .dead
            .examples
            .iter()
            .map(|example| example.trace_index)
            .collect();
        for coordinates in &self.coordinates {
            found.extend(coordinates.findings(|trace| dead.contains(&trace)));
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

    fn on_samples(&self) -> Vec<Finding> {
        let n_traces = self.n_traces;
        let of_all = |n: u64| {
            format!(
                "{} of {}",
                wording::count(n),
                wording::things(n_traces, "trace")
            )
        };
        let all_said = self.dead_and_said_so == self.dead.count;
        let dead_severity = if all_said {
            Severity::Note
        } else {
            Severity::Warning
        };
        let dead = self
            .dead
            .finding(dead_severity, "dead_traces", "trace", |n| {
                let said = if all_said {
                    ", as their identification code says"
                } else {
                    ""
                };
                format!(
                    "only zeros in {}{said}; they are kept as they are",
                    of_all(n)
                )
            });
        let flat = self
            .flat
            .finding(Severity::Warning, "flat_traces", "trace", |n| {
                format!("one and the same value from end to end in {}", of_all(n))
            });
        let mut non_finite = self.non_finite.finding(Severity::Error, "non_finite", "sample", |n| {
            format!("{} not finite (NaN or infinite) in {}; kept, and left out of statistics and pictures", wording::things(self.n_non_finite, "sample"), of_all(n))
        });
        if let Some(finding) = &mut non_finite {
            finding.count = self.n_non_finite;
        }
        // Where most traces have them, they are the data's nature.
        let most = |noted: &Noted| noted.count * 2 > n_traces && n_traces > 4;
        let spike_severity = if most(&self.spikes) {
            Severity::Note
        } else {
            Severity::Warning
        };
        let spikes = self.spikes.finding(spike_severity, "spikes", "trace", |n| {
            format!(
                "{} in {}: single samples over {} times the trace's median magnitude and {} times their neighbours",
                wording::things(self.n_spikes, "spike"), of_all(n), trace_check::SPIKE_OVER_MEDIAN, trace_check::SPIKE_OVER_NEIGHBOURS
            )
        });
        let clipped = self.clipped.finding(Severity::Warning, "clipped", "trace", |n| {
            format!(
                "clipped samples in {}: {} or more in a row at the largest magnitude, and no such plateau elsewhere",
                of_all(n), trace_check::PLATEAU
            )
        });
        [dead, flat, non_finite, spikes, clipped]
            .into_iter()
            .flatten()
            .collect()
    }

    fn on_codes(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        found.extend(self.says_dead_but_lives.finding(Severity::Warning, "dead_code_on_live_traces", "trace", |n| {
            format!("the trace identification code (bytes 29–30) says dead in {} whose samples are not 0", wording::things(n, "trace"))
        }));
        for (code, noted) in &self.trace_codes {
            let is_odd = *code < -1 || (*code > LAST_CODE && *code < FIRST_OWN_CODE);
            let meaning = OTHER_CODES
                .iter()
                .find(|(known, _)| known == code)
                .map(|(_, meaning)| *meaning);
            // Examples would only repeat the code.
            let plain = Noted {
                count: noted.count,
                examples: Vec::new(),
            };
            let finding = match meaning {
                _ if is_odd => plain.finding(Severity::Note, "trace_code_odd", "trace", |n| {
                    format!("the trace identification code (bytes 29–30) is {code}, which means nothing, in {}", wording::things(n, "trace"))
                }),
                Some(meaning) if *code != 2 => plain.finding(Severity::Note, "not_seismic_traces", "trace", |n| {
                    format!("by their identification code ({code}: {meaning}), {} no seismic data", match n { 1 => "1 trace holds".to_owned(), n => format!("{} traces hold", wording::count(n)) })
                }),
                _ => None,
            };
            found.extend(finding.map(|finding| Finding {
                first_trace: noted.first(),
                ..finding
            }));
        }
        found
    }
}

/// Which lines a volume has.
#[derive(Debug, Default)]
struct Lines {
    inlines: HashSet<i64>,
    crosslines: HashSet<i64>,
}

impl Lines {
    /// More lines than this no survey has.
    const MOST: usize = 1 << 17;

    fn add(&mut self, inline: i64, crossline: i64) {
        if self.inlines.len() < Self::MOST && self.crosslines.len() < Self::MOST {
            self.inlines.insert(inline);
            self.crosslines.insert(crossline);
        }
    }

    /// Crossings without a trace: the outline of a survey, or traces that are missing.
    fn holes(&self, n_positions: u64) -> Option<Finding> {
        let (a, b) = (self.inlines.len() as u64, self.crosslines.len() as u64);
        let crossings = a.checked_mul(b)?;
        let holes = crossings
            .checked_sub(n_positions)
            .filter(|holes| *holes > 0)?;
        let complete = self.inlines.len() < Self::MOST && self.crosslines.len() < Self::MOST;
        complete.then(|| Finding {
            code: "positions_without_trace",
            severity: Severity::Note,
            message: format!(
                "{} of the {} crossings of {} and {} have no trace",
                wording::count(holes),
                wording::count(crossings),
                wording::things(a, "inline"),
                wording::things(b, "crossline")
            ),
            count: holes,
            counted: "position",
            first_trace: None,
            examples: Vec::new(),
        })
    }
}

/// Traces of different lengths.
fn varying_lengths(layout: &Layout) -> Option<Finding> {
    let TraceGeometry::Indexed(index) = &layout.geometry else {
        return None;
    };
    index.lengths_vary().then(|| Finding {
        code: "lengths_vary",
        severity: Severity::Note,
        message: format!(
            "traces have from {} to {}; the array is as wide as the longest, and each trace's own length is kept",
            wording::count(u64::from(index.shortest_samples())),
            wording::things(u64::from(index.longest_samples()), "sample")
        ),
        count: layout.n_traces,
        counted: "trace",
        first_trace: None,
        examples: Vec::new(),
    })
}

/// Bytes between traces that belong to none.
fn gaps(layout: &Layout) -> Option<Finding> {
    let TraceGeometry::Indexed(index) = &layout.geometry else {
        return None;
    };
    let mut noted = Noted::default();
    let mut n_bytes = 0;
    for gap in index.gaps() {
        n_bytes += gap.n_bytes;
        noted.add(gap.before_trace, || {
            format!(
                "{} before it, at byte {} of the file",
                wording::bytes(gap.n_bytes),
                gap.position
            )
        });
    }
    noted.finding(Severity::Error, "damaged_bytes", "gap", |n| {
        format!(
            "the file is damaged in {}: {} belong to no trace and are set apart; the traces around them are read, and an export puts them back",
            wording::things(n, "place"), wording::bytes(n_bytes)
        )
    })
}

/// An interval that no seismic recording has.
fn odd_interval(layout: &Layout) -> Option<Finding> {
    let micros = layout.sample_interval_micros.value?;
    let why = if micros > 10_000.0 {
        "long for time: is it depth, or nanoseconds (radar)?"
    } else if micros < 10.0 {
        "short for seismic: is it another unit?"
    } else {
        return None;
    };
    Some(Finding {
        code: "interval_odd",
        severity: Severity::Note,
        message: format!(
            "the sample interval is {micros} µs, {why} Give it with --interval-us where it is wrong"
        ),
        count: 1,
        counted: "file",
        first_trace: None,
        examples: Vec::new(),
    })
}
