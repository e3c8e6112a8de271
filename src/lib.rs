//! Shotpoint reads SEG-Y files far larger than memory, imports them into an open dataset
//! (Zarr v3 + Parquet + JSON), gives the original bytes back, and shows gathers.
//!
//! ```text
//!         ENGINE (no egui, no printing, no globals)                                 SHELLS
//!  segy ─────────► import ─────────► dataset ─────────► browse ─────► view ─────► app   (egui)
//!  bytes ↔ meaning scan → plan → run the folder on disk keys → gathers pixels     cli   (clap)
//!                    ▲    ▲             ▲
//!                    └────┴── job ──────┘ progress, cancel, handle
//!                             export ◄── dataset
//! ```
//!
//! Knowledge (`use crate::…`) points only to the left or downwards; `tests/layers.rs` holds the
//! table. Leaves lie below everything: [`samples`] (typed sample arrays), [`wording`] (numbers for
//! people), `simd` (loops compiled for the processor at hand) and [`job`].

#[cfg(feature = "gui")]
pub mod app;
pub mod browse;
pub mod cli;
pub mod dataset;
pub mod export;
pub mod import;
pub mod job;
pub mod samples;
pub mod segy;
mod simd;
pub mod view;
pub mod wording;
