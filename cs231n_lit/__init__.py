"""Every layer of a first deep-learning course, derived, written and tested inside a notebook."""
__version__ = "0.1.0"

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
