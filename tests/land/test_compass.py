"""The compass names what grows along the map, and nothing that does not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cartography.land.compass import build_compass
from cartography.records import EmbeddingSet


def items_on_a_square(**columns) -> tuple[EmbeddingSet, np.ndarray]:
    rng = np.random.default_rng(0)
    at = rng.uniform(-1, 1, size=(2_000, 2)).astype(np.float32)
    table = pd.DataFrame(
        {name: make(at, rng) for name, make in columns.items()}, index=[str(i) for i in range(len(at))]
    )
    return EmbeddingSet(np.hstack([at, at]), table, "square"), at


def sides(bearings):
    return {one.side: one.column for one in bearings}


def test_columns_that_grow_along_an_axis_are_named_where_they_grow_to():
    embeddings, at = items_on_a_square(
        price=lambda at, _: np.exp(3 * at[:, 0]),
        age=lambda at, rng: -at[:, 1] + 0.3 * rng.normal(size=len(at)),
        noise=lambda at, rng: rng.normal(size=len(at)),
    )
    found = build_compass(embeddings, at)
    assert sides(found) == {"east": "price", "south": "age"}
    assert found[0].strength > 0.99


def test_noise_texts_and_constants_name_no_direction():
    embeddings, at = items_on_a_square(
        noise=lambda at, rng: rng.normal(size=len(at)),
        same=lambda at, _: np.ones(len(at)),
        text=lambda at, _: np.where(at[:, 0] > 0, "b", "a"),
        flag=lambda at, _: at[:, 0] > 0,
    )
    assert build_compass(embeddings, at) == ()


def test_one_column_names_one_direction_and_gaps_do_no_harm():
    def diagonal(at, _):
        values = at.sum(axis=1).astype(float)
        values[::3] = np.nan
        return values

    embeddings, at = items_on_a_square(both=diagonal)
    found = build_compass(embeddings, at)
    assert len(found) == 1
    assert 0.5 < found[0].strength < 0.9


def test_dates_grow_too():
    embeddings, at = items_on_a_square(
        day=lambda at, _: pd.Timestamp("2020-01-01") + pd.to_timedelta(np.round(1e3 * -at[:, 0]), unit="D")
    )
    assert sides(build_compass(embeddings, at)) == {"west": "day"}


def test_whole_numbers_that_are_groups_are_no_quantity():
    embeddings, at = items_on_a_square(kind=lambda at, _: np.floor(4 * at[:, 0]).astype(int))
    assert build_compass(embeddings, at) == ()
