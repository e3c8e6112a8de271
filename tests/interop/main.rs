//! Do other programs open what an import makes? They are asked, in a Python of their own (see
//! [`python`]), by the very scripts of `examples/python`; every warning of theirs is an error.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../python/mod.rs"]
mod python;

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::python::{printed, python};

/// What the program prints.
fn shotpoint(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_shotpoint"))
        .args(arguments)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap();
    let complained = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}\n{complained}");
    String::from_utf8(output.stdout).unwrap()
}

/// The demo's file and its dataset: 40 shot gathers of 96 traces, IBM floats.
fn demo() -> (TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    shotpoint(&["demo", "--no-window", "--output", text(folder.path())]);
    let dataset = folder.path().join("sample-shots.shotpoint");
    let source = folder.path().join("sample-shots.sgy");
    (folder, dataset, source)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Each script of `examples/python` that reads a dataset, and what it must say of the demo's.
const EXAMPLES: &[(&str, &[&str])] = &[
    (
        "open_with_xarray.py",
        &[
            "3840 traces of 751 samples, float32",
            "two-way time from 0 to 3000 ms",
            "rms of the first trace from 1500 ms on",
        ],
    ),
    (
        "open_with_zarr.py",
        &[
            "3840 traces of 751 samples, float32, ('trace', 'time')",
            "chunks of 128 traces, 16384 traces a file",
            "overview: 240 x 188 cells",
        ],
    ),
    (
        "open_with_tensorstore.py",
        &[
            "3840 traces of 751 samples, float32, ('trace', 'time')",
            "reads 128 traces at once",
        ],
    ),
    (
        "query_with_pyarrow.py",
        &[
            "3840 traces in 40 field records",
            "the offset lay at byte 37; Seismic Unix says offset",
            "field record 1001: 96 traces, rms ",
        ],
    ),
    (
        "query_with_duckdb.py",
        &[
            "600 of 3840 traces are nearer than 500 m",
            "field record 1001: 96 traces, trace_index 0 to 95, offsets 125 to 2500",
            "40 runs of equal keys, the longest of 96 traces",
        ],
    ),
    (
        "query_with_polars.py",
        &[
            "174 ensembles, fold 1 to 40, farthest offset 2500",
            "x 400000 with the scalar -100 is 4000",
        ],
    ),
    (
        "rms_with_dask.py",
        &["40 gathers by orig_field_record_num; orig_field_record_num 1001: rms "],
    ),
];

#[test]
fn every_example_in_python_runs() {
    let Some(python) = python() else { return };
    let (folder, dataset, source) = demo();
    let said = |script: &str, arguments: &[&str]| {
        let arguments = [&[text(&dataset)], arguments].concat();
        printed(python, &format!("examples/python/{script}"), arguments)
    };
    for (script, expected) in EXAMPLES {
        let said = said(script, &[]);
        for words in *expected {
            assert!(said.contains(words), "{script} said:\n{said}");
        }
    }
    // The same number by two roads: from the mean of squares of all samples, and trace by trace.
    let number = |said: &str| -> String {
        let (_, behind) = said.split_once("rms ").unwrap();
        let number = behind
            .trim_start()
            .split(|c: char| c != '.' && !c.is_ascii_digit());
        number.take(1).collect()
    };
    let one = number(&said("query_with_pyarrow.py", &[]));
    let other = number(&said("rms_with_dask.py", &["orig_field_record_num"]));
    assert_eq!(one, other);

    let filtered = folder.path().join("filtered.zarr");
    let passed = said("bandpass_with_dask.py", &["8", "60", text(&filtered)]);
    assert!(passed.starts_with("3840 traces, 8 to 60 Hz"), "{passed}");
    assert!(filtered.join("amplitude/zarr.json").is_file());

    let compared = said("compare_with_segyio.py", &[text(&source)]);
    assert_eq!(
        compared.trim(),
        "3840 x 751 samples and 89 header words of each trace are equal"
    );
}

/// The README's own lines, each block as it stands.
#[test]
fn the_python_of_the_readme_runs() {
    let Some(python) = python() else { return };
    let (folder, dataset, _) = demo();
    std::fs::rename(dataset, folder.path().join("line12.shotpoint")).unwrap();
    let readme = std::fs::read_to_string(python::in_repository("README.md")).unwrap();
    let blocks: Vec<&str> = readme
        .split("```python\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    assert!(!blocks.is_empty());
    for block in blocks {
        let output = Command::new(python)
            .args(["-W", "error", "-c", block])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let complained = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && complained.is_empty(),
            "{block}\n{complained}"
        );
    }
}

/// No script lies there that is not run.
#[test]
fn all_examples_in_python_are_known() {
    let mut known: Vec<&str> = EXAMPLES.iter().map(|(script, _)| *script).collect();
    // Run by the test above with more arguments; the last draws a bench's figures.
    known.extend([
        "bandpass_with_dask.py",
        "compare_with_segyio.py",
        "plot_memory.py",
    ]);
    known.sort_unstable();
    let folder = python::in_repository("examples/python");
    let mut there: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| Path::new(name).extension().is_some_and(|e| e == "py"))
        .collect();
    there.sort_unstable();
    assert_eq!(there, known);
}

/// Half as much again as its worker may hold, with the graphs of the examples.
#[test]
fn dask_computes_over_more_than_fits_in_its_memory() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("large.sgy");
    let dataset = folder.path().join("large.shotpoint");
    printed(python, "tests/interop/make_large.py", [&source]);
    shotpoint(&["import", text(&source), "--codec", "fast"]);
    std::fs::remove_file(&source).unwrap();
    let said = printed(python, "tests/interop/dask_in_little_memory.py", [&dataset]);
    assert!(
        said.starts_with("384 MiB twice in a worker of 256 MiB"),
        "{said}"
    );
}
