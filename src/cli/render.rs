//! `shotpoint render`: a gather or a range of traces as a PNG.

use std::fs;
use std::path::Path;

use super::args::RenderArguments;
use super::run::{Failure, run_task};
use crate::browse::{
    BrowseError, DatasetSource, Gather, GatherIndex, SegySource, TraceSource, load_gather,
    load_range,
};
use crate::dataset::Dataset;
use crate::job::{JobContext, Stop};
use crate::segy::LayoutOverrides;
use crate::view::{COLOUR_TABLES, Display, Figure, clip_of, figure};
use crate::wording;

pub(super) fn render(given: &RenderArguments) -> Result<(), Failure> {
    let colour_table = match &given.colours {
        Some(name) => find_colour_table(name)?,
        None => 0,
    };
    let source = open_source(&given.path)?;
    let keys = parse_keys(&given.gather)?;
    let traces = given.traces.clone();
    let headers = given.headers.clone();
    let gather = run_task("render", move |context| {
        load(source.as_ref(), &keys, traces, &headers, context)
    })??;
    let clip = given.clip.map_or_else(
        || clip_of(&gather.samples, given.percentile),
        #[expect(
            clippy::cast_possible_truncation,
            reason = "colours end at a single-precision number"
        )]
        |clip| clip as f32,
    );
    let display = Display {
        mode: given.mode.into(),
        colour_table,
        clip,
        reverse_polarity: given.reverse_polarity,
        ..Display::default()
    };
    let title = title_of(&given.path, &gather);
    write_figure(&gather, title, display, given.size, &given.output)
}

/// Draws `gather` into the PNG at `output`.
///
/// # Errors
/// When the file cannot be written.
pub(super) fn write_figure(
    gather: &Gather,
    title: String,
    display: Display,
    (width, height): (usize, usize),
    output: &Path,
) -> Result<(), Failure> {
    let image = figure(
        gather,
        &Figure {
            title,
            display,
            window: None,
            width,
            height,
        },
    );
    let png = image.to_png().map_err(Failure::new)?;
    fs::write(output, png).map_err(|error| {
        Failure::new(format!(
            "cannot write the picture: {error}. File: {}",
            output.display()
        ))
    })
}

/// "line12.shotpoint · ffid 1042 · 96 traces".
pub(super) fn title_of(path: &Path, gather: &Gather) -> String {
    let name = path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    );
    let key: Vec<String> = gather
        .key
        .iter()
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    let traces = wording::things(gather.n_traces() as u64, "trace");
    if key.is_empty() {
        format!("{name} · {traces}")
    } else {
        format!("{name} · {} · {traces}", key.join(", "))
    }
}

fn open_source(path: &Path) -> Result<Box<dyn TraceSource>, Failure> {
    if Dataset::is_dataset(path) || path.is_dir() {
        Ok(Box::new(DatasetSource::open(path).map_err(Failure::new)?))
    } else {
        let file = SegySource::open(path, &LayoutOverrides::default(), &[], &[]);
        Ok(Box::new(
            file.map_err(|error| Failure::new(error).about(path))?,
        ))
    }
}

/// What was asked for, or a sentence why it is not there.
fn load(
    source: &dyn TraceSource,
    keys: &[(String, i64)],
    traces: Option<std::ops::Range<u64>>,
    headers: &[String],
    context: &JobContext,
) -> Result<Result<Gather, Failure>, Stop<BrowseError>> {
    let facts = source.facts();
    if let Some(range) = traces {
        let headers = if headers.is_empty() {
            facts.default_keys.clone()
        } else {
            headers.to_vec()
        };
        if range.end > facts.n_traces {
            return Ok(Err(Failure::new(format!(
                "traces {}..{} were asked for, but there are {} (counted from 0)",
                range.start,
                range.end,
                wording::things(facts.n_traces, "trace")
            ))));
        }
        return load_range(source, range, &headers)
            .map(Ok)
            .map_err(Stop::Failed);
    }
    let names: Vec<String> = keys.iter().map(|(name, _)| name.clone()).collect();
    let values: Vec<i64> = keys.iter().map(|&(_, value)| value).collect();
    let Some(index) = GatherIndex::build(source, &names, 1, context).map_err(Stop::Failed)? else {
        return Err(Stop::Cancelled);
    };
    let position = match index.find(&values) {
        Some(Ok(position)) => position,
        Some(Err(nearest)) => return Ok(Err(no_such_gather(&index, keys, nearest))),
        None => {
            return Ok(Err(Failure::new(
                "there are no gathers: the source has no traces",
            )));
        }
    };
    let headers = if headers.is_empty() {
        vec![names[0].clone(), "source_to_receiver_distance".to_owned()]
    } else {
        headers.to_vec()
    };
    load_gather(source, &index, position, &headers)
        .map(Ok)
        .map_err(Stop::Failed)
}

fn no_such_gather(index: &GatherIndex, keys: &[(String, i64)], nearest: usize) -> Failure {
    let asked: Vec<String> = keys
        .iter()
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    let near = index.get(nearest).map_or_else(String::new, |entry| {
        let values: Vec<String> = entry.key.iter().map(ToString::to_string).collect();
        format!("; the nearest is {}", values.join(", "))
    });
    Failure::new(format!(
        "there is no gather with {}{near}",
        asked.join(", ")
    ))
}

/// `ffid=1042` as a name and a value.
fn parse_keys(texts: &[String]) -> Result<Vec<(String, i64)>, Failure> {
    texts
        .iter()
        .map(|text| {
            let wanted =
                || Failure::new(format!("\"{text}\" is not a gather key; write ffid=1042"));
            let (name, value) = text.split_once('=').ok_or_else(wanted)?;
            let value = value.trim().parse().ok().ok_or_else(wanted)?;
            Ok((name.trim().to_owned(), value))
        })
        .collect()
}

fn find_colour_table(name: &str) -> Result<usize, Failure> {
    let wanted = name.to_lowercase();
    COLOUR_TABLES
        .iter()
        .position(|table| table.name.to_lowercase().contains(&wanted))
        .ok_or_else(|| {
            let names: Vec<&str> = COLOUR_TABLES.iter().map(|table| table.name).collect();
            Failure::new(format!(
                "there is no colour table \"{name}\"; there are: {}",
                names.join(", ")
            ))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_names_and_whole_numbers() {
        let keys = parse_keys(&["ffid=1042".to_owned(), "offset = -5".to_owned()]).expect("keys");
        assert_eq!(keys, [("ffid".to_owned(), 1042), ("offset".to_owned(), -5)]);
        assert!(parse_keys(&["ffid".to_owned()]).is_err());
        assert!(parse_keys(&["ffid=x".to_owned()]).is_err());
    }
}
