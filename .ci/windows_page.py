#!/usr/bin/env python3
"""Check the steppers of 13_windows on a static page, in headless Chromium: windows_page.py [NB.ipynb] [FOLDER for screenshots]

The page is made of the stored outputs, as the site is. What hovering lights is held against `windows` itself.
"""
import re
import sys
import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from browser import FLAGS, steppers as stored_steppers

from cs231n_lit.windows import out_shape, windows

H, W = 4, 5
LIT = '''picture => [...picture.querySelectorAll('.lit-windows > svg')].map(svg =>
    [...svg.querySelectorAll('.w')].filter(e => getComputedStyle(e).opacity > 0).map(e => e.getAttribute('class') + ' ' + e.getAttribute('d')))'''


class OnPage:
    "One stepper of the page."
    def __init__(self, root): self.root = root
    def part(self, name): return self.root.query_selector(f'[data-part={name}]')
    def html(self): return self.part('picture').inner_html()
    def count(self): return self.part('count').inner_text()
    def choose(self, **choices):
        for name, value in choices.items(): self.root.query_selector(f'select[name={name}]').select_option(str(value))
    def labels(self, name): return self.root.eval_on_selector_all(f'select[name={name}] option', 'options => options.map(o => o.label)')
    def lit(self):
        "Which windows are lit in the input, which cells in the output, as sets of (i, j)."
        shown = self.part('picture').evaluate(LIT)
        return [{tuple(map(int, re.search(r'p(\d+) q(\d+)', words).groups())) for words in drawing} for drawing in (shown[0], shown[-1])]
    def hover(self, drawing, classes):
        self.root.query_selector_all('.lit-windows > svg')[drawing].query_selector(f'g.{classes} > rect').hover()


def check_walk(page, stepper):
    "Next, back, slider, keys, play."
    assert stepper.count() == '1 / 6', stepper.count()
    stepper.part('next').click(); stepper.part('next').click(); stepper.part('back').click()
    assert stepper.count() == '2 / 6' and 'out[0, 1]' in stepper.html()
    stepper.root.focus()
    for key, expected in [('ArrowRight', '3 / 6'), ('End', '6 / 6'), ('ArrowRight', '6 / 6'), ('ArrowLeft', '5 / 6'), ('Home', '1 / 6'), ('ArrowLeft', '1 / 6')]:
        page.keyboard.press(key)
        assert stepper.count() == expected, (key, stepper.count())
    stepper.part('play').click()
    page.wait_for_function("root => root.querySelector('[data-part=count]').innerText === '3 / 6'", arg=stepper.root, timeout=10_000)
    stepper.part('play').click()


def check_choices(stepper):
    "Sizes, formula and words follow the choices; what does not fit says why; the lists' limits are linked."
    stepper.choose(padding=1)
    assert 'padded by 1: 6x7' in stepper.html() and 'output 4x5' in stepper.html() and stepper.count().endswith('/ 20')
    stepper.choose(stride_height=2, padding=0)
    assert 'output 1x3' in stepper.html() and '1 row left over' in stepper.html()
    assert stepper.labels('kernel') == ['3', '2', '5 ✗']
    stepper.choose(kernel=5)
    assert 'A 5x5 window does not fit the 4x5 image padded by 0.' in stepper.html() and stepper.count() == '1 / 1'
    assert stepper.labels('padding') == ['0 ✗', '1', '2'] and stepper.labels('stride_width') == ['1', '2', '3']
    stepper.choose(padding=1)
    assert stepper.labels('kernel') == ['3', '2', '5'] and 'fit' not in stepper.part('picture').inner_text()


def check_hover(page, stepper, stride, pad, size):
    "An output lights its window; an input lights every window and output that read it. Returns how many pairs were tried."
    stepper.choose(stride_height=stride[0], stride_width=stride[1], padding=pad, kernel=size)
    h, w = out_shape((H, W), (size, size), stride, pad)
    pixels = np.arange((H + 2 * pad) * (W + 2 * pad)).reshape(1, 1, H + 2 * pad, W + 2 * pad)
    read = windows(pixels, size, size, stride)[0, 0]
    for i, j in np.ndindex(h, w):
        stepper.hover(-1, f'p{i}.q{j}')
        assert stepper.lit() == [{(i, j)}, {(i, j)}], (stride, pad, size, 'output', i, j, stepper.lit())
    for y, x in np.ndindex(pixels.shape[2:]):
        stepper.hover(0, f'y{y + 2 - pad}.x{x + 2 - pad}')
        readers = {tuple(map(int, at)) for at in np.argwhere((read == pixels[0, 0, y, x]).any(axis=(2, 3)))}
        assert stepper.lit() == [readers, readers], (stride, pad, size, 'input', y, x, stepper.lit(), readers)
    page.mouse.move(1, 1)
    assert stepper.lit() == [set(), set()]
    return h * w + pixels.size


def check(notebook, folder=None):
    steppers = list(stored_steppers(Path(notebook)))
    assert len(steppers) == 2, f'{len(steppers)} steppers are stored'
    for html in steppers: assert len(html.encode()) < 300_000, len(html.encode())
    path = Path(tempfile.mkdtemp()) / 'page.html'
    body = '<hr>'.join([*steppers, steppers[1]])                        # the large one twice: each must mind its own
    path.write_text('<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
                    f'<style>body {{font: 16px sans-serif; margin: 16px}} .dark {{background: #111; color: #ddd}}</style>{body}')
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path='/usr/bin/chromium', args=FLAGS)
        page, trouble = browser.new_page(viewport={'width': 900, 'height': 900}), []
        page.on('console', lambda message: trouble.append(message.text) if message.type == 'error' else None)
        page.on('pageerror', lambda error: trouble.append(str(error)))
        page.on('request', lambda request: trouble.append(request.url) if not request.url.startswith(('file:', 'data:')) else None)
        page.goto(path.as_uri())
        strip, first, second = map(OnPage, page.query_selector_all('.lit-stepper'))
        strip.part('next').click()
        assert strip.count() == '2 / 6'
        check_walk(page, first)
        check_choices(first)
        assert strip.count() == '2 / 6' and second.count() == '1 / 6'   # the others did not move
        second.choose(padding=2, kernel=2)
        settings = [((1, 1), 0, 3), ((1, 1), 1, 3), ((2, 2), 1, 3), ((2, 3), 2, 3), ((3, 1), 0, 2), ((3, 3), 2, 2), ((1, 2), 1, 5)]
        pairs = sum(check_hover(page, first, *setting) for setting in settings)
        first.choose(stride_height=1, stride_width=1, padding=1, kernel=3)
        for width in (900, 380):
            for dark in (False, True):
                page.set_viewport_size({'width': width, 'height': 900})
                page.evaluate(f'document.body.className = "{"dark" if dark else ""}"')
                assert page.evaluate('document.documentElement.scrollWidth') <= width
                first.hover(0, 'y3.x4')
                assert len(first.lit()[0]) == 9 and second.lit() == [set(), set()]
                if folder: first.root.screenshot(path=str(Path(folder) / f'windows_{width}_{"dark" if dark else "light"}.png'))
        browser.close()
    assert not trouble, trouble
    print(f'saw 13_windows on a page: {pairs} cells hovered in {len(settings)} settings, all light what `windows` says; '
          f'walk, keys, play, choices, limits, two alike on one page, no outside request; {[len(s.encode()) // 1000 for s in steppers]} kB')


if __name__ == '__main__': check(*(sys.argv[1:] or ['nbs/13_windows.ipynb']))
