"""Every projector keeps the same promises."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from cartography.errors import Cancelled, ParameterError, ShapeError
from cartography.projectors import project, projectors
from tests.data import blobs, embedding_set

METHODS = [name for name in projectors() if name != "given"]
QUICK = {"tsne": {"iterations": 300}, "umap": {"n_epochs": 150}}


def laid_out(method: str, n: int = 400, seed: int = 0, progress=None):
    return project(blobs(n), method, seed=seed, progress=progress, metric="euclidean", **QUICK.get(method, {}))


@pytest.mark.parametrize("method", METHODS)
def test_separate_groups_stay_separate(method):
    embeddings = blobs(400)
    truth = embeddings.items["group"].to_numpy(object)
    coordinates = laid_out(method).coordinates
    guess = KNeighborsClassifier(10).fit(coordinates[:200], truth[:200]).predict(coordinates[200:])
    assert coordinates.shape == (400, 2)
    assert (guess == truth[200:]).mean() > 0.95


@pytest.mark.parametrize("method", METHODS)
def test_the_same_seed_gives_the_same_map_to_the_bit(method):
    assert laid_out(method, seed=5).coordinates.tobytes() == laid_out(method, seed=5).coordinates.tobytes()


@pytest.mark.parametrize("method", METHODS)
def test_progress_runs_from_nothing_to_all(method):
    heard = []
    laid_out(method, progress=heard.append)
    fractions = [event.fraction for event in heard]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    assert all(event.stage for event in heard)


@pytest.mark.parametrize("method", METHODS)
def test_it_stops_when_asked(method):
    def stop(event):
        raise Cancelled

    with pytest.raises(Cancelled):
        laid_out(method, progress=stop)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("shape", [(1, 5), (2, 5), (3, 1), (4, 3), (7, 2), (12, 1)])
def test_tiny_data_still_makes_a_map(method, shape):
    points = np.random.default_rng(0).normal(size=shape)
    projection = project(embedding_set(points), method, **QUICK.get(method, {}))
    assert projection.coordinates.shape == (shape[0], 2)


@pytest.mark.parametrize("method", METHODS)
def test_equal_rows_still_make_a_map(method):
    projection = project(embedding_set(np.ones((60, 8))), method, **QUICK.get(method, {}))
    assert np.isfinite(projection.coordinates).all()


@pytest.mark.parametrize("method", METHODS)
def test_items_placed_again_land_among_their_own(method):
    embeddings = blobs(400)
    projection = laid_out(method)
    truth = embeddings.items["group"].to_numpy(object)
    new = embeddings.vectors[:100] + np.random.default_rng(1).normal(0, 0.3, size=(100, 20))
    placed = projection.transform(new)
    guess = KNeighborsClassifier(10).fit(projection.coordinates, truth).predict(placed)
    assert placed.shape == (100, 2)
    assert (guess == truth[:100]).mean() > 0.95
    with pytest.raises(ShapeError, match="7 dimensions"):
        projection.transform(np.zeros((2, 7)))


@pytest.mark.parametrize("method", [*METHODS, "given"])
def test_unknown_parameters_are_refused_with_the_nearest_name(method):
    with pytest.raises(ParameterError, match="no parameter of"):
        project(blobs(20), method, no_such_thing=1)


@pytest.mark.parametrize("method", list(projectors()))
def test_it_says_what_it_is(method):
    one = projectors()[method]
    assert one.title
    assert one.summary.endswith(".")
    assert all(parameter.help.endswith(".") for parameter in one.parameters)
