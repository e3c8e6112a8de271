//! In which byte order and sample format is the file written?
//!
//! A format code is one in at most one byte order (codes are below 256), so that it decides the
//! order by itself; the byte-order word of revision 2 only confirms, because it is often wrong.
//! Where the user gives the format, the order may stay open: then both are tried.

use super::head::FileHead;
use crate::segy::decode::check_supported;
use crate::segy::{
    ByteOrder, Decided, FieldKind, LayoutOverrides, LayoutWarning, SampleFormat, SegyError,
};

/// How numbers are written.
#[derive(Clone, Debug)]
pub(super) struct Coding {
    pub(super) byte_order: Decided<ByteOrder>,
    pub(super) format: Decided<SampleFormat>,
}

const FORMAT_CODE_BYTE: u16 = 3225;
const BYTE_ORDER_BYTE: u16 = 3297;
const BYTE_ORDER_WORD: i64 = 0x0102_0304;
const BOTH: [ByteOrder; 2] = [ByteOrder::Big, ByteOrder::Little];

/// The possible codings, likeliest first; two only where the structure has to decide.
pub(super) fn possible(
    head: &FileHead,
    overrides: &LayoutOverrides,
) -> Result<Vec<Coding>, SegyError> {
    let code = |order| format_code(head, order);
    let by_code = BOTH
        .into_iter()
        .find(|&order| SampleFormat::from_code(code(order)).is_some());
    let orders: Vec<Decided<ByteOrder>> = match (overrides.byte_order, by_code) {
        (Some(order), _) => vec![Decided::by_user(order)],
        (None, Some(order)) => vec![Decided::new(order, reason_of_code(head, order))],
        (None, None) if overrides.format_code.is_some() => by_word_or_both(head),
        (None, None) => return Err(unknown_format(head)),
    };
    orders
        .into_iter()
        .map(|byte_order| {
            let format = format(head, byte_order.value, by_code, overrides)?;
            Ok(Coding { byte_order, format })
        })
        .collect()
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
    if order_of_word(head) == Some(ByteOrder::Little) {
        orders.reverse();
    }
    orders.to_vec()
}

fn order_of_word(head: &FileHead) -> Option<ByteOrder> {
    let word = |&order: &ByteOrder| head.int(FieldKind::U32, BYTE_ORDER_BYTE, order);
    BOTH.into_iter()
        .find(|order| word(order) == BYTE_ORDER_WORD)
}

fn format_code(head: &FileHead, order: ByteOrder) -> i16 {
    i16::try_from(head.int(FieldKind::I16, FORMAT_CODE_BYTE, order)).unwrap_or(0)
}

fn unknown_format(head: &FileHead) -> SegyError {
    SegyError::UnknownSampleFormat {
        big_endian: format_code(head, ByteOrder::Big),
        little_endian: format_code(head, ByteOrder::Little),
    }
}
