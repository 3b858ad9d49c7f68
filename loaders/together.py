"""Which files belong together: a pair of vectors and metadata, the layers of a model, a folder, several uploads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cartography.errors import CartographyError, LoadError
from loaders.arrays.tensors import TOKEN_TABLE
from loaders.base import Candidate, Loader, Match, loader_of, loaders
from loaders.boundary import one_clear_sentence
from loaders.files.foreign import folder_refusal, not_data, refusal, refusal_by_content
from loaders.files.model_folders import of_one_model, weights_folder
from loaders.files.source import Source
from loaders.files.sprites import is_sprite
from loaders.items.sentencepiece import NAMES as SENTENCEPIECE
from loaders.options import Options

__all__ = ["VOCABULARIES", "Bundle", "Member", "bundle_of", "file_path", "partner_of", "reader_of"]

_MOST_FILES = 2000
_DEPTH = 3
_SIDE_NAMES = re.compile(r"meta|label|vocab|token|class|names|target|^y([_.]|$)", re.IGNORECASE)
_VECTOR_WORDS = re.compile(r"(tensors?|vectors?|vecs?|embeddings?|embs?|features|data|x)$", re.IGNORECASE)
_SIDE_WORDS = ("metadata", "labels", "meta", "label")
_SIDE_SUFFIXES = (".tsv", ".csv", ".txt", ".parquet", ".jsonl", ".json", ".npy")
_SETTINGS = {
    *("config.json", "generation_config.json", "preprocessor_config.json", "tokenizer_config.json", "modules.json"),
    *("special_tokens_map.json", "added_tokens.json", "sentence_bert_config.json", "merges.txt"),
    *("config_sentence_transformers.json", "data_config.json", "training_args.json", "trainer_state.json"),
}
"""What lies beside a model and describes no items."""
VOCABULARIES = ("tokenizer.json", "vocab.json", "vocab.txt", *SENTENCEPIECE)


@dataclass(frozen=True, eq=False)
class Member:
    """A file that holds vectors, who reads it, and what could be read."""

    source: Source
    loader: Loader
    candidates: tuple[Candidate, ...]

    @property
    def likelihood(self) -> float:
        """That of the best candidate; 0 without any."""
        return max((candidate.likelihood for candidate in self.candidates), default=0.0)


@dataclass(frozen=True, eq=False)
class Bundle:
    """Files opened as one: those that hold vectors, those that describe the items, and what was left aside.

    `listed` says that a person named each of several files, so that each must be used or spoken of; `alone` that
    a single file was opened, so that its other half may lie beside it. `sprite` holds pictures of the items.
    """

    name: str
    members: tuple[Member, ...]
    sides: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()
    listed: bool = False
    alone: bool = False
    sprite: Source | None = None


def bundle_of(path: Any, options: Options) -> Bundle:
    """Return what `path` stands for: a file, a folder, or a list of files. Raises `LoadError` when it is nothing."""
    if isinstance(path, (list, tuple)):
        files = [file_path(one) for one in path]
        if not files:
            raise LoadError("No file was given.", "Give at least one path.")
        if len(files) > 1:
            return _several(files, files[0].stem, options, listed=True)
        path = files[0]
    place = _path(path)
    if place.is_dir():
        claimed = next((loader for loader in loaders() if loader.claims_folder(place)), None)
        if claimed is not None:
            return _read_by(claimed, Source(place), options)
        refused = folder_refusal(place)
        if refused is not None:
            raise refused
        files, said = of_one_model(_files_in(weights_folder(place)))
        opened = _several(files, place.resolve().name, options, listed=False)
        return replace(opened, notes=(*said, *opened.notes))
    return _single(Source(file_path(place)), options)


def partner_of(source: Source, kind: str) -> Source | None:
    """Return the file beside a single one that plainly holds the labels of a candidate of this kind, or None."""
    if kind == TOKEN_TABLE:
        return next((found for name in VOCABULARIES if (found := source.beside(name)) is not None), None)
    match = _VECTOR_WORDS.search(source.stem)
    stems = [source.stem[: match.start()] + word for word in _SIDE_WORDS] if match else []
    stems += [f"{source.stem}_{word}" for word in _SIDE_WORDS]
    stems += [{"X": "y", "x": "y"}[source.stem]] if source.stem in ("X", "x") else []
    for name in (stem + suffix for stem in stems for suffix in _SIDE_SUFFIXES):
        found = source.beside(name)
        if found is not None and found.path != source.path.resolve():
            return found
    return None


def _path(path: Any) -> Path:
    try:
        place = Path(path)
    except TypeError as error:
        raise LoadError(f"{path!r:.80} is not a path.", "Give the path of a file or a folder as text.") from error
    if "\0" in str(place):
        raise LoadError("A path with a zero byte in it names no file.")
    return place


def file_path(path: Any) -> Path:
    """Return the path of an ordinary file. Raises `LoadError` for anything else."""
    place = _path(path)
    if not place.exists():
        raise LoadError(f"There is no file {str(place)!r}.", _nearest(place))
    if not place.is_file():
        what = "a folder" if place.is_dir() else "not an ordinary file"
        raise LoadError(f"{str(place)!r} is {what}.", "Name the files themselves.")
    return place


def _nearest(place: Path) -> str:
    from difflib import get_close_matches

    try:
        names = [one.name for one in place.parent.iterdir()]
    except OSError:
        return "Check the path."
    close = get_close_matches(place.name, names, n=1)
    return f"Did you mean {close[0]!r}?" if close else "Check the path."


def _files_in(folder: Path) -> list[Path]:
    """Return the files of a folder; of its subfolders when it holds none that can be opened."""
    level = [folder]
    for _ in range(_DEPTH):
        files = sorted(path for one in level for path in one.iterdir() if _is_usable(path, folder))
        if len(files) > _MOST_FILES:
            raise LoadError(
                f"{folder.name} holds {len(files):,} files.", "Open a folder of one embedding, or its files."
            )
        if any(loader_of(Source(path)) is not None for path in files):
            return files
        level = [path for one in level for path in sorted(one.iterdir()) if path.is_dir() and not path.is_symlink()]
        level = level[:_MOST_FILES]
    raise LoadError(f"The folder {folder.name} holds no file that can be opened.", f"These are read: {_suffixes()}.")


def _is_usable(path: Path, folder: Path) -> bool:
    """Whether a file of a folder is ordinary, not hidden, not empty, and does not lead outside by a link."""
    if path.name.startswith(".") or not path.is_file():
        return False
    inside = not path.is_symlink() or folder.resolve() in path.resolve().parents
    return inside and path.stat().st_size > 0


def _single(source: Source, options: Options) -> Bundle:
    loader = reader_of(source)
    bundle = _read_by(loader, source, options)
    return replace(bundle, notes=_odd_name(source, loader), alone=True)


def _read_by(loader: Loader, source: Source, options: Options) -> Bundle:
    candidates = tuple(loader.probe(source, options))
    if not candidates:
        others = [one for one in loaders() if source.suffix in one.format.suffixes and one is not loader]
        if others and source.suffix not in loader.format.suffixes:
            raise LoadError(
                f"{source.name} is called {source.suffix}, but it is no {others[0].format.name}; "
                f"read as {loader.format.name}, it holds no vectors.",
                "Copy or write the file again.",
            )
        raise loader.nothing_found(source)
    return Bundle(source.stem, (Member(source, loader, candidates),))


def reader_of(source: Source) -> Loader:
    """Return who reads the file. Raises `LoadError` saying what it is when nobody does."""
    broken = not_data(source)
    if broken is not None:
        raise broken
    loader = loader_of(source)
    if loader is None:
        raise refusal(source, _suffixes())
    if loader.match(source) < Match.CERTAIN and (refused := refusal_by_content(source)) is not None:
        raise refused
    return loader


def _odd_name(source: Source, loader: Loader) -> tuple[str, ...]:
    """Say so when the content is of another format than the name suggests."""
    named = [one for one in loaders() if source.suffix in one.format.suffixes]
    if not named or loader in named or loader.gathers or loader.match(source) < Match.CERTAIN:
        return ()
    return (f"{source.name} is called {source.suffix}, but holds {loader.format.name}; it was read as that.",)


def _several(files: Sequence[Path], name: str, options: Options, listed: bool) -> Bundle:
    """Sort files into those with vectors, those that describe the items, and the rest."""
    together = tuple(files)
    sources = [Source(path, together) for path in files]
    gathering = next((source for source in sources if (reader := loader_of(source)) and reader.gathers), None)
    if gathering is not None:
        single = _single(gathering, options)
        return Bundle(name, single.members, notes=single.notes, alone=not listed)
    sprite = next((source for source in sources if is_sprite(source)), None)
    sources = [source for source in sources if source is not sprite]
    pieces = [source for source in sources if source.name in SENTENCEPIECE]
    settings = [source for source in sources if source.name in _SETTINGS]
    read = [source for source in sources if source not in pieces and source not in settings]
    found, aside = _probed(read or settings, options)
    members, sides = _sorted(found)
    sides += pieces
    sure = any(not _describes(member) for member in members)
    if aside and listed and not sure:
        raise next(iter(aside.values()))  # the file that should have held the vectors is broken
    if not members:
        raise LoadError(f"None of these {len(files)} files holds vectors.", f"Read are: {_suffixes()}.")
    kept = tuple(f"{source.name} holds a model's settings, no items." for source in settings if read and listed)
    return Bundle(name, tuple(members), tuple(sides), _said(aside, listed) + kept, listed, sprite=sprite)


def _probed(sources: Iterable[Source], options: Options) -> tuple[list[Member], dict[str, CartographyError]]:
    """Return what each file holds, and why the others cannot be read."""
    found: list[Member] = []
    aside: dict[str, CartographyError] = {}
    for source in sources:
        try:
            with one_clear_sentence(source.path):
                loader = reader_of(source)
                found.append(Member(source, loader, tuple(loader.probe(source, options))))
        except CartographyError as error:
            aside[source.name] = error
    return found, aside


def _said(aside: dict[str, CartographyError], listed: bool) -> tuple[str, ...]:
    if not aside:
        return ()
    if listed:
        return tuple(f"Not used: {error.message}" for error in aside.values())
    names = list(aside)
    return (f"Not used: {', '.join(names[:8])}{' …' if len(names) > 8 else ''}.",)


def _sorted(found: Sequence[Member]) -> tuple[list[Member], list[Source]]:
    """Part the files with vectors from those that describe the items; at least one has vectors if any can."""
    sides = [member for member in found if _describes(member)]
    members = [member for member in found if member not in sides]
    if not members:
        members = sorted((one for one in sides if one.candidates), key=lambda one: -one.likelihood)[:1]
    return members, [member.source for member in sides if member not in members]


def _describes(member: Member) -> bool:
    """Whether a file among others holds labels or metadata rather than vectors."""
    named = bool(_SIDE_NAMES.search(member.source.stem))
    return member.likelihood < (0.8 if named else 0.5)


def _suffixes() -> str:
    known = dict.fromkeys(
        suffix for loader in loaders() for suffix in loader.format.suffixes if suffix.count(".") == 1
    )
    return " ".join(known)
