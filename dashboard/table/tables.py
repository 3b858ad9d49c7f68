"""Tables being shown: what the routes may serve, under names that nobody can guess."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable

from dashboard.table.view import TableView

__all__ = ["TABLES", "Tables"]


class Tables:
    """The tables being served. Bounded: the ones not looked at for longest are put away first.

    Safe to use from many threads. As with maps, whoever has a token may see its table.
    """

    def __init__(self, most: int = 64, most_bytes: int = 256 << 20) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._views: OrderedDict[str, TableView] = OrderedDict()
        self._tokens: dict[str, str] = {}
        self._lock = threading.Lock()

    def publish(self, key: str, make: Callable[[], TableView]) -> tuple[str, TableView]:
        """Return the token and the view of the table called `key`, which is made when it is not being served yet.

        `key` must name everything the table depends on: the items, their roles, the rows.
        """
        with self._lock:
            token = self._tokens.get(key)
            view = self._views.get(token) if token is not None else None
            if token is not None and view is not None:
                self._views.move_to_end(token)
                return token, view
        made = make()
        with self._lock:
            token = self._tokens.setdefault(key, secrets.token_urlsafe(24))
            view = self._views.setdefault(token, made)
            self._views.move_to_end(token)
            self._put_away()
        return token, view

    def get(self, token: str) -> TableView | None:
        """Return the view behind a token, or None when it was put away or never was."""
        with self._lock:
            view = self._views.get(token)
            if view is not None:
                self._views.move_to_end(token)
            return view

    def _put_away(self) -> None:
        """Drop the oldest until the rest fits; the newest always stays."""
        total = sum(view.nbytes for view in self._views.values())
        while len(self._views) > 1 and (len(self._views) > self._most or total > self._most_bytes):
            token, gone = self._views.popitem(last=False)
            total -= gone.nbytes
            self._tokens = {key: known for key, known in self._tokens.items() if known != token}


TABLES = Tables()
"""The tables of this process."""
