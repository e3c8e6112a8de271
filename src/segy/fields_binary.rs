//! The words of the binary file header: one row each. (r2.0 §5, table 2)
//!
//! Revisions disagree about a few words: bytes 3501–3502 were one number in revision 1 and are two
//! since 2.0; bytes 3507–3510 were one number in 2.0 and are two since 2.1. All readings are rows.

use super::FieldKind::{F64, I16, I32, U8, U16, U64};
use super::{FieldKind, FieldSpec};

/// Bytes of the binary file header.
pub const BINARY_HEADER_BYTES: usize = 400;

/// Byte, as printed, of the first byte of the binary file header.
pub const FIRST_BINARY_BYTE: u16 = 3201;

/// All words, in the order of their bytes; bytes are counted from 3201 as printed.
#[rustfmt::skip]
pub const BINARY_FIELDS: &[FieldSpec] = &[
    row(3201, I32, "job_id", 0),
    row(3205, I32, "line_num", 0),
    row(3209, I32, "reel_num", 0),
    row(3213, I16, "data_traces_per_ensemble", 0),
    row(3215, I16, "aux_traces_per_ensemble", 0),
    row(3217, U16, "sample_interval", 0),
    row(3219, U16, "orig_sample_interval", 0),
    row(3221, U16, "samples_per_trace", 0),
    row(3223, U16, "orig_samples_per_trace", 0),
    row(3225, I16, "data_sample_format", 0),
    row(3227, I16, "ensemble_fold", 0),
    row(3229, I16, "trace_sorting_code", 0),
    row(3231, I16, "vertical_sum_code", 0),
    row(3233, I16, "sweep_freq_start", 0),
    row(3235, I16, "sweep_freq_end", 0),
    row(3237, I16, "sweep_length", 0),
    row(3239, I16, "sweep_type_code", 0),
    row(3241, I16, "sweep_trace_num", 0),
    row(3243, I16, "sweep_taper_start", 0),
    row(3245, I16, "sweep_taper_end", 0),
    row(3247, I16, "taper_type_code", 0),
    row(3249, I16, "correlated_data_code", 0),
    row(3251, I16, "binary_gain_code", 0),
    row(3253, I16, "amp_recovery_code", 0),
    row(3255, I16, "measurement_system_code", 0),
    row(3257, I16, "impulse_polarity_code", 0),
    row(3259, I16, "vibratory_polarity_code", 0),
    row(3261, I32, "extended_data_traces_per_ensemble", 200),
    row(3265, I32, "extended_aux_traces_per_ensemble", 200),
    row(3269, I32, "extended_samples_per_trace", 200),
    row(3273, F64, "extended_sample_interval", 200),
    row(3281, F64, "extended_orig_sample_interval", 200),
    row(3289, I32, "extended_orig_samples_per_trace", 200),
    row(3293, I32, "extended_ensemble_fold", 200),
    row(3297, I32, "byte_order", 200),
    row(3501, U8, "segy_revision_major", 200),
    row(3501, I16, "segy_revision", 100),
    row(3502, U8, "segy_revision_minor", 200),
    row(3503, I16, "fixed_length_trace_flag", 100),
    row(3505, I16, "num_extended_text_headers", 100),
    row(3507, I16, "max_extended_trace_headers", 210),
    row(3507, I32, "max_extended_trace_headers", 200),
    row(3509, I16, "survey_type", 210),
    row(3511, I16, "time_basis_code", 200),
    row(3513, U64, "num_traces", 200),
    row(3521, U64, "byte_offset_first_trace", 200),
    row(3529, I32, "num_data_trailer_stanzas", 200),
];

/// One row; short, so that the table above reads as a table.
const fn row(byte: u16, kind: FieldKind, name: &'static str, since_revision: u16) -> FieldSpec {
    FieldSpec {
        name,
        byte,
        kind,
        since_revision,
        segyio: "",
        su: "",
    }
}

/// The word called `name`, in its oldest reading; `None` where there is none.
pub fn find_binary_field(name: &str) -> Option<&'static FieldSpec> {
    BINARY_FIELDS
        .iter()
        .filter(|field| field.name.eq_ignore_ascii_case(name))
        .min_by_key(|field| field.since_revision)
}

/// A binary file header with all its words in the other of big- and little-endian order.
pub fn binary_header_turned(raw: &[u8]) -> Vec<u8> {
    let mut turned = raw.to_vec();
    let mut end = 0;
    for field in BINARY_FIELDS {
        let start = usize::from(field.byte - FIRST_BINARY_BYTE);
        // Of two readings of the same bytes the table's first one counts.
        if start < end {
            continue;
        }
        end = start + field.kind.size_bytes();
        if let Some(word) = turned.get_mut(start..end) {
            word.reverse();
        }
    }
    turned
}

impl FieldSpec {
    /// Position, from 1, of this word of the binary file header within its 400 bytes.
    ///
    /// `None` for a word of a trace header.
    pub fn byte_in_binary_header(&self) -> Option<u16> {
        self.byte
            .checked_sub(FIRST_BINARY_BYTE)
            .map(|offset_bytes| offset_bytes + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_lies_inside_the_400_bytes() {
        assert_eq!(BINARY_FIELDS.len(), 47);
        for field in BINARY_FIELDS {
            let byte = usize::from(field.byte_in_binary_header().unwrap_or(0));
            assert!(byte >= 1, "{}", field.name);
            assert!(byte - 1 + field.kind.size_bytes() <= BINARY_HEADER_BYTES);
        }
    }

    #[test]
    fn only_readings_of_different_revisions_overlap() {
        for pair in BINARY_FIELDS.windows(2) {
            let [a, b] = pair else { unreachable!() };
            let a_end = usize::from(a.byte) + a.kind.size_bytes();
            if usize::from(b.byte) < a_end {
                assert_ne!(a.since_revision, b.since_revision, "{} {}", a.name, b.name);
            }
            assert!(a.byte <= b.byte, "{} {}", a.name, b.name);
        }
    }

    #[test]
    fn a_header_turned_twice_is_as_it_was() {
        let raw: Vec<u8> = (0..400_u16).map(|i| i.to_le_bytes()[0]).collect();
        let turned = binary_header_turned(&raw);
        // Bytes 3225–3226, and the two bytes of the revision, which are no word of two.
        assert_eq!((turned[24], turned[25]), (25, 24));
        assert_eq!(turned[300..302], raw[300..302]);
        assert_eq!(binary_header_turned(&turned), raw);
    }

    #[test]
    fn words_are_found_by_name() {
        assert_eq!(
            find_binary_field("Samples_Per_Trace").map(|f| f.byte),
            Some(3221)
        );
        assert_eq!(find_binary_field("nothing"), None);
    }
}
