"""Asks the headers of a Shotpoint dataset in SQL.

    python query_with_duckdb.py line12.shotpoint

Needs: duckdb.
"""
import sys

import duckdb

headers = duckdb.read_parquet(f"{sys.argv[1]}/headers.parquet")
gathers = duckdb.read_parquet(f"{sys.argv[1]}/ensembles.parquet")

near, total = duckdb.sql(
    "select count(*) filter (where abs(source_to_receiver_distance) < 500), count(*) from headers"
).fetchall()[0]
print(f"{near} of {total} traces are nearer than 500 m")

busiest = duckdb.sql(
    """select orig_field_record_num, count(*) as n_traces, min(trace_index), max(trace_index),
              min(source_to_receiver_distance), max(source_to_receiver_distance)
       from headers group by 1 order by n_traces desc, 1 limit 1"""
).fetchall()[0]
print("field record {}: {} traces, trace_index {} to {}, offsets {} to {}".format(*busiest))

# Where a gather's traces stand: one row a run of equal keys, for reading them from traces.zarr at once.
runs, longest = duckdb.sql("select count(*), max(n_traces) from gathers").fetchall()[0]
print(f"{runs} runs of equal keys, the longest of {longest} traces")
