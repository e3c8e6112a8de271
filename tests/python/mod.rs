//! Which Python do the tests of interoperability ask, and what did a script print?
//!
//! The one that `SHOTPOINT_PYTHON` names, else the environment that `tests/python/set_up.sh` makes
//! under `target`. Where there is none, a test says so past the harness's capturing, and passes.

#![allow(dead_code, reason = "each test binary uses its part")]
#![expect(clippy::unwrap_used, reason = "tests")]

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// The Python to ask; `None`, and a line on standard error, where there is none.
///
/// # Panics
/// Where there is one that lacks a package.
pub(crate) fn python() -> Option<&'static Path> {
    static PYTHON: OnceLock<Option<PathBuf>> = OnceLock::new();
    PYTHON.get_or_init(find).as_deref()
}

fn find() -> Option<PathBuf> {
    // CARGO_TARGET_TMPDIR is target/tmp.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let made = target.join("python");
    let named = std::env::var_os("SHOTPOINT_PYTHON").filter(|name| !name.is_empty());
    let python = match named {
        Some(named) => PathBuf::from(named),
        // Copied there when all is installed.
        None if made.join("requirements.txt").is_file() => {
            let below = if cfg!(windows) {
                "Scripts/python.exe"
            } else {
                "bin/python"
            };
            made.join(below)
        }
        None => {
            let reason = std::fs::read_to_string(target.join("python-missing.txt"));
            let reason = reason.unwrap_or_else(|_| "tests/python/set_up.sh was not run".to_owned());
            say(&format!(
                "SKIPPED: other programs were not asked to read our datasets: {}",
                reason.trim()
            ));
            return None;
        }
    };
    let output = Command::new(&python)
        .arg(in_repository("tests/python/versions.py"))
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}", python.display()));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{} lacks a package of tests/python/requirements.txt:\n{said}",
        python.display()
    );
    Some(python)
}

/// A line that is seen although the test passes: the harness captures only what macros print.
fn say(line: &str) {
    // Where standard error is closed, nobody reads.
    drop(writeln!(std::io::stderr().lock(), "\n{line}"));
}

/// A file of this repository.
pub(crate) fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// What a script of this repository prints; every warning is an error.
///
/// # Panics
/// With all that it said, where it fails.
pub(crate) fn printed(
    python: &Path,
    script: &str,
    arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
) -> String {
    let output: Output = Command::new(python)
        .args(["-W", "error"])
        .arg(in_repository(script))
        .args(arguments)
        // Nothing is written into the repository.
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (said, complained) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{script}\n{said}\n{complained}");
    assert!(complained.is_empty(), "{script} complains:\n{complained}");
    said
}
