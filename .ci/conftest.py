"""What the checks stand on: a copy of the tree, new environments, JupyterLab, Chromium."""
import os
import shutil
import sys

import pytest

from common import copy, sh

FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']


@pytest.fixture
def tree(tmp_path):
    "A copy of the tree, uncompiled."
    return copy(tmp_path / 'cs231n_lit')


@pytest.fixture(scope='session')
def fresh(tmp_path_factory):
    "Makes a new environment, and gives back what runs a line of shell in it."
    def make(name):
        home = tmp_path_factory.mktemp(name)
        sh(f'{sys.executable} -m venv env', home)
        env = {'PYTHONPATH': '', 'PATH': f'{home}/env/bin:{os.environ["PATH"]}', 'VIRTUAL_ENV': f'{home}/env'}
        def run(command, cwd=home): return sh(command, cwd, **env)
        run.home, run.env = home, env
        return run
    return make


@pytest.fixture(scope='session')
def dist(tmp_path_factory):
    "A folder with the wheel and the sdist."
    tree = copy(tmp_path_factory.mktemp('build') / 'cs231n_lit')
    sh('python -m build -q --outdir dist', tree)
    return tree / 'dist'


@pytest.fixture(scope='session')
def wheel(fresh, dist):
    "An environment with the wheel and the course."
    run = fresh('wheel')
    run(f'pip install -q "$(ls {dist}/*.whl)[course]"')
    return run


# --- Chromium: the fixtures `page` and `browser` are those of pytest-playwright -----------------------------------

@pytest.fixture(scope='session')
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, 'executable_path': shutil.which('chromium'), 'args': FLAGS}


@pytest.fixture(scope='session')
def browser_context_args(browser_context_args):
    return {**browser_context_args, 'viewport': {'width': 1300, 'height': 900}}


@pytest.fixture
def noise(page):
    "The network is cut; here is what the page asks for all the same, and what it complains of."
    told = []
    page.context.set_offline(True)
    page.on('request', lambda request: told.append(f'a request to {request.url}') if not request.url.startswith(('file:', 'data:', 'blob:')) else None)
    page.on('requestfailed', lambda request: told.append(f'not found: {request.url[-80:]}'))
    page.on('console', lambda message: told.append(message.text) if message.type in ('error', 'warning') else None)
    page.on('pageerror', lambda error: told.append(str(error)))
    return told
