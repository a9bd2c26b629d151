"""The engine room: the layers' loops, compiled, and what plans and shares their work."""
import os as _os
import os.path as _path

_NEEDS = {   # level of x86-64: the instructions that it has beyond the level before
    'x86-64-v3': 'avx2 bmi1 bmi2 f16c fma movbe',
    'x86-64-v4': 'avx512f avx512bw avx512cd avx512dq avx512vl',
}


def levels(cpuinfo: str = '/proc/cpuinfo') -> list[str]:
    "The levels of x86-64 from the third on that this processor can run, best first; none where the system does not tell."
    if not _path.exists(cpuinfo): return []
    with open(cpuinfo, encoding='utf-8') as lines: has = set(next((line.split() for line in lines if line.startswith('flags')), []))
    found = []
    for level, needs in _NEEDS.items():
        if not has.issuperset(needs.split()): break
        found.insert(0, level)
    return found


def _kernel_folders(here=_path.dirname(__file__), cpuinfo='/proc/cpuinfo'):
    """The folders with kernels for newer processors, as far as this one can run them, best first.

    Only a wheel that travels has such folders, see `LEVELS` in setup.py; an install from source is built for its own machine.
    """
    found = []
    for level in levels(cpuinfo)[::-1]:
        folder = _path.join(here, level.replace('-', '_'))
        if not _path.isdir(folder): break
        found.insert(0, folder)
    return found


# the environment may name a folder of kernels instead: the bench measures another level so
__path__[:0] = [_os.environ['CS231N_LIT_KERNELS']] if _os.environ.get('CS231N_LIT_KERNELS') else _kernel_folders()

# how long a thread without work looks out for more before it sleeps, which engine/threads.ipynb measures; read as the kernels load
_asked = {'GOMP_SPINCOUNT', 'OMP_WAIT_POLICY'} & set(_os.environ)
if not _asked: _os.environ['GOMP_SPINCOUNT'] = '20000'
from . import adam, channel, im2col, norm, plan, relu      # each offers its twins to the layers of the ladder
if not _asked: _os.environ.pop('GOMP_SPINCOUNT', None)          # what this process starts later is not meant
from .threads import get_num_threads, set_num_threads
