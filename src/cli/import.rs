//! `shotpoint import`.

use std::fs;
use std::path::Path;

use super::import_args::ImportArguments;
use super::run::{Failure, run_task, run_task_keeping};
use super::{export, print};
use crate::dataset::{Dataset, PartialState};
use crate::export::VerifyReport;
use crate::import::{
    self, ImportError, ImportMode, ImportOptions, ImportPlan, ImportReport, Mapping, Remembered,
    ScanDepth,
};
use crate::job::Stop;
use crate::wording;

pub(super) fn import(given: &ImportArguments) -> Result<(), Failure> {
    check_unfinished(given)?;
    let begun = begun(given);
    let is_decided = given.mapping.is_some() || begun.is_some();
    let (base, options) = begun.unwrap_or_default();
    let base = match &given.mapping {
        Some(path) => read_mapping(path)?,
        None => base,
    };
    let mapping = given.mapping(base).map_err(Failure::new)?;
    let options = given.options(options);
    let (file, json) = (given.file.clone(), given.json);
    let shall_remember = given.remember;
    let report = run_task_keeping("import", given.keeps_on_cancel(), move |context| {
        let scan = import::scan(&file, &mapping.overrides, ScanDepth::Quick, context)?;
        let mapping = if is_decided {
            mapping
        } else {
            mapping.completed_by(&scan.suggested_mapping)
        };
        let plan = ImportPlan::new(&scan, &mapping, &options)
            .map_err(|error| Stop::Failed(ImportError::from(error)))?;
        for remark in plan.mapping().overlaps() {
            print::aside(&format!("Note: {remark}"));
        }
        if !json {
            announce(&plan);
        }
        let report = import::run(&plan, context)?;
        if shall_remember {
            remember(&plan);
        }
        Ok(report)
    })
    .map_err(|failure| failure.about(&given.file))?;
    if !given.json {
        print_report(&report)?;
    }
    let verified = given.verify.then(|| verified(&report)).transpose()?;
    if given.json {
        let mut object = report.to_json();
        if let (Some(verified), Some(object)) = (&verified, object.as_object_mut()) {
            object.insert("verified".to_owned(), export::verified_json(verified));
        }
        print::json(&object)?;
        verified.as_ref().map_or(Ok(()), export::check_sound)
    } else {
        verified.map_or(Ok(()), |verified| export::print_verified(&verified, false))
    }
}

/// The last step: everything read back, and its SHA-256 compared with that of the bytes taken in.
fn verified(report: &ImportReport) -> Result<VerifyReport, Failure> {
    let dataset = Dataset::open(&report.dataset).map_err(Failure::new)?;
    run_task("verify", move |context| {
        crate::export::verify(&dataset, None, context)
    })
}

/// By which mapping and options the import that is to be gone on with began: they need not be
/// given again, and what contradicts them the journal refuses.
fn begun(given: &ImportArguments) -> Option<(Mapping, ImportOptions)> {
    let unfinished = import::unfinished(&given.file, given.output.as_deref());
    import::asked_for(&unfinished.filter(|_| given.resume)?)
}

/// Hours of work are not thrown away because a command was repeated: whoever has something to go on
/// with says whether to.
fn check_unfinished(given: &ImportArguments) -> Result<(), Failure> {
    let unfinished = import::unfinished(&given.file, given.output.as_deref());
    match unfinished {
        Some(partial)
            if partial.state == PartialState::Resumable
                && partial.n_traces_done > 0
                && !given.resume
                && !given.overwrite =>
        {
            Err(Failure::new(format!(
                "{}. Use --resume to go on, or --overwrite to begin again. Folder: {}",
                partial.sentence(),
                partial.path.display()
            )))
        }
        Some(_) | None => Ok(()),
    }
}

/// Remembers the mapping for files of the same make; what fails there fails no import.
fn remember(plan: &ImportPlan) {
    let Some(folder) = import::default_mapping_folder() else {
        return print::aside("Not remembered: there is no folder for this user's data.");
    };
    match import::remember(&folder, plan.scan(), plan.mapping()) {
        Ok(path) => print::aside(&format!(
            "Remembered for files of this make. File: {}",
            path.display()
        )),
        Err(error) => print::aside(&format!("Not remembered: {error}.")),
    }
}

fn read_mapping(path: &Path) -> Result<Mapping, Failure> {
    let text = fs::read_to_string(path).map_err(|error| {
        Failure::new(format!(
            "cannot read the mapping: {error}. File: {}",
            path.display()
        ))
    })?;
    if let Ok(remembered) = serde_json::from_str::<Remembered>(&text) {
        return Ok(remembered.mapping);
    }
    serde_json::from_str(&text).map_err(|error| {
        Failure::new(format!(
            "the mapping is not understood: {error}. File: {}",
            path.display()
        ))
    })
}

/// Says on standard error what will be done, before it begins.
fn announce(plan: &ImportPlan) {
    let spec = plan.spec();
    let mode = match plan.mode() {
        ImportMode::Batch => "batch",
        ImportMode::Streaming => "streaming",
    };
    print::aside(&format!(
        "Importing {} of {} samples ({mode}: {}) to {}",
        wording::things(spec.n_traces, "trace"),
        wording::count(u64::from(spec.n_samples)),
        plan.mode_reason(),
        plan.output().display()
    ));
}

/// " for the last 120 MB; 80 MB were there before", where an earlier run had begun.
fn went_on(report: &ImportReport) -> String {
    if report.before.bytes == 0 {
        return String::new();
    }
    format!(
        " for the last {}; {} were taken in before",
        wording::bytes(report.bytes_in.saturating_sub(report.before.bytes)),
        wording::bytes(report.before.bytes)
    )
}

/// The report at the end of an import.
pub(super) fn print_report(report: &ImportReport) -> Result<(), Failure> {
    let (manifest, timings) = (&report.manifest, &report.manifest.timings);
    let ensembles = &manifest.ensembles;
    print::line(&format!("{}", report.dataset.display()))?;
    print::pairs(&[
        (
            "traces",
            format!(
                "{} of {} samples",
                wording::count(manifest.array.n_traces),
                wording::count(u64::from(manifest.array.n_samples))
            ),
        ),
        (
            "ensembles",
            format!(
                "{} by {}, {} each",
                wording::count(ensembles.n_ensembles),
                ensembles.keys.join(", "),
                wording::least_to_most(ensembles.min_traces, ensembles.max_traces, "trace")
            ),
        ),
        (
            "time",
            format!(
                "{:.1} s, {} ({}){}",
                timings.seconds,
                wording::rate(report.bytes_per_second()),
                timings.mode,
                went_on(report)
            ),
        ),
        (
            "size",
            format!(
                "{} in, {} out ({:.2} : 1)",
                wording::bytes(report.bytes_in),
                wording::bytes(report.bytes_out),
                report.compression_ratio()
            ),
        ),
        ("SHA-256", manifest.source.sha256.clone()),
    ])?;
    for warning in &manifest.warnings {
        print::line(&format!("  Note: {}", warning.message))?;
    }
    Ok(())
}
