//! Which words does `shotpoint import` understand, and what do they ask for?

use std::ops::Range;
use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use super::args::trace_range;
use super::override_args::OverrideArguments;
use crate::dataset::Codec;
use crate::import::{ImportOptions, Mapping, RequestedMode};

#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Args)]
pub(super) struct ImportArguments {
    /// The SEG-Y file; it is only read.
    pub(super) file: PathBuf,
    /// The dataset's folder; by default beside the file, ending in .shotpoint.
    #[arg(short, long, value_name = "DATASET")]
    pub(super) output: Option<PathBuf>,
    /// Hold all traces in memory (batch) or stream; auto (the default) streams files over 500 MB or 50,000 traces.
    #[arg(long)]
    pub(super) mode: Option<ModeChoice>,
    /// A mapping saved by the window or by hand, as JSON.
    #[arg(long, value_name = "FILE.json")]
    pub(super) mapping: Option<PathBuf>,
    /// Take a header column from another byte (from 1), as another type: inline=5, cable=197:i16.
    #[arg(long = "map", value_name = "NAME=BYTE[:KIND]")]
    pub(super) map: Vec<String>,
    /// Add a column computed from others: bin='floor(offset / 100)'; + - * / % and
    /// floor, ceil, round, abs, sqrt, min, max, hypot. Whole results may be ensemble keys.
    #[arg(long = "compute", value_name = "NAME=EXPRESSION")]
    pub(super) compute: Vec<String>,
    /// Remember this mapping for files of the same make; `scan` offers it then.
    #[arg(long)]
    pub(super) remember: bool,
    /// Header names whose equal consecutive values make an ensemble.
    #[arg(long, value_name = "KEY[,KEY]", value_delimiter = ',')]
    pub(super) ensemble: Vec<String>,
    #[command(flatten)]
    pub(super) overrides: OverrideArguments,
    /// Only these traces, counted from 0, end not included: 0..1000.
    #[arg(long, value_name = "A..B", value_parser = trace_range)]
    pub(super) traces: Option<Range<u64>>,
    /// Memory budget while streaming, in MiB; 256 unless told.
    #[arg(long, value_name = "MIB")]
    pub(super) memory: Option<u32>,
    /// Worker threads; by default one a processor.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(super) threads: Option<u32>,
    /// Compression; balanced unless told. The figures are measured on realistic floats.
    #[arg(long)]
    pub(super) codec: Option<CodecChoice>,
    /// Replace an existing dataset, or an unfinished one.
    #[arg(long)]
    pub(super) overwrite: bool,
    /// When done, read everything back, and prove the exact export by its SHA-256.
    #[arg(long)]
    pub(super) verify: bool,
    /// Go on with an import of this file that was interrupted; begin where there is none. Options
    /// need not be repeated; one that contradicts those of the beginning is refused.
    #[arg(long)]
    pub(super) resume: bool,
    /// What Ctrl-C leaves behind: nothing (remove), or what --resume goes on with (keep). What was
    /// gone on with is kept unless asked otherwise.
    #[arg(long, value_name = "WHAT")]
    pub(super) on_cancel: Option<OnCancel>,
    /// Print one JSON object at the end.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ModeChoice {
    Auto,
    Batch,
    Streaming,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum OnCancel {
    Keep,
    Remove,
}

impl From<ModeChoice> for RequestedMode {
    fn from(choice: ModeChoice) -> Self {
        match choice {
            ModeChoice::Auto => Self::Auto,
            ModeChoice::Batch => Self::Batch,
            ModeChoice::Streaming => Self::Streaming,
        }
    }
}

/// A codec; its help says what was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CodecChoice(Codec);

impl ValueEnum for CodecChoice {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self(Codec::Balanced), Self(Codec::Fast), Self(Codec::Small)]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let name = match self.0 {
            Codec::Balanced => "balanced",
            Codec::Fast => "fast",
            Codec::Small => "small",
        };
        Some(PossibleValue::new(name).help(self.0.describe()))
    }
}

impl ImportArguments {
    /// Whether an interrupt leaves behind what can be gone on with.
    pub(super) fn keeps_on_cancel(&self) -> bool {
        match self.on_cancel {
            Some(choice) => choice == OnCancel::Keep,
            None => self.resume,
        }
    }

