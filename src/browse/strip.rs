//! The values of a header along a line or a gather, as few as a picture needs: smallest and largest of bins.
//!
//! Bins hold a power of two of traces and begin at multiples of it, so that they stay while one pans.
//! With one trace a bin these are the values themselves.

use std::ops::Range;

use super::numbers::parts;
use super::{BrowseError, TraceSource};

/// A strip has no more bins, whatever is asked for.
pub const MOST_BINS: u64 = 8192;
/// Traces read at once: 4 MiB of values.
const PART: u64 = 262_144;
/// Where reading all headers would mean reading all of a file, so many traces are looked at.
const MOST_READ: u64 = 131_072;

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub struct Strip {
    /// Of the first bin.
    pub first_trace: u64,
    /// Traces a bin.
    pub bin: u64,
    /// Smallest of each bin; NaN where no trace of it has a value.
    pub low: Vec<f64>,
    /// Largest of each bin.
    pub high: Vec<f64>,
    /// One trace in so many was read.
    pub one_in: u64,
}

impl Strip {
    /// The values themselves.
    pub fn of_values(values: Vec<f64>) -> Self {
        Self {
            first_trace: 0,
            bin: 1,
            low: values.clone(),
            high: values,
            one_in: 1,
        }
    }

    /// Smallest and largest of the bins that traces `from..to` touch.
    pub fn range(&self, from: f64, to: f64) -> Option<(f64, f64)> {
        let bins = self.bins(from, to);
        let low = self.low.get(bins.clone())?.iter().copied();
        let high = self.high.get(bins)?.iter().copied();
        let low = low.filter(|v| v.is_finite()).reduce(f64::min)?;
        let high = high.filter(|v| v.is_finite()).reduce(f64::max)?;
        Some((low, high))
    }

    /// The bins that traces `from..to` touch.
    pub fn bins(&self, from: f64, to: f64) -> Range<usize> {
        let bin = |trace: f64| (trace - self.first_trace as f64) / self.bin as f64;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and the number of bins"
        )]
        let at = |edge: f64| edge.clamp(0.0, self.low.len() as f64) as usize;
        let start = at(bin(from).floor());
        start..at(bin(to).ceil()).max(start)
    }
}

/// Reads header `name` of `traces` of the line, in at least `least_bins` bins; `None` once `stop` says so.
///
/// # Errors
/// `NoSuchHeader`; when they cannot be read.
pub fn read_strip(
    source: &dyn TraceSource,
    name: &str,
    traces: &Range<u64>,
    least_bins: u64,
    stop: &dyn Fn() -> bool,
) -> Result<Option<Strip>, BrowseError> {
    let n = traces.end.saturating_sub(traces.start).max(1);
    let mut bin = 1;
    while n / (2 * bin) >= least_bins.max(1) || n / bin > MOST_BINS {
        bin *= 2;
    }
    let first = traces.start / bin * bin;
    let n_bins = usize::try_from((traces.end - first).div_ceil(bin)).unwrap_or(0);
    let mut strip = Strip {
        first_trace: first,
        bin,
        low: vec![f64::NAN; n_bins],
        high: vec![f64::NAN; n_bins],
        one_in: 1,
    };
    let a_bin = if source.reads_headers_quickly() || n <= MOST_READ {
        bin
    } else {
        (MOST_READ / n_bins.max(1) as u64).clamp(1, bin)
    };
    strip.one_in = bin / a_bin;
    let mut values = Vec::new();
    let all = first..traces.end;
    let size = if a_bin == bin {
        (PART / bin).max(1) * bin
    } else {
        bin
    };
    for part in parts(all, size) {
        if stop() {
            return Ok(None);
        }
        let end = if a_bin == bin {
            part.end
        } else {
            part.end.min(part.start + a_bin)
        };
        values.clear();
        source.read_numbers(name, part.start..end, &mut values)?;
        for (i, value) in values.iter().enumerate() {
            let at = (part.start - first + i as u64) / bin;
            strip.put(usize::try_from(at).unwrap_or(usize::MAX), *value);
        }
    }
    Ok(Some(strip))
}

impl Strip {
    fn put(&mut self, bin: usize, value: f64) {
        if let (Some(low), Some(high)) = (self.low.get_mut(bin), self.high.get_mut(bin)) {
            // min and max take the other number where one is NaN.
            *low = low.min(value);
            *high = high.max(value);
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::browse::fake::FakeSource;

    fn never() -> bool {
        false
    }

    #[test]
    fn few_traces_are_their_values() {
        let source = FakeSource::new(100, 2).with_header("offset", (0..100).map(|i| i * i));
        let strip = read_strip(&source, "offset", &(10..20), 1000, &never)
            .unwrap()
            .unwrap();
        assert_eq!((strip.first_trace, strip.bin, strip.low.len()), (10, 1, 10));
        assert_eq!(strip.low, strip.high);
        assert_eq!(strip.range(12.0, 14.0), Some((144.0, 169.0)));
    }

    #[test]
    fn bins_hold_the_smallest_and_largest_of_their_traces() {
        let values: Vec<i64> = (0..10_000).map(|i| (i * 7919) % 10_007).collect();
        let source = FakeSource::new(10_000, 2).with_header("key", values.clone());
        let strip = read_strip(&source, "key", &(1003..9001), 100, &never)
            .unwrap()
            .unwrap();
        assert_eq!(strip.first_trace % strip.bin, 0);
        assert!((100..400).contains(&strip.low.len()), "{}", strip.low.len());
        for (i, (low, high)) in strip.low.iter().zip(&strip.high).enumerate() {
            let first = strip.first_trace + i as u64 * strip.bin;
            let last = (first + strip.bin).min(9001);
            let part = &values[usize::try_from(first).unwrap()..usize::try_from(last).unwrap()];
            assert!((*low - *part.iter().min().unwrap() as f64).abs() < 1e-9);
            assert!((*high - *part.iter().max().unwrap() as f64).abs() < 1e-9);
        }
    }

    #[test]
    fn what_nobody_wants_any_more_is_not_read() {
        let source = FakeSource::new(100, 2).with_header("key", 0..100);
        let strip = read_strip(&source, "key", &(0..100), 10, &|| true).unwrap();
        assert!(strip.is_none());
    }

    #[test]
    fn of_a_large_file_only_some_traces_are_read() {
        let n = 1_000_000;
        let source = FakeSource::new(n, 2).with_header("key", (0..n).map(u64::cast_signed));
        let strip = read_strip(&source, "key", &(0..n), 1000, &never)
            .unwrap()
            .unwrap();
        assert!(strip.one_in > 1);
        assert!(strip.low.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
