from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cartography.errors import Cancelled, ParameterError, ShapeError
from cartography.land import build_scene
from cartography.progress import ProgressEvent
from cartography.records import MapScene, NeighbourGraph, Projection, Recipe
from cartography.records.map_scene import NO_REALM, SEA
from cartography.surface import elevation_at
from tests.land.worlds import CENTRES, clustering_of, embeddings_of, four_islands, points, scene_of


def realm_at(scene: MapScene, x: float, y: float) -> int:
    cell = ((np.array([x, y]) - scene.terrain.origin) / scene.terrain.side * len(scene.realm_grid)).astype(int)
    return int(scene.realm_grid[cell[1], cell[0]])


def test_each_group_rules_its_own_island_and_nobody_the_sea() -> None:
    scene = four_islands()
    codes = [realm_at(scene, *centre) for centre in CENTRES]
    assert sorted(codes) == [0, 1, 2, 3]
    names = {realm.code: realm.name for realm in scene.realms}
    assert [names[code] for code in codes] == [f"group {i}" for i in range(4)]
    assert realm_at(scene, 9.0, 6.0) == SEA


def test_names_of_realms_lie_on_their_land() -> None:
    scene = four_islands()
    for realm in scene.realms:
        assert realm.length > 0.5
        for share in (-0.25, 0.0, 0.25):
            along = share * realm.length * np.array([np.cos(realm.angle), np.sin(realm.angle)])
            assert realm_at(scene, realm.x + along[0], realm.y + along[1]) == realm.code


def test_a_mixed_land_belongs_to_the_majority() -> None:
    coordinates, _ = points()
    rare = np.arange(len(coordinates)) % 10 == 0
    scene = scene_of(coordinates, rare.astype(int), kind=np.where(rare, "rare", "common"))
    land = scene.realm_grid != SEA
    assert (scene.realm_grid[land] == 0).mean() > 0.95


def test_hundreds_of_groups_share_the_land_of_the_largest() -> None:
    coordinates, group = points(4_000)
    rng = np.random.default_rng(0)
    words = [f"w{i}" for i in rng.integers(0, 700, len(group))]
    scene = scene_of(coordinates, group, Recipe(color_by="word"), word=words)
    assert len(scene.realms) <= 60
    assert (scene.realm_grid == NO_REALM).any()
    assert set(np.unique(scene.realm_grid)) <= {SEA, NO_REALM, *(realm.code for realm in scene.realms), *range(700)}


def test_items_that_no_column_divides_are_coloured_by_their_clusters() -> None:
    coordinates, group = points()
    serial = [f"item {i}" for i in range(len(group))]
    scene = scene_of(coordinates, group, Recipe(), serial=serial)
    assert scene.colouring.column is None
    assert any("coarsest clusters" in note for note in scene.notes)
    codes = scene.colouring.codes
    for one in range(4):
        assert len(set(codes[group == one].tolist())) == 1
    assert len(set(codes.tolist())) == 4


def test_without_groups_the_coarsest_clusters_rule() -> None:
    coordinates, group = points()
    values = np.random.default_rng(0).normal(size=len(group))
    scene = scene_of(coordinates, group, Recipe(color_by="value"), value=values)
    assert scene.colouring.kind == "numbers"
    assert {realm.name for realm in scene.realms} == {f"Realm {i}" for i in range(4)}


def test_towns_are_real_items_on_land_with_one_capital_in_each_realm() -> None:
    scene = four_islands()
    assert len(scene.towns) == 12
    stands = np.array([[town.x, town.y] for town in scene.towns])
    assert np.array_equal(stands.astype(np.float32), scene.coordinates[[town.item for town in scene.towns]])
    assert (elevation_at(scene.terrain, stands) > 0).all()
    capitals = [town for town in scene.towns if town.rank == 0]
    assert sorted(town.realm for town in capitals) == sorted(realm.code for realm in scene.realms)
    assert len({town.name for town in scene.towns}) == len(scene.towns)
    populations = [town.population for town in scene.towns]
    assert populations == sorted(populations, reverse=True)


