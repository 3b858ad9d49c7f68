"""Formulas: known analogies come back, places are those of brute force, and chance is what it is said to be."""

from __future__ import annotations

import json
import time

import numpy as np
import pytest

import loaders
from cartography.concepts import evaluate
from cartography.concepts.arithmetic import group_means as group_means_module
from cartography.concepts.formulas.names import Names
from cartography.concepts.formulas.tree import FormulaError
from cartography.errors import Cancelled, ParameterError
from cartography.neighbours.metrics import METRICS, distances_between
from tests.data import embedding_set, shared

LONG = " + ".join(f"'item {i}'" for i in range(140))


def named(*rows: int) -> list[str]:
    return [f"'item {row}'" for row in rows]


def formula(first: int, second: int, third: int) -> str:
    return "{} - {} + {}".format(*named(first, second, third))


@pytest.fixture(scope="module")
def words():
    return loaders.load(shared("words_dev"))


@pytest.fixture(scope="module")
def listed() -> list[list[str]]:
    expected = json.loads(shared("EXPECTED.json").read_text(encoding="utf-8"))["words_dev_minilm"]
    return [one for kind in ("family", "capitals") for one in expected[f"analogies_{kind}"]["holds"]]


@pytest.fixture(scope="module")
def cloud():
    rng = np.random.default_rng(3)
    return embedding_set(rng.normal(0.3, 1, (700, 12)) * rng.uniform(0.5, 3, (700, 1)))


def brute(embeddings, vector, metric) -> np.ndarray:
    """Distances (n,) of all items, in the plainest way."""
    items = embeddings.vectors.astype(np.float64)
    if metric == "dot":
        return np.linalg.norm(items, axis=1).max() ** 2 - items @ vector
    if metric == "euclidean":
        return np.linalg.norm(items - vector, axis=1)
    return 1 - items @ vector / np.linalg.norm(items, axis=1) / np.linalg.norm(vector)


def test_listed_analogies_come_back(words, listed):
    assert len(listed) == 50
    for a, b, c, d in listed:
        answer = evaluate(words, f"{b} - {a} + {c}", top=1, seed=None)
        assert answer.neighbours.index.tolist() == [d], f"{a} {b} {c}"
        assert set(answer.excluded.index) == {a, b, c}
        assert answer.chance is None


def test_real_analogies_are_nearer_than_random_formulas(words, listed):
    said = [evaluate(words, f"{b} - {a} + {c}", top=1).evidence for a, b, c, _ in listed[::5]]
    assert all(one["random formulas"] >= 900 for one in said)
    assert np.median([one["percentile"] for one in said]) > 95


@pytest.mark.parametrize("metric", METRICS)
def test_places_and_distances_are_those_of_brute_force(cloud, metric):
    answer = evaluate(cloud, formula(1, 2, 3), metric=metric, unit=False, top=6)
    items = cloud.vectors.astype(np.float64)
    distances = brute(cloud, items[1] - items[2] + items[3], metric)
    order = np.argsort(distances)
    left = order[~np.isin(order, [1, 2, 3])]
    assert answer.neighbours["row"].tolist() == left[:6].tolist()
    assert np.allclose(answer.neighbours["distance"], distances[left[:6]], atol=1e-4)
    assert sorted(answer.excluded["row"]) == [1, 2, 3]
    ranks = {row: place for place, row in enumerate(order, 1)}
    assert [ranks[row] for row in answer.excluded["row"]] == answer.excluded["rank"].tolist()
    assert answer.excluded["rank"].is_monotonic_increasing
    for row, alone in zip(answer.neighbours["row"], answer.neighbours["alone"], strict=True):
        own = {one: brute(cloud, items[one], metric) for one in (1, 2, 3)}
        nearest = min(own, key=lambda one: own[one][row])
        assert alone == 1 + np.count_nonzero(np.delete(own[nearest], [1, 2, 3]) < own[nearest][row])


def test_a_name_alone_lists_its_own_neighbours(cloud):
    answer = evaluate(cloud, "'item 5'", top=20)
    assert answer.neighbours["alone"].tolist() == list(range(1, 21))
    assert answer.excluded["rank"].tolist() == [1]
    assert answer.evidence["offset norm"] == 0


