#!/usr/bin/env python3
"""What the site would be given: nbdev's own processing of every notebook, then a look at each page, with no Quarto.

A page has a title and a summary, at most 1.5 MB, no raw directive, no error, no widget without a page of its own, alt text for
every figure, image and drawing, no outside resource, no broken link or anchor, numbered equations in order, every reference
with its equation, and only formulas that MathJax typesets. The notebooks themselves hold no markup that one of Quarto,
JupyterLab and GitHub would read otherwise. First of all, each check must see a fault that is planted for it.
"""
import json
import re
import sys
import warnings
from collections import Counter
from importlib.metadata import distribution
from pathlib import Path

import yaml
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from nbdev.serve import proc_nbs
from playwright.sync_api import sync_playwright

from browser import FLAGS, ROOT

NBS, CONFIG = ROOT / 'nbs', yaml.safe_load((ROOT / '_quarto.yml').read_text(encoding='utf-8'))
SITE = CONFIG['website']['site-url'].rstrip('/') + '/'
MATHJAX = distribution('sphinx-mathjax-offline').locate_file('sphinx-mathjax-offline/static/mathjax/tex-chtml-full.js')
MARKDOWN = MarkdownIt('commonmark').enable('table').use(dollarmath_plugin, double_inline=True, allow_space=False, allow_digits=False)

OTHERWISE = {                                         # in prose: a pattern, and what one of the three readers makes of it
    r':::': 'a div of Quarto',
    r'\{[#.][\w-]': 'an attribute of Quarto',
    r'\{\{<': 'a shortcode of Quarto',
    r'\[!\w+\]': 'a callout of GitHub',
    r'\[\^': 'a footnote, which JupyterLab does not know',
    r'(?<![\w`])@\w': 'a citation to Quarto',
    r'(?<!\S)--\w': 'a dash to Quarto',
    r'(?<!~)~[^~\s]+~(?!~)|\^[^^\s]+\^': 'a subscript or superscript to Quarto',
    r'\$': 'a dollar that begins or ends no formula'}


class Page:
    "A notebook, its prose and its formulas as Markdown has them, and all that it shows as HTML."
    def __init__(self, name, cells):
        self.name, self.cells = name, cells
        shown = [Shown(cell) for cell in cells]
        self.tokens = [token for part in shown for token in part.tokens]
        self.soup = BeautifulSoup('\n'.join(part.html for part in shown), 'html.parser')
        self.anchors = {tag['id'] for tag in self.soup.find_all(id=True)} | set(headings(self.soup))

    @property
    def prose(self):
        "Each run of text, with a NUL for what is code, a formula or markup in it."
        return [''.join(child.content if child.type == 'text' else '\0' for child in token.children) for token in self.tokens if token.type == 'inline']

    @property
    def formulas(self):
        "(display, TeX) of each formula."
        parts = [part for token in self.tokens for part in [token, *(token.children or ())]]
        return [(part.type != 'math_inline', part.content) for part in parts if part.type.startswith('math_')]


class Shown:
    "What the reader sees of a cell: its Markdown as tokens, and everything as HTML."
    def __init__(self, cell):
        texts = [text(cell['source'])] if cell['cell_type'] == 'markdown' else []
        data = [output.get('data', {}) for output in cell.get('outputs', ())]
        texts += [text(kinds['text/markdown']) for kinds in data if 'text/markdown' in kinds]
        self.tokens = [token for words in texts for token in MARKDOWN.parse(words)]
        self.html = '\n'.join([*map(MARKDOWN.render, texts), *(text(kinds[kind]) for kinds in data for kind in ('text/html', 'image/svg+xml') if kind in kinds)])


def text(source): return source if isinstance(source, str) else ''.join(source)


def headings(soup):
    "The anchors of the headings that Quarto and GitHub spell alike. (JupyterLab keeps capitals: there a link may stop at the page's top.)"
    seen = Counter()
    for heading in soup.find_all(re.compile(r'h[1-6]')):
        words = heading.get_text()
        quarto = re.sub(r'^[^a-z]+', '', '-'.join(re.sub(r'[^\w\s.-]', '', words.lower()).split())) or 'section'
        github = re.sub(r'[^\w -]', '', words.lower()).replace(' ', '-')
        if quarto == github: yield f'{quarto}-{seen[quarto]}' if seen[quarto] else quarto
        seen[quarto] += 1


