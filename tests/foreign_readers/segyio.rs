//! segyio, in a Python process of its own.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use shotpoint::segy::ByteOrder;

use crate::reading::Reading;

/// A file to be read: under this name, in this byte order.
pub(crate) type Asked = (String, ByteOrder, PathBuf);

/// What segyio reads of each file, or its refusal.
pub(crate) fn readings(
    python: &Path,
    files: &[Asked],
) -> BTreeMap<String, Result<Reading, String>> {
    let folder = tempfile::tempdir().unwrap();
    let script =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign_readers/read_with_segyio.py");
    let mut child = Command::new(python)
        .arg(script)
        .arg(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: Vec<String> = files
        .iter()
        .map(|(name, order, path)| format!("{name}\t{}\t{}\n", order.name(), path.display()))
        .collect();
    let lines = lines.concat();
    let mut stdin = child.stdin.take().unwrap();
    // Written beside: both pipes may fill up.
    let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(
        output.status.success(),
        "the script ended with {}",
        output.status
    );
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| {
            let said: Value = serde_json::from_str(line).unwrap();
            let name = said["name"].as_str().unwrap().to_owned();
            let reading = match said["error"].as_str() {
                Some(error) => Err(error.to_owned()),
                None => Ok(reading(&said, folder.path(), &name)),
            };
            (name, reading)
        })
        .collect()
}

fn reading(said: &Value, folder: &Path, name: &str) -> Reading {
    let count = |key: &str| usize::try_from(said[key].as_u64().unwrap()).unwrap();
    let (n_traces, n_samples) = (count("n_traces"), count("n_samples"));
    let words: Vec<u16> = serde_json::from_value(said["words"].clone()).unwrap();
    let numbers = |ending: &str| {
        let bytes = fs::read(folder.join(format!("{name}.{ending}"))).unwrap();
        let (numbers, rest) = bytes.as_chunks::<8>();
        assert!(rest.is_empty());
        numbers.to_vec()
    };
    let samples: Vec<f64> = numbers("samples")
        .into_iter()
        .map(f64::from_le_bytes)
        .collect();
    let headers: Vec<i64> = numbers("headers")
        .into_iter()
        .map(i64::from_le_bytes)
        .collect();
    assert_eq!(samples.len(), n_traces * n_samples);
    assert_eq!(headers.len(), n_traces * words.len());
    let column = |i: usize| {
        headers
            .iter()
            .skip(i)
            .step_by(words.len())
            .copied()
            .collect()
    };
    Reading {
        samples: samples
            .chunks(n_samples.max(1))
            .map(<[f64]>::to_vec)
            .collect(),
        headers: words
            .iter()
            .enumerate()
            .map(|(i, &word)| (word, column(i)))
            .collect(),
    }
}
