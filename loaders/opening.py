"""`probe` and `load`: from a path to candidates, and from a candidate to embeddings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from cartography.progress import part_of
from cartography.records import EmbeddingSet, EmbeddingStack
from loaders.assemble import Part, assemble, assemble_stack
from loaders.base import Candidate, Format, Reading, loader_of, loaders
from loaders.boundary import one_clear_sentence
from loaders.files.foreign import refusal_by_content
from loaders.files.source import Source
from loaders.files.sprites import tile_in, with_tiles
from loaders.files.unpacking import is_zip_of_files, unpacked
from loaders.items.labels import sides_for
from loaders.options import Options
from loaders.plans import Plan, choose, plans_of
from loaders.together import Bundle, Member, bundle_of

__all__ = ["formats", "load", "probe"]


def formats() -> list[Format]:
    """Return every format, whether its optional library is there or not."""
    return [loader.format for loader in loaders()]


def probe(path: Any, **options: Any) -> list[Candidate]:
    """List what could be opened, most likely first; reads headers and samples, never all of a large file.

    `path` is a file, a folder, a zip of files, or a list of files that belong together; `options` as for `load`.
    `load` without a key opens the first. Raises `CartographyError` only.
    """
    with one_clear_sentence(path), _place_of(path) as place:
        return [plan.candidate for plan in plans_of(bundle_of(place, Options.of(options)))]


def load(
    path: Any,
    key: str | None = None,
    labels: Any = None,
    id: str | None = None,  # noqa: A002  (the name in the contract)
    **options: Any,
) -> EmbeddingSet | EmbeddingStack:
    """Read embeddings.

    Parameters
    ----------
    path : a file, a folder, a zip of files, or a list of files that belong together (vectors and metadata, layers)
    key : a candidate's key; None takes the most likely one and says so, or refuses when that would be arbitrary
    labels : a file of labels or metadata, or the labels themselves: a list, an array, a Series or a DataFrame
    id : the column that holds the items' ids; None guesses
    options : see `loaders.options.Options`

    Returns an `EmbeddingSet`, or an `EmbeddingStack` where layers, epochs or models over the same items were found.
    Raises `CartographyError` only, with one sentence and a hint; `Cancelled` when `progress` does.
    """
    with one_clear_sentence(path), _place_of(path) as place:
        chosen = Options.of({**options, "id": id})
        bundle = bundle_of(place, chosen)
        plan, said = choose(plans_of(bundle), key, bundle)
        return _open(bundle, plan, labels, chosen, said)


@contextmanager
def _place_of(path: Any) -> Iterator[Any]:
    """Give what is to be opened: for a zip of files that no loader knows as a whole, the folder it holds."""
    alone = path[0] if isinstance(path, (list, tuple)) and len(path) == 1 else path
    if not is_zip_of_files(alone) or loader_of(Source(Path(alone))) is not None:
        yield path
        return
    known = refusal_by_content(Source(Path(alone)))
    if known is not None:
        raise known
    with unpacked(Path(alone)) as folder:
        yield folder


def _open(
    bundle: Bundle, plan: Plan, labels: Any, options: Options, said: Sequence[str]
) -> EmbeddingSet | EmbeddingStack:
    readings = []
    for place, (member, key) in enumerate(plan.parts):
        progress = part_of(options.progress, place / len(plan.parts), (place + 1) / len(plan.parts))
        reading = member.loader.read(member.source, key, replace(options, progress=progress))
        readings.append(_pictured(_documented(reading, member, key), bundle))
    sides, aside = sides_for(bundle, plan, labels, readings[0], options)
    notes = (*bundle.notes, *said, *aside)
    names = plan.positions if plan.axis else (bundle.name,)
    parts = [Part(name, reading, tuple(sides), notes) for name, reading in zip(names, readings, strict=True)]
    if not plan.axis:
        return assemble(parts[0], options)
    return assemble_stack(parts, plan.axis, plan.positions, options)


def _pictured(reading: Reading, bundle: Bundle) -> Reading:
    """Give the items the pictures of a sprite that was opened with them."""
    if bundle.sprite is None or "image" in reading.items.columns:
        return reading
    total = reading.total or len(reading.vectors)
    return with_tiles(reading, bundle.sprite, tile_in(bundle.sprite, total))


def _documented(reading: Reading, member: Member, key: str) -> Reading:
    """Add where it came from."""
    known = {"file": member.source.name, "format": member.loader.format.name, "key": key}
    return replace(reading, provenance={**known, **reading.provenance})
