//! Damage is found, named, and the rest stays readable; what is no dataset is refused.

use std::fs;
use std::path::{Path, PathBuf};

use shotpoint::dataset::{ChunkState, Dataset, DatasetError};

use crate::support::sample_dataset;

/// The shard files, in order.
fn shard(path: &Path, number: u32) -> PathBuf {
    path.join(format!("traces.zarr/amplitude/c/{number}/0"))
}

#[test]
fn a_flipped_bit_is_found_and_named_and_the_rest_stays_readable() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _, samples) = sample_dataset(folder.path());
    let file = shard(&path, 1);
    let sound = fs::read(&file).unwrap();
    // Chunks 4 to 7; the last bytes are the index, whose damage hides all four.
    for position in (0..sound.len()).step_by(sound.len() / 97) {
        let mut bytes = sound.clone();
        bytes[position] ^= 0x10;
        fs::write(&file, &bytes).unwrap();
        let dataset = Dataset::open(&path).unwrap();
        let Err(error) = dataset.read_samples(64..128) else {
            panic!("bit at {position} of {} was not seen", sound.len());
        };
        let DatasetError::Damaged { what, .. } = &error else {
            panic!("bit at {position}: {error}");
        };
        assert!(
            what.starts_with("chunk ") && what.contains("traces"),
            "{what}"
        );
        let rest = dataset.read_samples(0..64).unwrap();
        assert_eq!(rest.as_bytes(), &samples.as_bytes()[..64 * 200]);
        assert!(dataset.read_samples(128..203).is_ok());
    }
}

#[test]
fn a_missing_shard_never_reads_as_zeros() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _, _) = sample_dataset(folder.path());
    let dataset = Dataset::open(&path).unwrap();
    // Also after the index was cached.
    assert!(dataset.read_samples(64..65).is_ok());
    fs::remove_file(shard(&path, 1)).unwrap();
    for dataset in [dataset, Dataset::open(&path).unwrap()] {
        let error = dataset.read_samples(70..80).unwrap_err().to_string();
        assert!(error.contains("chunk 4 (traces 64 to 79)"), "{error}");
        assert_eq!(dataset.chunk_state(4).unwrap(), ChunkState::NoShard);
        assert!(dataset.read_samples(0..64).is_ok());
    }
}

#[test]
fn a_missing_chunk_never_reads_as_zeros() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _, _) = sample_dataset(folder.path());
    let file = shard(&path, 0);
    let sound = fs::read(&file).unwrap();
    let index = sound.len() - (4 * 16 + 4);
    // Indexes that are whole, but say that the second chunk is missing, or lies elsewhere.
    for (entry, state) in [
        ([0xff; 16], ChunkState::NotInIndex),
        ([0x7f; 16], ChunkState::OutsideFile),
        (
            [0x00; 16],
            ChunkState::Present {
                offset: 0,
                stored_bytes: 0,
            },
        ),
    ] {
        let mut bytes = sound.clone();
        bytes[index + 16..index + 32].copy_from_slice(&entry);
        let checksum = crc32c::crc32c(&bytes[index..index + 64]);
        bytes[index + 64..].copy_from_slice(&checksum.to_le_bytes());
        fs::write(&file, &bytes).unwrap();
        let dataset = Dataset::open(&path).unwrap();
        assert_eq!(dataset.chunk_state(1).unwrap(), state);
        let error = dataset.read_samples(0..32).unwrap_err().to_string();
        assert!(error.contains("chunk 1 (traces 16 to 31)"), "{error}");
        assert!(dataset.read_samples(0..16).is_ok());
    }
}

#[test]
fn a_truncated_shard_is_damage() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _, _) = sample_dataset(folder.path());
    let file = shard(&path, 2);
    let sound = fs::read(&file).unwrap();
    for keep in [0, 1, 67, 68, sound.len() / 2, sound.len() - 1] {
        fs::write(&file, &sound[..keep]).unwrap();
        let dataset = Dataset::open(&path).unwrap();
        let error = dataset.read_samples(128..203).unwrap_err();
        assert!(
            matches!(error, DatasetError::Damaged { .. }),
            "{keep}: {error}"
        );
    }
}

#[test]
fn damaged_tables_never_make_it_panic() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _, _) = sample_dataset(folder.path());
    for name in [
        "headers.parquet",
        "ensembles.parquet",
        "segy/exceptions.parquet",
    ] {
        let file = path.join(name);
        let sound = fs::read(&file).unwrap();
        for position in (0..sound.len()).step_by((sound.len() / 150).max(1)) {
            let mut bytes = sound.clone();
            bytes[position] ^= 0xff;
            fs::write(&file, &bytes).unwrap();
            // Damage may be an error, or change a value: the tables have no checksums of their own.
            if let Ok(dataset) = Dataset::open(&path) {
                let names = dataset.header_names();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                drop(dataset.read_headers(&names, 0..203));
                drop(dataset.ensembles());
                if let Ok(batches) = dataset.exceptions() {
                    batches.for_each(drop);
                }
            }
        }
        fs::write(&file, &sound).unwrap();
    }
    assert!(Dataset::open(&path).unwrap().ensembles().is_ok());
}

#[test]
fn what_is_no_dataset_is_refused_with_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _, _) = sample_dataset(folder.path());
    for other in [
        folder.path().join("nothing"),
        folder.path().to_owned(),
        path.join("manifest.json"),
    ] {
        let error = Dataset::open(&other).unwrap_err();
        assert!(matches!(error, DatasetError::NotADataset { .. }), "{error}");
    }
    fs::remove_file(path.join("manifest.json")).unwrap();
    let error = Dataset::open(&path).unwrap_err();
    assert!(matches!(error, DatasetError::Unfinished { .. }), "{error}");
}

#[test]
fn a_manifest_that_does_not_fit_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _, _) = sample_dataset(folder.path());
    let manifest = fs::read_to_string(path.join("manifest.json")).unwrap();
    let with = |from: &str, to: &str| {
        assert!(manifest.contains(from), "{from}");
        fs::write(path.join("manifest.json"), manifest.replace(from, to)).unwrap();
        Dataset::open(&path).unwrap_err()
    };
    let newer = with("\"format_version\": 1", "\"format_version\": 2");
    assert!(
        matches!(newer, DatasetError::UnknownVersion { found: 2, .. }),
        "{newer}"
    );
    for (from, to) in [
        ("\"n_traces\": 203", "\"n_traces\": 204"),
        ("\"n_traces\": 203", "\"n_traces\": 18446744073709551615"),
        ("\"n_samples\": 50", "\"n_samples\": 4294967295"),
        ("\"chunk_traces\": 16", "\"chunk_traces\": 0"),
        ("\"chunk_traces\": 16", "\"chunk_traces\": 32"),
        (
            "\"chunks_per_shard\": 4",
            "\"chunks_per_shard\": 4294967295",
        ),
        ("\"n_chunks\": 13", "\"n_chunks\": 12"),
        ("\"float32\"", "\"int32\""),
        ("\"complete\"", "\"half\""),
        ("{", "["),
    ] {
        let error = with(from, to);
        assert!(
            matches!(error, DatasetError::Damaged { .. }),
            "{to}: {error}"
        );
    }
    let later = manifest.replacen('{', "{\"a_later_idea\": [1],", 1);
    fs::write(path.join("manifest.json"), later).unwrap();
    assert!(Dataset::open(&path).is_ok());
}
