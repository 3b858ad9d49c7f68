"""fastText models (`.bin`): the vectors of their words, with or without what the character n-grams add."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.errors import unknown_name
from cartography.progress import report
from loaders.base import Candidate, Format, Loader, Match, Reading
from loaders.files.limits import check_memory
from loaders.files.source import Source
from loaders.options import Options
from loaders.tables.collector import sample_rows
from loaders.words.fasttext_layout import MAGIC, FastText, read_head
from loaders.words.gathering import COLUMN, word_reading
from loaders.words.ngrams import mean_vectors

__all__ = ["LOADER", "FastTextModel"]

_WHOLE, _OWN = "word vectors", "input matrix"
_COLUMNS = (COLUMN, "count")


class FastTextModel(Loader):
    """A model as fastText saves it, version 11 or 12, not quantised."""

    format = Format(
        "fastText model",
        (".bin", ".ftz"),
        reads="the vectors of the words as fastText gives them, or the words' own rows of the input matrix; the rows "
        "of character n-grams are no items",
    )

    def match(self, source: Source) -> Match:
        """Models begin with a number of fastText's own."""
        return Match.CERTAIN if source.head.startswith(MAGIC) else Match.NO

    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """Describe the matrix from the head of the file."""
        model = read_head(source)
        return [_candidate(key, note, likelihood, model) for key, note, likelihood in _ways(model)]

    def read(self, source: Source, key: str, options: Options) -> Reading:
        """Read the words and their vectors."""
        model = read_head(source)
        known = {name: note for name, note, _ in _ways(model)}
        if key not in known:
            raise unknown_name(f"matrix in {source.name}", key, known)
        rows = sample_rows(model.n, options)
        chosen = range(model.n) if rows is None else rows.tolist()
        check_memory(len(chosen) * model.d * 4, source.name)
        vectors = _read(source, model, key, chosen, options)
        words = [model.words[row] for row in chosen]
        reading = word_reading(
            words,
            vectors,
            [known[key], *_left_out(model)],
            options.encoding,
            provenance={"dtype": "float32", "fasttext_version": model.version},
            rows=rows,
            total=model.n,
        )
        reading.items["count"] = [model.counts[row] for row in chosen]
        return reading


def _ways(model: FastText) -> list[tuple[str, str, float]]:
    """Return key, note and likelihood of each way to read the words."""
    own = "The words' own rows of the input matrix, without their character n-grams."
    if not model.buckets:
        return [(_OWN, "The input matrix; the model has no character n-grams.", 0.85)]
    whole = (
        f"Each word is the mean of its own row and those of its character n-grams ({model.shortest} to "
        f"{model.longest} characters), as fastText gives it."
    )
    return [(_WHOLE, whole, 0.85), (_OWN, own, 0.6)]


def _candidate(key: str, note: str, likelihood: float, model: FastText) -> Candidate:
    shape = (model.n, model.d)
    return Candidate(
        key, shape, "float32", model.n * model.d * 4, note, "vectors", likelihood, _COLUMNS, {"label": COLUMN}
    )


def _left_out(model: FastText) -> list[str]:
    said = []
    if model.buckets:
        said.append(f"{model.buckets:,} rows for character n-grams are not shown: they belong to no single word.")
    if model.labels:
        said.append(f"{model.labels:,} labels of the classifier are not shown: their rows are in the output matrix.")
    return said


def _read(
    source: Source, model: FastText, key: str, chosen: range | list[int], options: Options
) -> NDArray[np.float32]:
    """Return (len(chosen), d) vectors; the file is mapped, so that only the rows that are used are read."""
    if not len(chosen):
        return np.empty((0, model.d), dtype=np.float32)
    matrix = np.memmap(source.path, "<f4", "r", model.offset, (model.rows, model.d))
    stage = f"Reading {source.name}"
    if key == _WHOLE:
        return mean_vectors(
            matrix, model, chosen, lambda done: report(options.progress, stage, 0.8 * done / len(chosen))
        )
    report(options.progress, stage, 0.1)
    return np.array(matrix[: model.n] if isinstance(chosen, range) else matrix[chosen], dtype=np.float32)


LOADER = FastTextModel()
