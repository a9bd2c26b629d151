"""The library as it stands in the tree: compiled, typed, light to import, and quick to learn digits."""
import ast
import importlib
import inspect
import re
import sys

import numpy as np
import pytest

from common import LIBRARY, ROOT, SETTINGS, none, sh

from cs231n_lit.ground.twins import _TWINS

KERNELS = SETTINGS['kernels'].split()
MODULES = ['.'.join(path.relative_to(LIBRARY).with_suffix('').parts) for path in sorted(LIBRARY.rglob('[!_]*.py'))]


def module(name): return importlib.import_module(f'cs231n_lit.{name}')


@pytest.mark.parametrize('name', KERNELS)
def test_compiled(name):
    assert module(name).__file__.endswith(('.so', '.pyd')) and module(name).compiled, f'{module(name).__file__}: run .ci/dev'


# --- types --------------------------------------------------------------------------------------------------------

def bare(source):
    "What lacks an annotation: public functions, and public methods of public classes, of a module. (A twin has its layer's.)"
    for name in source.__all__:
        thing = getattr(source, name)
        if _TWINS.get(name) is thing: continue
        for method, f in vars(thing).items() if inspect.isclass(thing) else [('', thing)]:
            if not inspect.isfunction(f) or method[:1] == '_' and method != '__init__': continue
            wanted = {*inspect.signature(f).parameters, 'return'} - ({'self'} if method else set()) - ({'return'} if method == '__init__' else set())
            if lost := wanted - inspect.get_annotations(f).keys(): yield f'{name} {method} has no annotation for {", ".join(sorted(lost))}'


@pytest.mark.parametrize('name', [name for name in MODULES if name not in KERNELS])           # there an annotation is a C type
def test_public_names_are_annotated_and_its_own(name):
    source = module(name)
    none(bare(source))
    things = [getattr(source, name) for name in source.__all__]
    none(f'__all__ has {thing.__name__}' for thing in things if inspect.ismodule(thing) or inspect.isfunction(thing) and thing.__module__ != source.__name__)


def test_the_package_lists_all_that_it_imports():
    body = ast.parse((LIBRARY / '__init__.py').read_text(encoding='utf-8')).body
    nodes = [node for statement in body for node in (statement.body if isinstance(statement, ast.Try) else [statement]) if isinstance(node, ast.ImportFrom)]
    imported = [name for node in nodes for alias in node.names for name in (module(node.module).__all__ if alias.name == '*' else [alias.name])]
    assert sorted(importlib.import_module('cs231n_lit').__all__) == sorted(set(imported))


def test_mypy(): sh(f'{sys.executable} -m mypy')


def test_a_user_gets_what_is_promised():
    sh(f'{sys.executable} .ci/typed_use.py', PYTHONPATH=str(ROOT))
    sh(f'{sys.executable} -m mypy --strict --config-file= --cache-dir=build/mypy-use --follow-imports=silent .ci/typed_use.py')
    assert (LIBRARY / 'py.typed').exists()


# --- how light ----------------------------------------------------------------------------------------------------

SMALL = {'base64', 'binascii', 'copy', 'fcntl', 'resource', 'threading', 'zlib'}      # of the standard library, some of them NumPy's own in other versions


def test_import_is_light():
    "Beside NumPy and its own modules it imports a few small ones. (How long it takes, a benchmark says: around/bench.)"
    def modules(name): return {*sh(f'{sys.executable} -c "import sys, {name}; print(*sys.modules)"').split()}
    beside = {name.split('.')[0] for name in modules('cs231n_lit') - modules('numpy')} - {'cs231n_lit', 'cython_runtime'}
    assert {name for name in beside if not name.startswith('_')} <= SMALL


def test_train_reads_digits(tmp_path):
    said = sh(f'cs231n-lit train --out {tmp_path}/run')
    assert float(re.search(r'test accuracy (\d\.\d+)', said)[1]) >= 0.95
    saved = {path.name: path.stat().st_size for path in (tmp_path / 'run' / 'last').iterdir()}
    assert saved.keys() == {'command.txt', 'curves.png', 'weights.png', 'weights.npz'} and all(saved.values())


# --- misuse: whatever is wrong with a cache is said of the cache --------------------------------------------------

