"""Times liuhen-verify on a dossier of 500 entries with its documents and without media."""
import statistics
import subprocess
import time

from common import BIN, SCRATCH, say

ROUNDS = 9
bag = SCRATCH / "bag"
made = subprocess.run(
    [BIN / "liuhen-bench", "dossier", "--directory", bag, "--entries", "500"], check=True, capture_output=True,
    text=True)
key = made.stdout.strip()
files = [path for path in bag.rglob("*") if path.is_file()]
size = sum(path.stat().st_size for path in files)
times = []
for _ in range(ROUNDS):
    begun = time.perf_counter()
    done = subprocess.run([BIN / "liuhen-verify", bag, "--vkey", key], capture_output=True, text=True)
    times.append(time.perf_counter() - begun)
    assert done.returncode == 0, done.stdout + done.stderr
say("dossier", times, note=f"{len(files)} files, {size / 1e6:.0f} MB, verdict 0")
