"""What is shipped: the wheel and the sdist are whole, and each installs, runs and is typed in an environment of its own. And README's command for developers."""
import platform
import re
import subprocess
import sys
import tarfile
from email.parser import Parser
from pathlib import Path
from shutil import copytree, ignore_patterns
from zipfile import ZipFile

import numpy as np
import pytest
import yaml

from common import LIBRARY, NAMES, NBS, ROOT, SETTINGS, none, readme, sh

HERE = '"import cs231n_lit, cs231n_lit.engine.conv as c; print(cs231n_lit.__path__[0], c.__file__); assert c.compiled == {}"'
LEVELS = ['x86_64_v4', 'x86_64_v3']     # of processors, best first


def test_readme_for_developers(fresh, tree):
    install, command = readme('dev')
    run = fresh('dev')
    run(install, tree)
    run(f'python -c {HERE.format(True)} && {command}', tree)


# --- the files ----------------------------------------------------------------------------------------------------

@pytest.fixture
def files(dist):
    "The files of the wheel and of the sdist: name (in the sdist, below its one folder) -> bytes."
    (wheel,), (sdist,) = dist.glob('*.whl'), dist.glob('*.tar.gz')
    with ZipFile(wheel) as archive: whole = {name: archive.read(name) for name in archive.namelist()}
    with tarfile.open(sdist) as archive:
        return {'wheel': whole, 'sdist': {member.name.partition('/')[2]: archive.extractfile(member).read() for member in archive if member.isreg()}}


@pytest.mark.parametrize('kind, folder', [('wheel', 'cs231n_lit/notebooks'), ('sdist', 'nbs')])
def test_every_file_travels(kind, folder, files):
    there = files[kind]
    wanted = {f'{folder}/{name}.ipynb': NBS / f'{name}.ipynb' for name in NAMES}
    assert {name for name in there if name.endswith('.ipynb')} == set(wanted)
    wanted |= {path.relative_to(ROOT).as_posix(): path for ending in ('py', 'pxd', 'mplstyle', 'css', 'json', 'typed') for path in LIBRARY.rglob(f'*.{ending}')}
    if kind == 'sdist': wanted |= {name: ROOT / name for name in ('settings.ini', 'pyproject.toml', '_quarto.yml', 'nbs/_quarto.yml', 'CHANGELOG.md', '.ci/run', 'pytest.ini', 'mypy.ini')}
    none(f'the {kind} has no {name}, or another' for name, path in wanted.items() if there.get(name) != path.read_bytes())
    none(f'built files travel: {name}' for name in there if name.endswith(('.c', '.pyc')))
    assert any(name.endswith('LICENSE') for name in there)


def test_metadata(files):
    text = next(content for name, content in files['wheel'].items() if name.endswith('.dist-info/METADATA')).decode()
    meta = Parser().parsestr(text)
    wanted = {'Version': SETTINGS['version'], 'Summary': SETTINGS['description'], 'Author': SETTINGS['author'], 'License': 'Apache-2.0',
              'Requires-Python': f'>={SETTINGS["min_python"]}', 'Description-Content-Type': 'text/markdown'}
    assert {field: meta[field] for field in wanted} == wanted
    assert {entry.split(',')[0] for entry in meta.get_all('Project-URL')} >= {'Documentation', 'Source', 'Issues', 'Changelog'}
    versions = SETTINGS['min_python'], f'3.{sys.version_info.minor}'
    assert set(meta.get_all('Classifier')) >= {'Typing :: Typed', *(f'Programming Language :: Python :: {version}' for version in versions)}
    assert re.findall(r'\]\((?!https?:|#)([^)]*)', meta.get_payload()) == [], 'links that lead nowhere from a package index'


def test_the_version_is_the_same_everywhere():
    cited = yaml.safe_load((ROOT / 'CITATION.cff').read_text(encoding='utf-8'))
    assert (str(cited['version']), [author['name'] for author in cited['authors']]) == (SETTINGS['version'], [SETTINGS['author']])
    assert f'## [{SETTINGS["version"]}]' in (ROOT / 'CHANGELOG.md').read_text(encoding='utf-8')