def test_inputs_may_stay_in(cloud):
    answer = evaluate(cloud, "3*'item 5' - 'item 6'", exclude_inputs=False)
    assert answer.neighbours["row"].iloc[0] == 5
    assert answer.neighbours["alone"].iloc[0] == 1
    assert not len(answer.excluded)


def test_a_planted_relation_is_beyond_chance_and_random_formulas_are_anywhere():
    rng = np.random.default_rng(0)
    first = rng.normal(size=(300, 24))
    relation = 2 * rng.normal(size=24)
    pairs = embedding_set(np.concatenate([first, first + relation + rng.normal(0, 0.1, first.shape)]))
    answer = evaluate(pairs, formula(307, 7, 20), top=1)
    assert answer.neighbours.index.tolist() == ["item 320"]
    assert answer.evidence["percentile"] > 95
    plain = embedding_set(rng.normal(size=(600, 24)))
    drawn = [rng.choice(600, 3, replace=False) for _ in range(60)]
    reached = np.sort([evaluate(plain, formula(*rows), top=1).evidence["percentile"] for rows in drawn])
    even = np.linspace(0, 100, 60)
    assert np.abs(reached - even).max() < 100 * 1.63 / np.sqrt(60)  # Kolmogorov and Smirnov, 1 %


def test_percentiles_are_shares_of_what_was_drawn(cloud):
    for metric in METRICS:
        chance = evaluate(cloud, formula(1, 2, 3), metric=metric).chance
        sign = 1 if metric == "cosine" else -1
        below = 100 * np.mean(sign * chance.similarities < sign * chance.best)
        assert chance.percentile == pytest.approx(below, abs=0.2)


def test_random_formulas_reach_what_formulas_of_random_items_reach(cloud):
    """The single look through all items finds for random formulas what asking for each would find."""
    rng = np.random.default_rng(1)
    for metric in METRICS:
        chance = evaluate(cloud, formula(1, 2, 3), metric=metric).chance
        asked = [formula(*rng.choice(700, 3, replace=False)) for _ in range(60)]
        ours = [evaluate(cloud, one, metric=metric, top=1, seed=None).neighbours["distance"].iloc[0] for one in asked]
        ours = 1 - np.array(ours) if metric == "cosine" else np.array(ours)
        spread = chance.similarities.std()
        assert abs(np.median(ours) - np.median(chance.similarities)) < 0.6 * spread


def test_long_vectors_count_more_only_when_raw():
    vectors = np.eye(6)[[0, 1, 2, 2, 3]] + 0.01
    vectors[0] *= 100
    few = embedding_set([*vectors, [1, 1, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0]])
    unit, raw = (evaluate(few, "'item 0' + 'item 1'", unit=unit, top=1) for unit in (True, False))
    assert unit.neighbours["row"].tolist() == [5]
    assert raw.neighbours["row"].tolist() == [6]
    assert unit.unit
    assert any("length 1" in note for note in unit.notes)
    assert raw.evidence["vector norm"] > 50 * unit.evidence["vector norm"]
    assert evaluate(few, "'item 1'", metric="euclidean").unit is False


def test_among_directions_every_metric_says_the_same(cloud):
    same = [evaluate(cloud, formula(1, 2, 3), metric=metric, unit=True) for metric in METRICS]
    assert all(one.neighbours.equals(same[0].neighbours) for one in same)
    assert any("cosine" in note for note in same[1].notes)


