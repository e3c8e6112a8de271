"""Does Dask compute over a dataset that is larger than its memory limit?

    dask_in_little_memory.py DATASET

DATASET is an import of what make_large.py writes: 384 MiB. The worker, a process of its own, has 256 MiB for all, its
interpreter included; over that the nanny ends it, and the test with it. What is computed are the examples' own graphs:
rms per gather, and a bandpass.
"""
import logging
import os
import pathlib
import sys
import tempfile
import threading

import numpy as np

sys.path += [str(pathlib.Path(__file__).parents[2] / "examples/python"), str(pathlib.Path(__file__).parent)]
os.environ["PYTHONPATH"] = os.pathsep.join(sys.path[-2:])  # the worker imports them, too

import bandpass_with_dask
import rms_with_dask
from make_large import INTERVAL_SECONDS, N_SAMPLES, N_SOUNDING, N_TRACES, TRACES_A_GATHER, amplitudes

LIMIT_MIB = 256


def expected(dataset):
    """The rms of each gather with both waves, and with the lower alone, from the formula."""
    a, b = amplitudes(np.arange(N_TRACES, dtype="f8"))
    moment = np.arange(N_SOUNDING) * INTERVAL_SECONDS
    low, high = (np.sin(2 * np.pi * frequency * moment) for frequency in (25, 100))
    powers = np.stack([a * a * (low @ low) + 2 * a * b * (low @ high) + b * b * (high @ high), a * a * (low @ low)])
    return np.sqrt(powers.reshape(2, -1, TRACES_A_GATHER).mean(axis=2) / N_SAMPLES)


def main(dataset):
    from distributed import Client, LocalCluster
    import psutil

    with tempfile.TemporaryDirectory() as folder, LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        memory_limit=LIMIT_MIB << 20,
        dashboard_address=None,
        local_directory=folder,
        silence_logs=logging.ERROR,
    ) as cluster, Client(cluster) as client:
        first_pid = client.run(os.getpid)
        (pid,) = first_pid.values()
        peak, stopped = [0], threading.Event()

        def watch():
            while not stopped.wait(0.02):
                peak[0] = max(peak[0], psutil.Process(pid).memory_info().rss)

        watcher = threading.Thread(target=watch)
        watcher.start()
        both, low = expected(dataset)
        mean_square = rms_with_dask.mean_squares(dataset, traces_at_once=512)
        assert mean_square.sizes["trace"] == N_TRACES
        keys, rms = rms_with_dask.by_gather(dataset, "orig_field_record_num", mean_square.compute().values)
        assert np.array_equal(keys, np.arange(N_TRACES // TRACES_A_GATHER) + 1)
        np.testing.assert_allclose(rms, both, rtol=1e-6)

        passed = bandpass_with_dask.filtered(dataset, 8, 60, traces_at_once=256).amplitude
        mib = passed.nbytes / 2**20
        assert mib >= 1.5 * LIMIT_MIB, "the array would fit"
        mean_square = (passed.astype("float64") ** 2).mean("time").compute().values
        _, rms = rms_with_dask.by_gather(dataset, "orig_field_record_num", mean_square)
        np.testing.assert_allclose(rms, low, rtol=0.01)

        stopped.set()
        watcher.join()
        assert client.run(os.getpid) == first_pid, "the worker was ended and begun again"
        assert peak[0] < LIMIT_MIB << 20, f"the worker took {peak[0] >> 20} MiB"
    print(f"{mib:.0f} MiB twice in a worker of {LIMIT_MIB} MiB, which took {peak[0] >> 20} MiB, interpreter included")


if __name__ == "__main__":
    main(sys.argv[1])