# --- what a page must be ------------------------------------------------------------------------------------------

def form(page):
    "Title, summary, weight, directives, errors, widgets."
    head = text(page.cells[0]['source'])
    if not re.search(r'^title: .+', head, re.M) or not re.search(r'^description: .+', head, re.M): yield 'no title or no summary'
    weight = len(json.dumps(page.cells))
    if weight > 1_500_000: yield f'{weight} bytes'
    for cell in page.cells:
        if directive := re.search(r'^#\| *(exports?|torch|default_exp)\b', text(cell['source']), re.M): yield f'a raw directive: {directive[0]!r}'
        for output in cell.get('outputs', ()):
            data = output.get('data', {})
            if output['output_type'] == 'error': yield f'an error: {output["ename"]}'
            if any('widget-view' in kind for kind in data) and 'text/html' not in data: yield 'a widget without a page'


def seen_by_all(page):
    "Alt text of figures, images and drawings."
    for cell in page.cells:
        source, figures = text(cell['source']), [output for output in cell.get('outputs', ()) if 'image/png' in output.get('data', {})]
        if figures and not re.search(r'^#\| *fig-alt: *\S', source, re.M): yield f'a figure without alt text: {source[:60]!r}'
    for tag in page.soup.find_all(['img', 'svg']):
        hidden = tag.get('aria-hidden') == 'true' or tag.find_parent('svg')
        if not hidden and not (tag.get('alt') or tag.get('aria-label')): yield f'no alt text: {str(tag)[:80]!r}'


def self_contained(page):
    "No outside resource; a link that the reader may follow is none."
    for tag in page.soup.find_all():
        for name, value in tag.attrs.items():
            if (tag.name, name) == ('a', 'href') or name.startswith('xmlns'): continue
            if re.search(r'^\s*(https?:)?//|url\(\s*["\']?(https?:)?//', str(value)): yield f'an outside resource: <{tag.name} {name}="{str(value)[:80]}">'
        if tag.name == 'style' and (found := re.search(r'url\(\s*["\']?(https?:)?//[^)]*|@import.*', tag.text)): yield f'an outside resource: {found[0]}'
        if tag.name == 'script' and (found := re.search(r'https?://(?!www\.w3\.org/)[^\s"\']*', tag.text)): yield f'an outside resource in a script: {found[0]}'


def links(page, pages):
    "Every link of a page into the site has its page, and its anchor there."
    addresses = {name: re.sub(r'^\d+[a-zA-Z0-9]*_', '', name) + '.html' for name in pages}
    for tag in page.soup.find_all('a', href=True):
        path, _, anchor = tag['href'].removeprefix(SITE).partition('#')
        if re.match(r'(https?|mailto):', path): continue
        name = next((name for name in pages if path in (f'{name}.ipynb', addresses[name])), None) if path else page.name
        if name is None: yield f'a link to {path}, which is not there'
        elif anchor and anchor not in pages[name].anchors: yield f'a link to {tag["href"]}: no heading of {name} has that anchor'


def equations(page, pages):
    "The numbered equations of rung 14 are (14.1), (14.2), ...; what prose or a comment refers to is there; elsewhere (0.9) is a number."
    rung, found = re.match(r'0*(\d+[a-z]*)_|', page.name)[1], tags(page)
    if found != (wanted := [f'{rung}.{k}' for k in range(1, len(found) + 1)]): yield f'equations {found}, wanted {wanted}'
    if any(r'\tag' in formula for display, formula in page.formulas if not display): yield 'a number on a formula that is not displayed'
    known = {tag for other in pages.values() for tag in tags(other)}
    comments = [line.partition('# ')[2] for cell in page.cells if cell['cell_type'] == 'code' for line in text(cell['source']).splitlines()]
    for reference in re.findall(r'\((\d+[a-z]*\.[1-9]\d*)\)', '\n'.join(page.prose + comments)):
        if reference not in known and (rung == '0' or not reference.startswith('0.')): yield f'({reference}) is the number of no equation'