def test_the_same_seed_gives_the_same_answer(cloud):
    one, again, other = (evaluate(cloud, formula(4, 5, 6), seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one.chance.similarities, again.chance.similarities)
    assert one.neighbours.equals(again.neighbours)
    assert one.neighbours.equals(other.neighbours)
    assert not np.array_equal(one.chance.similarities, other.chance.similarities)


def test_steps_are_the_sums_on_the_way(cloud):
    answer = evaluate(cloud, "'item 1' - ('item 2' - 'item 3') + mean('item 4', 'item 5')", unit=False)
    one, two, three, four, five = cloud.vectors[1:6]
    assert [step.says for step in answer.steps] == [
        '"item 1"',
        '− ("item 2" - "item 3")',
        '+ mean("item 4", "item 5")',
    ]
    expected = np.cumsum([one, three - two, (four + five) / 2], axis=0)
    assert np.allclose([step.vector for step in answer.steps], expected, atol=1e-5)
    assert np.array_equal(answer.steps[-1].vector, answer.vector)
    assert answer.evidence["offset norm"] == pytest.approx(np.linalg.norm(expected[2] - one), rel=1e-5)


def test_a_group_counts_with_its_mean_and_is_left_out(cloud):
    rows = np.arange(40)
    answer = evaluate(cloud, "#north - 'item 600'", names=Names(cloud, {"#north": rows}), metric="euclidean")
    assert np.allclose(answer.vector, cloud.vectors[rows].mean(axis=0) - cloud.vectors[600], atol=1e-5)
    assert set(answer.excluded["row"]) == {*rows, 600}
    assert not set(answer.neighbours["row"]) & set(rows)
    assert any("40 items" in note for note in answer.notes)
    distances = distances_between(cloud.vectors, answer.vector[None], "euclidean")
    ranks = np.argsort(np.argsort(distances)) + 1
    assert answer.excluded["rank"].tolist() == ranks[answer.excluded["row"]].tolist()


@pytest.mark.parametrize("unit", [True, False])
def test_means_of_groups_are_the_same_in_one_look(cloud, monkeypatch, unit):
    monkeypatch.setattr(group_means_module, "rows_at_once", lambda _: 64)
    rng = np.random.default_rng(0)
    groups = [np.sort(rng.choice(700, size, replace=False)) for size in (1, 500, 3, 700)]
    items = cloud.vectors / (np.linalg.norm(cloud.vectors, axis=1, keepdims=True) if unit else 1)
    expected = [items[rows].mean(axis=0) for rows in groups]
    found = group_means_module.group_means(cloud.vectors, groups, unit)
    assert np.allclose(found, expected, atol=1e-5)
    assert np.array_equal(found, group_means_module.group_means(cloud.vectors, groups, unit))
    assert np.allclose(group_means_module.group_means(cloud.vectors, groups[:1], unit), expected[:1], atol=1e-6)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("text", ["'item 1' - 'item 1'", "0*'item 1'", "mean('item 1', -'item 1')"])
def test_a_sum_of_zero_is_refused(cloud, metric, text):
    with pytest.raises(ParameterError, match="zero"):
        evaluate(cloud, text, metric=metric)


def test_other_faults_are_said(cloud):
    with pytest.raises(ParameterError, match="large"):
        evaluate(cloud, "1e6*(1e6*(1e6*'item 1'))")
    with pytest.raises(ParameterError, match="metric"):
        evaluate(cloud, "'item 1'", metric="cosin")
    with pytest.raises(ParameterError, match="top"):
        evaluate(cloud, "'item 1'", top=0)
    with pytest.raises(FormulaError) as fault:
        evaluate(cloud, "'item 1' + nobody")
    assert (fault.value.start, fault.value.end) == (11, 17)


def test_nothing_may_be_left_to_find():
    few = embedding_set(np.eye(3))
    answer = evaluate(few, formula(0, 1, 2))
    assert not len(answer.neighbours)
    assert answer.chance is None
    assert sorted(answer.excluded["rank"]) == [1, 1, 3]
    assert len(evaluate(few, "'item 0'", top=50).neighbours) == 2


def test_items_without_direction_are_said_and_do_no_harm():
    empty = embedding_set(np.concatenate([np.zeros((4, 5)), np.random.default_rng(0).normal(size=(60, 5))]))
    answer = evaluate(empty, formula(9, 0, 8))
    assert any("zero" in note for note in answer.notes)
    assert np.isfinite(answer.neighbours["distance"]).all()
    assert np.isfinite(answer.chance.similarities).all()


def test_a_hostile_formula_takes_no_longer_than_others():
    rng = np.random.default_rng(0)
    many = embedding_set(rng.normal(size=(20_000, 64)))
    groups = {f"#g{i}": rng.choice(15_000, 9_000, replace=False) for i in range(60)}
    evaluate(many, "'item 1'", seed=None)
    for text in (LONG, "(" * 40 + "'item 1'" + ")" * 40, " + ".join(groups)):
        began = time.process_time()
        answer = evaluate(many, text, names=Names(many, groups), top=1000)
        assert time.process_time() - began < 8
        assert len(answer.excluded) <= 500
        assert len(answer.chance.similarities) >= 9


def test_it_stops_when_asked(cloud):
    def stop(_event: object) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        evaluate(cloud, "'item 1'", progress=stop)
