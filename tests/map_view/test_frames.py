"""A layout as it stands: what a frame holds, which ones are kept, and who may fetch them."""

from __future__ import annotations

import gc

import numpy as np
import pytest
from starlette.applications import Starlette

from cartography.drawing.browser.wire import frame_blob
from dashboard.map_view import Worlds, map_routes
from dashboard.map_view.frames import FRAMES, MOST_POINTS, Frames
from dashboard.map_view.routes import AWAY, LAYOUTS, PREFIX
from tests.asgi import get
from tests.map_view.scenes import random_walks

N = 900


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def opened(blob: bytes) -> tuple[int, np.ndarray, str]:
    """The number, the items (n, 2) and the text of a frame, read as a browser does."""
    number, count = (int(value) for value in np.frombuffer(blob, "<u4", 2))
    low, high = np.frombuffer(blob, "<f4", 4, offset=8).astype(float).reshape(2, 2)
    steps = np.frombuffer(blob, "<u2", 2 * count, offset=24).reshape(-1, 2)
    return number, low + (high - low) * steps / 65535, blob[24 + 4 * count :].decode()


def order_of(n: int) -> np.ndarray:
    return np.random.default_rng(1).permutation(n).astype(np.int32)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def layout(clock) -> Frames:
    frames = Frames(clock)
    frames.begin(order_of(N))
    return frames


def served(frames: Frames, base_path: str = "") -> Starlette:
    return Starlette(routes=map_routes(Worlds(), base_path, {frames.token: frames}))


# ------------------------------------------------------------------------- a frame
def test_a_frame_holds_the_items_in_the_order_of_the_map(layout):
    xy, _ = random_walks(N)
    layout.offer(xy, "step 4 of 200")
    number, found, said = opened(layout.newer(0))
    assert (number, said) == (1, "The layout is forming: step 4 of 200")
    assert np.abs(found - xy[order_of(N)]).max() < np.ptp(xy, axis=0).max() / 65535


@pytest.mark.parametrize("size", [1e-4, 1.0, 3e4])
def test_places_are_right_to_half_a_step_at_any_size(size):
    xy = random_walks(N)[0] * np.float32(size) * np.float32([1, 0.01])
    _, found, _ = opened(frame_blob(7, xy, ""))
    half_a_step = 0.5 * np.ptp(xy, axis=0) / 65535
    assert (np.abs(found - xy).max(axis=0) <= 1.01 * half_a_step + 1e-6 * np.abs(xy).max(axis=0)).all()


def test_items_all_in_one_place_stay_there():
    _, found, _ = opened(frame_blob(1, np.full((5, 2), 3, np.float32), ""))
    assert found.tolist() == [[3, 3]] * 5


def test_of_many_items_the_first_are_a_fair_sample():
    n = 3 * MOST_POINTS
    xy = np.arange(2 * n, dtype=np.float32).reshape(-1, 2)
    frames = Frames()
    frames.begin(order_of(n))
    frames.offer(xy, "")
    blob = frames.newer(0)
    _, found, said = opened(blob)
    assert said == "The layout is forming"
    assert len(found) == MOST_POINTS
    assert len(blob) < 250_000
    assert np.median(found[:, 0]) == pytest.approx(n, rel=0.02)


# ------------------------------------------------------------------ which are kept
def test_only_the_newest_is_kept_and_sent_once(layout, clock):
    for step in range(3):
        clock.now = float(step)
        layout.offer(np.full((N, 2), step, np.float32), f"step {step}")
    number, found, said = opened(layout.newer(1))
    assert (number, said) == (3, "The layout is forming: step 2")
    assert (found == 2).all()
    assert layout.newer(3) is None


def test_at_most_five_are_kept_per_second(layout, clock):
    for tick in range(1001):
        clock.now = tick / 500
        layout.offer(np.zeros((N, 2), np.float32), "")
    assert 8 <= opened(layout.newer(0))[0] <= 11


def test_bytes_are_made_when_asked_for_and_once(layout, monkeypatch):
    made = []
    monkeypatch.setattr("dashboard.map_view.frames.frame_blob", lambda *frame: made.append(frame) or b"blob")
    layout.offer(np.zeros((N, 2), np.float32), "")
    assert made == []
    assert layout.newer(0) == layout.newer(0) == b"blob"
    assert len(made) == 1


def test_a_frame_is_a_copy(layout):
    xy = np.ones((N, 2), np.float32)
    layout.offer(xy, "")
    xy[:] = 5
    assert (opened(layout.newer(0))[1] == 1).all()


@pytest.mark.parametrize("wrong", [np.zeros((N - 1, 2), np.float32), np.full((N, 2), np.nan, np.float32)])
def test_what_cannot_be_shown_is_passed_over(layout, wrong):
    layout.offer(wrong, "")
    assert layout.newer(0) is None


def test_there_is_nothing_to_see_before_the_map_that_stands_in():
    frames = Frames()
    frames.offer(np.zeros((N, 2), np.float32), "")
    frames.settle()
    assert frames.newer(0) is None


def test_when_the_layout_is_done_the_last_frame_says_what_comes_next(layout):
    layout.offer(np.ones((N, 2), np.float32), "step 1")
    layout.settle()
    layout.settle()
    number, found, said = opened(layout.newer(1))
    assert (number, said) == (2, "The layout is done; the land comes next")
    assert (found == 1).all()


def test_a_closed_one_lets_go_of_everything(layout):
    layout.offer(np.zeros((N, 2), np.float32), "")
    layout.close()
    layout.offer(np.zeros((N, 2), np.float32), "")
    assert layout.newer(0) is None


def test_frames_are_served_as_long_as_somebody_holds_them():
    frames = Frames()
    FRAMES[frames.token] = frames
    token = frames.token
    assert token in FRAMES
    del frames
    gc.collect()
    assert token not in FRAMES


# ----------------------------------------------------------------------- the route
def test_the_route_sends_what_is_newer_and_nobody_keeps_it(layout):
    app, path = served(layout), f"/{PREFIX}/{LAYOUTS}/{layout.token}"
    assert get(app, f"{path}/0").status == 204
    layout.offer(random_walks(N)[0], "step 1")
    answer = get(app, f"{path}/0", {"Accept-Encoding": "gzip"})
    assert (answer.status, answer.body) == (200, layout.newer(0))
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-encoding"] == "identity"
    again = get(app, f"{path}/1")
    assert (again.status, again.body) == (204, b"")
    assert again.headers["cache-control"] == "no-store"


def test_the_route_needs_the_token(layout):
    layout.offer(random_walks(N)[0], "step 1")
    answer = get(served(layout), f"/{PREFIX}/{LAYOUTS}/{'A' * 32}/0")
    assert (answer.status, answer.text) == (404, AWAY)
    assert "store" in answer.headers["cache-control"]


@pytest.mark.parametrize("after", ["-1", "x", "1.0", "²", "9" * 5000, ""])
def test_the_route_counts_in_whole_numbers(layout, after):
    assert get(served(layout), f"/{PREFIX}/{LAYOUTS}/{layout.token}/{after}").status == 404


@pytest.mark.parametrize("base_path", ["maps", "/maps/of/mine/"])
def test_the_route_works_below_a_base_path(layout, base_path):
    layout.offer(random_walks(N)[0], "step 1")
    path = f"/{base_path.strip('/')}/{PREFIX}/{LAYOUTS}/{layout.token}/0"
    assert get(served(layout, base_path), path).status == 200
