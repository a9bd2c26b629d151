#!/usr/bin/env python3
"""The ladder holds: a notebook imports only modules of smaller number, and index.ipynb links every rung."""
import json
import re
import sys
from pathlib import Path

NBS = Path(__file__).resolve().parent.parent / 'nbs'
rungs = sorted(NBS.glob('[0-9]*.ipynb'))
place = {re.sub(r'^\d+[a-z]?_', '', path.stem): i for i, path in enumerate(rungs)}
wrong = []
for i, path in enumerate(rungs):
    cells = json.loads(path.read_text(encoding='utf-8'))['cells']
    code = '\n'.join(''.join(cell['source']) for cell in cells if cell['cell_type'] == 'code')
    for name in re.findall(r'(?:from|import)\s+cs231n_lit\.(\w+)', code):
        if name not in place: wrong.append(f'{path.name} imports {name}, which no notebook exports')
        elif place[name] > i: wrong.append(f'{path.name} imports {name} from {rungs[place[name]].name}, which is not below it')
index = (NBS / 'index.ipynb').read_text(encoding='utf-8')
wrong += [f'index.ipynb does not link {path.name}' for path in rungs if f'({path.name})' not in index]
print('\n'.join(wrong) or f'told {len(rungs)} rungs, each on those below it')
sys.exit(bool(wrong))
