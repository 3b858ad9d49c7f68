"""Word vectors as text: what word2vec, GloVe and fastText (`.vec`) write.

The layout is that of the original word2vec tool: "n d" in the first line, which GloVe leaves out, then one word and
d numbers per line, separated by single spaces.
"""

from __future__ import annotations

import numpy as np

from cartography.errors import LoadError
from cartography.progress import part_of
from loaders.base import Candidate, Columns, Flaw, Format, Loader, Match, Reading
from loaders.files.source import Source
from loaders.options import Options
from loaders.tables.collector import sample_rows
from loaders.words.gathering import COLUMN, Gathering, word_reading
from loaders.words.layout import Layout, count_lines, find_layout
from loaders.words.text_blocks import blocks, count_filled, parse

__all__ = ["LOADER", "WordVectorsText"]


class WordVectorsText(Loader):
    """A word and its vector per line, plain or packed."""

    format = Format(
        "Word vectors as text",
        (".vec", ".w2v", ".glove", ".txt"),
        reads="a word and d numbers per line, with a first line of counts (word2vec, fastText) or without (GloVe); "
        "words may hold spaces; packed with gzip, bz2, xz or zstd as well",
    )

    def match(self, source: Source) -> Match:
        """The first lines are words with equally many numbers behind them."""
        if find_layout(source) is not None:
            return Match.CERTAIN
        return Match.NAME if source.suffix in self.format.suffixes else Match.NO

    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """Describe the vectors from the first lines."""
        layout = _layout(source)
        if layout.counts is not None:
            n, about = layout.counts[0], ""
        else:
            n, estimated = count_lines(source)
            about = " The number of words is about right." if estimated else ""
        note = f"Vectors of {n:,} words with {layout.width:,} dimensions.{about}"
        shape = (n, layout.width)
        return [
            Candidate(
                "vectors", shape, "text", n * layout.width * 4, note, "vectors", 0.85, (COLUMN,), {"label": COLUMN}
            )
        ]

    def read(self, source: Source, key: str, options: Options) -> Reading:
        """Read the words and their vectors, in blocks of lines."""
        layout = _layout(source)
        gathering = _gathering(source, layout, options)
        bad: list[int] = []
        first = ""
        for data in blocks(source, layout.skip, part_of(options.progress, 0.0, 0.8)):
            block = parse(data, layout.width)
            taken = len(gathering)
            kept = gathering.add(block.words, block.vectors)
            if block.bad:
                inside = block.bad if kept is None else np.flatnonzero(np.isin(kept, block.bad)).tolist()
                bad += [taken + row for row in inside]
                first = first or block.first
        _refuse_ragged(source, layout, len(bad), len(gathering))
        reason = f"without {layout.width:,} numbers behind the word"
        flaws = [Flaw(np.array(bad, dtype=np.int64), reason, f"it begins {first!r}")] if bad else []
        return word_reading(
            gathering.words,
            gathering.vectors(),
            _notes(source, layout, gathering.seen),
            options.encoding,
            flaws=tuple(flaws),
            provenance={"dtype": "text"},
            rows=gathering.rows,
            total=gathering.seen,
        )

    def read_columns(self, source: Source, rows: int, options: Options) -> Columns:
        """Read it as a table of metadata instead, for a file that only looks like word vectors."""
        from loaders.embeddings.text_table import LOADER as TABLE

        return TABLE.read_columns(source, rows, options)


def _layout(source: Source) -> Layout:
    layout = find_layout(source)
    if layout is None:
        raise LoadError(
            f"{source.name} does not hold word vectors as text: its lines are not a word and equally many numbers.",
            "Each line should be a word, a space, and the numbers of its vector separated by spaces.",
        )
    return layout


def _gathering(source: Source, layout: Layout, options: Options) -> Gathering:
    """Return room for the vectors; the count in the first line is believed as far as the file is long enough."""
    if layout.counts is not None:
        n = layout.counts[0]
        if not source.compression:
            n = min(n, source.size // (2 * layout.width) + 1)
    else:
        n, estimated = count_lines(source)
        n = 0 if estimated and options.sample is None else n
    if options.sample is not None:
        n = _lines(source) - layout.skip
    return Gathering(layout.width, n or None, sample_rows(n, options), source.name)


def _lines(source: Source) -> int:
    """Count the filled lines, by reading all of them: a sample is drawn from what is there."""
    return sum(count_filled(part) for part in blocks(source, 0, None))


def _refuse_ragged(source: Source, layout: Layout, bad: int, rows: int) -> None:
    if bad * 2 > max(rows, 1):
        raise LoadError(
            f"{bad:,} of {rows:,} lines of {source.name} do not have {layout.width:,} numbers behind their word.",
            "Write the vectors again, each with the same number of dimensions.",
        )


def _notes(source: Source, layout: Layout, found: int) -> list[str]:
    """Say when the counts of the first line are not those of the file."""
    if layout.counts is None or layout.counts[0] == found:
        return []
    n = layout.counts[0]
    cause = "the file may be cut short" if found < n else "the first line counts too few"
    return [f"The first line of {source.name} promises {n:,} words, but {found:,} are there; {cause}."]


LOADER = WordVectorsText()
