"""What Quarto would be given: nbdev's own processing of every notebook, then a look at each page, with no Quarto.

A page has a title and a summary, at most 1.5 MB, no raw directive, no error, no widget without a page of its own, alt text for
every figure, image and drawing, no outside resource, no broken link or anchor, numbered equations in order, every reference
with its equation, and only formulas that MathJax typesets. The notebooks themselves hold no markup that one of Quarto,
JupyterLab and GitHub would read otherwise. Each check sees a fault that is planted for it.
"""
import json
import posixpath
import re
from collections import Counter
from importlib.metadata import distribution
from itertools import chain

import pytest
import yaml
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from common import NAMES, NBS, ROOT, cells, directive, names, none, number, read, sh

CONFIG = yaml.safe_load((ROOT / '_quarto.yml').read_text(encoding='utf-8'))
WEB = CONFIG['website']
SITE = WEB['site-url'].rstrip('/') + '/'
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


RAW = re.compile(r'(`{3,})\{=html\}\n(.*)\n\1\n', re.S)      # HTML as nbdev hands it to Quarto, which would load jQuery for an output of HTML


class Page:
    "A notebook, its Markdown as tokens, and all that it shows as HTML."
    def __init__(self, name, cells):
        self.name, self.cells = name, cells
        self.code = [cell for cell in cells if cell['cell_type'] == 'code']
        self.data = [{kind: ''.join(value) for kind, value in output.get('data', {}).items()} for cell in self.code for output in cell['outputs']]
        for data in self.data:
            if raw := RAW.fullmatch(data.get('text/markdown', '')): data.update({'text/html': raw[2], 'text/markdown': ''})
        markdown = [cell['source'] for cell in cells if cell['cell_type'] == 'markdown'] + [data['text/markdown'] for data in self.data if 'text/markdown' in data]
        self.tokens = [token for text in markdown for token in MARKDOWN.parse(text)]
        html = [*map(MARKDOWN.render, markdown), *(data[kind] for data in self.data for kind in ('text/html', 'image/svg+xml') if kind in data)]
        self.soup = BeautifulSoup('\n'.join(html), 'html.parser')
        self.anchors = {tag['id'] for tag in self.soup.find_all(id=True)} | set(headings(self.soup))
        parts = [part for token in self.tokens for part in [token, *(token.children or ())]]
        self.formulas = [(part.type != 'math_inline', part.content) for part in parts if part.type.startswith('math_')]      # displayed or not, TeX
        self.tags = [tag for display, formula in self.formulas if display for tag in re.findall(r'\\tag\*?\{(.*?)\}', formula)]
        self.prose = [''.join(child.content if child.type == 'text' else '\0' for child in token.children)       # a NUL for code, a formula or markup
                      for token in self.tokens if token.type == 'inline']


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

def form(page, pages):
    "Title, summary, weight, directives, errors, widgets."
    head = page.cells[0]['source']
    if not re.search(r'^title: .+', head, re.M) or not re.search(r'^description: .+', head, re.M): yield 'no title or no summary'
    weight = len(json.dumps(page.cells))
    if weight > 1_500_000: yield f'{weight} bytes'
    for cell in page.code:
        options = '\n'.join(line[2:] for line in cell['source'].splitlines() if line.startswith('#|'))
        try: whole = isinstance(yaml.safe_load(options) or {}, dict)
        except yaml.YAMLError: whole = False
        if not whole: yield f'a raw directive: {options!r}'
        yield from (f'an error: {output["ename"]}' for output in cell['outputs'] if output['output_type'] == 'error')
    if any('widget-view' in kind for data in page.data for kind in data if 'text/html' not in data): yield 'a widget without a page'


def seen_by_all(page, pages):
    "Alt text of figures, images and drawings."
    for cell in page.code:
        figure = any('image/png' in output.get('data', {}) for output in cell['outputs'])
        if figure and not directive(r'fig-alt: *\S', cell): yield f'a figure without alt text: {cell["source"][:60]!r}'
    for tag in page.soup.find_all(['img', 'svg']):
        hidden = tag.get('aria-hidden') == 'true' or tag.find_parent('svg')
        if not hidden and not (tag.get('alt') or tag.get('aria-label')): yield f'no alt text: {str(tag)[:80]!r}'


