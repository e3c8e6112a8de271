//! What does each command's help show as examples, and what of its words needs explaining?
//!
//! Every line that begins with `shotpoint` is parsed by a test (see `documented.rs`).

use clap::{Command, CommandFactory};

use super::args::Arguments;

/// Behind the options of a command's help.
const OF_COMMANDS: &[(&str, &str)] = &[
    (
        "demo",
        "\
Examples:
  shotpoint demo                            in the window, where there is a display
  shotpoint demo --no-window -o /tmp/demo   as files: the SEG-Y file, its dataset, a picture",
    ),
    (
        "scan",
        "\
The layout options say what the file says wrongly, or not at all; the report tells which evidence
each one overrules.

Examples:
  shotpoint scan line12.sgy                 what is in this file, and how is that known?
  shotpoint scan line12.sgy --full          and what is wrong with it? Reads every trace
  shotpoint scan old.sgy --format 1 --samples 1501 --interval-us 2000
  shotpoint scan line12.su --container seismic-unix --byte-order little
  shotpoint scan line12.sgy --json | jq .n_traces",
    ),
    (
        "import",
        "\
A header is named as by Seismic Unix (fldr), segyio (FieldRecord), or the columns of
headers.parquet (orig_field_record_num). KIND is i8, i16, i24, i32, i64, u8 … u64, f32, f64 or
ibm32.

Examples:
  shotpoint import line12.sgy               makes line12.shotpoint beside it
  shotpoint import line12.sgy --verify      and proves that line12.sgy comes back byte for byte
  shotpoint import stack.sgy --map inline=5 --map crossline=21 --ensemble inline
  shotpoint import shots.sgy --ensemble ffid --compute 'bin=floor(offset / 100)'
  shotpoint import line12.sgy --resume      goes on where a killed import stopped
  shotpoint import line12.sgy --memory 64 --codec fast -o /data/line12.shotpoint",
    ),
    (
        "info",
        "\
Examples:
  shotpoint info line12.shotpoint
  shotpoint info line12.shotpoint --json | jq .array.n_traces",
    ),
    (
        "headers",
        "\
EXPRESSION compares headers with = != < <= > >=, between … and …, in (…) and is null, joined by
and, or, not; it may compute with + - * / % and floor, ceil, round, abs, sqrt, min, max, hypot.

Examples:
  shotpoint headers line12.shotpoint --select ffid,offset --limit 20
  shotpoint headers line12.shotpoint --where 'offset < 500 and ffid in (101, 102)' --limit 0
  shotpoint headers line12.shotpoint --where 'cdp between 200 and 210' --format csv > near.csv",
    ),
    (
        "ensembles",
        "\
Examples:
  shotpoint ensembles line12.shotpoint              the runs found at import
  shotpoint ensembles line12.shotpoint --by cdp     of all traces, wherever they stand",
    ),
    (
        "export",
        "\
Without options of another form the output is the imported file, byte for byte. Otherwise a report
says all that is not as it was, with counts.

Examples:
  shotpoint export line12.shotpoint -o copy.sgy && cmp line12.sgy copy.sgy
  shotpoint export line12.shotpoint -o near.sgy --where 'offset < 500' --sort cdp,offset
  shotpoint export line12.shotpoint -o window.sgy --time 500..2000 --format ieee
  shotpoint export line12.shotpoint -o line12.su --to su --byte-order little
  shotpoint export line12.shotpoint -o noted.sgy --text-line 'C 3 PROCESSED AGAIN'",
    ),
    (
        "verify",
        "\
Damage is named: which chunk, and which traces are in it. The exit code is 1 then.

Examples:
  shotpoint verify line12.shotpoint
  shotpoint verify line12.shotpoint --against line12.sgy",
    ),
    (
        "render",
        "\
Examples:
  shotpoint render line12.shotpoint --gather ffid=1042 -o shot.png
  shotpoint render line12.sgy --traces 0..500 --mode wiggle --size 1600x1000 -o first.png
  shotpoint render line12.shotpoint --gather cdp=210 --colours viridis --headers offset -o cdp.png",
    ),
];

/// The command line with the examples.
pub(super) fn command() -> Command {
    OF_COMMANDS
        .iter()
        .fold(Arguments::command(), |command, &(name, text)| {
            command.mut_subcommand(name, |one| one.after_help(text))
        })
}
