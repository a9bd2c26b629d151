#!/usr/bin/env python3
"""What a reader of the rendered pages sees and does, tried in headless Chromium from the disk, with the network cut.

    .ci/pages.py SITE [SHOTS]

SITE is what `cs231n-lit pages` made of nbs/; SHOTS a folder for screenshots. Each line says what was seen; every page is
looked at, and the faults of all are listed.
"""
import json
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urldefrag

from browser import FLAGS, ROOT, saw, step_through
from playwright.sync_api import expect, sync_playwright

LOOK = r'''() => {
  const all = (css, root = document) => [...root.querySelectorAll(css)];
  const prose = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), left = [];
  while (prose.nextNode()) {
    const node = prose.currentNode;
    if (/\$\$|\\[(\[]|\\(frac|sum|partial|begin|text)\b/.test(node.data) && !node.parentElement.closest('pre, code, script, style, mjx-container, svg'))
      left.push(node.data.trim().slice(0, 60));
  }
  return {
    title: document.querySelector('h1')?.firstChild.textContent ?? '',
    formulas: all('.math').length,
    unset: all('.math').filter(e => !e.querySelector('mjx-container svg') || e.querySelector('[data-mml-node=merror], [data-mjx-error], [fill=red]')).map(e => e.innerText.slice(0, 60)),
    left,
    images: all('article img').length,
    mute: all('img').filter(e => !e.alt.trim()).map(e => e.src.slice(-40)).concat(all('.lit-stepper svg[role=img]').filter(e => !e.getAttribute('aria-label')).map(() => 'a drawing')),
    blank: all('img').filter(e => e.complete && !e.naturalWidth).map(e => e.src.slice(-40)),
    favicon: !!document.querySelector('link[rel~=icon]'),
    raw: all('.cell_input pre').flatMap(e => e.innerText.match(/^#\|.*/gm) ?? []),
    folded: all('article details.hide').map(e => e.open ? 'open' : e.querySelector('summary').textContent.trim()),
    ids: all('[id], a[name]').map(e => e.id || e.name),
    links: all('a[href]').map(e => e.href),
    nowhere: all('.xref').filter(e => !e.closest('a')).map(e => e.innerText),
    origin: all('.lit-links a').map(e => e.href),
    around: [!!document.querySelector('.prev-page'), !!document.querySelector('.next-page')],
  };
}'''

WIDE = r'''() => [...document.querySelectorAll('article *')].filter(e => {
  const box = e.getBoundingClientRect();
  if (e.closest('mjx-container *, svg *') || !box.width || box.right <= innerWidth + 1) return false;
  for (let up = e.parentElement; up.tagName !== 'ARTICLE'; up = up.parentElement)
    if (['auto', 'scroll'].includes(getComputedStyle(up).overflowX)) return false;      // it scrolls in a box of its own
  return true;
}).map(e => (e.outerHTML.match(/^<[^>]*>/)[0] + e.textContent.trim()).slice(0, 80))'''


def contents(cells):
    "How many steppers and images the stored outputs of a notebook hold, and how many of its cells are folded."
    count = Counter()
    for cell in cells:
        count['folded'] += '#| code-fold: true' in ''.join(cell['source']).splitlines() and cell['cell_type'] == 'code'
        for output in cell.get('outputs', []):
            data = output.get('data', {})
            count['steppers'] += 'data-stepper' in ''.join(data.get('text/html', ''))
            count['images'] += 'image/png' in data
    return count


def wrong_links(seen):
    "Links of any page to a file of the site, or to a place in one, that is not there."
    for path, facts in seen.items():
        for link in sorted(set(facts['links'])):
            file, anchor = urldefrag(link)
            if not file.startswith('file:'): continue
            target = Path(unquote(file.removeprefix('file://')))
            if not target.is_file(): yield f'{path.name}: a link to {target.name}, which is not there'
            elif anchor and target in seen and unquote(anchor) not in seen[target]['ids']: yield f'{path.name}: a link to {target.name}#{anchor}, no such place'


def wrong_page(path, facts, notebook):
    "What is wrong with a page, by itself and beside its notebook."
    if path.stat().st_size > 1_500_000: yield f'{path.stat().st_size} bytes'
    for what, said in (('unset', 'a formula not set'), ('left', 'LaTeX in the prose'), ('mute', 'no alt text'), ('blank', 'an image that does not show'),
                       ('raw', 'a raw directive'), ('nowhere', 'a link to nowhere')):
        if facts[what]: yield f'{said}: {facts[what][:3]}'
    cells = json.loads(notebook.read_text(encoding='utf-8'))['cells']
    title, stored = ''.join(cells[0]['source']).splitlines()[0].removeprefix('# '), contents(cells)
    if title.replace('`', '') != facts['title'] and not set('$*_[') & set(title): yield f'the title {facts["title"]!r}, not {title!r}'
    for what, here in (('steppers', facts['steppers']), ('images', facts['images']), ('folded', len(facts['folded']))):
        if here != stored[what]: yield f'{here} {what}, but its notebook has {stored[what]}'
    if not facts['favicon']: yield 'no favicon'
    if any(not words or words == 'open' or 'code cell' in words for words in facts['folded']): yield f'folded cells called {facts["folded"]}'
    if len([link for link in facts['origin'] if link.endswith(f'{notebook.stem}.ipynb')]) != 3: yield f'links to its notebook: {facts["origin"]}'


