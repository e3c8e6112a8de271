//! What do the `zarr.json` files say?
//!
//! Zarr v3 core metadata, with the group's inline consolidated metadata as zarr-python 3 writes
//! and reads it. Writes JSON documents only; knows no files.

use serde_json::{Map, Value, json};

use super::overview::{self, OverviewLevel};
use super::{
    AmplitudeStatistics, ArrayFacts, DatasetSpec, GeometryFacts, VerticalAxis, VerticalDomain,
};
use crate::samples::NumberType;

impl VerticalDomain {
    /// The name of the vertical dimension and of its coordinate array.
    pub fn dimension_name(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Depth => "depth",
            Self::Sample => "sample",
        }
    }
}

/// Shape and storage of one array, before it becomes JSON.
struct ArrayDocument<'a> {
    shape: [u64; 2],
    chunk_shape: [u64; 2],
    number_type: NumberType,
    fill_value: Value,
    codecs: Value,
    dimension_names: [&'a str; 2],
    attributes: Map<String, Value>,
}

impl ArrayDocument<'_> {
    fn to_json(&self) -> Value {
        json!({
            "zarr_format": 3,
            "node_type": "array",
            "shape": self.shape,
            "data_type": self.number_type.zarr_name(),
            "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": self.chunk_shape}},
            "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
            "fill_value": self.fill_value,
            "codecs": self.codecs,
            "attributes": self.attributes,
            "storage_transformers": [],
            "dimension_names": self.dimension_names,
        })
    }
}

/// A dimension of a chunk is at least 1, even where the array has none of it.
fn at_least_one(n: u64) -> u64 {
    n.max(1)
}

/// `bytes → blosc{zstd, shuffle, one block} → crc32c`, for chunks of `chunk_bytes`.
fn chunk_codecs(number_type: NumberType, level: u8, chunk_bytes: u64) -> Value {
    let typesize = number_type.size_bytes();
    // Shuffling single bytes would change nothing.
    let shuffle = if typesize > 1 { "shuffle" } else { "noshuffle" };
    json!([
        bytes_codec(typesize),
        {"name": "blosc", "configuration": {
            "cname": "zstd",
            "clevel": level,
            "shuffle": shuffle,
            "typesize": typesize,
            "blocksize": chunk_bytes,
        }},
        {"name": "crc32c"},
    ])
}

/// Chunks of `inner` shape, many to a file, with an index at its end.
fn sharded(inner: [u64; 2], codecs: &Value) -> Value {
    json!([{"name": "sharding_indexed", "configuration": {
        "chunk_shape": inner,
        "codecs": codecs,
        "index_codecs": [bytes_codec(8), {"name": "crc32c"}],
        "index_location": "end",
    }}])
}

/// Single bytes have no order, and the standard wants none named then.
fn bytes_codec(typesize: usize) -> Value {
    if typesize > 1 {
        json!({"name": "bytes", "configuration": {"endian": "little"}})
    } else {
        json!({"name": "bytes"})
    }
}

/// `amplitude/zarr.json`: sharded, dimension names, long name, statistics.
pub(super) fn amplitude(
    spec: &DatasetSpec,
    statistics: Option<&AmplitudeStatistics>,
    geometry: Option<&GeometryFacts>,
) -> Value {
    let n_samples = u64::from(spec.n_samples);
    let chunk_traces = u64::from(spec.chunk_traces);
    let inner = [chunk_traces, at_least_one(n_samples)];
    let typesize = spec.number_type.size_bytes();
    let chunk_bytes = inner[0] * inner[1] * typesize as u64;
    let mut attributes = Map::new();
    attributes.insert("long_name".to_owned(), json!("seismic amplitude"));
    attributes.insert("units".to_owned(), json!("1"));
    if let Some(statistics) = statistics {
        insert_statistics(&mut attributes, statistics);
    }
    if let Some(geometry) = geometry.filter(|geometry| geometry.has_padding()) {
        insert_lengths(&mut attributes, spec.number_type, geometry);
    }
    ArrayDocument {
        shape: [spec.n_traces, n_samples],
        chunk_shape: [chunk_traces * u64::from(spec.chunks_per_shard), inner[1]],
        number_type: spec.number_type,
        fill_value: zero(spec.number_type),
        codecs: sharded(
            inner,
            &chunk_codecs(spec.number_type, spec.codec.clevel(), chunk_bytes),
        ),
        dimension_names: ["trace", spec.axis.domain.dimension_name()],
        attributes,
    }
    .to_json()
}

/// [`amplitude`] as the manifest alone states it: for a dataset whose own was lost.
pub(super) fn amplitude_by(facts: &ArrayFacts) -> Value {
    let spec = DatasetSpec {
        path: std::path::PathBuf::new(),
        overwrite: false,
        n_traces: facts.n_traces,
        n_samples: facts.n_samples,
        number_type: facts.number_type,
        chunk_traces: facts.chunk_traces,
        chunks_per_shard: facts.chunks_per_shard,
        codec: facts.codec,
        axis: VerticalAxis {
            domain: VerticalDomain::Sample,
            unit: "sample".to_owned(),
            first: 0.0,
            interval: 1.0,
        },
        columns: Vec::new(),
        ensemble_keys: Vec::new(),
    };
    amplitude(&spec, None, None)
}

