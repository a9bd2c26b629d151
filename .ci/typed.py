#!/usr/bin/env python3
"""The public API is typed: every public name is annotated, mypy agrees with every module, and a user's lines get what they are promised.

What is public is what `__all__` lists, and the package lists all that it imports. Kernels are left out: there an annotation is a C type.
"""
import ast
import importlib
import inspect
import os
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE, USE = ROOT / 'cs231n_lit', '.ci/typed_use.py'
SETTINGS = ConfigParser(delimiters=['='])
SETTINGS.read(ROOT / 'settings.ini', encoding='utf-8')
KERNELS = SETTINGS['DEFAULT']['kernels'].split()
sys.path.insert(0, str(ROOT))


def module(name): return importlib.import_module(f'{PACKAGE.name}.{name}')


def exported():
    "Every module of the library, kernels left out."
    return [module(path.stem) for path in sorted(PACKAGE.glob('[!_]*.py')) if path.stem not in KERNELS]


def functions(source):
    "The public functions of a module, and the public methods of its public classes, by name."
    for name in source.__all__:
        thing = getattr(source, name)
        if inspect.isfunction(thing): yield name, thing
        elif inspect.isclass(thing):
            for method, f in inspect.getmembers(thing, inspect.isfunction):
                if f.__module__ == source.__name__ and (method == '__init__' or method[0] != '_'): yield f'{name}.{method}', f


def bare(f):
    "What has no annotation: parameters, and `return`."
    signature = inspect.signature(f)
    yield from (p.name for p in signature.parameters.values() if p.annotation is p.empty and p.name != 'self')
    if signature.return_annotation is signature.empty and f.__name__ != '__init__': yield 'return'


def unannotated():
    "Public functions that lack an annotation."
    return [f'{source.__name__}.{name} has no annotation for {", ".join(names)}'
            for source in exported() for name, f in functions(source) if (names := list(bare(f)))]


def leaked():
    "Names in a module's `__all__` that are modules, or functions of another module."
    return [f'{source.__name__}.__all__ has {name}, which is not its own' for source in exported() for name in source.__all__
            if inspect.ismodule(thing := getattr(source, name)) or inspect.isfunction(thing) and thing.__module__ != source.__name__]


def imported():
    "The names that the package imports from its modules."
    for node in ast.parse((PACKAGE / '__init__.py').read_text(encoding='utf-8')).body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names: yield from module(node.module).__all__ if alias.name == '*' else [alias.name]


def misnamed():
    "Differences between what the package lists and what it imports."
    ours = importlib.import_module(PACKAGE.name).__all__
    twice = [f'cs231n_lit.__all__ has {name} twice' for name in sorted(set(ours)) if ours.count(name) > 1]
    other = [f'cs231n_lit.__all__ {"has" if name in ours else "lacks"} {name}, against its imports' for name in sorted(set(ours) ^ set(imported()))]
    return twice + other


def said(*command):
    "What a command says where it fails."
    done = subprocess.run([sys.executable, *command], cwd=ROOT, env={**os.environ, 'PYTHONPATH': str(ROOT)}, capture_output=True, text=True)
    return [] if done.returncode == 0 else (done.stdout + done.stderr).splitlines()


def main():
    wrong = [*unannotated(), *leaked(), *misnamed(), *([] if (PACKAGE / 'py.typed').exists() else ['there is no py.typed']),
             *said('-m', 'mypy'), *said(USE),
             *said('-m', 'mypy', '--strict', '--config-file=', '--cache-dir=build/mypy-use', '--follow-imports=silent', USE)]
    count = sum(1 for source in exported() for _ in functions(source))
    print('\n'.join(wrong) or f'told {count} public functions and methods are annotated, and mypy agrees')
    return bool(wrong)


if __name__ == '__main__': sys.exit(main())
