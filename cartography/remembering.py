"""What was found out about an object once is remembered for as long as the object lives, and no longer."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from threading import Lock, RLock
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

__all__ = ["remembered"]

T = TypeVar("T")
R = TypeVar("R")


class _Place(Generic[R]):
    """Where one answer is kept; who asks while it is being found waits for it."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.answer: tuple[R] | None = None


def remembered(find: Callable[[T], R]) -> Callable[[T], R]:
    """Return `find`, a function of one object, such that each object is asked about once, from any thread.

    Objects are told apart by identity or by their own `==`, and not kept alive. What `find` returns must not hold
    its object, or neither is ever let go. What `find` raises is not remembered.
    """
    known: WeakKeyDictionary[T, _Place[R]] = WeakKeyDictionary()
    lock = Lock()

    @wraps(find)
    def answer(about: T) -> R:
        with lock:
            place = known.get(about)
            if place is None:
                place = known[about] = _Place()
        if place.answer is None:
            with place.lock:
                if place.answer is None:
                    place.answer = (find(about),)
        return place.answer[0]

    return answer
