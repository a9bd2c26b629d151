"""The house: who may use whom, how a page is built, and that the ladder can be walked. Nothing is run; every limit is seen failing."""
import ast
import posixpath
import re
from functools import cache
from graphlib import TopologicalSorter
from itertools import takewhile

import pytest
import yaml

from common import LADDER, LIBRARY, NAMES, cells, contents, directive, none, number, texts

# --- imports run one way, down: around -> the ladder, rung by rung -> the engine room -> the ground floor ---------

RUNGS = {name.split('_', 1)[1]: i for i, name in enumerate(LADDER)}


def place(module):
    "How high a module of the library stands; the package itself stands on top."
    floor = module.split('.')[0].strip('_')
    return (2, RUNGS[module]) if module in RUNGS else ({'ground': 0, 'engine': 1, 'around': 3, 'main': 3, '': 3}[floor], 0)


def imported(source, module, known):
    "The modules of the library, of those known, that the source of a module imports, wherever in it."
    here = ['cs231n_lit', *module.split('.')] if module else ['cs231n_lit']
    if module not in ('', 'ground', 'engine', 'around'): here.pop()                          # to its folder
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, (ast.Import, ast.ImportFrom)): continue
        level = getattr(node, 'level', 0)
        above = [*here[:len(here) + 1 - level if level else 0], *filter(None, [getattr(node, 'module', None)])]
        for alias in node.names:
            package, *parts = '.'.join([*above, alias.name]).split('.')
            while parts and '.'.join(parts) not in known: parts.pop()                        # down to a name in the module
            if package == 'cs231n_lit': yield '.'.join(parts)


def back_up(sources):
    "The imports of a library (module -> source) that lead up; TopologicalSorter raises CycleError where some lead round."
    graph = {module: {*imported(source, module, sources)} - {module} for module, source in sources.items()}
    TopologicalSorter(graph).prepare()
    return [f'{module or "cs231n_lit"} imports {other or "cs231n_lit"}' for module, others in graph.items() for other in others if place(other) > place(module)]


@cache
def library():
    "module -> source, of every module of the library."
    def name(path): return '.'.join(path.relative_to(LIBRARY).with_suffix('').parts).removesuffix('__init__').rstrip('.')
    return {name(path): path.read_text(encoding='utf-8') for path in sorted(LIBRARY.rglob('*.py')) if path.name != '_modidx.py'}


def test_imports_have_no_way_back_up(): none(back_up(library()))


@pytest.mark.parametrize('module, line', [
    ('ground.arrays', 'from ..engine import plan'), ('ground.arrays', 'from cs231n_lit.conv import conv_forward'), ('ground.arrays', 'from .. import around'),
    ('engine.conv', 'def f():\n    from ..conv import conv_forward'), ('engine', 'from ..around.bench import *'), ('engine.conv', 'import cs231n_lit'),
    ('conv', 'from .maxpool import *'), ('conv', 'import cs231n_lit.around.cli'), ('conv', 'from cs231n_lit import maxpool')])
def test_an_import_back_up_is_seen(module, line):
    known = dict.fromkeys(['', 'ground', 'ground.arrays', 'engine', 'engine.conv', 'engine.plan', 'conv', 'maxpool', 'around', 'around.cli', 'around.bench'], '')
    assert back_up(known) == []
    assert len(back_up({**known, module: line})) == 1
    with pytest.raises(ValueError, match='cycle'): back_up({**known, 'engine.conv': 'from . import plan', 'engine.plan': 'from .conv import *'})


@pytest.mark.parametrize('name', LADDER)
def test_a_rung_imports_only_from_below(name):
    seen = {module for code in texts(cells(name), 'code') for module in imported(code, name, library())}
    assert [module for module in seen if place(module) > (2, LADDER.index(name))] == []


def test_the_table_of_index_is_the_house():
    listed = [name for pages in contents().values() for _, name in pages]
    assert sorted(listed) == sorted(set(NAMES) - {'index'})
    assert listed[:len(LADDER)] == LADDER


# --- a page of the ladder -----------------------------------------------------------------------------------------

