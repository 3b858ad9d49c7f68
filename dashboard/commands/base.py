"""What every command is, the flags that several share, and progress on a terminal."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import loaders
from cartography.errors import CartographyError, LoadError
from cartography.preparation import Preparation
from cartography.progress import Progress, ProgressEvent
from cartography.records import EmbeddingSet, EmbeddingStack, Recipe
from cartography.store import DiskStore, MemoryStore

__all__ = [
    "Command",
    "Terminal",
    "add_input_flags",
    "add_map_flags",
    "lasting_store",
    "load",
    "plain",
    "recipe_from",
    "refuse_unwritable",
]


def plain(text: str) -> str:
    """Return text that may come from a file, for a terminal: on its lines, and without what steers one."""
    return "".join(one if one.isprintable() or one == "\n" else " " for one in text)


@dataclass(frozen=True)
class Command:
    """A word of the command line: its one-line summary, its flags, and what it does with them."""

    name: str
    summary: str
    describe: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int | None]


def add_input_flags(parser: argparse.ArgumentParser, several: bool = False) -> None:
    """Add the file and how it is read."""
    many = "+" if several else None
    parser.add_argument("file", metavar="FILE", nargs=many, type=Path, help="embedding file, folder or checkpoint")
    parser.add_argument("--vectors", metavar="KEY", help="which array, column or tensor holds the vectors")
    parser.add_argument("--labels", metavar="FILE", type=Path, help="a side file with labels or metadata")
    parser.add_argument("--id", metavar="COL", help="the column that holds the items' ids")
    parser.add_argument("--quiet", action="store_true", help="no progress and no notes")


def add_map_flags(parser: argparse.ArgumentParser) -> None:
    """Add the choices that make a map; each overrides the recipe."""
    parser.add_argument("--recipe", metavar="R.json", type=Path, help="choices from a file")
    parser.add_argument("--method", metavar="M", help="umap, tsne, pca, random or given")
    parser.add_argument(
        "--prepare",
        metavar="STEPS",
        help="what is done to the vectors first: any of center, remove_top=N, pca=N, whiten, unit, spherize, with "
        "commas between; none leaves them as they are",
    )
    parser.add_argument("--metric", metavar="NAME", help="cosine, euclidean or dot")
    parser.add_argument("--sample", metavar="N", type=int, help="draw N items chosen at random")
    parser.add_argument("--seed", metavar="N", type=int, help="decides every random choice")
    parser.add_argument("--color-by", metavar="COL", help="the column that colours items and realms")
    parser.add_argument("--label-by", metavar="COL", help="the column that names come from")


def recipe_from(options: argparse.Namespace) -> Recipe:
    """Return the recipe of the flags, on top of the recipe file when there is one."""
    base = Recipe.read(options.recipe) if options.recipe else Recipe()
    names = ("method", "metric", "sample", "seed", "color_by", "label_by", "theme", "title")
    said = {name: getattr(options, name, None) for name in names}
    changes = {name: value for name, value in said.items() if value is not None}
    if options.prepare is not None:
        changes["preparation"] = Preparation.parse(options.prepare).to_mapping()
    if "method" in changes and changes["method"] != base.method:
        changes["method_params"] = {}
    return base.replace(**changes)


def lasting_store() -> MemoryStore:
    """Return the store that finds on disk what an earlier call or the dashboard made."""
    return MemoryStore(disk=DiskStore.from_environment())


def load(options: argparse.Namespace, progress: Progress | None) -> EmbeddingSet:
    """Read the embeddings the flags name; says on stderr what was guessed or repaired.

    Of `--sample` items only those are read, so that a file larger than memory opens.
    """
    paths = options.file if isinstance(options.file, list) else [options.file]
    where = paths[0] if len(paths) == 1 else paths
    drawn: dict[str, Any] = {"sample": getattr(options, "sample", None), "seed": getattr(options, "seed", None) or 0}
    loaded = loaders.load(where, options.vectors, options.labels, options.id, progress=progress, **drawn)
    if isinstance(loaded, EmbeddingStack):
        raise LoadError(
            f"{paths[0].name} holds {len(loaded)} embeddings of the same items: {', '.join(loaded.positions[:8])}.",
            "Choose one with --vectors.",
        )
    if not options.quiet:
        for note in loaded.notes:
            print(f"note: {plain(note)}", file=sys.stderr)
    return loaded


class Terminal:
    """Progress on stderr: one moving bar on a terminal, a line per stage elsewhere. Use as a context."""

    def __init__(self, quiet: bool, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._quiet = quiet
        self._moving = self._stream.isatty()
        self._stage = ""
        self._last = 0.0

    def __enter__(self) -> Progress | None:
        return None if self._quiet else self._show

    def __exit__(self, *_exception: object) -> None:
        if self._moving and self._stage and not self._quiet:
            print("\r\033[K", end="", file=self._stream, flush=True)

    def _show(self, event: ProgressEvent) -> None:
        if not self._moving:
            if event.stage != self._stage:
                print(event.stage, file=self._stream, flush=True)
            self._stage = event.stage
            return
        now = time.monotonic()
        if event.stage != self._stage or now - self._last > 0.1:
            self._stage, self._last = event.stage, now
            bar = "█" * int(24 * event.fraction)
            line = f"{bar:░<24} {event.fraction:4.0%} {plain(f'{event.stage} {event.message}')}"
            print(f"\r\033[K{line[:115]}", end="", file=self._stream, flush=True)


def refuse_unwritable(path: Path) -> None:
    """Raise before the work, not after it, when the result could not be written."""
    if not path.parent.is_dir():
        raise CartographyError(
            f"There is no folder {str(path.parent)!r} to write {path.name!r} to.", "Make it first."
        )
