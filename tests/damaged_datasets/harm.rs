//! What can happen to a file of a dataset.

use std::fs;
use std::path::Path;

/// What happens to one file.
pub(crate) enum Harm {
    Flip(&'static str, fn(usize) -> usize),
    Cut(&'static str, fn(usize) -> usize),
    Remove(&'static str),
    Replace(&'static str, &'static [u8]),
    /// In a text file.
    Write(&'static str, &'static str, &'static str),
    /// A link to a file outside takes the file's place.
    Link(&'static str),
}

use Harm::{Cut, Flip, Link, Remove, Replace, Write};

/// Does it.
pub(crate) fn harm(dataset: &Path, outside: &Path, harm: &Harm) {
    match harm {
        Flip(name, place) => {
            let mut bytes = fs::read(dataset.join(name)).unwrap();
            let place = place(bytes.len());
            bytes[place] ^= 0x10;
            fs::write(dataset.join(name), bytes).unwrap();
        }
        Cut(name, length) => {
            let bytes = fs::read(dataset.join(name)).unwrap();
            fs::write(dataset.join(name), &bytes[..length(bytes.len())]).unwrap();
        }
        Remove(name) => fs::remove_file(dataset.join(name)).unwrap(),
        Replace(name, bytes) => fs::write(dataset.join(name), bytes).unwrap(),
        Write(name, from, to) => {
            let text = fs::read_to_string(dataset.join(name)).unwrap();
            assert!(text.contains(from), "{name} has no {from}");
            fs::write(dataset.join(name), text.replace(from, to)).unwrap();
        }
        Link(name) => {
            fs::rename(dataset.join(name), outside.join("secret")).unwrap();
            #[cfg(unix)]
            std::os::unix::fs::symlink(outside.join("secret"), dataset.join(name)).unwrap();
        }
    }
}

/// A folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
