"""Every layer of a first deep-learning course, derived, written and tested inside a notebook."""
__version__ = "0.1.0"

import os.path as _path


def _kernel_folders(here=_path.dirname(__file__), cpuinfo='/proc/cpuinfo'):
    """The folders with kernels for newer processors, as far as this one can run them, best first.

    Only a wheel that travels has such folders, see `LEVELS` in setup.py; an install from source is built for its own machine.
    """
    if not (_path.isdir(_path.join(here, 'x86_64_v3')) and _path.exists(cpuinfo)): return []
    with open(cpuinfo, encoding='utf-8') as lines: has = set(next((line.split() for line in lines if line.startswith('flags')), []))
    found = []
    for level, needs in ('x86_64_v3', 'avx2 bmi1 bmi2 f16c fma movbe'), ('x86_64_v4', 'avx512f avx512bw avx512cd avx512dq avx512vl'):
        folder = _path.join(here, level)
        if not (_path.isdir(folder) and has.issuperset(needs.split())): break
        found.insert(0, folder)
    return found


__path__[:0] = _kernel_folders()

from .affine import *
from .arrays import *
from .batchnorm import *
from .checkpoint import *
from .conv import *
from .convnet import *
from .data import *
from .dropout import *
from .fast import *
from .fcnet import *
from .gradcheck import *
from .im2col import *
from .layernorm import *
from .losses import *
from .maxpool import *
from .optim import *
from .pictures import visualize_grid
from .relu import *
from .sandwich import *
from .solver import *
from .spatialnorm import *
from .twolayer import *
from .windows import *

__all__ = [    # what `from cs231n_lit import *` gives, a line or two for each module above
    'affine_forward', 'affine_backward',
    'Array', 'Param', 'Cache', 'as_floats', 'check_shape', 'as_labels', 'check_choice', 'check_count',
    'standardize_forward', 'batchnorm_forward', 'in_kernel', 'forward_in_kernel', 'backward_in_kernel', 'batchnorm_backward',
    'standardize_backward', 'batchnorm_backward_alt',
    'write_atomically', 'save_tree', 'load_tree', 'ctrl_c_waits',
    'conv_arguments', 'conv_forward_naive', 'conv_forward', 'conv_backward', 'conv_backward_naive',
    'ThreeLayerConvNet',
    'CIFAR10_URL', 'CIFAR10_SHA256', 'CIFAR10_CLASSES', 'get_digits_data', 'load_CIFAR_batch', 'write_CIFAR_batch', 'make_small_CIFAR10',
    'load_CIFAR10', 'get_CIFAR10_data', 'download_CIFAR10',
    'dropout_forward', 'dropout_backward',
    'get_num_threads', 'set_num_threads', 'threads_for', 'one_blas_thread', 'product', 'affine_forward_fast', 'affine_backward_fast',
    'loops_apply', 'conv_threads', 'conv_forward_fast', 'conv_backward_fast', 'max_pool_forward_fast', 'max_pool_backward_fast', 'max_pool_forward_reshape',
    'max_pool_backward_reshape', 'max_pool_forward_im2col', 'max_pool_backward_im2col',
    'generic_forward', 'generic_backward', 'FullyConnectedNet',
    'rel_error', 'rel_error_entrywise', 'eval_numerical_gradient', 'eval_numerical_gradient_array', 'grad_check_sparse', 'check_grads',
    'must_fail', 'check_promises', 'check_torch',
    'get_im2col_indices', 'im2col_indices', 'col2im_indices', 'conv_forward_strides', 'conv_backward_strides', 'im2col_cython',
    'col2im_cython', 'col2im_6d_cython', 'conv_forward_im2col', 'conv_backward_im2col',
    'layernorm_forward', 'layernorm_backward',
    'softmax_loss', 'svm_loss',
    'pool_sizes', 'max_pool_forward_naive', 'max_pool_backward_naive', 'max_pool_forward', 'max_pool_backward',
    'sgd', 'sgd_momentum', 'rmsprop', 'adam',
    'visualize_grid',
    'relu_forward', 'relu_backward',
    'conv_relu_forward', 'conv_relu_backward', 'conv_bn_relu_forward', 'conv_bn_relu_backward', 'conv_relu_pool_forward',
    'conv_relu_pool_backward',
    'Solver',
    'spatial_batchnorm_forward', 'spatial_batchnorm_backward', 'spatial_groupnorm_forward', 'spatial_groupnorm_backward',
    'affine_relu_forward', 'affine_relu_backward', 'TwoLayerNet',
    'out_size', 'whole', 'pair', 'out_shape', 'take_keys', 'pad_images', 'windows',
]