def tags(page): return [tag for display, formula in page.formulas if display for tag in re.findall(r'\\tag\*?\{(.*?)\}', formula)]


def docs(page):
    "Each documented function has its name as a heading, its signature and its summary, and says nothing about this machine's memory."
    for cell in page.cells:
        call = re.search(r'^show_doc\((\w+(?:\.\w+)*)', text(cell['source']), re.M)
        if not call or cell['cell_type'] != 'code': continue
        shown = '\n'.join(text(output.get('data', {}).get('text/markdown', '')) for output in cell['outputs'])
        signature = re.search(r'^(```python\n(?:def|class) .*?^```|\|.*\|$)', shown, re.M | re.S)
        if not re.search(r'^#+ ', shown, re.M) or not signature: yield f'no signature of {call[1]}'
        if not re.search(r'^\*.+\*$', shown, re.M): yield f'no summary of {call[1]}'
        if re.search(r'<.+? object at 0x\w+>', shown): yield f'an address in memory in the signature of {call[1]}'


def read_alike(page):
    "Nothing in the notebook's prose that Quarto, JupyterLab and GitHub would read in different ways."
    for prose in page.prose:
        for pattern, what in OTHERWISE.items():
            if found := re.search(pattern, prose): yield f'{what}: {prose[max(0, found.start() - 30):found.end() + 20]!r}'
    for cell in page.cells:
        if cell['cell_type'] != 'markdown': continue
        lines = text(cell['source']).splitlines()
        for token in MARKDOWN.parse(text(cell['source'])):
            if token.level == 0 and re.match(r'(bullet_list|ordered_list|blockquote|heading|table)_open', token.type) and token.map[0] and lines[token.map[0] - 1].strip():
                if not re.match(r'#', lines[token.map[0] - 1]): yield f'Quarto wants an empty line before {lines[token.map[0]][:60]!r}'


def with_mathjax(page):
    "The page with MathJax in it, which throws what it cannot typeset; so is an undefined macro."
    page.set_content('<p>')
    page.evaluate('''() => window.MathJax = {startup: {typeset: false},
        tex: {packages: {'[-]': ['noerrors', 'noundefined']}, formatError: (jax, error) => { throw error; }}}''')
    page.add_script_tag(path=str(MATHJAX))
    page.evaluate('MathJax.startup.promise')
    return page


def typeset(pages, mathjax):
    "What MathJax says of the formulas that it cannot typeset."
    formulas = [(name, *formula) for name, page in pages.items() for formula in page.formulas]
    errors = mathjax.evaluate('''formulas => formulas.map(([name, display, tex]) => {
        try { MathJax.tex2chtml(tex, {display}); } catch (error) { return error.message; }
    })''', formulas)
    for (name, _, tex), error in zip(formulas, errors):
        if error: yield f'{name}: MathJax: {error}: {tex.strip()!r}'


def faults(pages):
    "What is wrong with the processed pages, all but their formulas."
    for name, page in pages.items():
        for check in form, seen_by_all, self_contained, docs: yield from (f'{name}: {fault}' for fault in check(page))
        for check in links, equations: yield from (f'{name}: {fault}' for fault in check(page, pages))


# --- what the site must be ----------------------------------------------------------------------------------------

def hrefs(item):
    "Each file that the configuration of the site names, wherever it stands."
    if isinstance(item, str): return [item] if re.search(r'\.(ipynb|svg|png|html)$', item) and '/' not in item else []
    return [found for part in (item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()) for found in hrefs(part)]


def configured(config, folder, names):
    "Every file that _quarto.yml names is in `folder`, and the sidebar names every page once."
    for href in hrefs(config):
        if not (folder / href).exists(): yield f'_quarto.yml names {href}, which is not there'
    sidebar = hrefs(config['website']['sidebar'])
    for name, count in (Counter(f'{name}.ipynb' for name in names) - Counter(sidebar)).items(): yield f'the sidebar does not name {name}'
    if len(sidebar) != len(set(sidebar)): yield 'the sidebar names a page twice'
    card = (folder / config['website']['open-graph']['image']).read_bytes()
    size = int.from_bytes(card[16:20], 'big'), int.from_bytes(card[20:24], 'big')      # width and height stand in a PNG's first chunk
    if size != (1200, 630) or len(card) > 200_000: yield f'the social card is {size}, {len(card)} bytes'


