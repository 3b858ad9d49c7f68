"""The engine beside the libraries that people use: neighbours, UMAP, t-SNE; time, processor time, memory, quality.

    python -m benchmarks.engine                         10,000 real digits, three rounds, the tables on the screen
    python -m benchmarks.engine --data digits70k text300k text1m
    python -m benchmarks.engine --scaling               time against items and processors, and the machine's limits
    python -m benchmarks.engine --keep rounds.jsonl     keep every round; the same command again goes on from there
    python -m benchmarks.engine --from rounds.jsonl --write     tables and charts into docs/, nothing is measured

Every cell runs in a process of its own, ours and the peers' in turns, so that a busy machine slows all. A round's
number is its seed. See docs/performance.md for what is measured and how.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks import engine_report, engine_scaling
from benchmarks.engine_cells import CELLS, Cell
from benchmarks.engine_data import DATA, HIDDEN, prepare
from benchmarks.engine_quality import of_map, of_neighbours
from benchmarks.engine_results import ROOT, Line, Results

_CAP = 1_800.0  # seconds after which a cell is stopped


# ---------------------------------------------------------------- a cell's own process
def one(cell: Cell, folder: Path, seed: int, began: float) -> Line:
    """Run a cell in this process; return what it cost and what came of it. Cold ones began with the process."""
    run = cell.prepare(folder, seed)
    cpu = 0.0
    if cell.start == "warm":
        began, cpu = time.perf_counter(), _processor_seconds()
    result = run()
    spent = {"seconds": time.perf_counter() - began, "cpu": _processor_seconds() - cpu, "memory_gb": _peak()}
    if cell.finds_neighbours:
        return spent | of_neighbours(result, folder)
    return spent | of_map(result, folder, with_divergence=cell.is_tsne)


def _processor_seconds() -> float:
    """Of this process and of those it has started and seen end."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def _peak() -> float:
    """The most memory held so far, in GB; not what getrusage says, which begins with the parent's peak on Linux."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1e6
    except (OSError, StopIteration):
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most / (1e9 if sys.platform == "darwin" else 1e6)


# ---------------------------------------------------------------- the run
def measure(results: Results, name: str, work: Path, rounds: int, *, only: str = "", cap: float = _CAP) -> None:
    """Measure every cell of a data set, round by round; what is kept already is not measured again."""
    wanted = [cell for cell in CELLS.values() if name in cell.data.split() and only in cell.name]
    here = [cell for cell in wanted if not cell.package or find_spec(cell.package)]
    for cell in set(wanted) - set(here):
        print(f"left out, not installed: {cell.name}", file=sys.stderr)
    folder = work / name
    _child("--prepare", name, "--folder", str(folder), cap=None)
    for turn in range(rounds):
        for cell in here:
            known = {"kind": "cell", "data": name, "cell": cell.name, "round": turn}
            if not results.of(**known):
                line = known | _measured(cell, folder, turn, cap)
                results.add(line)
                print(json.dumps(line), file=sys.stderr, flush=True)


def _measured(cell: Cell, folder: Path, seed: int, cap: float) -> Line:
    """Return what a cell's process says of it, or why it failed."""
    arguments = ["--one", cell.name, "--folder", str(folder), "--seed", str(seed)]
    busy, used, began = _busy(), _processor_seconds(), time.perf_counter()
    try:
        with _new_machine(cell.start == "first") as environment:
            done = _child(*arguments, "--began", repr(time.perf_counter()), cap=cap, env=environment)
        line: Line = json.loads(done.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired:
        return {"failed": f"took longer than {cap:.0f} s"}
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines()
        return {"failed": said[-1] if said else f"ended with {error.returncode}"}
    took, others = time.perf_counter() - began, _busy() - busy - (_processor_seconds() - used)
    return line | {"others": max(0.0, others / took)} if busy else line


def _child(*arguments: str, cap: float | None, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.engine", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=cap, check=True)


@contextmanager
def _new_machine(wanted: bool) -> Iterator[dict[str, str]]:
    """Yield an environment in which nothing was ever compiled, if that is wanted."""
    if not wanted:
        yield dict(os.environ)
        return
    with tempfile.TemporaryDirectory(prefix="cartographer-new-") as home:
        yield {**os.environ, "NUMBA_CACHE_DIR": home, "HOME": home}


def _busy() -> float:
    """Seconds that all processors together have worked since the system began; 0 where it does not tell."""
    try:
        user, nice, system, _, _, irq, soft, steal = map(int, Path("/proc/stat").read_text("ascii").split()[1:9])
    except (OSError, ValueError):
        return 0.0
    return (user + nice + system + irq + soft + steal) / os.sysconf("SC_CLK_TCK")


def report(results: Results, names: list[str], into_docs: bool) -> None:
    """Print the tables, and put them and the charts into docs/ if asked."""
    sections = {name: engine_report.section(results, name) for name in names if results.of("cell", data=name)}
    if results.of("scaling"):
        from benchmarks.engine_scaling_report import section

        sections["scaling"] = section(results)
    for name, text in sections.items():
        print(text, end="\n\n")
        if into_docs:
            from benchmarks.engine_charts import write_chart

            engine_report.write(name, f"{write_chart(results, name)}\n\n{text}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shown = ", ".join(name for name in DATA if name not in HIDDEN)
    parser.add_argument("--data", nargs="+", choices=DATA, metavar="NAME", help=f"one or more of {shown}")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="cells whose name holds this")
    parser.add_argument("--scaling", action="store_true", help="instead: time against items and processors")
    parser.add_argument("--sizes", type=int, nargs="+", default=engine_scaling.SIZES, help="items, for --scaling")
    parser.add_argument("--cap", type=float, default=_CAP, help="seconds after which a process is stopped")
    parser.add_argument("--work", type=Path, help="folder that keeps the prepared data")
    parser.add_argument("--keep", type=Path, help="file that keeps every round, and that a run goes on from")
    parser.add_argument("--from", type=Path, dest="kept", help="file to make the tables from; nothing is measured")
    parser.add_argument("--write", action="store_true", help="put tables and charts into docs/")
    for hidden, kind in (("--one", str), ("--prepare", str), ("--folder", Path), ("--seed", int), ("--began", float)):
        parser.add_argument(hidden, type=kind, help=argparse.SUPPRESS)
    _act(parser.parse_args())


def _act(chosen: Any) -> None:
    if chosen.one:
        print(json.dumps(one(CELLS[chosen.one], chosen.folder, chosen.seed, chosen.began)))
    elif chosen.prepare:
        prepare(chosen.prepare, chosen.folder)
    elif chosen.kept:
        report(Results(chosen.kept), chosen.data or list(DATA), chosen.write)
    else:
        _run(chosen)


def _run(chosen: Any) -> None:
    results = Results(chosen.keep)
    results.begin()
    names = chosen.data or ([] if chosen.scaling else ["digits10k"])
    with tempfile.TemporaryDirectory(prefix="cartographer-bench-") as passing:
        work = (chosen.work or Path(passing)).resolve()
        for name in names:
            measure(results, name, work, chosen.rounds, only=chosen.only, cap=chosen.cap)
        if chosen.scaling:
            engine_scaling.measure(results, work / "scaling", chosen.rounds, chosen.cap, tuple(chosen.sizes))
    report(results, names, chosen.write)


if __name__ == "__main__":
    main()
