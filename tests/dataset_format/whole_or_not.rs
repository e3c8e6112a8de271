//! A dataset appears whole or not at all, and nothing but a dataset is ever replaced.

use std::fs;

use shotpoint::dataset::{Dataset, DatasetError, DatasetWriter};

use crate::support::{Shape, manifest, random_samples, wave_samples, write, write_parts};

#[test]
fn a_dropped_writer_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("line12.shotpoint");
    let shape = Shape::new(40, 5, 8, 2);
    let writer = DatasetWriter::create(shape.spec(&path)).unwrap();
    assert!(folder.path().join("line12.shotpoint.partial").is_dir() && !path.exists());
    let second = DatasetWriter::create(shape.spec(&path)).unwrap_err();
    assert!(
        matches!(second, DatasetError::OutputInUse { .. }),
        "{second}"
    );
    write_parts(&writer, &shape, &wave_samples(&shape));
    drop(writer);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn what_a_kill_left_behind_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("line12.shotpoint");
    let partial = folder.path().join("line12.shotpoint.partial");
    fs::create_dir_all(partial.join("traces.zarr")).unwrap();
    fs::write(partial.join("headers.parquet"), "half").unwrap();
    let shape = Shape::new(40, 5, 8, 2);
    let written = write(&path, &shape, &wave_samples(&shape));
    assert!(!partial.exists() && !path.join("import.lock").exists());
    assert_eq!(Dataset::open(&path).unwrap().manifest(), &written);
}

#[test]
fn an_old_dataset_stays_until_the_new_one_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("line12.shotpoint");
    let shape = Shape::new(40, 5, 8, 2);
    write(&path, &shape, &wave_samples(&shape));
    let error = DatasetWriter::create(shape.spec(&path)).unwrap_err();
    assert!(
        matches!(error, DatasetError::OutputExists { .. }),
        "{error}"
    );

    let mut spec = shape.spec(&path);
    spec.overwrite = true;
    let writer = DatasetWriter::create(spec).unwrap();
    let other = random_samples(&shape, 3);
    write_parts(&writer, &shape, &other);
    assert!(Dataset::open(&path).is_ok());
    writer.finish(manifest(&shape), None).unwrap();
    let dataset = Dataset::open(&path).unwrap();
    let read = dataset.read_samples(0..40).unwrap();
    assert_eq!(read.as_bytes(), other.as_bytes());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn nothing_but_a_dataset_is_ever_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let shape = Shape::new(4, 5, 8, 2);
    let home = folder.path().join("home");
    fs::create_dir(&home).unwrap();
    fs::write(home.join("thesis.tex"), "x").unwrap();
    let file = folder.path().join("notes.txt");
    fs::write(&file, "x").unwrap();
    for path in [&home, &file] {
        let mut spec = shape.spec(path);
        spec.overwrite = true;
        let error = DatasetWriter::create(spec).unwrap_err();
        assert!(
            matches!(error, DatasetError::OutputNotOurs { .. }),
            "{error}"
        );
    }
    let partial = folder.path().join("other.partial");
    fs::create_dir(&partial).unwrap();
    fs::write(partial.join("thesis.tex"), "x").unwrap();
    let error = DatasetWriter::create(shape.spec(&folder.path().join("other"))).unwrap_err();
    assert!(
        matches!(error, DatasetError::OutputNotOurs { .. }),
        "{error}"
    );
    assert!(partial.join("thesis.tex").exists());
}

#[test]
fn an_unfinished_part_is_never_renamed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("line12.shotpoint");
    let shape = Shape::new(40, 5, 8, 2);
    let writer = DatasetWriter::create(shape.spec(&path)).unwrap();
    let chunks = writer.chunk_writer().unwrap();
    let mut encoder = chunks.encoder().unwrap();
    chunks.write(0, &[0; 160], &mut encoder).unwrap();
    // A chunk twice, one past the end, one of the wrong length.
    for (index, length) in [(0, 160), (5, 160), (1, 159)] {
        let error = chunks
            .write(index, &[0; 160][..length], &mut encoder)
            .unwrap_err();
        assert!(matches!(error, DatasetError::Layout { .. }), "{error}");
    }
    assert!(matches!(
        chunks.finish(),
        Err(DatasetError::Incomplete { expected: 5, .. })
    ));
    let error = writer.finish(manifest(&shape), None).unwrap_err();
    assert!(matches!(error, DatasetError::Incomplete { .. }), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
