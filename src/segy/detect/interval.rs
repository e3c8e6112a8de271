//! What is the sample interval, and can it be believed?
//!
//! In order: the user, the 64-bit word of revision 2, the binary header, the trace headers. A
//! 16-bit word above 32,767 is a large interval or a negative number of a maker who had none: it
//! counts only if a second word says the same.

use super::head::FileHead;
use super::structure::Structure;
use crate::segy::source::Source;
use crate::segy::{ByteOrder, Decided, FieldKind, LayoutOverrides, LayoutWarning, SegyError};

type Interval = Decided<Option<f64>>;

/// The interval in microseconds, with what is odd about it.
pub(super) fn decide(
    source: &Source,
    head: &FileHead,
    structure: &Structure,
    overrides: &LayoutOverrides,
) -> Result<(Interval, Option<LayoutWarning>), SegyError> {
    if let Some(micros) = overrides.interval_micros {
        return Ok((Decided::by_user(Some(micros)), None));
    }
    let order = structure.coding.byte_order.value;
    let traces = trace_words(source, structure)?;
    let binary = u16::try_from(head.int(FieldKind::U16, 3217, order)).unwrap_or(0);
    let from_head = extended(head, structure, order)
        .map(|micros| (micros, "bytes 3273–3280"))
        .or_else(|| {
            let micros = believable(binary, traces.first().copied())?;
            Some((micros, "bytes 3217–3218"))
        });
    if let Some((micros, why)) = from_head {
        let first_trace = f64::from(traces.first().copied().unwrap_or(0));
        let differs = first_trace > 0.0 && (first_trace - micros).abs() > 0.5;
        let warning = differs.then_some(LayoutWarning::IntervalDisagrees {
            binary: micros,
            trace: first_trace,
        });
        return Ok((Decided::new(Some(micros), why), warning));
    }
    let from_traces = traces.iter().enumerate().find_map(|(i, &word)| {
        let mut others = traces.iter().enumerate().filter(|&(j, _)| j != i);
        let twin = others.find(|&(_, &other)| other == word);
        believable(word, twin.map(|(_, &other)| other))
    });
    Ok(match from_traces {
        Some(micros) => {
            let why = "trace headers, bytes 117–118; the binary header has none";
            (Decided::new(Some(micros), why), None)
        }
        None => (
            Decided::new(None, "no header word holds a usable one"),
            Some(LayoutWarning::IntervalMissing),
        ),
    })
}

/// Revision 2's interval, where it is one.
fn extended(head: &FileHead, structure: &Structure, order: ByteOrder) -> Option<f64> {
    /// A nanosecond to a hundred seconds.
    const PLAUSIBLE_MICROS: std::ops::RangeInclusive<f64> = 1e-3..=1e8;
    if structure.revision.value.major < 2 {
        return None;
    }
    let micros = head.float(3273, order);
    PLAUSIBLE_MICROS.contains(&micros).then_some(micros)
}

/// A 16-bit interval, if it is one.
fn believable(word: u16, second: Option<u16>) -> Option<f64> {
    let surely_positive = (1..=i16::MAX.unsigned_abs()).contains(&word);
    let confirmed = word != 0 && second == Some(word);
    (surely_positive || confirmed).then_some(f64::from(word))
}

/// Bytes 117–118 of a few traces, that of the first one first.
fn trace_words(source: &Source, structure: &Structure) -> Result<Vec<u16>, SegyError> {
    let n = structure.n_traces;
    let mut words = Vec::new();
    let mut previous = None;
    for trace_index in [0, 1, n / 2, n.saturating_sub(1)] {
        if trace_index >= n || previous.is_some_and(|p| trace_index <= p) {
            continue;
        }
        previous = Some(trace_index);
        let position = structure.position_of(source, trace_index)?;
        let header = source.read(position..position + 240)?;
        let word = FieldKind::U16.read_i64(&header, 117, structure.coding.byte_order.value);
        words.push(word.and_then(|word| u16::try_from(word).ok()).unwrap_or(0));
    }
    Ok(words)
}
