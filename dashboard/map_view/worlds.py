"""Published maps: what the routes may serve, under names that nobody can guess."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable

from cartography.drawing.browser import World

__all__ = ["Worlds", "WORLDS"]


class Worlds:
    """The maps being served. Bounded: the ones not looked at for longest are put away first.

    Safe to use from many threads. Tokens are random, because routes are not tied to a login: whoever has
    a token may see its map, and nobody can find one by trying.
    """

    def __init__(self, most: int = 32, most_bytes: int = 1 << 31) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._worlds: OrderedDict[str, World] = OrderedDict()
        self._tokens: dict[str, str] = {}
        self._lock = threading.Lock()

    def publish(self, key: str, make: Callable[[], World]) -> str:
        """Return the token of the map called `key`, calling `make` only when it is not being served yet.

        `key` must name everything the world depends on: the scene, the theme, the fields on its cards.
        """
        token = self._known(key)
        if token is not None:
            return token
        world = make()
        with self._lock:
            token = self._tokens.setdefault(key, secrets.token_urlsafe(24))
            self._worlds.setdefault(token, world)
            self._worlds.move_to_end(token)
            self._put_away()
        return token

    def get(self, token: str) -> World | None:
        """Return the world behind a token, or None when it was put away or never was."""
        with self._lock:
            world = self._worlds.get(token)
            if world is not None:
                self._worlds.move_to_end(token)
            return world

    def put_away(self, token: str) -> None:
        """Stop serving a world; an unknown token is no error."""
        with self._lock:
            self._drop(token)

    def __len__(self) -> int:
        return len(self._worlds)

    def _known(self, key: str) -> str | None:
        with self._lock:
            token = self._tokens.get(key)
            if token is not None:
                self._worlds.move_to_end(token)
            return token

    def _put_away(self) -> None:
        """Drop the oldest until the rest fits; the newest always stays."""
        total = sum(world.nbytes for world in self._worlds.values())
        while len(self._worlds) > 1 and (len(self._worlds) > self._most or total > self._most_bytes):
            oldest = next(iter(self._worlds))
            total -= self._worlds[oldest].nbytes
            self._drop(oldest)

    def _drop(self, token: str) -> None:
        self._worlds.pop(token, None)
        for key in [key for key, known in self._tokens.items() if known == token]:
            del self._tokens[key]


WORLDS = Worlds()
"""The registry that the pages publish to and the routes serve from."""
