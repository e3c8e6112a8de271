//! What did not come through a conversion exactly, and how often?

/// Samples that did not come through exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    /// The nearest number of the format was written.
    pub rounded: u64,
    /// Beyond the format's range: its largest or smallest number was written.
    pub clipped: u64,
    /// Not a number, in a format that has no such thing: zero was written.
    pub not_numbers: u64,
}

impl Losses {
    /// Adds what another part lost.
    pub fn add(&mut self, other: Self) {
        self.rounded += other.rounded;
        self.clipped += other.clipped;
        self.not_numbers += other.not_numbers;
    }

    /// Takes back what was counted for samples that are written otherwise after all.
    pub fn take_back(&mut self, other: Self) {
        self.rounded = self.rounded.saturating_sub(other.rounded);
        self.clipped = self.clipped.saturating_sub(other.clipped);
        self.not_numbers = self.not_numbers.saturating_sub(other.not_numbers);
    }
}

/// What became of one sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loss {
    None,
    Rounded,
    Clipped,
    NotANumber,
}

impl Losses {
    #[inline]
    pub(super) fn count(&mut self, loss: Loss) {
        self.rounded += u64::from(loss == Loss::Rounded);
        self.clipped += u64::from(loss == Loss::Clipped);
        self.not_numbers += u64::from(loss == Loss::NotANumber);
    }
}
