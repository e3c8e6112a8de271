//! Are the man pages of `assets/man` what the help says?
//!
//! They are made from the same words: `UPDATE_GOLDEN=1 cargo test --lib man_pages` writes them anew.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use clap::Command;
use clap_mangen::Man;

use super::examples;

/// File name and text of the page of a command and of those below it.
fn pages(command: &Command, name: &str, found: &mut BTreeMap<String, Vec<u8>>) {
    for below in command.get_subcommands().filter(|c| c.get_name() != "help") {
        pages(below, &format!("{name}-{}", below.get_name()), found);
    }
    let man = Man::new(command.clone())
        .manual("Shotpoint")
        .source(concat!("shotpoint ", env!("CARGO_PKG_VERSION")));
    let mut text = Vec::new();
    man.render(&mut text).unwrap();
    found.insert(format!("{name}.1"), text);
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/man")
}

#[test]
fn the_committed_pages_say_what_the_help_says() {
    let mut command = examples::command();
    command.build();
    let mut expected = BTreeMap::new();
    pages(&command, "shotpoint", &mut expected);
    assert!(expected.len() > 9);
    if env::var_os("UPDATE_GOLDEN").is_some() {
        drop(fs::remove_dir_all(folder()));
        fs::create_dir_all(folder()).unwrap();
        for (name, text) in &expected {
            fs::write(folder().join(name), text).unwrap();
        }
    }
    let there: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(
        there.len(),
        expected.len(),
        "{there:?}; UPDATE_GOLDEN=1 cargo test --lib man_pages"
    );
    for (name, text) in &expected {
        let committed = fs::read(folder().join(name)).unwrap();
        assert!(
            committed == *text,
            "assets/man/{name} is not current: UPDATE_GOLDEN=1 cargo test --lib man_pages"
        );
    }
}
