"""The mathematics of the view in three dimensions, run as the browser runs it."""

from __future__ import annotations

import json
import shutil
import subprocess
from itertools import pairwise

import numpy as np
import pytest

from tests.data import ROOT

N = 3000
STAGE = {"x": 0.0, "y": 0.0, "width": 30.0, "height": 20.0}
JS = ROOT / "cartography" / "drawing" / "browser" / "js"

SCRIPT = """
import fs from "node:fs";
import * as table from "./turntable.mjs";
const { xyz, stage, poses } = JSON.parse(fs.readFileSync("given.json"));
const count = xyz.length, xy = Float32Array.from(xyz.flatMap(([x, y]) => [x, y]));
const depths = Float32Array.from(xyz, ([, , z]) => z);
const lie = table.lieOf(xy, depths, count);
const seen = poses.map((given) => {
    const pose = table.poseOf(given, lie, stage), listed = { listed: given.listed ?? null, count };
    if (given.listed) listed.count = given.listed.length;
    const [uv, kinds, order] = [new Float32Array(2 * count), new Uint8Array(count), new Uint32Array(count)];
    table.placeAll(pose, { xy, depths }, listed, uv, kinds);
    const starts = table.sortedByLayer(kinds, listed, order);
    const one = xyz.map((_, i) => table.placeIn(pose, xy[2 * i], xy[2 * i + 1], depths[i]));
    return { pose, uv: [...uv], one, order: [...order].slice(0, listed.count), starts: [...starts] };
});
console.log(JSON.stringify({ lie, floor: table.floorLines(lie), seen, unwound: [7, -7, 3].map(table.unwound) }));
"""


def cloud() -> np.ndarray:
    """(N, 3) float32: a flat ellipsoid of items, and one that lies far off."""
    points = np.random.default_rng(3).normal(size=(N, 3)) * (4, 2, 1) + (5, -3, 0)
    points[7] = (4e3, 1e3, -2e3)
    return points.astype(np.float32)


def told(folder, xyz: np.ndarray, poses: list[dict]) -> dict:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node not found: the browser test turns a cloud as well")
    (folder / "turntable.mjs").write_text((JS / "turntable.js").read_text())
    (folder / "given.json").write_text(json.dumps({"xyz": xyz.tolist(), "stage": STAGE, "poses": poses}))
    (folder / "run.mjs").write_text(SCRIPT)
    run = subprocess.run([node, "run.mjs"], cwd=folder, capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def seen(tmp_path_factory) -> dict:
    """The cloud on the map, seen obliquely, over its plane to the north, the same turned once around, and a part."""
    poses = [
        {"yaw": 0.9, "tilt": 1.1, "share": 0},
        {"yaw": 0.9, "tilt": 1.1, "share": 1},
        {"yaw": 0.0, "tilt": np.pi / 2, "share": 1},
        {"yaw": 2 * np.pi, "tilt": np.pi / 2, "share": 1},
        {"yaw": 0.9, "tilt": 1.1, "share": 1, "listed": [4, 2, 900]},
    ]
    return told(tmp_path_factory.mktemp("turntable"), cloud(), poses)


def test_before_it_rises_every_item_is_where_the_map_has_it(seen):
    assert np.allclose(np.reshape(seen["seen"][0]["uv"], (-1, 2)), cloud()[:, :2], rtol=1e-5, atol=1e-4)


def test_all_at_once_is_the_same_as_one_by_one(seen):
    for view in seen["seen"][:4]:
        assert np.allclose(np.reshape(view["uv"], (-1, 2)), np.array(view["one"])[:, :2], rtol=1e-5, atol=1e-5)


def test_a_pose_turns_without_stretching(seen):
    for view in seen["seen"]:
        axes = np.array([view["pose"][name] for name in ("right", "up", "toward")])
        assert np.allclose(axes @ axes.T, np.eye(3), atol=1e-12)
        assert np.linalg.det(axes) == pytest.approx(1)


def test_over_the_plane_depth_goes_up_and_the_south_is_near_and_large(seen):
    xyz, one = cloud(), np.array(seen["seen"][2]["one"])
    middle = np.array(seen["lie"]["middle"])
    near = one[:, 2]
    assert np.array_equal(np.argsort(-xyz[:, 1], kind="stable"), np.argsort(near, kind="stable"))
    level = np.abs(near) < 0.02
    assert np.corrcoef(one[level, 1], xyz[level, 2])[0, 1] > 0.999
    grown = np.abs(one[:, 0] / (xyz[:, 0] - middle[0]))
    front, back = grown[(near > 0.3) & (near < 2)], grown[near < -0.3]
    assert front.min() > back.max()


def test_once_around_is_the_same_view(seen):
    assert np.allclose(seen["seen"][2]["one"], seen["seen"][3]["one"], atol=1e-3)
    assert seen["unwound"] == pytest.approx([7 - 2 * np.pi, 2 * np.pi - 7, 3])


def test_layers_hold_every_item_once_the_far_ones_first(seen):
    view = seen["seen"][1]
    near = np.array(view["one"])[:, 2]
    assert sorted(view["order"]) == list(range(N))
    layers = [view["order"][a:b] for a, b in pairwise(view["starts"])]
    assert len(layers) == 5
    assert all(layers)
    for far, nearer in pairwise(layers):
        assert near[far].max() <= near[nearer].min() + 1e-6
        assert far == sorted(far)  # within a layer the most telling come first


def test_only_the_items_asked_for_are_placed(seen):
    view, whole = seen["seen"][4], seen["seen"][1]
    placed = np.reshape(view["uv"], (-1, 2))
    assert sorted(view["order"]) == [2, 4, 900]
    assert np.array_equal(placed[[2, 4, 900]], np.reshape(whole["uv"], (-1, 2))[[2, 4, 900]])
    assert not np.delete(placed, [2, 4, 900], axis=0).any()


def test_the_cloud_fills_the_stage_whatever_lies_far_off(seen):
    one = np.array(seen["seen"][1]["one"])
    inside = (np.abs(one[:, 0]) < STAGE["width"] / 2) & (np.abs(one[:, 1]) < STAGE["height"] / 2)
    assert inside.mean() > 0.97
    assert np.ptp(one[inside, 1]) > 0.5 * STAGE["height"]


def test_the_floor_lies_below_in_round_steps(seen):
    lines, lie = np.array(seen["floor"]), seen["lie"]
    assert (lines[:, :, 2] == lie["floor"]).all()
    assert lie["middle"][2] - lie["radius"] <= lie["floor"] < np.quantile(cloud()[:, 2], 0.01)
    for axis in (0, 1):
        assert lines[:, :, axis].min() <= lie["low"][axis]
        assert lines[:, :, axis].max() >= lie["high"][axis]
    across = np.unique(lines[lines[:, 0, 0] == lines[:, 1, 0]][:, 0, 0])
    assert 4 <= len(across) <= 12
    assert np.allclose(np.diff(across), np.diff(across)[0])


@pytest.mark.parametrize("xyz", [np.zeros((1, 3)), np.zeros((5, 3)), np.ones((2, 3))])
def test_items_in_one_place_are_seen_in_the_middle(tmp_path, xyz):
    found = told(tmp_path, xyz, [{"yaw": 1.0, "tilt": 1.0, "share": 1}])
    assert np.allclose(found["seen"][0]["uv"], 0)
    assert np.isfinite(np.array(found["floor"], dtype=float)).all()