fn zero(number_type: NumberType) -> Value {
    if number_type.is_float() {
        json!(0.0)
    } else {
        json!(0)
    }
}

/// Flat names: xarray can then write them to `NetCDF`, too.
fn insert_statistics(attributes: &mut Map<String, Value>, statistics: &AmplitudeStatistics) {
    attributes.insert(
        "actual_range".to_owned(),
        json!([statistics.min, statistics.max]),
    );
    if let Ok(Value::Object(entries)) = serde_json::to_value(statistics) {
        for (name, value) in entries {
            attributes.insert(format!("statistics_{name}"), value);
        }
    }
}

/// Where rows end in padding. No `_FillValue`: a zero of an integer array may be a sample.
fn insert_lengths(
    attributes: &mut Map<String, Value>,
    number_type: NumberType,
    geometry: &GeometryFacts,
) {
    let padding = if number_type.is_float() { "NaN" } else { "0" };
    attributes.insert("padding".to_owned(), json!(padding));
    attributes.insert(
        "trace_lengths".to_owned(),
        json!(format!(
            "headers.parquet, column {}",
            GeometryFacts::LENGTH_COLUMN
        )),
    );
    attributes.insert(
        "n_samples_range".to_owned(),
        json!([geometry.shortest_n_samples, geometry.longest_n_samples]),
    );
}

/// `time/zarr.json` (or `depth`, `sample`): one raw chunk.
pub(super) fn axis(axis: &VerticalAxis, n_samples: u32) -> Value {
    let name = axis.domain.dimension_name();
    let (long_name, standard_axis) = match axis.domain {
        VerticalDomain::Time => ("two-way time", "T"),
        VerticalDomain::Depth => ("depth", "Z"),
        VerticalDomain::Sample => ("sample number", "Z"),
    };
    let units = match axis.domain {
        VerticalDomain::Time | VerticalDomain::Depth => axis.unit.as_str(),
        VerticalDomain::Sample => "1",
    };
    let mut attributes = Map::new();
    attributes.insert("long_name".to_owned(), json!(long_name));
    attributes.insert("units".to_owned(), json!(units));
    attributes.insert("axis".to_owned(), json!(standard_axis));
    if axis.domain == VerticalDomain::Depth {
        attributes.insert("positive".to_owned(), json!("down"));
    }
    json!({
        "zarr_format": 3,
        "node_type": "array",
        "shape": [n_samples],
        "data_type": "float64",
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [at_least_one(u64::from(n_samples))]}},
        "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
        "fill_value": "NaN",
        "codecs": [bytes_codec(8), {"name": "crc32c"}],
        "attributes": attributes,
        "storage_transformers": [],
        "dimension_names": [name],
    })
}

/// The bytes of the axis' only chunk.
pub(super) fn axis_chunk(axis: &VerticalAxis, n_samples: u32) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..n_samples)
        .flat_map(|i| (axis.first + f64::from(i) * axis.interval).to_le_bytes())
        .collect();
    let checksum = crc32c::crc32c(&bytes);
    bytes.extend_from_slice(&checksum.to_le_bytes());
    bytes
}

/// `overview/<level>/min` or `…/max`. The dimensions have names of their own, since their lengths
/// differ from the amplitudes'.
pub(super) fn overview_array(spec: &DatasetSpec, level: &OverviewLevel, which: &str) -> Value {
    let traces = format!("trace_x{}", level.trace_factor);
    let vertical = format!(
        "{}_x{}",
        spec.axis.domain.dimension_name(),
        level.sample_factor
    );
    let mut attributes = Map::new();
    attributes.insert(
        "long_name".to_owned(),
        json!(format!("{which} of seismic amplitude in a cell")),
    );
    attributes.insert("units".to_owned(), json!("1"));
    let chunk_bytes = level.chunk_rows * level.columns * 4;
    ArrayDocument {
        shape: [level.rows, level.columns],
        chunk_shape: [level.chunk_rows * overview::CHUNKS_PER_SHARD, level.columns],
        number_type: NumberType::Float32,
        fill_value: json!("NaN"),
        codecs: sharded(
            [level.chunk_rows, level.columns],
            &chunk_codecs(NumberType::Float32, spec.codec.clevel(), chunk_bytes),
        ),
        dimension_names: [&traces, &vertical],
        attributes,
    }
    .to_json()
}

/// A group's `zarr.json`.
pub(super) fn group(attributes: &Value) -> Value {
    json!({"zarr_format": 3, "node_type": "group", "attributes": attributes})
}

/// The root group's `zarr.json`: all that lies below stands in it, so that one read opens it.
pub(super) fn consolidated_root(below: Vec<(String, Value)>) -> Value {
    json!({
        "zarr_format": 3,
        "node_type": "group",
        "attributes": {"title": "Seismic traces imported from SEG-Y by Shotpoint"},
        "consolidated_metadata": {
            "kind": "inline",
            "must_understand": false,
            "metadata": Map::from_iter(below),
        },
    })
}