WAYS_BACK = [name for name in importlib.import_module('cs231n_lit').__all__ if 'backward' in name]
NO_CACHES = [None, 'cache', 3, np.zeros(()), np.zeros((2, 3)), [], {}, (), (1, 2), (None,) * 3, (1, 2, 3, 4, 5), ((), (), (), (), (), ())]


@pytest.mark.parametrize('plain', [False, True])
@pytest.mark.parametrize('name', WAYS_BACK)
def test_no_cache_is_refused_by_name(name, plain):
    backward = getattr(importlib.import_module('cs231n_lit'), name)
    if plain: backward = getattr(backward, 'plain', backward)
    for cache in NO_CACHES:
        with pytest.raises(TypeError, match=r'^cache must be what \w+_forward\w* returns beside out, got '): backward(np.zeros((2, 3)), cache)


# --- a limit of memory ends no process ------------------------------------------------------------------------------

ROOM = """
import resource, numpy as np, cs231n_lit as c
c.set_num_threads(1000)
with open('/proc/self/statm') as pages: used = int(pages.read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + {0} * 2**20,) * 2)
x, w, g = np.ones((300, 8, 32, 32)), np.ones((8, 8, 5, 5)), np.ones((1200, 1200))
try:
    for forward, backward, args in (
        (c.conv_forward_fast, c.conv_backward_fast, (x, w, np.ones(8), dict(stride=1, pad=2))), (c.affine_forward, c.affine_backward, (g, g, g[0])),
        (c.max_pool_forward_fast, c.max_pool_backward_fast, (x, dict(pool_height=2, pool_width=2, stride=2)))): backward(*forward(*args))
except MemoryError: pass
print('alive')
"""


@pytest.mark.skipif(sys.platform != 'linux', reason='only there stacks count')
@pytest.mark.parametrize('megabytes', [150, 300, 1000])
def test_a_thousand_threads_in_little_memory(megabytes):
    assert 'alive' in sh(f'{sys.executable} -c "{ROOM.format(megabytes)}"', OPENBLAS_NUM_THREADS='1')


# --- a number is taken for what it is, of whatever type -----------------------------------------------------------

def kept(cls, *args, **options): return [w.shape for w in cls(*args, seed=0, **options).params.values()]