def look(page, path, shots):
    "Open a page, wide and light; step its steppers; then dark, and as narrow as a phone. Returns what is there, and faults."
    faults = []
    page.set_viewport_size({'width': 1300, 'height': 900})
    page.emulate_media(color_scheme='light')
    page.goto(path.as_uri())
    page.evaluate('window.MathJax?.startup?.promise')
    facts, steppers = page.evaluate(LOOK), page.locator('.lit-stepper').all()
    for stepper in steppers:
        try: step_through(stepper, path.name)
        except Exception as error: faults.append(f'a stepper: {str(error).splitlines()[0]}')
    ground = 'getComputedStyle(document.body).backgroundColor'
    for theme, width in (('light', 1300), ('dark', 1300), ('light', 380), ('dark', 380)):
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({'width': width, 'height': 900})
        facts[theme], across, wide = page.evaluate(ground), page.evaluate('document.documentElement.scrollWidth'), page.evaluate(WIDE)
        if across > width: faults.append(f'{across} pixels wide on a screen of {width}')
        if wide: faults.append(f'wider than a screen of {width}: {wide[0]}')
        if shots: page.screenshot(path=shots / f'{path.stem}-{theme}-{width}.png', full_page=True)
    if facts['light'] == facts['dark']: faults.append('the same ground in light and dark')
    return {**facts, 'steppers': len(steppers)}, faults


def search(page, site):
    "The words of a reader lead to a page."
    page.goto((site / 'search.html').as_uri() + '?q=convolution')
    expect(page.locator('#search-results .search-summary')).to_contain_text('found', timeout=20_000)
    results = page.locator('#search-results li a')
    assert results.count() >= 3, f'{results.count()} pages found for "convolution"'
    results.first.click()
    expect(page.locator('h1').first).to_be_visible()
    saw(f'search find {page.locator("h1").first.inner_text()!r}, from the disk')


def main(site, shots=None):
    site, shots, seen, wrong, noise = Path(site).resolve(), shots and Path(shots), {}, [], []
    if shots: shots.mkdir(parents=True, exist_ok=True)
    notebooks = sorted((ROOT / 'nbs').glob('[!._]*.ipynb'))
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path='/usr/bin/chromium', args=FLAGS)
        context = browser.new_context()
        context.set_offline(True)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on('request', lambda request: noise.append(f'a request to {request.url}') if not request.url.startswith(('file:', 'data:', 'blob:')) else None)
        page.on('requestfailed', lambda request: noise.append(f'not found: {request.url[-80:]}'))
        page.on('console', lambda message: noise.append(message.text) if message.type in ('error', 'warning') else None)
        page.on('pageerror', lambda error: noise.append(str(error)))
        for notebook in notebooks:
            path = site / f'{notebook.stem}.html'
            if not path.exists(): wrong.append(f'{path.name}: not there'); continue
            seen[path], faults = look(page, path, shots)
            wrong += [f'{path.name}: {fault}' for fault in [*faults, *wrong_page(path, seen[path], notebook), *dict.fromkeys(noise)]]
            noise.clear()
        search(page, site)
        wrong += [f'search.html: {fault}' for fault in dict.fromkeys(noise)]
        browser.close()
    wrong += wrong_links(seen)
    before, after = ([path.name for path, facts in seen.items() if not facts['around'][side]] for side in (0, 1))
    if before != ['index.html'] or len(after) != 1: wrong.append(f'no previous page: {before}; no next page: {after}')
    if wrong: return '\n'.join(wrong)
    total = Counter()
    for facts in seen.values(): total.update(steppers=facts['steppers'], formulas=facts['formulas'], images=facts['images'], folded=len(facts['folded']), links=len(facts['links']))
    assert min(total.values()) > 0, total
    saw(f'{len(seen)} pages open from the disk with the network cut: no error, nothing asked for outside, none wider than a phone, at most '
        f'{max(path.stat().st_size for path in seen) / 1e6:.1f} MB')
    saw(', '.join(f'{n} {what}' for what, n in total.items()) + ': all step, are set, have alt text, are folded, lead somewhere')


if __name__ == '__main__': sys.exit(main(*sys.argv[1:]))
