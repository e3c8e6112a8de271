//! Which revision of the standard does the file follow? (bytes 3501–3502)
//!
//! Makers wrote the number in many ways: 1.0 as the bytes (1, 0), as the integers 1 or 100, in
//! either byte order, or as 0x10. What makes no sense counts as revision 0, whose words all others have too.

use super::head::FileHead;
use crate::segy::{ByteOrder, Decided, LayoutOverrides, LayoutWarning, Revision};

const MAJOR_BYTE: usize = 300;

/// The revision, and a warning where its bytes are odd.
pub(super) fn decide(
    head: &FileHead,
    order: ByteOrder,
    overrides: &LayoutOverrides,
) -> (Decided<Revision>, Option<LayoutWarning>) {
    if let Some(revision) = overrides.revision {
        return (Decided::by_user(revision), None);
    }
    let byte = |i: usize| head.binary.get(i).copied().unwrap_or(0);
    let (major, minor) = match order {
        ByteOrder::Big | ByteOrder::Little => (byte(MAJOR_BYTE), byte(MAJOR_BYTE + 1)),
        ByteOrder::PairSwapped => (byte(MAJOR_BYTE + 1), byte(MAJOR_BYTE)),
    };
    let revision = |major, minor| Revision { major, minor };
    let (read_as, is_odd) = match (major, minor) {
        (0, 0) => (revision(0, 0), false),
        (1, 0) | (2, 0..=1) => (revision(major, minor), false),
        // The whole word little-endian: minor first.
        (0, 1 | 2) | (1, 2) if order == ByteOrder::Little => (revision(minor, major), false),
        (0, 1 | 0x10 | 100) => (revision(1, 0), true),
        (0, 0x20 | 200) => (revision(2, 0), true),
        (0, 0x21 | 210) => (revision(2, 1), true),
        _ => (revision(0, 0), true),
    };
    let why = match (major, minor) {
        (0, 0) => "bytes 3501–3502 are 0".to_owned(),
        _ => format!("bytes 3501–3502 are {major} and {minor}"),
    };
    let warning = is_odd.then_some(LayoutWarning::RevisionOdd {
        major,
        minor,
        read_as,
    });
    (Decided::new(read_as, why), warning)
}
