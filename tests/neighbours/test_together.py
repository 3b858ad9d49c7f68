"""One look for several queries finds what a look for each would."""

from __future__ import annotations

import numpy as np
import pytest

from cartography.neighbours import together
from cartography.neighbours.lookup import Lookup, distinct, places_in
from cartography.neighbours.metrics import METRICS
from cartography.neighbours.together import look_together
from tests.data import embedding_set


@pytest.mark.parametrize("metric", METRICS)
def test_it_finds_what_each_query_alone_would(metric, monkeypatch):
    monkeypatch.setattr(together, "rows_at_once", lambda _: 90)  # several blocks
    rng = np.random.default_rng(0)
    items = embedding_set(rng.normal(1, 2, (400, 9)))
    kept, others = rng.normal(1, 2, (3, 9)), rng.normal(1, 2, (30, 9))
    lookups = [Lookup(items, query, metric) for query in kept]
    exclude = [rng.choice(400, number % 5, replace=False) for number in range(30)]
    found = look_together(lookups, [Lookup(items, query, metric) for query in others], exclude)
    for lookup, query in zip(lookups, kept, strict=True):
        alone = Lookup(items, query, metric)
        assert np.allclose(lookup.ranks, alone.ranks, atol=1e-4)
        assert np.array_equal(lookup.nearest(20)[0], alone.nearest(20)[0])
    assert found.tolist() == [
        Lookup(items, query, metric).nearest(1, rows)[0][0] for query, rows in zip(others, exclude, strict=True)
    ]


def test_nothing_left_and_no_direction_are_told():
    items = embedding_set(np.eye(3))
    found = look_together([], [Lookup(items, np.ones(3), "cosine")], [np.arange(3)])
    assert found.tolist() == [-1]
    aimless = Lookup(items, np.zeros(3), "cosine")
    assert not len(look_together([aimless]))
    assert (aimless.ranks == 0).all()


def test_many_places_are_those_of_few():
    ranks = np.random.default_rng(0).integers(0, 300, 1000).astype(np.float32)
    rows, left_out = np.arange(500), np.arange(400, 900)
    each = [places_in(ranks, [row], left_out[:150])[0] for row in rows]
    assert places_in(ranks, rows, left_out[:150]).tolist() == each


@pytest.mark.parametrize("rows", [[], [4], [3, 1, 3, 2], [1, 2, 5], [1, 1, 2]])
def test_distinct_rows_rise(rows):
    assert distinct(rows).tolist() == sorted(set(rows))
    assert distinct(rows).dtype == np.int64
