"""Files of analogies, as Mikolov and others (2013) write them: `: section`, then `a b c d`, for a is to b as c to d.

Names with spaces in them stand between tabs or commas. Empty lines and lines that begin with # or // say nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from io import StringIO
from pathlib import Path

from cartography.errors import LoadError
from cartography.inspection.wording import counted, cut
from cartography.records.arrays import digest

__all__ = ["MOST_BYTES", "MOST_QUESTIONS", "AnalogySet", "read_questions"]

MOST_BYTES = 20_000_000
"""How large a file of analogies may be that is read."""
MOST_QUESTIONS = 200_000
"""How many analogies are read from one file."""
_MOST_LINES = 1_000_000
_LONGEST_LINE = 4_000  # characters
_LONGEST_SECTION = 120
_WORDS = 4
_SHAPE = "Write one question a line, such as: man woman king queen"

Words = tuple[str, str, str, str]


@dataclass(frozen=True, eq=False)
class AnalogySet:
    """m questions: `words` (a, b, c, d), the places of their sections in `sections`, and the lines they came from.

    `sections` are the distinct names in the order in which they come, "" for questions before the first. `skipped`
    counts the lines that were no questions.
    """

    words: tuple[Words, ...]
    section_of: tuple[int, ...]
    lines: tuple[int, ...]
    sections: tuple[str, ...]
    skipped: int = 0
    notes: tuple[str, ...] = ()
    name: str = field(default="analogies")

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def fingerprint(self) -> str:
        """Names the questions and their sections."""
        return digest(self.words, self.section_of, self.sections)


def read_questions(source: str | bytes | Path) -> AnalogySet:
    """Return the analogies in a text, in its bytes, or in the file that a `Path` names.

    Raises `LoadError` for what is no UTF-8 text, is larger than `MOST_BYTES`, or has no line of four words or more
    than `MOST_QUESTIONS`.
    """
    name = source.name if isinstance(source, Path) else "analogies"
    text = source if isinstance(source, str) else _decoded(_content(source))
    if len(text) > MOST_BYTES:
        raise _too_large(len(text))
    if "\0" in text:
        raise LoadError("The analogies hold zero bytes, as binary files do.", _SHAPE)
    return _read(text.removeprefix("\ufeff"), name)


def _content(source: bytes | Path) -> bytes:
    """The bytes, of which no more are read than may be there: devices and pipes do not tell how many they have."""
    if isinstance(source, bytes):
        content = source
    elif not source.exists():
        raise LoadError(f"There is no file {str(source)!r}.", "Check the path.")
    else:
        try:
            with source.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise LoadError(f"{source.name} cannot be read: {error.strerror}.") from error
    if len(content) > MOST_BYTES:
        raise _too_large(len(content) if isinstance(source, bytes) else max(source.stat().st_size, len(content)))
    return content


def _too_large(size: int) -> LoadError:
    return LoadError(
        f"The analogies take {size:,} bytes; at most {MOST_BYTES:,} are read.", "Divide the file into several."
    )


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise LoadError(
            f"The analogies are no UTF-8 text: byte {error.start + 1:,} belongs to no character.",
            "Save them as plain text in UTF-8.",
        ) from error


def _read(text: str, name: str) -> AnalogySet:
    words: list[Words] = []
    section_of: list[int] = []
    lines: list[int] = []
    skipped: list[tuple[int, str]] = []
    places: dict[str, int] = {}
    section = ""
    for number, line in _lines(text):
        if line.startswith(":"):
            section = cut(line[1:].strip(), _LONGEST_SECTION)
            continue
        found = _four(line)
        if found is None:
            skipped.append((number, line[:_LONGEST_LINE]))
            continue
        if len(words) == MOST_QUESTIONS:
            raise LoadError(
                f"There are more than {MOST_QUESTIONS:,} analogies in {name}.", "Divide the file into several."
            )
        words.append(found)
        lines.append(number)
        section_of.append(places.setdefault(section, len(places)))
    if not words:
        raise LoadError(_none(skipped, name), _SHAPE)
    notes = _notes(words, skipped)
    return AnalogySet(tuple(words), tuple(section_of), tuple(lines), tuple(places), len(skipped), notes, name)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that say something, with their numbers."""
    for number, line in enumerate(StringIO(text, newline=None), 1):
        if number > _MOST_LINES:
            raise LoadError(
                f"The analogies have more than {_MOST_LINES:,} lines, which is more than is read.",
                "Divide the file into several.",
            )
        bare = line.strip()
        if bare and not bare.startswith(("#", "//")):
            yield number, bare


def _four(line: str) -> Words | None:
    """The four words of a line, which are between tabs, else between commas, else between spaces."""
    if len(line) > _LONGEST_LINE:
        return None
    parts = [part.strip() for part in line.split("\t")] if "\t" in line else _apart(line)
    if len(parts) == _WORDS and all(parts):
        return parts[0], parts[1], parts[2], parts[3]
    return None


def _apart(line: str) -> list[str]:
    """A line without tabs: between commas if that makes four words, else between spaces, as 1,000 2,000 3,000."""
    spaced = line.split()
    if "," not in line:
        return spaced
    try:
        fields = [part.strip() for part in next(csv.reader([line], skipinitialspace=True, strict=True))]
    except (csv.Error, StopIteration):
        return []
    return spaced if len(fields) != _WORDS and not any(word.endswith(",") for word in spaced) else fields


def _notes(words: list[Words], skipped: list[tuple[int, str]]) -> tuple[str, ...]:
    notes = []
    if skipped:
        number, line = skipped[0]
        many, which = (f"{len(skipped):,} lines", "the first") if len(skipped) > 1 else ("1 line", "it")
        notes.append(f"Passed over: {many} without four words; {which} is line {number:,}: {cut(line)}")
    again = len(words) - len(set(words))
    if again:
        notes.append(f"{counted(again, 'question')} came before; each counts as often as it comes.")
    return tuple(notes)


def _none(skipped: list[tuple[int, str]], name: str) -> str:
    if not skipped:
        return f"There are no analogies in {name}: it says nothing."
    number, line = skipped[0]
    return f"There are no analogies in {name}: no line has four words, and line {number:,} is {cut(line)!r}."
