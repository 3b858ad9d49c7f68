"""Every projector keeps the same promises."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from cartography.errors import Cancelled, ParameterError, ShapeError
from cartography.projectors import Standing, project, projectors
from tests.data import blobs, embedding_set

METHODS = [name for name in projectors() if name not in ("given", "axes")]  # these show columns
APART = dict.fromkeys(METHODS, 0.95) | {"random": 0.6}  # two random directions show little
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
    assert (guess == truth[200:]).mean() > APART[method]


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
    assert (guess == truth[:100]).mean() > APART[method]
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


@pytest.mark.parametrize("method", METHODS)
def test_three_dimensions_are_laid_out_when_asked_for(method):
    embeddings = blobs(400)
    truth = embeddings.items["group"].to_numpy(object)
    made = project(embeddings, method, metric="euclidean", n_components=3, **QUICK.get(method, {}))
    guess = KNeighborsClassifier(10).fit(made.coordinates[:200], truth[:200]).predict(made.coordinates[200:])
    assert made.coordinates.shape == (400, 3)
    assert made.coordinates.std(axis=0).min() > 0
    assert (guess == truth[200:]).mean() > APART[method]
    assert made.transform(embeddings.vectors[:5]).shape == (5, 3)


@pytest.mark.parametrize("method", METHODS)
def test_what_was_stopped_goes_on_to_the_same_map(method):
    """Stopped at whatever report comes first and again later; the map is as if nothing had happened."""
    whole = laid_out(method).coordinates
    standing = Standing()
    for stop_at in (1, 6):
        heard = []

        def listen(event, heard=heard, stop_at=stop_at):
            heard.append(event)
            if sum(one.coordinates is not None for one in heard) == stop_at:
                raise Cancelled

        try:
            made = project(
                blobs(400), method, progress=listen, metric="euclidean", standing=standing, **QUICK.get(method, {})
            )
        except Cancelled:
            continue
        assert method in {"pca", "random"}, "a long layout sends pictures and can be stopped at each"
        assert np.array_equal(made.coordinates, whole)
        return
    stopped = standing.step
    assert stopped > 0
    rest = []
    made = project(
        blobs(400), method, progress=rest.append, metric="euclidean", standing=standing, **QUICK.get(method, {})
    )
    assert np.array_equal(made.coordinates, whole)
    pictures = [event for event in rest if event.coordinates is not None]
    assert pictures[0].message.startswith(f"step {stopped} of")
    assert standing.step == 0


@pytest.mark.parametrize("method", ["umap", "tsne"])
def test_an_earlier_projection_is_where_the_next_begins(method):
    embeddings = blobs(400)
    flat = project(embeddings, "pca").coordinates
    turned = project(embeddings, method, start=np.ascontiguousarray(flat[:, ::-1]), **QUICK.get(method, {}))
    assert not np.array_equal(turned.coordinates, project(embeddings, method, **QUICK.get(method, {})).coordinates)
    seen = []
    project(embeddings, method, start=turned, progress=seen.append, **QUICK.get(method, {}))
    first = next(event.coordinates for event in seen if event.coordinates is not None)
    assert abs(np.corrcoef(first[:, 0], turned.coordinates[:, 0])[0, 1]) > 0.99
    with pytest.raises(ShapeError, match="start has shape"):
        project(embeddings, method, start=flat[:10])