def self_contained(page, pages):
    "No outside resource; a link that the reader may follow is none."
    for tag in page.soup.find_all():
        for name, value in tag.attrs.items():
            if (tag.name, name) == ('a', 'href') or name.startswith('xmlns'): continue
            if re.search(r'^\s*(https?:)?//|url\(\s*["\']?(https?:)?//', str(value)): yield f'an outside resource: <{tag.name} {name}="{str(value)[:80]}">'
        if tag.name == 'style' and (found := re.search(r'url\(\s*["\']?(https?:)?//[^)]*|@import.*', tag.text)): yield f'an outside resource: {found[0]}'
        if tag.name == 'script' and (found := re.search(r'https?://(?!www\.w3\.org/)[^\s"\']*', tag.text)): yield f'an outside resource in a script: {found[0]}'


def links(page, pages):
    "Every link of a page into the site has its page, and its anchor there."
    files = {file: name for name in pages for file in (f'{name}.ipynb', re.sub(r'^\d+[a-z]?_', '', name) + '.html')}
    for tag in page.soup.find_all('a', href=True):
        path, _, anchor = tag['href'].partition('#')
        here = posixpath.normpath(posixpath.join(posixpath.dirname(page.name), path))
        name = page.name if not path else files.get(path.removeprefix(SITE) if path.startswith(SITE) else here)
        if name is None and re.match(r'(https?|mailto):', path) and not path.startswith(SITE): continue
        if name is None: yield f'a link to {path}, which is not there'
        elif anchor and anchor not in pages[name].anchors: yield f'a link to {tag["href"]}: no heading of {name} has that anchor'


def equations(page, pages):
    "Those of 15_conv are (15.1), (15.2), ..., those of engine/conv (conv.1), ...; what prose or a comment refers to is there; elsewhere (0.9) is a number."
    mine = number(page.name)
    if page.tags != (wanted := [f'{mine}.{k}' for k in range(1, len(page.tags) + 1)]): yield f'equations {page.tags}, wanted {wanted}'
    if any(r'\tag' in formula for display, formula in page.formulas if not display): yield 'a number on a formula that is not displayed'
    known = {tag for other in pages.values() for tag in other.tags}
    comments = [line.partition('# ')[2] for cell in page.code for line in cell['source'].splitlines()]
    referred = re.findall(rf'\(((?:\d+|{"|".join(map(number, pages))})\.[1-9]\d*)\)', '\n'.join(page.prose + comments))
    yield from (f'({tag}) is the number of no equation' for tag in referred if tag not in known and (mine == '0' or not tag.startswith('0.')))


def docs(page, pages):
    "Each documented function has its name as a heading, its signature and its summary, and says nothing about this machine's memory."
    for cell in page.code:
        call = re.search(r'^show_doc\((\w+(?:\.\w+)*)', cell['source'], re.M)
        if not call: continue
        shown = '\n'.join(''.join(output.get('data', {}).get('text/markdown', '')) for output in cell['outputs'])
        signature = re.search(r'^(```python\n(?:def|class) .*?^```|\|.*\|$)', shown, re.M | re.S)
        if not re.search(r'^#+ ', shown, re.M) or not signature: yield f'no signature of {call[1]}'
        if not re.search(r'^\*.+\*$', shown, re.M): yield f'no summary of {call[1]}'
        if re.search(r'<.+? object at 0x\w+>', shown): yield f'an address in memory in the signature of {call[1]}'


def read_alike(page, pages):
    "Nothing in a notebook's prose that Quarto, JupyterLab and GitHub would read in different ways."
    for prose in page.prose:
        for pattern, what in OTHERWISE.items():
            if found := re.search(pattern, prose): yield f'{what}: {prose[max(0, found.start() - 30):found.end() + 20]!r}'
    for source in (cell['source'] for cell in page.cells if cell['cell_type'] == 'markdown'):
        lines = source.splitlines()
        for token in MARKDOWN.parse(source):
            block = token.level == 0 and re.match(r'(bullet_list|ordered_list|blockquote|heading|table)_open', token.type)
            if block and token.map[0] and not re.match(r'#|\s*$', lines[token.map[0] - 1]): yield f'Quarto wants an empty line before {lines[token.map[0]][:60]!r}'


def typeset(page, pages, mathjax):
    "MathJax sets every formula."
    errors = mathjax.evaluate('''formulas => formulas.map(([display, tex]) => {
        try { MathJax.tex2chtml(tex, {display}); } catch (error) { return error.message; }
    })''', page.formulas)
    return [f'MathJax: {error}: {tex.strip()!r}' for (_, tex), error in zip(page.formulas, errors) if error]


CHECKS = form, seen_by_all, self_contained, docs, links, equations


