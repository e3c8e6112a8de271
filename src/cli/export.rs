//! `shotpoint export` and `shotpoint verify`.

use std::path::Path;

use serde_json::json;

use super::print;
use super::run::{Failure, run_task};
use crate::dataset::Dataset;
use crate::export;
use crate::wording;

pub(super) fn export(
    dataset: &Path,
    output: &Path,
    overwrite: bool,
    json: bool,
) -> Result<(), Failure> {
    let dataset = Dataset::open(dataset).map_err(Failure::new)?;
    let output = output.to_owned();
    let report = run_task("export", move |context| {
        export::export_exact(&dataset, &output, overwrite, context)
    })?;
    if json {
        return print::json(&json!({
            "path": report.path,
            "bytes": report.bytes,
            "sha256": report.sha256,
            "same_as_source": report.same_as_source,
        }));
    }
    print::line(&format!(
        "{}: {}, {}",
        report.path.display(),
        wording::bytes(report.bytes),
        if report.same_as_source {
            "the same SHA-256 as what was imported"
        } else {
            "NOT the same SHA-256 as what was imported; `shotpoint verify` says what is damaged"
        }
    ))?;
    print::line(&format!("SHA-256 {}", report.sha256))?;
    if report.same_as_source {
        Ok(())
    } else {
        Err(Failure::new(
            "the exported file differs from the imported one",
        ))
    }
}

pub(super) fn verify(dataset: &Path, against: Option<&Path>, json: bool) -> Result<(), Failure> {
    let dataset = Dataset::open(dataset).map_err(Failure::new)?;
    let against = against.map(Path::to_owned);
    let report = run_task("verify", move |context| {
        export::verify(&dataset, against.as_deref(), context)
    })?;
    let sound = report.is_sound();
    if json {
        print::json(&json!({
            "sound": sound,
            "n_traces": report.n_traces,
            "faults": report.faults,
            "export_sha256": report.export_sha256,
            "source_sha256": report.source_sha256,
            "against_sha256": report.against_sha256,
        }))?;
    } else {
        for fault in &report.faults {
            print::line(fault)?;
        }
        print::pairs(&[
            ("traces read back", wording::count(report.n_traces)),
            ("SHA-256 of the source", report.source_sha256.clone()),
            (
                "SHA-256 of an export",
                report
                    .export_sha256
                    .clone()
                    .unwrap_or_else(|| "not to be had: the dataset is damaged".to_owned()),
            ),
        ])?;
        if let Some(sha256) = &report.against_sha256 {
            print::pairs(&[("SHA-256 of the file", sha256.clone())])?;
        }
        if sound {
            print::line(
                "Sound: everything reads back, and an export gives the imported file byte for byte.",
            )?;
        }
    }
    if sound {
        Ok(())
    } else {
        Err(Failure::new(
            "the dataset does not give back what was imported; see the lines above",
        ))
    }
}
