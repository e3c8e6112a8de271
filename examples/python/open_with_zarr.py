"""Reads the traces of a Shotpoint dataset with zarr-python alone: one gather, and the reduced levels.

    python open_with_zarr.py line12.shotpoint

Needs: zarr 3.
"""
import sys

import zarr

traces = zarr.open_group(f"{sys.argv[1]}/traces.zarr", mode="r")
amplitude = traces["amplitude"]
statistics = amplitude.attrs
print(f"{amplitude.shape[0]} traces of {amplitude.shape[1]} samples, {amplitude.dtype}, {amplitude.metadata.dimension_names}")
print(f"chunks of {amplitude.chunks[0]} traces, {amplitude.shards[0]} traces a file")
print(f"from {statistics['statistics_min']:g} to {statistics['statistics_max']:g}, rms {statistics['statistics_rms']:g}")

gather = amplitude[96:192]  # a numpy array; only the chunks of these traces are read
print(f"traces 96 to 191: mean of |amplitude| {abs(gather).mean():g}")

finest = traces["overview/1"]  # smallest and largest value of cells of 16 traces and 4 samples, for zooming out
print(f"overview: {finest['min'].shape[0]} x {finest['min'].shape[1]} cells, largest {finest['max'][:].max():g}")
