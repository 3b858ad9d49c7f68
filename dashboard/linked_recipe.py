"""A recipe's choices as pieces of an address, and back: each is checked by itself before it is believed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from cartography.clusters import methods
from cartography.drawing.names.lettering import cleaned
from cartography.drawing.showing import FURNITURE, LAYERS
from cartography.drawing.themes import THEMES
from cartography.errors import ParameterError
from cartography.neighbours import METRICS
from cartography.parameters import resolve
from cartography.preparation import Preparation
from cartography.projectors import projector, projectors
from cartography.records import Recipe
from dashboard.panels.dressing.dress import LONGEST_TITLE

__all__ = ["BY_AXES", "known_choices", "read_recipe", "recipe_pairs", "without_by_axes", "worn_pairs"]

_TEXTS = ("method", "metric", "cluster_method", "cluster_space", "color_by", "label_by", "size_by")
_NUMBERS = ("n_neighbors", "sample", "seed")
_MAPPINGS = ("method_params", "preparation", "cluster_params")
_AXES = ("without", "only")
_CHANGED_BY_AXES = ("axes", *_AXES, "method", "method_params", "color_by", "size_by")
_NOTHING = "-"
_FANTASY = "fantasy"
_FEWEST = 2  # items that a sample may have

BY_AXES = frozenset(("axis", *_CHANGED_BY_AXES))
"""The pieces of an address that axes are named in."""

Said = Mapping[str, Sequence[str]]


def recipe_pairs(recipe: Recipe, usual: Recipe) -> Iterator[tuple[str, str]]:
    """Yield what differs from the usual recipe, as names and values; colours of groups last."""
    for name in (*_TEXTS, *_NUMBERS):
        value = getattr(recipe, name)
        if value != getattr(usual, name):
            yield name, _NOTHING if value is None else str(value)
    yield from _axis_pairs(recipe)
    for name in _MAPPINGS:
        value = getattr(recipe, name) or {}
        if value != (getattr(usual, name) or {}):
            yield name, _as_json(value)
    yield from worn_pairs(recipe, usual)
    if recipe.title != usual.title:
        yield "title", recipe.title or ""
    for group, colour in recipe.colors.items():
        yield "color", f"{group}:{colour.removeprefix('#')}"


def _axis_pairs(recipe: Recipe) -> Iterator[tuple[str, str]]:
    """Yield the axes, and which of them are taken out."""
    yield from (("axis", _as_json(axis)) for axis in recipe.axes)
    for name in _AXES:
        yield from ((name, axis) for axis in getattr(recipe, name))


def _as_json(value: Mapping[str, Any]) -> str:
    """Plain values in short; what no screen shows is written as its number."""
    text = json.dumps(dict(value), separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else json.dumps(one)[1:-1] for one in text)


def without_by_axes(recipe: Recipe, usual: Recipe) -> Recipe:
    """Return the recipe with all that axes may have a part in as it usually is: none of them fits into an address."""
    return recipe.replace(**{name: getattr(usual, name) for name in _CHANGED_BY_AXES})


def worn_pairs(recipe: Recipe, usual: Recipe | None = None) -> Iterator[tuple[str, str]]:
    """Yield theme, hidden parts and spelling where they differ from the usual: what fits any map."""
    usual = usual or Recipe()
    if recipe.theme != usual.theme:
        yield "theme", recipe.theme
    if set(recipe.hide) != set(usual.hide):
        yield "hide", ",".join(recipe.hide)
    if recipe.fantasy_names != usual.fantasy_names:
        yield "names", _FANTASY if recipe.fantasy_names else "plain"


def read_recipe(said: Said, usual: Recipe) -> Recipe:
    """Return the usual recipe with those choices of an address that exist; the rest is passed over."""
    recipe = usual
    for name, read in _READERS.items():
        values = said.get(name)
        if not values:
            continue
        try:
            recipe = recipe.replace(**read(values, recipe))
        except (ParameterError, ValueError, TypeError, RecursionError):
            continue
    return recipe


def known_choices(recipe: Recipe) -> Recipe:
    """Return a recipe that anybody may have written without choices that this version does not have."""
    said: dict[str, list[str]] = {}
    for name, value in recipe_pairs(recipe, Recipe()):
        said.setdefault(name, []).append(value)
    return read_recipe(said, Recipe())


def _named(name: str) -> Callable[[Sequence[str], Recipe], dict[str, Any]]:
    def read(values: Sequence[str], _recipe: Recipe) -> dict[str, Any]:
        value = None if values[0] == _NOTHING else values[0]
        known = _KNOWN.get(name)
        if value is not None and known is not None and value not in known():
            raise ValueError(value)
        return {name: value}

    return read


_KNOWN: dict[str, Callable[[], Any]] = {
    "method": projectors,
    "metric": lambda: METRICS,
    "cluster_method": methods,
    "cluster_space": lambda: ("map", "original"),
}


def _number(name: str) -> Callable[[Sequence[str], Recipe], dict[str, Any]]:
    def read(values: Sequence[str], _recipe: Recipe) -> dict[str, Any]:
        value = None if values[0] == _NOTHING else int(values[0])
        if name == "sample" and value is not None and value < _FEWEST:
            raise ValueError(value)
        return {name: value}

    return read


def _method_params(values: Sequence[str], recipe: Recipe) -> dict[str, Any]:
    given = _mapping(values[0])
    chosen = projector(recipe.method or "umap")
    return {"method_params": {name: resolve(chosen.parameters, given, chosen.name)[name] for name in given}}


def _cluster_params(values: Sequence[str], recipe: Recipe) -> dict[str, Any]:
    given = _mapping(values[0])
    chosen = recipe.cluster_method or "peaks"
    return {"cluster_params": {name: resolve(methods()[chosen].parameters, given, chosen)[name] for name in given}}


def _preparation(values: Sequence[str], _recipe: Recipe) -> dict[str, Any]:
    return {"preparation": Preparation.of(_mapping(values[0])).to_mapping() or None}


def _mapping(text: str) -> dict[str, Any]:
    def refuse(constant: str) -> float:
        raise ValueError(constant)

    content = json.loads(text, parse_constant=refuse)
    if not isinstance(content, dict):
        raise TypeError(text)
    return content


def _axes(values: Sequence[str], _recipe: Recipe) -> dict[str, Any]:
    return {"axes": tuple(_mapping(value) for value in values)}


def _named_axes(name: str) -> Callable[[Sequence[str], Recipe], dict[str, Any]]:
    return lambda values, _recipe: {name: tuple(values)}


def _theme(values: Sequence[str], _recipe: Recipe) -> dict[str, Any]:
    if values[0] not in THEMES:
        raise ValueError(values[0])
    return {"theme": values[0]}


def _hide(values: Sequence[str], _recipe: Recipe) -> dict[str, Any]:
    said = values[0].split(",")
    return {"hide": tuple(part for part in (*LAYERS, *FURNITURE) if part in said)}


def _fantasy_names(values: Sequence[str], _recipe: Recipe) -> dict[str, Any]:
    return {"fantasy_names": values[0] == _FANTASY}


def _title(values: Sequence[str], _recipe: Recipe) -> dict[str, Any]:
    return {"title": cleaned(values[0])[:LONGEST_TITLE].strip() or None}


def _colors(values: Sequence[str], _recipe: Recipe) -> dict[str, Any]:
    """Those that are colours; Recipe itself checks how they are written."""
    pairs = [value.rpartition(":") for value in values]
    colors: dict[str, str] = {}
    for group, _, colour in pairs:
        try:
            colors |= Recipe(colors={group: f"#{colour.lower()}"}).colors
        except ParameterError:
            continue
    return {"colors": colors}


_READERS: dict[str, Callable[[Sequence[str], Recipe], dict[str, Any]]] = {
    **{name: _named(name) for name in _TEXTS},
    **{name: _number(name) for name in _NUMBERS},
    "method_params": _method_params,
    "preparation": _preparation,
    "axis": _axes,
    **{name: _named_axes(name) for name in _AXES},
    "cluster_params": _cluster_params,
    "theme": _theme,
    "hide": _hide,
    "names": _fantasy_names,
    "title": _title,
    "color": _colors,
}
