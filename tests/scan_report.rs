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

/// A file of field records with one fault of each kind.
fn damaged(folder: &std::path::Path) -> std::path::PathBuf {
    let made = MadeFile {
        n_traces: 600,
        n_samples: 100,
        format: shotpoint::segy::SampleFormat::Ieee32,
        words: |trace| {
            let shot = i64::from(trace / 24);
            let channel = i64::from(trace % 24) + 1;
            vec![
                ("tracr", i64::from(trace) + 1 + i64::from(trace > 300) * 5),
                ("ffid", 101 + shot + i64::from(shot > 9)),
                ("chan", if trace == 50 { 2 } else { channel }),
                ("offset", channel * 25),
                ("scalco", 1),
                ("sx", 500_000 + shot * 50),
                ("sy", 6_000_000),
                (
                    "gx",
                    if trace == 400 {
                        0
                    } else {
                        500_000 + shot * 50 + channel * 25
                    },
                ),
                ("gy", if trace == 400 { 0 } else { 6_000_000 }),
            ]
        },
        ..MadeFile::default()
    };
    let path = made.write(folder);
    let mut bytes = std::fs::read(&path).unwrap();
    let stride = 240 + 400;
    let sample = |trace: usize, sample: usize| 3600 + trace * stride + 240 + sample * 4;
    bytes[sample(10, 0)..sample(10, 100)].fill(0);
    bytes[sample(20, 40)..sample(20, 41)].copy_from_slice(&f32::NAN.to_be_bytes());
    bytes[sample(30, 50)..sample(30, 51)].copy_from_slice(&1e9_f32.to_be_bytes());
    for i in 60..66 {
        bytes[sample(40, i)..sample(40, i + 1)].copy_from_slice(&500_f32.to_be_bytes());
    }
    // Half of another trace.
    bytes.extend_from_within(3600..3900);
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn the_doctor_finds_each_fault_with_its_place() {
    use shotpoint::import::{ScanDepth, Severity, scan};
    let folder = made_files::folder();
    let path = damaged(folder.path());
    let overrides = shotpoint::segy::LayoutOverrides::default();
    let scan = scan(
        &path,
        &overrides,
        ScanDepth::Full,
        &shotpoint::job::JobContext::default(),
    )
    .unwrap();
    let found: Vec<(&str, Severity, u64, Option<u64>)> = scan
        .findings
        .iter()
        .map(|f| (f.code, f.severity, f.count, f.first_trace))
        .collect();
    for wanted in [
        ("non_finite", Severity::Error, 1, Some(20)),
        ("partial_last_trace", Severity::Error, 1, Some(600)),
        ("dead_traces", Severity::Warning, 1, Some(10)),
        ("spikes", Severity::Warning, 1, Some(30)),
        ("clipped", Severity::Warning, 1, Some(40)),
        ("duplicates", Severity::Warning, 1, Some(50)),
        ("coordinates_zero", Severity::Warning, 1, Some(400)),
        ("trace_numbers_broken", Severity::Warning, 1, Some(301)),
        ("key_gaps", Severity::Note, 1, Some(240)),
    ] {
        assert!(
            found.contains(&wanted),
            "{wanted:?} is not among {found:#?}"
        );
    }
    let gaps = scan.findings.iter().find(|f| f.code == "key_gaps").unwrap();
    assert!(gaps.message.ends_with(": 111"), "{}", gaps.message);
    assert!(
        found.iter().all(|(code, severity, ..)| {
            *severity == Severity::Note
                || ![
                    "key_returns",
                    "offset_unlike_coordinates",
                    "coordinate_outliers",
                ]
                .contains(code)
        }),
        "{found:#?}"
    );
    assert_eq!((scan.n_traces_seen, scan.n_traces_sampled), (600, 600));
    assert_eq!((scan.n_dead_traces, scan.n_non_finite), (1, 1));
}

#[test]
fn a_full_scan_stops_when_it_is_cancelled() {
    use shotpoint::import::{ScanDepth, scan};
    let folder = made_files::folder();
    let path = MadeFile::default().write(folder.path());
    let context = shotpoint::job::JobContext::default();
    context.cancel.cancel();
    let overrides = shotpoint::segy::LayoutOverrides::default();
    let end = scan(&path, &overrides, ScanDepth::Full, &context);
    assert!(matches!(end, Err(shotpoint::job::Stop::Cancelled)));
}

#[test]
fn gathers_are_counted_exactly_and_points_mapped_with_their_scalars() {
    use shotpoint::import::{Mapping, ScanDepth, coordinate_map, count_gathers};
    let folder = made_files::folder();
    let made = MadeFile {
        n_traces: 6000,
        // Smaller files are counted whole at once.
        n_samples: 3000,
        words: |trace| {
            vec![
                ("ffid", i64::from(trace / 20) + 1),
                ("scalco", -10),
                ("sx", 1000 + i64::from(trace / 20) * 10),
                ("sy", 5000),
            ]
        },
        ..MadeFile::default()
    };
    let scan = scanned(&made.write(folder.path()));
    let (mapping, context) = (Mapping::default(), shotpoint::job::JobContext::default());
    let keys = ["ffid".to_owned()];
    let all = count_gathers(&scan, &mapping, &keys, ScanDepth::Full, &context).unwrap();
    assert_eq!((all.n_runs, all.is_exact, all.longest_run), (300, true, 20));
    let few = count_gathers(&scan, &mapping, &keys, ScanDepth::Quick, &context).unwrap();
    assert!(
        !few.is_exact && (few.least..=few.most).contains(&300),
        "{few:?}"
    );
    for depth in [ScanDepth::Full, ScanDepth::Quick] {
        let map = coordinate_map(&scan, &mapping, depth, &context).unwrap();
        assert_eq!(map.sources.bounds, Some([100.0, 500.0, 399.0, 500.0]));
        assert!(map.sources.points.len() <= 4000 && map.sources.points.len() >= 600);
        assert!(map.groups.points.is_empty() && map.groups.n_without == map.n_traces_read);
    }
}

#[test]
fn a_mapping_is_remembered_for_files_of_the_same_make() {
    use shotpoint::import::{MappedColumn, Mapping, recall, remember};
    use shotpoint::segy::{FieldKind, TextEncoding, TextualHeader};
    let folder = made_files::folder();
    let scan_of = |name: &str, lines: &[&str]| {
        let path = MadeFile::default().write(folder.path());
        let mut bytes = std::fs::read(&path).unwrap();
        let text = TextualHeader::from_lines(lines, TextEncoding::Ebcdic);
        bytes[..3200].copy_from_slice(&text.raw);
        let named = folder.path().join(name);
        std::fs::write(&named, bytes).unwrap();
        scanned(&named)
    };
    let lines = |n: u32| {
        [
            "C 1 CLIENT NORTHERN OIL".to_owned(),
            format!("C 2 LINE {n}  SHOT IN 19{n}"),
            "C 3 PROCESSED BY SOMEBODY".to_owned(),
            format!("C 4 SWATH {} CABLE IN BYTES 197-200", n * 3),
        ]
    };
    let of = |name: &str, n: u32| {
        let lines = lines(n);
        scan_of(name, &lines.each_ref().map(String::as_str))
    };
    let (first, second) = (of("one.sgy", 71), of("two.sgy", 88));
    let other = scan_of(
        "other.sgy",
        &[
            "C 1 SOMETHING ELSE",
            "C 2 ANOTHER MAKER",
            "C 3 OF OTHER WORDS",
        ],
    );
    let store = folder.path().join("remembered");
    assert_eq!(recall(&store, &second), None);
    let mapping = Mapping {
        columns: vec![MappedColumn {
            name: "cable".to_owned(),
            byte: 197,
            kind: FieldKind::I32,
        }],
        ensemble_keys: vec!["cable".to_owned()],
        ..Mapping::default()
    };
    let path = remember(&store, &first, &mapping).unwrap();
    assert_eq!(remember(&store, &first, &mapping).unwrap(), path);
    let recalled = recall(&store, &second).unwrap();
    assert_eq!(
        (recalled.remembered.mapping, recalled.path),
        (mapping, path)
    );
    assert_eq!(recalled.remembered.file_name, "one.sgy");
    assert_eq!(recall(&store, &other), None);
}

/// The built program, with its own folder for a user's data.
fn shotpoint(arguments: &[&std::ffi::OsStr], data: &std::path::Path) -> String {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_shotpoint"))
        .args(arguments)
        .env("SHOTPOINT_DATA", data)
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {words}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_command_line_prints_what_the_doctor_found() {
    let folder = made_files::folder();
    let path = damaged(folder.path());
    let printed = shotpoint(
        &["scan".as_ref(), path.as_os_str(), "--full".as_ref()],
        folder.path(),
    );
    for part in [
        "Where keys and coordinates lie",
        "error    1 sample not finite (NaN or infinite) in 1 of 600 traces",
        "trace index 20: 1 sample, first sample 40",
        "warning  only zeros in 1 of 600 traces",
        "trace index 50: as trace index 49",
        "note     field record number (orig_field_record_num) lacks 1 value",
    ] {
        assert!(printed.contains(part), "{part:?} is missing in:\n{printed}");
    }
    let json = shotpoint(
        &[
            "scan".as_ref(),
            path.as_os_str(),
            "--full".as_ref(),
            "--json".as_ref(),
        ],
        folder.path(),
    );
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    let findings = value["findings"].as_array().unwrap();
    let first = &findings[0];
    assert_eq!(first["severity"], "error");
    let dead = findings
        .iter()
        .find(|f| f["code"] == "dead_traces")
        .unwrap();
    assert_eq!(
        (dead["count"].as_u64(), dead["first_trace"].as_u64()),
        (Some(1), Some(10))
    );
    let offset = value["roles"].as_array().unwrap();
    let offset = offset.iter().find(|r| r["role"] == "offset").unwrap();
    assert_eq!(offset["suggested"]["byte"], 37);
    assert!(offset["candidates"][0]["reasons"].as_array().unwrap().len() >= 2);
}

#[test]
fn an_import_remembers_its_mapping_and_a_scan_offers_it() {
    let folder = made_files::folder();
    let path = MadeFile::default().write(folder.path());
    let mut bytes = std::fs::read(&path).unwrap();
    let lines = [
        "C 1 CLIENT NORTHERN OIL",
        "C 2 SHOT BY SOMEBODY",
        "C 3 PROCESSED BY OTHERS",
    ];
    let text =
        shotpoint::segy::TextualHeader::from_lines(&lines, shotpoint::segy::TextEncoding::Ebcdic);
    bytes[..3200].copy_from_slice(&text.raw);
    std::fs::write(&path, bytes).unwrap();
    let output = folder.path().join("out.shotpoint");
    let arguments: Vec<&std::ffi::OsStr> = vec![
        "import".as_ref(),
        path.as_os_str(),
        "-o".as_ref(),
        output.as_os_str(),
        "--compute".as_ref(),
        "decade=floor(ffid / 10)".as_ref(),
        "--ensemble".as_ref(),
        "decade".as_ref(),
        "--remember".as_ref(),
        "--json".as_ref(),
    ];
    let report: serde_json::Value =
        serde_json::from_str(&shotpoint(&arguments, folder.path())).unwrap();
    assert_eq!(report["n_ensembles"], 2);
    let printed = shotpoint(&["scan".as_ref(), path.as_os_str()], folder.path());
    assert!(
        printed.contains("A remembered mapping fits: made for made.sgy"),
        "{printed}"
    );
    let json = shotpoint(
        &["scan".as_ref(), path.as_os_str(), "--json".as_ref()],
        folder.path(),
    );
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    let remembered = value["remembered"]["path"].as_str().unwrap();
    let again = folder.path().join("again.shotpoint");
    let arguments: Vec<&std::ffi::OsStr> = vec![
        "import".as_ref(),
        path.as_os_str(),
        "-o".as_ref(),
        again.as_os_str(),
        "--mapping".as_ref(),
        remembered.as_ref(),
        "--json".as_ref(),
    ];
    let report: serde_json::Value =
        serde_json::from_str(&shotpoint(&arguments, folder.path())).unwrap();
    assert_eq!(report["n_ensembles"], 2);
}
