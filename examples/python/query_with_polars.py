"""Asks the headers of a Shotpoint dataset with Polars, lazily: only what the question needs is read.

    python query_with_polars.py line12.shotpoint

Needs: polars.
"""
import sys

import polars as pl

headers = pl.scan_parquet(f"{sys.argv[1]}/headers.parquet")
fold = (
    headers.group_by("ensemble_num")
    .agg(pl.len().alias("fold"), pl.col("source_to_receiver_distance").abs().max().alias("farthest"))
    .collect()
)
print(f"{fold.height} ensembles, fold {fold['fold'].min()} to {fold['fold'].max()}, farthest offset {fold['farthest'].max()}")

# Coordinates are there as in the file, and with each trace's own scalar applied.
position = headers.select("source_coord_x", "coordinate_scalar", "source_x").head(1).collect().row(0)
print(f"the first source: x {position[0]} with the scalar {position[1]} is {position[2]:g}")