    /// The options beside the mapping: what was given, laid over `base` (the options by which an
    /// interrupted import began, or the usual ones).
    pub(super) fn options(&self, base: ImportOptions) -> ImportOptions {
        ImportOptions {
            output: self.output.clone().or(base.output),
            overwrite: self.overwrite,
            resume: self.resume,
            mode: self.mode.map_or(base.mode, RequestedMode::from),
            memory_mib: self.memory.unwrap_or(base.memory_mib),
            threads: self.threads.or(base.threads),
            codec: self.codec.map_or(base.codec, |CodecChoice(codec)| codec),
            traces: self.traces.clone().or(base.traces),
            ..base
        }
    }

    /// `base` (a mapping file) with the command line laid over it.
    ///
    /// # Errors
    /// A sentence about a `--map` that cannot be read.
    pub(super) fn mapping(&self, base: Mapping) -> Result<Mapping, String> {
        let mut mapping = base;
        for text in &self.map {
            let column = Mapping::parse_column(text).map_err(|error| error.to_string())?;
            put(&mut mapping.columns, column, |column| &column.name);
        }
        for text in &self.compute {
            let column = Mapping::parse_computed(text).map_err(|error| error.to_string())?;
            put(&mut mapping.computed, column, |column| &column.name);
        }
        if !self.ensemble.is_empty() {
            mapping.ensemble_keys.clone_from(&self.ensemble);
        }
        mapping.overrides = self.overrides.laid_over(&mapping.overrides);
        Ok(mapping)
    }
}

/// Puts `one` in the place of the one of its name, or behind all.
fn put<T>(all: &mut Vec<T>, one: T, name: impl Fn(&T) -> &String) {
    match all.iter_mut().find(|other| name(other) == name(&one)) {
        Some(other) => *other = one,
        None => all.push(one),
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::*;
    use crate::cli::args::{Arguments, Command};
    use crate::segy::{ByteOrder, LayoutOverrides};

    fn import(words: &[&str]) -> Box<ImportArguments> {
        let given = ["shotpoint", "import", "a.sgy"].iter().chain(words);
        let Some(Command::Import(import)) = Arguments::parse_from(given).command else {
            panic!("not an import");
        };
        import
    }

    #[test]
    fn what_is_not_repeated_stays_as_it_was_asked_for_first() {
        let first = import(&["--codec", "fast", "--memory", "64", "--traces", "0..10"]);
        let first = first.options(ImportOptions::default());
        let again = import(&["--resume"]).options(first.clone());
        assert_eq!(
            (again.codec, again.memory_mib, again.traces.clone()),
            (Codec::Fast, 64, Some(0..10))
        );
        assert!(again.resume && !first.resume);
        let other = import(&["--resume", "--codec", "small"]).options(first);
        assert_eq!(other.codec, Codec::Small);
    }

    #[test]
    fn a_column_is_laid_over_the_one_of_its_name_in_its_place() {
        let base = import(&["--map", "inline=5", "--map", "crossline=21"]);
        let base = base.mapping(Mapping::default()).expect("a mapping");
        let same = import(&["--map", "inline=5"]).mapping(base.clone());
        assert_eq!(same.as_ref(), Ok(&base));
        let moved = import(&["--map", "inline=9"]).mapping(base).expect("one");
        assert_eq!(moved.columns.first().map(|column| column.byte), Some(9));
        assert_eq!(moved.columns.len(), 2);
    }

    #[test]
    fn the_help_says_what_each_codec_was_measured_to_give() {
        let mut command = Arguments::command();
        let import = command.find_subcommand_mut("import").expect("import");
        let help = import.render_long_help().to_string();
        assert!(help.contains("times smaller"), "{help}");
    }

    #[test]
    fn the_command_line_lies_over_the_mapping_file() {
        let import = import(&["--byte-order", "little", "--ensemble", "ffid,offset"]);
        let base = Mapping {
            overrides: LayoutOverrides {
                byte_order: Some(ByteOrder::Big),
                n_samples: Some(5),
                ..LayoutOverrides::default()
            },
            ensemble_keys: vec!["cdp".to_owned()],
            ..Mapping::default()
        };
        let mapping = import.mapping(base).expect("a mapping");
        assert_eq!(mapping.overrides.byte_order, Some(ByteOrder::Little));
        assert_eq!(mapping.overrides.n_samples, Some(5));
        assert_eq!(mapping.ensemble_keys, ["ffid", "offset"]);
    }
}
