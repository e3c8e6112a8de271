//! Are keys and coordinates looked for where real makers put them, and does the doctor hold its
//! peace about what is sound?
//!
//! The corpus is not part of this repository; it is looked for at `SHOTPOINT_CORPUS`, then at
//! `../shared/corpus` beside the project; without one, these tests say so and pass.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use std::path::{Path, PathBuf};

use shotpoint::import::{Role, Scan, ScanDepth, Severity, scan};
use shotpoint::job::JobContext;
use shotpoint::segy::LayoutOverrides;

fn corpus() -> Option<PathBuf> {
    let named = std::env::var_os("SHOTPOINT_CORPUS").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let found = named
        .into_iter()
        .chain([beside])
        .find(|folder| folder.join("manifest.json").is_file());
    if found.is_none() {
        println!("No corpus at SHOTPOINT_CORPUS or ../shared/corpus: nothing was checked.");
    }
    found
}

/// `None` where the file is refused.
fn scanned(path: &Path, depth: ScanDepth) -> Option<Scan> {
    let overrides = LayoutOverrides::default();
    scan(path, &overrides, depth, &JobContext::default()).ok()
}

/// The byte from which a role is taken.
fn byte_of(scan: &Scan, role: Role) -> Option<u16> {
    let found = scan.roles.iter().find(|found| found.role == role).unwrap();
    found.suggested.as_ref().map(|column| column.byte)
}

/// File, bytes of inline, crossline, CDP x and y; 0 where there is none.
#[rustfmt::skip]
const VOLUMES: &[(&str, [u16; 4])] = &[
    ("oneseismic-iline5-xline21-lsb.sgy", [5, 21, 0, 0]),
    ("oneseismic-missing-lines.sgy", [189, 193, 0, 0]),
    ("pyzgy-small-16bit.sgy", [189, 193, 181, 185]),
    ("volve-migvel-depth.sgy", [189, 193, 181, 185]),
    ("volve-test-geometry.sgy", [189, 193, 181, 185]),
    ("f3-with-dead.sgy", [189, 193, 181, 185]),
    ("f3-ebcdic-test.sgy", [189, 193, 181, 185]),
    ("xtgeo-deadtraces.segy", [189, 193, 181, 185]),
    ("xtgeo-missing-traces.segy", [189, 193, 181, 185]),
    ("zfp-small-utm.sgy", [189, 193, 181, 185]),
    ("zfp-negative-il-xl.sgy", [189, 193, 0, 0]),
    ("zfp-small-2d.sgy", [0, 0, 181, 185]),
    ("segyio-small.sgy", [189, 193, 0, 0]),
    ("segyio-fmt01-lsb.sgy", [189, 193, 181, 185]),
];

#[test]
fn lines_and_coordinates_of_known_volumes_are_found() {
    let Some(corpus) = corpus() else { return };
    for (file, wanted) in VOLUMES {
        let scan = scanned(&corpus.join("files").join(file), ScanDepth::Quick).unwrap();
        let found = [Role::Inline, Role::Crossline, Role::CdpX, Role::CdpY]
            .map(|role| byte_of(&scan, role).unwrap_or(0));
        assert_eq!(found, *wanted, "{file}");
    }
}

#[test]
fn petrels_places_stand_second_with_what_the_text_says() {
    let Some(corpus) = corpus() else { return };
    let scan = scanned(
        &corpus.join("files/volve-test-geometry.sgy"),
        ScanDepth::Quick,
    )
    .unwrap();
    assert!(
        scan.maker.as_deref().unwrap().starts_with("Petrel"),
        "{:?}",
        scan.maker
    );
    let inline = scan
        .roles
        .iter()
        .find(|found| found.role == Role::Inline)
        .unwrap();
    let petrel = inline
        .candidates
        .iter()
        .find(|candidate| candidate.byte == 5)
        .unwrap();
    assert_eq!(
        (petrel.min, petrel.max, petrel.n_distinct),
        (10090.0, 10150.0, 23)
    );
    let reasons = petrel.reasons.join("; ");
    for part in ["bytes 5-8", "PETREL", "grid", "linear"] {
        assert!(reasons.contains(part), "{part}: {reasons}");
    }
    assert!(petrel.estimated);
}

#[test]
fn only_the_file_with_lines_elsewhere_is_mapped_elsewhere() {
    let Some(corpus) = corpus() else { return };
    let mut moved = Vec::new();
    for entry in std::fs::read_dir(corpus.join("files")).unwrap() {
        let path = entry.unwrap().path();
        let Some(quick) = scanned(&path, ScanDepth::Quick) else {
            continue;
        };
        let full = scanned(&path, ScanDepth::Full).unwrap();
        assert_eq!(
            full.suggested_mapping.columns,
            quick.suggested_mapping.columns,
            "{}",
            path.display()
        );
        if !quick.suggested_mapping.columns.is_empty() {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let bytes = quick.suggested_mapping.columns.iter().map(|c| c.byte);
            moved.push((name, bytes.collect::<Vec<_>>()));
        }
    }
    // Seismic Unix has other words where the standard has lines, so that theirs stand in front.
    let wanted = ["oneseismic-iline5-xline21-lsb.sgy", "segyio-small-su.su"];
    moved.sort();
    assert_eq!(moved, wanted.map(|name| (name.to_owned(), vec![5, 21])));
}

/// File, and the codes that the doctor may say of it above a note.
const DIAGNOSES: &[(&str, &[&str])] = &[
    ("viking-small.segy", &[]),
    ("f3-with-dead.sgy", &[]),
    ("volve-migvel-depth.sgy", &[]),
    ("usgs-lineE.sgy", &[]),
    ("segyio-fmt10-msb.sgy", &[]),
    ("segyio-fmt12-msb.sgy", &[]),
    ("xtgeo-missing-traces.segy", &[]),
    ("xtgeo-deadtraces.segy", &[]),
    ("su-tape-written.sgy", &["dead_traces"]),
    ("segymat-shotgather.sgy", &["dead_traces"]),
    ("su-fakeallxsrn.segy", &["duplicates"]),
    ("segyio-broken-truncated.sgy", &["partial_last_trace"]),
    ("corrupt-sin.sgy", &["implausible_amplitudes", "non_finite"]),
];

#[test]
fn the_doctor_finds_what_is_wrong_and_nothing_else() {
    let Some(corpus) = corpus() else { return };
    for (file, wanted) in DIAGNOSES {
        let scan = scanned(&corpus.join("files").join(file), ScanDepth::Full).unwrap();
        let found: Vec<&str> = scan
            .findings
            .iter()
            .filter(|finding| finding.severity < Severity::Note)
            .map(|finding| finding.code)
            .collect();
        assert_eq!(found, *wanted, "{file}");
    }
    let scan = scanned(
        &corpus.join("files/xtgeo-missing-traces.segy"),
        ScanDepth::Full,
    )
    .unwrap();
    let holes = scan
        .findings
        .iter()
        .find(|f| f.code == "positions_without_trace")
        .unwrap();
    assert!(holes.count > 0, "{holes:?}");
}