def test_the_rank_of_a_town_falls_with_its_population() -> None:
    coordinates, group = points(4_000)
    fine = np.minimum(np.random.default_rng(0).geometric(0.15, len(group)), 25).astype(np.int32) - 1
    clustering = clustering_of(coordinates, group)
    levels = (clustering.levels[0], type(clustering.levels[0])(fine))
    clustering = type(clustering)(levels, 0, clustering.strengths, "map", "made up")
    embeddings = embeddings_of(coordinates, group=group.astype(str))
    scene = build_scene(embeddings, Projection(coordinates, "given"), clustering, Recipe())
    common = [town for town in scene.towns if town.rank > 0]
    ranks = [town.rank for town in common]
    assert ranks == sorted(ranks)
    assert set(ranks) >= {1, 2, 3, 4}


def test_any_prefix_of_the_order_is_a_fair_sample() -> None:
    scene = four_islands(4_000)
    assert sorted(scene.order) == list(range(4_000))
    group = scene.colouring.codes[scene.order[:400]]
    assert np.abs(np.bincount(group, minlength=4) / 400 - 0.25).max() < 0.08


def test_the_seed_decides_the_order_and_nothing_else() -> None:
    coordinates, group = points()
    first, again, other = (scene_of(coordinates, group, Recipe(seed=seed)) for seed in (0, 0, 1))
    assert np.array_equal(first.order, again.order)
    assert not np.array_equal(first.order, other.order)
    assert first.terrain.fingerprint == other.terrain.fingerprint
    assert first.towns == again.towns == other.towns


def test_the_scale_is_the_reach_of_the_fifteenth_neighbour() -> None:
    coordinates, group = points()
    n = len(coordinates)
    indices = (np.arange(n)[:, None] + np.arange(1, 16)) % n
    graph = NeighbourGraph(indices.astype(np.int32), np.ones((n, 15), np.float32), "euclidean")
    step = coordinates - coordinates[indices[:, 14]]
    assert scene_of(coordinates, group, neighbours=graph).scale == pytest.approx(
        np.median(np.hypot(*step.T)), rel=1e-4
    )
    assert scene_of(coordinates, group).scale == 0.0


def test_the_notes_say_which_column_was_chosen() -> None:
    coordinates, group = points()
    assert "'group'" in scene_of(coordinates, group).notes[0]
    assert scene_of(coordinates, group, Recipe(color_by="group")).notes == ()


def test_parts_of_different_length_and_unknown_columns_are_refused() -> None:
    coordinates, group = points()
    embeddings, projection = embeddings_of(coordinates), Projection(coordinates[:-1], "given")
    with pytest.raises(ShapeError, match="length"):
        build_scene(embeddings, projection, clustering_of(coordinates, group), Recipe())
    with pytest.raises(ParameterError, match="nowhere"):
        scene_of(coordinates, group, Recipe(color_by="nowhere"))


def test_the_person_may_stop_the_work() -> None:
    def stop(event: ProgressEvent) -> None:
        if event.fraction >= 0.5:
            raise Cancelled

    coordinates, group = points()
    with pytest.raises(Cancelled):
        build_scene(
            embeddings_of(coordinates),
            Projection(coordinates, "given"),
            clustering_of(coordinates, group),
            Recipe(),
            None,
            stop,
        )


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_a_map_of_very_few_items(n: int) -> None:
    coordinates = np.random.default_rng(0).normal(size=(n, 2)).astype(np.float32)
    scene = scene_of(coordinates, np.zeros(n, dtype=int))
    assert len(scene) == n
    assert scene.terrain.side > 0


def test_items_rise_out_of_the_land_by_the_third_coordinate() -> None:
    coordinates, group = points()
    third = np.random.default_rng(4).normal(3e3, 2, len(coordinates)).astype(np.float32)
    made = {
        name: build_scene(
            embeddings_of(coordinates),
            Projection(where, method="umap"),
            clustering_of(coordinates, group),
            Recipe(),
        )
        for name, where in (("flat", coordinates), ("deep", np.column_stack([coordinates, third])))
    }
    deep = made["deep"]
    assert made["flat"].depths is None
    assert np.array_equal(deep.coordinates, made["flat"].coordinates)
    assert deep.depths is not None
    assert np.median(deep.depths) == pytest.approx(0, abs=1e-3)
    assert np.allclose(np.diff(deep.depths), np.diff(third), atol=1e-3)
    with pytest.raises(ShapeError):
        replace(deep, depths=third[1:])
    with pytest.raises(ShapeError):
        replace(deep, depths=np.full(len(third), np.nan))
