"""The site of `cs231n-lit pages`, opened from the disk in Chromium with the network cut: each page wide and as narrow as a phone, light and dark."""
import os.path
from collections import Counter
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect

from common import NAMES, cells, directive, none, sh, steppers, texts
from test_steppers import step_through

LOOK = r'''() => {
  const all = css => [...document.querySelectorAll(css)], start = e => (e.outerHTML.match(/^<[^>]*>/)[0] + e.textContent.trim()).slice(0, 80);
  const prose = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), left = [];
  while (prose.nextNode()) {
    const node = prose.currentNode;
    if (/\$\$|\\[(\[]|\\(frac|sum|partial|begin|text)\b/.test(node.data) && !node.parentElement.closest('pre, code, script, style, mjx-container, svg')) left.push(node.data.trim().slice(0, 60));
  }
  return {
    title: document.querySelector('h1')?.firstChild.textContent ?? '',
    images: all('article img').length,
    folded: all('article details.hide').map(e => e.open ? 'open' : e.querySelector('summary').textContent.trim()),
    wrong: {
      'a formula not set': all('.math').filter(e => !e.querySelector('mjx-container svg') || e.querySelector('[data-mml-node=merror], [data-mjx-error], [fill=red]')).map(start),
      'LaTeX in the prose': left,
      'no alt text': [...all('img').filter(e => !e.alt.trim()), ...all('.lit-stepper svg[role=img]').filter(e => !e.getAttribute('aria-label'))].map(start),
      'an image that does not show': all('img').filter(e => e.complete && !e.naturalWidth).map(start),
      'a raw directive': all('.cell_input pre').flatMap(e => e.innerText.match(/^#\|.*/gm) ?? []),
      'a link to nowhere': all('.xref').filter(e => !e.closest('a')).map(start)},
    origin: all('.lit-links a').map(e => e.href)};
}'''

WIDE = r'''() => [...document.querySelectorAll('article *')].filter(e => {
  const box = e.getBoundingClientRect();
  if (e.closest('mjx-container *, svg *') || !box.width || box.right <= innerWidth + 1) return false;
  for (let up = e.parentElement; up.tagName !== 'ARTICLE'; up = up.parentElement)
    if (['auto', 'scroll'].includes(getComputedStyle(up).overflowX)) return false;      // it scrolls in a box of its own
  return true;
}).map(e => (e.outerHTML.match(/^<[^>]*>/)[0] + e.textContent.trim()).slice(0, 80))'''


@pytest.fixture(scope='module')
def site(tmp_path_factory):
    "The site that `cs231n-lit pages` makes: engine/conv.html beside 15_conv.html."
    folder = tmp_path_factory.mktemp('pages') / 'site'
    sh(f'cs231n-lit pages --out {folder}')
    return folder


def wrong(facts, shown, name):
    "What is wrong with a page, by itself and beside its notebook."
    yield from (f'{what}: {found[:3]}' for what, found in facts['wrong'].items() if found)
    title = texts(cells(name))[0].splitlines()[0].removeprefix('# ')
    if title.replace('`', '') != facts['title'] and not set('$*_[') & set(title): yield f'the title {facts["title"]!r}, not {title!r}'
    code = [cell for cell in cells(name) if cell['cell_type'] == 'code']
    images = sum('image/png' in output.get('data', {}) for cell in code for output in cell['outputs'])
    for what, here, there in ('steppers', shown, len(steppers(code))), ('images', facts['images'], images), ('folded', len(facts['folded']), sum(bool(directive('code-fold: *true', cell)) for cell in code)):
        if here != there: yield f'{here} {what}, but its notebook has {there}'
    if any(not words or words == 'open' or 'code cell' in words for words in facts['folded']): yield f'folded cells called {facts["folded"]}'
    if sum(link.endswith(f'/nbs/{name}.ipynb') for link in facts['origin']) != 3: yield f'links to its notebook: {facts["origin"]}'


@pytest.mark.parametrize('name', NAMES)
def test_page(name, site, page, noise, output_path, pytestconfig):
    path, ground = site / f'{name}.html', []
    assert path.stat().st_size <= 1_500_000
    page.clock.install()
    page.goto(path.as_uri())
    page.evaluate('window.MathJax?.startup?.promise')
    shown = page.locator('.lit-stepper').all()
    none(wrong(page.evaluate(LOOK), len(shown), name))
    for details in page.locator('article details').all(): details.evaluate('e => e.open = true')       # a stepper may be folded
    for stepper in shown: step_through(stepper)
    for width in 1300, 380:
        page.set_viewport_size({'width': width, 'height': 900})
        for theme in 'light', 'dark':
            page.emulate_media(color_scheme=theme)
            ground.append(page.evaluate('getComputedStyle(document.body).backgroundColor'))
            assert page.evaluate('document.documentElement.scrollWidth') <= width
            none(f'wider than a screen of {width}: {wide}' for wide in page.evaluate(WIDE))
            if pytestconfig.getoption('screenshot') == 'on': page.screenshot(path=Path(output_path, f'{theme}-{width}.png'), full_page=True)
    assert ground[0] != ground[1], 'the same ground in light and dark'
    none(dict.fromkeys(noise))


