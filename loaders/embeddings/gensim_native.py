"""What gensim itself saves: `.kv` and `.model`, a pickle with NumPy files beside it. The pickle is never executed."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cartography.errors import LoadError
from cartography.progress import report
from loaders.base import Candidate, Format, Loader, Match, Reading
from loaders.embeddings.npy import LOADER as NPY
from loaders.files.source import Source
from loaders.options import Options
from loaders.words.gathering import COLUMN
from loaders.words.gensim_pickle import Gensim, read_gensim

__all__ = ["LOADER", "GensimNative"]


class GensimNative(Loader):
    """KeyedVectors, and whole models of Word2Vec, FastText or Doc2Vec."""

    format = Format(
        "gensim",
        (".kv", ".model"),
        reads="the vectors inside, or in the `.npy` file beside it, with their words; the pickle is read without "
        "being run, and what word vectors do not need is refused",
    )
    gathers = True

    def match(self, source: Source) -> Match:
        """Pickles whose first object is one of gensim's."""
        head = source.head[:512]
        if head.startswith(b"\x80") and b"gensim.models." in head:
            return Match.CERTAIN
        return Match.NAME if source.suffix == ".kv" else Match.NO

    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """Describe the vectors."""
        saved = read_gensim(source)
        beside = f", in {saved.file}" if saved.array is None else ""
        if saved.array is not None:
            shape, dtype, nbytes = saved.array.shape, str(saved.array.dtype), saved.array.nbytes
        else:
            inner = NPY.probe(_sidecar(source, saved), options)
            shape, dtype, nbytes = (inner[0].shape, inner[0].dtype, inner[0].nbytes) if inner else ((), "", 0)
        if len(shape) != 2:
            return []
        note = f"Vectors of {shape[0]:,} words with {shape[1]:,} dimensions ({saved.kind} of gensim{beside})."
        return [Candidate("vectors", shape, dtype, nbytes, note, "vectors", 0.85, (COLUMN,), {"label": COLUMN})]

    def read(self, source: Source, key: str, options: Options) -> Reading:
        """Read the words and the vectors."""
        saved = read_gensim(source)
        report(options.progress, f"Reading {source.name}", 0.1)
        if saved.array is not None:
            reading = Reading(saved.array, pd.DataFrame(), provenance={"dtype": str(saved.array.dtype)})
        else:
            sidecar = _sidecar(source, saved)
            reading = NPY.read(sidecar, NPY.probe(sidecar, options)[0].key, replace(options, sample=None))
        n = len(reading.vectors)
        notes = list(reading.notes)
        if len(saved.words) != n:
            notes.append(
                f"{source.name} holds {len(saved.words):,} words for {n:,} vectors; the others have no word."
            )
        words: list[str | None] = [*saved.words[:n], *[None] * (n - len(saved.words))]
        items = pd.DataFrame({COLUMN: pd.Series(words, dtype="str")})
        return replace(reading, items=items, id_column=COLUMN, roles={"label": COLUMN}, notes=tuple(notes))


def _sidecar(source: Source, saved: Gensim) -> Source:
    """Return the file of numbers beside the pickle."""
    found = source.beside(saved.file)
    if found is None:
        raise LoadError(
            f"{source.name} keeps its vectors in {saved.file}, which is not beside it.",
            "Put both files into one folder, or upload them together.",
        )
    return found


LOADER = GensimNative()
