//! Does each thing that is asked for fit the dataset? What it means there, or what would fit.

use std::ops::{Range, RangeInclusive};

use super::plan::{Original, unfit};
use super::text::{check_line, check_lines};
use super::{ExportForm, FileKind};
use crate::dataset::{Dataset, Expression, VerticalDomain};
use crate::export::ExportError;
use crate::segy::SampleFormat;
use crate::segy::fields_trace::find_trace_field;

pub(super) fn target_format(
    from: &Original,
    form: &ExportForm,
) -> Result<SampleFormat, ExportError> {
    if form.kind == FileKind::SeismicUnix {
        return match form.format {
            None | Some(SampleFormat::Ieee32) => Ok(SampleFormat::Ieee32),
            Some(other) => Err(unfit(format!(
                "Seismic Unix holds IEEE floats of 4 bytes, not {}; leave --format out, or write SEG-Y",
                other.label()
            ))),
        };
    }
    let format = form.format.unwrap_or(from.format);
    if format == SampleFormat::FixedPointWithGain {
        return Err(unfit(
            "format 4 (fixed point with gain) is not written; choose another, such as ibm or ieee",
        ));
    }
    Ok(format)
}

pub(super) fn traces(
    dataset: &Dataset,
    asked: Option<&Range<u64>>,
) -> Result<Range<u64>, ExportError> {
    let n_traces = dataset.manifest().array.n_traces;
    match asked {
        None => Ok(0..n_traces),
        Some(asked) if asked.start < asked.end && asked.end <= n_traces => Ok(asked.clone()),
        Some(asked) => Err(unfit(format!(
            "traces {}..{} were asked for, and the dataset has traces 0..{n_traces}; choose among these",
            asked.start, asked.end
        ))),
    }
}

/// The condition and the sort columns, by the dataset's names.
pub(super) fn choices(
    dataset: &Dataset,
    form: &ExportForm,
) -> Result<(Option<Expression>, Vec<String>), ExportError> {
    let known = dataset.header_names();
    // The dataset's own name, or an alias of a standard word: ffid, offset …
    let column_name = |name: &str| {
        if known.iter().any(|other| other == name) {
            return name.to_owned();
        }
        find_trace_field(name).map_or_else(|| name.to_owned(), |field| field.name.to_owned())
    };
    let schema = dataset.header_schema();
    let filter = form
        .filter
        .as_deref()
        .map(|text| Expression::parse_meaning(text, &schema, &|name| Some(column_name(name))))
        .transpose()
        .map_err(|error| unfit(error.to_string()))?;
    let keys: Vec<String> = form.sort_by.iter().map(|key| column_name(key)).collect();
    for key in &keys {
        let field = schema
            .field_with_name(key)
            .map_err(|_unknown| unfit(format!("there is no header column {key} to sort by; `shotpoint headers DATASET --limit 1 --format csv` lists some")))?;
        if !field.data_type().is_numeric() {
            return Err(unfit(format!(
                "traces cannot be sorted by {key}, which holds no numbers; choose another column"
            )));
        }
    }
    Ok((filter, keys))
}

/// The samples within the times asked for.
pub(super) fn window(
    dataset: &Dataset,
    millis: Option<&RangeInclusive<f64>>,
) -> Result<Range<u32>, ExportError> {
    let (axis, n_samples) = (&dataset.manifest().axis, dataset.manifest().array.n_samples);
    let Some(millis) = millis else {
        return Ok(0..n_samples);
    };
    if axis.domain != VerticalDomain::Time || axis.interval <= 0.0 {
        return Err(unfit(format!(
            "times were asked for, and the vertical axis of this dataset counts in {}; leave --time out",
            axis.unit
        )));
    }
    // A sample a thousandth of an interval outside counts as inside: times are often written rounded.
    let position = |time: f64| (time - axis.first) / axis.interval;
    let first = (position(*millis.start()) - 1e-3).ceil().max(0.0);
    let behind = (position(*millis.end()) + 1e-3).floor() + 1.0;
    let behind = behind.min(f64::from(n_samples));
    if first.is_nan() || behind.is_nan() || first >= behind {
        let last = axis.first + axis.interval * f64::from(n_samples.saturating_sub(1));
        return Err(unfit(format!(
            "no sample lies between {} and {} ms; the traces go from {} to {last} ms",
            millis.start(),
            millis.end(),
            axis.first
        )));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the number of samples, and whole"
    )]
    Ok(first as u32..behind as u32)
}

pub(super) fn check_texts(form: &ExportForm) -> Result<(), ExportError> {
    check_lines(form.text.as_deref().unwrap_or_default())?;
    for (number, line) in &form.text_lines {
        if !(1..=40).contains(number) {
            return Err(unfit(format!(
                "a textual header has lines 1 to 40, and no line {number}"
            )));
        }
        check_line(*number, line).map_err(unfit)?;
    }
    Ok(())
}
