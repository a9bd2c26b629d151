"""The stored steppers on a page with no kernel and the network cut: each steps, and what hovering lights is what the definition says."""
import re
from itertools import product

import numpy as np
import pytest
from playwright.sync_api import expect

from common import NAMES, cells, none, steppers

PAGE = '<!doctype html><meta charset=utf-8><meta name=viewport content="width=device-width"><style>body {font: 16px sans-serif; %s}</style>'


def show(page, folder, stored, style=''):
    path = folder / 'page.html'
    path.write_text(PAGE % style + '<hr>'.join(stored), encoding='utf-8')
    page.goto(path.as_uri())


def part(root, name): return root.locator(f'[data-part={name}]')


def step_through(stepper):
    "Next, back, play, the keys and every choice change the picture; before the first frame and after the last there is none. The page's clock is ours."
    def state(): return part(stepper, 'count').inner_text(), part(stepper, 'picture').inner_html()
    def moves(act, what, changed=True):
        before = state()
        act()
        assert (state() != before) == changed, f'{what}: the picture {"stands still" if changed else "moves"}'
    for button in 'next', 'back': moves(part(stepper, button).click, button)
    part(stepper, 'play').click()
    moves(lambda: stepper.page.clock.run_for(2000), 'play')
    part(stepper, 'play').click()
    for key in 'End', '-ArrowRight', 'ArrowLeft', 'Home', '-ArrowLeft', 'ArrowRight': moves(lambda: stepper.press(key.strip('-')), key, changed=key[0] != '-')
    for choice in stepper.locator('select').all():
        index = choice.evaluate('e => e.selectedIndex')
        stepper.press('End')                    # a choice may show only once its part of the picture is reached
        moves(lambda: choice.select_option(index=0 if index else 1), f'the choice {choice.get_attribute("name")}')
        choice.select_option(index=index)


@pytest.mark.parametrize('name', [name for name in NAMES if steppers(cells(name))])
def test_each_steps(name, page, noise, tmp_path):
    stored = steppers(cells(name))
    page.clock.install()
    none(f'a stepper of {len(html.encode())} bytes' for html in stored if len(html.encode()) >= 300_000)
    for width, style in (900, ''), (380, 'background: #111; color: #ddd'):
        page.set_viewport_size({'width': width, 'height': 700})
        show(page, tmp_path, stored, style)
        for stepper in page.locator('.lit-stepper').all(): step_through(stepper)
        assert page.evaluate('document.documentElement.scrollWidth') <= width
    none(noise)


# --- windows ------------------------------------------------------------------------------------------------------

H, W = 4, 5                           # the image of both pages
LIT = '''root => [...root.querySelectorAll('.lit-windows > svg')].map(svg =>
    [...svg.querySelectorAll('.w')].filter(e => getComputedStyle(e).opacity > 0).map(e => e.getAttribute('class')))'''


@pytest.fixture
def windows(page, noise, tmp_path):
    "The large stepper of 14_windows; the same once more below it must not move."
    show(page, tmp_path, [html for html in steppers(cells('14_windows')) if 'stride_height' in html] * 2)
    first, second = page.locator('.lit-stepper').all()
    yield first
    expect(part(second, 'count')).to_have_text('1 / 6')
    assert lit(second) == [set(), set()] and not noise


def choose(root, **choices):
    for name, value in choices.items(): root.locator(f'select[name={name}]').select_option(str(value))


def offered(root, name): return root.locator(f'select[name={name}] option').evaluate_all('options => options.map(o => o.label)')


def lit(root):
    "Which windows are lit in the input, and which cells in the output."
    shown = root.evaluate(LIT)
    return [{tuple(map(int, re.search(r'p(\d+) q(\d+)', words).groups())) for words in shown[side]} for side in (0, -1)]


