//! How is a whole file read once, by all processors, and still judged in file order?
//!
//! A wave is a few blocks of some megabytes. Its traces' samples are checked side by side; then
//! the headers are judged one after the other, while their pages are still in memory. Nothing
//! grows with the file.

use std::ops::Range;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::trace_check::TraceCheck;
use crate::import::ImportError;
use crate::job::{JobContext, Stop, panic_text};
use crate::samples::NumberType;
use crate::segy::{SegyFile, TraceWindow, decode_f32};

/// Bytes of a block.
const BLOCK_BYTES: u64 = 8 << 20;
/// Blocks of a wave for each processor.
const BLOCKS_EACH: usize = 2;

type Checks = Result<Vec<TraceCheck>, Stop<ImportError>>;

/// Gives every window of the file, in order, with the checks of its traces.
///
/// # Errors
/// The file; cancelled; a worker that panicked.
pub(in crate::import) fn read_all(
    file: &SegyFile,
    context: &JobContext,
    mut judge: impl FnMut(&TraceWindow<'_>, &[TraceCheck]),
) -> Result<(), Stop<ImportError>> {
    let layout = file.layout();
    let stride = layout.trace_stride_bytes.max(1);
    context
        .progress
        .set_total(layout.n_traces, layout.n_traces.saturating_mul(stride));
    let step = (BLOCK_BYTES / stride).max(1);
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let per_wave = threads * BLOCKS_EACH;
    let mut start = 0;
    while start < layout.n_traces {
        let mut wave = Vec::with_capacity(per_wave);
        while wave.len() < per_wave && start < layout.n_traces {
            let end = start.saturating_add(step).min(layout.n_traces);
            wave.push(start..end);
            start = end;
        }
        file.will_need(start..start.saturating_add(step * per_wave as u64));
        let checked = check_wave(file, &wave, threads, context)?;
        for (block, checks) in wave.into_iter().zip(checked) {
            context.check_cancelled()?;
            let n_traces = block.end - block.start;
            let window = file.window(block).map_err(failed)?;
            judge(&window, &checks);
            window.check().map_err(failed)?;
            context
                .progress
                .add(n_traces, n_traces.saturating_mul(stride));
        }
    }
    Ok(())
}

fn failed(error: crate::segy::SegyError) -> Stop<ImportError> {
    Stop::Failed(ImportError::Segy(error))
}

/// Checks the blocks of a wave side by side; in their order.
fn check_wave(
    file: &SegyFile,
    wave: &[Range<u64>],
    threads: usize,
    context: &JobContext,
) -> Result<Vec<Vec<TraceCheck>>, Stop<ImportError>> {
    let next = AtomicUsize::new(0);
    let results: Vec<Mutex<Option<Checks>>> = wave.iter().map(|_| Mutex::new(None)).collect();
    let work = || {
        let mut buffers = (Vec::new(), Vec::new());
        while let Some((block, slot)) = {
            let i = next.fetch_add(1, Ordering::Relaxed);
            wave.get(i).zip(results.get(i))
        } {
            let checks = check_block(file, block, &mut buffers, context);
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(checks);
        }
    };
    std::thread::scope(|scope| {
        let workers = (0..threads.min(wave.len()))
            .map(|i| {
                std::thread::Builder::new()
                    .name(format!("scan worker {i}"))
                    .spawn_scoped(scope, work)
                    .map_err(|source| Stop::Failed(ImportError::Threads { source }))
            })
            .collect::<Result<Vec<_>, _>>()?;
        for worker in workers {
            worker.join().map_err(|payload| {
                Stop::Failed(ImportError::WorkerPanicked {
                    block: 0,
                    words: panic_text(payload.as_ref()),
                })
            })?;
        }
        Ok::<(), Stop<ImportError>>(())
    })?;
    results
        .into_iter()
        .map(|slot| {
            let checks = slot.into_inner().unwrap_or_else(PoisonError::into_inner);
            checks.unwrap_or_else(|| Ok(Vec::new()))
        })
        .collect()
}

fn check_block(
    file: &SegyFile,
    block: &Range<u64>,
    (samples, work): &mut (Vec<f32>, Vec<f32>),
    context: &JobContext,
) -> Checks {
    let layout = file.layout();
    let (format, order) = (layout.format.value, layout.byte_order.value);
    // Of unsigned samples nobody knows which value is rest.
    let has_sign = !matches!(
        format.number_type(),
        NumberType::Uint8 | NumberType::Uint16 | NumberType::Uint32 | NumberType::Uint64
    );
    let window = file.window(block.clone()).map_err(failed)?;
    let mut checks = Vec::with_capacity(window.n_traces());
    for i in 0..window.n_traces() {
        if i % 256 == 0 {
            context.check_cancelled()?;
        }
        samples.clear();
        decode_f32(format, order, window.sample_bytes(i), samples).map_err(failed)?;
        checks.push(TraceCheck::of(samples, has_sign, work));
    }
    window.check().map_err(failed)?;
    Ok(checks)
}
