//! The words of the binary file header: one row each. (r2.0 §5, table 2)

use super::FieldSpec;

/// All words, in the order of their bytes; bytes are counted from 3201 as printed.
pub const BINARY_FIELDS: &[FieldSpec] = &[];
