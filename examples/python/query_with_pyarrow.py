"""Finds traces by their headers in a Shotpoint dataset, and reads their samples.

    python query_with_pyarrow.py line12.shotpoint

Needs: pyarrow, zarr 3, xarray.
"""
import sys

import pyarrow.compute as pc
import pyarrow.parquet as pq
import xarray as xr

dataset = sys.argv[1]
columns = ["trace_index", "orig_field_record_num", "source_to_receiver_distance"]
headers = pq.read_table(f"{dataset}/headers.parquet", columns=columns)  # one row a trace
print(f"{headers.num_rows} traces in {len(pc.unique(headers['orig_field_record_num']))} field records")

field = headers.schema.field("source_to_receiver_distance").metadata  # where it lay, what others call it
print(f"the offset lay at byte {field[b'segy_byte'].decode()}; Seismic Unix says {field[b'su'].decode()}")

first_record = headers["orig_field_record_num"][0].as_py()
gather = headers.filter(pc.equal(headers["orig_field_record_num"], first_record))
traces = gather["trace_index"].to_numpy()
amplitude = xr.open_zarr(f"{dataset}/traces.zarr", chunks=None).amplitude.isel(trace=traces)
print(f"field record {first_record}: {amplitude.sizes['trace']} traces, rms {float((amplitude ** 2).mean()) ** 0.5:g}")
