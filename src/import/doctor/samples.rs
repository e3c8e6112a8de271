//! What is wrong with the samples of many traces, and do their identification codes tell it?

use super::noted::Noted;
use super::trace_check::{self, TraceCheck};
use crate::import::finding::{Finding, Severity};
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

/// Notes on samples and codes while the traces pass by.
#[derive(Debug, Default)]
pub(super) struct Samples {
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
}

impl Samples {
    /// Looks at one trace, whose identification code (bytes 29–30) is `code`.
    pub(super) fn add(&mut self, code: i64, trace_index: u64, check: &TraceCheck) {
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

    /// What was found in the samples of `n_traces` traces, and in their codes.
    pub(super) fn findings(&self, n_traces: u64) -> Vec<Finding> {
        let mut found = self.on_samples(n_traces);
        found.extend(self.on_codes());
        found
    }

    /// Whether the trace is one of the dead ones that are listed.
    pub(super) fn is_dead_example(&self, trace_index: u64) -> bool {
        let mut examples = self.dead.examples.iter();
        examples.any(|example| example.trace_index == trace_index)
    }

    fn on_samples(&self, n_traces: u64) -> Vec<Finding> {
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
