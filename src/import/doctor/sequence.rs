//! Does a key run as keys run? Gaps in its values, returns to a value that was left, steps back,
//! and counters that do not count.

use std::collections::HashMap;

use super::noted::Noted;
use crate::import::finding::{Example, Finding, MAX_EXAMPLES, Severity};
use crate::wording;

/// Different values that are remembered; a key with more is not searched for gaps.
const MAX_VALUES: usize = 1 << 20;
/// More missing values than this part of all: then it was no sequence.
const MOST_MISSING: f64 = 0.5;
/// More jumps of a counter than this have a rule: the file was cut out of a larger one.
const FEW_JUMPS: u64 = 10;
/// A key runs one way if so many of a hundred steps do.
const ONE_WAY_PERCENT: u64 = 90;

/// A key while its traces pass by.
#[derive(Debug)]
pub(super) struct Sequence {
    name: String,
    title: &'static str,
    /// Each with its first trace.
    values: HashMap<i64, u64>,
    is_full: bool,
    previous: Option<i64>,
    up: Noted,
    down: Noted,
    returns: Noted,
    n_traces: u64,
}

impl Sequence {
    pub(super) fn new(name: &str, title: &'static str) -> Self {
        Self {
            name: name.to_owned(),
            title,
            values: HashMap::new(),
            is_full: false,
            previous: None,
            up: Noted::default(),
            down: Noted::default(),
            returns: Noted::default(),
            n_traces: 0,
        }
    }

    pub(super) fn add(&mut self, value: i64, trace_index: u64) {
        self.n_traces += 1;
        let before = self.previous.replace(value);
        if before == Some(value) {
            return;
        }
        let is_new = !self.is_full && !self.values.contains_key(&value);
        if is_new {
            self.values.insert(value, trace_index);
        }
        self.is_full |= self.values.len() >= MAX_VALUES;
        let Some(before) = before else { return };
        let step = if value > before {
            &mut self.up
        } else {
            &mut self.down
        };
        step.add(trace_index, || format!("from {before} to {value}"));
        if !is_new && !self.is_full {
            self.returns
                .add(trace_index, || format!("{value} again, after {before}"));
        }
    }

    /// Findings on the first key of the gathers: it should run one way, each value once.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        let steps = self.up.count + self.down.count;
        // Values that come back all the time: sorted by something else, not broken.
        let is_sorted_by_it = self.returns.count * 10 <= steps;
        if steps < 3 || self.is_full || !is_sorted_by_it {
            return found;
        }
        found.extend(self.returns.finding(Severity::Warning, "key_returns", "gather", |n| {
            format!(
                "{} ({}) comes back to a value that it had left, {}: such gathers lie in pieces, and are put together by browsing, not in the file",
                self.title, self.name, wording::things(n, "time")
            )
        }));
        let against = if self.up.count >= self.down.count {
            &self.down
        } else {
            &self.up
        };
        let mostly_one_way = (steps - against.count) * 100 >= steps * ONE_WAY_PERCENT;
        if mostly_one_way && self.returns.count == 0 {
            found.extend(
                against.finding(Severity::Note, "key_not_monotone", "step", |n| {
                    format!(
                        "{} ({}) runs one way but for {}",
                        self.title,
                        self.name,
                        wording::things(n, "step")
                    )
                }),
            );
        }
        found.extend(self.gaps());
        found
    }

    /// Values that are missing between the first and the last.
    fn gaps(&self) -> Option<Finding> {
        let mut values: Vec<i64> = self.values.keys().copied().collect();
        values.sort_unstable();
        let steps: Vec<u64> = values
            .windows(2)
            .map(|pair| pair[1].abs_diff(pair[0]))
            .collect();
        let step = *steps.iter().min().filter(|_| values.len() >= 4)?;
        let usual = steps.iter().filter(|&&s| s == step).count();
        let on_lattice = steps.iter().all(|s| s % step == 0);
        if !on_lattice || usual * 2 < steps.len() {
            return None;
        }
        let missing: u64 = steps.iter().map(|s| s / step - 1).sum();
        let share = missing as f64 / (missing + values.len() as u64) as f64;
        if missing == 0 || share > MOST_MISSING {
            return None;
        }
        let signed = i64::try_from(step).ok()?;
        let ranges: Vec<String> = values
            .windows(2)
            .filter(|pair| pair[1].abs_diff(pair[0]) > step)
            .take(MAX_EXAMPLES)
            .map(|pair| {
                match (
                    pair[0].saturating_add(signed),
                    pair[1].saturating_sub(signed),
                ) {
                    (a, b) if a == b => a.to_string(),
                    (a, b) => format!("{a} to {b}"),
                }
            })
            .collect();
        let behind = values
            .windows(2)
            .find(|pair| pair[1].abs_diff(pair[0]) > step)
            .and_then(|pair| self.values.get(&pair[1]).copied());
        let more = if ranges.len() < steps.iter().filter(|&&s| s > step).count() {
            ", …"
        } else {
            ""
        };
        Some(Finding {
            code: "key_gaps",
            severity: Severity::Note,
            message: format!(
                "{} ({}) lacks {} between {} and {} (step {step}): {}{more}",
                self.title,
                self.name,
                wording::things(missing, "value"),
                values.first()?,
                values.last()?,
                ranges.join(", "),
            ),
            count: missing,
            counted: "value",
            first_trace: behind,
            examples: Vec::new(),
        })
    }
}

