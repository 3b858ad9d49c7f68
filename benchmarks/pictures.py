"""How long a finished map picture takes, by kind and by number of items, beside Altair's chart of the same items.

    python benchmarks/pictures.py                  5,000 and 1,000,000 items, 2400 x 1600 pixels

The map is made first and not timed. Every picture is drawn from a page of its own: nothing is reused.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from cartography import draw_map, find_clusters  # noqa: E402
from cartography.land import build_scene  # noqa: E402
from cartography.records import EmbeddingSet, MapScene, Projection, Recipe  # noqa: E402
from tests.map_view.scenes import name_of, random_walks  # noqa: E402

KINDS = ("png", "svg", "pdf", "html")
SIZE = (2400, 1600)
CHART_ITEMS = 100_000  # beyond that Altair's own chart takes minutes


def scene_of(items: int) -> MapScene:
    """A map of random walks, with realms, borders and as many towns as maps of that size have."""
    coordinates, label = random_walks(items)
    names = np.array([name_of(i) for i in range(int(label.max()) + 1)])
    table = pd.DataFrame({"group": names[label]}, index=pd.RangeIndex(items).astype(str))
    embeddings = EmbeddingSet(coordinates, table, "walks", roles={"label": "group"})
    projection = Projection(coordinates, "given")
    return build_scene(embeddings, projection, find_clusters(embeddings, projection, method="peaks"), Recipe())


def timed(make: Callable[[], object], rounds: int) -> float:
    """The median of some runs, in seconds."""
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        make()
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def chart_png(items: int, path: Path) -> None:
    """Altair's scatter plot of the same items, by the same renderer."""
    import altair as alt

    alt.data_transformers.disable_max_rows()
    coordinates, label = random_walks(items)
    table = pd.DataFrame({"x": coordinates[:, 0], "y": coordinates[:, 1], "group": label.astype(str)})
    chart = alt.Chart(table).mark_circle(size=12).encode(x="x:Q", y="y:Q", color="group:N")
    chart.properties(width=SIZE[0] - 150, height=SIZE[1] - 100).save(path)


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, nargs="+", default=[5_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    print(f"{os.cpu_count()} cores, {SIZE[0]} x {SIZE[1]} pixels, medians of {chosen.rounds}\n")
    print("| | " + " | ".join(f"{items:,} items" for items in chosen.items) + " |")
    print("|---|" + "---:|" * len(chosen.items))
    with tempfile.TemporaryDirectory() as folder:
        scenes = [scene_of(items) for items in chosen.items]
        for kind in KINDS:
            path = Path(folder) / f"map.{kind}"
            cells = []
            for scene in scenes:
                took = timed(
                    lambda scene=scene, path=path: draw_map(scene, "fantasy", *SIZE).save(path), chosen.rounds
                )
                cells.append(f"{took:.1f} s, {path.stat().st_size / 1e6:.1f} MB")
            print(f"| {kind.upper()} | " + " | ".join(cells) + " |")
        path = Path(folder) / "chart.png"
        cells = [
            f"{timed(lambda items=items: chart_png(items, path), 1):.1f} s" if items <= CHART_ITEMS else "not tried"
            for items in chosen.items
        ]
        print("| Altair's scatter plot, PNG | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
