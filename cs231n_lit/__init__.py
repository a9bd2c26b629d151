"""Every layer of a first deep-learning course, derived, written and tested inside a notebook."""
__version__ = "0.1.0"

from .affine import *
from .batchnorm import *
from .conv import *
from .convnet import *
from .data import *
from .dropout import *
from .fast import *
from .fcnet import *
from .gradcheck import *
from .ground.arrays import *
from .ground.checkpoint import *
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

try: from .engine import get_num_threads, set_num_threads     # and the engine room offers its twins to the layers above
except ModuleNotFoundError: pass                             # without it they are slower, and the same

__all__ = [    # what `from cs231n_lit import *` gives, a line or two for each module above
    'affine_forward', 'affine_backward',
    'standardize_forward', 'batchnorm_forward', 'batchnorm_backward', 'standardize_backward', 'batchnorm_backward_alt',
    'conv_forward_naive', 'conv_forward', 'conv_backward', 'conv_backward_naive',
    'ThreeLayerConvNet',
    'CIFAR10_URL', 'CIFAR10_SHA256', 'CIFAR10_CLASSES', 'get_digits_data', 'load_CIFAR_batch', 'write_CIFAR_batch',
    'make_small_CIFAR10', 'load_CIFAR10', 'get_CIFAR10_data', 'download_CIFAR10',
    'dropout_forward', 'dropout_backward',
    'conv_forward_fast', 'conv_backward_fast', 'max_pool_forward_fast', 'max_pool_backward_fast', 'max_pool_forward_reshape',
    'max_pool_backward_reshape', 'max_pool_forward_im2col', 'max_pool_backward_im2col',
    'generic_forward', 'generic_backward', 'FullyConnectedNet',
    'rel_error', 'rel_error_entrywise', 'eval_numerical_gradient', 'eval_numerical_gradient_array', 'grad_check_sparse',
    'check_grads', 'must_fail', 'check_promises', 'check_torch', 'attempt',
    'Array', 'Param', 'Cache', 'as_floats', 'check_shape', 'as_upstream', 'as_labels', 'check_choice', 'check_count', 'whole',
    'pair', 'take_keys', 'conv_arguments', 'pool_arguments', 'norm_arguments', 'image_norm_arguments', 'check_eps',
    'batchnorm_settings', 'rule_arguments',
    'write_atomically', 'save_tree', 'load_tree', 'ctrl_c_waits',
    'get_im2col_indices', 'im2col_indices', 'col2im_indices', 'columns_by_strides', 'conv_forward_strides',
    'conv_backward_strides', 'im2col_cython', 'col2im_cython', 'col2im_6d_cython', 'conv_forward_im2col', 'conv_backward_im2col',
    'layernorm_forward', 'layernorm_backward',
    'softmax_loss', 'svm_loss',
    'pool_sizes', 'max_pool_forward_naive', 'max_pool_backward_naive', 'max_pool_forward', 'max_pool_backward',
    'sgd', 'sgd_momentum', 'rmsprop', 'adam',
    'relu_forward', 'relu_backward',
    'conv_relu_forward', 'conv_relu_backward', 'conv_bn_relu_forward', 'conv_bn_relu_backward', 'conv_relu_pool_forward',
    'conv_relu_pool_backward',
    'Solver',
    'spatial_batchnorm_forward', 'spatial_batchnorm_backward', 'spatial_groupnorm_forward', 'spatial_groupnorm_backward',
    'affine_relu_forward', 'affine_relu_backward', 'TwoLayerNet',
    'out_size', 'out_shape', 'pad_images', 'windows',
    'visualize_grid',
    'get_num_threads', 'set_num_threads',
]