def test_windows_choices(windows):
    "Sizes, formula and words follow the choices; what does not fit says why; the lists' limits are linked."
    for choices, count, *words in (({'padding': 1}, '1 / 20', 'padded by 1: 6x7', 'output 4x5'), ({'stride_height': 2, 'padding': 0}, '1 / 3', 'output 1x3', '1 row left over'),
                                   ({'kernel': 5}, '1 / 1', 'A 5x5 window does not fit the 4x5 image padded by 0.')):
        choose(windows, **choices)
        for text in words: expect(part(windows, 'picture')).to_contain_text(text)
        expect(part(windows, 'count')).to_have_text(count)
    assert (offered(windows, 'padding'), offered(windows, 'stride_width'), offered(windows, 'kernel')) == (['0 ✗', '1', '2'], ['1', '2', '3'], ['3', '2', '5 ✗'])
    choose(windows, padding=1)
    assert offered(windows, 'kernel') == ['3', '2', '5'] and 'fit' not in part(windows, 'picture').inner_text()


@pytest.mark.parametrize('stride, pad, size', [((1, 1), 0, 3), ((1, 1), 1, 3), ((2, 2), 1, 3), ((2, 3), 2, 3), ((3, 1), 0, 2), ((3, 3), 2, 2), ((1, 2), 1, 5)])
def test_windows_hover(stride, pad, size, windows, page):
    "An output lights its window; an input lights every window and output that read it."
    from cs231n_lit.windows import out_shape, windows as read_windows
    choose(windows, stride_height=stride[0], stride_width=stride[1], padding=pad, kernel=size)
    def hover(side, place): windows.locator('.lit-windows > svg').nth(side).locator(f'g.{place} > rect').hover()
    for i, j in np.ndindex(*out_shape((H, W), (size, size), stride, pad)):
        hover(-1, f'p{i}.q{j}')
        assert lit(windows) == [{(i, j)}, {(i, j)}]
    pixels = np.arange((H + 2 * pad) * (W + 2 * pad)).reshape(1, 1, H + 2 * pad, W + 2 * pad)
    read = read_windows(pixels, size, size, stride)[0, 0]
    for y, x in np.ndindex(pixels.shape[2:]):
        hover(0, f'y{y + 2 - pad}.x{x + 2 - pad}')
        readers = {tuple(map(int, at)) for at in np.argwhere((read == pixels[0, 0, y, x]).any(axis=(2, 3)))}
        assert lit(windows) == [readers, readers], (y, x)
    page.mouse.move(1, 1)
    assert lit(windows) == [set(), set()]


def test_a_step_takes_the_marks_away(windows, page):
    "What was marked under the pointer goes with a step, and comes back when the pointer moves."
    choose(windows, padding=1)
    pixel = windows.locator('.lit-windows > svg').first.locator('g.y3.x4 > rect')
    pixel.hover()
    assert all(lit(windows))
    windows.press('ArrowRight')
    expect(part(windows, 'count')).to_have_text('2 / 20')
    assert lit(windows) == [set(), set()]
    for move in 5, 6: page.mouse.move(pixel.bounding_box()['x'] + move, pixel.bounding_box()['y'] + move)
    page.wait_for_timeout(200)
    assert all(lit(windows))
    page.mouse.move(1, 1)
    part(windows, 'back').click()
    choose(windows, padding=0)


# --- the gradients of a convolution -------------------------------------------------------------------------------

K = 3                                 # the kernel
SHINING = '''root => [...root.querySelectorAll('.lit-conv > svg')].map(svg => [...svg.querySelectorAll('g[class]')]
    .filter(g => parseFloat(getComputedStyle(g.querySelector('rect')).fillOpacity) > .25).map(g => g.getAttribute('class')))'''


def at(words): return tuple(map(int, re.findall(r'\d+', words)))


def contributions(gradient, stride, pad):
    "Pairs (entry of the gradient, cell of the left drawing that it reads), from out[i, j] += x[i s + p - P, j s + q - P] w[p, q]."
    h, w = 1 + (H + 2 * pad - K) // stride, 1 + (W + 2 * pad - K) // stride
    for i, j, p, q in product(range(h), range(w), range(K), range(K)):
        y, x = i * stride + p, j * stride + q                              # in the padded image
        if gradient == 'dw': yield (p, q), (y, x)
        elif pad <= y < pad + H and pad <= x < pad + W: yield (y - pad, x - pad), (2 + i * stride, 2 + j * stride)


