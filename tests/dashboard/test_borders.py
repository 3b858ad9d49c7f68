"""The panel about borders: its tables, its charts, and what a click does."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from cartography import build_map
from cartography.inspection.borders.confusion import confusion
from cartography.inspection.borders.separability import separability
from cartography.inspection.wording import told_apart
from cartography.records import Recipe
from dashboard.chosen import ALL
from dashboard.panels.grouping.borders import pick_cell
from dashboard.panels.grouping.borders_charts import (
    confusion_chart,
    confusion_table,
    groups_table,
    scores_chart,
    scores_table,
)
from dashboard.panels.grouping.borders_groups import Groups
from dashboard.panels.grouping.borders_pair import Pair, map_words, most_confused, wrong_side_table
from tests.data import blobs, embedding_set


@dataclass
class Told:
    """A desk that only remembers what it was told."""

    picked: tuple[list[int], str] | None = None
    chosen: Any = ALL
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def visit(self) -> Told:
        return self

    def pick(self, rows, says: str) -> None:
        self.picked = sorted(rows), says

    def choose(self, chosen) -> None:
        self.picked, self.chosen = None, chosen


@pytest.fixture(scope="module")
def built():
    """Four groups, of which the second and the fourth have become one heap; and nine labels swapped."""
    vectors, group = blobs().vectors.copy(), blobs().items["group"].to_numpy(str).copy()
    noise = np.random.default_rng(0).normal(size=(150, vectors.shape[1]))
    vectors[group == "3"] = vectors[group == "1"].mean(axis=0) + noise
    group[:9] = "2"
    return build_map(embedding_set(vectors, group=group), Recipe(method="pca", color_by="group"))


@pytest.fixture(scope="module")
def groups(built):
    codes, names = pd.factorize(built.embeddings.items["group"])
    return Groups("group", codes.astype(np.int32), tuple(names))


@pytest.fixture(scope="module")
def found(built, groups):
    return confusion(groups.codes, groups.names, built.neighbours)


def test_the_table_holds_every_cell_with_its_share_of_the_row(found):
    table = confusion_table(found)
    assert len(table) == 16
    assert table["items"].sum() == 600
    np.testing.assert_allclose(table.groupby("labelled")["share"].sum(), 1)
    cell = table[(table["labelled"] == "1") & (table["near"] == "3")].iloc[0]
    assert cell["items"] == len(found.cell(int(cell["a"]), int(cell["b"])))
    assert 0.2 < cell["share"] < 0.8


def test_the_chart_selects_cells_by_their_indices(found):
    spec = confusion_chart(confusion_table(found)).to_dict()
    (parameter,) = spec["params"]
    assert parameter["name"] == "cell"
    assert parameter["select"]["fields"] == ["a", "b"]


def test_names_on_an_axis_are_short_and_differ():
    long = "the same beginning of a name "
    assert told_apart(["a", "a", long + "1", long + "2"], 20) == ["a", "a (2)", f"{long[:19]}…", f"{long[:19]}… (2)"]


def test_a_click_lights_the_cell_and_makes_its_groups_the_pair(found, groups):
    desk = Told()
    a, b = found.names.index("0"), found.names.index("2")
    pick_cell(desk, found, [{"a": b, "b": a}])
    assert desk.picked == (sorted(found.cell(b, a)), "labelled 2, near 0")
    assert set(desk.picked[0]) <= set(range(9))
    pair = Pair.of(desk, found)
    assert [groups.names[code] for code in (pair.first, pair.second)] == ["2", "0"]
    pick_cell(desk, found, [{"a": a, "b": a}])
    assert desk.picked[1] == "labelled 0, and near it"
    assert Pair.of(desk, found) == pair


@pytest.mark.parametrize("sent", [None, [], {}, [{"a": 99, "b": 0}], [{"a": "0", "b": 0}], [7]])
def test_what_is_no_cell_puts_the_lit_ones_out(found, sent):
    desk = Told(picked=([1], "something"))
    pick_cell(desk, found, sent)
    assert desk.picked is None


def test_the_first_pair_is_the_one_confused_most(found, groups):
    assert {groups.names[code] for code in most_confused(found)} == {"1", "3"}


def test_the_bars_and_the_table_of_groups_say_what_was_found(built, groups, found):
    separation = separability(built.prepared.vectors, *(groups.codes == code for code in most_confused(found)))
    table = scores_table(separation)
    assert table["score"].between(0.3, 0.7).all()
    assert (table["chance"] < table["top"]).all()
    assert len(scores_chart(table).to_dict()["layer"]) == 3
    table = groups_table(found).set_index("group")
    assert table["items"].sum() == 600
    assert table.loc["0", "at home"] == 1 > table.loc["2", "at home"] > table.loc["1", "at home"]


def test_the_file_says_label_prediction_and_probability(built, groups):
    names = "2", "0"
    first, second = (groups.codes == groups.names.index(name) for name in names)
    separation = separability(built.prepared.vectors, first, second, "euclidean")
    table = wrong_side_table(separation.wrong_side, built.embeddings.ids, names)
    swapped = table[table["probability"] > 0.9]
    assert set(swapped["id"]) == {f"item {row}" for row in (0, 4, 8)}
    assert set(swapped["label"]) == {"2"}
    assert set(swapped["predicted"]) == {"0"}


def test_the_maps_own_border_is_that_of_its_colours(built, groups):
    def words(shown, first, second):
        return map_words(shown, groups, Pair("groups", groups.names.index(first), groups.names.index(second)))

    met = built.scene.borders[0].codes
    names = [built.scene.colouring.names[code] for code in met]
    assert "border" in words(built, *names)
    bare = replace(built, scene=replace(built.scene, borders=()))
    assert words(bare, *names) == "On the map the two do not meet."
    assert "colour it by this column" in map_words(built, replace(groups, column="other"), Pair("groups", 0, 1))


def _app():
    import numpy as np
    import streamlit as st

    from cartography import build_map
    from cartography.records import Recipe
    from dashboard.desk import Desk
    from dashboard.panels.grouping.borders import show_borders
    from dashboard.state import session
    from dashboard.worlds import published
    from tests.data import blobs, embedding_set

    if st.query_params.get("none"):
        embeddings = embedding_set(np.zeros((3, 4)))
    else:
        wrong = ["<b>one</b>" if row == 5 else name for row, name in enumerate(blobs().items["group"])]
        embeddings = embedding_set(blobs().vectors, group=wrong)
    built = build_map(embeddings, Recipe(method="pca"))
    show_borders(Desk(session(), built, published(built)[0]))


def test_the_panel_runs_and_its_lists_change_the_pair():
    app = AppTest.from_function(_app, default_timeout=30).run()
    while app.button and app.button[0].label == "Stop":
        app.run()
    assert not app.exception
    by, first, second = app.selectbox
    assert by.value == "group"
    before = first.value, second.value
    second.select(before[0]).run()
    assert (app.selectbox[1].value, app.selectbox[2].value) == before[::-1]
    assert not app.exception


def test_without_groups_it_says_so():
    app = AppTest.from_function(_app, default_timeout=30)
    app.query_params["none"] = "1"
    app.run()
    assert not app.exception
    assert "Nothing divides" in app.caption[0].value
