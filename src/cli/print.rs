//! How does text reach standard output? The only place that writes there.

use std::io::{self, BufWriter, ErrorKind, Write};

use serde::Serialize;

use super::run::Failure;

/// Prints a line. A reader that has gone away (`| head`) ends the process quietly, as other
/// command-line programs do.
///
/// # Errors
/// When standard output cannot be written for another reason.
pub(super) fn line(text: &str) -> Result<(), Failure> {
    said(writeln!(io::stdout().lock(), "{text}"))
}

fn said(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        Err(error) => Err(Failure::new(format!("cannot write the output: {error}"))),
    }
}

/// Prints what the window has to report as it closes.
pub(super) fn report(text: &str) {
    // The window closes in any case.
    drop(line(text));
}

/// Prints a value as JSON over several lines, as it is made.
///
/// # Errors
/// As [`line`].
pub(super) fn json(value: &impl Serialize) -> Result<(), Failure> {
    let mut output = BufWriter::new(io::stdout().lock());
    let written = serde_json::to_writer_pretty(&mut output, value);
    said(written.map_err(Into::into).and_then(|()| {
        writeln!(output)?;
        output.flush()
    }))
}

/// Prints `name: value` pairs with the values in one column.
///
/// # Errors
/// As [`line`].
pub(super) fn pairs(rows: &[(&str, String)]) -> Result<(), Failure> {
    let width = rows
        .iter()
        .map(|(name, _)| name.chars().count())
        .max()
        .unwrap_or(0);
    for (name, value) in rows {
        line(&format!("  {name:width$}  {value}"))?;
    }
    Ok(())
}

/// Prints a table, numbers to the right, with a line under its head. Rows are made twice, once for
/// their widths: there may be more than memory holds.
///
/// # Errors
/// As [`line`].
pub(super) fn table(
    head: &[String],
    rows: impl Iterator<Item = Vec<String>> + Clone,
) -> Result<(), Failure> {
    let mut widths: Vec<usize> = head.iter().map(|cell| cell.chars().count()).collect();
    for row in rows.clone() {
        for (width, cell) in widths.iter_mut().zip(&row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let print_row = |cells: &[String]| {
        let text: Vec<String> = cells
            .iter()
            .zip(&widths)
            .map(|(cell, &width)| format!("{cell:>width$}"))
            .collect();
        line(text.join("  ").trim_end())
    };
    print_row(head)?;
    line(&"-".repeat(widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1)))?;
    let mut rows = rows;
    rows.try_for_each(|row| print_row(&row))
}

/// Prints a line on standard error: what is said about the work, beside its result.
pub(super) fn aside(text: &str) {
    // Nobody may be listening; then there is nobody to tell.
    drop(writeln!(io::stderr().lock(), "{text}"));
}
