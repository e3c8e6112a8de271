//! What lies on disk, how is it written whole, how is it read in part? (dataset format 1)
//!
//! ```text
//! line12.shotpoint/
//!   manifest.json          written last: a folder without it is not a dataset
//!   traces.zarr/           Zarr v3 group, consolidated metadata
//!     amplitude/           [trace, time], the source's own number type, sharded
//!     time/                [time] float64, ms (or depth/ in m or ft, or sample/ where no interval is known)
//!     overview/1/{min,max} [trace/16, time/4] and so on, ×16 traces and ×4 samples a level
//!   headers.parquet        one row a trace
//!   ensembles.parquet      one row a run of equal keys
//!   segy/                  tape_label.bin, textual_header.bin, binary_header.bin, extended_textual_headers.bin,
//!                          trailer.bin, exceptions.parquet (sample words that decode → encode does not give back),
//!                          gaps.parquet and gaps.bin (bytes between traces that belong to none)
//! ```
//! Everything is written to `….partial` first; one rename makes it a dataset. Knows nothing of SEG-Y
//! beyond names; bytes of the source are opaque here.

mod blosc;
mod checksums;
mod chunk_writer;
mod chunks;
mod codec;
mod cost;
mod ensembles;
mod error;
mod exceptions;
mod expression;
mod folder;
mod gaps;
mod headers;
mod inside;
mod journal;
mod layout;
mod manifest;
mod nearest;
mod opening;
mod overview;
mod partial;
mod positioned;
mod reader;
mod row_groups;
mod rows;
mod segy_part;
mod shard_index;
mod spec;
mod statistics;
mod table;
mod writer;
mod zarr_metadata;

pub use blosc::ChunkEncoder;
pub use checksums::{Checksums, FileChecksum};
pub use chunk_writer::{ChunkWriter, EncodedChunks};
pub use codec::{Codec, CodecFacts};
pub use cost::{TableCost, WriteCost, WriteProbe};
pub use ensembles::{Ensemble, EnsembleWriter};
pub use error::DatasetError;
pub use exceptions::{ExceptionWriter, SampleException};
pub use expression::{Expression, ExpressionError, Formula};
pub use gaps::{GapWriter, KeptGap};
pub use headers::{HeaderColumn, HeaderType, HeaderWriter};
pub use journal::ImportNotes;
pub use manifest::{
    AmplitudeStatistics, ArrayFacts, DelayFacts, EnsembleFacts, GeometryFacts, Manifest,
    ScalingFacts, SegyFacts, SourceFacts, StoredWarning, Timings, VerticalAxis, VerticalDomain,
};
pub use overview::{OverviewLevel, OverviewWriter};
pub use partial::{Partial, PartialState};
#[cfg(all(test, target_os = "linux"))]
pub(crate) use positioned::slow_disk;
pub use reader::{Dataset, ExceptionBatches, GapBatches};
pub use rows::Batches as HeaderBatches;
pub use segy_part::{PartReader, PartWriter};
pub use shard_index::ChunkState;
pub use spec::DatasetSpec;
pub use statistics::StatisticsAccumulator;
pub use writer::{DatasetWriter, OrderedParts, PendingCheckpoint};

/// The version of the folder's format that this program writes, and the newest major that it reads.
pub const FORMAT_VERSION: u32 = 1;
/// The folder name's ending.
pub const DATASET_EXTENSION: &str = "shotpoint";
