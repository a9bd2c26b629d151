#!/usr/bin/env python3
"""index.ipynb is the one source of two files: README.md, and the sidebar in _quarto.yml. Write both, or with --check fail where they differ.

Prose and code are kept; outputs are not (a README cannot move), and links to notebooks point into nbs/. The sidebar is the
ladder's table: a row with a bold first cell begins a section. What the home page says was measured must be what the page of
the bench has stored.
"""
import re
import sys
from pathlib import Path

import nbformat

from cs231n_lit.pages import ladder

ROOT = Path(__file__).resolve().parent.parent
SIDEBAR = '      - index.ipynb\n'


def readme(cells):
    "README.md as index.ipynb has it."
    parts = []
    for cell in cells:
        if cell.cell_type == 'markdown': parts.append(re.sub(r'\]\((?!https?:)([\w.-]+\.ipynb)', r'](nbs/\1', cell.source))
        elif not re.match(r'#\| *(hide|echo: *false)', cell.source): parts.append(f'```python\n{cell.source}\n```')
    return '\n\n'.join(parts) + '\n'


def sections(cells):
    "The sections of the ladder and their pages, (label, name), as the offline site has them too."
    return ladder('\n'.join(cell.source for cell in cells), [path.stem for path in (ROOT / 'nbs').glob('[!_]*.ipynb')])


def site(cells, old):
    "_quarto.yml with the sections of the ladder's table for a sidebar, which is its last entry."
    lines = []
    for section, pages in sections(cells).items():
        lines += [f'      - section: "{section}"', '        contents:', *(f'          - text: "{label}"\n            href: {name}.ipynb' for label, name in pages)]
    return old[:old.index(SIDEBAR)] + SIDEBAR + '\n'.join(lines) + '\n'


def rows(text):
    "The cells of each row of the Markdown tables in a text."
    return [[cell.strip() for cell in line.strip()[1:-1].split('|')] for line in text.splitlines() if line.startswith('|')]


def off_the_record(cells, bench):
    "The figures of the home page's table of measurements that are not those stored in the bench's page, rounded."
    printed = '\n'.join(output.text for cell in bench for output in cell.get('outputs', []) if output.output_type == 'stream')
    stored = {row[0].split(' (')[0]: (row[3], row[5]) for row in rows(printed) if len(row) == 6 and row[1] == '1'}
    home = '\n'.join(cell.source for cell in cells if '| our time / PyTorch' in cell.source)
    claimed = [row for row in rows(home) if len(row) > 1 and row[1][:1].isdigit()]
    if not claimed: yield 'no table of measurements'
    for name, ratio, *factor in claimed:
        for claim, measured in zip((ratio, *factor), stored.get(name, ('', ''))):
            number, measured = (float(re.sub(r'[^\d.]', '', text) or 'nan') for text in (claim, measured))
            if claim and not 0.8 < number / measured < 1.25: yield f'{name}: {claim}, but {measured:g} is stored'
        if name not in stored: yield f'{name} is not stored'


def main():
    bench = nbformat.read(ROOT / 'nbs' / '80_bench.ipynb', as_version=4).cells
    cells, quarto = nbformat.read(ROOT / 'nbs' / 'index.ipynb', as_version=4).cells, ROOT / '_quarto.yml'
    wanted = {ROOT / 'README.md': readme(cells), quarto: site(cells, quarto.read_text(encoding='utf-8'))}
    if wrong := list(off_the_record(cells, bench)): return 'nbs/index.ipynb claims what nbs/80_bench.ipynb did not measure: ' + '; '.join(wrong)
    for path, text in wanted.items():
        if '--check' not in sys.argv: path.write_text(text, encoding='utf-8')
        elif path.read_text(encoding='utf-8') != text: return f'{path.name} differs from nbs/index.ipynb: run .ci/readme.py'


if __name__ == '__main__': sys.exit(main())
