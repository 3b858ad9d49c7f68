"""Names that may stand in a formula which is being written."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Completer", "Completions", "completions_json"]

_SHOWN = 200


@dataclass(frozen=True)
class Completions:
    """What may stand at characters `start` to `end` of a formula, each as (text, what is shown, a detail)."""

    start: int
    end: int
    suggestions: tuple[tuple[str, str, str], ...] = ()


Completer = Callable[[str, int], Completions]
"""Completes the name at the cursor, counted in characters, of a formula that is being written."""


def completions_json(found: Completions) -> bytes:
    """Return the names as the bar receives them."""
    said = [
        {"insert": text, "shown": shown[:_SHOWN], "detail": detail[:_SHOWN]}
        for text, shown, detail in found.suggestions
    ]
    content = {"start": found.start, "end": found.end, "suggestions": said}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
