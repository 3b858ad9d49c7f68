"""The chart of what principal components hold."""

from __future__ import annotations

import pytest

from cartography import build_map
from cartography.records import Recipe
from dashboard.panels.dressing.scree import scree_chart, scree_table, scree_words
from tests.data import blobs


@pytest.fixture(scope="module")
def built():
    """Three groups along two directions of twenty: two components hold nearly everything."""
    recipe = Recipe(method="pca", method_params={"component_x": 2, "component_y": 1})
    return build_map(blobs(300, groups=3), recipe)


@pytest.fixture(scope="module")
def table(built):
    params = built.projection.params
    return scree_table(
        built.projection.evidence["variance_explained"], [params["component_x"], params["component_y"]]
    )


def test_the_planted_directions_stand_out_and_the_rest_is_noise(table):
    assert table["component"].tolist() == list(range(1, 11))
    assert table["share"].is_monotonic_decreasing
    assert table["sum"][1] > 0.9
    assert table["sum"].iloc[-1] <= 1 + 1e-6
    assert table.loc[table["drawn"], "component"].tolist() == [1, 2]


def test_the_words_say_what_the_map_shows(table):
    assert scree_words(table).startswith(f"The map shows {table['sum'][1]:.1%} of the variance; the first 10")


def test_other_components_on_the_map_are_the_ones_marked():
    table = scree_table([0.5, 0.3, 0.2], [3, 1])
    assert table["drawn"].tolist() == [True, False, True]
    assert "70.0%" in scree_words(table)


def test_the_chart_draws_bars_and_the_line_of_their_sums(table):
    spec = scree_chart(table).to_dict()
    assert [layer["mark"]["type"] for layer in spec["layer"]] == ["bar", "line"]
    assert [layer["encoding"]["y"]["field"] for layer in spec["layer"]] == ["share", "sum"]
