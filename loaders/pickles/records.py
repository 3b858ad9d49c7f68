"""What a pickle says, as inert records: names that are never looked up, calls that are never made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["Call", "Mapped", "Name", "Persistent"]


@dataclass(frozen=True, slots=True)
class Name:
    """A global that the pickle mentions. It is a text, and stays one."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(eq=False, slots=True)
class Mapped:
    """A dictionary, as its pairs in order: keys are not hashed, so that none can be made to collide."""

    pairs: list[tuple[Any, Any]] = field(default_factory=list)

    def texts(self) -> dict[str, Any]:
        """Return the entries whose key is a text."""
        return {key: value for key, value in self.pairs if type(key) is str}


@dataclass(eq=False, slots=True)
class Call:
    """An object that the pickle wants made: `what(*args)`, later given a state and entries. It is never made."""

    what: Any
    args: tuple[Any, ...]
    state: Any = None
    entries: Mapped = field(default_factory=Mapped)
    values: list[Any] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The full name of what it would call; "" when that is no plain name."""
        return str(self.what) if isinstance(self.what, Name) else ""


@dataclass(frozen=True, eq=False, slots=True)
class Persistent:
    """A reference to something outside the pickle, such as the storage of a tensor."""

    id: Any
