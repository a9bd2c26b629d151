"""The exercise edition: it asks for all that `check` knows, gives nothing away, scores nothing until something is written, and never overwrites."""
import ast
import json

import nbformat
import pytest

from common import NBS, cells, none

from cs231n_lit.around.check import TASKS, _run_cells, check, judge_apart
from cs231n_lit.around.cli import copy_notebooks, notebooks
from cs231n_lit.around.teachers import PARTS, _definitions, _parts, exercise_edition, exercises, graft

PAGES = sorted({task.page for task in TASKS.values()})
PLUMBING = {   # private helpers that stay: they read arguments and keep books, and no answer is in them
    '_averaged', '_scores_and_labels', '_check_keep', '_places', '_sizes', '_as_list', '_averages', '_shapes', '_check_image'}


def page(name): return json.loads((NBS / f'{name}.ipynb').read_text(encoding='utf-8'))


def states(made, names, folder):
    "What `check` says of each function on a page, each by itself."
    file = folder / 'page.ipynb'
    file.write_text(json.dumps(made), encoding='utf-8')
    found = _run_cells(file)
    return {name: check(name, found[name]).state for name in names}


@pytest.mark.parametrize('name', PAGES)
def test_a_fresh_page_scores_nothing_and_with_the_solutions_everything(name, tmp_path):
    ours = page(name)
    names, fresh = exercises(ours), exercise_edition(ours)
    nbformat.validate(nbformat.from_dict(fresh))
    assert sorted(names) == sorted(task.name for task in TASKS.values() if task.page == name)
    assert states(fresh, names, tmp_path) == dict.fromkeys(names, 'not written yet')
    assert states(graft(fresh, ours, names), names, tmp_path) == dict.fromkeys(names, 'right')


def test_below_a_mark_the_learners_own_line_is_shown(tmp_path):
    made = exercise_edition(page('15_conv'))
    cell, = (cell for cell in made['cells'] if 'def conv_forward_naive' in ''.join(cell['source']) and cell['cell_type'] == 'code')
    source = ''.join(cell['source'])
    assert '@in_slices' in source
    cell['source'] = source.replace("raise NotImplementedError('yours to write')", "return x @ conv_param['nothing']")
    file = tmp_path / '15_conv.ipynb'
    file.write_text(json.dumps(made), encoding='utf-8')
    case, line = check(_run_cells(file)['conv_forward_naive']).case, "return x @ conv_param['nothing']"
    assert case.line.endswith(line) and judge_apart(file, 'conv_forward_naive')['case']['line'].endswith(line)


@pytest.mark.parametrize('name', PAGES)
def test_no_private_helper_gives_an_answer_away(name):
    nodes = {node.name: node for cell in cells(name) if '#| export' in cell['source'] for node in _definitions(cell)}
    names = exercises({'cells': cells(name)})
    called = {part.id for each in {*names, *_parts(names)} for part in ast.walk(nodes[each]) if isinstance(part, ast.Name)}
    private = {each for each in called & nodes.keys() if each.startswith('_')}
    none(f'{each} is neither among PARTS nor plumbing' for each in private - {*_parts(names)} - PLUMBING)
    none(f'{each} is not used on its page' for name in names for each in PARTS.get(name, ()) if each not in called | {name})


def test_what_is_written_is_never_overwritten(tmp_path, capsys):
    folder = copy_notebooks(notebooks(), tmp_path, write=True)
    mine, gone = {}, [folder / f'{name}.ipynb' for name in PAGES[::2]]
    for name in PAGES[1::2]:
        file = folder / f'{name}.ipynb'
        file.write_text(file.read_text(encoding='utf-8').replace('yours to write', 'mine, half done'), encoding='utf-8')
        mine[file] = file.read_bytes()
    for file in gone: file.unlink()
    assert capsys.readouterr().out == ''
    copy_notebooks(notebooks(), tmp_path, write=True)
    assert {file: file.read_bytes() for file in mine} == mine and all(file.exists() for file in gone)
    assert capsys.readouterr().out.count('kept as they are') == 1
    copy_notebooks(notebooks(), tmp_path)                            # not by the course's own pages, either
    assert {file: file.read_bytes() for file in mine} == mine