PAGE = '''<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">{head}</head><body>
<main class="content" id="quarto-document-content"><header id="title-block-header" class="quarto-title-block default"><div class="quarto-title">
<h1 class="title">Title</h1></div><div><div class="description">Summary.</div></div></header><p>Text.</p></main>
<div id="quarto-margin-sidebar"><nav id="TOC"><div class="toc-actions"><ul><li><a href="{source}" class="toc-action">View source</a></li></ul></div></nav></div>
</body></html>'''                                     # as Quarto builds its pages, as far as open-in.html looks at them


def opens(name, page):
    "What the line under the title does not offer, on a page built as Quarto builds it."
    web = CONFIG['website']
    page.set_content(PAGE.format(head=(NBS / 'open-in.html').read_text(encoding='utf-8'),
                                 source=f'{web["repo-url"]}/blob/{web["repo-branch"]}/{web["repo-subdir"]}/{name}.ipynb'))
    repo = web['repo-url'].removeprefix('https://github.com/')
    found = page.eval_on_selector_all('#title-block-header .lit-open a', 'links => links.map(a => a.href)')
    for wanted in (f'https://colab.research.google.com/github/{repo}/blob/main/nbs/{name}.ipynb', f'{web["repo-url"]}/blob/main/nbs/{name}.ipynb',
                   f'https://mybinder.org/v2/gh/{repo}/main?urlpath=lab/tree/nbs/{name}.ipynb'):
        if wanted not in found: yield f'{name}: no link to {wanted} under the title'
    commands = page.eval_on_selector_all('.lit-open code', 'codes => codes.map(code => code.textContent)')
    for command in f'cs231n-lit course {name}', '%pip install':
        if not any(command in each for each in commands): yield f'{name}: {command!r} is not told under the title'


# --- each check sees its fault ------------------------------------------------------------------------------------

HEAD = {'cell_type': 'raw', 'source': '---\ntitle: A\ndescription: B\n---'}


def md(source): return {'cell_type': 'markdown', 'source': source}
def code(source, **data): return {'cell_type': 'code', 'source': source, 'outputs': [{'output_type': 'display_data', 'data': {k.replace('_', '/'): v for k, v in data.items()}}]}


PLANTED = {                                           # what is said of a page that is well but for this cell
    'no title': {**HEAD, 'source': '---\ntitle: A\n---'},
    'bytes': md('x' * 1_500_000),
    'raw directive': code('#| exports\nx = 1'),
    'an error': {**code('1 / 0'), 'outputs': [{'output_type': 'error', 'ename': 'ZeroDivisionError'}]},
    'widget without a page': {**code('w'), 'outputs': [{'output_type': 'display_data', 'data': {'application/vnd.jupyter.widget-view+json': {}}}]},
    'figure without alt text': code('plt.plot(x)', image_png='iVBORw0'),
    'no alt text': md('![](data:image/png;base64,iVBORw0)'),
    "no alt text: '<svg": code('draw()', text_html='<svg role="img" aria-label=""></svg>'),
    'outside resource: <img': md('![a](https://example.org/a.png)'),
    'outside resource: <link': md('<link rel="stylesheet" href="//example.org/a.css">'),
    'outside resource: <script': code('s', text_html='<script src="https://example.org/a.js"></script>'),
    'outside resource: <p style': code('s', text_html='<p style="background: url(https://example.org/a.png)">'),
    'outside resource: url(': code('s', text_html='<style>p {background: url("http://example.org/a.png")}</style>'),
    'outside resource in a script': code('s', text_html='<script>fetch("https://example.org/a.json")</script>'),
    'a link to 99_no.ipynb': md('[there](99_no.ipynb)'),
    'a link to notes.md': md('[there](notes.md)'),
    'no heading of 02_well': md('[there](02_well.ipynb#nowhere)'),
    'no heading of 01_ill': md('[here](#nowhere)'),
    'a link to #a--b': md('## A & B\n\n[GitHub alone](#a--b)'),
    f'a link to {SITE}well.html#no': md(f'[`no`]({SITE}well.html#no)'),
    "equations ['1.2']": md(r'$$x = 1 \tag{1.2}$$'),
    "equations ['1.1', '1.1']": md('$$x = 1 \\tag{1.1}$$\n\n$$x = 2 \\tag{1.1}$$'),
    '(1.3) is the number': md('as (1.3) says'),
    '(1.4) is the number': code('y = x  # (1.4)'),
    'not displayed': md(r'an inline $x \tag{1.1}$'),
    'no signature of f': code('show_doc(f)', text_markdown='### f\n\n*It is f.*'),
    'no summary of f': code('show_doc(f)', text_markdown='### f\n\n```python\ndef f():\n```'),
    'an address in memory': code('show_doc(f)', text_markdown='### f\n\n```python\ndef f(x:<A object at 0x7f>):\n```\n\n*It is f.*'),
    'a div of Quarto': md('::: {.callout-note}\nNote\n:::'),
    'an attribute of Quarto': md('## Layers {#sec-layers}'),
    'a shortcode': md('{{< video a.mp4 >}}'),
    'a callout of GitHub': md('> [!NOTE]\n> Note'),
    'a footnote': md('a fact[^1]'),
    'a citation': md('see @eq-loss'),
    'a dash': md('with --flags'),
    'a subscript': md('x^2^'),
    'a dollar': md('a half $x'),
    'an empty line before': md('A list:\n- one'),
    r'MathJax: Undefined control sequence \nosuch': md(r'$\nosuch$'),
    'MathJax: Missing close brace': md(r'$$\frac{1}{2$$'),
    'MathJax: Unknown environment': md(r'$$\begin{gathering} x \end{gathering}$$')}
