//! Does a file lie within the dataset's own folder?
//!
//! A dataset may come from a stranger: a link in it could lead anywhere, and a pipe in a file's
//! place would never end. So every file is looked at before it is opened, from the folder down.
//! The folder itself may be a link: the user has named it. A file that is not there is for its
//! opener to say.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::DatasetError;

/// Refuses what lies elsewhere, and what is there and no plain file.
pub(super) fn check(dataset: &Path, file: &Path) -> io::Result<()> {
    let Ok(below) = file.strip_prefix(dataset) else {
        return Err(outside());
    };
    let mut path = dataset.to_owned();
    let mut has_link = false;
    for component in below.components() {
        let Component::Normal(name) = component else {
            return Err(outside());
        };
        path.push(name);
        match fs::symlink_metadata(&path) {
            Ok(metadata) => has_link |= metadata.is_symlink(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        }
    }
    // A link within the folder does no harm.
    if has_link && !fs::canonicalize(file)?.starts_with(fs::canonicalize(dataset)?) {
        return Err(outside());
    }
    if fs::metadata(file)?.is_file() {
        Ok(())
    } else {
        Err(io::Error::other("it is not a plain file"))
    }
}

/// [`check`], as the sentence that a reader of the dataset gives.
pub(super) fn check_part(dataset: &Path, file: &Path) -> Result<(), DatasetError> {
    check(dataset, file).map_err(|error| DatasetError::Damaged {
        what: name_of(dataset, file),
        detail: error.to_string(),
        path: file.to_owned(),
    })
}

/// The file's name from the dataset's folder on, with `/` on every system.
pub(super) fn name_of(dataset: &Path, file: &Path) -> String {
    let below = file.strip_prefix(dataset).unwrap_or(file);
    let names: Vec<_> = below
        .components()
        .map(|name| name.as_os_str().to_string_lossy())
        .collect();
    names.join("/")
}

/// The first link below a folder that shall be written to; none is followed.
pub(super) fn find_link(folder: &Path) -> io::Result<Option<PathBuf>> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_symlink() {
            return Ok(Some(entry.path()));
        }
        if kind.is_dir()
            && let Some(link) = find_link(&entry.path())?
        {
            return Ok(Some(link));
        }
    }
    Ok(None)
}

fn outside() -> io::Error {
    io::Error::other("it leads out of the dataset's folder, and nothing outside is read")
}

#[cfg(all(test, unix))]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn only_plain_files_below_the_folder_are_inside() {
        let folder = tempfile::tempdir().unwrap();
        let dataset = folder.path().join("a.shotpoint");
        fs::create_dir_all(dataset.join("c/0")).unwrap();
        fs::write(dataset.join("c/0/0"), b"x").unwrap();
        fs::write(folder.path().join("secret"), b"x").unwrap();
        symlink(folder.path().join("secret"), dataset.join("out")).unwrap();
        symlink("c/0/0", dataset.join("within")).unwrap();
        symlink(folder.path(), dataset.join("up")).unwrap();
        assert!(check(&dataset, &dataset.join("c/0/0")).is_ok());
        assert!(check(&dataset, &dataset.join("within")).is_ok());
        assert!(check(&dataset, &dataset.join("absent")).is_ok());
        for outside in ["out", "up/secret", "../secret", "c/0", "c/../../secret"] {
            assert!(
                check(&dataset, &dataset.join(outside)).is_err(),
                "{outside}"
            );
        }
        assert!(check(&dataset, Path::new("/etc/passwd")).is_err());
        assert!(find_link(&dataset.join("c")).unwrap().is_none());
        assert!(find_link(&dataset).unwrap().is_some());
    }
}
