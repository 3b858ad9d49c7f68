"""How far a layout has come, so that one that was stopped goes on where it stood."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["Standing"]


class Standing:
    """Filled in by a layout that is stopped while it reports; handed to the next call, that call goes on from there.

    The map is then the same, to the bit, as if nothing had stopped it. `step` counts the rounds done, `parts` holds
    what the layout needs to go on.
    """

    def __init__(self) -> None:
        self.step = 0
        self.parts: dict[str, Any] = {}

    @contextmanager
    def at(self, step: int, **parts: Any) -> Iterator[None]:
        """Keep this state if the block, a report, is left by an exception; nothing is copied otherwise."""
        try:
            yield
        except BaseException:
            self.step, self.parts = step, parts
            raise

    def clear(self) -> None:
        """Forget everything: the layout is done."""
        self.step, self.parts = 0, {}
