//! The words of the standard trace header: one row each. (r2.0 §7.1, table 3)

use super::FieldSpec;

/// Bytes of a standard trace header, and of each additional one.
pub const TRACE_HEADER_BYTES: usize = 240;

/// All words, in the order of their bytes.
pub const TRACE_FIELDS: &[FieldSpec] = &[];

/// The word that a user means by `name`: our own name, segyio's, Seismic Unix's or a common alias
/// (ffid, shot, channel, cdp, offset, il, xl …), whatever the case.
pub fn find_trace_field(name: &str) -> Option<&'static FieldSpec> {
    let _ = name;
    todo!()
}