/// A counter of traces (bytes 1–4, 5–8): where it does not go on by one.
#[derive(Debug)]
pub(super) struct TraceCounter {
    name: &'static str,
    bytes: &'static str,
    previous: Option<i64>,
    n_by_one: u64,
    n_steps: u64,
    jumps: Noted,
    restarts: u64,
}

impl TraceCounter {
    pub(super) fn new(name: &'static str, bytes: &'static str) -> Self {
        Self {
            name,
            bytes,
            previous: None,
            n_by_one: 0,
            n_steps: 0,
            jumps: Noted::default(),
            restarts: 0,
        }
    }

    pub(super) fn add(&mut self, value: i64, trace_index: u64) {
        let Some(before) = self.previous.replace(value) else {
            return;
        };
        self.n_steps += 1;
        if value == before.wrapping_add(1) {
            self.n_by_one += 1;
        } else if matches!(value, 0 | 1) && before > 1 {
            // A new line or reel.
            self.restarts += 1;
        } else {
            self.jumps
                .add(trace_index, || format!("from {before} to {value}"));
        }
    }

    /// Only where it counts at all: most steps are by one.
    pub(super) fn finding(&self) -> Option<Finding> {
        let counts = self.n_by_one * 100 >= self.n_steps * 95 && self.n_steps >= 20;
        let few = self.jumps.count <= FEW_JUMPS;
        let severity = if few {
            Severity::Warning
        } else {
            Severity::Note
        };
        let why = if few {
            "traces may be missing there, or were put together from several files"
        } else {
            "perhaps it was cut out of a larger file"
        };
        let finding = self
            .jumps
            .finding(severity, "trace_numbers_broken", "jump", |n| {
                format!(
                    "the {} (bytes {}) counts the traces but jumps {}: {why}",
                    self.name,
                    self.bytes,
                    wording::things(n, "time")
                )
            });
        finding.filter(|_| counts)
    }
}

/// The finding for traces that share their key with an earlier one.
pub(super) fn duplicates(
    names: &str,
    found: Option<super::duplicates::Duplicates>,
) -> Option<Finding> {
    let Some(found) = found else {
        return Some(Finding {
            code: "duplicates_unknown",
            severity: Severity::Note,
            message: format!(
                "whether traces share {names} was not found out: keys could not be put aside in the folder for temporary files"
            ),
            count: 0,
            counted: "trace",
            first_trace: None,
            examples: Vec::new(),
        });
    };
    let n_traces = found.n_distinct + found.n_repeated;
    if found.n_repeated == 0 || n_traces == 0 {
        return None;
    }
    let is_rule = found.n_repeated * 2 >= n_traces;
    let repeated = wording::things(found.n_repeated, "trace");
    let message = if is_rule {
        format!(
            "{names} do not tell traces apart: {} different among {}",
            wording::count(found.n_distinct),
            wording::things(n_traces, "trace")
        )
    } else {
        format!("{repeated} with the same {names} as an earlier trace")
    };
    Some(Finding {
        code: "duplicates",
        severity: if is_rule {
            Severity::Note
        } else {
            Severity::Warning
        },
        message,
        count: found.n_repeated,
        counted: "trace",
        first_trace: found.examples.first().map(|(trace, _)| *trace),
        examples: found
            .examples
            .into_iter()
            .map(|(trace_index, first)| Example {
                trace_index,
                what: format!("as {}", wording::trace(first)),
            })
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(values: &[i64]) -> Vec<(&'static str, u64)> {
        let mut sequence = Sequence::new("ffid", "field record number");
        for (trace, &value) in (0..).zip(values) {
            sequence.add(value, trace);
        }
        sequence
            .findings()
            .iter()
            .map(|f| (f.code, f.count))
            .collect()
    }

    fn runs(values: impl IntoIterator<Item = i64>) -> Vec<i64> {
        values.into_iter().flat_map(|value| [value; 4]).collect()
    }

    #[test]
    fn a_plain_key_has_no_findings() {
        assert_eq!(codes(&runs(100..160)), []);
        assert_eq!(codes(&runs((100..160).rev())), []);
        assert_eq!(codes(&runs((0..60).map(|i| i * 4))), []);
    }

    #[test]
    fn gaps_returns_and_steps_back_are_found() {
        assert_eq!(
            codes(&runs(
                (100..160).filter(|v| *v != 120 && !(130..133).contains(v))
            )),
            [("key_gaps", 4)]
        );
        assert_eq!(codes(&runs((100..160).chain([120]))), [("key_returns", 1)]);
        let swapped = (100..130).chain([131, 130]).chain(132..160);
        assert_eq!(codes(&runs(swapped)), [("key_not_monotone", 1)]);
    }

    #[test]
    fn cycling_values_are_no_fault() {
        assert_eq!(codes(&(0..500).map(|i| i % 50).collect::<Vec<_>>()), []);
    }

    #[test]
    fn a_counter_that_jumps_is_found_and_one_that_starts_anew_is_not() {
        let counted = |values: &[i64]| {
            let mut counter = TraceCounter::new("trace number", "1–4");
            for (trace, &value) in (0..).zip(values) {
                counter.add(value, trace);
            }
            counter
                .finding()
                .map(|finding| (finding.count, finding.first_trace))
        };
        let jumping: Vec<i64> = (1..100).chain(140..200).collect();
        assert_eq!(counted(&jumping), Some((1, Some(99))));
        let anew: Vec<i64> = (1..100).chain(1..100).collect();
        assert_eq!(counted(&anew), None);
        assert_eq!(counted(&[5; 100]), None);
    }
}
