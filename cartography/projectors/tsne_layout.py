"""t-SNE's layout by our own kernels: gradient descent with early exaggeration, repulsion by FFT."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cartography.progress import Pace, Progress, report
from cartography.projectors.standing import Standing

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from cartography.kernels.crew import Crew

__all__ = ["Schedule", "lay_out_tsne"]

Floats = NDArray[np.float32]

_SPACING = 0.5  # of the mesh, in map units: forces are then right to about one per cent
_MOST_NODES = 2048  # along one axis; beyond, the mesh is coarser
_FEW = 1_500  # items up to which looking at all pairs takes no longer than a mesh
_SMALLEST_RATE = 200.0
_STAGE = "Laying out (t-SNE)"
_TOLD_EVERY = 10


@dataclass(frozen=True)
class Schedule:
    """How long, and how hard ties pull: `early` for the first `early_rounds`, `late` for the rest of `rounds`."""

    rounds: int = 750
    early_rounds: int = 250
    early: float = 12.0
    late: float = 1.0
    rate: float | None = None

    def at(self, step: int, n: int) -> tuple[float, float, float]:
        """Return exaggeration, momentum and rate of a round (Belkina and others 2019: rate n / exaggeration)."""
        exaggeration = self.early if step < self.early_rounds else self.late
        momentum = 0.5 if step < self.early_rounds else 0.8
        rate = self.rate if self.rate is not None else max(n / exaggeration, min(_SMALLEST_RATE, 2.0 * n))
        return exaggeration, momentum, rate / 4.0


class _Mesh:
    """The mesh, as large as the map needs at the moment; the kernel's transform is kept while that lasts."""

    def __init__(self) -> None:
        self._nodes = 0
        self._spacing = 0.0
        self._filter: NDArray[np.float32] | None = None

    def potential(self, points: Floats, crew: Crew) -> tuple[Floats, Floats]:
        """Return the potential (n,) and its gradient (n, 2) at every item."""
        if len(points) <= _FEW:
            return _exactly(points, crew)
        from scipy.fft import irfft2, rfft2

        from cartography.kernels.tsne_layout import NODES, collect, scatter

        low, high = points.min(axis=0), points.max(axis=0)
        span = float((high - low).max())
        spacing = max(_SPACING, span / (_MOST_NODES - NODES))
        nodes = int(span / spacing) + NODES + 1
        self._fit(nodes, spacing)
        left, bottom = (np.float32(value - 2 * self._spacing) for value in low)
        per_unit = np.float32(1 / self._spacing)
        n = len(points)
        meshes = np.zeros((2, 2 * self._nodes, 2 * self._nodes), np.float32)  # two, so that two threads may add

        def spread(first: int, last: int) -> None:
            for half in range(first, last):
                scatter(points, meshes[half], left, bottom, per_unit, n * half // 2, n * (half + 1) // 2)

        crew.over(2, spread)
        mesh = meshes[0]
        mesh += meshes[1]
        waves = rfft2(mesh, workers=crew.threads)
        waves *= self._filter
        mesh = irfft2(waves, s=mesh.shape, workers=crew.threads, overwrite_x=True)
        potential, gradient = np.empty(n, np.float32), np.empty((n, 2), np.float32)
        crew.over(n, lambda a, b: collect(points, mesh, potential, gradient, left, bottom, per_unit, a, b))
        return potential, gradient

    def _fit(self, nodes: int, spacing: float) -> None:
        """Grow in steps, and shrink when much too large: a new size costs a transform of the kernel."""
        from scipy.fft import next_fast_len, rfft2

        if spacing == self._spacing and 0.6 * self._nodes <= nodes <= self._nodes:
            return
        self._spacing = spacing
        self._nodes = next_fast_len(int(nodes * 1.1) + 8, real=True)
        size = 2 * self._nodes
        steps = np.minimum(np.arange(size), size - np.arange(size)) * spacing
        kernel = 1 / (1 + steps[:, None] ** 2 + steps[None, :] ** 2)
        turns = 2 * np.pi * np.arange(size) / size
        blur = (66 + 52 * np.cos(turns) + 2 * np.cos(2 * turns)) / 120
        sharpened = rfft2(kernel).real / (blur[:, None] * blur[None, : size // 2 + 1]) ** 2
        self._filter = sharpened.astype(np.float32)


def _exactly(points: Floats, crew: Crew) -> tuple[Floats, Floats]:
    """The same without a mesh: for few items, whose map may become so wide that a mesh would be too coarse."""
    from cartography.kernels.tsne_layout import compare_all

    potential, gradient = np.empty(len(points), np.float32), np.empty_like(points)
    crew.over(len(points), partial(compare_all, points, potential, gradient))
    return potential, gradient


def lay_out_tsne(
    affinities: csr_array,
    start: Floats,
    schedule: Schedule,
    threads: int | None = None,
    progress: Progress | None = None,
    *,
    standing: Standing | None = None,
) -> tuple[Floats, float]:
    """Return coordinates (n, 2) float32 and the Kullback-Leibler divergence they end with.

    `affinities` is the symmetric matrix p_ij, which sums to 1; `start` (n, 2) the first coordinates. From `standing`
    a layout that was stopped goes on.
    """
    from cartography.kernels.crew import Crew
    from cartography.kernels.tsne_layout import advance, attract

    n = len(start)
    standing = standing or Standing()
    points = standing.parts.get("points", np.ascontiguousarray(start, np.float32).copy())
    speed = standing.parts.get("speed", np.zeros_like(points))
    gains = standing.parts.get("gains", np.ones_like(points))
    pull, mesh = np.empty_like(points), standing.parts.get("mesh", _Mesh())
    starts, tails = affinities.indptr.astype(np.int64), affinities.indices.astype(np.int32)
    weights = affinities.data.astype(np.float32)
    pace = Pace(_TOLD_EVERY)

    def tell(step: int) -> None:
        """Report; nothing that the layout goes on from is written before a round's last line."""
        said = f"step {step} of {schedule.rounds}"
        with standing.at(step, points=points, speed=speed, gains=gains, mesh=mesh):
            report(progress, _STAGE, step / schedule.rounds, said, points.copy())

    with Crew(n, threads) as crew:
        for step in range(standing.step, schedule.rounds):
            if pace.due(step):
                tell(step)
            crew.over(n, partial(attract, points, pull, starts, tails, weights))
            if pace.due():
                tell(step)
            potential, gradient = mesh.potential(points, crew)
            exaggeration, momentum, rate = map(np.float32, schedule.at(step, n))
            repulsion = np.float32(-0.5 / _total(potential))
            forces = (pull, gradient, exaggeration, repulsion, momentum, rate)
            crew.over(n, partial(advance, points, speed, gains, *forces))
            points -= points.mean(axis=0, dtype=np.float64).astype(np.float32)
        potential, _ = mesh.potential(points, crew)
    standing.clear()
    report(progress, _STAGE, 1.0)
    return points, _divergence(affinities, points, _total(potential))


def _total(potential: Floats) -> float:
    """The normaliser Z: all closenesses but those of items to themselves, which are 1."""
    return max(float(potential.sum(dtype=np.float64)) - len(potential), 1e-12)


def _divergence(affinities: csr_array, points: Floats, total: float) -> float:
    """The Kullback-Leibler divergence of the map from the affinities, in nats."""
    rows = np.repeat(np.arange(len(points)), np.diff(affinities.indptr))
    apart = points[rows] - points[affinities.indices]
    closeness = 1 / (1 + np.einsum("ij,ij->i", apart, apart))
    p = affinities.data.astype(np.float64)
    return float((p * (np.log(np.maximum(p, 1e-300)) - np.log(closeness / total))).sum())
