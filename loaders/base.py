"""What every loader is, what it gives, and how a new one is found.

A new format is one new file in `loaders/embeddings/` or `loaders/checkpoints/` with a module-level `LOADER`.
Nothing else is edited: the folder is read, and the content of a file decides who opens it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.errors import LoadError
from loaders.files.source import Source
from loaders.options import Options

__all__ = ["Candidate", "Columns", "Flaw", "Format", "Loader", "Match", "Reading", "loader_of", "loaders"]


@dataclass(frozen=True)
class Format:
    """A kind of file: its name, its suffixes, and whether this installation can read it.

    `install_hint` is the one line that installs the library it needs; empty when it needs none. `reads` says in one
    line how vectors are found in such a file.
    """

    name: str
    suffixes: tuple[str, ...]
    available: bool = True
    install_hint: str = ""
    reads: str = ""


@dataclass(frozen=True)
class Candidate:
    """Something in a file that could be the vectors.

    Attributes
    ----------
    key : names it in `load(path, key)`
    shape, dtype, nbytes : as stored; rows of a large text file are estimated, and the note says "about"
    note : in plain words, how it would be read
    kind : "vectors", "pictures", "numbers", "coordinates", "stack", "token table", "linear" ...
    likelihood : 0 to 1, how likely this is what a person wants; candidates come best first
    columns : the item columns that would come with it
    roles : the guess which of them is the label, the text, the image, x, y or the id
    aliases : other names under which `load` finds it
    """

    key: str
    shape: tuple[int, ...]
    dtype: str
    nbytes: int
    note: str
    kind: str = "vectors"
    likelihood: float = 0.5
    columns: tuple[str, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Flaw:
    """Rows (m,) whose vector could not be read: their reason, and the first one in detail."""

    rows: NDArray[np.int64]
    reason: str
    detail: str = ""


@dataclass(frozen=True, eq=False)
class Reading:
    """What a loader read, before `loaders.assemble` checks and cleans it.

    Attributes
    ----------
    vectors : (n, ...) numbers of any type; rows that could not be read hold NaN and are listed in `flaws`
    items : n rows of columns, in the same order; its index means nothing
    id_column : the column the format itself declares to be the ids
    roles : columns the format itself gives a role
    notes : sentences on what was guessed or repaired
    rows : when only a sample was read, the numbers (n,) of its rows among `total`
    side : a file of labels or metadata that this one names
    """

    vectors: NDArray[Any]
    items: pd.DataFrame
    id_column: str | None = None
    roles: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)
    rows: NDArray[np.int64] | None = None
    total: int = 0
    side: Source | None = None


@dataclass(frozen=True, eq=False)
class Columns:
    """Labels or metadata read from a file of their own.

    `numbered` says that row i of `frame` belongs to row i of the vectors by definition, as in a vocabulary, so
    that a longer or shorter file is no mistake.
    """

    frame: pd.DataFrame
    notes: tuple[str, ...] = ()
    numbered: bool = False


class Match(IntEnum):
    """How sure a loader is that a file is its own. The surest opens it."""

    NO = 0
    NAME = 1  # the suffix says so
    CONTENT = 2  # the content can be read this way
    CERTAIN = 3  # the content says so


class Loader(ABC):
    """A format that can be probed and read.

    `gathers` marks files that name the files they belong to, such as a projector configuration: in a folder they
    speak for all.
    """

    format: Format
    gathers: bool = False

    def claims_folder(self, folder: Path) -> bool:
        """Return whether a whole folder is one file of this format; it then comes as a `Source` of that folder."""
        return False

    @abstractmethod
    def match(self, source: Source) -> Match:
        """Return how sure it is that the file is of this format, from its first bytes and its name."""

    @abstractmethod
    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """List what could be opened, reading headers and samples only; empty when there are no numbers."""

    def nothing_found(self, source: Source) -> LoadError:
        """Return the error for a file in which `probe` found no vectors."""
        return LoadError(
            f"{source.name} was read as {self.format.name}, but holds no vectors.",
            "Vectors are a column of lists, columns of numbers, or a matrix. Labels alone go with a file of vectors.",
        )

    @abstractmethod
    def read(self, source: Source, key: str, options: Options) -> Reading:
        """Read the candidate called `key`. Raises `LoadError`; lets `Cancelled` pass."""

    def read_columns(self, source: Source, rows: int, options: Options) -> Columns:
        """Read the file as labels or metadata of `rows` items. Raises `LoadError` when it holds none."""
        raise LoadError(
            f"{source.name} ({self.format.name}) cannot be read as labels or metadata.",
            "Give a table (.csv, .tsv, .parquet) or a text file with one label per line.",
        )


@cache
def loaders() -> tuple[Loader, ...]:
    """Every loader, by name. Importing them imports nothing heavy."""
    found: list[Loader] = []
    for package in ("loaders.embeddings", "loaders.checkpoints"):
        folder = import_module(package)
        modules = [import_module(f"{package}.{one.name}") for one in iter_modules(folder.__path__)]
        found += [module.LOADER for module in modules if hasattr(module, "LOADER")]
    return tuple(sorted(found, key=lambda one: one.format.name.lower()))


def loader_of(source: Source) -> Loader | None:
    """Return the loader that is surest of this file or folder, or None. The content speaks before the suffix."""
    if source.path.is_dir():
        return next((one for one in loaders() if one.claims_folder(source.path)), None)
    rated = [(one.match(source), one.gathers, source.suffix in one.format.suffixes, one) for one in loaders()]
    best = max(rated, key=lambda entry: entry[:3])
    return best[3] if best[0] > Match.NO else None
