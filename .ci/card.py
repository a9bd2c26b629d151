#!/usr/bin/env python3
"""Draw nbs/social.png: a window on an image, and the one number of the output that it makes, as `conv_forward` has it and steppers draw it."""
import shutil

import numpy as np
from playwright.sync_api import sync_playwright

from common import NBS
from cs231n_lit import conv_forward
from cs231n_lit.ground.stepper import BLUE, ORANGE, arrow, grid, svg, text

NAME, LINE = 'cs231n_lit', 'Every layer, forward and backward'
GROUND, INK = '#11161d', '#e9edf2'
CELL, PLACE = 76, (0, 2)                               # pixels of a cell; the window's row and column


def convolved():
    "A small image, a filter that finds bright diagonals, and what it makes of the image."
    x, w = np.random.default_rng(7).integers(0, 4, (5, 5)), np.eye(3)
    out, _ = conv_forward(x[None, None], w[None, None], np.zeros(1), {'stride': 1, 'pad': 0})
    return x, out[0, 0]


def lit(shape, place, size):
    "True inside the window of that size."
    mask = np.zeros(shape, bool)
    mask[place[0]:place[0] + size, place[1]:place[1] + size] = True
    return mask


def card():
    "The drawing that a link to the site shows, 1200 x 630."
    x, out = convolved()
    (i, j), left, top, right, below = PLACE, 80, 190, 892, 342
    edge, middle = left + (j + 3) * CELL, right + (j + .5) * CELL
    arrows = [elbow((edge + 6, top + .5 * CELL), (middle + 16, top + .5 * CELL), (middle + 16, below - 6), BLUE),
              elbow((middle - 16, below - 6), (middle - 16, top + 1.3 * CELL), (edge + 6, top + 1.3 * CELL), ORANGE, dashed=True)]
    return svg(1200, 630, text(left, 78, NAME, 80, anchor='start', bold=True), text(left, 145, LINE, 36, anchor='start'), *arrows,
               *grid(x, left, top, CELL, lit=lit(x.shape, PLACE, 3), colour=BLUE),
               *grid(out, right, below, CELL, lit=lit(out.shape, PLACE, 1), colour=ORANGE), alt=f'{NAME}: {LINE}')


def elbow(start, corner, stop, colour, dashed=False):
    "An arrow of a stepper, twice as large, that turns once."
    (x, y), (cx, cy), (tx, ty) = np.divide((start, corner, stop), 2)
    dash = 'stroke-dasharray="5 4"' if dashed else ''
    return f'<g transform="scale(2)"><path d="M{x} {y}L{cx} {cy}" stroke="{colour}" stroke-width="2.5" stroke-linecap="square" {dash}/>{arrow(cx, cy, tx, ty, colour, 2.5, dashed)}</g>'


def main():
    with sync_playwright() as play:
        page = play.chromium.launch(executable_path=shutil.which('chromium'), args=['--no-sandbox']).new_page(viewport={'width': 1200, 'height': 630})
        page.set_content(f'<body style="margin: 0; background: {GROUND}; color: {INK}">{card()}')
        page.screenshot(path=NBS / 'social.png')


if __name__ == '__main__': main()