WELL = [HEAD, md('## One *window*\n\n### A & B\n\n$$x = 1 \\tag{2.1}$$\n\n[up](#one-window), [here](02_well.ipynb), by (2.1), and [out](https://example.org); $\\hat{x}$ costs 2.5 (0.05) ~ 3'),
        code('#| fig-alt: A line.\nplt.plot(x)', image_png='iVBORw0'), code('show_doc(g)', text_markdown=f'### g\n\n```python\ndef g(\n    x, # input\n):\n```\n\n*See [g]({SITE}well.html#g).*'),
        code('s', text_html='<svg xmlns="http://www.w3.org/2000/svg" aria-label="a"></svg><script>const ns = "http://www.w3.org/2000/svg"</script>')]


def planted(mathjax):
    "The planted faults that are not seen, and what is said of a page that is well."
    for words, cell in PLANTED.items():
        pages = {'01_ill': Page('01_ill', [cell] if cell['cell_type'] == 'raw' else [HEAD, cell]), '02_well': Page('02_well', WELL)}
        told = [*faults(pages), *(f'01_ill: {fault}' for fault in read_alike(pages['01_ill'])), *typeset(pages, mathjax), *read_alike(pages['02_well'])]
        if not any(words in each for each in told): yield f'not seen: {words}; told instead: {told}'
        yield from (f'a false alarm: {each}' for each in told if not each.startswith('01_ill'))


def read(path): return Page(path.stem, json.loads(path.read_text(encoding='utf-8'))['cells'])


def main():
    warnings.simplefilter('ignore')
    folder = Path(proc_nbs(force=True))
    notebooks = {path.stem: read(path) for path in sorted(NBS.glob('[!_]*.ipynb'))}
    pages = {path.stem: read(path) for path in sorted(folder.glob('*.ipynb'))}
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path='/usr/bin/chromium', args=FLAGS).new_context(offline=True)
        mathjax, page = with_mathjax(browser.new_page()), browser.new_page()
        wrong = [*planted(mathjax), *faults(pages), *typeset(pages, mathjax), *configured(CONFIG, folder, pages)]
        wrong += [fault for name in pages for fault in opens(name, page)]
    wrong += [f'{name}: {fault}' for name, page in notebooks.items() for fault in read_alike(page)]
    wrong += [f'no page of {name}' for name in notebooks.keys() - pages.keys()]
    print('\n'.join(wrong) or f'told {len(pages)} pages as the site gets them, {sum(len(page.formulas) for page in pages.values())} formulas typeset, {len(PLANTED)} planted faults seen')
    return bool(wrong)


if __name__ == '__main__': sys.exit(main())
