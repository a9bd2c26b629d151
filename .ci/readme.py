#!/usr/bin/env python3
"""index.ipynb is the one source of two files: README.md, and the sidebar in _quarto.yml. Write both, or with --check fail where they differ.

Prose and code are kept; outputs are not (a README cannot move), and links to notebooks point into nbs/. The sidebar is the
ladder's table: a row with a bold first cell begins a section.
"""
import re
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
SIDEBAR = '      - index.ipynb\n'


def readme(cells):
    "README.md as index.ipynb has it."
    parts = []
    for cell in cells:
        if cell.cell_type == 'markdown': parts.append(re.sub(r'\]\((?!https?:)([\w.-]+\.ipynb)', r'](nbs/\1', cell.source))
        elif not re.match(r'#\| *(hide|echo: *false)', cell.source): parts.append(f'```python\n{cell.source}\n```')
    return '\n\n'.join(parts) + '\n'


def site(cells, old):
    "_quarto.yml with the sections of the ladder's table for a sidebar, which is its last entry."
    lines = []
    for line in '\n'.join(cell.source for cell in cells).splitlines():
        if section := re.match(r'\| \*\*(.+?)\*\* \|', line): lines += [f'      - section: "{section[1]}"', '        contents:']
        elif rung := re.match(r'\| \[.+?\]\((\d\w+\.ipynb)\)', line): lines.append(f'          - {rung[1]}')
    return old[:old.index(SIDEBAR)] + SIDEBAR + '\n'.join(lines) + '\n'


def main():
    cells, quarto = nbformat.read(ROOT / 'nbs' / 'index.ipynb', as_version=4).cells, ROOT / '_quarto.yml'
    wanted = {ROOT / 'README.md': readme(cells), quarto: site(cells, quarto.read_text(encoding='utf-8'))}
    for path, text in wanted.items():
        if '--check' not in sys.argv: path.write_text(text, encoding='utf-8')
        elif path.read_text(encoding='utf-8') != text: return f'{path.name} differs from nbs/index.ipynb: run .ci/readme.py'


if __name__ == '__main__': sys.exit(main())
