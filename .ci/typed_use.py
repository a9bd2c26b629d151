"""The library as a user has it: test_library.py and test_package.py type-check these lines strictly, and run them.

`assert_type(value, T)` fails a type checker where T is not exactly what the annotations promise, and a run where the value is no T.
A line with `type: ignore` is a mistake that the annotations must catch: where they do not, the comment is an error itself.
"""
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_origin

import numpy as np

import cs231n_lit
from cs231n_lit import *
from cs231n_lit.engine.plan import aligned
from cs231n_lit.ground.checkpoint import save_tree

if TYPE_CHECKING: from typing_extensions import assert_type
else:
    def assert_type(value, kind): assert isinstance(value, get_origin(kind) or kind), f'{type(value)} is no {kind}'

Grads = dict[str, np.ndarray]
rng = np.random.default_rng(0)

# layers: what comes back from each pair
x, w, b = rng.standard_normal((2, 3, 4, 4)), rng.standard_normal((5, 3, 3, 3)), [0, 1, 2, 3, 4]
conv_param, pool_param = {'stride': 1, 'pad': 1}, {'pool_height': 2, 'pool_width': 2, 'stride': 2}
out, cache = conv_forward(x, w, b, conv_param)
assert_type(out, np.ndarray)
assert_type(conv_backward(out, cache), tuple[np.ndarray, np.ndarray, np.ndarray])
fast, fast_cache = conv_forward_fast(x, w, b, {'stride': (1, 2), 'pad': 1})
_, dw, db = conv_backward_fast(fast, fast_cache, need_dx=False)
assert_type(dw, np.ndarray)
pooled, pool_cache = max_pool_forward(out, pool_param)
assert_type(max_pool_backward(pooled, pool_cache), np.ndarray)
means, mean_cache = avg_pool_forward(out, pool_param)
assert_type(avg_pool_backward(means, mean_cache), np.ndarray)
assert_type(relu_forward([[-1., 2]])[0], np.ndarray)
affine, affine_cache = affine_forward(x, np.ones((48, 2)), [0, 0])
dx, dw, db = affine_backward(affine, affine_cache)
assert_type(db, np.ndarray)
bn_param: dict[str, Any] = {'mode': 'train'}
normed, bn_cache = batchnorm_forward(np.eye(4), np.ones(4), np.zeros(4), bn_param)
assert_type(batchnorm_backward_alt(normed, bn_cache), tuple[np.ndarray, np.ndarray, np.ndarray])
assert_type(layernorm_forward(np.eye(4), np.ones(4), np.zeros(4), {})[0], np.ndarray)
assert_type(dropout_forward(np.eye(4), {'mode': 'train', 'p': .5, 'seed': 0})[0], np.ndarray)
assert_type(spatial_groupnorm_forward(x, np.ones(3), np.zeros(3), 3, {})[0], np.ndarray)
assert_type(conv_relu_pool_forward(x, w, b, conv_param, pool_param)[0], np.ndarray)
assert_type(softmax_loss([[1., 2]], [1]), tuple[float, np.ndarray])
assert_type(windows(x, 3, 3, (1, 2)), np.ndarray)
assert_type(out_shape((4, 4), (3, 3), 1), tuple[int, int])
assert_type(visualize_grid(rng.random((4, 2, 2, 3))), np.ndarray)
assert_type(aligned((3, 4), np.float32), np.ndarray)
assert_type(rel_error(out, fast[:0].sum() + out), float)
assert_type(check_grads(affine_forward, affine_backward, np.eye(2), np.eye(2), np.ones(2)), float)

# optimisers, data, files
assert_type(adam(w, w), tuple[np.ndarray, dict[str, Any]])
assert_type(sgd(w, w, {'learning_rate': 1e-2}), tuple[np.ndarray, dict[str, Any]])
data = get_digits_data(num_training=200)
assert_type(data, dict[str, np.ndarray])

# nets and the solver, as README has them
model = TwoLayerNet(input_dim=64, hidden_dim=100, num_classes=10, weight_scale=5e-2, reg=1e-4, seed=0, dtype=np.float32)
X, y = data['X_train'], data['y_train']
assert_type(model.loss(X), np.ndarray)
assert_type(model.loss(X, y), tuple[float, Grads])
assert_type(model.params, Grads)
solver = Solver(model, data, update_rule='adam', optim_config={'learning_rate': 2e-3}, num_epochs=1, batch_size=50, verbose=False, seed=0)
solver.train()
assert_type(solver.check_accuracy(data['X_test'], data['y_test']), float)
assert_type(solver.loss_history, list[float])
assert_type(solver.best_params, Grads)
assert_type(solver.iteration, int)
deep = FullyConnectedNet([20, 20], input_dim=64, normalization='batchnorm', dropout_keep_ratio=.5, seed=0)
assert_type(deep.loss(X), np.ndarray)
assert_type(deep.loss(X, y)[1], Grads)
assert_type(deep.state(), dict[str, Any])
convnet = ThreeLayerConvNet(input_dim=(1, 8, 8), filter_size=3, seed=0)
assert_type(convnet.loss(X), np.ndarray)
assert_type(convnet.loss(X, y), tuple[float, Grads])
assert_type(cs231n_lit.__version__, str)

# mistakes, which must be seen without a run
if TYPE_CHECKING:
    conv_forward(x, w, conv_param, b)                           # type: ignore[arg-type]
    conv_forward(x, w, b)                                       # type: ignore[call-arg]
    conv_backward(out, cache)[3]                                # type: ignore[misc]
    affine_forward(x, w, None)                                  # type: ignore[arg-type]
    softmax_loss(x, y) + 1                                      # type: ignore[operator]
    windows(x, 3, 3, stride='2')                                # type: ignore[arg-type]
    spatial_groupnorm_forward(x, b, b, '3', {})                 # type: ignore[arg-type]
    adam(w, w, 1e-3)                                            # type: ignore[arg-type]
    loss, grads = model.loss(X, y)
    loss['W1']                                                  # type: ignore[index]
    TwoLayerNet(64, '100')                                      # type: ignore[arg-type]
    Solver(model, [X, y])                                       # type: ignore[arg-type]
    Solver(model, data, num_epochs='3')                         # type: ignore[arg-type]
    solver.loss_history.append('0.1')                           # type: ignore[arg-type]
    solver.train(10)                                            # type: ignore[call-arg]
    load_CIFAR10(root=3)                                        # type: ignore[arg-type]
    save_tree(Path('a.npz'), [1, 2])                            # type: ignore[arg-type]
