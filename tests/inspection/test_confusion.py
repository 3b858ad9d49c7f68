"""Which groups are taken for one another, against a brute force and against what was planted."""

from __future__ import annotations

from collections import Counter
from functools import cache

import numpy as np
import pandas as pd
import pytest

from cartography.columns import factorised
from cartography.errors import Cancelled, ParameterError, ShapeError
from cartography.inspection.borders.confusion import Confusion, confusion
from cartography.neighbours import find_neighbours
from cartography.records import EmbeddingSet, NeighbourGraph
from tests.data import blobs, embedding_set, shared


def of(embeddings: EmbeddingSet, column: str, **options) -> Confusion:
    codes, names = factorised(embeddings.items[column])
    graph = find_neighbours(embeddings, 15)
    return confusion(codes, tuple(names), graph, **options)


@cache
def cars() -> EmbeddingSet:
    vectors = np.load(shared("cars/cars_embeddings.npy"))
    return embedding_set(vectors, origin=pd.read_csv(shared("cars/cars_metadata.csv"))["Origin"].tolist())


@cache
def questions() -> EmbeddingSet:
    table = pd.read_csv(shared("trec_layers/metadata_noisy.csv"))
    return embedding_set(
        np.load(shared("trec_layers/layer_6.npy")).astype(np.float32),
        **{name: table[name].tolist() for name in ("label", "label_noisy", "fine")},
        id=table["id"].tolist(),
    )


def test_cars_by_origin_are_what_a_brute_force_counts():
    vectors, origin = cars().vectors.astype(np.float64), cars().items["origin"].to_numpy(str)
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    likeness = units @ units.T
    np.fill_diagonal(likeness, -np.inf)
    expected: Counter[tuple[str, str]] = Counter()
    for row, order in enumerate(np.argsort(-likeness, axis=1, kind="stable")[:, :15]):
        votes = Counter(origin[order])  # most_common gives the first met, the nearest, of equals
        expected[origin[row], votes.most_common(1)[0][0]] += 1
    found = of(cars(), "origin")
    shown = {
        (labelled, lying): int(found.counts[i, j])
        for i, labelled in enumerate(found.names)
        for j, lying in enumerate(found.names)
        if found.counts[i, j]
    }
    assert sum(abs(shown.get(cell, 0) - expected.get(cell, 0)) for cell in shown | dict(expected)) <= 2  # near ties
    assert found.accuracy == pytest.approx(sum(n for (a, b), n in expected.items() if a == b) / 406, abs=0.005)


def test_a_cell_holds_the_items_that_its_number_counts():
    found = of(questions(), "label")
    label = questions().items["label"].to_numpy(str)
    everyone = []
    for i, labelled in enumerate(found.names):
        for j in range(len(found.names)):
            rows = found.cell(i, j)
            assert len(rows) == found.counts[i, j]
            assert set(label[rows]) <= {labelled}
            everyone.extend(rows)
    assert sorted(everyone) == list(range(len(label)))


def test_recall_precision_and_accuracy_follow_from_the_counts():
    found = of(questions(), "label")
    diagonal = np.diag(found.counts)
    np.testing.assert_allclose(found.recall, diagonal / found.counts.sum(axis=1))
    np.testing.assert_allclose(found.precision, diagonal / found.counts.sum(axis=0))
    assert found.accuracy == pytest.approx(diagonal.sum() / found.judged)
    np.testing.assert_allclose(found.shares.sum(axis=1), 1)


def test_groups_far_apart_are_never_confused():
    found = of(blobs(), "group")
    assert found.accuracy == 1
    assert (found.counts == np.diag(np.diag(found.counts))).all()


def test_shuffled_labels_give_what_chance_does():
    """With four equal groups a quarter is right by chance; with one large group, nearly its share."""
    found = of(blobs(2000), "group")
    assert found.shuffled == pytest.approx(0.25, abs=0.03)
    assert found.majority == pytest.approx(0.25)
    lopsided = embedding_set(blobs(2000).vectors, group=["many" if i % 10 else "few" for i in range(2000)])
    assert of(lopsided, "group").shuffled == pytest.approx(0.9, abs=0.02)


def test_planted_wrong_labels_are_among_those_that_lie_elsewhere():
    planted = pd.read_csv(shared("trec_layers/truth_mislabelled_rows.csv"))["id"]
    wrong = questions().items["id"].isin(planted).to_numpy()
    found = of(questions(), "label_noisy")
    elsewhere = np.zeros(len(wrong), dtype=bool)
    elsewhere[found.rows[found.labelled != found.lying]] = True
    assert wrong.sum() == 60
    assert elsewhere[wrong].mean() > 0.85
    assert elsewhere[wrong].mean() > 2 * elsewhere[~wrong].mean()


def test_groups_beyond_the_most_are_one_and_those_confused_stand_together():
    found = of(questions(), "fine", most=8)
    assert len(found.names) == 8
    assert found.names[-1].endswith("smaller groups")
    assert found.groups[-1] == -1
    assert found.counts.sum() == found.judged == 2000
    exact = found.recall[-1] * found.counts[-1].sum()
    assert exact < found.counts[-1, -1]  # those of one small group that lie in another are not right
    mixed = blobs(800, groups=4).items["group"].to_numpy(str)
    vectors = blobs(800, groups=4).vectors.copy()
    vectors[mixed == "3"] += vectors[mixed == "0"].mean(axis=0) - vectors[mixed == "3"].mean(axis=0)
    names = of(embedding_set(vectors, group=mixed), "group").names
    assert abs(names.index("0") - names.index("3")) == 1


def test_items_without_a_label_neither_vote_nor_are_judged():
    labels: list[str | None] = blobs(400).items["group"].tolist()
    labels[::3] = [None] * len(labels[::3])
    found = of(embedding_set(blobs(400).vectors, group=labels), "group")
    assert found.judged == sum(one is not None for one in labels)
    assert found.accuracy == 1
    indices = np.array([[1], [0], [3], [2]])
    graph = NeighbourGraph(indices, np.zeros((4, 1)), "cosine")
    lonely = confusion([0, 1, 0, -1], ("a", "b"), graph)
    assert lonely.rows.tolist() == [0, 1]
    assert lonely.left_out == 1


def test_of_equal_votes_the_nearer_wins():
    indices = np.array([[1, 2, 3, 4], [0, 2, 3, 4], [0, 1, 3, 4], [0, 1, 2, 4], [0, 1, 2, 3]])
    graph = NeighbourGraph(indices, np.zeros((5, 4)), "cosine")
    found = confusion([0, 1, 2, 2, 1], ("a", "b", "c"), graph)
    assert found.lying[0] == found.names.index("b")


def test_what_cannot_be_judged_is_refused_in_a_sentence():
    graph = find_neighbours(blobs(), 5)
    with pytest.raises(ParameterError, match="only one group"):
        confusion(np.zeros(600), ("all",), graph)
    with pytest.raises(ShapeError, match="labels for 3 items"):
        confusion([0, 1, 0], ("a", "b"), graph)

    def stop(_):
        raise Cancelled

    with pytest.raises(Cancelled):
        confusion(np.arange(600) % 2, ("a", "b"), graph, progress=stop)
