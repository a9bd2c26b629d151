#!/usr/bin/env python3
"""nbs/around/api.ipynb is made from the library's own source: write it, or with --check fail where it differs.

Every name of every module's `__all__`, in the order of index.ipynb: docstring, signature with its comments, the page that derives
it, and the source. Nothing is imported from a kernel: what is compiled has no source to show, but its .py file has.
"""
import ast
import importlib
import json
import re
import sys
from collections import Counter
from functools import cache
from hashlib import sha1
from textwrap import dedent

from execnb.nbio import dict2nb, write_nb

from common import LIBRARY, NBS, SETTINGS, cells, contents

PAGE = NBS / 'around' / 'api.ipynb'
SOURCE = f'{SETTINGS["git_url"]}/blob/{SETTINGS["branch"]}/cs231n_lit'
Definition = ast.FunctionDef | ast.ClassDef


def module_of(name):
    "The file of a page in the library, without its ending: conv for 15_conv, engine/conv for engine/conv."
    return re.sub(r'^\d+[a-z]?_', '', name)


def dotted(module): return f'cs231n_lit.{module.replace("/", ".")}'


@cache
def text(module): return (LIBRARY / f'{module}.py').read_text(encoding='utf-8')


@cache
def tree(module): return ast.parse(text(module))


def assigned(node):
    "The names that a statement of a module assigns."
    return [target.id for target in getattr(node, 'targets', ()) for target in ast.walk(target) if isinstance(target, ast.Name)]


def overload(node):
    "Is this a variant of a signature for type checkers alone?"
    return any(isinstance(mark, ast.Name) and mark.id == 'overload' for mark in getattr(node, 'decorator_list', ()))


@cache
def defined(module):
    "The names that a module defines, each with its statement."
    nodes = [node for node in tree(module).body if not overload(node)]
    return {name: node for node in reversed(nodes) for name in (getattr(node, 'name', None), getattr(getattr(node, 'target', None), 'id', None), *assigned(node)) if name}


@cache
def public(module):
    "The names of a module's `__all__`, constants last."
    names = ast.literal_eval(defined(module)['__all__'].value) if '__all__' in defined(module) else []
    return sorted(names, key=lambda name: not isinstance(defined(module)[name], Definition))


@cache
def at_the_top(module, name):
    "Does `from cs231n_lit import name` give this module's?"
    top = importlib.import_module('cs231n_lit')
    return hasattr(top, name) and getattr(top, name) is getattr(importlib.import_module(dotted(module)), name)


# --- what is said of a name ---------------------------------------------------------------------------------------

def lines(module, first, last): return dedent('\n'.join(text(module).splitlines()[first - 1:last]))


def header(module, node):
    "A definition down to its docstring, comments and all."
    last = max(node.body[0].lineno - 1, node.lineno)
    return re.sub(r':( *(?:#.*)?)$', r' \1', lines(module, node.lineno, last)).rstrip()      # the comments stay in line


def members(module, node):
    "The definitions in a class and in its bases of the same module, the nearest first."
    yield from (child for child in node.body if isinstance(child, ast.FunctionDef) and not overload(child))
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id in defined(module): yield from members(module, defined(module)[base.id])


def call(module, node, name):
    "The header of a method as it is called: no `def`, no `self`, and no `-> None`."
    head = re.sub(r'(?<=\()(\n\s*)?self(, *|(?=\)))(\n(?=\s*\)))?', '', header(module, node), count=1)
    return re.sub(r' -> None$', '', re.sub(r'^def \w+', name, head))


def signature(module, name):
    "How a name is used, as code."
    node = defined(module)[name]
    if isinstance(node, ast.FunctionDef): return header(module, node).removeprefix('def ')
    if not isinstance(node, ast.ClassDef):
        whole = lines(module, node.lineno, node.end_lineno)
        return whole if len(whole.splitlines()) == 1 else whole.splitlines()[0] + '\n    ...'
    methods = {}
    for member in members(module, node): methods.setdefault(member.name, member)
    shown = [call(module, methods['__init__'], name)] if '__init__' in methods else [lines(module, node.lineno, node.end_lineno)]
    for method, member in methods.items():
        if not method.startswith('_'):
            told = (ast.get_docstring(member) or '').splitlines()
            shown.append('\n'.join([*(f'# {line}'.rstrip() for line in told), call(module, member, f'{name}.{method}')]))
    return '\n\n'.join(shown)


def prose(docstring):
    "A docstring as Markdown: what could be taken for marks is escaped outside code."
    parts = re.split(r'(`[^`]*`)', docstring)
    return ''.join(part if i % 2 else re.sub(r'([*<>$\[\]])', r'\\\1', part) for i, part in enumerate(parts))


