//! Can the dataset be written where it shall lie? Asked of the disk before the first byte.

use std::io;
use std::path::{Path, PathBuf};

use crate::dataset::{DATASET_EXTENSION, Dataset};
use crate::import::PlanError;

/// The dataset's folder: as asked, or beside the source under its stem.
pub(in crate::import) fn output_path(source: &Path, asked: Option<&Path>) -> PathBuf {
    asked.map_or_else(|| source.with_extension(DATASET_EXTENSION), Path::to_owned)
}

/// The folder that the dataset's folder lies in.
pub(in crate::import) fn parent(output: &Path) -> &Path {
    match output.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Whether `output` may be written: nothing is there, or a dataset that may be replaced.
pub(super) fn check_output(output: &Path, source: &Path, overwrite: bool) -> Result<(), PlanError> {
    let path = || output.to_owned();
    let parent = parent(output);
    if !parent.is_dir() {
        return Err(PlanError::ParentMissing {
            path: parent.to_owned(),
        });
    }
    if output.symlink_metadata().is_ok() {
        if !overwrite {
            return Err(PlanError::OutputExists { path: path() });
        }
        if !Dataset::is_dataset(output) && !is_empty_folder(output) {
            return Err(PlanError::OutputNotADataset { path: path() });
        }
        if holds(output, source) {
            return Err(PlanError::OutputHoldsSource { path: path() });
        }
    }
    try_writing(parent).map_err(|source| PlanError::NotWritable {
        path: parent.to_owned(),
        source,
    })
}

fn is_empty_folder(path: &Path) -> bool {
    path.read_dir()
        .is_ok_and(|mut entries| entries.next().is_none())
}

/// Whether `file` lies somewhere under `folder`, whatever links are in between.
fn holds(folder: &Path, file: &Path) -> bool {
    match (folder.canonicalize(), file.canonicalize()) {
        (Ok(folder), Ok(file)) => file.starts_with(folder),
        _ => false,
    }
}

/// Permission bits do not tell (read-only disks, network shares, root): so make a folder and remove it.
fn try_writing(folder: &Path) -> io::Result<()> {
    let probe = folder.join(format!(".shotpoint-probe-{}", std::process::id()));
    match std::fs::create_dir(&probe) {
        Ok(()) => std::fs::remove_dir(&probe),
        // Another plan of this process is asking at the same moment.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// Bytes free for us in the folder that the output lies in; `None` where the system does not tell.
pub(in crate::import) fn free_bytes(output: &Path) -> Option<u64> {
    fs4::available_space(parent(output)).ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_output_lies_beside_the_source_unless_asked_otherwise() {
        let beside = output_path(Path::new("data/line12.segy"), None);
        assert_eq!(beside, Path::new("data/line12.shotpoint"));
        let asked = output_path(Path::new("a.sgy"), Some(Path::new("out/any name")));
        assert_eq!(asked, Path::new("out/any name"));
        assert_eq!(parent(Path::new("x.shotpoint")), Path::new("."));
    }

    #[test]
    fn what_is_there_is_only_replaced_if_it_is_a_dataset() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("a.sgy");
        std::fs::write(&source, b"x").unwrap();
        let output = folder.path().join("a.shotpoint");
        check_output(&output, &source, false).unwrap();

        std::fs::create_dir(&output).unwrap();
        let check = |overwrite| check_output(&output, &source, overwrite);
        assert!(matches!(check(false), Err(PlanError::OutputExists { .. })));
        check(true).unwrap();
        std::fs::write(output.join("thesis.docx"), b"x").unwrap();
        assert!(matches!(
            check(true),
            Err(PlanError::OutputNotADataset { .. })
        ));
        std::fs::write(output.join("manifest.json"), b"{}").unwrap();
        check(true).unwrap();
    }

    #[test]
    fn the_source_is_never_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("a.sgy");
        std::fs::write(&source, b"x").unwrap();
        std::fs::write(folder.path().join("manifest.json"), b"{}").unwrap();
        let error = check_output(folder.path(), &source, true);
        assert!(matches!(error, Err(PlanError::OutputHoldsSource { .. })));
        let error = check_output(&source, &source, true);
        assert!(matches!(error, Err(PlanError::OutputNotADataset { .. })));
    }

    #[test]
    fn a_missing_parent_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("no/such/a.shotpoint");
        let error = check_output(&output, Path::new("a.sgy"), false);
        assert!(matches!(error, Err(PlanError::ParentMissing { .. })));
    }
}
