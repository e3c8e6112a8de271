//! In which byte order and sample format is the file written?
//!
//! A format code is one in at most one byte order (codes are below 256), so that it decides between
//! big- and little-endian by itself (a file whose pairs of bytes are swapped looks little-endian
//! there); the byte-order word of revision 2 only confirms, because it is often wrong.
//! Where the user gives the format, the order may stay open: then both are tried.

use super::head::FileHead;
use super::places::n_text_headers_likely;
use crate::segy::decode::check_supported;
use crate::segy::fields_trace::TRACE_HEADER_BYTES;
use crate::segy::source::Source;
use crate::segy::text::TEXTUAL_HEADER_BYTES;
use crate::segy::{
    ByteOrder, Decided, FieldKind, LayoutOverrides, LayoutWarning, SampleFormat, SegyError,
};

/// How numbers are written.
#[derive(Clone, Debug)]
pub(super) struct Coding {
    pub(super) byte_order: Decided<ByteOrder>,
    pub(super) format: Decided<SampleFormat>,
    /// The format code is none: the format stands for all of its size.
    pub(super) is_guess: bool,
}

const FORMAT_CODE_BYTE: u16 = 3225;
const BYTE_ORDER_BYTE: u16 = 3297;
const BYTE_ORDER_WORD: i64 = 0x0102_0304;
const BOTH: [ByteOrder; 2] = [ByteOrder::Big, ByteOrder::Little];
const ALL: [ByteOrder; 3] = [ByteOrder::Big, ByteOrder::Little, ByteOrder::PairSwapped];

/// The possible codings, likeliest first; two only where the structure has to decide.
pub(super) fn possible(
    source: &Source,
    head: &FileHead,
    overrides: &LayoutOverrides,
) -> Result<Vec<Coding>, SegyError> {
    let code = |order| format_code(head, order);
    let by_code = BOTH
        .into_iter()
        .find(|&order| SampleFormat::from_code(code(order)).is_some());
    let orders: Vec<Decided<ByteOrder>> = match (overrides.byte_order, by_code) {
        (Some(order), _) => vec![Decided::by_user(order)],
        (None, Some(ByteOrder::Little | ByteOrder::PairSwapped)) => little_or_pairs(source, head)?,
        (None, Some(ByteOrder::Big)) => {
            vec![Decided::new(
                ByteOrder::Big,
                reason_of_code(head, ByteOrder::Big),
            )]
        }
        (None, None) if overrides.format_code.is_some() => by_word_or_both(head),
        (None, None) => return Err(unknown_format(head)),
    };
    orders
        .into_iter()
        .map(|byte_order| {
            let format = format(head, byte_order.value, by_code, overrides)?;
            Ok(Coding {
                byte_order,
                format,
                is_guess: false,
            })
        })
        .collect()
}

/// Codings of all sizes of samples, where the format code is none.
pub(super) fn guesses(head: &FileHead, given: Option<ByteOrder>) -> Vec<Coding> {
    const OF_EACH_SIZE: [SampleFormat; 3] =
        [SampleFormat::Ibm32, SampleFormat::Int16, SampleFormat::Int8];
    let orders = match given {
        Some(order) => vec![Decided::by_user(order)],
        None => by_word_or_both(head),
    };
    let of_order = |byte_order: Decided<ByteOrder>| {
        OF_EACH_SIZE.map(|format| Coding {
            byte_order: byte_order.clone(),
            format: Decided::new(format, "bytes 3225–3226"),
            is_guess: true,
        })
    };
    orders.into_iter().flat_map(of_order).collect()
}

/// Says so where the byte-order word contradicts what was decided.
pub(super) fn remark(head: &FileHead, used: ByteOrder) -> Option<LayoutWarning> {
    let says = order_of_word(head)?;
    (says != used).then_some(LayoutWarning::ByteOrderWordLies { says, used })
}

fn format(
    head: &FileHead,
    order: ByteOrder,
    by_code: Option<ByteOrder>,
    overrides: &LayoutOverrides,
) -> Result<Decided<SampleFormat>, SegyError> {
    let decided = if let Some(code) = overrides.format_code {
        let format = SampleFormat::from_code(code).ok_or(SegyError::NoSuchSampleFormat { code })?;
        Decided::by_user(format)
    } else {
        let code = format_code(head, order);
        let Some(format) = SampleFormat::from_code(code) else {
            return Err(match by_code {
                Some(_) => SegyError::ByteOrderContradicted { order, code },
                None => unknown_format(head),
            });
        };
        Decided::new(format, "bytes 3225–3226")
    };
    check_supported(decided.value)?;
    Ok(decided)
}

