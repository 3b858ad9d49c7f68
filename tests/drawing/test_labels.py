from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from cartography.drawing.names.labels import Layout, place_labels
from cartography.drawing.names.lettering import LONGEST, cleaned, runs_one_way, shortened, width_of, wrapped
from cartography.drawing.names.taken import Box
from cartography.records import MapScene
from cartography.surface import Window
from tests.land.worlds import clustering_of, embeddings_of, four_islands, points, scene_of

FONTS = Path("/usr/share/fonts/truetype/liberation")


def window_of(scene: MapScene, width: int = 1200, height: int = 900) -> Window:
    x0, y0, x1, y1 = scene.terrain.frame
    pixel = max((x1 - x0) / width, (y1 - y0) / height)
    return Window(x0, y0, x0 + width * pixel, y0 + height * pixel, width, height)


def boxes_of(layout: Layout) -> list[tuple[Box, ...]]:
    return [label.boxes for label in layout.realms] + [label.boxes for label in layout.towns if label.text]


def overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def crowded() -> MapScene:
    """Many towns with long names in a small place."""
    from cartography.land import build_scene
    from cartography.records import Clustering, Level, Projection, Recipe

    coordinates, group = points(3_000)
    fine = (np.arange(len(group)) % 300).astype(np.int32)
    levels = (
        clustering_of(coordinates, group).levels[0],
        Level(fine, tuple(f"{'Long ' * (i % 4)}Town of number {i}" for i in range(300))),
    )
    clustering = Clustering(levels, 0, np.ones(len(group), np.float32), "map", "made up")
    embeddings = embeddings_of(coordinates, group=[f"the group with number {g}" for g in group])
    return build_scene(embeddings, Projection(coordinates, "given"), clustering, Recipe())


@pytest.mark.parametrize("ornate", [True, False])
@pytest.mark.parametrize("size", [(1600, 1067), (500, 400), (120, 2_000)])
def test_no_two_names_overlap_and_none_leaves_the_page(ornate: bool, size: tuple[int, int]) -> None:
    scene = crowded()
    layout = place_labels(scene, window_of(scene, *size), ornate=ornate)
    placed = boxes_of(layout)
    for first, second in combinations(placed, 2):
        assert not any(overlap(a, b) for a in first for b in second)
    for box in (box for boxes in placed for box in boxes):
        assert box[0] >= 0
        assert box[1] >= 0
        assert box[2] <= size[0]
        assert box[3] <= size[1]


def test_no_name_covers_the_mark_of_another_town() -> None:
    scene = crowded()
    layout = place_labels(scene, window_of(scene))
    for label in layout.towns:
        others = [other.mark_box for other in layout.towns if other is not label]
        assert not any(overlap(box, mark) for box in label.boxes for mark in others)


def test_where_there_is_room_every_realm_and_capital_is_named() -> None:
    scene = four_islands()
    layout = place_labels(scene, window_of(scene))
    assert {label.text for label in layout.realms} == {f"GROUP {i}" for i in range(4)}
    named = {label.town.name for label in layout.towns if label.text}
    assert {town.name for town in scene.towns if town.rank == 0} <= named
    assert len(named) >= 8


def test_important_towns_come_first_and_are_written_larger() -> None:
    scene = crowded()
    layout = place_labels(scene, window_of(scene))
    named = [label for label in layout.towns if label.text]
    assert sum(label.town.rank == 0 for label in named) >= 3
    assert len(named) < len(scene.towns)
    sizes = {label.town.rank: label.size for label in layout.towns}
    assert [sizes[rank] for rank in sorted(sizes)] == sorted(sizes.values(), reverse=True)


def test_names_keep_clear_of_reserved_places() -> None:
    scene = four_islands()
    window = window_of(scene)
    reserved = (0.0, 0.0, 0.55 * window.width, float(window.height))
    layout = place_labels(scene, window, reserved=[reserved])
    assert boxes_of(layout)
    assert not any(overlap(box, reserved) for boxes in boxes_of(layout) for box in boxes)


def test_names_of_other_scripts_stand_straight() -> None:
    coordinates, group = points()
    scene = scene_of(coordinates, group, word=[("مملكة", "日本語", "Ünïcödé", "हिन्दी")[g] for g in group])
    layout = place_labels(scene, window_of(scene))
    bends = {label.text: abs(label.bend) for label in layout.realms}
    assert bends["مملكة"] == bends["हिन्दी"] == 0
    assert bends["ÜNÏCÖDÉ"] > 0


def test_a_bent_name_lies_on_its_arc() -> None:
    label = place_labels(four_islands(), window_of(four_islands())).realms[0]
    ends = label.on_arc(np.array([-0.5, 0.0, 0.5]))
    assert np.allclose(ends[1], (label.x, label.y))
    fine = label.on_arc(np.linspace(-0.5, 0.5, 200))
    assert np.hypot(*np.diff(fine, axis=0).T).sum() == pytest.approx(label.width, rel=1e-3)


@pytest.mark.parametrize(
    "text", ["Mercedes Town", "Chevrolet", "BMW-burg", "The Hollow Realm", "WILLIAM", "Straße 17"]
)
def test_widths_are_upper_bounds_of_common_faces_but_not_far_off(text: str) -> None:
    from PIL import ImageFont

    for face in ("LiberationSerif-Regular.ttf", "LiberationSans-Regular.ttf"):
        path = FONTS / face
        if not path.exists():
            pytest.skip(f"{face} is not installed")
        true = ImageFont.truetype(str(path), 100).getlength(text) / 100
        assert true <= width_of(text, 1.0) <= 1.45 * true


def test_spacing_and_size_widen_a_text() -> None:
    assert width_of("abc", 20) == pytest.approx(2 * width_of("abc", 10))
    assert width_of("abc", 10, spacing=3) == pytest.approx(width_of("abc", 10) + 6)
    assert width_of("日本", 10) > width_of("ab", 10)
    assert width_of("é", 10) == width_of("e\u0301", 10) == width_of("e", 10)


def test_texts_are_cleaned_of_what_cannot_be_drawn() -> None:
    assert cleaned("a\x00b\x1b[31m\nc\t d\u202e\ud800\ufffe") == "a b [31m c d"
    assert shortened("x" * 1_000_000) == "x" * (LONGEST - 1) + "…"
    assert shortened("short") == "short"
    assert len(shortened("é" * 50)) <= LONGEST
    assert shortened("") == ""


def test_scripts_that_join_their_letters_are_known() -> None:
    assert runs_one_way("Straße Ł")
    assert not runs_one_way("مملكة")
    assert not runs_one_way("שלום")
    assert not runs_one_way("e\u0301")


def test_lines_are_broken_at_words_and_cut_when_too_many() -> None:
    lines = wrapped("one two three four five six", 10, width_of("one two three", 10), 2)
    assert lines == ["one two three", "four five six"]
    assert wrapped("one two three four", 10, width_of("one two", 10), 1)[0].endswith("…")
    assert all(width_of(line, 10) <= 80 for line in wrapped("y" * 500, 10, 80, 2))
