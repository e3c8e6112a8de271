"""Filters all traces of a Shotpoint dataset, chunk by chunk, into a new Zarr array beside it.

    python bandpass_with_dask.py line12.shotpoint 8 60 filtered.zarr

lets 8 to 60 Hz pass (with cosine slopes of a third of an octave). Needs: dask, xarray, zarr 3, numpy.
"""
import sys

import dask
import numpy as np
import xarray as xr


def bandpass(samples, interval_seconds, low, high):
    """The same traces, only with what lies between `low` and `high` (in Hz)."""
    n_samples = samples.shape[-1]
    frequencies = np.fft.rfftfreq(2 * n_samples, interval_seconds)  # padded: nothing wraps around
    octaves = np.log2(np.maximum(frequencies, 1e-6))
    rising = np.clip((octaves - np.log2(low)) * 3 + 0.5, 0, 1)
    falling = np.clip((np.log2(high) - octaves) * 3 + 0.5, 0, 1)
    weights = (np.sin(rising * np.pi / 2) * np.sin(falling * np.pi / 2)) ** 2
    spectrum = np.fft.rfft(samples, 2 * n_samples, axis=-1) * weights.astype("float32")
    return np.fft.irfft(spectrum, axis=-1)[..., :n_samples].astype("float32")


def filtered(dataset, low, high, traces_at_once=1024):
    """The dataset with its traces filtered; nothing is computed yet."""
    traces = xr.open_zarr(f"{dataset}/traces.zarr", chunks={"trace": traces_at_once})
    interval_seconds = float(traces.time[1] - traces.time[0]) / 1000  # the axis is in milliseconds
    amplitude = xr.apply_ufunc(
        bandpass,
        traces.amplitude.astype("float32"),
        kwargs={"interval_seconds": interval_seconds, "low": low, "high": high},
        input_core_dims=[["time"]],
        output_core_dims=[["time"]],
        dask="parallelized",
        output_dtypes=["float32"],
    )
    return traces.assign(amplitude=amplitude.assign_attrs(traces.amplitude.attrs | {"bandpass_hz": [low, high]}))


def main(dataset, low, high, output):
    with dask.config.set(scheduler="threads", num_workers=2):
        filtered(dataset, float(low), float(high)).drop_encoding().to_zarr(output, mode="w-", consolidated=False)
    before = xr.open_zarr(f"{dataset}/traces.zarr", chunks=None).amplitude[0]
    after = xr.open_zarr(output, chunks=None, consolidated=False).amplitude
    rms = [float((trace.astype("float64") ** 2).mean()) ** 0.5 for trace in (before, after[0])]
    print(f"{after.sizes['trace']} traces, {low} to {high} Hz; rms of the first trace {rms[1]:.6g}, was {rms[0]:.6g}")


if __name__ == "__main__":
    main(*sys.argv[1:])
