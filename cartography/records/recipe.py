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

__all__ = ["Recipe"]

SCHEMA = 1
_LATER = ("preparation", "hide", "fantasy_names", "colors")
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
    color_by, label_by : columns of the items; `color_by` also tints the realms
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
        object.__setattr__(self, "hide", tuple(self.hide))
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
        except ValueError as error:
            raise ParameterError(f"The recipe is not valid JSON: {error}.") from error
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
    if not all(isinstance(part, str) for part in recipe.hide):
        raise ParameterError(f"hide is {recipe.hide!r}; it should be a list of names.")
    for group, colour in recipe.colors.items():
        if not (isinstance(group, str) and isinstance(colour, str) and _COLOUR.fullmatch(colour)):
            raise ParameterError(f"The colour of {group!r} is {colour!r}; it should look like #1f77b4.")
    for name, (low, high) in _LIMITS.items():
        value = getattr(recipe, name)
        if value is not None and (value < low or (high is not None and value > high)):
            limit = f"at least {low}" if high is None else f"from {low} to {high}"
            raise ParameterError(f"{name} is {value}; it should be {limit}.")
