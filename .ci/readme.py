#!/usr/bin/env python3
"""README.md is index.ipynb: write it, or with --check fail where they differ.

Prose and code are kept; outputs are not (a README cannot move), and links to notebooks point into nbs/.
"""
import re
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent


def readme():
    "README.md as index.ipynb has it."
    parts = []
    for cell in nbformat.read(ROOT / 'nbs' / 'index.ipynb', as_version=4).cells:
        if cell.cell_type == 'markdown': parts.append(re.sub(r'\]\((?!https?:)([\w.-]+\.ipynb)', r'](nbs/\1', cell.source))
        elif not re.match(r'#\| *(hide|echo: *false)', cell.source): parts.append(f'```python\n{cell.source}\n```')
    return '\n\n'.join(parts) + '\n'


def main():
    target, wanted = ROOT / 'README.md', readme()
    if '--check' not in sys.argv: target.write_text(wanted, encoding='utf-8')
    elif target.read_text(encoding='utf-8') != wanted: return 'README.md differs from nbs/index.ipynb: run .ci/readme.py'


if __name__ == '__main__': sys.exit(main())
