"""JupyterLab in Chromium: the course as README and as the wheel open it, and the window stepper live."""
import json

import pytest
from playwright.sync_api import expect

from common import cells, lab, none, readme, texts


def run_all(page):
    "Once the kernel is there."
    page.get_by_text('(ipykernel) | Idle').wait_for(timeout=90_000)
    page.get_by_role('menuitem', name='Run', exact=True).click()
    page.locator('.lm-Menu-itemLabel', has_text='Run All Cells').first.click()


@pytest.fixture
def course(request, tmp_path):
    "The course in JupyterLab: `readme` in a copy of the tree, as README says, `wheel` in an empty folder, from the installed wheel."
    if request.param == 'readme':
        tree, run = request.getfixturevalue('tree'), request.getfixturevalue('fresh')('course')
        install, command = readme('course')
        run(install, tree)
        with lab(command, tree, **run.env) as address: yield address
    else:
        with lab('cs231n-lit course', tmp_path, **request.getfixturevalue('wheel').env) as address: yield address


@pytest.mark.parametrize('course', ['readme', 'wheel'], indirect=True)
def test_course(course, page):
    "Stored steppers step before anything is run; after a run the live ones do."
    page.goto(course('ground/stepper'))
    stored = page.locator('.lit-stepper').first
    stored.wait_for(timeout=90_000)
    stored.scroll_into_view_if_needed()
    before = stored.locator('[data-part=picture]').inner_html()
    stored.locator('[data-part=next]').click()
    assert stored.locator('[data-part=picture]').inner_html() != before, 'the stored stepper stood still'

    run_all(page)
    live = page.locator('.lit-live', has_text='A running sum').first
    live.wait_for(timeout=120_000)
    live.scroll_into_view_if_needed()
    expect(live).to_contain_text('3 = 3')
    box = live.locator('.noUi-target').bounding_box()
    live.locator('.noUi-handle').drag_to(live.locator('.noUi-target'), target_position={'x': box['width'] - 2, 'y': box['height'] / 2})
    expect(live).to_contain_text('= 31')
    live.locator('.lit-back').click()
    expect(live).to_contain_text('= 25')
    live.locator('svg').click()
    page.keyboard.press('ArrowLeft')
    expect(live).to_contain_text('= 23')
    page.keyboard.press('ArrowRight')
    expect(live).to_contain_text('= 25')
    second = page.locator('.lit-live').nth(1)
    second.scroll_into_view_if_needed()
    second.locator('select').first.select_option('3')
    expect(second).to_contain_text('row, stride 3')


@pytest.fixture
def windows(tree, page):
    "The large stepper of 14_windows, live. All code stands in one cell, which ends with it: JupyterLab draws only the cells in view."
    code = '\n'.join(texts(cells('14_windows'), 'code')) + '\nchoose(stride_height=1, stride_width=1, padding=1, kernel=3)\nwindow_stepper.step.value = 0\nwindow_stepper'
    cell = {'cell_type': 'code', 'id': 'a', 'metadata': {}, 'execution_count': None, 'outputs': [], 'source': code}
    kernel = {'name': 'python3', 'display_name': 'python3', 'language': 'python'}
    (tree / 'nbs' / 'live.ipynb').write_text(json.dumps({'cells': [cell], 'metadata': {'kernelspec': kernel}, 'nbformat': 4, 'nbformat_minor': 5}), encoding='utf-8')
    with lab('cs231n-lit course live', tree, PYTHONPATH=str(tree)) as address:
        page.goto(address('live'))
        run_all(page)
        live = page.locator('.lit-live:has(.lit-windows)').last
        live.wait_for(timeout=90_000)
        live.scroll_into_view_if_needed()
        yield live


LIT = '''live => [...live.querySelectorAll('.lit-windows > svg')].map(svg => [...svg.querySelectorAll('.w')].filter(e => getComputedStyle(e).opacity > 0).length)'''


def test_windows(windows, page):
    trouble, live = [], windows
    page.on('pageerror', lambda error: trouble.append(str(error)))
    def says(words): expect(live).to_contain_text(words, timeout=20_000)
    def choose(name, value): live.locator(f'.widget-dropdown:has(label:text-is("{name}")) select').select_option(value)
    def hover(drawing, cell):
        getattr(live.locator('.lit-windows > svg'), drawing).locator(f'g.{cell} > rect').hover()
        return live.evaluate(LIT)
    says('out[0, 0]')
    for _ in range(2): live.locator('.lit-next').click()
    says('out[0, 2]')
    live.locator('.lit-back').click()
    says('out[0, 1]')
    live.locator('.lit-windows').last.click(position={'x': 2, 'y': 2})
    page.keyboard.press('ArrowRight')
    says('out[0, 2]')
    page.keyboard.press('ArrowLeft')
    says('out[0, 1]')
    page.mouse.move(1, 1)                                      # after a step nothing is marked until the pointer moves
    assert hover('first', 'y3.x4') == [9, 0, 9]
    assert hover('last', 'p2.q3') == [1, 0, 1]
    page.mouse.move(1, 1)
    for name, value, words in (('stride height', '2', 'output 2x5'), ('padding', '0', '1 row left over'), ('kernel', '5 ✗', 'A 5x5 window does not fit'),
                               ('padding', '1', 'output 1x3'), ('kernel', '3', 'output 2x5')):
        choose(name, value)
        says(words)
    live.get_by_role('button', name='play').click()
    says('out[1, 0]')
    live.get_by_role('button', name='pause').click()
    expect(live.get_by_role('slider', name='step')).to_be_visible()
    assert [button.inner_text() for button in live.get_by_role('button').all()] == ['|◀', '▶', '▶|'], 'the symbols of a page'
    none(trouble)
