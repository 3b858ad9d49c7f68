from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from cartography.errors import ParameterError
from cartography.land.colouring import MOST_GROUPS, choose_column, colouring_of
from cartography.records import EmbeddingSet
from tests.land.worlds import items, points


def test_groups_come_most_frequent_first_and_missing_ones_apart() -> None:
    colouring = colouring_of(items(kind=["b", "a", "b", None, "", "b", "a", "c"]), "kind")
    assert colouring.kind == "categories"
    assert colouring.names == ("b", "a", "c")
    assert colouring.codes.tolist() == [0, 1, 0, 3, 3, 0, 1, 2]
    assert colouring.counts.tolist() == [3, 2, 1, 2]


@pytest.mark.parametrize(
    ("values", "kind", "names"),
    [
        ([True, False, True], "categories", ("True", "False")),
        ([1, 2, 2], "categories", ("2", "1")),
        ([1.0, 2.0, np.nan], "categories", ("1", "2")),
        ([0.5, 1.5, 2.5], "numbers", ()),
        (list(range(50)), "numbers", ()),
        (["x", 1, 2.0], "categories", ("1", "2", "x")),
        ([["a"], ["a"], {"b": 1}], "categories", ("['a']", "{'b': 1}")),
        (pd.to_datetime(["2020-01-01", "2021-01-01", None]), "dates", ()),
        (pd.to_datetime(["2020-01-01", "2021-01-01"], utc=True), "dates", ()),
        (pd.Categorical(["u", "v", "u"]), "categories", ("u", "v")),
    ],
)
def test_the_kind_of_a_column(values: object, kind: str, names: tuple[str, ...]) -> None:
    colouring = colouring_of(items(column=values), "column")
    assert colouring.kind == kind
    assert colouring.names == names


def test_a_scale_runs_from_low_to_high_in_equal_steps() -> None:
    colouring = colouring_of(items(value=[0.0, 0.5, 1.0, np.nan, np.inf]), "value")
    assert (colouring.low, colouring.high) == (0.0, 1.0)
    assert colouring.codes.tolist() == [0, 127, 254, 255, 255]


def test_one_far_out_value_does_not_take_the_whole_scale() -> None:
    values = np.append(np.linspace(0, 1, 999), 1e6)
    colouring = colouring_of(items(value=values), "value")
    assert colouring.high < 2
    assert len(np.unique(colouring.codes)) > 200


def test_dates_keep_their_order_and_their_ends() -> None:
    colouring = colouring_of(items(day=pd.to_datetime(["2020-01-01", "2020-07-01", "2021-01-01"])), "day")
    assert colouring.codes[0] < colouring.codes[1] < colouring.codes[2]
    assert (
        colouring.low == datetime(2020, 1, 1).timestamp() * 1e9 or colouring.low == pd.Timestamp("2020-01-01").value
    )


def test_columns_without_any_value_or_with_only_one() -> None:
    assert colouring_of(items(empty=[np.nan, np.nan]), "empty").counts[-1] == 2
    assert colouring_of(items(empty=[None, None]), "empty").counts[-1] == 2
    constant = colouring_of(items(constant=[2.5, 2.5]), "constant")
    assert constant.high > constant.low


def test_more_groups_than_colours_can_be_told_apart_are_drawn_together() -> None:
    n = MOST_GROUPS + 500
    colouring = colouring_of(items(word=[f"word {i}" for i in range(n)]), "word")
    assert len(colouring.names) == MOST_GROUPS + 1
    assert colouring.names[-1] == "500 smaller groups"
    assert colouring.counts[-2] == 500
    assert colouring.counts[-1] == 0


def test_an_unknown_column_names_the_nearest_one() -> None:
    with pytest.raises(ParameterError, match="hue") as error:
        colouring_of(items(colour=["a"]), "hue")
    assert "colour" in error.value.hint


def test_no_column_colours_nothing() -> None:
    colouring = colouring_of(items(a=[1, 2]), None)
    assert colouring.kind == "none"
    assert colouring.missing == 0


def test_the_column_that_the_map_bears_out_is_chosen() -> None:
    coordinates, group = points()
    rng = np.random.default_rng(0)
    table = items(
        noise=rng.integers(0, 4, len(group)).astype(str), group=group.astype(str), number=rng.normal(size=len(group))
    )
    assert choose_column(EmbeddingSet(coordinates, table), coordinates) == "group"
    assert choose_column(EmbeddingSet(coordinates, table[["noise", "number"]]), coordinates) is None


def test_the_label_goes_first_unless_every_item_has_its_own() -> None:
    coordinates, group = points()
    rng = np.random.default_rng(0)
    table = items(
        group=group.astype(str),
        label=rng.integers(0, 4, len(group)).astype(str),
        name=[str(i) for i in group * 0 + np.arange(len(group))],
    )
    assert choose_column(EmbeddingSet(coordinates, table, roles={"label": "label"}), coordinates) == "label"
    assert choose_column(EmbeddingSet(coordinates, table, roles={"label": "name"}), coordinates) == "group"