OPEN = dict(cells=35, words=1500)                # what a page may leave open; LINES a cell of code, WIDTH a line of any
LINES, WIDTH, FACTOR = 25, 120, 1.6              # FACTOR: how far the minutes may be from the estimate, either way
ONES = 'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split()
TENS = 'twenty thirty forty fifty sixty seventy eighty ninety hundred'.split()
VALUE = {word: n for n, word in enumerate(ONES)} | {word: 10 * n for n, word in enumerate(TENS, 2)} | {'hundred': 100, 'a': 0, 'and': 0}
MINUTES = re.compile(r'\*\*([A-Z][a-z -]+) minutes\*\* for the idea; \*\*([a-z -]+)\*\* with everything\.')
LINK = re.compile(r'\[([^]]*)\]\(([\w./-]+)\.ipynb(?:#[^)]*)?\)')
EQUATION = re.compile(r'\((\w+)\.[1-9]\d*\)')                              # no decimal like (0.05)


def folded(cell): return cell['cell_type'] == 'code' and directive('(code-fold: *true|hide)', cell)


def size(cell):
    "The words and the lines of code of a cell, and whether it shows a picture."
    if cell['cell_type'] == 'markdown': return len(re.sub(r'<details>.*?</details>|\$\$.*?\$\$', '', cell['source'], flags=re.S).split()), 0, False
    lines = [line for line in cell['source'].splitlines() if line.strip() and not line.startswith('#|')]
    return 0, len(lines), any({'image/png', 'text/html'} & output.get('data', {}).keys() for output in cell['outputs'])


class Budget:
    """What a page leaves open, how far down its pictures begin (from 0 to 1), and its minutes: 150 words or 25 lines of code are one.

    A line of code is as high as 8 words, a picture as 150, the bar of what is folded as 15.
    """
    def __init__(self, page):
        words, self.lines, pictures = zip(*(size(cell) for cell in page if not folded(cell)))
        high, tops = 0, []
        for cell in page:
            text, code, shown = (15, 0, False) if folded(cell) else size(cell)
            high += text + 8 * code
            if shown: tops.append(high)
            high += 150 * shown
        self.cells, self.words, self.pictures = len(words), sum(words), [round(top / max(high, 1), 2) for top in tops]
        self.idea = self.words / 150 + sum(self.lines) / 25 + .75 * len(self.pictures)
        exercises = sum(int(n) for text in texts(page) for n in re.findall(r'★+ *(\d+) min', text))
        self.everything = self.idea + sum(size(cell)[1] for cell in page if folded(cell)) / 20 + exercises


def minutes(words):
    "A number in words; None if it is none."
    found = [VALUE.get(word) for word in re.findall('[a-z]+', words.lower())]
    return None if None in found else sum(found)


def open_(page, name):
    "A first reader sees so much and no more, and a picture early."
    spent = Budget(page)
    yield from (f'{getattr(spent, what)} open {what}, at most {most}' for what, most in OPEN.items() if getattr(spent, what) > most)
    yield from (f'an open cell of {count} lines' for count in spent.lines if count > LINES)
    if not spent.pictures or spent.pictures[0] > .33: yield f'no picture or stepper in the first third; there are some at {spent.pictures}'


def head(page, name):
    "Title and summary; then what you need (but on the first rung), what you will have, and two times."
    opening, head, *_ = *texts(page), '', ''
    if not re.match(r'# \S[^\n]*\n+> \S[^\n]*\n*$', opening): yield 'the first cell is no title with a one-line summary'
    for part in ['**You need**'] * (name != LADDER[0]) + ['**You will have**']:
        if part not in head: yield f'the head has no {part}'
    if not MINUTES.search(head): yield 'the head says no minutes'
    for stated in MINUTES.findall(head):
        for said, estimate in zip(stated, (Budget(page).idea, Budget(page).everything)):
            if not minutes(said): yield f'{said!r} is no number'
            elif not 1 / FACTOR <= minutes(said) / estimate <= FACTOR: yield f'the head says {said}, the estimate is {estimate:.0f}'