def test_small_integers_do_not_wrap():
    "np.int8(100) + np.int8(100) is -56; and what is too large for any machine is refused by name, or leads beyond every image."
    c, x, n = importlib.import_module('cs231n_lit'), np.arange(2. * 100 * 3 * 3).reshape(2, 100, 3, 3), np.int8(100)
    ones = np.ones(100)
    for make in (lambda n: [c.get_digits_data(n, n, n)['X_train'].shape], lambda n: [c.spatial_groupnorm_forward(x, ones, ones, n // 100, {})[0].sum()],
                 lambda n: [c.visualize_grid(np.ones((20, 32, 32, 1)), padding=n // 100).shape], lambda n: c.get_im2col_indices((n, n, n, n), 3, 3),
                 lambda n: [c.col2im_cython(c.im2col_cython(x, 3, 3, 1, 1), 2, n, n // 33, n // 33, n // 33, 3, 1, 1)],
                 lambda n: kept(c.FullyConnectedNet, [n, n], n, n), lambda n: kept(c.ThreeLayerConvNet, (n, 8, 8), n, 3, n, n), lambda n: kept(c.ResidualNet, (1, 8, 8), n, [n])):
        assert all(map(np.array_equal, make(n), make(100)))
    for forward in c.conv_forward_naive, c.conv_forward_fast, c.conv_forward_im2col, c.conv_forward_strides:
        for step in 10**400, 2**62, n: assert np.array_equal(forward(x, x, np.ones(2), {'stride': step, 'pad': 1})[0], forward(x, x, np.ones(2), {'stride': 9, 'pad': 1})[0])
    for step in 10**400, 2**62, n: assert c.max_pool_forward_fast(x, {'pool_height': 2, 'pool_width': 2, 'stride': step})[0].shape[2:] == (1, 1)
    w, huge = np.ones(3), 10**5000
    for name, misuse in dict(t=lambda: c.adam(w, w, {'t': huge}), pad=lambda: c.conv_forward(x, x, np.ones(2), {'stride': 1, 'pad': huge}), input_dim=lambda: c.ResidualNet((huge, 8, 8)),
                             num_filters=lambda: c.ResidualNet(num_filters=np.array(3)), batch_size=lambda: c.Solver(c.TwoLayerNet(9, 3, 2), dict(X_train=w, y_train=[0] * 3, X_val=w, y_val=[0] * 3), batch_size=huge),
                             seed=lambda: c.check_grads(c.relu_forward, c.relu_backward, w, seed=-1), reg=lambda: c.TwoLayerNet(reg=huge)).items():
        with pytest.raises((TypeError, ValueError), match=f'^{name} '): misuse()


# --- a cache of another layer is used rightly, or refused by name -------------------------------------------------

def layers_of(n):
    "Every layer that returns a cache, as forward, and arguments of `n` everywhere, so that little tells one's cache from another's."
    c, rng = importlib.import_module('cs231n_lit'), np.random.default_rng(n)
    image, w, x, b = (rng.standard_normal(sizes) for sizes in ((n, n, n, n), (n, n, 1, 1), (n, n), n))
    conv, pool, batch = {'stride': 1, 'pad': 0}, {'pool_height': 1, 'pool_width': 1, 'stride': 1}, {'mode': 'train'}
    given = {'conv_relu_pool_forward': (image, w, b, conv, pool), 'conv_bn_relu_forward': (image, w, b, b, b, conv, batch), 'conv_norm_forward': (image, w, b, b, batch),
             'residual_forward': (image, (w, b, b, batch), (w, b, b, batch)), 'spatial_batchnorm_forward': (image, b, b, batch), 'spatial_groupnorm_forward': (image, b, b, n, {}),
             'batchnorm_forward': (x, b, b, batch), 'layernorm_forward': (x, b, b, {}), 'generic_forward': (x, x, b, b, b, batch), 'relu_forward': (image,),
             'dropout_forward': (image, {'mode': 'train', 'p': .5}), 'global_average_forward': (image,), 'affine_forward': (x, x, b), 'affine_relu_forward': (x, x, b)}
    for name in c.__all__:
        if 'forward' not in name: continue
        args = given.get(name) or ((image, pool) if 'pool' in name else (image, w, b, conv))
        for forward in {getattr(c, name), getattr(getattr(c, name), 'plain', getattr(c, name))}: yield name, forward(*args)


def flat(grads): return [a for part in (grads if isinstance(grads, (tuple, list)) else [grads]) for a in (flat(part) if isinstance(part, (tuple, list)) else [part])]


@pytest.mark.parametrize('n', [1, 2, 4])
def test_a_cache_of_another_layer(n):
    c, refused = importlib.import_module('cs231n_lit'), 0
    for name, (out, cache) in layers_of(n):
        dout = np.random.default_rng(0).standard_normal(out.shape)
        right = flat(getattr(c, name.replace('forward', 'backward'))(dout, cache))
        for other in WAYS_BACK:
            try: theirs = flat(getattr(c, other)(dout, cache))
            except TypeError as error:
                assert str(error).startswith('cache must be '), f'{other} of a cache of {name}: {error}'
                refused += 1
                continue
            assert len(theirs) == len(right), f'{other} of a cache of {name}'
            assert all(ours is a or np.allclose(ours, a, atol=1e-9) for ours, a in zip(right, theirs)), f'{other} of a cache of {name}'
    assert refused > 500


# --- help says what the source says beside a name -----------------------------------------------------------------

def untold(name):
    "What `help` does not say of a public name: an argument, what comes back, or the page on which it is derived."
    thing = getattr(importlib.import_module('cs231n_lit'), name)
    said, signature = inspect.getdoc(thing) or '', inspect.signature(thing)
    for argument, how in signature.parameters.items():
        if how.kind is not how.VAR_KEYWORD and not re.search(rf'(^|, ){argument}(,|:)|`{argument}`', said, re.M): yield f'{name}: nothing of {argument}'
    if inspect.isfunction(thing) and signature.parameters and signature.return_annotation is not None and not re.search('^returns: ', said, re.M): yield f'{name}: nothing of what it returns'
    if not re.search(r'^Page \w', said, re.M): yield f'{name}: no page'


def test_help_tells_shapes():
    c = importlib.import_module('cs231n_lit')
    none(line for name in c.__all__ if callable(getattr(c, name)) for line in untold(name))
    for line in 'x: (N, C, H, W) images', "returns: out (N, F, H', W'), cache", 'Page 15_conv, (15.1).': assert line in inspect.getdoc(c.conv_forward).splitlines()
