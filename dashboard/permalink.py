"""A map's state as the query of its address: what is open, how it is made and dressed, where one looks.

Only what differs from the usual is written, so that addresses stay short. What is read comes from anybody: whatever
does not fit is passed over, one piece at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path
from unicodedata import category
from urllib.parse import quote

from cartography.errors import CartographyError
from cartography.records import Filter, Recipe
from dashboard.browsing import path_within
from dashboard.linked_filters import filter_pairs, read_filters
from dashboard.linked_recipe import BY_AXES, read_recipe, recipe_pairs, without_by_axes, worn_pairs
from dashboard.map_view import Viewport
from dashboard.settings import Settings
from dashboard.sources import Source, example_source, first_source, usual_recipe

__all__ = ["LONGEST", "LONGEST_WITH_AXES", "Link", "Query", "axes_too_long", "read_link", "written_link"]

LONGEST = 1_800
"""Characters of a query: addresses of 2,000 work everywhere."""
LONGEST_WITH_AXES = 7_500
"""Characters of a query that names axes, whose poles may be many: servers take addresses of 8,000."""

_LONGEST_VALUE = 400
_SEEN = ("Cf", "Zs")  # what joins letters in many scripts, and spaces other than the usual one
_MOST_VALUES = 100
_EXAMPLE = "car-land"
_CHOICES = ("key", "ids", "member")
_FARTHEST, _ZOOMS = 1e9, (0.5, 4000.0)

Query = Mapping[str, Sequence[str]]
"""The values of every name in an address's query."""


@dataclass(frozen=True)
class Link:
    """What an address says: the files, the recipe, where one looks, the chosen item's id, the conditions."""

    source: Source
    recipe: Recipe
    view: Viewport | None = None
    item: str | None = None
    filters: tuple[Filter, ...] = ()


def read_link(query: Query, settings: Settings) -> Link:
    """Return what an address says; whatever it says wrongly is as if it had not been said."""
    said = {name: _fitting(name, values) for name, values in query.items()}
    source = _source(said, settings)
    recipe = read_recipe(said, usual_recipe(source))
    filters = read_filters(said.get("where", ()))
    return Link(source, recipe, _view(_first(said, "view")), _first(said, "item"), filters)


def written_link(link: Link, settings: Settings) -> str:
    """Return the query that says this, without its question mark.

    Of files that the server cannot open again by name, such as uploads, only theme and hidden parts are told.
    What would make it too long is left out, colours of groups first; axes only with all that is done by them.
    """
    longest = LONGEST_WITH_AXES if link.recipe.axes else LONGEST
    parts: list[str] = []
    for name, value in _pairs(link, settings):
        part = f"{name}={quote(value, safe=',:/ ').replace(' ', '+')}"
        if sum(map(len, parts)) + len(parts) + len(part) <= longest:
            parts.append(part)
        elif link.recipe.axes and name in BY_AXES:
            bare = without_by_axes(link.recipe, usual_recipe(link.source))
            return written_link(replace(link, recipe=bare), settings)
    return "&".join(parts)


def axes_too_long(link: Link, settings: Settings) -> bool:
    """Whether the address could say this map but for its axes, whose poles would make it too long."""
    if not link.recipe.axes or _place(link.source, settings) is None:
        return False
    return not any(part.startswith("axis=") for part in written_link(link, settings).split("&"))


def _pairs(link: Link, settings: Settings) -> Iterator[tuple[str, str]]:
    """Names and values, the most important first."""
    place = _place(link.source, settings)
    if place is None:
        yield from worn_pairs(link.recipe)
        return
    yield from place
    if link.view is not None:
        yield "view", ",".join(f"{number:.7g}" for number in (link.view.x, link.view.y, link.view.zoom))
    if link.item and len(link.item) <= _LONGEST_VALUE:
        yield "item", link.item
    for pair in filter_pairs(link.filters):
        if len(pair[1]) <= _LONGEST_VALUE:
            yield pair
    yield from recipe_pairs(link.recipe, usual_recipe(link.source))


def _place(source: Source, settings: Settings) -> list[tuple[str, str]] | None:
    """How the files are named in an address; None when they cannot be."""
    if source == first_source(settings)[0]:
        return []
    if settings.read_only:
        return None
    if source == example_source():
        return [("open", _EXAMPLE)]
    paths = [_below(path, settings) for path in (*source.paths, *filter(None, [source.labels]))]
    if source.options or None in paths:
        return None
    named = [("file", str(path)) for path in paths[: len(source.paths)]]
    named += [("labels", str(path)) for path in paths[len(source.paths) :]]
    chosen = zip(_CHOICES, (source.key, source.id, source.member), strict=True)
    return [*named, *((name, value) for name, value in chosen if value is not None)]


def _below(path: str, settings: Settings) -> str | None:
    """The path as seen from the server's data folder; None when it lies elsewhere."""
    if settings.data_dir is None:
        return None
    home = Path(settings.data_dir).resolve()
    place = Path(path).resolve()
    return place.relative_to(home).as_posix() if place.is_relative_to(home) else None


def _source(said: Query, settings: Settings) -> Source:
    usual = first_source(settings)[0]
    if settings.read_only:
        return usual
    if _first(said, "open") == _EXAMPLE:
        return example_source()
    if not said.get("file") or settings.data_dir is None:
        return usual
    try:
        paths = tuple(str(path_within(settings.data_dir, path)) for path in said["file"])
        labels = [str(path_within(settings.data_dir, path)) for path in said.get("labels", [])[:1]]
    except CartographyError:
        return usual
    key, ids, member = (_first(said, name) for name in _CHOICES)
    return replace(Source(paths, key=key, id=ids, member=member), labels=labels[0] if labels else None)


def _view(text: str | None) -> Viewport | None:
    """Three numbers: a place within reason, and a zoom that the map has."""
    try:
        x, y, zoom = map(float, (text or "").split(","))
    except ValueError:
        return None
    if not all(map(isfinite, (x, y, zoom))) or max(abs(x), abs(y)) > _FARTHEST or zoom <= 0:
        return None
    return Viewport(x, y, min(max(zoom, _ZOOMS[0]), _ZOOMS[1]))


def _fitting(name: str, values: Sequence[str]) -> list[str]:
    longest = LONGEST_WITH_AXES if name in ("axis", "method_params") else _LONGEST_VALUE
    return [value for value in values[:_MOST_VALUES] if len(value) <= longest and _is_text(value)]


def _is_text(value: str) -> bool:
    """Whether a value holds no characters that steer something, and no half ones."""
    return value.isprintable() or all(one.isprintable() or category(one) in _SEEN for one in value)


def _first(said: Query, name: str) -> str | None:
    values = said.get(name)
    return values[0] if values else None
