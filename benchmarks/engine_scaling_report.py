"""How time grows, and how far the engine is from the machine's limits, as tables and sentences."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator

from benchmarks.engine_report import machine_of
from benchmarks.engine_results import Results
from benchmarks.engine_scaling import DIMENSIONS, EXACT, NEAR, PUSHED, STAGES

Place = tuple[int, int]
"""Items and processors."""


def medians(results: Results, stage: str, key: str = "seconds") -> dict[Place, float]:
    """Return the median of a stage over the rounds, by items and processors; `stage` "" is the machine."""
    lines = results.of("scaling", stage=stage) if stage else results.of("machine")
    found: dict[Place, list[float]] = {}
    for line in lines:
        found.setdefault((line["n"], line["threads"]), []).append(line[key])
    return {place: statistics.median(values) for place, values in sorted(found.items())}


def section(results: Results) -> str:
    """Return both tables and what they say in words."""
    intro = (
        "Text-like vectors, 384 dimensions, 30 neighbours, of which UMAP takes 15; seconds on "
        f"{' / '.join(map(str, _counts(results)))} processors, medians of the rounds. {machine_of(results)}"
    )
    limits = (
        "What one processor does at most while the others do the same, and how much of it is reached, in seconds of "
        "one processor. A pair: two items whose attraction or repulsion is evaluated; "
        "ties fetch a point from anywhere, what pushes is read from a short list."
    )
    said = [f"- {sentence}" for sentence in (*_growth(results), *_gains(results), *_reached(results))]
    return "\n\n".join([intro, _times_table(results), limits, _limits_table(results), "\n".join(said)])


def _counts(results: Results) -> list[int]:
    return sorted({line["threads"] for line in results.of("scaling")})


def _sizes(results: Results) -> list[int]:
    return sorted({line["n"] for line in results.of("scaling")})


def _times_table(results: Results) -> str:
    by_stage = {stage: medians(results, stage) for stage in STAGES}
    lines = [f"| items | {' | '.join(STAGES)} |", "|---|" + "---|" * len(STAGES)]
    for n in _sizes(results):
        cells = [" / ".join(_seconds(times.get((n, t))) for t in _counts(results)) for times in by_stage.values()]
        lines.append(f"| {n:,} | " + " | ".join(cell if cell.strip("– /") else "" for cell in cells) + " |")
    return "\n".join(lines)


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}" if value < 10 else f"{value:.1f}"


def _limits_table(results: Results) -> str:
    heads = ("items", "processors", "products, GFLOP/s", "reading, GB/s", "random fetches, M/s", "UMAP pairs, M/s")
    heads += ("fetched, M/s", "of all fetches", "exact search, GFLOP/s", "of the products", "pairs compared")
    lines = [f"| {' | '.join(heads)} |", "|---|" + "---|" * (len(heads) - 1)]
    sgemm, read, fetches = (medians(results, "", key) for key in ("sgemm", "read", "gathers"))
    pairs, ties = layout_rate(results, "pairs"), layout_rate(results, "ties")
    exact, compared = exact_rate(results), compared_share(results)
    for place in fetches:
        n, threads = place
        cells = [f"{n:,}", f"{threads}", f"{sgemm[place]:.0f}", f"{read[place]:.1f}", f"{fetches[place]:,.0f}"]
        umap = (f"{pairs[place]:.0f}", f"{ties[place]:.0f}", f"{ties[place] / fetches[place]:.0%}")
        cells += umap if place in pairs else ["", "", ""]
        cells += [f"{exact[place]:.0f}", f"{exact[place] / sgemm[place]:.0%}"] if place in exact else ["", ""]
        cells += [f"{compared[place]:.1%}" if place in compared else ""]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def layout_rate(results: Results, key: str) -> dict[Place, float]:
    """Return how many million "pairs" or "ties" the UMAP layout evaluates in a second of one processor."""
    cpu = medians(results, PUSHED, "cpu")
    return {place: count / cpu[place] / 1e6 for place, count in medians(results, PUSHED, key).items()}


def exact_rate(results: Results) -> dict[Place, float]:
    """Return the exact search's GFLOP in a second of one processor, selection of the nearest included in the time."""
    cpu = medians(results, EXACT, "cpu")
    return {place: work / cpu[place] for place, work in medians(results, EXACT, "gflop").items()}


def compared_share(results: Results) -> dict[Place, float]:
    """Return the share of all pairs that the approximate search compares."""
    return {place: count / place[0] ** 2 for place, count in medians(results, NEAR, "compared").items()}


def _growth(results: Results) -> Iterator[str]:
    """The power of the number of items that time grows with, over the last tenfold or what there is of it."""
    sizes = _sizes(results)
    first = min(sizes, key=lambda n: abs(math.log10(sizes[-1] / n) - 1))
    powers = []
    for stage in STAGES:
        times = medians(results, stage)
        if first < sizes[-1] and (first, 1) in times and (sizes[-1], 1) in times:
            power = math.log(times[sizes[-1], 1] / times[first, 1]) / math.log(sizes[-1] / first)
            powers.append(f"{stage} {power:.2f}")
    if powers:
        yield f"From {first:,} to {sizes[-1]:,} items, time grows as n to the power of: {', '.join(powers)}."


def _gains(results: Results) -> Iterator[str]:
    counts = _counts(results)
    if len(counts) < 2:
        return
    gains = []
    for stage in STAGES:
        times = medians(results, stage)
        both = [n for n, _ in times if all((n, t) in times for t in counts)]
        if both:
            n = max(both)
            gains.append(f"{stage} {times[n, 1] / times[n, counts[-1]]:.2f}x (at {n:,})")
    if gains:
        yield f"{counts[-1]} processors instead of 1: {', '.join(gains)}."


def _reached(results: Results) -> Iterator[str]:
    """The distance to the machine's limit, for the largest size measured on one processor."""
    fetches, sgemm, near = medians(results, "", "gathers"), medians(results, "", "sgemm"), medians(results, NEAR)
    pairs, ties, exact = layout_rate(results, "pairs"), layout_rate(results, "ties"), exact_rate(results)
    if place := _largest(pairs):
        yield (
            f"The UMAP layout of {place[0]:,} items evaluates {pairs[place]:.0f} million pairs in a second of one "
            f"processor. {ties[place]:.0f} million are ties, which fetch a point from anywhere: "
            f"{ties[place] / fetches[place]:.0%} of the {fetches[place]:,.0f} million that the machine can fetch "
            "when it does nothing else."
        )
    if place := _largest(exact):
        yield (
            f"Exact neighbours of {place[0]:,} items: {exact[place]:.0f} of {sgemm[place]:.0f} GFLOP/s "
            f"({exact[place] / sgemm[place]:.0%})."
        )
    if place := _largest(near):
        everything = 2 * place[0] ** 2 * DIMENSIONS / 1e9 / sgemm[place]
        recall = medians(results, NEAR, "recall")[place]
        yield (
            f"Approximate neighbours of {place[0]:,} items take {near[place]:.1f} s on one processor, at recall "
            f"{recall:.3f}; comparing all with all at the full speed of products would take {everything:.1f} s."
        )


def _largest(by_place: dict[Place, float]) -> Place | None:
    return max((place for place in by_place if place[1] == 1), default=None)
