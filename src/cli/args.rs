//! Which words does the command line understand? (DESIGN, section 4)

use std::ops::Range;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::export_args::ExportArguments;
use super::import_args::ImportArguments;
use super::override_args::OverrideArguments;
use crate::view::DisplayMode;

/// Opens, imports and browses SEG-Y files far larger than memory.
///
/// Without a command, a window opens, with the given files or datasets in it. SEG-Y files are
/// only ever read. An import makes a folder (Zarr v3 + Parquet + JSON) that xarray, DuckDB and
/// pandas open unaided, and from which the original file can be written again, byte for byte.
#[derive(Debug, Parser)]
#[command(
    name = "shotpoint",
    version,
    max_term_width = 100,
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  shotpoint                                 open the window
  shotpoint line12.sgy                      open the window with this file
  shotpoint demo                            make sample shot gathers, import them, show them
  shotpoint scan line12.sgy                 what is in this file, and how is that known?
  shotpoint import line12.sgy               make line12.shotpoint beside it
  shotpoint import stack.sgy --map inline=5 --map crossline=21 --ensemble inline
  shotpoint headers line12.shotpoint --select ffid,offset --where 'offset < 500' --limit 20
  shotpoint render line12.shotpoint --gather ffid=1042 -o shot.png
  shotpoint export line12.shotpoint -o copy.sgy && cmp line12.sgy copy.sgy
  shotpoint export line12.shotpoint -o near.sgy --where 'offset < 500' --format ieee --sort cdp,offset

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 cancelled."
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Option<Command>,

    /// Files or datasets to open in the window.
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// Forget settings and recent files.
    #[arg(long)]
    pub(super) reset_settings: bool,

    /// Use native Wayland even where X11 is there (files cannot be dropped on the window then).
    #[arg(long)]
    pub(super) wayland: bool,

    /// Follow this script, measure the window, print the figures. For its makers: no promise.
    #[arg(long, hide = true, value_name = "FILE")]
    pub(super) tour: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make realistic sample shot gathers, import them, and show them.
    ///
    /// In the window where there is a display; else as progress, a report and a PNG.
    Demo(DemoArguments),
    /// Report what is in a SEG-Y file, and by which evidence.
    Scan(ScanArguments),
    /// Import a SEG-Y file into a dataset.
    Import(Box<ImportArguments>),
    /// Report what a dataset (or a SEG-Y file) holds.
    Info {
        /// The dataset's folder, or a SEG-Y file.
        path: PathBuf,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Print trace headers of a dataset, chosen and filtered.
    Headers(HeaderArguments),
    /// List the ensembles (gathers) of a dataset.
    Ensembles {
        /// The dataset's folder.
        dataset: PathBuf,
        /// Group all traces by these header names instead of listing the runs found at import.
        #[arg(long, value_name = "KEY[,KEY]", value_delimiter = ',')]
        by: Vec<String>,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Write the original file again, byte for byte, from the dataset alone; or another form of it.
    Export(Box<ExportArguments>),
    /// Read everything back, and prove the exact export by its SHA-256.
    Verify {
        /// The dataset's folder.
        dataset: PathBuf,
        /// Compare with this file, too.
        #[arg(long, value_name = "FILE")]
        against: Option<PathBuf>,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Draw a gather or a range of traces into a PNG.
    Render(RenderArguments),
}

#[derive(Debug, Args)]
pub(super) struct DemoArguments {
    /// Where the sample file, its dataset and the picture go; by default a folder for temporary files.
    #[arg(short, long, value_name = "FOLDER")]
    pub(super) output: Option<PathBuf>,
    /// Do not open the window even where there is a display.
    #[arg(long)]
    pub(super) no_window: bool,
}

#[derive(Debug, Args)]
pub(super) struct ScanArguments {
    /// The SEG-Y file.
    pub(super) file: PathBuf,
    /// Look at every trace, header and samples, and report what is wrong with the file.
    #[arg(long)]
    pub(super) full: bool,
    /// Print one JSON object.
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) overrides: OverrideArguments,
}

#[derive(Debug, Args)]
pub(super) struct HeaderArguments {
    /// The dataset's folder.
    pub(super) dataset: PathBuf,
    /// Header names, comma-separated; by default the ones that are most asked for.
    #[arg(long, value_name = "NAME[,NAME]", value_delimiter = ',')]
    pub(super) select: Vec<String>,
    /// Only traces for which this holds: 'offset < 500 and ffid in (101, 102)'.
    #[arg(long = "where", value_name = "EXPRESSION")]
    pub(super) filter: Option<String>,
    /// At most so many traces; 0 for all.
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(super) limit: u64,
    /// How to print.
    #[arg(long, default_value = "table")]
    pub(super) format: TableFormat,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["gather", "traces"]))]