@cache
def origins(page):
    "For each name that a notebook exports, the heading above it."
    found, heading = {}, None
    for cell in cells(page):
        if cell['cell_type'] == 'markdown':
            if heads := re.findall(r'^## (.+)$', re.sub(r'```.*?```', '', cell['source'], flags=re.S), re.M): heading = heads[-1]
        elif re.search(r'^#\| *export', cell['source'], re.M):
            for node in ast.parse(cell['source']).body: found.update({name: heading for name in (getattr(node, 'name', None), *assigned(node))})
    return found


def link(page): return ('' if page.startswith('around/') else '../') + page.removeprefix('around/') + '.ipynb'


def derivation(page, name):
    "A link to where a name is derived: to the heading, where every renderer makes the same anchor of it."
    heading = origins(page).get(name)
    if not heading: return f'[{page}]({link(page)})'
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9 ,:'?-]*", heading)
    return f'[{heading}]({link(page)}{anchor(heading) if plain else ""})'


def anchor(heading): return '#' + re.sub(r"[^\w -]", '', heading).lower().replace(' ', '-')


# --- the page -----------------------------------------------------------------------------------------------------

def headings(modules):
    "A heading for each (module, name) that no other shares, whatever the case of its letters: a heading is an anchor too."
    uses = Counter(name.lower() for module in modules for name in public(module))
    return {(module, name): name if uses[name.lower()] == 1 or at_the_top(module, name) else f'{name} of {module}'
            for module in modules for name in public(module)}


def entry(page, module, name, heading):
    node = defined(module)[name]
    docstring = ast.get_docstring(node) if isinstance(node, Definition) else None
    return '\n\n'.join([f'### {heading}', *([prose(docstring)] if docstring else []), f'```python\n{signature(module, name)}\n```',
                        f'Derived in: {derivation(page, name)}. Source: [{module}.py]({SOURCE}/{module}.py).'])


def table(pages, titles):
    "All names of the modules, each a link down, in the parts of the course."
    rows, last = ['| module | names |', '|---|---|'], None
    for part, page in pages:
        if part != last: rows.append(f'| **{part}** | |')
        last, module = part, module_of(page)
        names = ', '.join(f'[{name}]({anchor(titles[module, name])})' for name in public(module))
        rows.append(f'| [{module}]({anchor("module " + module)}) | {names} |')
    return '\n'.join(rows)


def made():
    "The page, a text for each cell."
    pages = [(part, name) for part, names in contents().items() for _, name in names]
    pages = [(part, name) for part, name in pages if (LIBRARY / f'{module_of(name)}.py').exists() and public(module_of(name))]
    titles = headings([module_of(page) for _, page in pages])
    top = [(part, page) for part, page in pages if any(at_the_top(module_of(page), name) for name in public(module_of(page)))]
    rest = [page for page in pages if page not in top]
    yield ('# Every public name is one link away\n\n'
           '> All functions and classes of the library: what each does, takes, returns and refuses, where it is derived, and its source.')
    yield ('Made by `.ci/api.py` from the source, so it says what the code says. A comment beside an argument is its shape or its meaning; '
           'the comment beside the closing bracket is what comes back. The letters are those of [the home page](../index.ipynb); words are in '
           '[the glossary](glossary.ipynb).\n\n'
           'What every layer owes: its inputs stay as they are, float32 in gives float32 out, and what cannot work is a `ValueError` or a '
           '`TypeError` that names the argument ([the rules](../ground/arrays.ipynb)).')
    yield f'**Layers, losses, optimisers, nets, data and checks**: `from cs231n_lit import conv_forward` works for these, except where an import line says otherwise.\n\n{table(top, titles)}'
    yield f'**In modules of their own**: `from cs231n_lit.ground.stepper import Stepper`.\n\n{table(rest, titles)}'
    for _, page in top + rest:
        module = module_of(page)
        away = [name for name in public(module) if not at_the_top(module, name)]
        where = f'`from {dotted(module)} import {", ".join(away)}`\n\n' if away else ''
        parts = [entry(page, module, name, titles[module, name]) for name in public(module)]
        yield f'## module {module}\n\n{prose(ast.get_docstring(tree(module)))} Derived, written and tested in [{page}]({link(page)}).\n\n{where}' + '\n\n'.join(parts)


def notebook():
    "The page as a notebook, with ids that stay from run to run."
    page = [dict(cell_type='markdown', id=sha1(f'{i} {cell[:20]}'.encode()).hexdigest()[:8], metadata={}, source=cell.splitlines(keepends=True))
            for i, cell in enumerate(made())]
    kernel = dict(display_name='python3', language='python', name='python3')
    return dict(cells=page, metadata=dict(kernelspec=kernel), nbformat=4, nbformat_minor=5)


def main():
    page = notebook()
    if '--check' not in sys.argv: return write_nb(dict2nb(page), PAGE)
    if not PAGE.exists() or json.loads(PAGE.read_text(encoding='utf-8')) != page: return f'{PAGE.name} is not what the source says: run .ci/api.py'


if __name__ == '__main__': sys.exit(main())
