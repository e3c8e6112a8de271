//! Which options has `shotpoint export`?

use std::ops::{Range, RangeInclusive};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::args::trace_range;
use crate::export::{ExportForm, FileKind, read_text_lines, text_line};
use crate::segy::{ByteOrder, Revision, SampleFormat, TextEncoding};

/// Without any option of the form: the imported file, byte for byte.
#[derive(Debug, Args)]
pub(super) struct ExportArguments {
    /// The dataset's folder.
    pub(super) dataset: PathBuf,
    /// The file to write.
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: PathBuf,
    /// Replace an existing file (never the imported one).
    #[arg(long)]
    pub(super) overwrite: bool,
    /// What to do where the dataset is damaged: write nothing, or write the rest, with dead traces
    /// and zeros in the place of what is lost (exit code 1 then, and a list in FILE.missing.txt).
    #[arg(long, value_name = "CHOICE", default_value = "refuse")]
    pub(super) damaged: DamagedChoice,
    /// Print one JSON object.
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten, next_help_heading = "Another form")]
    form: FormArguments,
}

#[derive(Debug, Args)]
struct FormArguments {
    /// Only traces for which this holds: 'offset < 500 and ffid in (101, 102)'.
    #[arg(long = "where", value_name = "EXPRESSION")]
    filter: Option<String>,
    /// Only these traces, counted from 0, end not included: 0..1000.
    #[arg(long, value_name = "A..B", value_parser = trace_range)]
    traces: Option<Range<u64>>,
    /// Sort by these header columns, smallest first.
    #[arg(long, value_name = "KEY[,KEY]", value_delimiter = ',')]
    sort: Vec<String>,
    /// Only samples between these times in milliseconds, both included: 500..2000.
    #[arg(long, value_name = "A..B", value_parser = times, allow_hyphen_values = true)]
    time: Option<RangeInclusive<f64>>,
    /// What kind of file.
    #[arg(long, value_name = "KIND", default_value = "segy")]
    to: KindChoice,
    /// Sample format: ibm, ieee, float64, int8 … uint64, or a code of the standard.
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    format: Option<SampleFormat>,
    /// Byte order of headers and samples.
    #[arg(long, value_name = "ORDER")]
    byte_order: Option<OrderChoice>,
    /// Revision of the standard: 0, 1, 2 or 2.1.
    #[arg(long, value_name = "N", value_parser = revision)]
    revision: Option<Revision>,
    /// Take the textual header from a text file of at most 40 lines of 80 characters.
    #[arg(long, value_name = "FILE")]
    text: Option<PathBuf>,
    /// Replace one line of the textual header: 'C 3 PROCESSED AGAIN'. May be given often.
    #[arg(long, value_name = "LINE", value_parser = text_line)]
    text_line: Vec<(u8, String)>,
    /// Code of the textual headers.
    #[arg(long, value_name = "CODE")]
    text_encoding: Option<EncodingChoice>,
    /// Number traces anew from 1 (bytes 1–8 of the trace headers).
    #[arg(long)]
    renumber: bool,
}

