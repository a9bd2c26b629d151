#!/usr/bin/env python3
"""Check the large stepper of 13_windows live in JupyterLab, in headless Chromium: windows_lab.py [NB.ipynb] [SCREENSHOT]"""
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from browser import FLAGS

LIT = '''() => [...document.querySelectorAll('.lit-live .lit-windows > svg')].map(svg =>
    [...svg.querySelectorAll('.w')].filter(e => getComputedStyle(e).opacity > 0).length)'''


def one_cell(notebook):
    "All code of the notebook in one cell that ends with the stepper: JupyterLab draws only the cells in view."
    cells = json.loads(Path(notebook).read_text())['cells']
    code = '\n'.join(''.join(cell['source']) for cell in cells if cell['cell_type'] == 'code')
    cell = {'cell_type': 'code', 'id': 'a', 'metadata': {}, 'execution_count': None, 'outputs': [],
            'source': code + "\nchoose(stride_height=1, stride_width=1, padding=1, kernel=3)\nwindow_stepper.step.value = 0\nwindow_stepper"}
    return json.dumps({'cells': [cell], 'metadata': {'kernelspec': {'name': 'python3', 'display_name': 'python3', 'language': 'python'}},
                       'nbformat': 4, 'nbformat_minor': 5})


def check(notebook, screenshot=None):
    folder = Path(tempfile.mkdtemp())
    (folder / 'live.ipynb').write_text(one_cell(notebook))
    with socket.socket() as free: free.bind(('127.0.0.1', 0)); port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, '-m', 'jupyter', 'lab', '--no-browser', '--allow-root', '--ip=127.0.0.1', f'--port={port}',
                               '--IdentityProvider.token=', f'--ServerApp.root_dir={folder}'], cwd=folder, env=os.environ,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(120):
            try: socket.create_connection(('127.0.0.1', port), 1).close(); break
            except OSError: time.sleep(.5)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path='/usr/bin/chromium', args=FLAGS)
            page, trouble = browser.new_page(viewport={'width': 1300, 'height': 1000}), []
            page.on('pageerror', lambda error: trouble.append(str(error)))
            page.goto(f'http://127.0.0.1:{port}/lab/tree/live.ipynb?reset')
            page.wait_for_selector('.jp-Notebook .jp-Cell', timeout=90_000)
            page.wait_for_timeout(4000)
            page.click('.jp-Cell .cm-content'); page.keyboard.press('Control+Home'); page.keyboard.press('Control+Enter')
            page.wait_for_selector('.lit-live .lit-windows', timeout=90_000)
            page.wait_for_timeout(1500)
            live = page.locator('.lit-live').last
            says = lambda words: page.wait_for_function("words => document.querySelector('.lit-live').innerText.includes(words)", arg=words, timeout=20_000)
            live.scroll_into_view_if_needed()
            says('out[0, 0]')
            for _ in range(2): live.locator('.lit-next').click()
            says('out[0, 2]')
            live.locator('.lit-back').click(); says('out[0, 1]')
            live.locator('.lit-windows').last.click(position={'x': 2, 'y': 2})
            page.keyboard.press('ArrowRight'); says('out[0, 2]')
            page.keyboard.press('ArrowLeft'); says('out[0, 1]')
            live.locator('.lit-windows > svg').first.locator('g.y3.x4 > rect').hover()
            assert page.evaluate(LIT) == [9, 0, 9], page.evaluate(LIT)
            live.locator('.lit-windows > svg').last.locator('g.p2.q3 > rect').hover()
            assert page.evaluate(LIT) == [1, 0, 1], page.evaluate(LIT)
            if screenshot: page.screenshot(path=screenshot)
            page.mouse.move(1, 1)
            select = lambda name, value: live.locator(f'.widget-dropdown:has(label:text-is("{name}")) select').select_option(value)
            select('stride height', '2'); says('output 2x5')
            select('padding', '0'); says('1 row left over')
            select('kernel', '5 ✗'); says('A 5x5 window does not fit')
            select('padding', '1'); says('output 1x3')
            select('kernel', '3'); says('output 2x5')
            play = live.locator('.widget-play button').first
            play.click(); says('out[1, 0]'); play.click()
            browser.close()
        assert not trouble, trouble
    finally: server.terminate(); server.wait(20)
    print('saw 13_windows in JupyterLab: next, back, arrow keys, play, choices, linked limits, misfit, hover both ways')


if __name__ == '__main__': check(*(sys.argv[1:] or ['nbs/13_windows.ipynb']))