pub(super) struct RenderArguments {
    /// The dataset's folder, or a SEG-Y file.
    pub(super) path: PathBuf,
    /// All traces with these header values: ffid=1042, or inline=100,crossline=200.
    #[arg(long, value_name = "KEY=VALUE[,KEY=VALUE]", value_delimiter = ',')]
    pub(super) gather: Vec<String>,
    /// These traces, counted from 0, end not included.
    #[arg(long, value_name = "A..B", value_parser = trace_range)]
    pub(super) traces: Option<Range<u64>>,
    /// The PNG to write.
    #[arg(short, long, value_name = "IMAGE.png")]
    pub(super) output: PathBuf,
    /// How to draw.
    #[arg(long, default_value = "density")]
    pub(super) mode: DisplayChoice,
    /// Picture size in pixels.
    #[arg(long, value_name = "WxH", default_value = "1200x800", value_parser = picture_size)]
    pub(super) size: (usize, usize),
    /// Colour table, by a part of its name: grey, petrel, viridis …
    #[arg(long, value_name = "NAME")]
    pub(super) colours: Option<String>,
    /// Colours and fills the other way round.
    #[arg(long)]
    pub(super) reverse_polarity: bool,
    /// Percentile of |amplitude| at which colours end.
    #[arg(long, value_name = "PERCENT", default_value_t = 99.0, value_parser = percent)]
    pub(super) percentile: f32,
    /// Amplitude at which colours end, instead of a percentile.
    #[arg(long, value_name = "AMPLITUDE", value_parser = positive)]
    pub(super) clip: Option<f64>,
    /// Header names along the top, comma-separated.
    #[arg(long, value_name = "NAME[,NAME]", value_delimiter = ',')]
    pub(super) headers: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TableFormat {
    Table,
    Csv,
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum DisplayChoice {
    Density,
    Wiggle,
    WiggleLines,
    VariableArea,
    DensityWiggle,
}

impl From<DisplayChoice> for DisplayMode {
    fn from(choice: DisplayChoice) -> Self {
        match choice {
            DisplayChoice::Density => Self::Density,
            DisplayChoice::Wiggle => Self::Wiggle,
            DisplayChoice::WiggleLines => Self::WiggleLines,
            DisplayChoice::VariableArea => Self::VariableArea,
            DisplayChoice::DensityWiggle => Self::DensityWiggle,
        }
    }
}

/// `A..B`, counted from 0, B not included.
pub(super) fn trace_range(text: &str) -> Result<Range<u64>, String> {
    let wanted =
        || format!("\"{text}\" is not a range of traces; write 0..1000 for the first thousand");
    let (start, end) = text.split_once("..").ok_or_else(wanted)?;
    let start: u64 = start.trim().parse().ok().ok_or_else(wanted)?;
    let end: u64 = end.trim().parse().ok().ok_or_else(wanted)?;
    if start < end {
        Ok(start..end)
    } else {
        Err(format!("{text} holds no trace; the end is not included"))
    }
}

fn picture_size(text: &str) -> Result<(usize, usize), String> {
    let wanted = || format!("\"{text}\" is not a picture size; write 1200x800");
    let (width, height) = text.split_once(['x', 'X']).ok_or_else(wanted)?;
    let width: usize = width.trim().parse().ok().ok_or_else(wanted)?;
    let height: usize = height.trim().parse().ok().ok_or_else(wanted)?;
    if (200..=16_384).contains(&width) && (150..=16_384).contains(&height) {
        Ok((width, height))
    } else {
        Err("pictures are between 200x150 and 16384x16384 pixels".to_owned())
    }
}

fn percent(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(value) if value > 0.0 && value <= 100.0 => Ok(value),
        _ => Err("a percentile is over 0 and at most 100".to_owned()),
    }
}

pub(super) fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value > 0.0 && value.is_finite() => Ok(value),
        _ => Err("a number over 0 is wanted".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn ranges_are_half_open() {
        assert_eq!(trace_range("0..1000"), Ok(0..1000));
        assert!(trace_range("5..5").is_err());
        assert!(trace_range("5").is_err());
        assert!(trace_range("-1..5").is_err());
    }

    #[test]
    fn a_bare_path_opens_the_window_and_a_word_is_a_command() {
        let window = Arguments::parse_from(["shotpoint", "a.sgy", "b.shotpoint"]);
        assert_eq!(window.paths.len(), 2);
        assert!(window.command.is_none());
        let demo = Arguments::parse_from(["shotpoint", "demo", "--no-window"]);
        assert!(matches!(demo.command, Some(Command::Demo(_))));
    }
}
