#!/usr/bin/env python3
"""Run notebooks top to bottom, and keep or compare their outputs.

    .ci/notebooks.py store [NB ...]   run, and write the outputs into the notebooks (all of nbs/ when none is named)
    .ci/notebooks.py check [NB ...]   run, and fail where the stored outputs are not those of such a run

The pages are built from stored outputs, so a stepper is stored as its page (`text/html`), never as a reference to a
widget of a kernel that is gone. Numbers may differ from machine to machine, so `check` compares outputs with every
number masked: their kinds, order and words.
"""
import json
import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

import nbformat
from execnb.nbio import dict2nb, write_nb
from nbclient import NotebookClient
from nbdev.clean import clean_nb

from common import NAMES, NBS, ROOT

PATIENCE = 60       # seconds for a page that runs alone
WIDGET = 'application/vnd.jupyter.widget-view+json'


def run(path):
    "The notebook at `path`, run in a kernel of its own; errors stop it."
    nb = nbformat.read(path, as_version=4)
    start = time.perf_counter()
    NotebookClient(nb, timeout=300, kernel_name='python3', resources={'metadata': {'path': str(path.parent)}}).execute()
    seconds = time.perf_counter() - start
    for cell in nb.cells:
        if cell.cell_type == 'code': cell.outputs = [o for o in map(without_widget, cell.outputs) if o]
    nb.metadata.pop('widgets', None)
    return nb, seconds


def without_widget(output):
    "The output as a page can show it; None for a widget that has no page of its own (a progress bar)."
    data = output.get('data', {})
    if WIDGET in data:
        if 'text/html' not in data: return None
        del data[WIDGET]
    return output


FOLD = re.compile(r'^#\| *code-fold: *true$', re.M)
ECHO = re.compile(r'^#\| *echo: *false$', re.M)
LABEL = re.compile(r'^#\| *code-summary: *"(.+)"$', re.M)


def fold(cell):
    """Fold a code cell with `#| code-fold: true`, output and all, wherever it is read; unfold any other.

    Quarto reads `code-fold` and `code-summary`, JupyterLab the metadata `jupyter` (and shows a folded cell's first line, so that
    is the label), MyST-NB the tag. A picture that is to be seen comes from a cell of its own; with `#| echo: false` the source alone is hidden.
    """
    for key in 'jupyter', 'tags': cell.metadata.pop(key, None)
    if ECHO.search(cell.source): cell.metadata['jupyter'] = {'source_hidden': True}
    if not FOLD.search(cell.source): return
    label = LABEL.search(cell.source)[1]
    if not cell.source.startswith(f'#| {label}\n'): cell.source = f'#| {label}\n' + cell.source
    cell.metadata['jupyter'] = {'outputs_hidden': True, 'source_hidden': True}
    cell.metadata['tags'] = ['hide-cell']


def store(path):
    nb, seconds = run(path)
    for cell in nb.cells:
        if cell.cell_type == 'code': fold(cell)
    cleaned = dict2nb(json.loads(nbformat.writes(nb)))
    clean_nb(cleaned, allowed_cell_metadata_keys=['jupyter', 'tags'])
    write_nb(cleaned, path)
    print(f'{path.name}: {seconds:.1f} s' + (', too slow to be a page of the course' if seconds > PATIENCE else ''), flush=True)
    return True


def words(cell):
    "What a cell shows, numbers masked: progress on stderr and timings do not count."
    shown = []
    for output in cell.get('outputs', []):
        if output.get('name') == 'stderr': continue
        if output['output_type'] == 'stream': shown.append(output['text'])
        else: shown.append({kind: mask(text) if kind == 'text/plain' else '' for kind, text in output.get('data', {}).items()})
    runs = groupby(shown, lambda part: isinstance(part, str))          # a kernel sends one text in as many pieces as it likes
    return [part for text, run in runs for part in ([mask(''.join(run))] if text else run)]


def mask(text):
    "Text with every number (and the spaces that align it) replaced, and what is said of the machine."
    text = re.sub(r'(Measured on: ).*', r'\1#', ''.join(text))
    return re.sub(r'\s+', ' ', re.sub(r'[-+]?(\d[\d_,]*\.?\d*|\.\d+)(e[-+]?\d+)?|\bnan\b|\binf\b', '#', text))


def check(path):
    stored = nbformat.read(path, as_version=4)
    fresh, seconds = run(path)
    stale = [i for i, (a, b) in enumerate(zip(stored.cells, fresh.cells)) if words(a) != words(b)]
    for i in stale: print(f'{path.name}, cell {i}: stored {words(stored.cells[i])!r:.300}\n    now {words(fresh.cells[i])!r:.300}')
    print(f'{path.name}: {seconds:.1f} s, ' + (f'{len(stale)} stale cells' if stale else 'outputs are those of this run'), flush=True)
    return not stale


def main(verb, *names):
    os.environ['PYTHONPATH'] = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get('PYTHONPATH')])])
    paths = [Path(name).resolve() for name in names] or [NBS / f'{name}.ipynb' for name in NAMES]
    with ThreadPoolExecutor(2) as pool: good = list(pool.map({'store': store, 'check': check}[verb], paths))
    print(f'{sum(good)} of {len(good)} notebooks')
    return 0 if all(good) else 1


if __name__ == '__main__': sys.exit(main(*sys.argv[1:]))