/// What an export of a damaged dataset does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DamagedChoice {
    Refuse,
    Fill,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum KindChoice {
    Segy,
    Su,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum OrderChoice {
    Big,
    Little,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum EncodingChoice {
    Ebcdic,
    Ascii,
}

impl ExportArguments {
    /// What is asked for.
    ///
    /// # Errors
    /// A sentence, when the text cannot be read.
    pub(super) fn form(&self) -> Result<ExportForm, String> {
        let given = &self.form;
        let text = given
            .text
            .as_deref()
            .map(read_text_lines)
            .transpose()
            .map_err(|error| error.to_string())?;
        Ok(ExportForm {
            traces: given.traces.clone(),
            filter: given.filter.clone(),
            sort_by: given.sort.clone(),
            kind: match given.to {
                KindChoice::Segy => FileKind::SegY,
                KindChoice::Su => FileKind::SeismicUnix,
            },
            format: given.format,
            byte_order: given.byte_order.map(|order| match order {
                OrderChoice::Big => ByteOrder::Big,
                OrderChoice::Little => ByteOrder::Little,
            }),
            revision: given.revision,
            text,
            text_lines: given.text_line.clone(),
            text_encoding: given.text_encoding.map(|code| match code {
                EncodingChoice::Ebcdic => TextEncoding::Ebcdic,
                EncodingChoice::Ascii => TextEncoding::Ascii,
            }),
            window_millis: given.time.clone(),
            renumber: given.renumber,
        })
    }
}

fn format(text: &str) -> Result<SampleFormat, String> {
    ExportForm::parse_format(text).ok_or_else(|| {
        let names: Vec<&str> = ExportForm::format_names().collect();
        format!(
            "\"{text}\" is no sample format; there are {}, and the codes 1–3, 5–12, 15, 16",
            names.join(", ")
        )
    })
}

fn revision(text: &str) -> Result<Revision, String> {
    ExportForm::parse_revision(text)
        .ok_or_else(|| format!("\"{text}\" is no revision; there are 0, 1, 2 and 2.1"))
}

/// `A..B` in milliseconds, both included.
fn times(text: &str) -> Result<RangeInclusive<f64>, String> {
    let wanted = || format!("\"{text}\" is no range of times; write 500..2000 in milliseconds");
    let (start, end) = text.split_once("..").ok_or_else(wanted)?;
    let number = |text: &str| {
        let number: Option<f64> = text.trim().parse().ok();
        number.filter(|n| n.is_finite()).ok_or_else(wanted)
    };
    let (start, end) = (number(start)?, number(end)?);
    if start <= end {
        Ok(start..=end)
    } else {
        Err(format!("{text} ends before it begins"))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::super::args::{Arguments, Command};
    use super::*;

    fn given(options: &[&str]) -> ExportForm {
        let words = ["shotpoint", "export", "a.shotpoint", "-o", "b.sgy"];
        let arguments = Arguments::try_parse_from(words.iter().chain(options));
        match arguments.expect("right usage").command {
            Some(Command::Export(export)) => export.form().expect("a form"),
            other => panic!("{other:?} is no export"),
        }
    }

    #[test]
    fn without_options_the_export_is_exact() {
        assert!(given(&[]).is_exact());
        assert!(given(&["--to", "segy"]).is_exact());
    }

    #[test]
    fn every_option_reaches_the_form() {
        let form = given(&[
            "--where",
            "offset < 500",
            "--traces",
            "5..9",
            "--sort",
            "cdp,offset",
            "--time",
            "-8..12.5",
            "--to",
            "su",
            "--format",
            "5",
            "--byte-order",
            "big",
            "--revision",
            "2.1",
            "--text-line",
            "C 3 A LINE",
            "--text-encoding",
            "ascii",
            "--renumber",
        ]);
        assert_eq!(form.filter.as_deref(), Some("offset < 500"));
        assert_eq!(form.traces, Some(5..9));
        assert_eq!(form.sort_by, ["cdp", "offset"]);
        assert_eq!(form.window_millis, Some(-8.0..=12.5));
        assert_eq!(form.kind, FileKind::SeismicUnix);
        assert_eq!(form.format, Some(SampleFormat::Ieee32));
        assert_eq!(form.byte_order, Some(ByteOrder::Big));
        assert_eq!(form.revision.map(|r| (r.major, r.minor)), Some((2, 1)));
        assert_eq!(form.text_lines, [(3, "C 3 A LINE".to_owned())]);
        assert_eq!(form.text_encoding, Some(TextEncoding::Ascii));
        assert!(form.renumber);
    }

    #[test]
    fn times_are_two_numbers_in_order() {
        assert_eq!(times("0..100"), Ok(0.0..=100.0));
        for wrong in ["5", "a..b", "3..2", "..", "nan..1"] {
            assert!(times(wrong).is_err(), "{wrong}");
        }
    }
}
