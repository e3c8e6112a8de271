//! `shotpoint demo`: sample shot gathers, made, imported and shown.

use std::fs;
use std::path::{Path, PathBuf};

use super::args::DemoArguments;
use super::import::print_report;
use super::render::{title_of, write_figure};
use super::run::{Failure, run_task};
use super::sample::FIRST_FIELD_RECORD;
use super::{Window, WindowRequest, print, write_sample};
use crate::browse::{DatasetSource, GatherIndex, TraceSource, load_gather};
use crate::import::{self, ImportError, ImportOptions, ImportPlan, Mapping, ScanDepth};
use crate::job::{JobContext, Stop};
use crate::segy::LayoutOverrides;
use crate::view::{Display, clip_of};

/// The gather that the picture shows: from the middle of the line.
const SHOWN_FIELD_RECORD: i64 = FIRST_FIELD_RECORD as i64 + 24;

pub(super) fn demo(given: &DemoArguments, window: Option<Window>) -> Result<(), Failure> {
    let folder = given
        .output
        .clone()
        .unwrap_or_else(|| std::env::temp_dir().join("shotpoint-demo"));
    fs::create_dir_all(&folder).map_err(|error| {
        Failure::new(format!(
            "cannot make the folder: {error}. Folder: {}",
            folder.display()
        ))
    })?;
    let sample = folder.join("sample-shots.sgy");
    let file = sample.clone();
    run_task("sample", move |context| write_sample(&file, context))?;
    print::line(&format!("Sample shot gathers: {}", sample.display()))?;

    let dataset = import_sample(&sample)?;
    match window.filter(|window| !given.no_window && (window.has_display)()) {
        Some(window) => {
            print::line("Opening the window; close it to end the demo.")?;
            let request = WindowRequest {
                paths: vec![dataset.clone()],
                ..WindowRequest::default()
            };
            (window.open)(request).or_else(|reason| {
                print::aside(&format!("No window: {reason}"));
                show_as_picture(&dataset, &folder)
            })
        }
        None => show_as_picture(&dataset, &folder),
    }
}

fn import_sample(sample: &Path) -> Result<PathBuf, Failure> {
    let file = sample.to_owned();
    let report = run_task("import", move |context| {
        let scan = import::scan(
            &file,
            &LayoutOverrides::default(),
            ScanDepth::Quick,
            context,
        )?;
        let options = ImportOptions {
            overwrite: true,
            ..ImportOptions::default()
        };
        let plan = ImportPlan::new(&scan, &Mapping::default(), &options)
            .map_err(|error| Stop::Failed(ImportError::from(error)))?;
        import::run(&plan, context)
    })?;
    print_report(&report)?;
    Ok(report.dataset)
}

fn show_as_picture(dataset: &Path, folder: &Path) -> Result<(), Failure> {
    let source = DatasetSource::open(dataset).map_err(Failure::new)?;
    let keys = source.facts().default_keys.clone();
    let index = GatherIndex::build(&source, &keys, 100, &JobContext::default())
        .map_err(Failure::new)?
        .ok_or(Failure::Cancelled(None))?;
    let Some(Ok(position) | Err(position)) = index.find(&[SHOWN_FIELD_RECORD]) else {
        return Err(Failure::new("the sample has no gathers"));
    };
    let mut headers = keys;
    headers.push("source_to_receiver_distance".to_owned());
    let gather = load_gather(&source, &index, position, &headers).map_err(Failure::new)?;
    let display = Display {
        clip: clip_of(&gather.samples, 98.0),
        ..Display::default()
    };
    let picture = folder.join("sample-shot.png");
    write_figure(
        &gather,
        title_of(dataset, &gather),
        display,
        (1200, 800),
        &picture,
    )?;
    print::line(&format!("Picture of one gather: {}", picture.display()))
}