# --- installed ----------------------------------------------------------------------------------------------------

def test_wheel_is_compiled_and_elsewhere(wheel): assert str(wheel.home) in wheel(f'python -c {HERE.format(True)}').split()[0]


def test_wheel_is_typed(wheel):
    sh(f'{sys.executable} -m mypy --strict --config-file= --cache-dir=/dev/null --python-executable {wheel.home}/env/bin/python {ROOT}/.ci/typed_use.py', wheel.home, PYTHONPATH='')


def test_wheel_makes_the_pages(wheel): wheel('cs231n-lit pages --out site && ls site/15_conv.html site/engine/conv.html')


def test_sdist_without_a_compiler(fresh, dist):
    run = fresh('plain')
    run(f'CC=/nonexistent/cc pip install -q {dist}/*.tar.gz')
    run(f'python -c {HERE.format(False)}')
    run('python -c "import numpy as np, cs231n_lit; w, config = cs231n_lit.adam(np.ones(3), np.ones(3)); assert np.allclose(w, 0.999)"')


# --- kernels for newer processors, in a wheel that travels --------------------------------------------------------

RUN = """
import sys
import numpy as np
import cs231n_lit
from cs231n_lit.engine import conv
rng = np.random.default_rng(0)
x, w, b = (rng.standard_normal(shape, dtype=np.float32) for shape in ((9, 3, 31, 20), (6, 3, 3, 3), (6,)))
out, cache = cs231n_lit.conv_relu_pool_forward(x, w, b, {'stride': 1, 'pad': 1}, {'pool_height': 2, 'pool_width': 2, 'stride': 2})
grads = cs231n_lit.conv_relu_pool_backward(np.ones_like(out), cache)
normed, _ = cs231n_lit.spatial_batchnorm_forward(out, b, b, {'mode': 'train'})
stepped, _ = cs231n_lit.adam(x, x)
assert conv.compiled
np.savez('done.npz', out, *grads, normed, stepped, path=conv.__file__)
"""
linux = pytest.mark.skipif((platform.system(), platform.machine()) != ('Linux', 'x86_64'), reason='levels are built on Linux for x86-64')


@linux
@pytest.mark.parametrize('flags, found', [('sse2', 2), ('sse2 avx2 bmi1 bmi2 f16c fma', 2), ('avx2 bmi1 bmi2 f16c fma movbe', 1),
                                          ('movbe avx2 bmi1 bmi2 f16c fma avx512f avx512bw avx512cd avx512dq avx512vl', 0), ('avx512f avx512bw avx512cd avx512dq avx512vl', 2)])
def test_a_processor_is_read_aright(flags, found, tmp_path):
    from cs231n_lit.engine import _kernel_folders
    for level in LEVELS: (tmp_path / level).mkdir()
    (tmp_path / 'cpuinfo').write_text(f'processor: 0\nflags\t: {flags}\n')
    assert _kernel_folders(str(tmp_path), str(tmp_path / 'cpuinfo')) == [str(tmp_path / level) for level in LEVELS[found:]]
    assert _kernel_folders(str(tmp_path), str(tmp_path / 'none')) == _kernel_folders(str(tmp_path / LEVELS[0])) == []


@linux
def test_wheel_takes_the_best_level_that_runs(wheel, tmp_path):
    "Every level has every kernel; with the best one taken away the next is used, with the same results. What can run is asked of the dynamic linker."
    home = Path(wheel(f'python -c {HERE.format(True)}').split()[0])
    kernels = {path.name for path in (home / 'engine').glob('*.so')}
    assert len(kernels) == len(SETTINGS['kernels'].split())
    for level in LEVELS: assert {path.name for path in (home / 'engine' / level).iterdir()} == kernels
    said = subprocess.run(['/lib64/ld-linux-x86-64.so.2', '--help'], capture_output=True, text=True, check=True).stdout
    usable, results = [level for level in LEVELS if re.search(level.replace('_', '-') + r' \(supported', said)], []
    for n in range(len(usable) + 1):
        folder = tmp_path / str(n)
        copytree(home, folder / 'cs231n_lit', ignore=ignore_patterns('notebooks', *usable[:n]))
        (folder / 'run.py').write_text(RUN)
        wheel('python run.py', folder)
        with np.load(folder / 'done.npz') as done: results.append([done[name] for name in done.files if name != 'path']); path = Path(str(done['path']))
        assert path.parent.name == [*usable, 'engine'][n]
        for a, b in zip(results[-1], results[0]): assert np.allclose(a, b, rtol=1e-4, atol=1e-4)


