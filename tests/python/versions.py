"""Which readers will the tests ask, in which version?"""
import importlib.metadata
import sys

READERS = [
    ("zarr", "Zarr v3: arrays, groups, consolidated metadata"),
    ("xarray", "the same with names, coordinates and units"),
    ("dask", "lazy computing over chunks"),
    ("distributed", "the same in a process with a memory limit"),
    ("tensorstore", "Zarr v3 by another implementation (C++)"),
    ("pyarrow", "Parquet"),
    ("duckdb", "Parquet by another implementation (C++)"),
    ("polars", "Parquet by another implementation (Rust)"),
    ("segyio", "the SEG-Y file itself"),
    ("numpy", ""),
]

print(f"Python {sys.version.split()[0]}")
for name, what in READERS:
    print(f"  {name:<12} {importlib.metadata.version(name):<12} {what}".rstrip())
