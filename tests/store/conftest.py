"""A folder for what is kept, and an ear for what is computed."""

from __future__ import annotations

from pathlib import Path

import pytest

from cartography import pipeline


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "kept"


@pytest.fixture
def counted(monkeypatch) -> list[str]:
    """Names what the pipeline computes, as it does."""
    calls: list[str] = []
    for name in ("find_neighbours", "project", "find_clusters"):
        original = getattr(pipeline, name)
        monkeypatch.setattr(
            pipeline, name, lambda *a, _name=name, _original=original, **k: calls.append(_name) or _original(*a, **k)
        )
    return calls
