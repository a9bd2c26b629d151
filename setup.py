"""Build cs231n_lit: metadata from settings.ini, kernels compiled with Cython where a C compiler is found, the notebooks beside them."""
import os
import re
import sys
import tempfile
from configparser import ConfigParser
from copy import copy
from pathlib import Path

from setuptools import Extension, find_packages, setup
from setuptools.command.build_ext import build_ext

config = ConfigParser(delimiters=['='])
config.read(Path(__file__).parent / 'settings.ini', encoding='utf-8')
cfg = config['DEFAULT']

PACKAGE, URL = cfg['lib_path'], cfg['git_url']
LEVELS = 'x86-64-v3', 'x86-64-v4'           # nearly every PC since 2013; those with AVX-512


def requirements(extra=''):
    "The requirements of an extra, or the library's own."
    return cfg[f'{extra}_requirements' if extra else 'requirements'].split()


def kernels():
    "The kernel modules as extensions; none where Cython is missing. Each may fail to build."
    try: from Cython.Build import cythonize
    except ImportError: return []
    modules = [Extension(f'{PACKAGE}.{name}', [f"{PACKAGE}/{name.replace('.', '/')}.py"]) for name in cfg['kernels'].split()]
    extensions = cythonize(modules, build_dir='build/cython', language_level=3)
    for extension in extensions: extension.optional = True     # cythonize drops it when given to Extension
    return extensions


class BuildKernels(build_ext):
    """Compile with the flags that this compiler takes, and those alone.

    `CS231N_LIT_MARCH` names the processor to build for: `native` for this machine, a name such as `x86-64-v3`, or nothing
    at all for the compiler's own default. Where it is not set, what stays here is `native`: a build in place, and what pip
    installs from source. Any other wheel may travel. It holds the kernels for the compiler's default and, on Linux, once
    more for each of LEVELS, in a folder of that name; `cs231n_lit/engine/__init__.py` looks there for what the processor can run.
    """
    def finalize_options(self):
        super().finalize_options()
        self.parallel = self.parallel or os.cpu_count()
        pip = 'PIP_BUILD_TRACKER' in os.environ and 'CIBUILDWHEEL' not in os.environ        # pip builds in order to install
        self.stays = self.inplace or pip    # setuptools sets `inplace` aside while it builds

    def build_extensions(self):
        stays = self.stays or self.editable_mode
        march = os.environ.get('CS231N_LIT_MARCH', 'native' if stays else '')
        self.build_for(march)
        if stays or 'CS231N_LIT_MARCH' in os.environ or sys.platform != 'linux': return
        base, folder = self.extensions, self.build_temp
        for level in LEVELS:
            if not self.takes([f'-march={level}']): continue
            self.build_temp, self.extensions = f'{folder}-{level}', [copy(extension) for extension in base]
            for extension in self.extensions:
                folder_, _, name = extension.name.rpartition('.')
                extension.name = f"{folder_}.{level.replace('-', '_')}.{name}"
            self.build_for(level)
        self.build_temp, self.extensions = folder, base

    def build_for(self, march):
        "Build all kernels for one processor."
        wanted = ['-O3', '-g0', '-fno-math-errno', '-fno-trapping-math', '-fno-signed-zeros', '-fassociative-math', '-fopenmp']
        wanted += [f'-march={march}'] * bool(march)     # a sum may be taken in several lanes; nan and infinity stay what they are
        # a tile of sums stays in registers if its loops of up to 6 are unrolled, those of 8 and 16 are not (but fill the largest
        # registers there are), no memset steps in, and the registers are its own: inlined into a larger loop it would share them;
        # and two rounds of an outer loop are not done at once, which would leave the inner one to single numbers
        wanted += ['--param=max-completely-peel-times=6', '--param=max-completely-peeled-insns=2000']
        wanted += ['-fno-loop-unroll-and-jam', '-fno-tree-loop-distribute-patterns', '-fno-inline', '-mprefer-vector-width=512']
        # a long sum goes on in several registers at once instead of waiting for one
        wanted += ['-funroll-loops', '-fvariable-expansion-in-unroller', '--param=max-variable-expansions-in-unroller=4']
        if self.compiler.compiler_type == 'msvc': wanted = ['/O2', '/openmp']
        flags = []
        for flag in wanted: flags += [flag] * self.takes([*flags, flag])
        for extension in self.extensions:
            extension.extra_compile_args = flags
            extension.extra_link_args = [flag for flag in flags if flag == '-fopenmp']
        super().build_extensions()

    def takes(self, flags):
        "Does a small program compile and link with these flags?"
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / 'flag.c'
            source.write_text('#ifdef _OPENMP\n#include <omp.h>\n#endif\nint main(void) { return 0; }\n')
            try:
                objects = self.compiler.compile([str(source)], output_dir=folder, extra_postargs=flags)
                self.compiler.link_executable(objects, str(Path(folder) / 'flag'), extra_postargs=flags)
                return True
            except Exception: return False


def long_description():
    "README.md, with links that lead somewhere from a package index too."
    text = Path('README.md').read_text(encoding='utf-8')
    text = re.sub(r'(!\[[^]]*\]\()(?!https?:)', rf"\1{URL}/raw/{cfg['branch']}/", text)
    return re.sub(r'\]\((?!https?:|#)', f"]({URL}/blob/{cfg['branch']}/", text)


NOTEBOOKS = f'{PACKAGE}.notebooks'          # how nbs/ travels: a folder of data inside the installed package

setup(
    name=cfg['lib_name'], version=cfg['version'], description=cfg['description'], keywords=cfg['keywords'].split(),
    long_description=long_description(), long_description_content_type='text/markdown',
    author=cfg['author'], license='Apache-2.0', license_files=['LICENSE'], url=URL,
    project_urls={'Documentation': cfg['doc_host'] + cfg['doc_baseurl'], 'Source': URL, 'Issues': f'{URL}/issues',
                  'Changelog': f"{URL}/blob/{cfg['branch']}/CHANGELOG.md"},
    classifiers=[
        'Development Status :: 3 - Alpha', 'Environment :: Console', 'Framework :: Jupyter :: JupyterLab',
        'Intended Audience :: Education', 'Intended Audience :: Developers', 'Intended Audience :: Science/Research',
        'Natural Language :: English', 'Operating System :: OS Independent',
        'Programming Language :: Cython', 'Programming Language :: Python :: 3', 'Programming Language :: Python :: 3 :: Only',
        *(f'Programming Language :: Python :: 3.{minor}' for minor in range(10, 15)),
        'Topic :: Education', 'Topic :: Scientific/Engineering :: Artificial Intelligence', 'Typing :: Typed',
    ],
    packages=[*find_packages(include=[PACKAGE, f'{PACKAGE}.*']), NOTEBOOKS], package_dir={NOTEBOOKS: cfg['nbs_path']},
    package_data={PACKAGE: ['py.typed', '*.mplstyle', '*.css', 'around/*.json', 'engine/*.pxd'], NOTEBOOKS: ['[!_.]*.ipynb', '*/[!_.]*.ipynb', 'favicon.svg']},
    python_requires=f">={cfg['min_python']}",
    install_requires=requirements(), extras_require={extra: requirements(extra) for extra in ('course', 'torch')}
        | {'dev': requirements('dev') + requirements('course')},
    entry_points={'console_scripts': cfg['console_scripts'].split()},
    ext_modules=kernels(), cmdclass={'build_ext': BuildKernels}, zip_safe=False,
)
