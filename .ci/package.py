#!/usr/bin/env python3
"""What is about to be shipped is whole: .ci/package.py DIST, a folder with one wheel and one sdist.

Both carry every notebook as it is in the tree, and the licence; the wheel has its data files and full metadata; no link in its
description leads nowhere; CHANGELOG.md and CITATION.cff speak of the version in settings.ini.
"""
import re
import sys
import tarfile
from configparser import ConfigParser
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import yaml

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = 'cs231n_lit'


def settings():
    "settings.ini."
    config = ConfigParser(delimiters=['='])
    config.read(ROOT / 'settings.ini', encoding='utf-8')
    return config['DEFAULT']


def members(dist):
    "The files of the wheel and of the sdist: name (in the sdist, below its one folder) -> bytes."
    (wheel,), (sdist,) = Path(dist).glob('*.whl'), Path(dist).glob('*.tar.gz')
    with ZipFile(wheel) as archive: yield {name: archive.read(name) for name in archive.namelist()}
    with tarfile.open(sdist) as archive:
        yield {member.name.partition('/')[2]: archive.extractfile(member).read() for member in archive if member.isreg()}


def faults(wheel, sdist):
    "What is wrong with the two."
    pages = {path.name: path.read_bytes() for path in (ROOT / 'nbs').glob('[!_.]*.ipynb')}
    for name, files, folder in ('wheel', wheel, f'{PACKAGE}/notebooks/'), ('sdist', sdist, 'nbs/'):
        there = {path.removeprefix(folder): content for path, content in files.items() if path.startswith(folder) and path.endswith('.ipynb')}
        if odd := sorted(page for page in pages.keys() | there.keys() if pages.get(page) != there.get(page)): yield f'the {name} differs in {odd}'
    data = [path.relative_to(ROOT).as_posix() for kind in ('*.mplstyle', '*.css', 'py.typed') for path in (ROOT / PACKAGE).glob(kind)]
    for name in {*data, f'{PACKAGE}/py.typed'} - wheel.keys(): yield f'the wheel has no {name}'
    for name in {*data, 'settings.ini', 'pyproject.toml', '_quarto.yml', 'nbs/_quarto.yml', 'CHANGELOG.md', '.ci/run'} - sdist.keys(): yield f'the sdist has no {name}'
    if left := [name for files in (wheel, sdist) for name in files if name.endswith(('.c', '.pyc'))]: yield f'built files travel: {left}'
    if not any(name.endswith('licenses/LICENSE') for name in wheel): yield 'the wheel has no licence'


def metadata_faults(text, cfg):
    "What is wrong with the metadata of the wheel."
    meta = Parser().parsestr(text)
    for field, wanted in {'Version': cfg['version'], 'Summary': cfg['description'], 'Author': cfg['author'], 'License': 'Apache-2.0',
                          'Requires-Python': f">={cfg['min_python']}", 'Description-Content-Type': 'text/markdown'}.items():
        if meta[field] != wanted: yield f'{field} is {meta[field]!r}, not {wanted!r}'
    labels = {entry.split(',')[0] for entry in meta.get_all('Project-URL', [])}
    if lost := {'Documentation', 'Source', 'Issues', 'Changelog'} - labels: yield f'no URL for {lost}'
    kinds = meta.get_all('Classifier', [])
    for wanted in 'Typing :: Typed', f'Programming Language :: Python :: {cfg["min_python"]}', f'Programming Language :: Python :: 3.{sys.version_info.minor}':
        if wanted not in kinds: yield f'no classifier {wanted}'
    if links := re.findall(r'\]\((?!https?:|#)([^)]*)', meta.get_payload()): yield f'links that lead nowhere: {links}'


def release_faults(cfg):
    "Where the changelog or the citation speaks of another version."
    cited = yaml.safe_load((ROOT / 'CITATION.cff').read_text(encoding='utf-8'))
    if str(cited['version']) != cfg['version']: yield f'CITATION.cff is of version {cited["version"]}'
    if [author['name'] for author in cited['authors']] != [cfg['author']]: yield f'CITATION.cff has the authors {cited["authors"]}'
    if f'## [{cfg["version"]}]' not in (ROOT / 'CHANGELOG.md').read_text(encoding='utf-8'): yield f'CHANGELOG.md says nothing of {cfg["version"]}'


def main(dist):
    cfg, (wheel, sdist) = settings(), members(dist)
    text = next(content for name, content in wheel.items() if name.endswith('.dist-info/METADATA')).decode()
    wrong = [*faults(wheel, sdist), *metadata_faults(text, cfg), *release_faults(cfg)]
    print('\n'.join(wrong) or f'told a wheel of {len(wheel)} files and an sdist of {len(sdist)}, both with every notebook')
    return bool(wrong)


if __name__ == '__main__': sys.exit(main(*sys.argv[1:]))
