//! `export --damaged refuse|fill` and `verify`, run as a user runs them.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::harm::Harm::{Cut, Flip, Remove};
use crate::harm::harm;
use crate::made_files::folder;
use crate::sound::Sound;

const FIRST_SHARD: &str = "traces.zarr/amplitude/c/0/0";

fn shotpoint(command: &str, dataset: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_shotpoint"))
        .arg(command)
        .arg(dataset)
        .args(more)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Exit code, standard output, standard error.
fn said(output: &Output) -> (Option<i32>, String, String) {
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[test]
fn an_export_of_a_damaged_dataset_is_refused_or_filled_as_was_asked() {
    let folder = folder();
    let sound = Sound::plain(folder.path());
    harm(&sound.path, folder.path(), &Flip(FIRST_SHARD, |_| 20));
    let output = folder.path().join("back.sgy");
    let list = folder.path().join("back.sgy.missing.txt");
    let to = output.to_str().unwrap();

    for refuse in [&["-o", to][..], &["-o", to, "--damaged", "refuse"]] {
        let (code, _, error) = said(&shotpoint("export", &sound.path, refuse));
        assert_eq!(code, Some(1), "{error}");
        assert!(error.contains("chunk 0 (traces 0 to 7)"), "{error}");
        assert!(
            error.contains("To write the rest: --damaged fill"),
            "{error}"
        );
        assert!(!output.exists() && !list.exists(), "nothing is left behind");
    }

    let (code, words, error) = said(&shotpoint(
        "export",
        &sound.path,
        &["-o", to, "--damaged", "fill"],
    ));
    assert_eq!(code, Some(1), "nobody shall take it for the whole: {error}");
    assert!(
        error.contains("the exported file is not whole: the dataset is damaged, and 1 part"),
        "{error}"
    );
    assert!(words.contains("filled in: traces 0 to 7"), "{words}");
    assert!(words.contains("NOT the same SHA-256"), "{words}");
    let written = fs::read_to_string(&list).unwrap();
    assert!(written.starts_with("back.sgy is not whole."), "{written}");
    assert!(written.contains("chunk 0 (traces 0 to 7)"), "{written}");
    assert!(written.contains("filled in: traces 0 to 7"), "{written}");
    let rest = fs::read(&output).unwrap();
    assert_eq!(rest.len(), sound.source.len());
    let (old, new) = (sound.traces(&sound.source), sound.traces(&rest));
    assert!(old[8..] == new[8..]);
    for (old, new) in old[..8].iter().zip(&new) {
        assert_eq!(old[..28], new[..28]);
        assert_eq!(new[28..30], [0, 2], "dead");
        assert_eq!(old[30..240], new[30..240]);
        assert!(new[240..].iter().all(|&byte| byte == 0));
    }

    // Nothing is replaced unless asked, and a script reads the same.
    let again = ["-o", to, "--damaged", "fill", "--json"];
    let (code, _, error) = said(&shotpoint("export", &sound.path, &again));
    assert_eq!(code, Some(1));
    assert!(error.contains("--overwrite"), "{error}");
    let over = ["-o", to, "--damaged", "fill", "--json", "--overwrite"];
    let (code, words, _) = said(&shotpoint("export", &sound.path, &over));
    assert_eq!(code, Some(1));
    let report: Value = serde_json::from_str(&words).unwrap();
    assert_eq!(report["same_as_source"], false);
    assert_eq!(report["filled_traces"], serde_json::json!([[0, 7]]));
    assert_eq!(report["missing"].as_array().unwrap().len(), 1);

    // The list goes with the file that it was of.
    harm(&sound.path, folder.path(), &Flip(FIRST_SHARD, |_| 20));
    let (code, _, error) = said(&shotpoint(
        "export",
        &sound.path,
        &["-o", to, "--overwrite"],
    ));
    assert_eq!(code, Some(0), "{error}");
    assert!(!list.exists());
    fs::write(&list, "my own notes").unwrap();
    shotpoint("export", &sound.path, &["-o", to, "--overwrite"]);
    assert_eq!(fs::read_to_string(&list).unwrap(), "my own notes");
}

#[test]
fn what_is_left_can_be_imported_and_verified() {
    let folder = folder();
    let sound = Sound::odd(folder.path());
    harm(&sound.path, folder.path(), &Cut("segy/gaps.bin", |n| n / 2));
    harm(&sound.path, folder.path(), &Flip(FIRST_SHARD, |_| 20));
    harm(
        &sound.path,
        folder.path(),
        &Remove("segy/extended_textual_headers.bin"),
    );
    let (code, words, error) = said(&shotpoint("verify", &sound.path, &["--json"]));
    assert_eq!(code, Some(1), "{error}");
    let report: Value = serde_json::from_str(&words).unwrap();
    assert_eq!(report["sound"], false);
    assert_eq!(report["damaged_traces"][0], serde_json::json!([0, 7]));
    let faults = report["faults"].to_string();
    for part in ["chunk 0", "segy/gaps.bin", "extended_textual_headers.bin"] {
        assert!(faults.contains(part), "{faults}");
    }

    let output = folder.path().join("back.sgy");
    let to = output.to_str().unwrap();
    let fill = ["-o", to, "--damaged", "fill"];
    let (code, words, _) = said(&shotpoint("export", &sound.path, &fill));
    assert_eq!(code, Some(1));
    assert!(words.contains("filled in: traces 0 to 7"), "{words}");
    let scan = shotpoint("scan", &output, &["--json"]);
    let found: Value = serde_json::from_slice(&scan.stdout).unwrap();
    assert_eq!(found["n_traces"], 96);
    assert_eq!(found["size_bytes"], sound.source.len());
}

#[test]
fn a_sound_dataset_is_filled_with_nothing() {
    let folder = folder();
    let sound = Sound::odd(folder.path());
    let output = folder.path().join("back.sgy");
    let fill = ["-o", output.to_str().unwrap(), "--damaged", "fill"];
    let (code, words, error) = said(&shotpoint("export", &sound.path, &fill));
    assert_eq!(code, Some(0), "{error}");
    assert!(
        words.contains("the same SHA-256 as what was imported"),
        "{words}"
    );
    assert!(fs::read(&output).unwrap() == sound.source);
    assert!(!folder.path().join("back.sgy.missing.txt").exists());
}
