//! Are the numbers of a scan true? Exact where all was looked at, honest estimates elsewhere.

#![expect(clippy::unwrap_used, reason = "tests")]

mod made_files;

use made_files::{MadeFile, scanned};
use shotpoint::import::KeyCandidate;
use shotpoint::import::Scan;

fn candidate<'a>(scan: &'a Scan, name: &str) -> &'a KeyCandidate {
    let mut candidates = scan.key_candidates.iter();
    candidates.find(|key| key.name == name).unwrap()
}

#[test]
fn a_small_file_is_looked_at_entirely() {
    let folder = made_files::folder();
    let made = MadeFile {
        n_traces: 5000,
        n_samples: 20,
        ..MadeFile::default()
    };
    let path = made.write(folder.path());
    let mut bytes = std::fs::read(&path).unwrap();
    let dead = [700, 701, 2345, 3000, 3001, 3002, 4998];
    for trace in dead {
        let at = 3600 + trace * 320 + 240;
        bytes[at..at + 80].fill(0);
    }
    std::fs::write(&path, bytes).unwrap();
    let scan = scanned(&path);
    assert_eq!((scan.n_traces_seen, scan.n_traces_sampled), (5000, 5000));
    assert_eq!(scan.n_dead_traces, dead.len() as u64);
    let key = candidate(&scan, "orig_field_record_num");
    assert_eq!(key.n_gathers_estimated, Some(500));
    assert!(key.evidence.starts_with("500 runs of 10 traces"), "{key:?}");
    assert_eq!(key.title, "field record number");
}

#[test]
fn gathers_longer_than_a_look_are_measured_around_it() {
    let folder = made_files::folder();
    let made = MadeFile {
        n_traces: 40_000,
        n_samples: 30,
        words: |trace| {
            vec![
                ("ffid", i64::from(trace / 1000) + 1),
                ("cdp", i64::from(trace / 25)),
            ]
        },
        ..MadeFile::default()
    };
    let scan = scanned(&made.write(folder.path()));
    assert!(scan.n_traces_seen < 40_000 && scan.n_traces_sampled < 1000);
    let key = candidate(&scan, "orig_field_record_num");
    assert_eq!(key.n_gathers_estimated, Some(40));
    let expected = "about 40 gathers of about 1 000 traces, ascending, 1…40";
    assert_eq!(key.evidence, expected);
    let key = candidate(&scan, "ensemble_num");
    let estimate = key.n_gathers_estimated.unwrap();
    assert!((1400..=1800).contains(&estimate), "{estimate}");
    assert!(key.evidence.contains("gathers of 25 traces"), "{key:?}");
}
