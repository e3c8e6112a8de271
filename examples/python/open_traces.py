"""Opens the traces of a Shotpoint dataset lazily, and says what is in them.

    python open_traces.py line12.shotpoint

Needs: zarr 3, xarray.
"""
import sys

import xarray as xr

traces = xr.open_zarr(f"{sys.argv[1]}/traces.zarr")  # reads no samples yet: amplitude[trace, time]
amplitude = traces.amplitude
print(f"{amplitude.sizes['trace']} traces of {amplitude.sizes['time']} samples, {amplitude.dtype}")
print(f"time from {traces.time.values[0]:g} to {traces.time.values[-1]:g} {traces.time.attrs['units']}")

first = amplitude.isel(trace=slice(0, 10)).load()  # reads the chunks of these traces only
print(f"largest of the first {first.sizes['trace']} traces: {float(abs(first).max()):g}")
