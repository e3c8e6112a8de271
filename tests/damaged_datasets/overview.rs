//! Pictures from afar of a line whose stored levels are damaged.

use std::fs;

use shotpoint::browse::{DatasetSource, TraceSource};
use shotpoint::import::{ImportOptions, Mapping};

use crate::checks::{overviews, verified};
use crate::harm::Harm::{self, Flip, Remove};
use crate::harm::{copy, harm};
use crate::made_files::{MadeFile, folder, imported};

/// Long enough for two levels.
const N_TRACES: u32 = 34_000;

#[test]
fn each_level_is_made_again_from_what_is_left() {
    const FINE: &str = "traces.zarr/overview/1/min/c/0/0";
    const COARSE: &str = "traces.zarr/overview/2/max/c/0/0";
    let folder = folder();
    let made = MadeFile {
        n_traces: N_TRACES,
        n_samples: 9,
        ..MadeFile::default()
    };
    let file = made.write(folder.path());
    let sound = imported(&file, &Mapping::default(), &ImportOptions::default()).dataset;
    let whole = DatasetSource::open(&sound).unwrap();
    let expected = overviews(&whole);
    assert_eq!(expected.len(), 4, "two levels of smallest and largest");
    assert_eq!(whole.damage(), None);
    let cases: [&[Harm]; 4] = [
        &[Flip(FINE, |n| n / 3)],
        &[Remove(COARSE)],
        &[Remove(FINE), Flip(COARSE, |n| n / 3)],
        &[
            Remove("traces.zarr/overview/1/min/zarr.json"),
            Remove("traces.zarr/overview/2/min/zarr.json"),
        ],
    ];
    for (number, harms) in cases.iter().enumerate() {
        let path = folder.path().join("damaged.shotpoint");
        copy(&sound, &path);
        for one in *harms {
            harm(&path, folder.path(), one);
        }
        let source = DatasetSource::open(&path).unwrap();
        assert!(overviews(&source) == expected, "case {number}");
        assert!(source.damage().unwrap().contains("overview/"));
        assert!(!verified(&path).is_sound());
        fs::remove_dir_all(&path).unwrap();
    }
}
