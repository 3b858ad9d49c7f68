"""One call makes the whole map, the same one every time, and redoes only what a change touches."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from cartography import build_map, pipeline
from cartography.errors import Cancelled, ParameterError
from cartography.records import Recipe
from cartography.store import MemoryStore
from tests.data import blobs, embedding_set

QUICK = Recipe(method="umap", method_params={"n_epochs": 60}, metric="euclidean")


def test_the_same_recipe_gives_the_same_map_down_to_the_terrain():
    one, two = (build_map(blobs(300), QUICK) for _ in range(2))
    assert np.array_equal(one.projection.coordinates, two.projection.coordinates)
    assert one.scene.terrain.fingerprint == two.scene.terrain.fingerprint
    assert one.scene.towns == two.scene.towns
    assert not np.array_equal(
        one.projection.coordinates, build_map(blobs(300), QUICK.replace(seed=1)).projection.coordinates
    )


def test_groups_of_the_data_become_realms_of_the_map():
    built = build_map(blobs(600), QUICK.replace(color_by="group"))
    assert sorted(realm.name for realm in built.scene.realms) == ["0", "1", "2", "3"]
    populations = {realm.name: realm.population for realm in built.scene.realms}
    assert populations == {"0": 150, "1": 150, "2": 150, "3": 150}


def test_a_change_of_colour_projects_nothing_again(monkeypatch):
    calls = []
    monkeypatch.setattr(pipeline, "project", lambda *a, **k: calls.append("project") or _project(*a, **k))
    monkeypatch.setattr(pipeline, "find_neighbours", lambda *a, **k: calls.append("graph") or _find(*a, **k))
    store, data = MemoryStore(), blobs(200)
    build_map(data, QUICK, store=store)
    assert calls == ["graph", "project"]
    build_map(data, QUICK.replace(color_by="group", theme="night"), store=store)
    assert calls == ["graph", "project"]
    build_map(data, QUICK.replace(method_params={"n_epochs": 61}), store=store)
    assert calls == ["graph", "project", "project"]


_project, _find = pipeline.project, pipeline.find_neighbours


def test_what_is_already_flat_is_not_projected():
    points = np.random.default_rng(0).normal(size=(50, 2)).astype(np.float32)
    built = build_map(embedding_set(points))
    assert built.projection.method == "given"
    assert np.array_equal(built.scene.coordinates, points)
    assert any("shown as they are" in note for note in built.notes)
    assert built.recipe.metric == "euclidean"


def test_a_sample_is_drawn_by_the_seed_and_said():
    built = build_map(blobs(300), QUICK.replace(sample=100, seed=3))
    assert len(built.embeddings) == 100
    assert any("100 items drawn at random (seed 3) of 300" in note for note in built.notes)
    again = build_map(blobs(300), QUICK.replace(sample=100, seed=3))
    assert list(again.embeddings.ids) == list(built.embeddings.ids)


def test_a_column_that_is_not_there_is_refused():
    with pytest.raises(ParameterError, match="no column called 'grup'"):
        build_map(blobs(100), QUICK.replace(color_by="grup"))
    with pytest.raises(ParameterError, match="no projection method called 'umpa'"):
        build_map(blobs(100), Recipe(method="umpa"))


def test_progress_rises_from_start_to_end_and_every_stage_can_be_stopped():
    heard = []
    build_map(blobs(200), QUICK, heard.append)
    fractions = [event.fraction for event in heard]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    for stage in dict.fromkeys(event.stage for event in heard):

        def stop(event, stage=stage):
            if event.stage == stage:
                raise Cancelled

        with pytest.raises(Cancelled):
            build_map(blobs(200), QUICK, stop)


def test_a_store_forgets_what_was_not_used_for_longest_and_stands_threads():
    store = MemoryStore(2)
    made = []

    def get(key):
        return store.get_or_make((key,), lambda: made.append(key) or key)

    for key in ("a", "b", "a", "c", "a", "b"):
        get(key)
    assert made == ["a", "b", "c", "b"]
    threads = [threading.Thread(target=get, args=(n % 5,)) for n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert get("last") == "last"


def test_one_item_and_equal_items_still_make_a_map():
    assert len(build_map(embedding_set(np.ones((1, 9)))).scene) == 1
    assert len(build_map(embedding_set(np.ones((40, 9)))).scene) == 40


def test_a_stopped_map_goes_on_where_it_stood():
    """To the same map to the bit, whatever it is dressed in."""
    store, data, seen = MemoryStore(), blobs(300), []

    def listen(event):
        seen.append(event.message)
        if event.message == "step 30 of 60":
            raise Cancelled

    whole = build_map(data, QUICK).projection.coordinates
    with pytest.raises(Cancelled):
        build_map(data, QUICK, listen, store)
    rest = []
    built = build_map(data, QUICK.replace(theme="night"), lambda event: rest.append(event.message), store)
    assert "step 30 of 60" in rest
    assert "step 0 of 60" not in rest
    assert np.array_equal(built.projection.coordinates, whole)


def test_what_was_left_is_taken_up_once():
    store = MemoryStore()
    store.leave(("a",), "half")
    assert store.take_up(("a",)) == "half"
    assert store.take_up(("a",)) is None


def test_a_supervised_map_knows_when_its_column_changes():
    store, data = MemoryStore(), blobs(300)
    supervised = QUICK.replace(method_params={"n_epochs": 60, "target": "group"})
    first = build_map(data, supervised, store=store).projection
    items = data.items.assign(group=np.random.default_rng(0).permutation(data.items["group"].to_numpy(object)))
    other = build_map(replace(data, items=items), supervised, store=store).projection
    assert not np.array_equal(first.coordinates, other.coordinates)


def test_methods_that_want_the_graph_get_that_of_the_map(monkeypatch):
    """With a projection that needs none as well, and in the metric of the recipe."""
    handed = []
    find = pipeline.find_clusters

    def listen(embeddings, projection, graph, **rest):
        handed.append(graph)
        return find(embeddings, projection, graph, **rest)

    monkeypatch.setattr(pipeline, "find_clusters", listen)
    monkeypatch.setattr(pipeline, "_ALWAYS_A_GRAPH", 10)
    recipe = Recipe(method="pca", metric="euclidean", cluster_method="communities", cluster_space="original")
    built = build_map(blobs(), recipe)
    assert built.neighbours is not None
    assert handed == [built.neighbours]
    assert handed[0].metric == "euclidean"
    assert built.clustering.levels[1].count == 4
