#!/usr/bin/env python3
"""`import cs231n_lit` is light: in processor time at most 1.3 times `import numpy`, and none of the heavy libraries.

Each is imported in turn in new processes, and the least of the times counts: whatever else runs can only add to it. What is
imported is what the current folder and environment offer, its bytecode written by a first import, as after an install.
"""
import os
import subprocess
import sys
import tempfile

TIMES, LIMIT = 15, 1.3
HEAVY = {'matplotlib', 'ipywidgets', 'IPython', 'nbdev', 'fastcore', 'tqdm', 'sklearn', 'pooch', 'torch', 'joblib', 'threadpoolctl', 'sphinx'}
TIMED = 'from time import process_time as now; start = now(); import {0}; print(now() - start); {0}.__version__'      # of a folder there is none


def told(code, env):
    "What a new Python that runs the code prints."
    return subprocess.run([sys.executable, '-c', code], check=True, capture_output=True, text=True, env=env).stdout


def main():
    modules = 'numpy', 'cs231n_lit'
    with tempfile.TemporaryDirectory() as cache:
        env = {name: value for name, value in os.environ.items() if name != 'PYTHONDONTWRITEBYTECODE'} | {
            'PYTHONPYCACHEPREFIX': cache, 'OMP_NUM_THREADS': '1', 'OPENBLAS_NUM_THREADS': '1'}       # no threads that wait and count
        heavy = HEAVY & {*told('import sys, cs231n_lit; print(*sys.modules)', env).split()}
        rounds = [[float(told(TIMED.format(module), env)) for module in modules] for _ in range(TIMES)]
    numpy, ours = map(min, zip(*rounds))
    print(f'told import numpy {1e3 * numpy:.0f} ms, import cs231n_lit {1e3 * ours:.0f} ms: {ours / numpy:.2f} times')
    if heavy: print(f'it imports {heavy}')
    return bool(heavy) or ours > LIMIT * numpy


if __name__ == '__main__': sys.exit(main())
