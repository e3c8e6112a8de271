//! Do other programs read the same numbers? Where they open a file, their reading is ours, or the
//! difference stands in [`explained`] with its reason.
//!
//! giga-segy is a dev-dependency and always asked; segyio where there is a Python that has it (see
//! [`python`]).
//! The files are those of the corpus (found as in `tests/corpus.rs`), and exports in other forms.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    clippy::float_cmp,
    reason = "tests of small files, exact to the bit"
)]

#[path = "../made_files/mod.rs"]
mod made_files;
#[path = "../python/mod.rs"]
mod python;
#[path = "../support/mod.rs"]
mod support;

mod corpus;
mod explained;
mod exports;
mod giga_segy;
mod reading;
mod segyio;
