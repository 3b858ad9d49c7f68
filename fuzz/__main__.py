"""Fuzz every format in turn: `python -m fuzz --seconds 60 [FORMAT ...]`; the same as `make fuzz SECONDS=60`."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from importlib.util import find_spec

import loaders
from tests.loaders.examples import EXAMPLES

STATS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")


def main() -> int:
    """Run one process per format; return 1 when one of them found something."""
    parser = argparse.ArgumentParser(description="Fuzz the loaders.")
    parser.add_argument("formats", nargs="*", help="names of formats; all that are available without any")
    parser.add_argument("--seconds", type=int, default=60, help="for each format")
    chosen = parser.parse_args()
    if find_spec("atheris") is None:
        print("Fuzzing needs atheris, which is not installed: pip install atheris")
        return 0
    available = {form.name for form in loaders.formats() if form.available}
    failed = 0
    for name in chosen.formats or [name for name in EXAMPLES if name in available]:
        command = [sys.executable, "-m", "fuzz.one", name, "--seconds", str(chosen.seconds)]
        run = subprocess.run(command, capture_output=True, text=True)
        count = STATS.search(run.stderr)
        what = "nothing found" if run.returncode == 0 else _reason(run.stdout + run.stderr)
        print(f"{name}: {int(count[1]) if count else 0:,} executions, {what}", flush=True)
        failed += run.returncode != 0
    return 1 if failed else 0


def _reason(text: str) -> str:
    lines = [line for line in text.splitlines() if "Error" in line or "ERROR" in line or "Test unit written" in line]
    return "; ".join(line.strip()[:300] for line in lines[:3]) or text[-300:]


if __name__ == "__main__":
    sys.exit(main())
