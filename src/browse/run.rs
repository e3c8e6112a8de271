//! Where do the traces of a gather lie? In runs of consecutive ones; there may be a hundred million.

/// Consecutive traces of one gather, in twelve bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    start: [u32; 2],
    len: u32,
}

impl Run {
    /// As many of `len` traces as one run can hold.
    pub(super) fn new(start: u64, len: u64) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "split into its halves")]
        let halves = [(start >> 32) as u32, start as u32];
        Self {
            start: halves,
            len: u32::try_from(len).unwrap_or(u32::MAX),
        }
    }

    pub(super) fn n_traces(self) -> u32 {
        self.len
    }

    pub(super) fn start(self) -> u64 {
        u64::from(self.start[0]) << 32 | u64::from(self.start[1])
    }

    /// Behind the last one.
    pub(super) fn end(self) -> u64 {
        self.start() + u64::from(self.len)
    }

    /// Takes as many of the next traces as fit; says how many.
    pub(super) fn lengthen(&mut self, n_traces: u64) -> u32 {
        let room = u32::MAX - self.len;
        let more = u32::try_from(n_traces).unwrap_or(u32::MAX).min(room);
        self.len += more;
        more
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_holds_places_beyond_four_bytes_and_as_many_traces_as_fit() {
        let mut run = Run::new(0x12_3456_789A, 7);
        assert_eq!((run.start(), run.end()), (0x12_3456_789A, 0x12_3456_78A1));
        assert_eq!(run.lengthen(u64::MAX), u32::MAX - 7);
        assert_eq!(run.lengthen(1), 0);
        assert_eq!(run.n_traces(), u32::MAX);
        assert_eq!(size_of::<Run>(), 12);
    }
}
