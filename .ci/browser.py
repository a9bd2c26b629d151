#!/usr/bin/env python3
"""What a reader sees and does, tried in headless Chromium.

    .ci/browser.py lab URL [SHOTS]    JupyterLab at URL: the stored stepper steps before anything is run; after a run the live one does
    .ci/browser.py page [SHOTS]       every stored stepper on a page with no kernel and the network cut

SHOTS is a folder for screenshots. Each line says what was seen; the first thing that fails stops with what was there instead.
"""
import json
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
         '--disable-component-update', '--disable-sync']
DARK, LIGHT = 'background:#111;color:#ddd', 'background:white;color:#222'


def saw(words): print('saw', words, flush=True)


def lab(page, url, shots):
    "JupyterLab: the page face before a run, the live face after it."
    parts = urlsplit(url)
    page.goto(f'{parts.scheme}://{parts.netloc}/lab/tree/01_stepper.ipynb?{parts.query}')
    stored = page.locator('.lit-stepper').first
    stored.wait_for(timeout=90_000)
    stored.scroll_into_view_if_needed()
    before = stored.locator('[data-part=picture]').inner_html()
    stored.locator('[data-part=next]').click()
    assert stored.locator('[data-part=picture]').inner_html() != before, 'the stored stepper stood still'
    saw('a stored stepper step in JupyterLab with no kernel run')

    page.get_by_role('menuitem', name='Run', exact=True).click()
    page.locator('.lm-Menu-itemLabel', has_text='Run All Cells').first.click()
    live = page.locator('.lit-live').first
    live.wait_for(timeout=120_000)
    live.scroll_into_view_if_needed()
    expect(live).to_contain_text('A running sum')
    expect(live).to_contain_text('3 = 3')
    saw('a live stepper after "Run All Cells"')
    handle = live.locator('.noUi-handle')
    box = live.locator('.noUi-target').bounding_box()
    handle.drag_to(live.locator('.noUi-target'), target_position={'x': box['width'] - 2, 'y': box['height'] / 2})
    expect(live).to_contain_text('= 31')
    saw('the slider moved to its end and the picture follow')
    live.locator('.lit-back').click()
    expect(live).to_contain_text('= 25')
    live.locator('svg').click()
    page.keyboard.press('ArrowLeft')
    expect(live).to_contain_text('= 23')
    page.keyboard.press('ArrowRight')
    expect(live).to_contain_text('= 25')
    saw('back, next and the arrow keys move the picture')
    second = page.locator('.lit-live').nth(1)
    second.scroll_into_view_if_needed()
    second.locator('select').first.select_option('3')
    expect(second).to_contain_text('row, stride 3')
    saw('a choice (stride 3) redraw the second stepper')
    if shots: page.screenshot(path=shots / 'lab.png')


def steppers(notebook):
    "The stored steppers of a notebook, as HTML."
    for cell in json.loads(notebook.read_text(encoding='utf-8'))['cells']:
        for output in cell.get('outputs', []):
            html = ''.join(output.get('data', {}).get('text/html', ''))
            if 'data-stepper' in html: yield html


def pages(page, shots):
    "Each notebook's stored steppers on one page, light and dark, wide and narrow."
    page.on('request', lambda request: outside.append(request.url) if not request.url.startswith(('file:', 'data:')) else None)
    page.on('pageerror', lambda error: outside.append(str(error)))
    outside, total = [], 0
    with tempfile.TemporaryDirectory() as folder:
        for notebook in sorted((ROOT / 'nbs').glob('*.ipynb')):
            found = list(steppers(notebook))
            if not found: continue
            large = [len(html.encode()) for html in found if len(html.encode()) >= 300_000]
            assert not large, f'{notebook.name}: steppers of {large} bytes, over 300 kB'
            for theme, css in (('light', LIGHT), ('dark', DARK)):
                path = Path(folder) / f'{notebook.stem}-{theme}.html'
                path.write_text('<!doctype html><meta charset=utf-8><meta name=viewport content="width=device-width">'
                                f'<style>body{{font:16px sans-serif;{css}}}</style>' + '<hr>'.join(found), encoding='utf-8')
                page.set_viewport_size({'width': 380 if theme == 'dark' else 900, 'height': 700})
                page.goto(path.as_uri())
                for stepper in page.locator('.lit-stepper').all(): step_through(stepper, notebook.name)
                width = page.evaluate('document.documentElement.scrollWidth')
                assert width <= page.viewport_size['width'], f'{notebook.name}: {width} pixels wide on a screen of {page.viewport_size["width"]}'
                if shots: page.screenshot(path=shots / f'{notebook.stem}-{theme}.png', full_page=True)
            assert not outside, f'{notebook.name}: {outside}'
            total += len(found)
            saw(f'{notebook.name}: {len(found)} steppers step on a page, light and wide, dark and as narrow as a phone')
    assert total, 'no steppers found'


def step_through(stepper, name):
    "Next, back, the keys, play and every choice change the picture of one stepper, and of that one alone."
    def state(): return stepper.locator('[data-part=count]').inner_text(), stepper.locator('[data-part=picture]').inner_html()
    def moves(act, what):
        before = state()
        act()
        assert state() != before, f'{name}: {what} changed nothing'
    moves(lambda: stepper.locator('[data-part=next]').click(), 'next')
    moves(lambda: stepper.locator('[data-part=back]').click(), 'back')
    stepper.focus()
    moves(lambda: stepper.press('End'), 'the End key')
    moves(lambda: stepper.press('ArrowLeft'), 'the left arrow')
    moves(lambda: stepper.press('ArrowRight'), 'the right arrow')
    moves(lambda: stepper.press('Home'), 'the Home key')
    for choice in stepper.locator('select').all():
        index = choice.evaluate('e => e.selectedIndex')
        stepper.press('End')                    # a choice may show only once its part of the picture is reached
        moves(lambda: choice.select_option(index=0 if index else 1), f'the choice {choice.get_attribute("name")}')
        choice.select_option(index=index)


def main(face, *rest):
    shots = Path(rest[-1]) if len(rest) > (face == 'lab') else None
    if shots: shots.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path='/usr/bin/chromium', args=FLAGS)
        page = browser.new_page(viewport={'width': 1300, 'height': 900})
        if face == 'lab': lab(page, rest[0], shots)
        else: pages(page, shots)
        browser.close()


if __name__ == '__main__': main(*sys.argv[1:])
