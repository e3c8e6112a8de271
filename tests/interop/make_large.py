"""Writes a SEG-Y file of 384 MiB of samples, most of them muted, so that the file needs a quarter of that on the disk.

    make_large.py FILE

24,576 traces in 192 gathers by field record, 4,096 samples of 4 ms, IEEE. Only the first 1,024 samples of a trace are
not zero: two waves, of 25 Hz and 100 Hz, whose amplitudes `amplitudes` gives again.
"""
import sys

import numpy as np

N_TRACES, N_SAMPLES, N_SOUNDING, TRACES_A_GATHER, INTERVAL_SECONDS = 24576, 4096, 1024, 128, 0.004


def amplitudes(trace):
    """Of the wave of 25 Hz and of that of 100 Hz."""
    return 1 + trace % 7 + trace // TRACES_A_GATHER, 3.0 + trace % 5


def main(path):
    headers = np.zeros(3600, "u1")
    headers[:3200] = 0x40  # spaces in EBCDIC
    words = headers[3200:].view(">i2")
    words[8], words[10], words[12] = round(INTERVAL_SECONDS * 1e6), N_SAMPLES, 5  # bytes 3217, 3221, 3225
    words[150], words[151] = 0x0100, 1  # revision 1, traces of one length
    headers.tofile(path)

    trace = np.dtype(
        {
            "names": ["number", "record", "live", "n_samples", "interval", "samples"],
            "formats": [">i4", ">i4", ">i2", ">i2", ">i2", (">f4", N_SAMPLES)],
            "offsets": [0, 8, 28, 114, 116, 240],
        }
    )
    with open(path, "r+b") as file:
        file.truncate(3600 + N_TRACES * trace.itemsize)
    traces = np.memmap(path, trace, "r+", offset=3600, shape=N_TRACES)
    number = np.arange(N_TRACES)
    traces["number"], traces["record"], traces["live"] = number + 1, number // TRACES_A_GATHER + 1, 1
    traces["n_samples"], traces["interval"] = N_SAMPLES, round(INTERVAL_SECONDS * 1e6)
    time = np.arange(N_SOUNDING) * INTERVAL_SECONDS
    low, high = (np.sin(2 * np.pi * frequency * time).astype("f4") for frequency in (25, 100))
    for start in range(0, N_TRACES, 1024):  # the rest stays a hole in the file
        a, b = amplitudes(number[start : start + 1024, None].astype("f4"))
        traces["samples"][start : start + 1024, :N_SOUNDING] = a * low + b * high
    traces.flush()


if __name__ == "__main__":
    main(sys.argv[1])
