"""`draw FILE -o OUT`: a finished map picture."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from cartography.errors import ParameterError
from dashboard.commands.base import (
    Command,
    Terminal,
    add_input_flags,
    add_map_flags,
    lasting_store,
    load,
    recipe_from,
    refuse_unwritable,
)

__all__ = ["COMMAND"]

_SIZE = re.compile(r"(\d{2,5})x(\d{2,5})")


def _describe(parser: argparse.ArgumentParser) -> None:
    add_input_flags(parser, several=True)
    add_map_flags(parser)
    parser.add_argument(
        "-o", "--output", metavar="OUT", type=Path, required=True, help="a .png, .svg, .pdf or .html file"
    )
    parser.add_argument("--theme", metavar="T", help="fantasy, plain or night")
    parser.add_argument("--title", metavar="TEXT", help="what the cartouche says")
    parser.add_argument("--size", metavar="WxH", default="1600x1067", help="in pixels (default: %(default)s)")
    parser.add_argument("--dpi", metavar="N", type=int, help="dots per inch, written into the picture")


def _run(options: argparse.Namespace) -> None:
    from cartography import build_map, draw_map

    recipe = recipe_from(options)
    width, height = _size(options.size)
    refuse_unwritable(options.output)
    with Terminal(options.quiet) as progress:
        built = build_map(load(options, progress), recipe, progress, lasting_store())
        picture = draw_map(built, theme=recipe.theme, width=width, height=height, dpi=options.dpi)
        picture.save(options.output)
    print(options.output, file=sys.stdout)


def _size(text: str) -> tuple[int, int]:
    found = _SIZE.fullmatch(text)
    if found is None:
        raise ParameterError(f"--size is {text!r}; it should look like 1600x1067.")
    return int(found.group(1)), int(found.group(2))


COMMAND = Command("draw", "draw a map and save it as a picture", _describe, _run)
