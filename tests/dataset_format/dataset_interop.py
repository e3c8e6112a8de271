"""Do other readers of Zarr v3 and Parquet read what Shotpoint writes, without a warning, bit for bit?

    dataset_interop.py FOLDER

FOLDER holds pairs: NAME.shotpoint, and NAME.raw with the same samples as plain numbers. Started by
the test `other_programs_read_the_same_bits`. Needs: zarr 3, xarray, tensorstore,
pyarrow, duckdb, polars, numpy.
"""
import json
import os
import sys
import warnings

warnings.simplefilter("error")

import duckdb
import numpy as np
import polars as pl
import pyarrow.parquet as pq
import tensorstore as ts
import xarray as xr
import zarr


def check_samples(path, facts, raw):
    """Amplitudes and time axis, by zarr-python and by xarray."""
    store = os.path.join(path, "traces.zarr")
    group = zarr.open_group(store, mode="r")
    values = group["amplitude"][:]
    assert values.dtype == raw.dtype and values.tobytes() == raw.tobytes()
    consolidated = zarr.open_consolidated(store, mode="r")
    names = sorted(name for name, _ in group.members(max_depth=None))
    assert names == sorted(name for name, _ in consolidated.members(max_depth=None))

    opened = xr.open_zarr(store, consolidated=True)
    assert opened.amplitude.chunks is not None and not opened.amplitude._in_memory  # lazy
    assert opened.amplitude.attrs["long_name"] == "seismic amplitude" and opened.amplitude.attrs["units"] == "1"
    assert opened.time.attrs["long_name"] == "two-way time" and list(opened.coords) == ["time"]
    assert opened.amplitude.dims == ("trace", "time")
    assert opened.amplitude.dtype == raw.dtype
    assert opened.amplitude.values.tobytes() == raw.tobytes()
    time = -8.0 + 4.0 * np.arange(facts["n_samples"])
    assert np.array_equal(opened.time.values, time) and opened.time.attrs["units"] == "ms"
    assert opened.amplitude.sel(time=slice(0, 40)).shape[1] == min(11, facts["n_samples"] - 2)
    tree = xr.open_datatree(store, engine="zarr", consolidated=True)
    assert "/overview/1" in tree.groups
    return opened


def opened_by_tensorstore(path):
    """An array of the group, by the other implementation."""
    path = os.path.abspath(path) + "/"
    return ts.open({"driver": "zarr3", "kvstore": {"driver": "file", "path": path}}, read=True).result()


def check_samples_again(path, raw):
    """Amplitudes, time and overview by TensorStore, whole and in a part that cuts chunks."""
    store = os.path.join(path, "traces.zarr")
    array = opened_by_tensorstore(f"{store}/amplitude")
    assert array.domain.labels == ("trace", "time") and array.dtype.numpy_dtype == raw.dtype
    assert array.read().result().tobytes() == raw.tobytes()
    part = slice(raw.shape[0] // 3, min(raw.shape[0] // 3 + 21, raw.shape[0]))
    assert array[part, 1:3].read().result().tobytes() == raw[part, 1:3].tobytes()
    time = opened_by_tensorstore(f"{store}/time").read().result()
    assert np.array_equal(time, -8.0 + 4.0 * np.arange(raw.shape[1]))
    for bound in ("min", "max"):
        ours = zarr.open_array(f"{store}/overview/1/{bound}", mode="r")[:]
        theirs = opened_by_tensorstore(f"{store}/overview/1/{bound}").read().result()
        assert ours.tobytes() == theirs.tobytes()


def check_overview(path, facts, raw):
    """The finest level, against numpy's own minimum and maximum."""
    level = zarr.open_group(os.path.join(path, "traces.zarr/overview/1"), mode="r")
    rows, columns = -(-facts["n_traces"] // 16), -(-facts["n_samples"] // 4)
    padded = np.full((rows * 16, columns * 4), np.nan, "float32")
    padded[: raw.shape[0], : raw.shape[1]] = raw
    cells = padded.reshape(rows, 16, columns, 4)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # cells without a number
        low, high = np.nanmin(cells, axis=(1, 3)), np.nanmax(cells, axis=(1, 3))
    assert np.array_equal(level["min"][:], low, equal_nan=True)
    assert np.array_equal(level["max"][:], high, equal_nan=True)


def check_tables(path, facts):
    """Headers with their metadata, and runs."""
    headers = pq.read_table(os.path.join(path, "headers.parquet"))
    n_traces = facts["n_traces"]
    assert headers.num_rows == n_traces
    metadata = headers.schema.field("cdp").metadata
    assert metadata[b"segy_byte"] == b"21" and metadata[b"su"] == b"cdp"
    assert headers["cdp"].to_pylist() == [100 + i // 10 for i in range(n_traces)]
    assert headers["crossline"].null_count == -(-n_traces // 7)
    runs = pq.read_table(os.path.join(path, "ensembles.parquet"))
    assert runs.column_names == ["ensemble_id", "start_trace", "end_trace", "n_traces", "cdp"]
    assert sum(runs["n_traces"].to_pylist()) == n_traces


def check_tables_again(path, facts):
    """The same by Polars and DuckDB, with questions that use the statistics of row groups."""
    n_traces = facts["n_traces"]
    file = os.path.join(path, "headers.parquet")
    theirs = pq.read_table(file)
    assert pl.read_parquet(file).to_arrow().equals(pl.from_arrow(theirs).to_arrow())
    some = pl.scan_parquet(file).filter(pl.col("cdp") == 100).select("trace_index", "raw_header").collect()
    assert some["trace_index"].to_list() == list(range(min(10, n_traces)))
    assert some["raw_header"][-1] == (some.height - 1).to_bytes(8, "little") * 30

    assert duckdb.sql(f"select * from '{file}'").fetchall() == [tuple(row.values()) for row in theirs.to_pylist()]
    (counts,) = duckdb.sql(f"select count(*), count(crossline), min(crossline) from '{file}'").fetchall()
    with_crossline = [trace for trace in range(n_traces) if trace % 7]
    assert counts == (n_traces, len(with_crossline), -max(with_crossline) if with_crossline else None)
    runs = os.path.join(path, "ensembles.parquet")
    joined = f"""select count(*) from '{file}' as headers join '{runs}' as runs
                 on headers.trace_index between start_trace and end_trace and headers.cdp = runs.cdp"""
    assert duckdb.sql(joined).fetchall() == [(n_traces,)]


def main(folder):
    names = sorted(name for name in os.listdir(folder) if name.endswith(".shotpoint"))
    assert names, "nothing to read"
    for name in names:
        path = os.path.join(folder, name)
        with open(os.path.join(path, "manifest.json")) as file:
            facts = json.load(file)["array"]
        raw = np.fromfile(path.replace(".shotpoint", ".raw"), dtype=facts["number_type"])
        raw = raw.reshape(facts["n_traces"], facts["n_samples"])
        opened = check_samples(path, facts, raw)
        if np.isfinite(raw).all():
            check_overview(path, facts, raw)
        check_samples_again(path, raw)
        check_tables(path, facts)
        check_tables_again(path, facts)
        print(name, raw.dtype, raw.shape, "read alike;", opened.amplitude.encoding.get("shards"))
    print(opened)


main(sys.argv[1])
