"""What was found out about an object once is remembered for as long as the object lives, and no longer."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

__all__ = ["remembered"]

T = TypeVar("T")
R = TypeVar("R")


def remembered(find: Callable[[T], R]) -> Callable[[T], R]:
    """Return `find`, a function of one object, such that each object is asked about once.

    Objects are told apart by identity or by their own `==`, and not kept alive. What `find` returns must not hold
    its object, or neither is ever let go.
    """
    known: WeakKeyDictionary[T, tuple[R]] = WeakKeyDictionary()

    @wraps(find)
    def answer(about: T) -> R:
        found = known.get(about)
        if found is None:
            found = known[about] = (find(about),)
        return found[0]

    return answer