@pytest.fixture(scope='module')
def mathjax(browser):
    "A browser's page with MathJax in it, which throws what it cannot typeset; so is an undefined macro."
    page = browser.new_context(offline=True).new_page()
    page.set_content('<p>')
    page.evaluate('''() => window.MathJax = {startup: {typeset: false},
        tex: {packages: {'[-]': ['noerrors', 'noundefined']}, formatError: (jax, error) => { throw error; }}}''')
    page.add_script_tag(path=str(MATHJAX))
    page.evaluate('MathJax.startup.promise')
    return page


@pytest.fixture(scope='module')
def processed():
    "Every page as nbdev hands it to Quarto."
    folder = ROOT / sh('python -c "from nbdev.serve import proc_nbs; print(proc_nbs(force=True))"').split()[-1]
    return {name: Page(name, read(folder / f'{name}.ipynb')) for name in names(folder)}


def everywhere(check, pages, *more): none(f'{name}: {fault}' for name, page in pages.items() for fault in check(page, pages, *more))


@pytest.mark.parametrize('check', CHECKS)
def test_pages(check, processed): everywhere(check, processed)


def test_formulas(processed, mathjax): everywhere(typeset, processed, mathjax)


def test_notebooks_are_read_alike(): everywhere(read_alike, {name: Page(name, cells(name)) for name in NAMES})


# --- what the site must be ----------------------------------------------------------------------------------------

def hrefs(item):
    "Each file that the configuration of the site names, wherever it stands."
    if isinstance(item, str): return [item] if re.search(r'^[^:]+\.(ipynb|svg|png|html)$', item) else []
    return [found for part in (item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()) for found in hrefs(part)]


def test_configuration():
    "Every file that _quarto.yml names is there, and its sidebar names every page once."
    none(f'_quarto.yml names {href}, which is not there' for href in hrefs(CONFIG) if not (NBS / href).exists())
    assert sorted(hrefs(WEB['sidebar'])) == sorted(f'{name}.ipynb' for name in NAMES)
    card = (NBS / WEB['open-graph']['image']).read_bytes()
    assert (int.from_bytes(card[16:20], 'big'), int.from_bytes(card[20:24], 'big')) == (1200, 630)      # width and height stand in a PNG's first chunk
    assert len(card) <= 200_000


PAGE = ('<!doctype html><meta charset=utf-8>{head}<main><header id="title-block-header"></header>{body}</main>'
        '<nav><a href="{source}">View source</a></nav>')         # as far as open-in.html looks at a page of Quarto's


@pytest.mark.parametrize('name', ['index', '15_conv', 'engine/conv'])
def test_the_line_under_a_title_opens_the_notebook(name, page):
    page.context.set_offline(True)
    source, repo = f'{WEB["repo-url"]}/blob/{WEB["repo-branch"]}/{WEB["repo-subdir"]}/{name}.ipynb', WEB['repo-url'].removeprefix('https://github.com/')
    page.set_content(PAGE.format(head=(NBS / 'open-in.html').read_text(encoding='utf-8'), source=source, body=''))
    offered = page.eval_on_selector_all('#title-block-header .lit-open a', 'links => links.map(a => a.href)')
    assert {f'https://colab.research.google.com/github/{repo}/blob/main/nbs/{name}.ipynb', source,
            f'https://mybinder.org/v2/gh/{repo}/main?urlpath=lab/tree/nbs/{name}.ipynb'} <= set(offered)
    commands = '\n'.join(page.eval_on_selector_all('.lit-open code', 'codes => codes.map(code => code.textContent)'))
    assert re.search(rf'^cs231n-lit course {name}$', commands, re.M) and '%pip install' in commands


FOLDED = '''<div class="cell"><details class="code-fold"><summary>Solution 1</summary><div class="sourceCode cell-code"><pre><code>x</code></pre></div></details>
<div class="cell-output cell-output-stdout"><pre><code>the answer</code></pre></div><div class="cell-output cell-output-display"><p>a picture</p></div></div>
<p><span class="math display">\\[x = 1 \\tag{15.2}\\]</span> by <a href="14_windows.html">(14.3)</a>, <a href="https://example.org/a.html">(1.5)</a></p>'''


def test_a_fold_hides_what_it_prints_and_a_reference_leads_to_its_equation(page, tmp_path):
    "As Quarto builds a folded cell and a formula; here with no MathJax."
    path = tmp_path / 'page.html'
    path.write_text(PAGE.format(head=(NBS / 'open-in.html').read_text(encoding='utf-8'), source='', body=FOLDED), encoding='utf-8')
    page.goto(path.as_uri())
    outputs = page.locator('.cell-output').all()
    assert len(outputs) == 2 and not any(output.is_visible() for output in outputs)
    page.locator('details.code-fold summary').click()
    assert all(output.is_visible() for output in outputs)
    assert page.locator('#eq-15\\.2').count() == 1
    assert page.eval_on_selector_all('main > p a', 'links => links.map(a => a.getAttribute("href").split("/").pop())') == ['14_windows.html#eq-14.3', 'a.html']


