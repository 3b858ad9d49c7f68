"""Maps made in the background: shared, stoppable, and honest about failure."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import pytest

from cartography.concepts.axes.in_recipes import with_axis
from cartography.errors import CartographyError, LoadError
from cartography.progress import report
from cartography.records import AxisSpec, Pole, Recipe
from dashboard.jobs import Job, Jobs
from dashboard.map_view.frames import Frames
from dashboard.sources import Source
from tests.data import blobs

QUICK = Recipe(method="pca")
PATIENCE = 60


@pytest.fixture
def source(tmp_path) -> Source:
    path = tmp_path / "items.npy"
    np.save(path, np.eye(3))
    return Source((str(path),))


def test_the_same_map_is_made_once(monkeypatch, source):
    loaded = []
    monkeypatch.setattr(Source, "read", lambda self, progress=None: loaded.append(1) or blobs(100))
    jobs = Jobs()
    first = jobs.get(source, QUICK)
    assert jobs.get(source, QUICK) is first
    assert first.wait(PATIENCE)
    assert first.result is not None
    other = jobs.get(source, QUICK.replace(color_by="group"))
    assert other.wait(PATIENCE)
    assert other.result.projection is first.result.projection
    assert loaded == [1]


def test_a_large_map_has_a_sketch_before_it_is_done(monkeypatch, source):
    monkeypatch.setattr(Source, "read", lambda self, progress=None: blobs(1200))
    job = Jobs().get(source, Recipe(method="umap", method_params={"n_epochs": 20}))
    assert job.wait(PATIENCE)
    assert job.preview.projection.method == "pca"
    assert job.best.projection.method == "umap"


def test_a_job_stops_when_asked_and_can_start_again(monkeypatch, source):
    reached, resume = threading.Event(), threading.Event()

    def load(self, progress=None):
        reached.set()
        resume.wait(PATIENCE)
        report(progress, "Reading", 0.5)
        return blobs(60)

    monkeypatch.setattr(Source, "read", load)
    jobs = Jobs()
    job = jobs.get(source, QUICK)
    assert reached.wait(PATIENCE)
    job.cancel()
    resume.set()
    assert job.wait(PATIENCE)
    assert job.stopped
    assert job.result is None
    assert job.error is None
    jobs.again(job)
    second = jobs.get(source, QUICK)
    assert second.wait(PATIENCE)
    assert second.result is not None


def test_items_are_seen_moving_from_the_sketch_until_the_map_is_done(monkeypatch, source):
    monkeypatch.setattr(Source, "read", lambda self, progress=None: blobs(2500, seed=1))
    seen, offer = [], Frames.offer

    def watched(frames, coordinates, step):
        offer(frames, coordinates, step)
        seen.append((frames.newer(0), coordinates))

    monkeypatch.setattr(Frames, "offer", watched)
    job = Jobs().get(source, Recipe(method="tsne", method_params={"iterations": 250}))
    assert job.wait(PATIENCE)
    number, count = np.frombuffer(seen[0][0], "<u4", 2)
    assert (number, count) == (1, 2500)
    order, bounds = job.preview.scene.order, np.frombuffer(seen[0][0], "<f4", 4, offset=8)
    first = np.frombuffer(seen[0][0], "<u2", 2, offset=24) / 65535
    assert first == pytest.approx((seen[0][1][order[0]] - bounds[:2]) / (bounds[2:] - bounds[:2]), abs=1e-4)
    assert np.array_equal(order, job.result.scene.order)
    assert job.event.coordinates is None
    assert job.frames.newer(0) is None


@pytest.mark.parametrize("method, step", [("tsne", 0), ("tsne", 300), ("tsne", 740), ("umap", 0), ("umap", 100)])
def test_a_long_layout_stops_within_half_a_second(monkeypatch, source, method, step):
    monkeypatch.setattr(Source, "read", lambda self, progress=None: blobs(5000, seed=2))
    reached, listen = threading.Event(), Job._listen

    def watched(job, event):
        listen(job, event)
        if event.message.startswith(f"step {step} "):
            reached.set()

    monkeypatch.setattr(Job, "_listen", watched)
    job = Jobs().get(source, Recipe(method=method))
    assert reached.wait(PATIENCE)
    before = time.process_time()
    job.cancel()
    assert job.wait(PATIENCE)
    assert time.process_time() - before < 1.0, "half a second of two processors"
    assert job.stopped
    assert job.best is job.preview


def test_a_failure_is_one_sentence_even_when_nobody_foresaw_it(monkeypatch, source):
    def refuse(self, progress=None):
        raise LoadError("This is no embedding file.", "Choose another.")

    def break_down(self, progress=None):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(Source, "read", refuse)
    job = Jobs().get(source, QUICK)
    assert job.wait(PATIENCE)
    assert job.error.sentence == "This is no embedding file. Choose another."
    monkeypatch.setattr(Source, "read", break_down)
    job = Jobs().get(source, QUICK)
    assert job.wait(PATIENCE)
    assert isinstance(job.error, CartographyError)
    assert "secret" not in job.error.sentence


def test_a_changed_file_is_another_source(source):
    before = source.identity
    with Path(source.paths[0]).open("ab") as file:
        file.write(b"more")
    assert source.identity != before


def test_another_axis_needs_no_sketch_where_the_layout_is_there(monkeypatch, source):
    monkeypatch.setattr(Source, "read", lambda self, progress=None: blobs(1200))
    jobs, recipe = Jobs(), Recipe(method="umap", method_params={"n_epochs": 20})
    first = jobs.get(source, recipe)
    assert first.wait(PATIENCE) and first.preview is not None and not first.is_quick
    ids = [str(one) for one in first.result.embeddings.ids]
    axis = AxisSpec("an axis", "poles", Pole("low", ids=(ids[0],)), Pole("high", ids=(ids[1],)))
    second = jobs.get(source, with_axis(recipe, axis))
    assert second.is_quick and second.wait(PATIENCE) and second.preview is None
    assert (second.result.projection.coordinates == first.result.projection.coordinates).all()
    assert not jobs.get(source, recipe.replace(seed=1)).is_quick


def test_a_map_is_made_though_the_file_of_another_map_is_gone(source, tmp_path):
    other = tmp_path / "upload.npy"
    np.save(other, np.eye(4))
    jobs = Jobs()
    assert jobs.get(Source((str(other),)), QUICK).wait(PATIENCE)
    other.unlink()
    job = jobs.get(source, QUICK)
    assert job.wait(PATIENCE) and job.result is not None


def test_a_file_that_is_gone_is_said_to_be(source):
    Path(source.paths[0]).unlink()
    with pytest.raises(FileNotFoundError):
        Jobs().get(source, QUICK)
