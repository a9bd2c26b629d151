#!/usr/bin/env python3
"""What the site would be given: nbdev's own processing of every notebook, then a look at each page.

A page has a title and a summary, no raw directive, no error, no widget without a page of its own, no figure without alt
text, no link to a notebook that is not there, and at most 1.5 MB.
"""
import json
import re
import sys
from pathlib import Path

from nbdev.serve import proc_nbs

ROOT = Path(__file__).resolve().parent.parent


def faults(path):
    "What is wrong with one processed notebook."
    cells = json.loads(path.read_text(encoding='utf-8'))['cells']
    head = ''.join(cells[0]['source'])
    if not re.search(r'^title: .+', head, re.M) or not re.search(r'^description: .+', head, re.M): yield 'no title or no summary'
    if path.stat().st_size > 1_500_000: yield f'{path.stat().st_size} bytes'
    for cell in cells:
        source, outputs = ''.join(cell['source']), cell.get('outputs', [])
        if re.search(r'^#\| *(exports?|torch|default_exp)\b', source, re.M): yield f'a raw directive: {source[:60]!r}'
        for name in re.findall(r'\]\(([\w.-]+\.ipynb)', source) if cell['cell_type'] == 'markdown' else ():
            if not (ROOT / 'nbs' / name).exists(): yield f'a link to {name}, which is not there'
        for output in outputs:
            data = output.get('data', {})
            if output['output_type'] == 'error': yield f'an error: {output["ename"]}'
            if any('widget-view' in kind for kind in data) and 'text/html' not in data: yield 'a widget without a page'
            if 'image/png' in data and 'fig-alt' not in source: yield f'a figure without alt text: {source[:60]!r}'


def main():
    pages = sorted(Path(proc_nbs(force=True)).glob('*.ipynb'))
    wrong = [f'{path.name}: {fault}' for path in pages for fault in faults(path)]
    if len(pages) != len(list((ROOT / 'nbs').glob('*.ipynb'))): wrong.append(f'only {len(pages)} pages')
    print('\n'.join(wrong) or f'told {len(pages)} pages as the site gets them')
    return bool(wrong)


if __name__ == '__main__': sys.exit(main())
