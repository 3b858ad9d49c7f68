"""Which column is the label, the text, the image, x and y: guessed by name, then by content, and always said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_float_dtype, is_numeric_dtype

from cartography.errors import LoadError

__all__ = ["LABEL_NAMES", "guess_roles", "pair_of_coordinates", "roles_by_name", "unknown_column"]

LABEL_NAMES = (
    *("label", "labels", "class", "classes", "target", "targets", "category", "category_name", "y_true"),
    *("labelname", "label_name", "class_name", "ground_truth", "y"),
)
CALLED_NAMES = ("name", "names", "word", "words", "token", "tokens", "title", "term", "key", "node", "label_text")
TEXT_NAMES = (
    *("text", "texts", "sentence", "sentences", "document", "documents", "content", "description", "body"),
    *("question", "review", "abstract", "caption", "prompt", "page_content", "message", "comment"),
)
IMAGE_NAMES = (
    *("image", "images", "img", "image_path", "image_url", "image_file", "thumbnail", "picture", "photo"),
    *("file_name", "filename", "file", "filepath", "path", "url"),
)
_PAIRS = (
    ("x", "y"),
    ("projection_x", "projection_y"),
    ("umap_x", "umap_y"),
    ("tsne_x", "tsne_y"),
    ("pca_x", "pca_y"),
    ("x_2d", "y_2d"),
    ("umap_1", "umap_2"),
    ("umap1", "umap2"),
    ("tsne_1", "tsne_2"),
    ("tsne1", "tsne2"),
    ("umap-1", "umap-2"),
    ("coord_x", "coord_y"),
)
_PICTURE = re.compile(r"\.(png|jpe?g|gif|webp|bmp|tiff?|svg)(\?\S*)?$|^data:image/", re.IGNORECASE)
_LONG = 30  # characters a text has on average; names are shorter


def guess_roles(items: pd.DataFrame, chosen: Mapping[str, str], declared: Mapping[str, str]) -> dict[str, str]:
    """Return column names by role. What a person chose stands first, then what the format declares, then the guess.

    Raises `LoadError` when `chosen` names a column that does not exist.
    """
    for role, column in chosen.items():
        if column and column not in items.columns:
            raise unknown_column(role, column, items)
    guessed = {**_by_content(items), **roles_by_name(map(str, items.columns))}
    guessed = {role: column for role, column in guessed.items() if _plausible(role, items[column])}
    if {"x", "y"} - set(guessed):
        guessed = {role: column for role, column in guessed.items() if role not in ("x", "y")}
    known = {role: column for role, column in declared.items() if column in items.columns}
    rest = [str(column) for column in items.columns if column not in guessed.values()]
    if "label" not in {**guessed, **known, **chosen} and len(rest) == 1 and not is_float_dtype(items[rest[0]].dtype):
        guessed["label"] = rest[0]  # a single column beside the vectors is there to label them
    return {role: column for role, column in {**guessed, **known, **chosen}.items() if column}


def roles_by_name(columns: Iterable[str]) -> dict[str, str]:
    """Guess roles from column names alone, as tools commonly call them."""
    by_name = {name.lower(): name for name in reversed(list(columns))}
    roles: dict[str, str] = {}
    pair = pair_of_coordinates(by_name.values())
    if pair:
        roles["x"], roles["y"] = pair
    taken = set(roles.values())
    for role, names in (("label", (*LABEL_NAMES, *CALLED_NAMES)), ("text", TEXT_NAMES), ("image", IMAGE_NAMES)):
        found = next((by_name[name] for name in names if name in by_name and by_name[name] not in taken), None)
        if found is not None:
            roles[role] = found
            taken.add(found)
    return roles


def pair_of_coordinates(columns: Iterable[str]) -> tuple[str, str] | None:
    """Return the two columns that hold a map made earlier, or None."""
    by_name = {name.lower(): name for name in columns}
    pair = next((pair for pair in _PAIRS if pair[0] in by_name and pair[1] in by_name), None)
    return (by_name[pair[0]], by_name[pair[1]]) if pair else None


def unknown_column(what: str, wanted: str, items: pd.DataFrame) -> LoadError:
    """Return the error for a column that does not exist, with the nearest one as its hint."""
    names = [str(column) for column in items.columns]
    close = get_close_matches(wanted, names, n=1, cutoff=0.5)
    listed = ", ".join(names[:12]) + (" …" if len(names) > 12 else "")
    hint = (
        f"Did you mean {close[0]!r}?" if close else f"The columns are: {listed}." if names else "It has no columns."
    )
    return LoadError(f"There is no column {wanted!r} to use as {what}.", hint)


def _plausible(role: str, column: pd.Series) -> bool:
    """Whether the content allows the role that the name suggests."""
    if role in ("x", "y"):
        numeric = is_numeric_dtype(column.dtype) and not is_bool_dtype(column.dtype)
        return bool(numeric and np.isfinite(column.to_numpy(float, na_value=np.nan)).all())
    if role == "image":
        return _share_of_pictures(column) > 0.5
    if role == "text" and _share_of_pictures(column) > 0.5:
        return False
    return role == "label" or not is_numeric_dtype(column.dtype)


def _by_content(items: pd.DataFrame) -> dict[str, str]:
    """Guess the text and the image among columns whose names say nothing."""
    roles: dict[str, str] = {}
    for name in items.columns:
        if is_numeric_dtype(items[name].dtype):
            continue
        if _share_of_pictures(items[name]) > 0.9:
            roles.setdefault("image", str(name))
        elif "text" not in roles and _mean_length(items[name]) > _LONG:
            roles["text"] = str(name)
    return roles


def _sample(column: pd.Series) -> list[str]:
    """Return up to 50 values that are text."""
    return [value[:300] for value in column.iloc[:200].dropna() if isinstance(value, str)][:50]


def _share_of_pictures(column: pd.Series) -> float:
    values = _sample(column)
    return sum(bool(_PICTURE.search(value)) for value in values) / len(values) if values else 0.0


def _mean_length(column: pd.Series) -> float:
    values = _sample(column)
    return sum(map(len, values)) / len(values) if values else 0.0
