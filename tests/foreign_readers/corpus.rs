//! Every file of the corpus that another program opens.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use shotpoint::segy::ByteOrder;

use crate::explained::EXPLAINED;
use crate::python::python;
use crate::reading::{Difference, Reading, differences, is_segy, ours};
use crate::{giga_segy, segyio};

/// The files of the corpus by their names; nothing where there is no corpus.
fn files() -> Vec<(String, PathBuf)> {
    let named = std::env::var_os("SHOTPOINT_CORPUS").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let mut folders = named.into_iter().chain([beside]);
    let Some(folder) = folders.find(|folder| folder.join("manifest.json").is_file()) else {
        println!("No corpus at SHOTPOINT_CORPUS or ../shared/corpus: nothing was compared.");
        return Vec::new();
    };
    let text = fs::read(folder.join("manifest.json")).unwrap();
    let manifest: Value = serde_json::from_slice(&text).unwrap();
    manifest["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| {
            let text = |key: &str| file[key].as_str().unwrap().to_owned();
            (text("id"), folder.join(text("file")))
        })
        .collect()
}

/// Compares all readings of one program with ours, and both with the table.
fn compare(
    reader: &str,
    readings: &BTreeMap<String, Result<Reading, String>>,
    files: &[(String, PathBuf)],
) {
    let mut faults = Vec::new();
    let mut n_opened = 0;
    for (id, path) in files {
        let Some(reading) = readings.get(id) else {
            continue;
        };
        let theirs = match reading {
            Ok(theirs) => theirs,
            Err(refusal) => {
                println!("{reader} does not open {id}: {refusal}");
                continue;
            }
        };
        n_opened += 1;
        let found = match ours(path) {
            Ok((ours, _)) => differences(theirs, &ours),
            Err(error) => {
                println!("{reader} opens {id}, which we refuse: {error}");
                continue;
            }
        };
        let row = EXPLAINED
            .iter()
            .find(|row| row.reader == reader && row.id == id);
        let expected: BTreeSet<Difference> = row
            .map_or(&[][..], |row| row.differences)
            .iter()
            .copied()
            .collect();
        let kinds: BTreeSet<Difference> = found.keys().copied().collect();
        if kinds != expected {
            faults.push(format!("{id}: {found:?}, explained are {expected:?}"));
        } else if let Some(row) = row {
            println!("{reader} reads {id} otherwise: {}", row.reason);
        }
    }
    println!("{reader} opens {n_opened} of {} files", files.len());
    assert!(
        faults.is_empty(),
        "{reader}, {} files:\n{}",
        faults.len(),
        faults.join("\n")
    );
    let known = |row: &&crate::explained::Explained| files.iter().any(|(id, _)| id == row.id);
    let stale = EXPLAINED
        .iter()
        .filter(|row| row.reader == reader)
        .find(|row| !known(row));
    assert!(stale.is_none(), "no such file: {}", stale.unwrap().id);
    assert!(n_opened > 30, "only {n_opened} files were compared");
}

#[test]
fn segyio_reads_the_corpus_as_we_do() {
    let Some(python) = python() else {
        return;
    };
    let files = files();
    if files.is_empty() {
        return;
    }
    let asked: Vec<_> = files
        .iter()
        .filter(|(_, path)| is_segy(path))
        .filter_map(|(id, path)| {
            let (_, order) = ours(path).ok()?;
            (order != ByteOrder::PairSwapped).then(|| (id.clone(), order, path.clone()))
        })
        .collect();
    compare("segyio", &segyio::readings(python, &asked), &files);
}

#[test]
fn giga_segy_reads_the_corpus_as_we_do() {
    let files = files();
    if files.is_empty() {
        return;
    }
    let readings = files
        .iter()
        .filter(|(_, path)| is_segy(path))
        .filter_map(|(id, path)| {
            let (_, order) = ours(path).ok()?;
            Some((id.clone(), giga_segy::reading(path, order)))
        })
        .collect();
    compare("giga-segy", &readings, &files);
}
