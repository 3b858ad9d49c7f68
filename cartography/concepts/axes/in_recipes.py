"""What becomes of a recipe when an axis is added, renamed or forgotten, or when the map is laid on axes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cartography.records import AxisSpec, Recipe
from cartography.records.axis_spec import LONGEST_NAME

__all__ = ["free_name", "laid_on", "off_axes", "renamed_axis", "rest_of", "with_axis", "without_axes", "without_axis"]

_SIDES = ("x", "y", "z")
_BY = ("color_by", "size_by", "label_by")

Before = tuple[str | None, Mapping[str, Any]]
NO_METHOD: Before = (None, {})


def with_axis(recipe: Recipe, spec: AxisSpec) -> Recipe:
    """Return the recipe with one axis more. Raises `ParameterError` where its name is taken."""
    return recipe.replace(axes=(*recipe.axes, spec.to_mapping()))


def without_axis(recipe: Recipe, name: str, before: Before = NO_METHOD) -> Recipe:
    """Return the recipe without an axis, and without all that uses it.

    What was coloured, sized or named by it no longer is, and what other axes leave unexplained by it goes as well. A
    map that was laid on it goes back to the method and parameters `before`, by default the usual ones.
    """
    gone = {name, *(spec.name for spec in recipe.specs if name in spec.of)}
    if gone & set(map(str, recipe.method_params.values())):
        recipe = recipe.replace(method=before[0], method_params=before[1])
    if gone & set(map(str, recipe.method_params.values())):
        recipe = recipe.replace(method=None, method_params={})
    return recipe.replace(
        axes=tuple(given for given in recipe.axes if given["name"] not in gone),
        without=tuple(one for one in recipe.without if one not in gone),
        only=tuple(one for one in recipe.only if one not in gone),
        **{by: None for by in _BY if getattr(recipe, by) in gone},
    )


def without_axes(recipe: Recipe) -> Recipe:
    """Return the recipe without any axis and without all that uses one; a map laid on axes becomes the usual one."""
    while recipe.axes:
        recipe = without_axis(recipe, str(recipe.axes[0]["name"]))
    return off_axes(recipe) if recipe.method == "axes" else recipe


def renamed_axis(recipe: Recipe, name: str, new: str) -> Recipe:
    """Return the recipe with an axis called `new` wherever it is used. Raises `ParameterError` for a name taken."""

    def called(one: Any) -> Any:
        return new if one == name else one

    specs = [replace(spec, name=called(spec.name), of=tuple(map(called, spec.of))) for spec in recipe.specs]
    return recipe.replace(
        axes=tuple(spec.to_mapping() for spec in specs),
        without=tuple(map(called, recipe.without)),
        only=tuple(map(called, recipe.only)),
        method_params={key: called(value) for key, value in recipe.method_params.items()},
        **{by: called(getattr(recipe, by)) for by in _BY},
    )


def laid_on(recipe: Recipe, sides: Mapping[str, str | None]) -> Recipe:
    """Return the recipe of the map on the columns `sides` names: x, y, and z where the map is to be deep.

    Concept axes share one unit; as soon as any other column is among the sides, each has a scale of its own.
    """
    chosen = {side: sides[side] for side in _SIDES if sides.get(side) is not None}
    directions = {spec.name for spec in recipe.specs if spec.kind != "rest"}
    scale = "shared" if set(chosen.values()) <= directions else "each"
    return recipe.replace(method="axes", method_params={**chosen, "scale": scale})


def off_axes(recipe: Recipe, before: Before = NO_METHOD) -> Recipe:
    """Return the recipe of the map by neighbours again: by the method and parameters `before`."""
    return recipe.replace(method=before[0], method_params=before[1])


def rest_of(recipe: Recipe, names: Iterable[str], taken: Iterable[str] = ()) -> tuple[Recipe, str]:
    """Return the recipe with the axis of what `names` leave unexplained, and what it is called; it is made once.

    `taken` are the items' own columns, which no axis may be called.
    """
    of = tuple(dict.fromkeys(names))
    known = next((spec.name for spec in recipe.specs if spec.kind == "rest" and set(spec.of) == set(of)), None)
    if known is not None:
        return recipe, known
    name = free_name("Unexplained", [*taken, *(spec.name for spec in recipe.specs)])
    return with_axis(recipe, AxisSpec(name, "rest", of=of)), name


def free_name(wanted: str, taken: Sequence[str]) -> str:
    """Return a name as it is wanted, or numbered where it is taken; never longer than an axis may be called."""
    name, number = wanted[:LONGEST_NAME], 2
    while name in taken:
        ending = f" ({number})"
        name, number = wanted[: LONGEST_NAME - len(ending)] + ending, number + 1
    return name
