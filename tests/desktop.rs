//! Does a Linux desktop learn all it needs? Menu entry, icon, file types and man pages agree, and the
//! script that installs them also takes them away.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// What stands between `before` and the next `"`, each time.
fn quoted(text: &str, before: &str) -> BTreeSet<String> {
    text.split(before)
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

/// The value of a key in a menu entry.
fn value<'a>(entry: &'a str, key: &str) -> &'a str {
    let line = entry
        .lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    line.unwrap_or_else(|| panic!("no {key} in the entry"))
}

#[test]
fn the_menu_entry_takes_the_file_types_that_are_declared() {
    let entry = fs::read_to_string(in_repository("assets/desktop/shotpoint.desktop")).unwrap();
    let types = fs::read_to_string(in_repository("assets/desktop/shotpoint-mime.xml")).unwrap();
    let taken: BTreeSet<String> = value(&entry, "MimeType")
        .split_terminator(';')
        .map(ToOwned::to_owned)
        .collect();
    assert_eq!(taken, quoted(&types, "<mime-type type=\""));
    let endings = quoted(&types, "<glob pattern=\"");
    let expected = ["*.seg-y", "*.segy", "*.sgy", "*.sgy2", "*.su"];
    assert_eq!(endings, expected.map(ToOwned::to_owned).into());
    // The window's name for its desktop is the entry's, or its icon does not stand beside the title.
    assert_eq!(value(&entry, "StartupWMClass"), "shotpoint");
    assert_eq!(value(&entry, "Exec"), "shotpoint %F");
}

fn files_below(folder: &Path, found: &mut BTreeSet<String>, root: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, found, root);
        } else {
            let relative = path.strip_prefix(root).unwrap();
            found.insert(relative.display().to_string());
        }
    }
}

#[test]
fn what_is_installed_is_taken_away_again() {
    let folder = tempfile::tempdir().unwrap();
    // A space, as some home folders have.
    let prefix = folder.path().join("pre fix");
    let run = |arguments: &[&str]| {
        let output = Command::new("bash")
            .arg(in_repository("assets/desktop/install.sh"))
            .args(arguments)
            .arg(&prefix)
            .env("SHOTPOINT_PROGRAM", env!("CARGO_BIN_EXE_shotpoint"))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
    };
    let ours = || {
        let mut found = BTreeSet::new();
        files_below(&prefix, &mut found, &prefix);
        found.retain(|name| name.contains("shotpoint"));
        found
    };
    run(&[]);
    let pages = fs::read_dir(in_repository("assets/man")).unwrap().count();
    let installed = ours();
    assert_eq!(installed.len(), 4 + pages, "{installed:?}");
    let entry = fs::read_to_string(prefix.join("share/applications/shotpoint.desktop")).unwrap();
    let program = prefix.join("bin/shotpoint");
    assert_eq!(
        value(&entry, "Exec"),
        format!("\"{}\" %F", program.display())
    );
    let version = Command::new(program).arg("--version").output().unwrap();
    assert!(version.stdout.starts_with(b"shotpoint "));

    run(&["--uninstall"]);
    assert_eq!(ours(), BTreeSet::new());
}
