//! What is known of pinned traces: headers, samples, spectrum. Read on a thread, kept while they are pinned.

use std::sync::Arc;

use super::{Waker, wake};
use crate::app::workers::Newest;
use crate::browse::TraceSource;
use crate::view::{Spectrum, frequency_axis, spectrum};

/// A pinned trace.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pin {
    /// In the source.
    pub(crate) trace: u64,
    /// Name, value, and whether it is a whole number; or why they cannot be read.
    pub(crate) headers: Result<Vec<(String, Option<Number>)>, String>,
    /// As stored; NaN behind the end of a shorter trace.
    pub(crate) samples: Vec<f32>,
    /// `None` where the trace holds nothing but zeros.
    pub(crate) spectrum: Option<Spectrum>,
}

/// A header's value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    Whole(i64),
    Fraction(f64),
}

impl Number {
    /// As in the inspector and in the table.
    pub(crate) fn text(self) -> String {
        match self {
            Self::Whole(value) => value.to_string(),
            Self::Fraction(value) => fraction(value),
        }
    }

    pub(crate) fn is_zero(self) -> bool {
        match self {
            Self::Whole(value) => value == 0,
            Self::Fraction(value) => value == 0.0,
        }
    }
}

/// At most three decimals, and as few as are needed.
pub(crate) fn fraction(value: f64) -> String {
    if value != 0.0 && value.abs() < 0.01 {
        return format!("{value:.6}")
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_owned();
    }
    format!("{value:.3}")
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

/// See the module.
pub(crate) struct Pins {
    thread: Newest<Vec<u64>, Vec<Arc<Pin>>>,
    asked: Vec<u64>,
    known: Vec<Arc<Pin>>,
}

impl Pins {
    pub(super) fn new(source: &Arc<dyn TraceSource>, waker: &Waker) -> Self {
        let source = Arc::clone(source);
        let mut before: Vec<Arc<Pin>> = Vec::new();
        let thread = Newest::spawn("pins", wake(waker), move |traces: Vec<u64>| {
            let pins = traces.iter().map(|trace| {
                let known = before.iter().find(|pin| pin.trace == *trace);
                known
                    .cloned()
                    .unwrap_or_else(|| Arc::new(read(&*source, *trace)))
            });
            before = pins.collect();
            before.clone()
        });
        Self {
            thread,
            asked: Vec::new(),
            known: Vec::new(),
        }
    }

    pub(super) fn keep_time(&mut self, pinned: &[u64]) {
        if self.asked != pinned {
            self.asked = pinned.to_vec();
            self.thread.request(self.asked.clone());
        }
        if let Some(known) = self.thread.poll() {
            self.known = known;
        }
        if pinned.is_empty() {
            self.known.clear();
        }
    }

    /// Those that were read, in the order in which they were pinned.
    pub(crate) fn known(&self) -> &[Arc<Pin>] {
        &self.known
    }

    /// A value of a pinned trace.
    pub(crate) fn value(&self, trace: u64, name: &str) -> Option<i64> {
        let pin = self.known.iter().find(|pin| pin.trace == trace)?;
        let (_, value) = pin.headers.as_ref().ok()?.iter().find(|(n, _)| n == name)?;
        match (*value)? {
            Number::Whole(value) => Some(value),
            Number::Fraction(_) => None,
        }
    }
}

fn read(source: &dyn TraceSource, trace: u64) -> Pin {
    let mut samples = Vec::new();
    let read = source.read_traces(trace..trace.saturating_add(1), &mut samples);
    let headers = read
        .map_err(|e| e.to_string())
        .and_then(|()| headers(source, trace));
    let (rate, _) = frequency_axis(&source.facts().axis);
    Pin {
        trace,
        headers,
        spectrum: spectrum([samples.as_slice()], rate),
        samples,
    }
}

fn headers(source: &dyn TraceSource, trace: u64) -> Result<Vec<(String, Option<Number>)>, String> {
    let whole = source.read_all_headers(trace).map_err(|e| e.to_string())?;
    let mut all: Vec<_> = whole
        .into_iter()
        .map(|(name, value)| (name, value.map(Number::Whole)))
        .collect();
    for name in source.number_names() {
        if all.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let mut value = Vec::new();
        source
            .read_numbers(&name, trace..trace.saturating_add(1), &mut value)
            .map_err(|e| e.to_string())?;
        let value = value.first().copied().filter(|v| !v.is_nan());
        all.push((name, value.map(Number::Fraction)));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browse::fake::FakeSource;

    #[test]
    fn a_pinned_trace_has_its_headers_its_samples_and_its_spectrum() {
        let source = FakeSource::new(10, 50).with_header("ensemble_num", 100..110);
        let pin = read(&source, 7);
        assert_eq!(pin.samples.len(), 50);
        assert!((pin.samples.first().copied().unwrap_or(0.0) - 7000.0).abs() < 1e-3);
        let headers = pin.headers.unwrap_or_default();
        let expected = ("ensemble_num".to_owned(), Some(Number::Whole(107)));
        assert_eq!(headers, [expected]);
        assert!(
            pin.spectrum
                .is_some_and(|s| (s.nyquist() - 125.0).abs() < 1e-9)
        );
    }

    #[test]
    fn fractions_are_as_short_as_they_can_be() {
        assert_eq!(fraction(412_233.5), "412233.5");
        assert_eq!(fraction(12.0), "12");
        assert_eq!(fraction(0.000_25), "0.00025");
        assert_eq!(fraction(0.0), "0");
    }
}
