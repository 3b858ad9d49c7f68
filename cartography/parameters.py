"""Parameters as data: name, default, limits and help in one place.

The same declaration checks a caller's values, builds the dashboard's controls and writes the docs.
"""

from __future__ import annotations

import numbers
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cartography.errors import ParameterError, unknown_name

__all__ = ["Parameter", "resolve"]


@dataclass(frozen=True)
class Parameter:
    """One setting of a method.

    `default` decides the kind: bool, int, float or str (one of `choices`). `low` and `high` are
    inclusive. `None` as a default means "chosen from the data" and is always accepted. The kind str stands for the
    name of a column. `label` is what a control says
    where the name alone would not do.
    """

    name: str
    default: bool | int | float | str | None
    help: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    kind: type = float
    label: str = ""

    @property
    def title(self) -> str:
        """What a control says."""
        return self.label or self.name.replace("_", " ").capitalize()

    def check(self, value: Any) -> Any:
        """Return `value` in its proper type, or raise `ParameterError` naming the limits."""
        if value is None and self.default is None:
            return None
        if self.choices:
            return self._check_choice(value)
        if self.kind is bool:
            return self._check_bool(value)
        if self.kind is str:
            return self._check_text(value)
        return self._check_number(value)

    def _check_choice(self, value: Any) -> str:
        if value not in self.choices:
            raise unknown_name(self.name, value, self.choices)
        return str(value)

    def _check_bool(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise ParameterError(f"{self.name} is {value!r}; it should be true or false.")
        return value

    def _check_text(self, value: Any) -> str:
        if not isinstance(value, str):
            raise ParameterError(f"{self.name} is {value!r}; it should be the name of a column.")
        return value

    def _check_number(self, value: Any) -> int | float:
        if isinstance(value, bool) or not isinstance(value, numbers.Real) or value != value:
            raise ParameterError(f"{self.name} is {value!r}; it should be a number.", self._limits())
        value = float(value)
        if self.kind is int and not value.is_integer():
            raise ParameterError(f"{self.name} is {value!r}; it should be a whole number.", self._limits())
        too_low = self.low is not None and value < self.low
        too_high = self.high is not None and value > self.high
        if too_low or too_high:
            raise ParameterError(f"{self.name} is {value:g}, outside its limits.", self._limits())
        return int(value) if self.kind is int else value

    def _limits(self) -> str:
        low = "any number" if self.low is None else f"{self.low:g}"
        high = "" if self.high is None else f" to {self.high:g}"
        return f"Choose a value from {low}{high}."


def resolve(parameters: Iterable[Parameter], given: Mapping[str, Any], owner: str) -> dict[str, Any]:
    """Return every parameter of `owner`, checked, with defaults where `given` is silent."""
    known = {parameter.name: parameter for parameter in parameters}
    for name in given:
        if name not in known:
            raise unknown_name(f"parameter of {owner}", name, known)
    return {name: p.check(given[name]) if name in given else p.default for name, p in known.items()}
