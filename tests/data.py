"""Real and made data for the tests. A test that needs a file which is not there skips, and says so."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cartography.records import EmbeddingSet

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"


def shared(name: str) -> Path:
    """Return the path of a real data file, or skip the test."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"real data not found beside the checkout: ../shared/data/{name}")
    return path


def embedding_set(vectors: np.ndarray, **columns: object) -> EmbeddingSet:
    """Return vectors with numbered items and these columns."""
    vectors = np.asarray(vectors, dtype=np.float32)
    items = pd.DataFrame(columns, index=[f"item {i}" for i in range(len(vectors))])
    return EmbeddingSet(vectors, items, name="test items")


@cache
def digits(n: int = 1797) -> EmbeddingSet:
    """The first n of scikit-learn's 1,797 handwritten digits, 8 x 8 pixels, with their labels."""
    from sklearn.datasets import load_digits

    data, target = load_digits(return_X_y=True)
    return embedding_set(data[:n], label=target[:n].astype(str))


@cache
def blobs(n: int = 600, groups: int = 4, dimensions: int = 20, seed: int = 0) -> EmbeddingSet:
    """Well-separated Gaussian groups; column `group` holds the truth."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(0, 12, size=(groups, dimensions))
    group = np.arange(n) % groups
    return embedding_set(centres[group] + rng.normal(size=(n, dimensions)), group=group.astype(str))
