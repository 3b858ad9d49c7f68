"""What routes may serve, under names that nobody can guess: maps, tables."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

__all__ = ["Published"]


class Sized(Protocol):
    """Something that knows how much memory it takes."""

    @property
    def nbytes(self) -> int:
        """Bytes."""
        ...


T = TypeVar("T", bound=Sized)


class Published(Generic[T]):
    """The things being served. Bounded: the ones not looked at for longest are put away first.

    Safe to use from many threads. Tokens are random, because routes are not tied to a login: whoever has
    a token may see what is behind it, and nobody can find one by trying.
    """

    def __init__(self, most: int, most_bytes: int) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._things: OrderedDict[str, T] = OrderedDict()
        self._tokens: dict[str, str] = {}
        self._lock = threading.Lock()

    def publish(self, key: str, make: Callable[[], T]) -> str:
        """Return the token of what is called `key`; see `serve`."""
        return self.serve(key, make)[0]

    def serve(self, key: str, make: Callable[[], T]) -> tuple[str, T]:
        """Return the token of what is called `key`, and the thing; `make` is called only when it is not served yet.

        `key` must name everything that the thing depends on.
        """
        known = self._known(key)
        if known is not None:
            return known
        made = make()
        with self._lock:
            token = self._tokens.setdefault(key, secrets.token_urlsafe(24))
            thing = self._things.setdefault(token, made)
            self._things.move_to_end(token)
            self._put_away()
        return token, thing

    def get(self, token: str) -> T | None:
        """Return what is behind a token, or None when it was put away or never was."""
        with self._lock:
            thing = self._things.get(token)
            if thing is not None:
                self._things.move_to_end(token)
            return thing

    def put_away(self, token: str) -> None:
        """Stop serving a thing; an unknown token is no error."""
        with self._lock:
            self._drop(token)

    def __len__(self) -> int:
        return len(self._things)

    def _known(self, key: str) -> tuple[str, T] | None:
        with self._lock:
            token = self._tokens.get(key)
            if token is None:
                return None
            self._things.move_to_end(token)
            return token, self._things[token]

    def _put_away(self) -> None:
        """Drop the oldest until the rest fits; the newest always stays."""
        total = sum(thing.nbytes for thing in self._things.values())
        while len(self._things) > 1 and (len(self._things) > self._most or total > self._most_bytes):
            oldest = next(iter(self._things))
            total -= self._things[oldest].nbytes
            self._drop(oldest)

    def _drop(self, token: str) -> None:
        self._things.pop(token, None)
        self._tokens = {key: known for key, known in self._tokens.items() if known != token}
