"""From measured lines to tables and sentences, and from those into docs/performance.md."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.engine_cells import CELLS
from benchmarks.engine_data import DATA
from benchmarks.engine_results import Line, Results

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
COSTS = ("seconds", "cpu", "memory_gb")
QUALITIES = ("knn15", "trust15", "accuracy", "triplet", "kl")
_HEAD = (
    "| what | rounds | s | CPU s | GB | knn15 or recall | trust15 | accuracy | triplet | KL |",
    "|---|---|---|---|---|---|---|---|---|---|",
)
_ALIKE = 0.05  # a ratio of times as near to 1 as that is none


class Summary:
    """All rounds of one cell: medians, and the range over the seeds."""

    def __init__(self, rounds: Sequence[Line]) -> None:
        self._rounds = rounds
        self.count = len(rounds)

    def has(self, key: str) -> bool:
        """Whether the cell was measured so."""
        return key in self._rounds[0]

    def median(self, key: str) -> float:
        """The median over the rounds."""
        return float(statistics.median(line[key] for line in self._rounds))

    def span(self, key: str) -> tuple[float, float]:
        """The smallest and the largest over the rounds."""
        values = [line[key] for line in self._rounds]
        return min(values), max(values)


def summaries(results: Results, name: str) -> dict[str, Summary]:
    """Return what was measured on a data set, by cell, in the order of the cells."""
    found = {cell: results.of("cell", data=name, cell=cell) for cell in CELLS}
    return {cell: Summary(rounds) for cell, rounds in found.items() if rounds}


def section(results: Results, name: str) -> str:
    """Return the table of one data set and what it says in words."""
    found = summaries(results, name)
    rows = [_row(cell, summary) for cell, summary in found.items()]
    said = [f"- {sentence}" for sentence in (*_sentences(found), *_failures(results, name))]
    parts = [f"{name}: {DATA[name].about}. {_circumstances(results, name)}", "\n".join([*_HEAD, *rows])]
    return "\n\n".join([*parts, "\n".join(said)] if said else parts)


def _row(cell: str, summary: Summary) -> str:
    costs = [f"{summary.median('seconds'):.2f}", f"{summary.median('cpu'):.2f}", f"{summary.median('memory_gb'):.1f}"]
    first = "recall" if summary.has("recall") else "knn15"
    measured = [_with_span(summary, key) for key in (first, *QUALITIES[1:])]
    return "| " + " | ".join([cell, str(summary.count), *costs, *measured]) + " |"


def _with_span(summary: Summary, key: str) -> str:
    if not summary.has(key):
        return ""
    low, high = (f"{value:.3f}" for value in summary.span(key))
    return f"{summary.median(key):.3f}" + (f" ({low}–{high})" if summary.count > 1 else "")


def _sentences(found: dict[str, Summary]) -> Iterator[str]:
    """Hold every peer beside ours of its group."""
    ours = {CELLS[cell].group: cell for cell in found if CELLS[cell].who == "ours"}
    for cell, peer in found.items():
        known = CELLS[cell]
        if known.who != "ours" and known.group in ours:
            yield compared(ours[known.group], found[ours[known.group]], known.who, peer)


def compared(what: str, ours: Summary, who: str, peer: Summary) -> str:
    """Say in one sentence how ours stands beside a peer: how many times the time, and by how much each measure."""
    wall, cpu = (peer.median(key) / max(ours.median(key), 1e-9) for key in ("seconds", "cpu"))
    less = "less" if cpu >= 1 else "more"
    parts = [f"**{what}: {_times(wall)} {who}** ({max(cpu, 1 / cpu):.1f}x {less} processor time)"]
    measures = [key for key in ("recall", *QUALITIES) if ours.has(key) and peer.has(key)]
    alike = [key for key in measures if _alike(key, ours, peer)]
    apart = ", ".join(_difference(key, ours, peer) for key in measures if key not in alike)
    level = ", ".join(_difference(key, ours, peer) for key in alike)
    parts += [apart] if apart else []
    parts += [f"within the spread of the seeds: {level}"] if level else []
    return "; ".join(parts) + "."


def _times(ratio: float) -> str:
    if abs(ratio - 1) <= _ALIKE:
        return "as fast as"
    return f"{ratio:.1f}x faster than" if ratio > 1 else f"{1 / ratio:.1f}x slower than"


def _alike(key: str, ours: Summary, peer: Summary) -> bool:
    """Whether the ranges over several seeds meet."""
    (low, high), (least, most) = ours.span(key), peer.span(key)
    return min(ours.count, peer.count) > 1 and low <= most and least <= high


def _difference(key: str, ours: Summary, peer: Summary) -> str:
    name = "KL (less is better)" if key == "kl" else key
    return f"{name} {ours.median(key) - peer.median(key):+.3f}"


def _failures(results: Results, name: str) -> Iterator[str]:
    """Say what failed and was not made good since."""
    told = set()
    for line in results.of("cell", data=name, failed=True):
        key = (line["cell"], line["round"])
        if key not in told and not results.of("cell", data=name, cell=line["cell"], round=line["round"]):
            told.add(key)
            yield f"{line['cell']}, round {line['round']}: failed: {line['failed']}"


def _circumstances(results: Results, name: str) -> str:
    lines = results.of("cell", data=name)
    others = [line["others"] for line in lines if line.get("others") is not None]
    busy = f" Other programs kept {min(others):.1f} to {max(others):.1f} processors busy." if others else ""
    return (
        f"Medians of the rounds, in brackets the smallest and the largest over the seeds. {machine_of(results)}{busy}"
    )


def machine_of(results: Results) -> str:
    """Say in a sentence what the numbers hold for."""
    about: dict[str, Any] = results.about
    if not about:
        return ""
    versions = ", ".join(f"{name} {found}" for name, found in about["versions"].items())
    where = f"{about['processors']} processors ({about['processor']})"
    return f"{about['date']}, Python {about['python']}, {where}; {versions}."


def write(name: str, text: str, page: Path = PAGE) -> None:
    """Put a text between its marks in docs/performance.md; marks that are missing are added at the end."""
    begin = f"<!-- engine {name}: written by python -m benchmarks.engine --write -->\n"
    end = f"<!-- end of {name} -->"
    old = page.read_text(encoding="utf-8")
    if begin not in old:
        old = old.rstrip() + f"\n\n{begin}{end}\n"
    head, rest = old.split(begin, 1)
    tail = rest.split(end, 1)[1]
    page.write_text(f"{head}{begin}\n{text}\n\n{end}{tail}", encoding="utf-8")
