"""What segyio reads: samples as float64 and header words as int64, for tests/foreign_readers.

Standard input: one file a line, as NAME<TAB>big|little<TAB>PATH. Argument: a folder for the arrays.
Standard output: one JSON object a line.
"""

import json
import pathlib
import sys
import warnings

import numpy as np
import segyio


def read(name, order, path, folder):
    with segyio.open(path, ignore_geometry=True, endian=order) as file:
        words = [int(word) for word in segyio.TraceField.enums() if 0 < int(word) <= 240]
        samples = np.asarray(file.trace.raw[:]).astype("<f8")
        headers = np.stack([np.asarray(file.attributes(word)[:]) for word in words], axis=1)
        samples.tofile(folder / f"{name}.samples")
        headers.astype("<i8").tofile(folder / f"{name}.headers")
        return {
            "n_traces": int(file.tracecount),
            "n_samples": len(file.samples),
            "words": words,
            "text": file.text[0].decode("latin-1"),
        }


def main():
    folder = pathlib.Path(sys.argv[1])
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        name, order, path = line.rstrip("\n").split("\t")
        try:
            found = read(name, order, path, folder)
        except Exception as error:  # whatever it is, the file is one that segyio does not open
            found = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps({"name": name, **found}), flush=True)


main()
