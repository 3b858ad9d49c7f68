"""The one tree of errors. Each says what was found and what was expected; `hint` says what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = [
    "Cancelled",
    "CartographyError",
    "LoadError",
    "MissingDependencyError",
    "ParameterError",
    "ShapeError",
    "unknown_name",
]

_LISTED = 24


class CartographyError(Exception):
    """Anything this program refuses to do, in one sentence, with a hint on the way out."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def sentence(self) -> str:
        """The message followed by its hint: what a person should read."""
        return f"{self.message} {self.hint}".strip()


class LoadError(CartographyError):
    """A file could not be read as embeddings."""


class ShapeError(CartographyError):
    """An array does not have the shape, dtype or values that a record promises."""


class ParameterError(CartographyError):
    """A choice is unknown or outside its limits."""


class MissingDependencyError(CartographyError):
    """An optional library is needed; the hint is the one line that installs it."""


class Cancelled(CartographyError):  # noqa: N818  (it is an outcome, not a fault)
    """The person asked to stop. Raised out of a progress callback, passed through by every stage."""

    def __init__(self, message: str = "Stopped, as asked.", hint: str = "") -> None:
        super().__init__(message, hint)


def unknown_name(what: str, given: object, valid: Iterable[str]) -> ParameterError:
    """Return the error for a name that is not one of `valid`, with the nearest valid name as its hint."""
    names = sorted(valid)
    close = get_close_matches(str(given), names, n=1, cutoff=0.5)
    more = f" and {len(names) - _LISTED:,} more" if len(names) > _LISTED else ""
    hint = f"Did you mean {close[0]!r}?" if close else f"Choose one of: {', '.join(names[:_LISTED])}{more}."
    return ParameterError(f"There is no {what} called {str(given)!r}.", hint)
