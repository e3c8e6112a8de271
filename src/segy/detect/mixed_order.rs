//! Is the binary file header written in another byte order than the traces?
//!
//! Programs that turned the traces and forgot the header, or the reverse, make such files. The format
//! code decides the header's order; the words of the first trace header are small numbers in the
//! order in which they were written, and the number of samples is the header's own there.

use super::coding::format_code;
use super::head::FileHead;
use super::places::n_text_headers_likely;
use super::structure::{self, Structure};
use crate::segy::fields_trace::TRACE_HEADER_BYTES;
use crate::segy::source::Source;
use crate::segy::text::TEXTUAL_HEADER_BYTES;
use crate::segy::{
    ByteOrder, Decided, FieldKind, LayoutOverrides, LayoutWarning, SampleFormat, SegyError,
};

/// Words of four bytes that hold small numbers in most files.
const FOUR_BYTES: [usize; 14] = [1, 5, 9, 13, 17, 21, 25, 37, 41, 45, 49, 61, 189, 193];
/// Words of two bytes that do.
const TWO_BYTES: [usize; 7] = [29, 31, 33, 35, 71, 115, 117];

/// The two orders of such a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mixed {
    pub(super) header: ByteOrder,
    pub(super) traces: ByteOrder,
    /// Not only by small numbers, which bytes that are lost or added make, too.
    pub(super) is_sure: bool,
}

impl Mixed {
    /// Says so in a structure that was read in the traces' order.
    pub(super) fn say(self, structure: &mut Structure, overrides: &LayoutOverrides) {
        let (header, traces) = (self.header, self.traces);
        if overrides.byte_order.is_none() {
            let why = format!(
                "the words of the first trace header are small numbers only when read {}; the binary \
                 file header is {}",
                traces.label(),
                header.label()
            );
            let against = format!("{}: the trace headers would be nonsense", header.label());
            structure.coding.byte_order = Decided::new(traces, why).instead_of(against);
        }
        let warning = LayoutWarning::ByteOrderMixed { header, traces };
        structure.warnings.insert(0, warning);
    }
}

/// Words that are small numbers only in one order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Small {
    big: usize,
    little: usize,
}

/// The file headers in the order of the traces, and both orders, if they differ.
///
/// Bytes that are lost or added in front of the first trace turn its small numbers, too: where no
/// count of samples agrees, the file must be borne out entirely by the other order.
pub(super) fn settle(
    source: &Source,
    head: FileHead,
    overrides: &LayoutOverrides,
) -> Result<(FileHead, Option<Mixed>), SegyError> {
    let Some(mixed) = found(source, &head, overrides)? else {
        return Ok((head, None));
    };
    let turned = head.turned();
    let fits = |structure: Structure| structure.fits_exactly;
    Ok(
        if mixed.is_sure || structure::decide(source, &turned, overrides).is_ok_and(fits) {
            (turned, Some(mixed))
        } else {
            (head, None)
        },
    )
}

/// The orders, where they seem to differ.
fn found(
    source: &Source,
    head: &FileHead,
    overrides: &LayoutOverrides,
) -> Result<Option<Mixed>, SegyError> {
    let is_code = |&order: &ByteOrder| SampleFormat::from_code(format_code(head, order)).is_some();
    let Some(header) = [ByteOrder::Big, ByteOrder::Little]
        .into_iter()
        .find(is_code)
    else {
        return Ok(None);
    };
    let traces = match header {
        ByteOrder::Big => ByteOrder::Little,
        ByteOrder::Little | ByteOrder::PairSwapped => ByteOrder::Big,
    };
    if overrides.byte_order.is_some_and(|order| order != traces) {
        return Ok(None);
    }
    let declared = head.int(FieldKind::I16, 3505, header);
    let first_trace = if let Some(position) = overrides.first_trace_position {
        position
    } else {
        let n_text = u64::from(n_text_headers_likely(source, head.end(), declared)?);
        head.end() + n_text * TEXTUAL_HEADER_BYTES as u64
    };
    let end = first_trace.saturating_add(TRACE_HEADER_BYTES as u64);
    if end > source.size_bytes() {
        return Ok(None);
    }
    let first = source.read(first_trace..end)?;
    let n_samples = head.int(FieldKind::U16, 3221, header);
    let is_sure = overrides.byte_order.is_some()
        || n_samples != 0 && said_samples(&first, traces) == n_samples;
    Ok(
        are_others(&first, n_samples, header, traces).then_some(Mixed {
            header,
            traces,
            is_sure,
        }),
    )
}

/// The samples of a trace, by its header.
fn said_samples(header: &[u8], order: ByteOrder) -> i64 {
    FieldKind::U16.read_i64(header, 115, order).unwrap_or(0)
}

/// Whether the words of a trace header are of the order `traces`, not of the file header's.
fn are_others(first: &[u8], n_samples: i64, header: ByteOrder, traces: ByteOrder) -> bool {
    /// Fewer prove nothing.
    const FEWEST_WORDS: usize = 3;

    let said = |order| said_samples(first, order);
    if n_samples != 0 && said(header) == n_samples {
        return false;
    }
    let (four, two) = (
        small_words::<4>(first, &FOUR_BYTES),
        small_words::<2>(first, &TWO_BYTES),
    );
    let of = |small: Small, order| match order {
        ByteOrder::Big => small.big,
        ByteOrder::Little | ByteOrder::PairSwapped => small.little,
    };
    let none_objects = of(four, header) == 0 && of(two, header) == 0;
    let count_agrees = n_samples != 0 && said(traces) == n_samples;
    let words_agree = of(four, traces) >= FEWEST_WORDS && of(two, traces) > 0;
    none_objects && words_agree || count_agrees && of(four, traces) > of(four, header)
}

/// Words whose upper half is all zeros or all ones in one order only.
fn small_words<const N: usize>(header: &[u8], bytes: &[usize]) -> Small {
    let mut small = Small::default();
    for byte in bytes {
        let Some(word) = header.get(byte - 1..byte - 1 + N) else {
            continue;
        };
        let (first, last) = word.split_at(N / 2);
        let is_upper =
            |half: &[u8]| half.iter().all(|&b| b == 0) || half.iter().all(|&b| b == 0xff);
        match (is_upper(first), is_upper(last)) {
            (true, false) => small.big += 1,
            (false, true) => small.little += 1,
            (true, true) | (false, false) => {}
        }
    }
    small
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(order: ByteOrder, n_samples: i16) -> Vec<u8> {
        let mut header = vec![0; TRACE_HEADER_BYTES];
        let mut put = |byte: usize, value: &[u8]| {
            let mut value = value.to_vec();
            if order == ByteOrder::Little {
                value.reverse();
            }
            header[byte - 1..byte - 1 + value.len()].copy_from_slice(&value);
        };
        for byte in [1, 5, 9, 13] {
            put(byte, &7_i32.to_be_bytes());
        }
        put(29, &1_i16.to_be_bytes());
        put(115, &n_samples.to_be_bytes());
        header
    }

    #[test]
    fn trace_headers_of_the_other_order_are_told_with_and_without_their_count() {
        use ByteOrder::{Big, Little};
        for (file, other) in [(Big, Little), (Little, Big)] {
            for n_samples in [75, 0] {
                let turned = header(other, n_samples);
                assert!(are_others(&turned, 75, file, other), "{file:?} {n_samples}");
                let same = header(file, n_samples);
                assert!(!are_others(&same, 75, file, other), "{file:?} {n_samples}");
            }
            assert!(!are_others(&[0; 240], 75, file, other));
        }
    }
}
