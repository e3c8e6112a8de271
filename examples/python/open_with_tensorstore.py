"""Reads the traces of a Shotpoint dataset with TensorStore, another implementation of Zarr v3.

    python open_with_tensorstore.py line12.shotpoint

Needs: tensorstore, numpy.
"""
import os
import sys

import numpy as np
import tensorstore as ts

folder = os.path.abspath(f"{sys.argv[1]}/traces.zarr/amplitude/")
amplitude = ts.open({"driver": "zarr3", "kvstore": {"driver": "file", "path": folder}}, read=True).result()
print(f"{amplitude.shape[0]} traces of {amplitude.shape[1]} samples, {amplitude.dtype.name}, {amplitude.domain.labels}")
print(f"reads {amplitude.chunk_layout.read_chunk.shape[0]} traces at once")

some = amplitude[ts.d["trace"][0:10]].read().result()  # a numpy array
print(f"largest of the first {some.shape[0]} traces: {np.abs(some).max():g}")
