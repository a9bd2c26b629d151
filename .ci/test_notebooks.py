"""Every notebook runs from top to bottom: as its outputs were stored, with PyTorch beside it; with uncompiled kernels; with clang's. One alone: `nbdev_test --path NB`."""
import sys

import pytest

from common import ROOT, SETTINGS, none, sh


def test_exports_readme_sidebar_and_api_are_in_step(tree):
    sh('nbdev_export && python .ci/readme.py && python .ci/api.py && nbdev_clean', tree, PYTHONPATH=str(tree))
    made = [path.relative_to(tree) for path in tree.rglob('*') if path.is_file() and '__pycache__' not in path.parts]
    none(f'{path} is not what .ci/dev makes of it' for path in made if not (ROOT / path).is_file() or (ROOT / path).read_bytes() != (tree / path).read_bytes())


def test_stored_outputs_are_those_of_a_run():
    "Every cell is run, also those that hold a layer against PyTorch."
    import torch
    print(torch.__version__)
    sh(f'{sys.executable} .ci/notebooks.py check')


def test_uncompiled(tree):
    "All pages but five that train or judge for long with what the others hold."
    sh('python -c "from cs231n_lit.engine import conv; assert not conv.compiled"', tree, PYTHONPATH=str(tree))
    sh("nbdev_test --skip_file_re '^(13_|13a_|24_|check|slips|[_.])'", tree, PYTHONPATH=str(tree))


def test_compiled_by_clang(tree):
    try: sh('clang -fopenmp -x c -include omp.h -c /dev/null -o /dev/null')
    except AssertionError: pytest.skip('clang or its OpenMP is not installed')
    sh('python setup.py -q build_ext --inplace', tree, CC='clang', LDSHARED='clang -shared')
    for name in SETTINGS['kernels'].split(): sh(f'grep -q "clang version" cs231n_lit/{name.replace(".", "/")}.*.so', tree)
    sh('python -c "from cs231n_lit.engine import conv; print(conv.__file__); assert conv.compiled"', tree, PYTHONPATH=str(tree))
    for pages in 'engine', '21_sandwich.ipynb': sh(f'nbdev_test --path nbs/{pages}', tree, PYTHONPATH=str(tree))
