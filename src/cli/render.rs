//! `shotpoint render`: a gather or a range of traces as a PNG.

use std::fs;
use std::ops::Range;
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

/// Words that may tell the traces of a gather apart, the most asked for first.
const TELLING_APART: [&str; 6] = [
    "source_to_receiver_distance",
    "crossline",
    "inline",
    "ensemble_num",
    "trace_num_orig_record",
    "trace_seq_num_line",
];

/// What was asked for, or a sentence why it is not there.
fn load(
    source: &dyn TraceSource,
    keys: &[(String, i64)],
    traces: Option<Range<u64>>,
    headers: &[String],
    context: &JobContext,
) -> Result<Result<Gather, Failure>, Stop<BrowseError>> {
    let known = &source.facts().header_names;
    let keys_on_top: Vec<String> = if keys.is_empty() {
        source.facts().default_keys.clone()
    } else {
        keys.iter().map(|(name, _)| name.clone()).collect()
    };
    let rows: Vec<String> = if headers.is_empty() {
        let apart = TELLING_APART.iter().map(|&name| name.to_owned());
        let apart = apart.filter(|name| known.contains(name) && !keys_on_top.contains(name));
        keys_on_top.iter().cloned().chain(apart).collect()
    } else {
        headers.to_vec()
    };
    let loaded = match traces {
        Some(range) => load_traces(source, range, &rows).map_err(Stop::Failed)?,
        None => load_by_key(source, keys, &rows, context)?,
    };
    Ok(loaded.map(|mut gather| {
        if headers.is_empty() {
            keep_telling_rows(&mut gather, keys_on_top.len());
        }
        gather
    }))
}

/// Keeps the keys' rows, and of the others the first that is not the same all along.
fn keep_telling_rows(gather: &mut Gather, n_keys: usize) {
    let mut others = gather.headers.split_off(n_keys.min(gather.headers.len()));
    others.retain(|row| row.values.windows(2).any(|pair| pair[0] != pair[1]));
    gather.headers.extend(others.into_iter().next());
}

fn load_traces(
    source: &dyn TraceSource,
    range: Range<u64>,
    rows: &[String],
) -> Result<Result<Gather, Failure>, BrowseError> {
    let n_traces = source.facts().n_traces;
    if range.end > n_traces {
        return Ok(Err(Failure::new(format!(
            "traces {}..{} were asked for, but there are {} (counted from 0)",
            range.start,
            range.end,
            wording::things(n_traces, "trace")
        ))));
    }
    load_range(source, range, rows).map(Ok)
}

fn load_by_key(
    source: &dyn TraceSource,
    keys: &[(String, i64)],
    rows: &[String],
    context: &JobContext,
) -> Result<Result<Gather, Failure>, Stop<BrowseError>> {
    let names: Vec<String> = keys.iter().map(|(name, _)| name.clone()).collect();
    let values: Vec<i64> = keys.iter().map(|&(_, value)| value).collect();
    let Some(index) = GatherIndex::build(source, &names, 1, context).map_err(Stop::Failed)? else {
        return Err(Stop::Cancelled);
    };
    match index.find(&values) {
        Some(Ok(position)) => load_gather(source, &index, position, rows)
            .map(Ok)
            .map_err(Stop::Failed),
        Some(Err(nearest)) => Ok(Err(no_such_gather(&index, keys, nearest))),
        None => Ok(Err(Failure::new(
            "there are no gathers: the source has no traces",
        ))),
    }
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
