#!/usr/bin/env python3
"""index.ipynb is the one source of two files: README.md, and the sidebar in _quarto.yml. Write both, or with --check fail where they differ.

Prose and code are kept; outputs are not (a README cannot move), and links to notebooks point into nbs/. The sidebar is the
ladder's table. What the home page says was measured must be what the page of the bench has stored.
"""
import re
import sys

from common import ROOT, cells, contents, directive, texts

PICTURE = '![A window of 3x3 on an image gives one number of the output, and the gradient goes back the same way](nbs/social.png)'   # where the page has a stepper
SIDEBAR = '      - index.ipynb\n'


def readme(page):
    "README.md as index.ipynb has it."
    parts = []
    for cell in page:
        if cell['cell_type'] == 'markdown': parts.append(re.sub(r'\]\((?!https?:)([\w./-]+\.ipynb)', r'](nbs/\1', cell['source']))
        elif not directive('(hide|echo: *false|code-fold: *true)', cell): parts.append(f'```python\n{cell["source"]}\n```')
    return '\n\n'.join([parts[0], PICTURE, *parts[1:]]) + '\n'


def site(old):
    "_quarto.yml with the table of index.ipynb for a sidebar, which is its last entry."
    lines = []
    for part, pages in contents().items():
        lines += [f'      - section: "{part}"', '        contents:', *(f'          - text: "{label}"\n            href: {name}.ipynb' for label, name in pages)]
    return old[:old.index(SIDEBAR)] + SIDEBAR + '\n'.join(lines) + '\n'


def rows(text):
    "The cells of each row of the Markdown tables in a text."
    return [[cell.strip() for cell in line.strip()[1:-1].split('|')] for line in text.splitlines() if line.startswith('|')]


def off_the_record(page, bench):
    "The figures of the home page's table of measurements that are not those stored in the bench's page, rounded."
    shown = [output for cell in bench for output in cell.get('outputs', ())]
    printed = '\n'.join(''.join(output.get('text', output.get('data', {}).get('text/markdown', ''))) for output in shown)
    stored = {(row[0].split(' (')[0], row[1]): (row[4], row[7]) for row in rows(printed) if len(row) == 8 and row[2] == '1'}
    claimed = [row for text in texts(page) if "| our time / PyTorch's with AVX2" in text for row in rows(text) if len(row) == 4 and re.match(r'\d', row[1] + row[2])]
    if not claimed: yield 'no table of measurements'
    for name, avx2, avx512, loops in claimed:
        (ratio, slower), (other, slow) = (stored.get((name, kernels), ('', '')) for kernels in ('AVX2', 'AVX-512'))
        for claim, measured in (avx2, ratio), (avx512, other), (loops, slower or slow):
            numbers = [float(re.sub(r'[^\d.]', '', text) or 'nan') for text in (claim, measured)]
            if claim and not 0.8 < numbers[0] / numbers[1] < 1.25: yield f'{name}: {claim}, but {measured or "nothing"} is stored'


def main():
    index, quarto = cells('index'), ROOT / '_quarto.yml'
    if wrong := list(off_the_record(index, cells('around/bench'))): return 'nbs/index.ipynb claims what nbs/around/bench.ipynb did not measure: ' + '; '.join(wrong)
    for path, text in {ROOT / 'README.md': readme(index), quarto: site(quarto.read_text(encoding='utf-8'))}.items():
        if '--check' not in sys.argv: path.write_text(text, encoding='utf-8')
        elif path.read_text(encoding='utf-8') != text: return f'{path.name} differs from nbs/index.ipynb: run .ci/readme.py'


if __name__ == '__main__': sys.exit(main())
