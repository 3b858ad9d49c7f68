"""`probe FILE`: what is inside, from its headers alone."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import loaders
from dashboard.commands.base import Command, plain

__all__ = ["COMMAND"]


def _describe(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, nargs="+", help="embedding file, folder or checkpoint")
    parser.add_argument("--json", action="store_true", help="a list of candidates as JSON")


def _run(options: argparse.Namespace) -> None:
    candidates = loaders.probe(options.file[0] if len(options.file) == 1 else options.file)
    if options.json:
        print(json.dumps([asdict(one) for one in candidates], indent=2, default=str))
        return
    rows = [
        (one.key or "-", "x".join(map(str, one.shape)), one.dtype, _size(one.nbytes), one.note) for one in candidates
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        cells = "  ".join(f"{cell:<{width}}" for cell, width in zip(row[:4], widths, strict=True))
        print(plain(f"{cells}  {row[4]}"))


def _size(nbytes: int) -> str:
    size = float(nbytes)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


COMMAND = Command("probe", "say what a file holds and how it would be read", _describe, _run)
