//! What happens when a disk really becomes full? Tried on a small file system of its own.
//!
//! Mounting needs Linux and rights; where there are none, the test says so and passes.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod made_files;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use made_files::MadeFile;

const PROGRAM: &str = env!("CARGO_BIN_EXE_shotpoint");

/// Runs a script of `sh` that has a file system of 8 MB at `$1`, and nobody else has it; `$2` is
/// the program, `$3` and so on are `arguments`. `None` where that is not possible.
fn on_a_small_disk(script: &str, arguments: &[&Path]) -> Option<Output> {
    const NOT_POSSIBLE: i32 = 77;
    let disk = tempfile::tempdir().unwrap();
    let script = format!(
        "mount -t tmpfs -o size=8m tmpfs \"$1\" 2>/dev/null || exit {NOT_POSSIBLE}\n{script}"
    );
    let output = Command::new("unshare")
        .args(["-m", "sh", "-c", &script, "sh"])
        .arg(disk.path())
        .arg(PROGRAM)
        .args(arguments)
        .output()
        .ok()
        .filter(|output| output.status.code() != Some(NOT_POSSIBLE));
    let output = output.filter(|output| !text(&output.stderr).starts_with("unshare: "));
    if output.is_none() {
        println!("skipped: no file system can be mounted here");
    }
    output
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A file that no codec makes smaller.
fn noisy_file(folder: &Path) -> PathBuf {
    const N_SAMPLES: usize = 1000;
    let made = MadeFile {
        n_traces: 1000,
        n_samples: u32::try_from(N_SAMPLES).unwrap(),
        ..MadeFile::default()
    };
    let mut bytes = made.bytes();
    let mut state = 0x9e37_79b9_u32;
    for trace in bytes[3600..].chunks_exact_mut(240 + 4 * N_SAMPLES) {
        for word in trace[240..].chunks_exact_mut(4) {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            let noise = (state << 31) | (0x4200_0000 + 0x10_0000 + (state >> 8) % 0xf0_0000);
            word.copy_from_slice(&noise.to_be_bytes());
        }
    }
    let path = folder.join("noise.sgy");
    std::fs::write(&path, bytes).unwrap();
    path
}

/// One sentence, which says how much was written and what to do; nothing is left.
fn is_said(output: &Output) {
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    let sentences: Vec<&str> = errors
        .lines()
        .filter(|line| line.starts_with("shotpoint: "))
        .collect();
    let [sentence] = sentences[..] else {
        panic!("not one sentence: {errors}");
    };
    for part in [
        "no space is left after ",
        " were written",
        "Free some space",
    ] {
        assert!(sentence.contains(part), "no \"{part}\" in: {sentence}");
    }
    assert_eq!(sentence.matches("File: ").count(), 1, "{sentence}");
    assert_eq!(text(&output.stdout), "left:\n", "{errors}");
}

/// There is room when the import begins; then somebody else takes it, at each phase. What was
/// written is kept and goes on once there is room again, or nothing is left.
#[test]
fn an_import_onto_a_disk_that_becomes_full_says_so_and_goes_on_later() {
    let folder = made_files::folder();
    let source = noisy_file(folder.path());
    let partial = "$1/full.shotpoint.partial";
    for begun in [
        "import.lock",
        "traces.zarr/amplitude/c/0/0",
        "headers.parquet",
        "traces.zarr/amplitude/zarr.json",
    ] {
        let script = format!(
            "\"$2\" import \"$3\" -o \"$1/full.shotpoint\" --threads 1 --memory 64 --mode streaming --json \
                 >/dev/null 2>\"$4\" & import=$!\n\
             while [ ! -e \"{partial}/{begun}\" ] && kill -0 $import; do :; done\n\
             kill -STOP $import\n\
             dd if=/dev/zero of=\"$1/other\" bs=4k 2>/dev/null\n\
             kill -CONT $import; wait $import; echo ended: $?\n\
             rm \"$1/other\"; echo left: $(ls -A \"$1\")\n\
             \"$2\" import \"$3\" -o \"$1/full.shotpoint\" --threads 1 --memory 64 --mode streaming --json \
                 --resume --overwrite >/dev/null || exit 1\n\
             echo now: $(ls -A \"$1\")\n\
             \"$2\" verify \"$1/full.shotpoint\" --against \"$3\" >/dev/null; exit $?"
        );
        let said = folder.path().join("said");
        let Some(output) = on_a_small_disk(&script, &[&source, &said]) else {
            return;
        };
        let (lines, errors) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(0), "{begun}: {lines}{errors}");
        assert!(lines.contains("now: full.shotpoint\n"), "{begun}: {lines}");
        let said = std::fs::read_to_string(&said).unwrap();
        println!("{begun}: {}{said}", lines.replace('\n', "; "));
        if lines.starts_with("ended: 0") {
            // It was quicker than the other.
            continue;
        }
        assert!(lines.starts_with("ended: 1\n"), "{begun}: {lines}");
        assert!(said.contains("no space is left after "), "{begun}: {said}");
        assert!(said.contains("Free some space"), "{begun}: {said}");
        let kept = said.contains("is kept; the same command with --resume goes on");
        let left = if kept {
            "left: full.shotpoint.partial\n"
        } else {
            "left:\n"
        };
        assert!(lines.contains(left), "{begun}: {lines}{said}");
    }
}

/// There is room when the export begins; then somebody else takes it. The export is stopped while
/// that happens, so that it cannot be quicker.
#[test]
fn an_export_onto_a_disk_that_becomes_full_ends_with_a_sentence_and_leaves_nothing() {
    let folder = made_files::folder();
    let source = MadeFile {
        n_traces: 12_000,
        n_samples: 100,
        ..MadeFile::default()
    }
    .write(folder.path());
    let report = made_files::imported(
        &source,
        &shotpoint::import::Mapping::default(),
        &shotpoint::import::ImportOptions::default(),
    );
    let script = "\"$2\" export \"$3\" -o \"$1/copy.sgy\" & export=$!\n\
         while [ ! -e \"$1/copy.sgy.partial\" ] && kill -0 $export; do :; done\n\
         kill -STOP $export\n\
         dd if=/dev/zero of=\"$1/other\" bs=64k 2>/dev/null\n\
         kill -CONT $export; wait $export; code=$?\n\
         rm \"$1/other\"; echo left: $(ls -A \"$1\"); exit $code";
    if let Some(output) = on_a_small_disk(script, &[&report.dataset]) {
        is_said(&output);
    }
}
