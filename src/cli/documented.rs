//! Do the README, the examples of the help and the program's own sentences name only what the
//! command line understands?

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Command;

use super::examples;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All options of all commands, with their dashes.
fn options(command: &Command, found: &mut BTreeSet<String>) {
    for argument in command.get_arguments() {
        found.extend(argument.get_long().map(|long| format!("--{long}")));
    }
    for below in command.get_subcommands() {
        options(below, found);
    }
}

/// `--words` in a text.
fn mentioned(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("--").filter_map(|(at, _)| {
        let before = text[..at].chars().next_back();
        let stands_alone = before.is_none_or(|c| !c.is_alphanumeric() && c != '-');
        let rest = &text[at + 2..];
        let end = rest
            .find(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit() && c != '-')
            .unwrap_or(rest.len());
        let name = rest[..end].trim_end_matches('-');
        let is_name = name.starts_with(|c: char| c.is_ascii_lowercase());
        (stands_alone && is_name).then(|| &text[at..at + 2 + name.len()])
    })
}

/// The words of a line as a shell parts them, up to a comment, a pipe or a second command.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let line = line.split("   ").next().unwrap();
    for c in line.chars() {
        match (c, quote) {
            (_, Some(q)) if c == q => quote = None,
            ('\'' | '"', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            ('#' | '|' | '&' | '>', None) => break,
            (' ', None) => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// The lines of a text that are commands of ours.
fn commands(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(str::trim)
        .filter(|line| line.starts_with("shotpoint ") && !line.contains("COMMAND"))
}

fn help_texts() -> String {
    let mut command = examples::command();
    let mut text = command.render_long_help().to_string();
    for below in command.get_subcommands_mut() {
        text.push_str(&below.render_long_help().to_string());
        text.push('\n');
    }
    text
}

/// What stands behind the options of each command, as it was written: help wraps long lines.
fn examples_as_written() -> String {
    let command = examples::command();
    let all = command.get_subcommands().chain([&command]);
    let texts: Vec<String> = all
        .filter_map(|one| one.get_after_help().map(ToString::to_string))
        .collect();
    texts.join("\n")
}

#[test]
fn every_line_of_the_readme_and_of_the_help_is_understood() {
    let readme = fs::read_to_string(repository().join("README.md")).unwrap();
    let mut n_lines = 0;
    for text in [readme, examples_as_written()] {
        for line in commands(&text) {
            let words = words(line);
            let parsed = examples::command().try_get_matches_from(&words);
            assert!(parsed.is_ok(), "{line}\n{words:?}\n{}", parsed.unwrap_err());
            n_lines += 1;
        }
    }
    assert!(n_lines > 30, "only {n_lines} lines");
}

#[test]
fn every_command_has_an_example() {
    for command in examples::command().get_subcommands() {
        let name = command.get_name();
        let help = command.get_after_help().map(ToString::to_string);
        let example = format!("shotpoint {name}");
        assert!(help.is_some_and(|help| help.contains(&example)), "{name}");
    }
}

#[test]
fn only_options_that_exist_are_named() {
    let mut known = BTreeSet::new();
    options(&examples::command(), &mut known);
    known.extend(["--help", "--version"].map(ToOwned::to_owned));
    // Of cargo, which the README calls, too.
    known.extend(
        [
            "--release",
            "--bench",
            "--test",
            "--lib",
            "--locked",
            "--uninstall",
        ]
        .map(ToOwned::to_owned),
    );
    let mut texts = vec![("the help".to_owned(), help_texts())];
    let mut files = vec![
        repository().join("README.md"),
        repository().join("CHANGELOG.md"),
    ];
    rust_files(&repository().join("src"), &mut files);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let text = match file.extension() {
            Some(extension) if extension == "rs" => without_comments(&text),
            _ => text,
        };
        texts.push((file.display().to_string(), text));
    }
    let mut faults = Vec::new();
    for (place, text) in &texts {
        let unknown = mentioned(text).filter(|name| !known.contains(*name));
        faults.extend(unknown.map(|name| format!("{place} names {name}")));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// A source file up to its tests, without its comments.
fn without_comments(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
    let lines: Vec<&str> = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    lines.join("\n")
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !name.contains("test")
            && name != "documented.rs"
        {
            found.push(path);
        }
    }
}

#[test]
fn words_are_parted_as_by_a_shell() {
    assert_eq!(
        words("shotpoint headers a --where 'x < 5' | jq"),
        ["shotpoint", "headers", "a", "--where", "x < 5"]
    );
    assert_eq!(
        words("shotpoint scan a   and so on"),
        ["shotpoint", "scan", "a"]
    );
    let named: Vec<&str> = mentioned("say --on-cancel keep; a--b, -- and --json.").collect();
    assert_eq!(named, ["--on-cancel", "--json"]);
}