# --- the loops of a convolution, read in machine code ---------------------------------------------------------------

def inner_loops(kernel, function, objdump='objdump'):
    "The innermost loops of a compiled function, in all its copies: the instructions of each, as text."
    text = sh(f'{objdump} -d --no-show-raw-insn {kernel}')
    for part in text.split('\n\n'):
        if not re.search(rf'^\S+ <\S*_{function}[.\w]*>:$', part, re.M): continue
        code = [(int(at, 16), line) for at, line in re.findall(r'^ *([0-9a-f]+):\s+(.+)$', part, re.M)]
        ends = {at: int(to[1], 16) for at, line in code if (to := re.match(r'(?:j\w+|b\.\w+|[ct]bn?z)\s.*?([0-9a-f]+) <', line)) and int(to[1], 16) <= at}
        for end, begin in ends.items():
            if not any(begin <= b <= e <= end for e, b in ends.items() if (b, e) != (begin, end)): yield [line for at, line in code if begin <= at <= end]


TILES = {'conv': ('_tiles', '_products'), 'winograd': ('_multiply',)}        # the loops that keep their sums in registers


def spilled(kernel, objdump='objdump'):
    "What a tile's loops move between vector registers and the stack; that they multiply vectors is asserted."
    for function in TILES[kernel.name.partition('.')[0]]:
        tiles = [loop for loop in inner_loops(kernel, function, objdump) if sum(bool(re.match(r'vfmadd...p|mulp|fmla', line)) for line in loop) >= 4]
        assert tiles, f'{function} of {kernel} has no loop of products'
        yield from (f'{function}: {line}' for loop in tiles for line in loop if re.search(r'%[xyz]mm|\b[qv]\d', line) and re.search(r'[(\[]%?r?sp\b', line))


@linux
@pytest.mark.parametrize('level', ['', *LEVELS])
def test_sums_stay_in_registers(level, wheel):
    home = Path(wheel(f'python -c {HERE.format(True)}').split()[0])
    for name in TILES if level else ['conv']:      # without AVX, gcc does two rounds of `_multiply` at once, in a few registers too many
        (kernel,) = (home / 'engine' / level).glob(f'{name}.*.so')
        none(spilled(kernel))


@linux
@pytest.mark.parametrize('tile, fits', [('', True), ('FILTERS = 6', False)])
def test_sums_stay_in_registers_on_arm64(tile, fits, tmp_path):
    "Compiled for it, not run; and a tile that is too large is seen."
    tree = copytree(ROOT, tmp_path / 'tree', ignore=ignore_patterns('.git', 'build', '*.so', '.ci', 'nbs'))
    tiles = tree / 'cs231n_lit/engine/conv.pxd'
    if tile: tiles.write_text(re.sub(r'(?<!_)FILTERS = 4', tile, tiles.read_text(), count=1))
    settings = tree / 'settings.ini'
    settings.write_text(re.sub(r'(?m)^kernels = .*', 'kernels = engine.conv engine.winograd', settings.read_text()))
    cross = 'CC=aarch64-linux-gnu-gcc LDSHARED="aarch64-linux-gnu-gcc -shared" CS231N_LIT_MARCH='
    sh(f'{cross} {sys.executable} setup.py -q build_ext --build-lib {tmp_path}/arm64', tree)
    kernels = [next((tmp_path / 'arm64').rglob(f'{name}.*.so')) for name in TILES]
    found = [line for kernel in kernels for line in spilled(kernel, 'aarch64-linux-gnu-objdump')]
    assert (not found) == fits, found[:3]
