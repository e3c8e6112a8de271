//! A source in memory, for tests: sample `j` of trace `i` is `1000 i + j`.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::error::no_such_header;
use super::{BrowseError, KeyRun, SourceFactsForView, TraceSource};
use crate::dataset::{OverviewLevel, VerticalAxis, VerticalDomain};

/// See above.
pub(crate) struct FakeSource {
    facts: SourceFactsForView,
    pub(crate) headers: Vec<(String, Vec<Option<i64>>)>,
    pub(crate) runs: Option<Vec<KeyRun>>,
    pub(crate) gap: u64,
    /// Reading this trace panics.
    pub(crate) panics_at: Option<u64>,
    /// Every read takes this long.
    pub(crate) delay: Duration,
    pub(crate) n_reads: AtomicU64,
    /// Whether it has reduced levels, as an import writes them.
    pub(crate) reduced: bool,
    /// Whether the header "delay" says when traces start.
    pub(crate) has_delays: bool,
}

impl FakeSource {
    pub(crate) fn new(n_traces: u64, n_samples: u32) -> Self {
        Self {
            facts: SourceFactsForView {
                name: "fake".to_owned(),
                n_traces,
                n_samples,
                axis: VerticalAxis {
                    domain: VerticalDomain::Time,
                    unit: "ms".to_owned(),
                    first: 0.0,
                    interval: 4.0,
                },
                amplitude: None,
                header_names: Vec::new(),
                default_keys: Vec::new(),
            },
            headers: Vec::new(),
            runs: None,
            gap: 0,
            panics_at: None,
            delay: Duration::ZERO,
            n_reads: AtomicU64::new(0),
            reduced: false,
            has_delays: false,
        }
    }

    pub(crate) fn with_header(mut self, name: &str, values: impl IntoIterator<Item = i64>) -> Self {
        self.facts.header_names.push(name.to_owned());
        let values = values.into_iter().map(Some).collect();
        self.headers.push((name.to_owned(), values));
        self
    }

    pub(crate) fn sample(trace: u64, sample: usize) -> f32 {
        1000.0 * trace as f32 + sample as f32
    }
}

fn index(trace: u64) -> usize {
    usize::try_from(trace).expect("small in tests")
}

impl TraceSource for FakeSource {
    fn facts(&self) -> &SourceFactsForView {
        &self.facts
    }

    fn delay_header(&self) -> Option<&str> {
        self.has_delays.then_some("delay")
    }

    fn read_traces(&self, traces: Range<u64>, out: &mut Vec<f32>) -> Result<(), BrowseError> {
        self.n_reads.fetch_add(1, Ordering::Relaxed);
        std::thread::sleep(self.delay);
        assert!(
            !self.panics_at.is_some_and(|t| traces.contains(&t)),
            "by intent"
        );
        for trace in traces {
            out.extend((0..self.facts.n_samples as usize).map(|j| Self::sample(trace, j)));
        }
        Ok(())
    }

    fn read_header(
        &self,
        name: &str,
        traces: Range<u64>,
        out: &mut Vec<Option<i64>>,
    ) -> Result<(), BrowseError> {
        let (_, values) = self
            .headers
            .iter()
            .find(|(known, _)| known == name)
            .ok_or_else(|| no_such_header(name, &self.facts.header_names))?;
        out.extend_from_slice(&values[index(traces.start)..index(traces.end)]);
        Ok(())
    }

    fn read_all_headers(
        &self,
        trace_index: u64,
    ) -> Result<Vec<(String, Option<i64>)>, BrowseError> {
        let all = self.headers.iter();
        Ok(all
            .map(|(name, values)| (name.clone(), values[index(trace_index)]))
            .collect())
    }

    fn stored_runs(&self, _keys: &[String]) -> Result<Option<Vec<KeyRun>>, BrowseError> {
        Ok(self.runs.clone())
    }

    fn worthwhile_gap_traces(&self) -> u64 {
        self.gap
    }

    fn overview_levels(&self) -> Vec<OverviewLevel> {
        if self.reduced {
            OverviewLevel::all(self.facts.n_traces, self.facts.n_samples)
        } else {
            Vec::new()
        }
    }

    fn read_overview(
        &self,
        level: &OverviewLevel,
        rows: Range<u64>,
    ) -> Result<(Vec<f32>, Vec<f32>), BrowseError> {
        self.n_reads.fetch_add(1, Ordering::Relaxed);
        let (mut min, mut max) = (Vec::new(), Vec::new());
        let n_samples = u64::from(self.facts.n_samples);
        for row in rows {
            let last = ((row + 1) * level.trace_factor).min(self.facts.n_traces) - 1;
            for column in 0..level.columns {
                let end = ((column + 1) * level.sample_factor).min(n_samples) - 1;
                min.push(Self::sample(
                    row * level.trace_factor,
                    index(column * level.sample_factor),
                ));
                max.push(Self::sample(last, index(end)));
            }
        }
        Ok((min, max))
    }
}
