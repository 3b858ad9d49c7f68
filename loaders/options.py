"""What a caller may choose beside the file and the key. Everything left out is guessed, and the guess is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from cartography.errors import ParameterError, unknown_name
from cartography.progress import Progress

__all__ = ["DELIMITERS", "ROLES", "Options"]

DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "bar": "|", "space": " "}
"""Delimiters by name; any other single character stands for itself."""

ROLES = ("label", "text", "image", "x", "y")
"""What a column can be for: its class, its words, its picture, its place on a map that exists already."""


@dataclass(frozen=True)
class Options:
    """The choices of `load` and `probe`.

    Attributes
    ----------
    id : the column that holds the items' ids
    label, text, image, x, y : the column for each role; "" for none
    columns : the item columns to keep; None keeps all
    keep : "drop" leaves rows out whose vector is missing or not finite and counts them, "error" refuses
    sample, seed : read this many rows, drawn at random by the seed
    by : "rows" makes one item of each row of a matrix, "columns" one of each column
    label_shift : line i of a label file belongs to row i + label_shift
    beside : whether a file that is plainly the other half (`metadata.tsv` beside `tensors.tsv`) is used unasked
    header : whether the first line of a text table holds column names
    delimiter, encoding : how a text table is written
    dtype, shape : what raw bytes hold; `dtype` also settles whether uint16 is bfloat16
    progress : is told how far the reading is, and may raise `Cancelled`
    """

    id: str | None = None
    label: str | None = None
    text: str | None = None
    image: str | None = None
    x: str | None = None
    y: str | None = None
    columns: tuple[str, ...] | None = None
    keep: str = "drop"
    sample: int | None = None
    seed: int = 0
    by: str = "rows"
    label_shift: int = 0
    beside: bool = True
    header: bool | None = None
    delimiter: str | None = None
    encoding: str | None = None
    dtype: str | None = None
    shape: tuple[int, ...] | None = None
    progress: Progress | None = None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Options:
        """Return the options for these keyword arguments.

        Raises `ParameterError` for an unknown one, with the nearest name, or for a value outside its limits.
        """
        known = [field.name for field in fields(cls)]
        for name in given:
            if name not in known:
                raise unknown_name("loading option", name, known)
        values = dict(given)
        for name in ("columns", "shape"):
            values[name] = _as_tuple(name, values.get(name))
        options = cls(**values)
        _check(options)
        return options

    @property
    def roles(self) -> dict[str, str]:
        """The roles the caller settled; "" means that no column plays it."""
        chosen = {role: getattr(self, role) for role in ROLES}
        return {role: column for role, column in chosen.items() if column is not None}


def _as_tuple(name: str, value: Any) -> tuple[Any, ...] | None:
    if value is None or isinstance(value, tuple):
        return value
    if isinstance(value, str) and name == "columns":
        return (value,)
    try:
        return tuple(value)
    except TypeError as error:
        raise ParameterError(f"{name} is {value!r}; it should be a list.") from error


_CHOICES = {"keep": ("drop", "error"), "by": ("rows", "columns")}
_WHOLE = {"sample": 1, "seed": 0, "label_shift": None}
_TEXTS = ("id", *ROLES, "delimiter", "encoding", "dtype")


def _check(options: Options) -> None:
    for name, choices in _CHOICES.items():
        if getattr(options, name) not in choices:
            raise unknown_name(name, getattr(options, name), choices)
    for name, low in _WHOLE.items():
        _check_whole(name, getattr(options, name), low, optional=name == "sample")
    for name in _TEXTS:
        value = getattr(options, name)
        if value is not None and not isinstance(value, str):
            raise ParameterError(f"{name} is {value!r}; it should be text.")
    if options.delimiter is not None and len(options.delimiter) != 1 and options.delimiter not in DELIMITERS:
        raise unknown_name("delimiter", options.delimiter, DELIMITERS)
    for size in options.shape or ():
        _check_whole("shape", size, 1)


def _check_whole(name: str, value: Any, low: int | None, optional: bool = False) -> None:
    if value is None and optional:
        return
    whole = hasattr(value, "__index__") and not isinstance(value, bool)
    if not whole or (low is not None and value < low):
        limit = "" if low is None else f" of at least {low}"
        raise ParameterError(f"{name} is {value!r}; it should be a whole number{limit}.")
