//! The words of a trace header that only Seismic Unix knows: behind byte 180, in place of revision 1's.
//!
//! Floats are IEEE, in the file's byte order; integers as elsewhere. (Seismic Unix, `segy.h`)

use super::FieldKind::{F32, I16, I32};
use super::FieldSpec;

/// All of them, in the order of their bytes.
pub const SU_FIELDS: &[FieldSpec] = &[
    row(181, F32, "su_sample_spacing", "d1"),
    row(185, F32, "su_first_sample", "f1"),
    row(189, F32, "su_trace_spacing", "d2"),
    row(193, F32, "su_first_trace", "f2"),
    row(197, F32, "su_negative_power", "ungpow"),
    row(201, F32, "su_scale_to_normal", "unscale"),
    row(205, I32, "su_n_traces", "ntr"),
    row(209, I16, "su_mark", "mark"),
];

const fn row(byte: u16, kind: super::FieldKind, name: &'static str, su: &'static str) -> FieldSpec {
    FieldSpec {
        name,
        byte,
        kind,
        since_revision: 0,
        segyio: "",
        su,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_lie_side_by_side_within_the_header() {
        let mut next = 181;
        for field in SU_FIELDS {
            assert_eq!(field.byte, next, "{}", field.name);
            next += u16::try_from(field.kind.size_bytes()).unwrap_or(0);
        }
        assert!(next <= 241);
    }
}
