//! How are many trace headers read, one after another, without many small reads?
//!
//! Short traces are read a block at a time, long ones header by header: a walk costs about what
//! reading the file once costs, or less, and 256 KiB of memory.

use crate::segy::SegyError;
use crate::segy::source::Source;

/// Bytes read at once where traces are short.
const BLOCK_BYTES: u64 = 256 << 10;
/// Behind a step longer than this, only the header itself is read.
const LONG_STEP_BYTES: u64 = 32 << 10;

/// Reads headers at rising positions.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    source: &'a Source,
    block: Vec<u8>,
    block_start: u64,
    last_position: Option<u64>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(source: &'a Source) -> Self {
        Self {
            source,
            block: Vec::new(),
            block_start: 0,
            last_position: None,
        }
    }

    /// `n_bytes` from `position` on; `None` where the file ends before.
    pub(super) fn read(
        &mut self,
        position: u64,
        n_bytes: usize,
    ) -> Result<Option<&[u8]>, SegyError> {
        let size_bytes = self.source.size_bytes();
        let Some(end) = position
            .checked_add(n_bytes as u64)
            .filter(|end| *end <= size_bytes)
        else {
            return Ok(None);
        };
        let block_end = self.block_start + self.block.len() as u64;
        if position < self.block_start || end > block_end {
            let step = self.last_position.map(|last| position.abs_diff(last));
            let ahead = match step {
                Some(..LONG_STEP_BYTES) => BLOCK_BYTES.max(n_bytes as u64),
                Some(_) | None => n_bytes as u64,
            };
            self.block = self
                .source
                .read(position..size_bytes.min(position.saturating_add(ahead)))?;
            self.block_start = position;
        }
        self.last_position = Some(position);
        let from = usize::try_from(position - self.block_start).unwrap_or(usize::MAX);
        Ok(self.block.get(from..).and_then(|rest| rest.get(..n_bytes)))
    }
}