def following(page):
    "Where the first link after **Next:** leads."
    after = '\n'.join(texts(page)).partition('**Next:**')[2]
    return LINK.search(after)[2] if LINK.search(after) else None


def end(page, name):
    "The last cell leads to the next rung."
    above = LADDER[LADDER.index(name) + 1:] if name in LADDER else []
    if above and following(page[-1:]) != above[0]: yield f'the last cell says no "**Next:** [...]({above[0]}.ipynb)"'


def classes(page, name):
    "A class has no private base."
    for code in texts(page, 'code'):
        for node in ast.walk(ast.parse(code)):
            bases = [ast.unparse(base) for base in node.bases] if isinstance(node, ast.ClassDef) else []
            yield from (f'class {node.name} has the private base {base}' for base in bases if base.split('.')[-1].startswith('_'))


# --- any page -----------------------------------------------------------------------------------------------------

def width(page, name):
    for code in texts(page, 'code'): yield from (f'{len(line)} characters: {line[:60]}' for line in code.splitlines() if len(line) > WIDTH)


def folds(page, name):
    "What is folded is so for Quarto (directives), for JupyterLab (metadata, and the label in its first line) and for MyST-NB (a tag), output and all; or for none."
    for i, cell in enumerate(page):
        if cell['cell_type'] != 'code': continue
        label, meta = directive('code-summary: *"([^"]+)"$', cell), cell['metadata']
        wanted = [True, f'#| {label[1]}' if label else 'a label', {'source_hidden': True, 'outputs_hidden': True}, ['hide-cell']]
        found = [bool(directive('code-fold: *true$', cell)), cell['source'].split('\n')[0], meta.get('jupyter'), meta.get('tags')]
        if not directive('code-(fold|summary)', cell): wanted, found = [{'source_hidden': True} if directive('echo: *false', cell) else None, None], found[2:]
        if found != wanted: yield f'cell {i} folds by {found}, not by {wanted}'


def directives(page, name):
    "Every line of directives is YAML; Quarto's options together are one mapping."
    for code in texts(page, 'code'):
        marks = [line[2:].strip() for line in code.splitlines() if line.startswith('#|')]
        options = [mark for mark in marks if re.match(r'[\w-]+ *:', mark)]
        try:
            for mark in marks: yaml.safe_load(mark)
            if len(yaml.safe_load('\n'.join(options)) or {}) != len(options): yield f'not one mapping: {options}'
        except yaml.YAMLError as error: yield f'no YAML: {marks}: {" ".join(str(error).split())}'


def references(page, name):
    "An equation of another page is referred to by a link: [(9.1)](09_batchnorm.ipynb). Whether it is there, test_site.py looks."
    owners = {number(other): other for other in NAMES}
    prose = re.sub(r'\$\$.*?\$\$|\$[^$]*\$|`[^`]*`', '', '\n'.join(texts(page)), flags=re.S)
    for words, target in LINK.findall(prose):
        there = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
        yield from (f'({owner}.) leads to {target}' for owner in EQUATION.findall(words) if owners.get(owner, there) != there)
    for owner in EQUATION.findall(LINK.sub('', prose)):
        if owner in owners and owner not in ('0', number(name)): yield f'({owner}.) is of another page, and is no link'      # (0.5) is a decimal


def exercises(page, name):
    "Each has stars, minutes and up to three hints that open one by one; under it a stub, a check that is open, and a solution that is shut."
    begin = [i for i, cell in enumerate(page) if cell['cell_type'] == 'markdown' and re.search('^## Exercises$', cell['source'], re.M)]
    within = [*takewhile(lambda cell: not cell['source'].startswith('## '), page[begin[0] + 1:])] if begin else []
    last, nth = page[begin[0]]['source'].partition('## Exercises\n')[2] if begin else '', 0
    for i, text in enumerate([last, *(cell['source'] if cell['cell_type'] == 'markdown' else '' for cell in within)]):
        for nth, one in enumerate(re.findall(r'^\*\*\d+\.\*\*.*?(?=^\*\*\d+\.\*\*|\Z)', text, re.M | re.S), nth + 1):
            yield from (f'exercise {nth} {fault}' for fault in exercise(nth, one, [*takewhile(lambda cell: cell['cell_type'] == 'code', within[i:])]))


