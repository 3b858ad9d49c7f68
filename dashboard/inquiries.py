"""Questions about a map whose answers take a while: asked once, answered in the background, kept for a while."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from cartography.progress import Progress
from dashboard.work import Work, Works

if TYPE_CHECKING:
    from dashboard.state import Session

__all__ = ["Inquiries", "Inquiry", "Question", "again", "inquire"]

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Question(Generic[T]):
    """What is to be found out: `kind` in a few words, for the log too, and `key` for all that the answer depends on.

    The answer must not hold vectors: it is kept for a while. A `private` one is about what the visit itself brought:
    it is shared with no other, and let go when the visit is over and anybody asks anything.
    """

    kind: str
    key: str
    find_out: Callable[[Progress], T]
    private: bool = False


class Inquiry(Work[T]):
    """A question being answered; what it is about is let go when it is done."""

    def __init__(self, question: Question[T]) -> None:
        super().__init__(question.kind)
        self._find_out: Callable[[Progress], T] | None = question.find_out

    def _make(self) -> T:
        find_out, self._find_out = self._find_out, None
        assert find_out is not None, "work is begun once"  # noqa: S101
        return find_out(self._listen)


class Inquiries:
    """The latest inquiries, and for which of each kind every visit waits. Safe to use from many threads."""

    def __init__(self, most: int = 48, most_visits: int = 200) -> None:
        self._works: Works[Inquiry[Any]] = Works(most)
        self._most_visits = most_visits
        self._awaited: OrderedDict[str, dict[str, str]] = OrderedDict()  # visit, kind, key
        self._over: SimpleQueue[str] = SimpleQueue()  # visits; finalizers may put there while anything is locked
        self._lock = threading.Lock()

    def ask(self, question: Question[T], visit: Session) -> Inquiry[T]:
        """Return the inquiry into a question, begun if it is new; one that was stopped comes back as it is.

        What the visit asked of this kind before is stopped and forgotten, unless it is done or others wait for it.
        """
        key = f"{question.kind} {question.key}{visit.token if question.private else ''}"
        with self._lock:
            idle = self._replaced(visit, question.kind, key) | self._left_behind()
        for one in idle:
            self._works.drop_unfinished(one)
        return self._works.get(key, lambda: Inquiry(question))

    def again(self, inquiry: Inquiry[Any]) -> None:
        """Forget an inquiry that was stopped or failed, so that it can begin anew."""
        self._works.again(inquiry)

    def _replaced(self, visit: Session, kind: str, key: str) -> set[str]:
        """Remember what the visit waits for, and return what nobody waits for any more."""
        if visit.token not in self._awaited:
            weakref.finalize(visit, self._over.put, visit.token).atexit = False
        mine = self._awaited.setdefault(visit.token, {})
        self._awaited.move_to_end(visit.token)
        before, mine[kind] = mine.get(kind), key
        while len(self._awaited) > self._most_visits:
            self._awaited.popitem(last=False)
        return self._idle({before} if before is not None else set())

    def _left_behind(self) -> set[str]:
        """Forget the visits that are over, with the answers that were for them alone; return what they waited for."""
        over: list[str] = []
        with suppress(Empty):
            while True:
                over.append(self._over.get_nowait())
        if not over:
            return set()
        left = {key for token in over for key in self._awaited.pop(token, {}).values()}
        self._works.drop(lambda key: key.endswith(tuple(over)))
        return self._idle(left)

    def _idle(self, keys: set[str]) -> set[str]:
        """Those of the keys that no visit waits for."""
        return keys.difference(*(kinds.values() for kinds in self._awaited.values()))


_INQUIRIES = Inquiries()


def inquire(question: Question[T], visit: Session) -> Inquiry[T]:
    """Return this process's inquiry into a question, begun if it is new; see `Inquiries.ask`."""
    return _INQUIRIES.ask(question, visit)


def again(inquiry: Inquiry[Any]) -> None:
    """Forget an inquiry that was stopped or failed, so that it can begin anew."""
    _INQUIRIES.again(inquiry)
