#!/usr/bin/env python3
"""Every rung begins and ends alike, and takes about as long to read as it says.

    .ci/heads.py [FOLDER]   check the rungs 00 to 22 in FOLDER (nbs/)

A head has a title, a one-line summary, what you need (but for rung 00), what you will have, and the minutes in words. An end has
"Next:" with a link to a page further up. In between, an equation of another page is referred to by a link: [(9.1)](09_batchnorm.ipynb).
"""
import json
import re
import sys
from pathlib import Path

SMALL = ('one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen').split()
TENS = {'twenty': 20, 'thirty': 30}
FACTOR = 1.6            # how far the minutes may be from the estimate, either way
LINK = re.compile(r'\[([^]]*)\]\(([\w./-]+\.ipynb)(?:#[^)]*)?\)')
NUMBER = re.compile(r'\((\d+[a-z]?\.[1-9]\d*)\)')       # no decimal like (0.05)


def cells(path):
    "The cells of a notebook, each source as one text."
    return [{**cell, 'source': ''.join(cell['source'])} for cell in json.loads(path.read_text(encoding='utf-8'))['cells']]


def texts(page, kind): return [cell['source'] for cell in page if cell['cell_type'] == kind]


def stated(head):
    "The minutes that a head gives in words, the first it gives; None if it gives none."
    found = re.search(r'(?:^|[.;] )(?:\*\*)?([A-Z][a-z]+)(?:-([a-z]+))? minutes?\b', head)
    if not found: return None
    first, second = found[1].lower(), found[2]
    if first in TENS: return TENS[first] + (SMALL.index(second) + 1 if second in SMALL else 0)
    return SMALL.index(first) + 1 if first in SMALL else None


def estimate(page):
    "Minutes to read a page: 180 words of prose a minute, 20 seconds a code cell, 30 a picture or stepper."
    code = [cell for cell in page if cell['cell_type'] == 'code']
    shown = sum(any({'image/png', 'text/html'} & set(output.get('data', {})) for output in cell['outputs']) for cell in code)
    prose = re.sub(r'\$\$.*?\$\$', '', '\n'.join(texts(page, 'markdown')), flags=re.S)
    return len(prose.split()) / 180 + len(code) / 3 + shown / 2


def wrong_head(page, first):
    "What a head lacks."
    opening, *rest = texts(page, 'markdown')
    if not re.match(r'# \S[^\n]*\n+> \S[^\n]*\n*$', opening): yield 'the first cell is no title with a one-line summary'
    head = rest[0] if rest else ''
    for part, at in ('**You need**', not first), ('**You will have**', True):
        if at and part not in head: yield f'the head has no {part}'
    minutes = stated(head)
    if minutes is None: yield 'the head says no minutes'
    elif not minutes / FACTOR <= estimate(page) <= minutes * FACTOR: yield f'the head says {minutes} minutes, the estimate is {estimate(page):.0f}'


def wrong_end(page, name, places):
    "What an end lacks."
    after = re.search(r'\*\*(?:Next:|Try next)\*?\*?(.*)', page[-1]['source'], re.S) if page[-1]['cell_type'] == 'markdown' else None
    if not after: yield 'the last cell has no "Next:"'
    elif not any(places.get(target, -1) > places[name] for _, target in LINK.findall(after[1])): yield 'its "Next:" has no link to a page further up'


def wrong_links(page, name):
    "References to equations of other pages that do not lead there; whether the equations exist, `site.py` checks."
    def rung(file): return re.match(r'0?(\d*[a-z]?)', file)[1]
    prose = re.sub(r'\$\$.*?\$\$|\$[^$]*\$|`[^`]*`', '', '\n'.join(texts(page, 'markdown')), flags=re.S)
    linked = [(number, target) for words, target in LINK.findall(prose) for number in NUMBER.findall(words)]
    yield from (f'({number}) leads to {target}' for number, target in linked if number.split('.')[0] != rung(target))
    plain = [number for number in NUMBER.findall(LINK.sub('', prose)) if number.split('.')[0] not in ('0', rung(name))]      # (0.5) is a decimal
    yield from (f'({number}) is of another page, and is no link' for number in plain)


def main(folder=Path(__file__).resolve().parent.parent / 'nbs'):
    pages = {path.name: cells(path) for path in sorted(Path(folder).glob('*.ipynb'))}
    rungs = [name for name in pages if re.match(r'([01]\d|2[0-2])', name)]
    places = {name: i for i, name in enumerate(pages)}
    wrong = [f'{name}: {what}' for name in rungs for what in
             (*wrong_head(pages[name], name == rungs[0]), *wrong_end(pages[name], name, places), *wrong_links(pages[name], name))]
    if len(rungs) < 23: wrong.append(f'{len(rungs)} rungs in {folder}')
    print('\n'.join(wrong) or f'told {len(rungs)} rungs with head and end, {sum(stated(texts(pages[name], "markdown")[1]) for name in rungs)} minutes to read')
    return bool(wrong)


if __name__ == '__main__': sys.exit(main(*sys.argv[1:]))
