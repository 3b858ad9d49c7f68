"""How well two groups can be told apart, against scikit-learn on real data and against what was planted."""

from __future__ import annotations

from functools import cache
from time import process_time

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, balanced_accuracy_score, roc_auc_score
from sklearn.model_selection import PredefinedSplit, StratifiedKFold, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from cartography.blocks import one_thread
from cartography.errors import Cancelled, ParameterError, ShapeError
from cartography.inspection.borders.planes import axes_of, fit_planes
from cartography.inspection.borders.separability import Separation, separability
from tests.data import shared

LINEAR = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
NEAREST = KNeighborsClassifier(15, metric="cosine")
PAIRS = [("HUM", "LOC"), ("DESC", "ENTY")]


@pytest.fixture(autouse=True)
def small_factorisations_wait_for_nobody():
    with one_thread():
        yield


@cache
def questions() -> tuple[np.ndarray, np.ndarray]:
    vectors = np.load(shared("trec_layers/layer_6.npy")).astype(np.float32)
    return vectors, pd.read_csv(shared("trec_layers/metadata.csv"))["label"].to_numpy(str)


@cache
def separated(first: str, second: str) -> Separation:
    vectors, label = questions()
    return separability(vectors, label == first, label == second)


def blob_pair(apart: float, n: int = 300, d: int = 12, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Two groups of n / 2 items each, their centres so many standard deviations apart; and which is the second."""
    rng = np.random.default_rng(seed)
    second = np.arange(n) % 2 == 1
    vectors = rng.normal(size=(n, d)).astype(np.float32)
    vectors[second, 0] += apart
    return vectors, second


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize(("name", "model"), [("linear", LINEAR), ("neighbours", NEAREST)])
def test_scikit_learn_finds_the_same_on_the_same_folds(pair, name, model):
    vectors, _ = questions()
    found = separated(*pair)
    ours = getattr(found, name)
    split = PredefinedSplit(found.fold)
    theirs = cross_val_predict(model, vectors[found.rows], found.second, cv=split, method="predict_proba")[:, 1]
    assert ours.accuracy.value == pytest.approx(accuracy_score(found.second, theirs > 0.5), abs=0.005)
    assert ours.balanced.value == pytest.approx(balanced_accuracy_score(found.second, theirs > 0.5), abs=0.005)
    assert ours.auc.value == pytest.approx(roc_auc_score(found.second, theirs), abs=0.002)
    assert np.abs(ours.probability - theirs).max() < 0.08
    wrong = set(found.rows[(theirs > 0.5) != found.second])
    listed = set(found.wrong_side.loc[found.wrong_side[name] > 0.5, "row"])
    assert len(wrong & listed) >= 0.95 * len(wrong | listed) > 10


@pytest.mark.parametrize("pair", PAIRS)
def test_scikit_learn_agrees_on_other_folds_as_far_as_with_itself(pair):
    """Scores hardly depend on the folds; which items are narrowly wrong does, whoever computes them."""
    found = separated(*pair)
    vectors, second = questions()[0][found.rows], found.second
    theirs, again = (
        cross_val_predict(
            LINEAR, vectors, second, cv=StratifiedKFold(5, shuffle=True, random_state=seed), method="predict_proba"
        )[:, 1]
        for seed in (123, 7)
    )
    assert found.linear.accuracy.value == pytest.approx(accuracy_score(second, theirs > 0.5), abs=0.02)
    assert found.linear.auc.value == pytest.approx(roc_auc_score(second, theirs), abs=0.02)
    ours, one, other = (set(np.flatnonzero((p > 0.5) != second)) for p in (found.linear.probability, theirs, again))
    assert len(ours & one) / len(ours | one) > len(one & other) / len(one | other) - 0.1
    sure = found.wrong_side.query("linear > 0.95")["row"]
    assert len(sure) > 5
    assert np.isin(sure, found.rows[list(one)]).mean() > 0.8


@pytest.mark.parametrize("pair", PAIRS)
def test_shuffled_labels_score_what_chance_does(pair):
    found = separated(*pair)
    for one in (found.linear, found.neighbours):
        assert one.auc.chance == pytest.approx(0.5, abs=0.03)
        assert one.balanced.chance == pytest.approx(0.5, abs=0.03)
        assert one.auc.chance < one.auc.top < 0.6 < one.auc.value


def test_the_planes_are_scikit_learns():
    vectors, second = blob_pair(1.5, n=400, d=40)
    vectors[:, 3] = 5.0  # a column that says nothing
    labellings = np.stack([second, np.random.default_rng(0).permutation(second)])
    planes = fit_planes(vectors, labellings, axes_of(vectors))
    without_axes = fit_planes(vectors, labellings, None)
    for labels, ours, same in zip(
        labellings, planes.probability(vectors), without_axes.probability(vectors), strict=True
    ):
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=5000, tol=1e-9))
        theirs = model.fit(vectors, labels).predict_proba(vectors)[:, 1]
        np.testing.assert_allclose(ours, theirs, atol=1e-3)
        np.testing.assert_allclose(same, theirs, atol=1e-3)


def test_groups_far_apart_are_told_apart_and_nobody_is_on_the_wrong_side():
    vectors, second = blob_pair(30)
    found = separability(vectors, ~second, second, "euclidean")
    assert found.degree == "almost perfectly"
    assert found.wrong_side.empty
    assert found.linear.accuracy.value == found.neighbours.accuracy.value == 1
    assert found.verdict("sun", "moon") == (
        f"sun and moon can be told apart almost perfectly: 1.00 against {found.best.auc.chance:.2f} by chance."
    )


@pytest.mark.parametrize("seed", range(5))
def test_what_is_the_same_cannot_be_told_apart(seed):
    vectors, second = blob_pair(0, seed=seed)
    found = separability(vectors, ~second, second, "euclidean", seed)
    assert found.best.auc.value == pytest.approx(0.5, abs=0.15)
    assert found.degree == "not at all"
    assert "cannot be told apart at all" in found.verdict("a", "b")


def test_a_faint_difference_is_called_faint():
    vectors, second = blob_pair(0.5, n=1000)
    assert separability(vectors, ~second, second, "euclidean").degree == "only a little"


def test_swapped_labels_are_found_first():
    vectors, second = blob_pair(8)
    swapped = np.random.default_rng(0).choice(len(second), 9, replace=False)
    wrong = second.copy()
    wrong[swapped] = ~wrong[swapped]
    table = separability(vectors, ~wrong, wrong, "euclidean").wrong_side
    assert set(table["row"][:9]) == set(swapped)
    assert table["both"][:9].all()
    assert (table["second"] == wrong[table["row"]]).all()
    assert table["probability"].is_monotonic_decreasing


def test_a_ring_around_a_heap_is_for_neighbours_and_not_for_planes():
    rng = np.random.default_rng(0)
    angle = rng.uniform(0, 2 * np.pi, 200)
    ring = 8 * np.column_stack([np.cos(angle), np.sin(angle)]) + rng.normal(size=(200, 2))
    vectors = np.concatenate([ring, rng.normal(size=(200, 2))]).astype(np.float32)
    second = np.arange(400) >= 200
    found = separability(vectors, ~second, second, "euclidean")
    assert found.neighbours.auc.value > 0.99
    assert found.linear.auc.value < 0.7
    assert found.best is found.neighbours


def test_items_beyond_the_sample_are_judged_as_well():
    vectors, second = blob_pair(8, n=2000)
    wrong = second.copy()
    swapped = np.random.default_rng(0).choice(len(second), 40, replace=False)
    wrong[swapped] = ~wrong[swapped]
    found = separability(vectors, ~wrong, wrong, "euclidean", most=200)
    assert len(found.rows) == 400
    assert len(set(swapped) - set(found.rows)) > 20
    assert set(swapped) <= set(found.wrong_side["row"][:41])
    assert "200 of 1," in found.notes[0]


def test_the_same_seed_gives_the_same_answer_and_nothing_is_sampled_without_need():
    vectors, second = blob_pair(1)
    first, again = (separability(vectors, ~second, second, seed=3) for _ in range(2))
    pd.testing.assert_frame_equal(first.wrong_side, again.wrong_side)
    assert first.linear.auc == again.linear.auc
    assert not first.notes


def test_small_and_lopsided_groups_are_judged_by_fewer_neighbours():
    vectors, _ = blob_pair(0, n=205)
    second = np.arange(205) < 5
    vectors[second] += 20
    found = separability(vectors, ~second, second, "euclidean")
    assert found.k == 3
    assert found.degree == "almost perfectly"


@pytest.mark.parametrize("metric", ["cosine", "euclidean", "dot"])
def test_zeros_and_constant_columns_are_no_obstacle(metric):
    vectors, second = blob_pair(6)
    vectors[:, 1:3] = 0
    vectors[::7] = 0
    found = separability(vectors, ~second, second, metric)
    assert np.isfinite(found.linear.probability).all()
    assert 0.5 < found.linear.auc.value < 1


def test_what_cannot_be_judged_is_refused_in_a_sentence():
    vectors, second = blob_pair(1)
    few = np.arange(len(second)) < 4
    with pytest.raises(ParameterError, match="4 items; it takes 5"):
        separability(vectors, few, ~few)
    with pytest.raises(ParameterError, match="share items"):
        separability(vectors, second, second)
    with pytest.raises(ParameterError, match="metric"):
        separability(vectors, ~second, second, "manhattan")
    with pytest.raises(ShapeError, match="there are 300 vectors"):
        separability(vectors, second[:-1], ~second[:-1])


def test_two_thousand_items_take_a_moment():
    vectors, label = questions()
    second = np.isin(label, ["HUM", "ENTY", "ABBR"])
    started = process_time()
    separability(vectors, ~second, second)
    assert process_time() - started < 3


def test_it_says_where_it_is_and_stops_when_asked():
    vectors, second = blob_pair(1)
    heard = []
    separability(vectors, ~second, second, progress=lambda event: heard.append(event.fraction))
    assert heard == sorted(heard)
    assert heard[-1] == 1

    def stop(event):
        if event.fraction > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        separability(vectors, ~second, second, progress=stop)
