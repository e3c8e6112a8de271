//! Would it build and run on Windows and macOS? What only one system has stands behind a `cfg`.
//!
//! This looks at the words of the sources on any system; `.ci/other-systems` lets the compiler check.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Words that only some systems understand, and what their `cfg` must name.
const WORDS: &[(&str, &[&str])] = &[
    ("libc::", &["unix", "linux"]),
    ("std::os::unix", &["unix", "linux"]),
    ("std::os::fd", &["unix", "linux"]),
    ("std::os::linux", &["linux"]),
    ("std::os::windows", &["windows"]),
    ("winit::platform::x11", &["linux"]),
    ("sync_file_range", &["linux"]),
    ("posix_fadvise", &["linux"]),
    ("\"/proc", &["linux"]),
    ("\"/sys/", &["linux"]),
    ("\"/dev/", &["unix", "linux"]),
    ("\"/tmp", &["unix", "linux"]),
    ("\"/home", &["unix", "linux"]),
];

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Lines with a word of [`WORDS`] for which none of the `cfg`s around it is the right one.
///
/// A `cfg` reaches to the end of the item or block behind it, which is found by counting braces:
/// enough for code that rustfmt has formatted.
fn unguarded(text: &str) -> Vec<(usize, &'static str)> {
    let mut faults = Vec::new();
    // The cfgs around the present line: text, depth of braces before, whether the item has begun.
    let mut guards: Vec<(String, usize, bool)> = Vec::new();
    let mut depth = 0;
    for (number, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default().trim();
        let is_attribute = code.starts_with("#[") || code.starts_with("#![");
        if code.starts_with("#[cfg(") {
            guards.push((code.to_owned(), depth, false));
        }
        for &(word, needed) in WORDS {
            let guarded = guards
                .iter()
                .any(|(cfg, _, _)| cfg.contains("test") || needed.iter().any(|n| cfg.contains(n)));
            if code.contains(word) && !guarded {
                faults.push((number + 1, word));
            }
        }
        if is_attribute || code.is_empty() {
            continue;
        }
        depth += code.matches('{').count();
        depth = depth.saturating_sub(code.matches('}').count());
        for (_, before, begun) in &mut guards {
            *begun |= depth > *before;
        }
        let ends = |&(_, before, begun): &(String, usize, bool)| {
            depth <= before && (begun || code.ends_with([';', ',', '}']))
        };
        guards.retain(|guard| !ends(guard));
    }
    faults
}

/// Names of the files that a file declares under a `cfg` of tests.
fn modules_for_tests(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_for_tests = false;
    for line in text.lines().map(str::trim) {
        let declared = line
            .rsplit_once("mod ")
            .and_then(|(_, name)| name.strip_suffix(';'));
        match declared {
            Some(name) if is_for_tests => found.push(name.to_owned()),
            _ => {}
        }
        // Other attributes may stand between the cfg and the module.
        let is_cfg = line.starts_with("#[cfg(") && line.contains("test");
        is_for_tests = is_cfg || (is_for_tests && line.starts_with("#["));
    }
    found
}

#[test]
fn what_only_one_system_has_stands_behind_a_cfg() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    assert!(files.len() > 40);
    let for_tests: BTreeSet<String> = files
        .iter()
        .flat_map(|file| modules_for_tests(&fs::read_to_string(file).unwrap()))
        .collect();
    let mut faults = Vec::new();
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        if for_tests.contains(&name) {
            continue;
        }
        for (line, word) in unguarded(&fs::read_to_string(&file).unwrap()) {
            faults.push(format!("{}:{line} says {word}", file.display()));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_search_itself_finds_what_it_shall() {
    let guarded = "#[cfg(unix)]\nfn a() {\n    libc::open();\n}\n";
    assert!(unguarded(guarded).is_empty());
    let after = format!("{guarded}fn b() {{\n    libc::open();\n}}\n");
    assert_eq!(unguarded(&after), [(6, "libc::")]);
    let other = "#[cfg(windows)]\nfn a() {\n    libc::open();\n}\n";
    assert_eq!(unguarded(other), [(3, "libc::")]);
    let statement = "fn a() {\n    #[cfg(unix)]\n    libc::a();\n    libc::b();\n}\n";
    assert_eq!(unguarded(statement), [(4, "libc::")]);
    assert!(unguarded("// libc::open\n").is_empty());
    assert!(unguarded("#[cfg(test)]\nmod tests {\n    const A: &str = \"/tmp\";\n}\n").is_empty());
}