def exercise(nth, text, below):
    "What is wrong with an exercise, by its text and the cells of code below it."
    if not re.match(rf'\*\*{nth}\.\*\* ★{{1,3}} \d+ min\. ', text): yield f'begins with {text[:20]!r}, not like **{nth}.** ★ 5 min.'
    hints = re.findall(r'^<details><summary>(.*)</summary>$', text, re.M)
    if not hints or hints != ['Hint 1', 'Hint 2', 'Hint 3'][:len(hints)]: yield f'has the folds {hints}, not Hint 1, Hint 2, Hint 3 or the first of them'
    shown = [cell['source'] for cell in below if not folded(cell)]
    if not any(re.search(r'yours to write|= None|: None', source) for source in shown): yield 'has no stub'
    if not any(re.search(r'\battempt\b|not written yet', source) for source in shown): yield 'has no open check'
    if not any(folded(cell) and directive(f'code-summary: "Solution {nth}"', cell) for cell in below): yield f'has no folded "Solution {nth}"'


OF_A_RUNG, OF_ANY = (open_, head, end, classes), (width, folds, directives, references, exercises)


@pytest.mark.parametrize('name', LADDER)
@pytest.mark.parametrize('check', OF_A_RUNG)
def test_rung(check, name): none(check(cells(name), name))


@pytest.mark.parametrize('name', NAMES)
@pytest.mark.parametrize('check', OF_ANY)
def test_page(check, name): none(check(cells(name), name))


def test_the_ladder_is_walked_by_next_alone():
    walked = ['index']
    while walked[-1] in NAMES and len(walked) <= len(LADDER): walked.append(following(cells(walked[-1])))
    assert walked == ['index', *LADDER]


# --- each limit is seen -------------------------------------------------------------------------------------------

HERE = '15_conv'
FOLD = {'jupyter': {'source_hidden': True, 'outputs_hidden': True}, 'tags': ['hide-cell']}


def md(source): return {'cell_type': 'markdown', 'metadata': {}, 'source': source}
def code(source, metadata={}, **data): return {'cell_type': 'code', 'metadata': metadata, 'source': source, 'outputs': [{'data': {kind.replace('_', '/'): '' for kind in data}}]}


GOOD = [md('# A window moves\n\n> What a convolution is.'),
        md('Why. **You need** sums. **You will have** a layer. **Three minutes** for the idea; **a hundred and eighteen** with everything.'),
        code('#| Imports\n#| exports\n#| code-fold: true\n#| code-summary: "Imports"\nfrom cs231n_lit.windows import windows', FOLD),
        code('#| fig-alt: "A line: up"\nplot()', image_png=''), md('By (15.1) and [(14.2)](14_windows.ipynb), (0.5) of $(14.3)$: ' + 'word ' * 300),
        md('## Exercises\n\n**1.** ★★ 115 min. Why?\n\n<details><summary>Hint 1</summary>\n\n' + 'hint ' * 2000 + '</details>'),
        code('class Net(Layers): why = None'), code('attempt(check)'), code('#| Solution 1\n#| code-fold: true\n#| code-summary: "Solution 1"\nwhy = 1', FOLD), md('**Next:** [pictures](16_pictures.ipynb), or [back](14_windows.ipynb).')]
