//! A file of these bytes, opened.

#![expect(clippy::unwrap_used, reason = "tests")]

use shotpoint::segy::{LayoutOverrides, LayoutWarning, SegyError, SegyFile};

pub(crate) fn open_with(bytes: &[u8], overrides: &LayoutOverrides) -> Result<SegyFile, SegyError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sgy");
    std::fs::write(&path, bytes).unwrap();
    SegyFile::open(&path, overrides)
}

pub(crate) fn opened(bytes: &[u8]) -> SegyFile {
    open_with(bytes, &LayoutOverrides::default()).unwrap()
}

pub(crate) fn codes(file: &SegyFile) -> Vec<&'static str> {
    let warnings = &file.layout().warnings;
    warnings.iter().map(LayoutWarning::code).collect()
}