/// Little-endian, or pairwise swapped: two-byte words are the same in both, so that words of four
/// bytes decide, which are small numbers in the right order and huge ones in the other.
fn little_or_pairs(source: &Source, head: &FileHead) -> Result<Vec<Decided<ByteOrder>>, SegyError> {
    /// Fewer prove nothing.
    const FEWEST_WORDS: usize = 3;

    let reason = reason_of_code(head, ByteOrder::Little);
    let declared = head.int(FieldKind::I16, 3505, ByteOrder::Little);
    let n_text = u64::from(n_text_headers_likely(source, head.end(), declared)?);
    let first_trace = head.end() + n_text * TEXTUAL_HEADER_BYTES as u64;
    let first = if first_trace + TRACE_HEADER_BYTES as u64 <= source.size_bytes() {
        source.read(first_trace..first_trace + TRACE_HEADER_BYTES as u64)?
    } else {
        Vec::new()
    };
    let (little, pairs) = n_small_words(&head.binary, &first);
    let little_why = Decided::new(ByteOrder::Little, reason);
    Ok(match order_of_word(head) {
        Some(ByteOrder::PairSwapped) => {
            let why = "bytes 3297–3300 read 0x02010403, and the format code fits (r2.0 §5)";
            let decided = Decided::new(ByteOrder::PairSwapped, why);
            vec![decided.instead_of("little-endian: the byte-order word would make no sense")]
        }
        None if pairs >= FEWEST_WORDS && little == 0 => {
            let why = format!(
                "the format code is one (bytes 3225–3226), and words of four bytes are small numbers only \
                 when pairs of bytes are swapped ({pairs} against {little})"
            );
            let decided = Decided::new(ByteOrder::PairSwapped, why);
            vec![decided.instead_of("little-endian: words of four bytes would be huge")]
        }
        None | Some(ByteOrder::Big | ByteOrder::Little) => {
            vec![little_why.instead_of("big-endian: the format code would be none")]
        }
    })
}

/// Words of four bytes that are small numbers only little-endian, and those that are only with pairs
/// swapped: their upper halves lie last, or first, and are all zeros or all ones.
fn n_small_words(binary: &[u8], first: &[u8]) -> (usize, usize) {
    const OF_BINARY: [usize; 3] = [1, 5, 9];
    const OF_TRACE: [usize; 14] = [1, 5, 9, 13, 17, 21, 25, 37, 41, 45, 49, 61, 189, 193];

    let word = |header: &[u8], byte: usize| {
        let word: Option<[u8; 4]> = header
            .get(byte - 1..byte + 3)
            .and_then(|word| word.try_into().ok());
        word
    };
    let words = OF_BINARY
        .iter()
        .filter_map(|&byte| word(binary, byte))
        .chain(OF_TRACE.iter().filter_map(|&byte| word(first, byte)));
    let (mut n_little, mut n_pairs) = (0, 0);
    for [a, b, c, d] in words {
        let is_upper = |half: [u8; 2]| matches!(half, [0, 0] | [0xff, 0xff]);
        match (is_upper([a, b]), is_upper([c, d])) {
            (false, true) => n_little += 1,
            (true, false) => n_pairs += 1,
            (true, true) | (false, false) => {}
        }
    }
    (n_little, n_pairs)
}

fn reason_of_code(head: &FileHead, order: ByteOrder) -> String {
    let mut reason = format!(
        "the format code is one only when read {} (bytes 3225–3226)",
        order.label()
    );
    if order_of_word(head) == Some(order) {
        reason.push_str(", and bytes 3297–3300 say so");
    }
    reason
}

fn by_word_or_both(head: &FileHead) -> Vec<Decided<ByteOrder>> {
    let mut orders =
        BOTH.map(|order| Decided::new(order, "the file's size and trace headers fit better"));
    match order_of_word(head) {
        Some(ByteOrder::PairSwapped) => {
            let why = "bytes 3297–3300 read 0x02010403 (r2.0 §5)";
            return vec![Decided::new(ByteOrder::PairSwapped, why)];
        }
        Some(ByteOrder::Little) => orders.reverse(),
        Some(ByteOrder::Big) | None => {}
    }
    orders.to_vec()
}

fn order_of_word(head: &FileHead) -> Option<ByteOrder> {
    let word = |&order: &ByteOrder| head.int(FieldKind::U32, BYTE_ORDER_BYTE, order);
    ALL.into_iter().find(|order| word(order) == BYTE_ORDER_WORD)
}

/// Bytes 3225–3226.
pub(super) fn format_code(head: &FileHead, order: ByteOrder) -> i16 {
    i16::try_from(head.int(FieldKind::I16, FORMAT_CODE_BYTE, order)).unwrap_or(0)
}

fn unknown_format(head: &FileHead) -> SegyError {
    SegyError::UnknownSampleFormat {
        big_endian: format_code(head, ByteOrder::Big),
        little_endian: format_code(head, ByteOrder::Little),
    }
}
