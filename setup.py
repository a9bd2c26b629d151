"""Build cs231n_lit: metadata from settings.ini, kernels compiled with Cython where a C compiler is found."""
import os
import tempfile
from configparser import ConfigParser
from pathlib import Path

from setuptools import Extension, find_packages, setup
from setuptools.command.build_ext import build_ext

config = ConfigParser(delimiters=['='])
config.read(Path(__file__).parent / 'settings.ini', encoding='utf-8')
cfg = config['DEFAULT']


def requirements(extra=''):
    "The requirements of an extra, or the library's own."
    return cfg[f'{extra}_requirements' if extra else 'requirements'].split()


def kernels():
    "The kernel modules as extensions; none where Cython is missing. Each may fail to build."
    try: from Cython.Build import cythonize
    except ImportError: return []
    package = Path(cfg['lib_path'])
    modules = [Extension(f'{package.name}.{name}', [str(package / f'{name}.py')]) for name in cfg['kernels'].split()]
    extensions = cythonize(modules, build_dir='build/cython', language_level=3)
    for extension in extensions: extension.optional = True     # cythonize drops it when given to Extension
    return extensions


class BuildKernels(build_ext):
    """Compile with the flags that this compiler takes, and those alone.

    `CS231N_LIT_MARCH` names the processor to build for: `native` (the default) for this machine, a name such as
    `x86-64-v3` for wheels that travel, or nothing at all for the compiler's own default.
    """
    def finalize_options(self):
        super().finalize_options()
        self.parallel = self.parallel or os.cpu_count()

    def build_extensions(self):
        march = os.environ.get('CS231N_LIT_MARCH', 'native')
        wanted = ['-O3', '-fno-math-errno', '-fno-trapping-math', '-fno-signed-zeros', '-fassociative-math', '-fopenmp']
        wanted += [f'-march={march}'] * bool(march)     # a sum may be taken in several lanes; nan and infinity stay what they are
        # a tile of sums stays in registers if its loops of 4 and 6 are unrolled, its loop of 16 is not, and no memset steps in
        wanted += ['--param=max-completely-peel-times=8', '--param=max-completely-peeled-insns=2000', '-fno-tree-loop-distribute-patterns']
        if self.compiler.compiler_type == 'msvc': wanted = ['/O2', '/openmp']
        flags = []
        for flag in wanted: flags += [flag] * self.takes([*flags, flag])
        for extension in self.extensions:
            extension.extra_compile_args += flags
            extension.extra_link_args += [flag for flag in flags if flag == '-fopenmp']
        super().build_extensions()

    def takes(self, flags):
        "Does a small file compile, and link, with these flags?"
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / 'flag.c'
            source.write_text('int main(void) { return 0; }\n')
            try:
                objects = self.compiler.compile([str(source)], output_dir=folder, extra_postargs=flags)
                self.compiler.link_executable(objects, str(Path(folder) / 'flag'), extra_postargs=flags)
            except Exception: return False
        return True


setup(
    name=cfg['lib_name'], version=cfg['version'], description=cfg['description'],
    long_description=Path('README.md').read_text(encoding='utf-8'), long_description_content_type='text/markdown',
    author=cfg['author'], url=cfg['git_url'], keywords=cfg['keywords'].split(), license='Apache-2.0',
    python_requires=f">={cfg['min_python']}", packages=find_packages(include=[cfg['lib_path'], cfg['lib_path'] + '.*']),
    package_data={cfg['lib_path']: ['*.mplstyle']},
    install_requires=requirements(), extras_require={extra: requirements(extra) for extra in ('course', 'torch')}
        | {'dev': requirements('dev') + requirements('course')},
    entry_points={'console_scripts': cfg['console_scripts'].split()},
    ext_modules=kernels(), cmdclass={'build_ext': BuildKernels}, zip_safe=False,
    classifiers=['Intended Audience :: Education', 'Programming Language :: Python :: 3', 'Topic :: Scientific/Engineering'],
)