BAD = {                                                            # what is said of the page when one of its cells is another
    '36 open cells, at most 35': (4, *[md('word ' * 10)] * 29), 'open words, at most 1500': (4, md('word ' * 1801)), 'cell of 26 lines': (6, code('\n\n'.join(['x = 1'] * 26))),
    'no picture or stepper in the first third; there are some at [0.': (2, md('word ' * 300)), 'first third; there are some at []': (3, code('plot()')),
    'no title with': (0, md('# A window moves')), 'no **You need**': (1, md('**You will have** a layer.')), 'no **You will have**': (1, md('**You need** sums.')),
    'says no minutes': (1, md('Three minutes.')), "'Many' is no number": (1, md('**Many minutes** for the idea; **forty** with everything.')),
    'head says Eight': (1, md('**Eight minutes** for the idea; **forty** with everything.')), 'head says One': (1, md('**One minutes** for the idea; **a hundred** with everything.')),
    'says sixty-one, the estimate is 118': (1, md('**Three minutes** for the idea; **sixty-one** with everything.')),
    'says no "**Next:**': (9, md('**Next:** [back](14_windows.ipynb), not [pictures](16_pictures.ipynb).')), 'says no "**Next:** ': (9, md('[pictures](16_pictures.ipynb)')),
    'private base _Layers': (6, code('class Net(_Layers): pass')), 'private base net._Layers': (6, code('if x:\n    class Net(Base, net._Layers): pass')),
    '121 characters': (2, code('#| exports\n#| code-fold: true\nx = ' + '1' * 117, FOLD)),
    'cell 6 folds by [None, [': (6, code('x = 1', {'tags': ['hide-cell']})), 'cell 6 folds by [{': (6, code('x = 1', {'jupyter': {'source_hidden': True}})),
    "cell 2 folds by [True, '#| code-fold: true'": (2, code('#| code-fold: true\n#| code-summary: "Imports"\nx = 1', FOLD)),
    'cell 2 folds by [True, ': (2, code('#| code-fold: true\nx = 1', FOLD)), 'cell 2 folds by [False': (2, code('#| Imports\n#| code-summary: "Imports"\nx = 1', FOLD)),
    "True}, ['hide-cell']], not": (2, code('#| Imports\n#| code-fold: true\n#| code-summary: "Imports"\nx = 1', {**FOLD, 'jupyter': {'source_hidden': True}})),
    'None], not by': (2, code('#| Imports\n#| code-fold: true\n#| code-summary: "Imports"\nx = 1', {'jupyter': FOLD['jupyter']})),
    'no YAML': (3, code('#| fig-alt: A line: up\nplot()', image_png='')), 'no YAML: [\'"A': (3, code('#| "A" line\nplot()', image_png='')),
    'not one mapping': (3, code('#| echo: false\n#| echo: true\nplot()', image_png='')),
    '(14.) leads to 16_pictures': (6, md('[(14.2)](16_pictures.ipynb)')), '(conv.) leads to 15_conv': (6, md('[(conv.2)](15_conv.ipynb)')),
    "exercise 1 begins with '**1.** ★★★★": (5, md('## Exercises\n\n**1.** ★★★★ 5 min. Why?')), "begins with '**2.**": (5, md('## Exercises\n\n**2.** ★ 5 min. Why?')),
    "begins with '**1.** 5 min": (5, md('## Exercises\n\n**1.** 5 min. Why?')), 'exercise 1 has the folds []': (5, md('## Exercises\n\n**1.** ★ 5 min. Why?')),
    "the folds ['Hint 1', 'Solution']": (5, md('## Exercises\n\n**1.** ★ 5 min. Why?\n' + ''.join(f'<details><summary>{fold}</summary>\n' for fold in ('Hint 1', 'Solution')))),
    'exercise 1 has no stub': (6, code('why = 1')), 'exercise 1 has no open check': (7, code('#| code-fold: true\nattempt(check)')),
    'exercise 1 has no folded "Solution 1"': (8, code('why = 1')), 'exercise 2 has no stub': (5, md('## Exercises\n\n**1.** ★ 5 min.\n\n**2.** ★ 5 min.'), md('')),
    '(14.) is of another page': (6, md('as (14.2) says')), '(conv.) is of another page': (6, md('as (conv.2) says')), '(13a.) is of another page': (6, md('as (13a.2) says'))}


def told(page): return [fault for check in OF_A_RUNG + OF_ANY for fault in check(page, HERE)]


def test_a_good_page_is_good(): assert told(GOOD) == []


@pytest.mark.parametrize('fault', BAD)
def test_a_bad_page_is_seen(fault):
    at, *others = BAD[fault]
    assert any(fault in each for each in told([*GOOD[:at], *others, *GOOD[at + 1:]]))