def test_links(site):
    "Every link of a page into the site leads to a file, and to a place in it; previous and next lead through all pages; each has the favicon."
    soups = {name: BeautifulSoup((site / f'{name}.html').read_text(encoding='utf-8'), 'html.parser') for name in NAMES}
    files = {os.path.normpath(site / f'{name}.html'): {tag.get('id') or tag.get('name') for tag in soup.select('[id], a[name]')} for name, soup in soups.items()}
    lost = []
    for name, soup in soups.items():
        for href in {tag['href'] for tag in soup.select('a[href]')}:
            file, _, anchor = href.partition('#')
            target = os.path.normpath(site / f'{name}.html/..' / file) if file else os.path.normpath(site / f'{name}.html')
            if ':' in file: continue
            if not os.path.isfile(target): lost.append(f'{name}: a link to {href}, which is not there')
            elif anchor and anchor not in files.get(target, {anchor}): lost.append(f'{name}: a link to {href}, no such place')
    none(lost)
    ends = Counter(side for soup in soups.values() for side in ('prev', 'next') if not soup.select(f'.{side}-page'))
    assert not soups['index'].select('.prev-page') and ends == {'prev': 1, 'next': 1}
    assert all(soup.select('link[rel~=icon]') for soup in soups.values())


def test_search(site, page, noise):
    "The words of a reader lead to a page."
    page.goto((site / 'search.html').as_uri() + '?q=convolution')
    expect(page.locator('#search-results .search-summary')).to_contain_text('found', timeout=20_000)
    results = page.locator('#search-results li a')
    assert results.count() >= 3
    results.first.click()
    expect(page.locator('h1').first).to_be_visible()
    none(noise)


@pytest.mark.parametrize('words, name', [('batchnorm', '09_batchnorm'), ('relu', '03_relu'), ('cross entropy', '04_losses'), ('dropout', '11_dropout'),
                                         ('batch normalization', '09_batchnorm'), ('adam', '05_optim'), ('max pool', '17_maxpool')])
def test_a_topic_leads_to_its_lesson(words, name, site, page, noise):
    "The lesson comes first, before glossary and reference, with a line of what it says."
    page.goto((site / 'search.html').as_uri() + f'?q={words.replace(" ", "+")}')
    first = page.locator('#search-results li').first
    assert first.locator('a').get_attribute('href').partition('#')[0] == f'{name}.html' and len(first.locator('p').inner_text()) > 40
    none(noise)


def test_the_sidebar_shows_where_one_is(site, page):
    "Topic and title of the page, in sight."
    for name in 'engine/pool', 'around/glossary':
        page.goto((site / f'{name}.html').as_uri())
        here = page.locator('.sidebar-tree .current-page > a')
        expect(here).to_be_in_viewport()
        assert here.inner_text().split('\n') == [name.split('/')[1], texts(cells(name))[0].splitlines()[0].removeprefix('# ')]


def test_a_reference_leads_to_its_equation(site, page):
    page.goto((site / '15_conv.html').as_uri())
    page.locator('article a[href*="14_windows.html#eq-14."]').first.click()
    expect(page.locator(':target .math')).to_be_in_viewport(timeout=20_000)
    page.evaluate("document.querySelector('article').insertAdjacentHTML('afterbegin', '<div style=height:5000px>late</div>')")
    expect(page.locator(':target .math')).to_be_in_viewport(timeout=20_000)


SMALL = """() => [...document.querySelectorAll('button, summary, select, .lit-stepper input, label.nav-overlay-icon, label.toc-overlay-icon')].filter(e => {
  const box = e.getBoundingClientRect();
  return e.checkVisibility({visibilityProperty: true}) && box.width && box.right > 0 && Math.min(box.width, box.height) < 43.9;
}).map(e => e.outerHTML.slice(0, 80))"""
TINY = """() => [...document.querySelectorAll('article svg[role=img] text')].filter(e => e.textContent.trim() && e.getBoundingClientRect().width).map(e =>
  [parseFloat(getComputedStyle(e).fontSize) * e.ownerSVGElement.getBoundingClientRect().width / e.ownerSVGElement.viewBox.baseVal.width, e.textContent])
  .filter(([size]) => size < 8.9).map(([size, words]) => `${words} in ${size.toFixed(1)} pixels`)"""


@pytest.mark.parametrize('name', ['index', '09_batchnorm', '14_windows', '18_im2col', 'ground/stepper'])
def test_a_finger_hits_and_an_eye_reads(name, site, page):
    "On a phone: buttons of 44 pixels, letters of drawings of 9."
    page.set_viewport_size({'width': 380, 'height': 900})
    page.goto((site / f'{name}.html').as_uri())
    none(page.evaluate(SMALL) + page.evaluate(TINY))
