//! Does a tape label stand before the textual header? (r2.0 appendix B; r1.0 appendix)
//!
//! ```text
//! bytes 1–4 number | 5–9 "SY2.0" | 10–15 "RECORD" | 16–19 | 20–29 block size | … | 69–128 name of the set
//! ```
//! 128 characters of ASCII, recognised by all of that: no textual header begins like it.

use crate::segy::SegyError;
use crate::segy::source::Source;

const LABEL_BYTES: u64 = 128;

/// Bytes of the label: 128, or 0 where there is none.
pub(super) fn bytes(source: &Source) -> Result<u64, SegyError> {
    if source.size_bytes() < LABEL_BYTES {
        return Ok(0);
    }
    let label = source.read(0..LABEL_BYTES)?;
    Ok(if is_label(&label) { LABEL_BYTES } else { 0 })
}

fn is_label(label: &[u8]) -> bool {
    let number = label.get(..4).unwrap_or_default();
    let revision = label.get(4..9).unwrap_or_default();
    let is_revision = matches!(revision, [b'S', b'Y', b'0'..=b'9', rest @ ..] if rest.is_ascii());
    let is_number = number
        .iter()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b' ' | 0));
    let is_text = label
        .iter()
        .all(|byte| matches!(byte, b' '..=b'~' | 0 | b'\r' | b'\n'));
    is_number && is_revision && is_text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_known_by_all_of_its_parts() {
        let mut label = b"   1SY2.0RECORDB2        32760".to_vec();
        label.resize(128, b' ');
        assert!(is_label(&label));
        for (at, byte) in [(0, b'C'), (4, b'T'), (6, b'x'), (100, 0xc3)] {
            let mut other = label.clone();
            other[at] = byte;
            assert!(!is_label(&other), "{at}");
        }
    }
}