def test_quarto_is_given_no_output_of_html(processed):
    "It would load require.js and jQuery for one; and no option is told twice, as `code-fold` would be by nbdev's own `add_fold`."
    none(f'{name}: an output of HTML' for name in processed for cell in processed[name].code for output in cell['outputs'] if 'text/html' in output.get('data', {}))
    options = {(name, i): re.findall(r'^#\|\s*([\w-]+):', cell['source'], re.M) for name in processed for i, cell in enumerate(processed[name].code)}
    none(f'{name}, code cell {i}: {told}' for (name, i), told in options.items() if len(told) > len(set(told)))


# --- each check sees its fault ------------------------------------------------------------------------------------

HEAD = {'cell_type': 'raw', 'source': '---\ntitle: A\ndescription: B\n---'}


def md(source): return {'cell_type': 'markdown', 'source': source}
def code(source, **data): return {'cell_type': 'code', 'source': source, 'outputs': [{'output_type': 'display_data', 'data': {k.replace('_', '/'): v for k, v in data.items()}}]}


PLANTED = {                                           # what is said of a page that is well but for this cell
    'no title': {**HEAD, 'source': '---\ntitle: A\n---'},
    'bytes': md('x' * 1_500_000),
    'raw directive': code('#| exports\nx = 1'),
    'raw directive: \' A label': code('#| A label\n#| code-fold: true\nx = 1'),
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
    'a link to ../02_well.ipynb': md('[there](../02_well.ipynb)'),
    'a link to deep.ipynb': md('[there](deep.ipynb)'),
    'a link to notes.md': md('[there](notes.md)'),
    'no heading of 02_well': md('[there](02_well.ipynb#nowhere)'),
    'no heading of 01_ill': md('[here](#nowhere)'),
    'a link to #a--b': md('## A & B\n\n[GitHub alone](#a--b)'),
    f'a link to {SITE}well.html#no': md(f'[`no`]({SITE}well.html#no)'),
    f'a link to {SITE}no.html': md(f'[`no`]({SITE}no.html)'),
    "equations ['1.2']": md(r'$$x = 1 \tag{1.2}$$'),
    "equations ['1.1', '1.1']": md('$$x = 1 \\tag{1.1}$$\n\n$$x = 2 \\tag{1.1}$$'),
    '(1.3) is the number': md('as (1.3) says'),
    '(1.4) is the number': code('y = x  # (1.4)'),
    '(deep.2) is the number': md('as (deep.2) says'),
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
WELL = [HEAD, md('## One *window*\n\n### A & B\n\n$$x = 1 \\tag{2.1}$$\n\n[up](#one-window), [here](02_well.ipynb), [down](engine/deep.ipynb#up), by (2.1) and (deep.1), '
                 'and [out](https://example.org); $\\hat{x}$ costs 2.5 (0.05) ~ 3'),
        code('#| fig-alt: A line.\nplt.plot(x)', image_png='iVBORw0'), code('show_doc(g)', text_markdown=f'### g\n\n```python\ndef g(\n    x, # input\n):\n```\n\n*See [g]({SITE}well.html#g).*'),
        code('s', text_html='<svg xmlns="http://www.w3.org/2000/svg" aria-label="a"></svg><script>const ns = "http://www.w3.org/2000/svg"</script>')]
DEEP = [HEAD, md(f'# Up\n\n$$x = 1 \\tag{{deep.1}}$$\n\n[up](../02_well.ipynb#one-window), [here](deep.ipynb), [there]({SITE}engine/deep.html#up), by (2.1)')]


def told(name, cell, mathjax):
    "What is said of one of three pages when the cell is in the first."
    pages = {'01_ill': Page('01_ill', [cell] if cell['cell_type'] == 'raw' else [HEAD, cell]), '02_well': Page('02_well', WELL), 'engine/deep': Page('engine/deep', DEEP)}
    return [*chain(*(check(pages[name], pages) for check in (*CHECKS, read_alike))), *typeset(pages[name], pages, mathjax)]


@pytest.mark.parametrize('fault', PLANTED)
def test_a_planted_fault_is_seen(fault, mathjax):
    said = told('01_ill', PLANTED[fault], mathjax)
    assert any(fault in each for each in said), said


@pytest.mark.parametrize('name', ['01_ill', '02_well', 'engine/deep'])
def test_nothing_is_said_of_a_good_page(name, mathjax): none(told(name, md('Well.'), mathjax))
