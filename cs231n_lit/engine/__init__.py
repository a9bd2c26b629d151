"""The engine room: the layers' loops, compiled, and what plans and shares their work."""
import os.path as _path


def _kernel_folders(here=_path.dirname(__file__), cpuinfo='/proc/cpuinfo'):
    """The folders with kernels for newer processors, as far as this one can run them, best first.

    Only a wheel that travels has such folders, see `LEVELS` in setup.py; an install from source is built for its own machine.
    """
    if not (_path.isdir(_path.join(here, 'x86_64_v3')) and _path.exists(cpuinfo)): return []
    with open(cpuinfo, encoding='utf-8') as lines: has = set(next((line.split() for line in lines if line.startswith('flags')), []))
    found = []
    for level, needs in ('x86_64_v3', 'avx2 bmi1 bmi2 f16c fma movbe'), ('x86_64_v4', 'avx512f avx512bw avx512cd avx512dq avx512vl'):
        folder = _path.join(here, level)
        if not (_path.isdir(folder) and has.issuperset(needs.split())): break
        found.insert(0, folder)
    return found


__path__[:0] = _kernel_folders()

from . import adam, channel, im2col, norm, plan      # each offers its twins to the layers of the ladder
from .threads import get_num_threads, set_num_threads
