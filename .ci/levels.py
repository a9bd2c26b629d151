#!/usr/bin/env python3
"""The installed wheel holds its kernels for every processor and for newer ones, and takes the best that this machine can run.

For Linux on x86-64, in an environment where the wheel is installed. What this machine can run is asked of the dynamic linker, a judge of its own.
"""
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import cs231n_lit
from cs231n_lit import conv_kernel

HOME = Path(cs231n_lit.__file__).parent
LEVELS = ['x86_64_v4', 'x86_64_v3']     # best first
RUN = """
import sys
import numpy as np
import cs231n_lit
from cs231n_lit import conv_kernel
rng = np.random.default_rng(0)
x, w, b = (rng.standard_normal(shape, dtype=np.float32) for shape in ((9, 3, 31, 20), (6, 3, 3, 3), (6,)))
out, cache = cs231n_lit.conv_relu_pool_forward(x, w, b, {'stride': 1, 'pad': 1}, {'pool_height': 2, 'pool_width': 2, 'stride': 2})
grads = cs231n_lit.conv_relu_pool_backward(np.ones_like(out), cache)
normed, _ = cs231n_lit.spatial_batchnorm_forward(out, b, b, {'mode': 'train'})
stepped, _ = cs231n_lit.adam(x, x)
assert conv_kernel.compiled
np.savez(sys.argv[1], out, *grads, normed, stepped, path=conv_kernel.__file__)
"""


def supported():
    "The levels that the dynamic linker would search here, best first."
    said = subprocess.run(['/lib64/ld-linux-x86-64.so.2', '--help'], capture_output=True, text=True, check=True).stdout
    return [level for level in LEVELS if re.search(level.replace('_', '-') + r' \(supported', said)]


def results(without, folder):
    "What the kernels compute in a copy of the package that lacks some levels, and which file they are."
    shutil.copytree(HOME, folder / 'cs231n_lit', ignore=shutil.ignore_patterns('notebooks', *without))
    subprocess.run([sys.executable, '-c', RUN, folder / 'done.npz'], cwd=folder, check=True)
    with np.load(folder / 'done.npz') as done: return [done[name] for name in done.files if name != 'path'], Path(str(done['path']))


def main():
    kernels = {path.name for path in HOME.glob('*_kernel.*.so')}
    for level in LEVELS: assert {path.name for path in (HOME / level).iterdir()} == kernels != set(), level
    here = supported()
    assert Path(conv_kernel.__file__).parent == (HOME / here[0] if here else HOME), conv_kernel.__file__
    with TemporaryDirectory() as folder:
        folder = Path(folder)
        for flags, found in ('sse2', []), ('sse2 avx2 bmi1 bmi2 f16c fma', []), ('avx2 bmi1 bmi2 f16c fma movbe', LEVELS[1:]), (
                'movbe avx2 bmi1 bmi2 f16c fma avx512f avx512bw avx512cd avx512dq avx512vl', LEVELS), ('avx512f avx512bw avx512cd avx512dq avx512vl', []):
            (folder / 'cpuinfo').write_text(f'processor: 0\nflags\t: {flags}\n')
            assert cs231n_lit._kernel_folders(str(HOME), str(folder / 'cpuinfo')) == [str(HOME / level) for level in found], flags
        assert cs231n_lit._kernel_folders(str(HOME), str(folder / 'none')) == cs231n_lit._kernel_folders(str(folder)) == []
        usable = [level for level in LEVELS if level in here]
        for n in range(len(usable) + 1):
            (folder / str(n)).mkdir()
            numbers, path = results(usable[:n], folder / str(n))
            assert path.parent.name == (usable[n:] or ['cs231n_lit'])[0], path
            if n == 0: first = numbers
            for a, b in zip(numbers, first): assert np.allclose(a, b, rtol=1e-4, atol=1e-4)
    print(f'told {len(kernels)} kernels three times; this machine runs {[*usable, "any"]}, all with the same results, and takes the first')


if __name__ == '__main__': main()
