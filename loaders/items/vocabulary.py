"""Vocabularies: which token has which number, as `tokenizer.json` and `vocab.json` say."""

from __future__ import annotations

from typing import Any

__all__ = ["vocabulary_of"]

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
