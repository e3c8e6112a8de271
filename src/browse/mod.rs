//! From a source (a SEG-Y file or a dataset, behind one trait) to gathers: keys, index, loader, cache.
//!
//! ```text
//! TraceSource ─build─► GatherIndex ─load─► Gather ─► view
//!                        (keys → runs of traces)  ▲
//!                      GatherLoader: worker thread, newest request wins, prefetch, cache by bytes
//!             └─tiles─► LineLoader ─► OverviewTile ─► view      (the whole line, from afar or near)
//! ```

mod brightness;
mod cache;
mod changes;
mod computed;
mod dataset_source;
mod error;
mod estimate;
#[cfg(test)]
pub(crate) mod fake;
mod file_headers;
mod gather;
mod grouping;
mod index;
mod key_values;
mod line;
mod load;
mod loader;
mod lost_overview;
mod numbers;
mod overview;
mod padding;
mod point_map;
mod run;
mod scattered;
mod segy_source;
mod sort;
mod source;
mod strip;
mod table;
mod tiles;

pub use brightness::Brightness;
pub use changes::{SameKey, same_keys};
pub use computed::{Computed, read_key};
pub use dataset_source::DatasetSource;
pub use error::BrowseError;
pub use file_headers::{BinaryWord, FileHeaders, TextPage};
pub use gather::{Gather, HeaderRow};
pub use index::{GatherEntry, GatherIndex, PANEL_KEY};
pub use line::{LineLoader, LinePart, LineRequest};
pub use load::{GATHER_LIMIT_BYTES, load_gather, load_range};
pub use loader::{GatherLoader, LoadedGather, LoaderCounts, LoaderStatus};
pub use numbers::numbers_of;
pub use overview::{Coarseness, OverviewTile, TILE_COLUMNS, TileKey, load_tile};
pub use padding::{PADDING, is_padding};
pub use point_map::{MOST_POINTS, MapKind, MapPoint, PointMap, places_of, read_point_map};
pub use segy_source::SegySource;
pub use sort::SortBy;
pub use source::{KeyRun, SourceFactsForView, TraceSource};
pub use strip::{MOST_BINS, Strip, read_strip};
pub use table::{
    MOST_CHOSEN, MOST_OF_A_FILE, MOST_SORTED, TableError, TableProgress, TableQuery, parse_filter,
    table_order,
};
pub use tiles::{TileSet, Wanted};
