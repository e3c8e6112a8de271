"""Opens the traces of a Shotpoint dataset lazily, and says what is in them.

    python open_with_xarray.py line12.shotpoint

Needs: zarr 3, xarray.
"""
import sys

import xarray as xr

traces = xr.open_zarr(f"{sys.argv[1]}/traces.zarr", chunks=None)  # reads no samples yet: amplitude[trace, time]
amplitude = traces.amplitude
vertical = traces[amplitude.dims[1]]  # time, or depth
print(f"{amplitude.sizes['trace']} traces of {vertical.size} samples, {amplitude.dtype}")
print(f"{vertical.attrs['long_name']} from {vertical.values[0]:g} to {vertical.values[-1]:g} {vertical.attrs['units']}")

first = amplitude.isel(trace=slice(0, 10)).load()  # reads the chunks of these traces only
print(f"largest of the first {first.sizes['trace']} traces: {float(abs(first).max()):g}")

middle = float(vertical[vertical.size // 2])
window = amplitude.isel(trace=0).sel({vertical.name: slice(middle, None)})  # by milliseconds, not by sample
print(f"rms of the first trace from {middle:g} {vertical.attrs['units']} on: {float((window**2).mean()) ** 0.5:g}")
