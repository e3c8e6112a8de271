//! Do other programs read the same bits? Needs Python with zarr 3, xarray and pyarrow, by name:
//!
//! `SHOTPOINT_PYTHON=/path/to/venv/bin/python cargo test --test dataset_format`
//!
//! Where none is named, or it lacks one of them, the tests say so and pass.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use shotpoint::dataset::Codec;
use shotpoint::samples::Samples;

use crate::support::{ALL_TYPES, Shape, random_samples, wave_samples, write};

fn write_pair(folder: &Path, name: &str, shape: &Shape, samples: &Samples) {
    write(&folder.join(format!("{name}.shotpoint")), shape, samples);
    fs::write(folder.join(format!("{name}.raw")), samples.as_bytes()).unwrap();
}

/// The Python that `SHOTPOINT_PYTHON` names, if it has what the scripts need.
fn python() -> Option<OsString> {
    let Some(python) = std::env::var_os("SHOTPOINT_PYTHON") else {
        println!("skipped: SHOTPOINT_PYTHON names no Python with zarr, xarray and pyarrow");
        return None;
    };
    let imports = ["-c", "import zarr, xarray, pyarrow"];
    let output = Command::new(&python).args(imports).output();
    let can_import = output.is_ok_and(|output| output.status.success());
    if !can_import {
        println!(
            "skipped: {} cannot import zarr, xarray and pyarrow",
            python.display()
        );
    }
    can_import.then_some(python)
}

/// What a script of this repository prints.
fn printed(python: &OsString, script: &str, argument: &Path) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(script);
    let output: Output = Command::new(python)
        .arg(script)
        .arg(argument)
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{}\n{}",
        text(&output.stdout),
        text(&output.stderr)
    );
    text(&output.stdout)
}

/// The README's lines, as scripts, on a dataset that the program itself made.
#[test]
fn the_examples_in_python_run() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let demo = Command::new(env!("CARGO_BIN_EXE_shotpoint"))
        .args(["demo", "--output"])
        .arg(folder.path())
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap();
    assert!(demo.status.success());
    let dataset = folder.path().join("sample-shots.shotpoint");
    let traces = printed(&python, "examples/python/open_traces.py", &dataset);
    assert!(
        traces.starts_with("3840 traces of 751 samples, float32"),
        "{traces}"
    );
    assert!(traces.contains("time from 0 to 3000 ms"), "{traces}");
    let headers = printed(&python, "examples/python/query_headers.py", &dataset);
    assert!(
        headers.starts_with("3840 traces in 40 field records"),
        "{headers}"
    );
    assert!(
        headers.contains("field record 1001: 96 traces"),
        "{headers}"
    );
}

#[test]
fn other_programs_read_the_same_bits() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    for number_type in ALL_TYPES {
        let shape = Shape::new(203, 50, 16, 4).of(number_type);
        let name = number_type.zarr_name();
        write_pair(
            folder.path(),
            &format!("wave-{name}"),
            &shape,
            &wave_samples(&shape),
        );
        if !number_type.is_float() {
            let samples = random_samples(&shape, 5);
            write_pair(folder.path(), &format!("noise-{name}"), &shape, &samples);
        }
    }
    let large = Shape {
        codec: Codec::Balanced,
        ..Shape::new(3000, 1000, 128, 8)
    };
    write_pair(folder.path(), "large", &large, &wave_samples(&large));
    let one = Shape::new(1, 3, 1, 1);
    write_pair(folder.path(), "one", &one, &wave_samples(&one));

    printed(
        &python,
        "tests/dataset_format/dataset_interop.py",
        folder.path(),
    );
}
