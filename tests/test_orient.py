from __future__ import annotations

import numpy as np
import pytest

from cartography.orient import oriented


def long_cloud(angle: float) -> np.ndarray:
    rng = np.random.default_rng(0)
    x = rng.gamma(2.0, 3.0, size=2_000)
    cloud = np.stack([x, rng.normal(size=2_000)], axis=1)
    cos, sin = np.cos(angle), np.sin(angle)
    return (cloud @ np.array([[cos, sin], [-sin, cos]])).astype(np.float32)


@pytest.mark.parametrize("angle", [0.0, 0.7, 1.5, 2.6, 4.0])
def test_the_long_axis_lies_horizontally_whichever_way_the_map_came(angle: float) -> None:
    turned, _ = oriented(long_cloud(angle), "umap")
    width, height = np.ptp(turned, axis=0)
    assert width > 1.5 * height
    tail = turned[:, 0] - turned[:, 0].mean()
    assert (tail**3).mean() > 0


def test_a_turned_map_keeps_all_distances_and_is_not_mirrored() -> None:
    cloud = long_cloud(1.0)
    turned, turn = oriented(cloud, "tsne")
    before, after = cloud[:300, None] - cloud[None, :300], turned[:300, None] - turned[None, :300]
    assert np.allclose(np.hypot(*before.T), np.hypot(*after.T), atol=1e-3)
    back = turned @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    assert np.allclose(back, cloud, atol=1e-3)


@pytest.mark.parametrize("method", ["pca", "given"])
def test_maps_whose_axes_mean_something_are_left_alone(method: str) -> None:
    cloud = long_cloud(1.0)
    turned, turn = oriented(cloud, method)
    assert turn == 0.0
    assert np.array_equal(turned, cloud)


def test_three_dimensions_are_seen_from_above() -> None:
    assert oriented(np.random.default_rng(0).normal(size=(30, 3)).astype(np.float32), "umap")[0].shape == (30, 2)