@pytest.mark.parametrize('gradient, stride, pad', [*product(('dx', 'dw'), (1, 2, 3), (0, 1))])
def test_conv_hover(gradient, stride, pad, page, noise, tmp_path):
    show(page, tmp_path, [html for html in steppers(cells('15_conv')) if 'lit-conv' in html][:1] * 2)
    root = page.locator('.lit-stepper').first
    for name, value in ('gradient', gradient), ('stride', stride), ('padding', pad): root.locator(f'select[name={name}]').select_option(str(value))
    pairs = set(contributions(gradient, stride, pad))
    for side in 0, -1:
        for cell in root.locator('.lit-conv > svg').nth(side).locator('g[class]').all():
            me = at(cell.get_attribute('class'))
            cell.locator('rect').first.hover()
            lit = [set(map(at, classes)) for classes in root.evaluate(SHINING)]
            assert (lit[0], lit[-1]) == (({me}, {a for a, b in pairs if b == me}) if side == 0 else ({b for a, b in pairs if a == me}, {me})), me
    none(noise)


# --- what a place of layer three has seen -------------------------------------------------------------------------

LAYERS = {'three of 3x3': [(3, 1, 1)] * 3, 'a pool between': [(3, 1, 1), (2, 2, 1), (3, 1, 1)],
          'strides of 2': [(3, 2, 1), (3, 2, 1), (3, 1, 1)], 'dilations 1, 2, 4': [(3, 1, 1), (3, 1, 2), (3, 1, 4)]}      # window, stride, dilation
SEEN = '''root => [...root.querySelectorAll('.lit-seen > svg')].map(svg => [...svg.querySelectorAll('rect')]
    .filter(rect => parseFloat(getComputedStyle(rect).fillOpacity) > .2).map(rect => rect.getAttribute('class')))'''


@pytest.mark.parametrize('net', LAYERS)
def test_seen_hover(net, page, noise, tmp_path):
    "A place lights all that it has seen in the layers before, and all that have seen it in those behind; a step does the same for the diagonal."
    show(page, tmp_path, [html for html in steppers(cells('23_relatives')) if 'lit-seen' in html])
    root = page.locator('.lit-stepper')
    root.locator('select').select_option(net)
    reads, size = [], 12
    for k, s, d in LAYERS[net]:
        pad = d * (k - 1) // 2
        places = 1 + (size + 2 * pad - d * (k - 1) - 1) // s
        reads.append(np.array([[any(i * s - pad + p * d == j for p in range(k)) for j in range(size)] for i in range(places)]))
        size = places
    def relation(above, below):
        "Which places of a layer have seen which of a lower one: a product of matrices."
        seen = np.eye(len(reads[above - 1]) if above else 12, dtype=bool)
        for read in reads[below:above][::-1]: seen = seen @ read
        return seen
    def lit(): return [set(map(at, classes)) for classes in root.evaluate(SEEN)]
    def expected(layer, i, j):
        for other in range(4):
            seen = relation(layer, other) if other <= layer else relation(other, layer).T
            yield {(other, y, other, x) for y, x in product(*map(np.flatnonzero, (seen[i], seen[j])))}
    for layer in range(4):
        side = len(relation(layer, layer))
        for i, j in {(0, 0), (side - 1, 0), (side // 2, side // 3), (side // 2, side - 1)}:
            root.locator('.lit-seen > svg').nth(layer).locator(f'.r{layer}-{i}.c{layer}-{j}').hover()
            assert lit() == list(expected(layer, i, j)), (layer, i, j)
    page.mouse.move(1, 1)
    for step in range(side):
        assert lit() == list(expected(3, step, step)), step
        root.press('ArrowRight')
    none(noise)
