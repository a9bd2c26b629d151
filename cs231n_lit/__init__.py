"""Every layer of a first deep-learning course, derived, written and tested inside a notebook."""
__version__ = "0.1.0"

from .affine import affine_forward, affine_backward
from .batchnorm import batchnorm_forward, batchnorm_backward, batchnorm_backward_alt
from .conv import conv_forward_naive, conv_forward, conv_backward, conv_backward_naive
from .convnet import ThreeLayerConvNet
from .data import get_digits_data, get_fashion_data, get_CIFAR10_data
from .dropout import dropout_forward, dropout_backward
from .fast import (
    conv_forward_fast, conv_backward_fast, max_pool_forward_fast, max_pool_backward_fast, max_pool_forward_reshape,
    max_pool_backward_reshape, max_pool_forward_im2col, max_pool_backward_im2col,
)
from .fcnet import generic_forward, generic_backward, FullyConnectedNet
from .gradcheck import (
    eval_numerical_gradient, eval_numerical_gradient_array, rel_error, check_grads, must_fail, rel_error_entrywise,
    attempt, check_promises, grad_check_sparse, check_torch,
)
from .ground.cifar import (
    CIFAR10_URL, CIFAR10_SHA256, CIFAR10_CLASSES, load_CIFAR_batch, make_small_CIFAR10, load_CIFAR10,
    download_CIFAR10,
)
from .ground.idx import FASHION_CLASSES, load_fashion, make_small_fashion, download_fashion, find_fashion
from .im2col import (
    get_im2col_indices, im2col_indices, col2im_indices, im2col_cython, col2im_cython, col2im_6d_cython,
    conv_forward_im2col, conv_backward_im2col, conv_forward_strides, conv_backward_strides,
)
from .layernorm import layernorm_forward, layernorm_backward
from .losses import softmax_loss, svm_loss
from .maxpool import max_pool_forward_naive, max_pool_backward_naive, max_pool_forward, max_pool_backward
from .optim import sgd, sgd_momentum, rmsprop, adam
from .pictures import visualize_grid
from .relatives import avg_pool_forward, avg_pool_backward, global_average_forward, global_average_backward
from .relu import relu_forward, relu_backward
from .residual import (
    conv_norm_forward, conv_norm_backward, residual_forward, residual_backward, ResidualNet,
)
from .sandwich import (
    conv_relu_forward, conv_relu_backward, conv_bn_relu_forward, conv_bn_relu_backward, conv_relu_pool_forward,
    conv_relu_pool_backward,
)
from .solver import Solver
from .spatialnorm import (
    spatial_batchnorm_forward, spatial_batchnorm_backward, spatial_groupnorm_forward, spatial_groupnorm_backward,
)
from .twolayer import affine_relu_forward, affine_relu_backward, TwoLayerNet
from .windows import out_size, pad_images, out_shape, windows

try: from .engine import get_num_threads, set_num_threads     # and the engine room offers its twins to the layers above
except ModuleNotFoundError: pass                             # without it they are slower, and the same

__all__ = [
    'affine_forward', 'affine_backward', 'batchnorm_forward', 'batchnorm_backward', 'batchnorm_backward_alt',
    'conv_forward_naive', 'conv_forward', 'conv_backward', 'conv_backward_naive', 'ThreeLayerConvNet',
    'get_digits_data', 'get_fashion_data', 'get_CIFAR10_data', 'dropout_forward', 'dropout_backward', 'conv_forward_fast',
    'conv_backward_fast', 'max_pool_forward_fast', 'max_pool_backward_fast', 'max_pool_forward_reshape',
    'max_pool_backward_reshape', 'max_pool_forward_im2col', 'max_pool_backward_im2col', 'generic_forward',
    'generic_backward', 'FullyConnectedNet', 'eval_numerical_gradient', 'eval_numerical_gradient_array', 'rel_error',
    'check_grads', 'must_fail', 'rel_error_entrywise', 'attempt', 'check_promises', 'grad_check_sparse',
    'check_torch', 'CIFAR10_URL', 'CIFAR10_SHA256', 'CIFAR10_CLASSES', 'load_CIFAR_batch', 'make_small_CIFAR10',
    'load_CIFAR10', 'download_CIFAR10', 'FASHION_CLASSES', 'load_fashion', 'make_small_fashion', 'download_fashion',
    'find_fashion', 'get_im2col_indices', 'im2col_indices', 'col2im_indices', 'im2col_cython',
    'col2im_cython', 'col2im_6d_cython', 'conv_forward_im2col', 'conv_backward_im2col', 'conv_forward_strides',
    'conv_backward_strides', 'layernorm_forward', 'layernorm_backward', 'softmax_loss', 'svm_loss',
    'max_pool_forward_naive', 'max_pool_backward_naive', 'max_pool_forward', 'max_pool_backward', 'sgd',
    'sgd_momentum', 'rmsprop', 'adam', 'visualize_grid', 'avg_pool_forward', 'avg_pool_backward',
    'global_average_forward', 'global_average_backward', 'relu_forward', 'relu_backward',
    'conv_norm_forward', 'conv_norm_backward', 'residual_forward', 'residual_backward', 'ResidualNet', 'conv_relu_forward',
    'conv_relu_backward', 'conv_bn_relu_forward', 'conv_bn_relu_backward', 'conv_relu_pool_forward',
    'conv_relu_pool_backward', 'Solver', 'spatial_batchnorm_forward', 'spatial_batchnorm_backward',
    'spatial_groupnorm_forward', 'spatial_groupnorm_backward', 'affine_relu_forward', 'affine_relu_backward',
    'TwoLayerNet', 'out_size', 'pad_images', 'out_shape', 'windows', 'get_num_threads', 'set_num_threads',
]


def _tell():
    "`help` says of every name what stands beside its arguments."
    from .ground.arrays import tell
    for name in __all__: tell(globals().get(name))


_tell()


def __dir__(): return sorted([*__all__, '__version__'])


def __getattr__(name):
    "What the layers themselves are made with can be imported from here, too, and is not listed."
    from . import batchnorm, im2col, maxpool, windows
    from .engine import threads
    from .ground import arrays, checkpoint, cifar, idx
    for module in arrays, checkpoint, cifar, idx, windows, batchnorm, im2col, maxpool, threads:
        if name in module.__all__: return getattr(module, name)
    raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
