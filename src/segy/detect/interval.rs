//! What is the sample interval, and can it be believed?
//!
//! In order: the user, the 64-bit word of revision 2, the binary header, the trace headers. A
//! 16-bit word above 32,767 is a large interval or a negative number of a maker who had none: it
//! counts only if a second word says the same.

use super::head::FileHead;
use super::structure::Structure;
use super::told_interval::{self, ToldInterval};
use crate::segy::source::Source;
use crate::segy::{
    ByteOrder, Decided, FieldKind, LayoutOverrides, LayoutWarning, SegyError, TextEncoding,
};

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
    let long = extended(head, structure, order);
    let short = believable(binary, traces.first().copied());
    if let (Some(long), Some(short)) = (long, short)
        && let Some(unit) = unit_of(long, short)
    {
        let why = format!("bytes 3217–3218; bytes 3273–3280 say the same in {unit}");
        let decided = Decided::new(Some(short), why);
        return Ok((
            decided.instead_of(format!("{long} µs (bytes 3273–3280)")),
            None,
        ));
    }
    let from_head = long.map(|micros| (micros, "bytes 3273–3280")).or_else(|| {
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
        let mut decided = Decided::new(Some(micros), why);
        if differs {
            decided = decided.instead_of(format!(
                "{first_trace} µs (bytes 117–118 of the first trace)"
            ));
        }
        let unlikely = unlikely_unit(micros, structure.n_samples.value);
        if let Some((alternative, unit)) = unlikely {
            decided = decided.instead_of(format!("{alternative} µs, if it was written in {unit}"));
        }
        let remark =
            unlikely.map(
                |(alternative_micros, unit)| LayoutWarning::IntervalUnitUnlikely {
                    micros,
                    alternative_micros,
                    unit,
                },
            );
        return Ok((decided, warning.or(remark)));
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
            missing(head, binary, overrides),
            Some(LayoutWarning::IntervalMissing),
        ),
    })
}

/// No interval, and what it might be: people write into words and text what they would not swear to.
fn missing(head: &FileHead, binary: u16, overrides: &LayoutOverrides) -> Interval {
    let mut decided = Decided::new(None, "no header word holds a usable one");
    let negative = binary.cast_signed();
    if negative < 0 {
        let size = negative.unsigned_abs();
        decided = decided.instead_of(format!("{size} µs: bytes 3217–3218 say {negative}"));
    }
    let guessed = || TextEncoding::guess(&head.text);
    let encoding = overrides.text_encoding.unwrap_or_else(guessed);
    match told_interval::find(&head.text, encoding) {
        Some(ToldInterval { micros, words }) => {
            decided.instead_of(format!("{micros} µs: the textual header says \"{words}\""))
        }
        None => decided,
    }
}

/// The unit in which `long` says the same as `short`, which is in microseconds.
fn unit_of(long: f64, short: f64) -> Option<&'static str> {
    let is = |factor: f64| (long * factor - short).abs() <= 1e-6 * short;
    if is(1e3) {
        Some("milliseconds")
    } else if is(1e6) {
        Some("seconds")
    } else if is(1e-3) {
        Some("nanoseconds")
    } else {
        None
    }
}

/// What an interval would be in another unit, where traces of microseconds are unlikely: seismic
/// traces are tenths of seconds long at least. (Radar and ultrasonic traces are not, hence only a remark.)
fn unlikely_unit(micros: f64, n_samples: u32) -> Option<(f64, &'static str)> {
    /// Intervals that are usual in milliseconds.
    const USUAL_MILLIS: [f64; 8] = [0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0];
    const FEWEST_SAMPLES: u32 = 100;

    let usual = |millis: f64| {
        USUAL_MILLIS
            .iter()
            .any(|usual| (usual - millis).abs() < 1e-9)
    };
    if n_samples < FEWEST_SAMPLES {
        None
    } else if usual(micros) {
        Some((micros * 1e3, "milliseconds"))
    } else if usual(micros * 1e3) {
        Some((micros * 1e6, "seconds"))
    } else if usual(micros / 1e6) {
        Some((micros / 1e3, "nanoseconds"))
    } else {
        None
    }
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
