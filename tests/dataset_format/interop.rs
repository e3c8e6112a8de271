//! Do other programs read the same bits, of every type of number? Asked are zarr-python, xarray,
//! `TensorStore`, pyarrow, `DuckDB` and Polars (see [`crate::python`]).

use std::fs;
use std::path::Path;

use shotpoint::dataset::Codec;
use shotpoint::samples::Samples;

use crate::python::{printed, python};
use crate::support::{ALL_TYPES, Shape, random_samples, wave_samples, write};

fn write_pair(folder: &Path, name: &str, shape: &Shape, samples: &Samples) {
    write(&folder.join(format!("{name}.shotpoint")), shape, samples);
    fs::write(folder.join(format!("{name}.raw")), samples.as_bytes()).unwrap();
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
        python,
        "tests/dataset_format/dataset_interop.py",
        [folder.path()],
    );
}
