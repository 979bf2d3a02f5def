"""How long `rollkit eval` takes: python tests/bench/eval.py [CASES].

Target: all displacement metrics of 100,000 cases, 6 samples, 64 steps in at most 3 times the time
that NumPy needs to read the file and take one pass of differences over it. Both are measured in one
run, in processes of their own, in turns; the file is in the page cache.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

SAMPLES, STEPS, ROUNDS = 6, 64, 3

NUMPY = """
import numpy as np
with np.load({file!r}) as file:
    for name in file.files:
        array = file[name]
        if array.ndim == 3:
            np.diff(array, axis=-1)
"""


def write(file, cases):
    """Predictions that scatter about a reference, with yaw and probabilities."""
    rng = np.random.default_rng(0)
    time_s = 0.1 * np.arange(1, STEPS + 1)
    speed, curve = rng.uniform(3, 15, (cases, 1, 1)), rng.uniform(-0.02, 0.02, (cases, 1, 1))
    way = speed * time_s
    yaw = way * curve
    ahead, aside = way * np.cos(yaw / 2), way * np.sin(yaw / 2)
    scatter = rng.normal(0, 0.05, (2, cases, SAMPLES, 1)) * time_s
    np.savez(
        file,
        x=ahead + scatter[0],
        y=aside + scatter[1],
        yaw=yaw + scatter[1] / 10,
        ref_x=ahead[:, 0],
        ref_y=aside[:, 0],
        ref_yaw=yaw[:, 0],
        probability=np.full((cases, SAMPLES), 1 / SAMPLES),
        dt=0.1,
    )


def timed(command):
    """Seconds of a process, and its largest memory in MiB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status:
        raise SystemExit(f"{command}: ended with status {status}")
    return seconds, used.ru_maxrss / 1024


def main():
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        file, out = Path(folder) / "predictions.npz", Path(folder) / "metrics.json"
        small = Path(folder) / "small.npz"
        for path, count in ((file, cases), (small, max(1, cases // 4))):
            # By a process of its own: what a child has in memory counts from its parent's.
            command = f"import eval; eval.write({str(path)!r}, {count})"
            subprocess.run([sys.executable, "-c", command], cwd=Path(__file__).parent, check=True)

        def run(what):
            return [sys.executable, "-m", "rollkit", "eval", str(what), "--plugins",
                    "displacement", "-o", str(out)]  # fmt: skip

        ours, plain, memory = [], [], []
        for _ in range(ROUNDS):
            plain.append(timed([sys.executable, "-c", NUMPY.format(file=str(file))])[0])
            seconds, peak = timed(run(file))
            ours.append(seconds)
            memory.append(peak)
        _, quarter = timed(run(small))
        metrics = len(json.loads(out.read_text())["metrics"])
    mine, theirs = statistics.median(ours), statistics.median(plain)
    poses = cases * SAMPLES * STEPS
    print(f"{cases} cases x {SAMPLES} samples x {STEPS} steps, {metrics} metrics")
    print(f"  NumPy, read and one pass of differences  {theirs:7.2f} s")
    each = mine / poses * 1e9
    print(f"  rollkit eval --plugins displacement      {mine:7.2f} s, {each:.0f} ns a pose")
    print(f"  ratio {mine / theirs:.2f} (target 3)")
    print(f"  peak memory {max(memory):.0f} MiB, with a quarter of the cases {quarter:.0f} MiB")


if __name__ == "__main__":
    main()
