//! Do other programs read the same bits? Ignored by default: needs Python with zarr, xarray, pyarrow.
//!
//! `SHOTPOINT_PYTHON=/path/to/venv/bin/python cargo test --test dataset_format -- --ignored`

use std::fs;
use std::path::Path;
use std::process::Command;

use shotpoint::dataset::Codec;
use shotpoint::samples::Samples;

use crate::support::{ALL_TYPES, Shape, random_samples, wave_samples, write};

fn write_pair(folder: &Path, name: &str, shape: &Shape, samples: &Samples) {
    write(&folder.join(format!("{name}.shotpoint")), shape, samples);
    fs::write(folder.join(format!("{name}.raw")), samples.as_bytes()).unwrap();
}

#[test]
#[ignore = "needs Python with zarr, xarray and pyarrow"]
fn other_programs_read_the_same_bits() {
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

    let python = std::env::var_os("SHOTPOINT_PYTHON").unwrap_or_else(|| "python3".into());
    let script = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/dataset_format/dataset_interop.py"
    );
    let output = Command::new(python)
        .arg(script)
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
