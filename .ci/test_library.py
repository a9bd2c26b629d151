"""The library as it stands in the tree: compiled, typed, light to import, and quick to learn digits."""
import ast
import importlib
import inspect
import re
import sys
import time

import pytest

from common import LIBRARY, ROOT, SETTINGS, none, sh

KERNELS = SETTINGS['kernels'].split()
MODULES = ['.'.join(path.relative_to(LIBRARY).with_suffix('').parts) for path in sorted(LIBRARY.rglob('[!_]*.py'))]


def module(name): return importlib.import_module(f'cs231n_lit.{name}')


@pytest.mark.parametrize('name', KERNELS)
def test_compiled(name):
    assert module(name).__file__.endswith(('.so', '.pyd')) and module(name).compiled, f'{module(name).__file__}: run .ci/dev'


# --- types --------------------------------------------------------------------------------------------------------

def functions(source):
    "The public functions of a module, and the public methods of its public classes, by name."
    for name in source.__all__:
        thing = getattr(source, name)
        if inspect.isfunction(thing): yield name, thing
        elif inspect.isclass(thing):
            for method, f in vars(thing).items():
                if inspect.isfunction(f) and (method == '__init__' or method[0] != '_'): yield f'{name}.{method}', f


def bare(f):
    "What has no annotation: parameters, and `return`."
    signature = inspect.signature(f)
    yield from (p.name for p in signature.parameters.values() if p.annotation is p.empty and p.name != 'self')
    if signature.return_annotation is signature.empty and f.__name__ != '__init__': yield 'return'


@pytest.mark.parametrize('name', [name for name in MODULES if name not in KERNELS])           # there an annotation is a C type
def test_public_names_are_annotated(name):
    source = module(name)
    none(f'{function} has no annotation for {", ".join(names)}' for function, f in functions(source) if (names := list(bare(f))))
    others = [thing for thing in map(source.__dict__.get, source.__all__) if inspect.ismodule(thing) or inspect.isfunction(thing) and thing.__module__ != source.__name__]
    none(f'__all__ has {thing.__name__}, which is not its own' for thing in others)


def test_the_package_lists_all_that_it_imports():
    listed, imported = importlib.import_module('cs231n_lit').__all__, []
    for node in ast.walk(ast.parse((LIBRARY / '__init__.py').read_text(encoding='utf-8'))):
        if isinstance(node, ast.ImportFrom): imported += module(node.module).__all__ if node.names[0].name == '*' else [alias.name for alias in node.names]
    assert sorted(listed) == sorted(set(imported))


def test_mypy(): sh(f'{sys.executable} -m mypy')


def test_a_user_gets_what_is_promised():
    sh(f'{sys.executable} .ci/typed_use.py', PYTHONPATH=str(ROOT))
    sh(f'{sys.executable} -m mypy --strict --config-file= --cache-dir=build/mypy-use --follow-imports=silent .ci/typed_use.py')
    assert (LIBRARY / 'py.typed').exists()


# --- how quick ----------------------------------------------------------------------------------------------------

HEAVY = {'matplotlib', 'ipywidgets', 'IPython', 'nbdev', 'fastcore', 'tqdm', 'sklearn', 'pooch', 'torch', 'joblib', 'threadpoolctl', 'sphinx'}
TIMED = 'from time import process_time as now; start = now(); import {0}; print(now() - start); {0}.__version__'      # of a folder there is none


def test_import_is_light(tmp_path):
    """In processor time at most 1.3 times `import numpy`, and none of the heavy libraries.

    Each is imported in turn in new processes, and the least of the times counts: whatever else runs can only add to it.
    """
    env = {'PYTHONDONTWRITEBYTECODE': '', 'PYTHONPYCACHEPREFIX': str(tmp_path), 'OMP_NUM_THREADS': '1', 'OPENBLAS_NUM_THREADS': '1'}      # no threads that wait and count
    def told(code): return sh(f'{sys.executable} -c "{code}"', **env)
    assert not HEAVY & {*told('import sys, cs231n_lit; print(*sys.modules)').split()}
    numpy, ours = map(min, zip(*([float(told(TIMED.format(name))) for name in ('numpy', 'cs231n_lit')] for _ in range(15))))
    assert ours <= 1.3 * numpy, f'{1e3 * ours:.0f} ms, NumPy {1e3 * numpy:.0f} ms'


def test_train_reads_digits_in_half_a_minute(tmp_path):
    start = time.perf_counter()
    said = sh(f'cs231n-lit train --out {tmp_path}/run')
    assert time.perf_counter() - start < 30
    assert float(re.search(r'test accuracy (\d\.\d+)', said)[1]) >= 0.95
    saved = {path.name: path.stat().st_size for path in (tmp_path / 'run').iterdir()}
    assert saved.keys() == {'curves.png', 'weights.png', 'weights.npz'} and all(saved.values())
