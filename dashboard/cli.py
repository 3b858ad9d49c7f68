"""The command line: `python -m dashboard COMMAND`. Results go to stdout, progress and faults to stderr.

Exit codes: 0 done, 1 a finding crossed its threshold, 2 the input or an argument is wrong.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from cartography.errors import CartographyError
from dashboard.commands import COMMANDS
from dashboard.commands.base import plain

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    _write_anything()
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except CartographyError as error:
        print(f"error: {plain(error.message)}", file=sys.stderr)
        if error.hint:
            print(f"hint:  {plain(error.hint)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output has gone, as `| head` does
        return 0


def _write_anything() -> None:
    """Have characters that a terminal or a pipe does not know written as their numbers."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments the way every other fault is said."""

    def error(self, message: str) -> None:  # type: ignore[override]
        print(f"error: {message}\nhint:  {self.prog} --help lists what can be said.", file=sys.stderr)
        sys.exit(2)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m dashboard",
        description="Opens embedding files, draws their space as a map, and answers questions about it.",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        sub = commands.add_parser(command.name, help=command.summary, description=command.summary)
        command.describe(sub)
        sub.set_defaults(run=command.run)
    return parser
