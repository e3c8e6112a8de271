//! Are keys and coordinates looked for where real makers put them?
//!
//! The corpus is not part of this repository; it is looked for at `SHOTPOINT_CORPUS`, then at
//! `../shared/corpus` beside the project; without one, this test says so and passes.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use std::path::{Path, PathBuf};

use shotpoint::import::{Scan, ScanDepth, scan};
use shotpoint::job::JobContext;
use shotpoint::segy::LayoutOverrides;

fn corpus() -> Option<PathBuf> {
    let named = std::env::var_os("SHOTPOINT_CORPUS").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    named
        .into_iter()
        .chain([beside])
        .find(|folder| folder.join("manifest.json").is_file())
}

fn scanned(path: &Path, depth: ScanDepth) -> Option<Scan> {
    let overrides = LayoutOverrides::default();
    scan(path, &overrides, depth, &JobContext::default()).ok()
}

#[test]
fn print_all() {
    let Some(corpus) = corpus() else { return };
    let mut files: Vec<_> = std::fs::read_dir(corpus.join("files"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    files.sort();
    for file in files {
        let Some(scan) = scanned(&file, ScanDepth::Quick) else {
            continue;
        };
        let full = scanned(&file, ScanDepth::Full).unwrap();
        println!(
            "== {} keys {:?} maker {:?}",
            file.file_name().unwrap().display(),
            scan.suggested_mapping.ensemble_keys,
            scan.maker
        );
        for finding in &full.findings {
            println!(
                "   DOCTOR {:?} {} n={} {:?} {}",
                finding.severity, finding.code, finding.count, finding.first_trace, finding.message
            );
            for e in finding.examples.iter().take(2) {
                println!("        {} {}", e.trace_index, e.what);
            }
        }
        for found in &scan.roles {
            if found.moved {
                println!("   MOVED");
            }
            for c in found
                .candidates
                .iter()
                .take(if found.moved { 3 } else { 2 })
                .filter(|c| c.score > 0.1)
            {
                println!(
                    "   {:?} {}:{:?} {} [{}..{}] d{} r{} {:?}",
                    found.role,
                    c.byte,
                    c.kind,
                    c.score,
                    c.min,
                    c.max,
                    c.n_distinct,
                    c.n_runs,
                    c.reasons
                );
            }
        }
    }
}
