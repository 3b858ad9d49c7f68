"""The table of formats in `docs/formats.md`, written from the registry: `python -m loaders.documentation`."""

from __future__ import annotations

import sys
from pathlib import Path

from loaders.base import Format, loaders

__all__ = ["main", "table", "with_table"]

PAGE = Path(__file__).resolve().parents[1] / "docs" / "formats.md"
_BEGIN = "<!-- formats: written by python -m loaders.documentation -->\n"
_END = "<!-- end of formats -->"


def table() -> str:
    """Return every format as a row of a Markdown table: what is always read first, then what needs a library."""
    formats = sorted(
        (loader.format for loader in loaders()), key=lambda one: (one.install_hint != "", one.name.lower())
    )
    rows = [f"| {one.name} | {_suffixes(one)} | {_reads(one)} |" for one in formats]
    return "\n".join(["| format | suffixes | how vectors are found |", "|---|---|---|", *rows])


def with_table(page: str) -> str:
    """Return the page with the table between its markers. Raises `ValueError` when the markers are not there."""
    before, begin, rest = page.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"The page has no lines {_BEGIN.strip()!r} and {_END!r}.")
    return f"{before}{begin}\n{table()}\n\n{end}{after}"


def _suffixes(one: Format) -> str:
    return " ".join(f"`{suffix}`" for suffix in one.suffixes)


def _reads(one: Format) -> str:
    needs = f"; needs `{one.install_hint}`" if one.install_hint else ""
    return (one.reads + needs).replace("|", "\\|")


def main() -> int:
    """Write the table into the page."""
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
