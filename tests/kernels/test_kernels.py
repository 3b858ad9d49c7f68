"""The compiled inner loops do what their plain formulas say."""

from __future__ import annotations

import subprocess
import sys
import threading

import numpy as np
import pytest

from cartography.kernels import arithmetic, tsne_layout
from cartography.kernels.compiling import ensure_compiled, is_compiled, kernel_modules
from cartography.kernels.crew import Crew
from cartography.projectors.tsne_layout import _Mesh
from tests.data import ROOT


def test_fast_powers_are_right_to_a_few_parts_in_ten_thousand():
    x = np.geomspace(1e-8, 1e8, 2_000).astype(np.float32)
    logs = np.array([arithmetic.log2(value) for value in x])
    assert np.abs(logs - np.log2(x.astype(np.float64))).max() < 3e-4
    y = np.linspace(-100, 100, 2_000).astype(np.float32)
    powers = np.array([arithmetic.exp2(value) for value in y], dtype=np.float64)
    assert np.abs(powers / 2.0 ** y.astype(np.float64) - 1).max() < 3e-4


def test_random_numbers_are_spread_evenly():
    numbers = np.array([arithmetic.mixed(np.uint64(i)) for i in range(20_000)], dtype=np.uint64)
    bins = np.bincount((numbers >> np.uint64(60)).astype(int), minlength=16)
    assert len(set(numbers.tolist())) == 20_000
    assert bins.min() > 1_100
    assert bins.max() < 1_400


@pytest.mark.parametrize("spread", [0.01, 1.0, 12.0])
def test_repulsion_from_the_mesh_is_that_of_all_pairs(spread):
    points = (np.random.default_rng(0).normal(size=(1_600, 2)) * spread).astype(np.float32)
    with Crew(len(points)) as crew:
        potential, gradient = _Mesh().potential(points, crew)
    apart = points[:, None] - points[None]
    closeness = 1 / (1 + (apart.astype(np.float64) ** 2).sum(axis=-1))
    force = -2 * (apart * (closeness**2)[..., None]).sum(axis=1)
    assert np.abs(potential / closeness.sum(axis=1) - 1).max() < 0.01
    off = gradient - force
    off -= off.mean(axis=0)  # a common drift moves the whole map, which is centred in every round
    assert np.sqrt((off**2).sum() / (force**2).sum()) < 0.03


def test_attraction_is_the_weighted_sum_over_the_ties():
    rng = np.random.default_rng(0)
    points = rng.normal(size=(50, 2)).astype(np.float32)
    tails = rng.integers(0, 50, 300).astype(np.int32)
    starts = np.arange(0, 301, 6, dtype=np.int64)
    weights = rng.random(300).astype(np.float32)
    found = np.zeros((50, 2), np.float32)
    tsne_layout.attract(points, found, starts, tails, weights, 0, 50)
    heads = np.repeat(np.arange(50), 6)
    apart = points[tails] - points[heads]
    pull = weights[:, None] * apart / (1 + (apart**2).sum(axis=1, keepdims=True))
    wanted = np.zeros((50, 2))
    np.add.at(wanted, heads, pull)
    assert np.allclose(found, wanted, atol=1e-4)


def test_a_crew_covers_every_item_once():
    for count in (1, 2, 7, 10_001):
        seen = np.zeros(count, int)
        with Crew(10_000, threads=3) as crew:
            crew.over(
                count, lambda first, last, seen=seen: seen.__setitem__(slice(first, last), seen[first:last] + 1)
            )
        assert (seen == 1).all()


def test_a_failure_in_a_thread_is_heard():
    """Of another thread than the caller's, which waits until the other has begun."""
    caller, failed = threading.current_thread(), threading.Event()

    def broken(first, last):
        if threading.current_thread() is caller:
            assert failed.wait(30)
            return
        failed.set()
        raise ValueError(first)

    with Crew(10_000, threads=2) as crew, pytest.raises(ValueError, match=r"\d"):
        crew.over(10, broken)


def test_all_pairs_and_the_mesh_agree():
    points = (np.random.default_rng(0).normal(size=(1_000, 2)) * 5).astype(np.float32)
    potential, gradient = np.empty(1_000, np.float32), np.empty((1_000, 2), np.float32)
    tsne_layout.compare_all(points, potential, gradient, 0, 1_000)
    apart = points[:, None].astype(np.float64) - points[None]
    closeness = 1 / (1 + (apart**2).sum(axis=-1))
    assert np.allclose(potential, closeness.sum(axis=1), rtol=1e-4)
    assert np.allclose(gradient, -2 * (apart * (closeness**2)[..., None]).sum(axis=1), atol=1e-2)


def test_nothing_is_compiled_again_in_a_second_process():
    """Importing every kernel takes what is in the cache: no second compilation is counted."""
    ensure_compiled()
    assert is_compiled()
    count = (
        "import importlib\n"
        "from numba.core.dispatcher import Dispatcher\n"
        f"modules = [importlib.import_module(name) for name in {kernel_modules()!r}]\n"
        "found = [one for module in modules for one in vars(module).values() if isinstance(one, Dispatcher)]\n"
        "print(sum(sum(one.stats.cache_misses.values()) for one in found), len(found))"
    )
    done = subprocess.run([sys.executable, "-c", count], cwd=ROOT, capture_output=True, text=True, check=True)
    misses, kernels = map(int, done.stdout.split())
    assert kernels >= 8
    assert misses == 0
