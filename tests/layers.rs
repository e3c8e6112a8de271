//! Knowledge points one way: which folder of `src` may `use crate::` which other.
//!
//! The table is the design's, with leaves below everything: `samples`, `simd`, `wording`, `job`.
//! And what is `unsafe` stands only where it is stated.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};

const LEAVES: &[&str] = &["samples", "simd", "wording"];

/// Folder (or file) of `src`, and what it may use beside itself and the leaves.
const ALLOWED: &[(&str, &[&str])] = &[
    ("samples", &[]),
    ("wording", &[]),
    ("simd", &[]),
    ("job", &[]),
    ("segy", &[]),
    ("dataset", &["job"]),
    ("import", &["segy", "dataset", "job"]),
    ("export", &["segy", "dataset", "job"]),
    ("browse", &["segy", "dataset", "job"]),
    ("view", &["browse", "dataset"]),
    (
        "cli",
        &[
            "segy", "dataset", "import", "export", "browse", "view", "job",
        ],
    ),
    (
        "app",
        &[
            "segy", "dataset", "import", "export", "browse", "view", "job",
        ],
    ),
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

/// The top modules that a line of code mentions as `crate::NAME`.
fn mentioned(line: &str) -> Vec<String> {
    let code = line.split("//").next().unwrap_or_default();
    code.match_indices("crate::")
        .filter(|(at, _)| !code[..*at].ends_with('$'))
        .map(|(at, found)| {
            code[at + found.len()..]
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect()
        })
        .collect()
}

#[test]
fn no_layer_knows_a_higher_one() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    assert!(files.len() > 40, "found only {} files", files.len());
    let mut faults = Vec::new();
    for file in files {
        let relative = file.strip_prefix(&src).unwrap();
        let top = relative.components().next().unwrap();
        let layer = Path::new(top.as_os_str())
            .file_stem()
            .unwrap()
            .to_str()
            .unwrap();
        if layer == "lib" || layer == "main" {
            continue;
        }
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == layer) else {
            faults.push(format!("{} lies in no layer", relative.display()));
            continue;
        };
        for (number, line) in fs::read_to_string(&file).unwrap().lines().enumerate() {
            for used in mentioned(line) {
                let used = used.as_str();
                let fine = used == layer || LEAVES.contains(&used) || allowed.contains(&used);
                if !fine {
                    faults.push(format!(
                        "{}:{} uses crate::{used}",
                        relative.display(),
                        number + 1
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_engine_neither_prints_nor_knows_egui() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut faults = Vec::new();
    for layer in [
        "segy", "dataset", "import", "export", "browse", "view", "job",
    ] {
        let mut files = Vec::new();
        rust_files(&src.join(layer), &mut files);
        for file in files {
            for (number, line) in fs::read_to_string(&file).unwrap().lines().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                for word in ["egui::", "eframe::", "println!(", "eprintln!(", "print!("] {
                    if code.contains(word) {
                        faults.push(format!("{}:{} says {word}", file.display(), number + 1));
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Files with unsafe code, and what each promises; the lints see to a `SAFETY` comment at every block.
const UNSAFE: &[(&str, &str)] = &[
    (
        "simd.rs",
        "code compiled for AVX2 runs only where the processor has just said that it has it",
    ),
    (
        "segy/mmap.rs",
        "a mapping is read only within its length, and a file that shrinks under it gives zeros: the \
         handler of SIGBUS touches only mappings that are registered and alive, takes no lock, \
         allocates nothing, and hands every other address to whoever handled the signal before",
    ),
    (
        "app/section/gpu/context.rs",
        "OpenGL is called only while the context is current that its functions came from, with sizes \
         compared with the slices that are passed",
    ),
    (
        "app/heap.rs",
        "two numbers are handed to the allocator before threads are started; no memory is touched",
    ),
    (
        "dataset/positioned.rs",
        "a hint to the system about a file that is open during the call; no memory of ours is touched",
    ),
];

#[test]
fn unsafe_code_stands_only_where_it_is_stated() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    let mut found: Vec<String> = files
        .iter()
        .filter(|file| {
            let text = fs::read_to_string(file).unwrap();
            text.lines().any(|line| {
                let code = line.split("//").next().unwrap_or_default();
                ["unsafe {", "unsafe fn", "unsafe impl", "unsafe extern"]
                    .iter()
                    .any(|word| code.contains(word))
            })
        })
        .map(|file| {
            let relative = file.strip_prefix(&src).unwrap();
            relative.to_str().unwrap().replace('\\', "/")
        })
        .collect();
    found.sort();
    let there = |file: &&str| src.join(file).is_file();
    let mut stated: Vec<&str> = UNSAFE.iter().map(|(f, _)| *f).filter(there).collect();
    stated.sort_unstable();
    assert_eq!(found, stated);
}
