//! Where does each part of a dataset lie? The names of format 1, once.

use super::DatasetError;

/// The Zarr group.
pub(super) const TRACES: &str = "traces.zarr";
/// The samples.
pub(super) const AMPLITUDE: &str = "traces.zarr/amplitude";
/// What the samples' array says of itself.
pub(super) const AMPLITUDE_DOCUMENT: &str = "traces.zarr/amplitude/zarr.json";
/// The reduced levels.
pub(super) const OVERVIEW: &str = "traces.zarr/overview";
/// One row a trace.
pub(super) const HEADERS: &str = "headers.parquet";
/// One row a run of equal keys.
pub(super) const ENSEMBLES: &str = "ensembles.parquet";
/// What an exact export needs besides.
pub(super) const SEGY: &str = "segy";
/// Words that decoding and encoding does not give back.
pub(super) const EXCEPTIONS: &str = "segy/exceptions.parquet";
/// Where bytes lie between traces that belong to none.
pub(super) const GAPS: &str = "segy/gaps.parquet";
/// Those bytes, one gap behind the other.
pub(super) const GAP_BYTES: &str = "segy/gaps.bin";

/// What an unfinished dataset needs to go on; no finished one has it.
pub(super) const JOURNAL: &str = "journal";

/// Refuses names that could lead out of `segy/`.
pub(super) fn check_part_name(file_name: &str) -> Result<(), DatasetError> {
    let plain = !file_name.is_empty()
        && !file_name.starts_with('.')
        && file_name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    if plain {
        return Ok(());
    }
    Err(DatasetError::Layout {
        problem: format!(
            "\"{file_name}\" is not a plain file name; use letters, digits, _ - and ."
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_name_leads_out_of_its_folder() {
        for name in [
            "",
            ".",
            "..",
            "../x",
            "a/b",
            "a\\b",
            "/etc/passwd",
            "c:x",
            ".hidden",
        ] {
            assert!(check_part_name(name).is_err(), "{name}");
        }
        for name in ["textual_header.bin", "trailer.bin", "a-b_1.2"] {
            assert!(check_part_name(name).is_ok(), "{name}");
        }
    }
}
