//! `shotpoint export` and `shotpoint verify`.

use std::path::Path;

use serde_json::json;

use super::export_args::{DamagedChoice, ExportArguments};
use super::print;
use super::run::{Failure, run_task};
use crate::dataset::{Dataset, DatasetError};
use crate::export::{self, ExportError, ExportReport, FormChange, FormReport, VerifyReport};
use crate::wording;

pub(super) fn export(given: &ExportArguments) -> Result<(), Failure> {
    let form = given.form().map_err(Failure::new)?;
    let dataset = Dataset::open(&given.dataset).map_err(Failure::new)?;
    let (output, overwrite) = (given.output.clone(), given.overwrite);
    let fills = given.damaged == DamagedChoice::Fill;
    if form.is_exact() {
        let report = run_task("export", move |context| {
            if fills {
                export::export_filled(&dataset, &output, overwrite, context)
                    .map_err(|stop| stop.map(|error| error.to_string()))
            } else {
                export::export_exact(&dataset, &output, overwrite, context)
                    .map_err(|stop| stop.map(|error| with_remedy(&error)))
            }
        })?;
        print_exact(&report, given.json)
    } else if fills {
        Err(Failure::new(
            "--damaged fill gives the imported form only; leave out the options of another form, \
             or export undamaged traces with --traces A..B",
        ))
    } else {
        let report = run_task("export", move |context| {
            export::export_form(&dataset, &form, &output, overwrite, context)
        })?;
        print_form(&report, given.json)
    }
}

/// What can be done about a damaged dataset stands behind what is damaged.
fn with_remedy(error: &ExportError) -> String {
    let is_damage = matches!(
        error,
        ExportError::Dataset(
            DatasetError::Damaged { .. } | DatasetError::Parquet { .. } | DatasetError::Io { .. }
        ) | ExportError::PartDiffers { .. }
    );
    if is_damage {
        format!("{error}. To write the rest: --damaged fill")
    } else {
        error.to_string()
    }
}

fn print_exact(report: &ExportReport, json: bool) -> Result<(), Failure> {
    if json {
        return print::json(&json!({
            "path": report.path,
            "exact": true,
            "bytes": report.bytes,
            "sha256": report.sha256,
            "same_as_source": report.same_as_source,
            "missing": report.missing,
            "filled_traces": report.filled.iter().map(|traces| [traces.start, traces.end - 1]).collect::<Vec<_>>(),
        }))
        .and_then(|()| check_whole(report));
    }
    for missing in &report.missing {
        print::line(missing)?;
    }
    for traces in &report.filled {
        print::line(&format!(
            "filled in: traces {} to {}",
            traces.start,
            traces.end - 1
        ))?;
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
    check_whole(report)
}

/// # Errors
/// When the file is not the imported one: nobody shall take it for that.
fn check_whole(report: &ExportReport) -> Result<(), Failure> {
    if !report.missing.is_empty() {
        Err(Failure::new(format!(
            "the exported file is not whole: the dataset is damaged, and {} could not be read. What was filled in stands beside it in a list that ends in .missing.txt",
            wording::things(report.missing.len() as u64, "part")
        )))
    } else if report.same_as_source {
        Ok(())
    } else {
        Err(Failure::new(
            "the exported file differs from the imported one",
        ))
    }
}

fn print_form(report: &FormReport, json: bool) -> Result<(), Failure> {
    let revision = report.revision.map(|revision| revision.to_string());
    if json {
        let changes: Vec<_> = report.changes.iter().map(FormChange::to_json).collect();
        return print::json(&json!({
            "path": report.path,
            "exact": false,
            "bytes": report.bytes,
            "sha256": report.sha256,
            "same_as_source": report.same_as_source,
            "n_traces": report.n_traces,
            "n_samples": report.n_samples,
            "format_code": report.format.code(),
            "byte_order": report.byte_order.name(),
            "revision": revision,
            "seconds": report.seconds,
            "changes": changes,
        }));
    }
    print::line(&format!(
        "{}: {}, {} of {} samples, {}, {}, {}",
        report.path.display(),
        wording::bytes(report.bytes),
        wording::things(report.n_traces, "trace"),
        wording::count(u64::from(report.n_samples)),
        report.format.label(),
        report.byte_order.label(),
        revision.map_or_else(
            || "Seismic Unix".to_owned(),
            |revision| format!("revision {revision}")
        )
    ))?;
    for change in &report.changes {
        let mark = if change.loses_something() { "!" } else { "-" };
        print::line(&format!("  {mark} {change}"))?;
    }
    print::line(&format!("SHA-256 {}", report.sha256))
}

pub(super) fn verify(dataset: &Path, against: Option<&Path>, json: bool) -> Result<(), Failure> {
    let dataset = Dataset::open(dataset).map_err(Failure::new)?;
    let against = against.map(Path::to_owned);
    let report = run_task("verify", move |context| {
        export::verify(&dataset, against.as_deref(), context)
    })?;
    print_verified(&report, json)
}

/// What verification found, as an object.
pub(super) fn verified_json(report: &VerifyReport) -> serde_json::Value {
    json!({
        "sound": report.is_sound(),
        "n_traces": report.n_traces,
        "bytes": report.bytes,
        "seconds": report.seconds,
        "faults": report.faults,
        "notes": report.notes,
        "damaged_traces": report.damaged.iter().map(|traces| [traces.start, traces.end - 1]).collect::<Vec<_>>(),
        "export_sha256": report.export_sha256,
        "source_sha256": report.source_sha256,
        "against_sha256": report.against_sha256,
    })
}

/// Says what verification found.
///
/// # Errors
/// When the dataset is not sound.
pub(super) fn print_verified(report: &VerifyReport, json: bool) -> Result<(), Failure> {
    let sound = report.is_sound();
    if json {
        print::json(&verified_json(report))?;
    } else {
        for sentence in report.faults.iter().chain(&report.notes) {
            print::line(sentence)?;
        }
        print::pairs(&[
            ("traces read back", wording::count(report.n_traces)),
            (
                "bytes compared",
                format!(
                    "{} in {:.1} s",
                    wording::bytes(report.bytes),
                    report.seconds
                ),
            ),
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
    check_sound(report)
}

/// # Errors
/// When the dataset is not sound.
pub(super) fn check_sound(report: &VerifyReport) -> Result<(), Failure> {
    if report.is_sound() {
        Ok(())
    } else {
        Err(Failure::new(
            "the dataset does not give back what was imported; see the lines above",
        ))
    }
}
