#!/usr/bin/env python3
"""Every cell of the backward stepper of 14_conv, hovered on a page in headless Chromium and held against the definition."""
import re
import tempfile
from itertools import product
from pathlib import Path

from playwright.sync_api import sync_playwright

from browser import FLAGS, ROOT, steppers

H, W, K = 4, 5, 3                     # the image and the kernel of the stepper
LIT = '''root => [...root.querySelectorAll('.lit-conv > svg')].map(svg => [...svg.querySelectorAll('g[class]')]
    .filter(g => parseFloat(getComputedStyle(g.querySelector('rect')).fillOpacity) > .25).map(g => g.getAttribute('class')))'''


def numbers(words): return tuple(map(int, re.findall(r'\d+', words)))


def contributions(gradient, stride, pad):
    "Pairs (entry of the gradient, cell of the left drawing that it reads), from out[i, j] += x[i s + p - P, j s + q - P] w[p, q]."
    h, w = 1 + (H + 2 * pad - K) // stride, 1 + (W + 2 * pad - K) // stride
    for i, j, p, q in product(range(h), range(w), range(K), range(K)):
        y, x = i * stride + p, j * stride + q                              # in the padded image
        if gradient == 'dw': yield (p, q), (y, x)
        elif pad <= y < pad + H and pad <= x < pad + W: yield (y - pad, x - pad), (2 + i * stride, 2 + j * stride)


def check_setting(root, gradient, stride, pad):
    "Hover each cell of the left and of the right drawing; returns how many."
    for name, value in (('gradient', gradient), ('stride', stride), ('padding', pad)): root.query_selector(f'select[name={name}]').select_option(str(value))
    pairs, drawings, hovered = set(contributions(gradient, stride, pad)), root.query_selector_all('.lit-conv > svg'), 0
    for side in (0, -1):
        for cell in drawings[side].query_selector_all('g[class]'):
            me = numbers(cell.get_attribute('class'))
            cell.query_selector('rect').hover()
            lit = [set(map(numbers, classes)) for classes in root.evaluate(LIT)]
            wanted = ({me}, {a for a, b in pairs if b == me}) if side == 0 else ({b for a, b in pairs if a == me}, {me})
            assert (lit[0], lit[-1]) == wanted, f'{gradient}, stride {stride}, padding {pad}, {me}: lit {lit}, wanted {wanted}'
            hovered += 1
    return hovered


def main():
    html = [stepper for stepper in steppers(ROOT / 'nbs' / '14_conv.ipynb') if 'lit-conv' in stepper][0]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        path = Path(folder, 'page.html')
        path.write_text(f'<!doctype html><meta charset=utf-8><body style="font: 16px sans-serif">{html}<hr>{html}', encoding='utf-8')
        browser = play.chromium.launch(executable_path='/usr/bin/chromium', args=FLAGS)
        page, errors = browser.new_page(viewport={'width': 900, 'height': 900}), []
        page.on('pageerror', lambda error: errors.append(str(error)))
        page.goto(path.as_uri())
        root = page.query_selector('.lit-stepper')
        hovered = sum(check_setting(root, *setting) for setting in product(('dx', 'dw'), (1, 2, 3), (0, 1)))
        browser.close()
    assert not errors, errors
    print(f'saw 14_conv on a page: {hovered} cells hovered, dx and dw, three strides, two paddings; all light what the definition says')


if __name__ == '__main__': main()
