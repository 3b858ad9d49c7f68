"""Names as they can be drawn: cleaned, shortened, and measured without a font library."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["LONGEST", "cleaned", "runs_one_way", "shortened", "small_caps", "width_in_caps", "width_of", "wrapped"]

LONGEST = 36
"""Characters of a name on the map; longer ones end in an ellipsis."""
_SMALL = 0.80  # height of small capitals by that of capitals
_READ = 4_000  # characters of a text that are looked at: a label may be a whole document
_UNDRAWABLE = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_SPACES = re.compile(r"\s+")

_WIDTHS = (
    (0.34, " !'(),-./:;I[\\]`ijl|‘’f"),
    (0.45, '"rt°“”¡'),
    (0.51, "Jszc*{}"),
    (0.56, "?aegvxy^_~¿"),
    (0.66, "$0123456789FLPSTbdhknopquEBZ#+<=>€£"),
    (0.73, "ACKRVXY&w"),
    (0.80, "DGHNOQUæ"),
    (0.97, "MWm%@…—Œœ"),
)
"""Advance of a letter by its font size. Upper bounds over Georgia, Liberation Serif and Liberation Sans."""
_WIDTH = {letter: width for width, letters in _WIDTHS for letter in letters}


def cleaned(text: object) -> str:
    """Return `text` on one line, without control characters, direction overrides and what XML cannot hold."""
    return _SPACES.sub(" ", _UNDRAWABLE.sub(" ", str(text)[:_READ])).strip()


def shortened(text: object, longest: int = LONGEST) -> str:
    """Return the cleaned text, cut to `longest` characters with an ellipsis at a character a reader sees as whole."""
    name = cleaned(text)
    if len(name) <= longest:
        return name
    end = longest - 1
    while end > 1 and unicodedata.combining(name[end]):
        end -= 1
    return name[:end].rstrip(" ,.;:-(") + "…"


def width_of(text: str, size: float, spacing: float = 0.0, bold: bool = False) -> float:
    """Return how wide `text` may run in a serif face of `size`, in the same unit; rather too wide than too narrow."""
    advance = sum(_width(letter) for letter in text)
    return (1.07 if bold else 1.0) * advance * size + spacing * max(0, len(text) - 1)


def small_caps(text: str) -> list[tuple[str, float]]:
    """Return a name as runs of letters in small capitals, each with its share of the font size.

    Renderers do not make small capitals of their own. Where letters are joined or have no capitals, nothing changes.
    """
    if not runs_one_way(text):
        return [(text, 1.0)]
    runs: list[tuple[str, float]] = []
    for letter in text:
        tall = letter.upper()
        share = _SMALL if tall != letter and len(tall) == 1 else 1.0
        if runs and (runs[-1][1] == share or letter == " "):
            runs[-1] = (runs[-1][0] + tall, runs[-1][1])
        else:
            runs.append((tall if share < 1 else letter, share))
    return runs


def width_in_caps(text: str, size: float, bold: bool = False) -> float:
    """Return how wide a name may run in small capitals."""
    return sum(width_of(run, share * size, bold=bold) for run, share in small_caps(text))


def _width(letter: str) -> float:
    if letter in _WIDTH:
        return _WIDTH[letter]
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Cf", "Mn"):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.06
    plain = unicodedata.normalize("NFD", letter)[0]
    if plain != letter:
        return _width(plain)
    return 0.80 if letter.isupper() else 0.66


def runs_one_way(text: str) -> bool:
    """Whether letters may be set one by one: left to right, none of them joined to or stacked on another."""
    return all(unicodedata.bidirectional(c) not in ("R", "AL", "AN", "NSM") and c < "\u0900" for c in text)


def wrapped(text: str, size: float, widest: float, lines: int) -> list[str]:
    """Return the cleaned text on at most `lines` lines no wider than `widest`; what is left over is cut."""
    result, line = [], ""
    for word in cleaned(text).split(" "):
        longer = f"{line} {word}" if line else word
        if line and width_of(longer, size) > widest:
            result.append(line)
            line = word
        else:
            line = longer
    result.append(line)
    kept = result[:lines]
    if len(result) > lines:
        kept[-1] += "…"
    return [_fitted(line, size, widest) for line in kept]


def _fitted(text: str, size: float, widest: float) -> str:
    if width_of(text, size) <= widest:
        return text
    count = len(text)
    while count > 1 and width_of(text[:count] + "…", size) > widest:
        count -= 1
    return text[:count].rstrip(" …") + "…"
