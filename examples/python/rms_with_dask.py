"""Computes the rms of every gather of a Shotpoint dataset, chunk by chunk, in any amount of memory.

    python rms_with_dask.py line12.shotpoint [KEY]

KEY is a column of headers.parquet; by default the key of the import. Needs: dask, xarray, zarr 3, pyarrow, numpy.
"""
import json
import sys

import dask
import numpy as np
import pyarrow.parquet as pq
import xarray as xr


def mean_squares(dataset, traces_at_once=4096):
    """The mean square of each trace, not yet computed."""
    traces = xr.open_zarr(f"{dataset}/traces.zarr", chunks={"trace": traces_at_once})
    return (traces.amplitude.astype("float64") ** 2).mean(traces.amplitude.dims[1])


def by_gather(dataset, key, mean_square):
    """The rms of each gather: of all traces that have the same value of `key`, wherever they stand."""
    values = pq.read_table(f"{dataset}/headers.parquet", columns=[key])[key].to_numpy()
    keys, gather_of_trace = np.unique(values, return_inverse=True)
    return keys, np.sqrt(np.bincount(gather_of_trace, mean_square) / np.bincount(gather_of_trace))


def main(dataset, key=None):
    with open(f"{dataset}/manifest.json", encoding="utf-8") as file:
        key = key or json.load(file)["ensembles"]["keys"][0]
    with dask.config.set(scheduler="threads", num_workers=2):  # or distributed.Client("a cluster's address")
        mean_square = mean_squares(dataset).compute().values
    keys, rms = by_gather(dataset, key, mean_square)
    print(f"{len(keys)} gathers by {key}; {key} {keys[0]}: rms {rms[0]:.6g}; quietest {rms.min():.6g}, loudest {rms.max():.6g}")


if __name__ == "__main__":
    main(*sys.argv[1:])
