"""Compares a Shotpoint dataset with the SEG-Y file that it was made from, as segyio reads that file.

    python compare_with_segyio.py line12.shotpoint line12.sgy

Every sample and every header word of the standard. Needs: segyio, zarr 3, pyarrow, numpy.
"""
import json
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import segyio
import zarr

dataset, source = sys.argv[1:]
with open(f"{dataset}/manifest.json", encoding="utf-8") as file:
    byte_order = json.load(file)["segy"]["byte_order"]
amplitude = zarr.open_array(f"{dataset}/traces.zarr/amplitude", mode="r")
headers = pq.ParquetFile(f"{dataset}/headers.parquet")

with segyio.open(source, ignore_geometry=True, endian=byte_order) as segy:
    assert amplitude.shape == (segy.tracecount, len(segy.samples))
    for start in range(0, segy.tracecount, 4096):
        block = slice(start, start + 4096)
        np.testing.assert_array_equal(amplitude[block], segy.trace.raw[block])

    words = {int(word) for word in segyio.TraceField.enums() if 0 < int(word) <= 240}
    compared = []
    for field in headers.schema_arrow:
        byte = int((field.metadata or {}).get(b"segy_byte", 0))
        if byte not in words or not pa.types.is_integer(field.type):
            continue
        ours = headers.read(columns=[field.name])[field.name].to_numpy()
        theirs = segy.attributes(byte)[:]
        bits = 0xFFFF if field.type.bit_width == 16 else 0xFFFFFFFF  # segyio and we differ about unsigned words
        np.testing.assert_array_equal(ours.astype("int64") & bits, theirs.astype("int64") & bits, field.name)
        compared.append(field.name)
print(f"{amplitude.shape[0]} x {amplitude.shape[1]} samples and {len(compared)} header words of each trace are equal")
