#!/usr/bin/env python3
"""`cs231n-lit train` reads at least 0.95 of the held-out digits right in under 30 seconds, and leaves its files whole."""
import re
import subprocess
import tempfile
import time
from pathlib import Path

with tempfile.TemporaryDirectory() as folder:
    start = time.perf_counter()
    done = subprocess.run(['cs231n-lit', 'train', '--out', f'{folder}/run'], capture_output=True, text=True)
    seconds = time.perf_counter() - start
    assert done.returncode == 0, done.stderr
    accuracy = float(re.search(r'test accuracy (\d\.\d+)', done.stdout)[1])
    saved = {path.name: path.stat().st_size for path in Path(folder, 'run').iterdir()}
print(f'told accuracy {accuracy} in {seconds:.1f} s; saved {saved}')
assert accuracy >= 0.95 and seconds < 30
assert saved.keys() == {'curves.png', 'weights.png', 'weights.npz'} and all(saved.values())
