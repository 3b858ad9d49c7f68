"""Every choice and seed that makes a map, as JSON both ways: same file + same recipe -> same map."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from cartography.errors import ParameterError, unknown_name
from cartography.records.arrays import digest
from cartography.records.axis_spec import AxisSpec

__all__ = ["Recipe"]

SCHEMA = 1
_LATER = ("preparation", "hide", "fantasy_names", "colors", "axes", "without", "only", "size_by")
_MOST_AXES = 100
_DEEPEST = 8  # levels of lists and objects within a choice
_DRESS = ("theme", "title", "hide", "fantasy_names", "colors")


@dataclass(frozen=True)
class Recipe:
    """The choices behind a map. What is `None` is chosen from the data, and said on the map.

    Attributes
    ----------
    method, method_params : how the map is projected ("umap", "tsne", "pca", "random", "given") and its parameters; by
        default coordinates that are already there are shown as they are, everything else by UMAP
    preparation : what is done to the vectors first, by step (see `cartography.preparation`); by default nothing
    metric, n_neighbors : how nearness is measured in the original space (by default cosine, but euclidean in two or
        three dimensions), and how many neighbours are kept
    cluster_method, cluster_space, cluster_params : how items are grouped into towns and regions
    axes : concept axes, each a mapping as `AxisSpec.of_mapping` reads it; the items' places on them are columns
    without, only : names of axes: what is done by them is taken out of the vectors, or only that is kept
    color_by, label_by, size_by : columns of the items, axes among them; `color_by` also tints the realms
    sample : draw this many items, chosen at random by the seed; None draws all
    seed : decides every random choice
    theme, title : how the picture is dressed
    hide : layers and furniture that are not drawn, by the names in `cartography.drawing.showing`
    fantasy_names : whether towns and realms are spelled as on a fantasy map
    colors : "#rrggbb" by the name of a group, in place of the theme's own
    """

    method: str | None = None
    method_params: Mapping[str, Any] = field(default_factory=dict)
    preparation: Mapping[str, Any] | None = None
    metric: str | None = None
    n_neighbors: int = 15
    cluster_method: str | None = None
    cluster_space: str = "map"
    cluster_params: Mapping[str, Any] = field(default_factory=dict)
    color_by: str | None = None
    label_by: str | None = None
    size_by: str | None = None
    axes: tuple[Mapping[str, Any], ...] = ()
    without: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    sample: int | None = None
    seed: int = 0
    theme: str = "fantasy"
    title: str | None = None
    hide: tuple[str, ...] = ()
    fantasy_names: bool = False
    colors: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_types(self)
        object.__setattr__(self, "method_params", dict(self.method_params))
        object.__setattr__(self, "cluster_params", dict(self.cluster_params))
        object.__setattr__(self, "colors", dict(self.colors))
        for name in ("hide", "without", "only"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        object.__setattr__(self, "axes", tuple(spec.to_mapping() for spec in _specs_in(self)))
        if self.preparation is not None:
            object.__setattr__(self, "preparation", dict(self.preparation))

    def replace(self, **changes: Any) -> Recipe:
        """Return this recipe with some choices changed."""
        known = [f.name for f in fields(self)]
        for name in changes:
            if name not in known:
                raise unknown_name("choice in a recipe", name, known)
        return replace(self, **changes)

    @property
    def specs(self) -> tuple[AxisSpec, ...]:
        """The axes, read."""
        return tuple(AxisSpec.of_mapping(given) for given in self.axes)

    @property
    def fingerprint(self) -> str:
        """Names the choices. Those added later have no part in it while unused, so that older names still hold."""
        choices = {name: value for name, value in asdict(self).items() if name not in _LATER or value}
        return digest(json.dumps(choices, sort_keys=True))

    @property
    def undressed(self) -> Recipe:
        """The same map without what only dresses its picture: two recipes that differ in that alone share a map."""
        return self.dressed_as(Recipe())

    def dressed_as(self, other: Recipe) -> Recipe:
        """Return this recipe with all that dresses the picture taken from another."""
        return self.replace(**{name: getattr(other, name) for name in _DRESS})

    def to_json(self) -> str:
        """Return the recipe as indented JSON, with the schema's number."""
        return json.dumps({"schema": SCHEMA, **asdict(self)}, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        """Read a recipe from JSON. Raises `ParameterError` on unknown or ill-typed choices."""
        try:
            choices = json.loads(text)
            json.dumps(choices, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise ParameterError("The recipe holds half characters, which are no text.") from error
        except ValueError as error:
            raise ParameterError(f"The recipe is not valid JSON: {error}.") from error
        except RecursionError:
            raise ParameterError("The recipe is nested too deeply to be one.") from None
        if not isinstance(choices, dict):
            raise ParameterError("The recipe is not a JSON object.", 'It should look like {"method": "umap"}.')
        schema = choices.pop("schema", SCHEMA)
        if schema != SCHEMA:
            raise ParameterError(f"The recipe has schema {schema!r}; this version reads schema {SCHEMA}.")
        return cls().replace(**choices)

    @classmethod
    def read(cls, path: str | Path) -> Recipe:
        """Read a recipe from a JSON file."""
        try:
            text = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ParameterError(f"The recipe {str(path)!r} could not be read: {error}.") from error
        return cls.from_json(text)


_TEXT_OR_NONE = (str, type(None))
_TYPES: dict[str, tuple[type, ...]] = {
    "method": _TEXT_OR_NONE,
    "method_params": (Mapping,),
    "preparation": (Mapping, type(None)),
    "metric": _TEXT_OR_NONE,
    "n_neighbors": (int,),
    "cluster_method": _TEXT_OR_NONE,
    "cluster_space": (str,),
    "cluster_params": (Mapping,),
    "color_by": _TEXT_OR_NONE,
    "label_by": _TEXT_OR_NONE,
    "size_by": _TEXT_OR_NONE,
    "axes": (tuple, list),
    "without": (tuple, list),
    "only": (tuple, list),
    "sample": (int, type(None)),
    "seed": (int,),
    "theme": (str,),
    "title": _TEXT_OR_NONE,
    "hide": (tuple, list),
    "fantasy_names": (bool,),
    "colors": (Mapping,),
}
_COLOUR = re.compile("#[0-9a-fA-F]{6}")
_LIMITS = {"n_neighbors": (2, 500), "seed": (0, 2**31 - 1), "sample": (1, None)}


def _check_types(recipe: Recipe) -> None:
    for name, types in _TYPES.items():
        value = getattr(recipe, name)
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            wanted = " or ".join("nothing" if t is type(None) else t.__name__ for t in types)
            raise ParameterError(f"{name} is {value!r}; it should be {wanted}.")
        if _is_deeper(value, _DEEPEST):
            raise ParameterError(f"{name} is nested too deeply; a choice has at most {_DEEPEST} levels.")
    for name in ("hide", "without", "only"):
        if not all(isinstance(part, str) for part in getattr(recipe, name)):
            raise ParameterError(f"{name} is {getattr(recipe, name)!r}; it should be a list of names.")
    for group, colour in recipe.colors.items():
        if not (isinstance(group, str) and isinstance(colour, str) and _COLOUR.fullmatch(colour)):
            raise ParameterError(f"The colour of {group!r} is {colour!r}; it should look like #1f77b4.")
    for name, (low, high) in _LIMITS.items():
        value = getattr(recipe, name)
        if value is not None and (value < low or (high is not None and value > high)):
            limit = f"at least {low}" if high is None else f"from {low} to {high}"
            raise ParameterError(f"{name} is {value}; it should be {limit}.")


def _is_deeper(value: object, levels: int) -> bool:
    """Whether lists and objects stand in each other deeper than so many levels."""
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return levels < 0 or any(_is_deeper(one, levels - 1) for one in inner)


def _specs_in(recipe: Recipe) -> list[AxisSpec]:
    """The axes of a recipe, checked, with those that are named elsewhere in it."""
    if len(recipe.axes) > _MOST_AXES:
        raise ParameterError(f"The recipe has {len(recipe.axes):,} axes; at most {_MOST_AXES} are found.")
    specs = [AxisSpec.of_mapping(given) for given in recipe.axes]
    names = [spec.name for spec in specs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ParameterError(f"Two axes are called {twice!r}.", "Give each a name of its own.")
    for asked in (*recipe.without, *recipe.only):
        if asked not in names:
            raise unknown_name("axis", asked, names)
    if recipe.without and recipe.only:
        raise ParameterError(
            "A recipe takes axes away or keeps only some, not both.", "Choose one of `without` and `only`."
        )
    return specs
