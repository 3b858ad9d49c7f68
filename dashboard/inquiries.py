"""Questions about a map whose answers take a while: asked once, answered in the background, kept for a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from cartography.progress import Progress
from dashboard.work import Work, Works

__all__ = ["Inquiry", "again", "inquire"]

T = TypeVar("T")


class Inquiry(Work[T]):
    """One question; what it is about is let go when it is answered."""

    def __init__(self, what: str, find_out: Callable[[Progress], T]) -> None:
        super().__init__(what)
        self._find_out = find_out

    def _make(self) -> T:
        try:
            return self._find_out(self._listen)
        finally:
            del self._find_out


_INQUIRIES: Works[Inquiry[Any]] = Works(16)


def inquire(key: str, what: str, find_out: Callable[[Progress], T]) -> Inquiry[T]:
    """Return the inquiry kept under `key`, begun if it is new; one that was stopped comes back as it is."""
    return _INQUIRIES.get(key, lambda: Inquiry(what, find_out))


def again(inquiry: Inquiry[Any]) -> None:
    """Forget an inquiry that was stopped or failed, so that it can begin anew."""
    _INQUIRIES.again(inquiry)
