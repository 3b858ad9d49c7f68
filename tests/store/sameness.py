"""Whether two results are the same, to the bit."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

import numpy as np

__all__ = ["assert_same"]


def assert_same(one, two) -> None:
    """Equal to the bit, whatever they are made of."""
    assert type(one) is type(two)
    if isinstance(one, np.ndarray):
        assert one.dtype == two.dtype
        assert one.shape == two.shape
        assert one.tobytes() == two.tobytes()
    elif is_dataclass(one) and type(one).__name__ != "EmbeddingSet":
        for field in fields(one):
            assert_same(getattr(one, field.name), getattr(two, field.name))
    elif isinstance(one, (tuple, list)):
        assert len(one) == len(two)
        for left, right in zip(one, two, strict=True):
            assert_same(left, right)
    else:
        assert one == two
