"""Small files made for one test."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cartography.records import EmbeddingSet, EmbeddingStack


def vectors(n: int = 12, d: int = 5, seed: int = 0) -> np.ndarray:
    """Return (n, d) float32 with four decimals, so that text keeps them exactly."""
    return np.round(np.random.default_rng(seed).normal(size=(n, d)), 4).astype(np.float32)


def table(rows: np.ndarray, delimiter: str = "\t", labels: list[str] | None = None, header: str = "") -> str:
    """Return a text table of numbers, with a first column of labels and a header line if given."""
    cells = [[f"{value:.4f}" for value in row] for row in rows]
    if labels is not None:
        cells = [[label, *row] for label, row in zip(labels, cells, strict=True)]
    lines = [delimiter.join(row) for row in cells]
    return "\n".join([header, *lines] if header else lines) + "\n"


def write(folder: Path, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def said(embeddings: EmbeddingSet | EmbeddingStack, part: str) -> bool:
    """Whether a note of what was read holds these words."""
    return any(part in note for note in embeddings.notes)
