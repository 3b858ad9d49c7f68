"""Vocabularies: which token has which number, as `tokenizer.json` and `vocab.json` say."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import pandas as pd

from loaders.base import Columns

__all__ = ["readable_tokens", "token_columns", "vocabulary_of"]

_LARGEST = 1 << 23


def vocabulary_of(whole: Any) -> list[str | None] | None:
    """Return the tokens by number, None where a number has no token; None when this is not a vocabulary."""
    if not isinstance(whole, dict):
        return None
    model = whole.get("model")
    if isinstance(model, dict) and "vocab" in model:
        numbers = _numbers(model["vocab"])
        added = whole.get("added_tokens")
        for token in added if isinstance(added, list) else []:
            if isinstance(token, dict) and isinstance(token.get("id"), int) and isinstance(token.get("content"), str):
                numbers[token["id"]] = token["content"]
        return _listed(numbers)
    is_flat = bool(whole) and all(isinstance(value, int) and not isinstance(value, bool) for value in whole.values())
    return _listed(_numbers(whole)) if is_flat else None


def token_columns(tokens: Sequence[str | None]) -> Columns:
    """Return tokens by number as the column "token"; byte-level ones also as they are written, in "piece"."""
    clear, notes = readable_tokens(tokens)
    frame = pd.DataFrame({"token": pd.Series(clear, dtype="str")})
    if notes:
        frame["piece"] = pd.Series(list(tokens), dtype="str")
    return Columns(frame, tuple(notes), numbered=True)


def readable_tokens(tokens: Sequence[str | None]) -> tuple[list[str | None], list[str]]:
    """Return tokens of a byte-level vocabulary as people read them, and a note on that; others as they are.

    GPT-2 writes each of the 256 bytes as a visible character, "Ġthe" for " the" (Radford et al. 2019, `encoder.py`).
    Tokens that would become equal, or that are no whole characters, stay as they are.
    """
    if not any(token and token[0] in "ĠĊ" for token in tokens):
        return list(tokens), []
    read = [None if token is None else _from_bytes(token) for token in tokens]
    known: dict[str, int] = {}
    for token in read:
        if token is not None:
            known[token] = known.get(token, 0) + 1
    clear = [token if new is None or known[new] > 1 else new for token, new in zip(tokens, read, strict=True)]
    return clear, ['The tokens are of a byte-level vocabulary; "Ġthe" is shown as " the".']


def _from_bytes(token: str) -> str | None:
    table = _byte_characters()
    values = [table.get(character) for character in token]
    if not all(value is not None for value in values):
        return None
    try:
        return bytes(value for value in values if value is not None).decode("utf-8")
    except UnicodeDecodeError:
        return None


@cache
def _byte_characters() -> dict[str, int]:
    """Return which byte each character of a byte-level vocabulary stands for: itself if visible, else 256 onwards."""
    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in visible]
    return {chr(byte): byte for byte in visible} | {chr(256 + place): byte for place, byte in enumerate(hidden)}


def _numbers(vocabulary: Any) -> dict[int, str]:
    """Return tokens by number: from {token: number}, or from [[token, score], ...] in order."""
    if isinstance(vocabulary, dict):
        return {number: token for token, number in vocabulary.items() if isinstance(number, int)}
    if isinstance(vocabulary, list):
        return {place: str(one[0]) for place, one in enumerate(vocabulary) if isinstance(one, list) and one}
    return {}


def _listed(numbers: dict[int, str]) -> list[str | None] | None:
    known = {number: token for number, token in numbers.items() if 0 <= number < _LARGEST}
    if not known:
        return None
    tokens: list[str | None] = [None] * (max(known) + 1)
    for number, token in known.items():
        tokens[number] = token
    return tokens
