"""What the tools and the checks share: where things are, how a notebook is read, how a command is run."""
import json
import os
import re
import shutil
import signal
import subprocess
import time
from configparser import ConfigParser
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NBS, LIBRARY = ROOT / 'nbs', ROOT / 'cs231n_lit'
CONFIG = ConfigParser(delimiters=['='])
CONFIG.read(ROOT / 'settings.ini', encoding='utf-8')
SETTINGS = CONFIG['DEFAULT']


def names(folder=NBS):
    "The notebooks of a folder and of the folders in it, as `15_conv` and `engine/conv`, the ladder first."
    found = (path.relative_to(folder).with_suffix('') for path in folder.rglob('*.ipynb'))
    return [path.as_posix() for path in sorted(found, key=lambda path: (len(path.parts), path)) if not re.search(r'(^|/)[._]', path.as_posix())]


def read(path):
    "The cells of a notebook, the source of each as one text."
    return [{**cell, 'source': ''.join(cell['source'])} for cell in json.loads(path.read_text(encoding='utf-8'))['cells']]


@cache
def cells(name): return read(NBS / f'{name}.ipynb')


def texts(page, kind='markdown'): return [cell['source'] for cell in page if cell['cell_type'] == kind]


def directive(name, cell): return re.search(rf'^#\| *{name}', cell['source'], re.M)


def steppers(page):
    "The stored steppers of a page, as HTML."
    shown = (''.join(output.get('data', {}).get('text/html', '')) for cell in page for output in cell.get('outputs', ()))
    return [html for html in shown if 'data-stepper' in html]


def contents():
    "The table of index.ipynb: each part with its pages, (label, name). A row with a bold first cell begins a part."
    parts, part = {}, None
    for line in '\n'.join(texts(cells('index'))).splitlines():
        if row := re.match(r'\| \*\*(.+?)\*\* \|', line): part = row[1]
        elif row := re.match(r'\| \[(.+?)\]\(([\w/]+)\.ipynb\) \|', line): parts.setdefault(part, []).append((row[1], row[2]))
    return parts


def number(name):
    "What the numbers of a page's equations begin with: 15 for 15_conv, 13a for 13a_search, conv for engine/conv."
    rung = re.match(r'0?(\d+[a-z]?)_', name)
    return rung[1] if rung else name.rpartition('/')[2]


NAMES = names()
LADDER = [name for name in NAMES if name[0].isdigit()]


# --- commands -----------------------------------------------------------------------------------------------------

def sh(command, cwd=ROOT, **env):
    "What a line of shell prints; an AssertionError with its end where it fails."
    __tracebackhide__ = True
    done = subprocess.run(['bash', '-euo', 'pipefail', '-c', command], cwd=cwd, env={**os.environ, **env}, timeout=1800,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, f'{command}\n{done.stdout[-5000:]}'
    return done.stdout


def readme(extra):
    "The command of README that installs with an extra, and what it runs then."
    line = re.search(rf'^python -m pip install -e "\.\[{extra}\]".*$', (ROOT / 'README.md').read_text(encoding='utf-8'), re.M)[0]
    return line.partition(' && ')[::2]


def copy(folder):
    "What git would commit, and nothing that was built, in a new folder."
    for name in sh('git ls-files -z --cached --others --exclude-standard').rstrip('\0').split('\0'):
        if not os.path.lexists(ROOT / name): continue                        # deleted, and not committed yet
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name, follow_symlinks=False)
    return folder


@contextmanager
def lab(command, cwd, **env):
    "JupyterLab, started by a line of shell, until the block ends: the address of a notebook in it."
    log = Path(cwd, 'lab.log')
    with log.open('w') as out:
        server = subprocess.Popen(['bash', '-c', f'exec {command} --no-browser --ServerApp.port=0'], cwd=cwd, env={**os.environ, **env}, stdin=subprocess.DEVNULL,
                                  stdout=out, stderr=out, start_new_session=True)
    try:
        for _ in range(90):
            found = re.search(r'http://(?:127\.0\.0\.1|localhost)(:\d+)/lab\S*(token=\w+)', log.read_text())
            if found or server.poll() is not None: break
            time.sleep(1)
        assert found, f'JupyterLab does not answer\n{log.read_text()[-4000:]}'
        yield lambda name: f'http://localhost{found[1]}/lab/tree/{name}.ipynb?{found[2]}'
    finally:
        with suppress(ProcessLookupError): os.killpg(server.pid, signal.SIGTERM)
        server.wait(60)


def none(faults):
    "The test fails where there are faults, and tells them all."
    import pytest
    if faults := list(faults): pytest.fail('\n'.join(faults), pytrace=False)
