//! How is the file in another form written? Whole or not at all, in constant memory.

use std::path::Path;
use std::time::Instant;

use super::choice::{Choice, Columns, Places, choose};
use super::file_headers::file_headers;
use super::plan::FormPlan;
use super::traces::{Chosen, FormBlock, FormTraces};
use super::{ExportForm, FormChange, FormReport};
use crate::dataset::Dataset;
use crate::export::ExportError;
use crate::export::output::{PartialFile, check_not_the_source, check_output};
use crate::job::{JobContext, Phase, Stop};

/// Writes a dataset in the form that is asked for to `output` (through a `.partial` beside it, then a rename).
///
/// # Errors
/// When the form does not fit, anything fails, or somebody cancels: then nothing is left on disk.
pub fn export_form(
    dataset: &Dataset,
    form: &ExportForm,
    output: &Path,
    overwrite: bool,
    context: &JobContext,
) -> Result<FormReport, Stop<ExportError>> {
    let started = Instant::now();
    context.progress.enter(Phase::Preparing);
    context.check_cancelled()?;
    let plan = FormPlan::new(dataset, form).map_err(Stop::Failed)?;
    check_not_the_source(dataset, output, context)?;
    check_output(dataset, output, overwrite, 0).map_err(Stop::Failed)?;
    let mut choice = choose(dataset, &plan, output, context)?;
    if choice.n_traces == 0 {
        return Err(Stop::Failed(ExportError::FormUnfit {
            problem: "no trace fulfils the condition, so there is nothing to write; widen it"
                .to_owned(),
        }));
    }
    let mut changes = plan.changes().to_vec();
    let of_dataset = dataset.manifest().array.n_traces;
    if choice.n_traces < of_dataset {
        changes.push(FormChange::TracesLeftOut {
            n_left_out: of_dataset - choice.n_traces,
            n_traces: of_dataset,
        });
    }
    let headers = new_headers(dataset, &plan, &choice, &mut changes).map_err(Stop::Failed)?;
    let total = choice.bytes.saturating_add(headers.len() as u64);
    check_output(dataset, output, overwrite, total).map_err(Stop::Failed)?;
    context.progress.set_total(choice.n_traces, total);

    context.progress.enter(Phase::Exporting);
    let mut file = PartialFile::create(output).map_err(Stop::Failed)?;
    file.append(&headers, context).map_err(Stop::Failed)?;
    let mut traces = FormTraces::new(dataset, &plan).map_err(Stop::Failed)?;
    let mut places = choice.places.take();
    let mut block = FormBlock::default();
    let mut n_written = 0;
    for rows in traces.blocks() {
        context.check_cancelled()?;
        let (chosen, positions) =
            next_rows(dataset, &plan, rows.clone(), n_written, &mut places, output)
                .map_err(Stop::Failed)?;
        traces
            .block(rows, &chosen, &mut block)
            .map_err(Stop::Failed)?;
        n_written += chosen.len() as u64;
        if places.is_some() {
            let start = headers.len() as u64;
            scatter(&mut file, &block, &positions, start, context)?;
        } else {
            file.append(&block.bytes, context).map_err(Stop::Failed)?;
        }
        context.progress.add(chosen.len() as u64, 0);
    }
    changes.extend(traces.changes());

    context.progress.enter(Phase::Finishing);
    context.check_cancelled()?;
    if places.is_some() {
        file.hash_again(context)?;
    }
    let (bytes, sha256) = file.finish(output, overwrite).map_err(Stop::Failed)?;
    context.progress.enter(Phase::Done);
    Ok(FormReport {
        path: output.to_owned(),
        bytes,
        same_as_source: sha256 == dataset.manifest().source.sha256,
        sha256,
        n_traces: choice.n_traces,
        n_samples: plan.n_samples(),
        format: plan.format,
        byte_order: plan.byte_order,
        revision: (!plan.is_su()).then_some(plan.revision),
        changes,
        seconds: started.elapsed().as_secs_f64(),
    })
}

fn new_headers(
    dataset: &Dataset,
    plan: &FormPlan,
    choice: &Choice,
    changes: &mut Vec<FormChange>,
) -> Result<Vec<u8>, ExportError> {
    if plan.is_su() {
        return Ok(Vec::new());
    }
    file_headers(dataset, plan, choice.n_traces, choice.n_short, changes)
}

/// The chosen rows of a block, and where they go if they are sorted.
fn next_rows(
    dataset: &Dataset,
    plan: &FormPlan,
    rows: std::ops::Range<u64>,
    n_written: u64,
    places: &mut Option<Places>,
    output: &Path,
) -> Result<(Vec<Chosen>, Vec<u64>), ExportError> {
    let rows = if plan.filter().is_some() {
        Columns::read(dataset, plan, rows)?.chosen(plan)?
    } else {
        (0..usize::try_from(rows.end - rows.start).unwrap_or(usize::MAX)).collect()
    };
    let mut positions = Vec::new();
    let mut chosen = Vec::with_capacity(rows.len());
    for (row, number) in rows.into_iter().zip(n_written..) {
        let number = match places {
            Some(places) => {
                let (position, number) = places.next(output)?;
                positions.push(position);
                number
            }
            None => number,
        };
        chosen.push(Chosen { row, number });
    }
    Ok((chosen, positions))
}

/// Writes each trace to its place; those that come to lie side by side together.
fn scatter(
    file: &mut PartialFile,
    block: &FormBlock,
    positions: &[u64],
    start: u64,
    context: &JobContext,
) -> Result<(), Stop<ExportError>> {
    let begins = std::iter::once(0).chain(block.ends.iter().copied());
    let mut traces: Vec<(u64, std::ops::Range<usize>)> = begins
        .zip(&block.ends)
        .zip(positions)
        .map(|((begin, &end), &position)| (position, begin..end))
        .collect();
    traces.sort_unstable_by_key(|(position, _)| *position);
    let mut together = Vec::new();
    let mut from = 0;
    for (position, range) in traces {
        if position != from + together.len() as u64 {
            file.write_at(start + from, &together, context)
                .map_err(Stop::Failed)?;
            together.clear();
            from = position;
        }
        together.extend_from_slice(block.bytes.get(range).unwrap_or_default());
    }
    file.write_at(start + from, &together, context)
        .map_err(Stop::Failed)?;
    Ok(())
}
