"""Which items are inside: against one point at a time, written out."""

from __future__ import annotations

import json
import shutil
import subprocess
import time

import numpy as np
import pytest

from cartography.errors import ParameterError
from dashboard.map_view.lasso import LassoStep, inside, steps_from
from tests.data import ROOT


def is_inside(polygon, x: float, y: float) -> bool:
    """Even-odd rule, for one point."""
    odd = False
    for (x0, y0), (x1, y1) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            odd = not odd
    return odd


def loop(seed: int, corners: int = 40, wild: bool = False) -> tuple[tuple[float, float], ...]:
    """A closed loop, smooth or crossing itself."""
    rng = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * np.pi * (2 if wild else 1), corners, endpoint=False)
    radius = rng.uniform(0.4, 1.6, size=corners)
    middle = rng.uniform(-0.5, 0.5, size=2)
    return tuple(
        (float(x), float(y)) for x, y in np.stack([np.cos(angle), np.sin(angle)], 1) * radius[:, None] + middle
    )


def points(n: int = 700, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, 2)).astype(np.float32)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("wild", [False, True])
def test_one_loop_holds_what_the_rule_says(seed, wild):
    polygon, xy = loop(seed, wild=wild), points()
    expected = [is_inside(polygon, float(x), float(y)) for x, y in xy]
    assert inside([LassoStep("set", polygon)], xy).tolist() == expected


def test_points_on_corners_and_level_edges_follow_the_rule_too():
    polygon = ((0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 1.0), (1.0, 2.0), (0.0, 2.0))
    xy = np.array([[x, y] for x in (0, 0.5, 1, 1.5, 2) for y in (0, 0.5, 1, 1.5, 2)], dtype=np.float32)
    expected = [is_inside(polygon, float(x), float(y)) for x, y in xy]
    assert inside([LassoStep("set", polygon)], xy).tolist() == expected


def test_steps_build_on_each_other():
    xy = points()
    a, b, c, d = (inside([LassoStep("set", loop(seed))], xy) for seed in range(4))
    steps = [
        LassoStep("add", loop(0)),
        LassoStep("set", loop(1)),
        LassoStep("add", loop(2)),
        LassoStep("subtract", loop(3)),
    ]
    assert a.any()
    assert np.array_equal(inside(steps, xy), (b | c) & ~d)


def test_no_steps_and_no_points_hold_nothing():
    assert not inside([], points()).any()
    assert inside([LassoStep("set", loop(0))], np.empty((0, 2), dtype=np.float32)).shape == (0,)


def test_a_loop_without_area_holds_nothing():
    assert not inside([LassoStep("set", ((0.0, 0.0), (1.0, 1.0)))], points()).any()
    assert not inside([LassoStep("set", ((0.0, 0.0), (1.0, 0.0), (2.0, 0.0)))], points()).any()


def test_a_million_points_in_a_loop_of_two_hundred_corners_take_less_than_a_second():
    xy = points(1_000_000)
    step = LassoStep("set", loop(5, corners=200))
    began = time.process_time()
    held = inside([step], xy)
    assert time.process_time() - began < 1.0
    sample = np.arange(0, len(xy), 5003)
    assert held[sample].tolist() == [is_inside(step.polygon, float(x), float(y)) for x, y in xy[sample]]


@pytest.mark.parametrize(
    "given",
    [
        None,
        "set",
        7,
        [7],
        [{}],
        [{"op": "flood", "polygon": [[0, 0], [1, 0], [1, 1]]}],
        [{"op": "set", "polygon": [[0, 0], [1, 0]]}],
        [{"op": "set", "polygon": [[0, 0], [1, 0], [1, "x"]]}],
        [{"op": "set", "polygon": [[0, 0], [1, 0], [1, float("nan")]]}],
        [{"op": "set", "polygon": [[0, 0, 0], [1, 0, 0], [1, 1, 0]]}],
        [{"op": "set", "polygon": [[0, 0]] * 100_000}],
    ],
)
def test_malformed_steps_are_left_out(given):
    assert steps_from(given) == ()


def test_steps_survive_the_way_to_the_browser_and_back():
    steps = (LassoStep("set", loop(0)), LassoStep("subtract", loop(1)))
    assert steps_from(json.loads(json.dumps([step.as_json() for step in steps]))) == steps


def test_an_unknown_operation_is_refused():
    with pytest.raises(ParameterError, match="flood") as refused:
        LassoStep("flood", loop(0))
    assert "set, add, subtract" in refused.value.hint


def test_the_browser_holds_the_same_items(tmp_path):
    node = shutil.which("node")
    if node is None:
        pytest.skip("node not found: the browser tests compare both sides as well")
    xy = points(20_000)
    steps = [LassoStep("set", loop(6, 200, wild=True)), LassoStep("add", loop(7)), LassoStep("subtract", loop(8))]
    given = tmp_path / "given.json"
    given.write_text(json.dumps({"xy": xy.ravel().tolist(), "steps": [step.as_json() for step in steps]}))
    module = ROOT / "cartography" / "drawing" / "browser" / "js" / "lasso.js"
    copy = tmp_path / "lasso.mjs"
    copy.write_text(module.read_text())
    script = (
        f'import {{ holds }} from "{copy}"; import fs from "node:fs";'
        f'const {{ xy, steps }} = JSON.parse(fs.readFileSync("{given}"));'
        "console.log(JSON.stringify([...holds(steps, Float32Array.from(xy), xy.length / 2)]));"
    )
    told = subprocess.run([node, "--input-type=module", "-e", script], capture_output=True, text=True, check=True)
    assert json.loads(told.stdout) == inside(steps, xy).astype(int).tolist()
