"""Towns of planted countries: ranks follow populations, capitals rule their own land, villages lie among cities."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import pytest

from cartography.clusters import find_clusters
from cartography.land import build_scene
from cartography.records import MapScene, Projection, Recipe
from cartography.surface import elevation_at
from tests.clusters.test_hamlets import blobs_of_blobs
from tests.data import embedding_set


@cache
def countries(n: int = 4_000, method: str = "peaks") -> tuple[MapScene, np.ndarray]:
    """The map of five countries of five provinces, and the finest labels."""
    places, country, _ = blobs_of_blobs(n)
    embeddings = embedding_set(places, land=np.array(["Ash", "Birch", "Cedar", "Elm", "Fir"])[country])
    projection = Projection(places, "given")
    params = {"n_clusters": 5} if method == "kmeans" else {}
    clustering = find_clusters(embeddings, projection, method=method, **params)
    scene = build_scene(embeddings, projection, clustering, Recipe(color_by="land"))
    return scene, clustering.levels[-1].labels


def realm_under(scene: MapScene, x: float, y: float) -> int:
    cell = ((np.array([x, y]) - scene.terrain.origin) / scene.terrain.side * len(scene.realm_grid)).astype(int)
    return int(scene.realm_grid[cell[1], cell[0]])


@pytest.mark.parametrize("method", ["peaks", "hdbscan", "kmeans"])
def test_every_realm_has_one_capital_on_its_own_land(method):
    scene, _ = countries(method=method)
    capitals = [town for town in scene.towns if town.rank == 0]
    assert sorted(town.realm for town in capitals) == sorted(realm.code for realm in scene.realms)
    for town in capitals:
        assert realm_under(scene, town.x, town.y) == town.realm == scene.colouring.codes[town.item]
        assert town.population == max(one.population for one in scene.towns if one.realm == town.realm)


def test_ranks_never_contradict_populations_and_are_ever_more_frequent():
    scene, _ = countries()
    ranks = [[town.population for town in scene.towns if town.rank == rank] for rank in range(1, 5)]
    for higher, lower in itertools.pairwise(ranks):
        assert min(higher) >= max(lower)
        assert len(higher) < len(lower)
    order = [(town.rank, -town.population) for town in scene.towns]
    assert order == sorted(order)


def test_a_country_is_stood_for_by_one_of_its_many_towns():
    scene, labels = countries(method="kmeans")
    assert len(scene.towns) > 200
    for town in scene.towns[:5]:
        assert 700 < town.population < 900  # of 4,000 in five countries
        assert (labels == town.cluster).sum() < 40
    places = np.array([[town.x, town.y] for town in scene.towns])
    for town in scene.towns[:5]:
        near = np.hypot(*(places - (town.x, town.y)).T) < 12
        assert {one.rank for one, close in zip(scene.towns, near, strict=True) if close} >= {0, 2, 3, 4}


def test_each_town_stands_on_land_at_an_item_of_its_own_cluster():
    scene, labels = countries()
    items = [town.item for town in scene.towns]
    assert [town.cluster for town in scene.towns] == labels[items].tolist()
    assert len({town.cluster for town in scene.towns}) == len(scene.towns)
    assert (elevation_at(scene.terrain, scene.coordinates[items]) > 0).all()


def test_there_are_more_towns_where_there_are_more_items_and_all_have_names_of_their_own():
    few, more = (countries(n)[0].towns for n in (400, 4_000))
    assert 25 <= len(few) < 60 < len(more) < 450
    for towns in (few, more):
        assert len({town.name.casefold() for town in towns}) == len(towns)


def test_a_realm_that_is_the_majority_nowhere_founds_its_capital():
    rng = np.random.default_rng(0)
    places = np.concatenate([rng.normal(size=(600, 2)), rng.normal((4.5, 0), 0.02, size=(4, 2))]).astype(np.float32)
    land = np.array(["large"] * 600 + ["small"] * 4)
    embeddings, projection = embedding_set(places, land=land), Projection(places, "given")
    clustering = find_clusters(embeddings, projection, method="kmeans", n_clusters=1)
    one = np.zeros(604, np.int32)
    level = type(clustering.levels[0])(one, ("Everything",))
    whole = type(clustering)((level,), 0, np.ones(604, np.float32), "map", "made up")
    scene = build_scene(embeddings, projection, whole, Recipe(color_by="land"))
    assert len(scene.realms) == 2
    assert sorted(town.realm for town in scene.towns if town.rank == 0) == [0, 1]
    founded = next(town for town in scene.towns if town.realm == 1)
    assert (founded.name, founded.population, land[founded.item]) == ("small", 4, "small")
