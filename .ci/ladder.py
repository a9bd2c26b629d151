#!/usr/bin/env python3
"""The ladder holds: a notebook imports only modules of smaller number, and the table of index.ipynb lists every rung, in order."""
import json
import re
import sys
from pathlib import Path

NBS = Path(__file__).resolve().parent.parent / 'nbs'


def sources(path, kind):
    "The cells of one kind, as one text."
    return '\n'.join(''.join(cell['source']) for cell in json.loads(path.read_text(encoding='utf-8'))['cells'] if cell['cell_type'] == kind)


def imported(code):
    "The modules of the library that the code imports."
    yield from re.findall(r'(?:from|import)\s+cs231n_lit\.(\w+)', code)
    for names in re.findall(r'from cs231n_lit import ([\w, ]+)', code): yield from names.replace(' ', '').split(',')


rungs = sorted(NBS.glob('[0-9]*.ipynb'))
names = [path.name for path in rungs]
place = {re.sub(r'^\d+[a-z]?_', '', path.stem): i for i, path in enumerate(rungs)}
wrong = [f'{path.name} imports {name}, which is not below it' for i, path in enumerate(rungs)
         for name in imported(sources(path, 'code')) if place.get(name, len(rungs)) > i]
listed = re.findall(r'^\| \[[^]]+\]\((\w+\.ipynb)\)', sources(NBS / 'index.ipynb', 'markdown'), re.M)
if listed != names: wrong.append(f'the table of index.ipynb is not the ladder: {sorted(set(listed) ^ set(names)) or "the order differs"}')
print('\n'.join(wrong) or f'told {len(rungs)} rungs, each on those below it')
sys.exit(bool(wrong))
