"""`draw FILE -o OUT`: finished map pictures, several from one computation."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from math import inf
from pathlib import Path

from cartography.drawing.compose import Frame
from cartography.drawing.export import LARGEST, SCREEN_DPI, writer_for
from cartography.drawing.showing import FURNITURE, LAYERS, Showing
from cartography.drawing.themes import theme_named
from cartography.errors import ParameterError, unknown_name
from cartography.records import Colouring, Recipe
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
        "-o",
        "--output",
        metavar="OUT",
        type=Path,
        required=True,
        action="append",
        help="a .png, .svg, .pdf or .html file; several, each after its own -o, cost one computation",
    )
    parser.add_argument(
        "--theme",
        metavar="T[,T...]",
        help="fantasy, plain or night; of several, each is written to a file of its own: OUT-night.png",
    )
    parser.add_argument("--title", metavar="TEXT", help="what the cartouche says")
    parser.add_argument(
        "--hide",
        metavar="PART[,PART...]",
        help=f"leave out: {', '.join([*LAYERS, *FURNITURE])}; none shows all",
    )
    parser.add_argument(
        "--fantasy-names",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="spell towns and realms as on a fantasy map, or as they are",
    )
    parser.add_argument(
        "--color",
        metavar="GROUP=#rrggbb",
        action="append",
        default=[],
        help="the colour of one group; may be said for several",
    )
    parser.add_argument(
        "--frame", metavar="X0,Y0,X1,Y1", help="show this part of the map: west, south, east and north in its units"
    )
    parser.add_argument(
        "--size", metavar="WxH", default="1600x1067", help="in pixels at 96 dots per inch (default: %(default)s)"
    )
    parser.add_argument(
        "--dpi", metavar="N", type=int, help="dots per inch; 300 draws the same page with 3.125 times as many pixels"
    )


def _run(options: argparse.Namespace) -> None:
    from cartography import build_map, draw_map
    from cartography.drawing import check_size

    themes = _themes(options.theme)
    options.theme = themes[0] if themes else None
    recipe = _dressed(recipe_from(options), options)
    theme_named(recipe.theme)
    width, height = _size(options.size)
    check_size(width, height, options.dpi)
    frame = _frame(options.frame)
    _refuse_too_large(options.output, width * height * ((options.dpi or SCREEN_DPI) / SCREEN_DPI) ** 2)
    outputs = _outputs(options.output, themes or [recipe.theme])
    with Terminal(options.quiet) as progress:
        built = build_map(load(options, progress), recipe, progress, lasting_store())
        _refuse_unknown_groups(_colors(options.color), built.scene.colouring)
        for theme, paths in outputs.items():
            drawing = draw_map(built, theme, width, height, dpi=options.dpi, frame=frame)
            for path in paths:
                drawing.save(path)
    for path in (path for paths in outputs.values() for path in paths):
        print(path, file=sys.stdout)


def _dressed(recipe: Recipe, options: argparse.Namespace) -> Recipe:
    """The recipe with what the flags say on top; what is hidden is checked before anything is computed."""
    if options.hide is not None:
        recipe = recipe.replace(hide=() if options.hide == "none" else _words(options.hide))
    if options.fantasy_names is not None:
        recipe = recipe.replace(fantasy_names=options.fantasy_names)
    Showing.without(recipe.hide)
    return recipe.replace(colors={**recipe.colors, **_colors(options.color)})


def _themes(text: str | None) -> list[str]:
    themes = list(dict.fromkeys(_words(text or "")))
    for theme in themes:
        theme_named(theme)
    return themes


def _outputs(given: Iterable[Path], themes: list[str]) -> dict[str, list[Path]]:
    """The files to write, by theme; where there are several themes, names end in theirs."""
    for path in given:
        refuse_unwritable(path)
        writer_for(path.suffix)
    several = len(themes) > 1
    return {
        theme: [path.with_name(f"{path.stem}-{theme}{path.suffix}") if several else path for path in given]
        for theme in themes
    }


def _refuse_too_large(given: Iterable[Path], pixels: float) -> None:
    if pixels > LARGEST and any(path.suffix.lower() == ".png" for path in given):
        raise ParameterError(
            f"A picture of {pixels / 1e6:,.0f} million pixels is too large to make; {LARGEST // 10**6} can be made.",
            "Ask for a smaller --size or a smaller --dpi.",
        )


def _colors(pairs: Iterable[str]) -> dict[str, str]:
    """Colours by group; a group's name may hold equals signs."""
    colors = {}
    for pair in pairs:
        group, equals, color = pair.rpartition("=")
        if not equals:
            raise ParameterError(f"--color is {pair!r}; it should look like Europe=#1f77b4.")
        colors[group] = color
    return dict(Recipe(colors=colors).colors)


def _refuse_unknown_groups(colors: Iterable[str], colouring: Colouring) -> None:
    """Raise for groups that this map does not colour; in a recipe they may stand for other maps."""
    for group in colors:
        if colouring.kind != "categories":
            raise ParameterError(
                f"--color {group!r} finds no groups: the map is coloured by {colouring.title!r}, which has none.",
                "Choose a column of groups with --color-by.",
            )
        if group not in colouring.names:
            raise unknown_name(f"group of {colouring.title!r}", group, colouring.names)


def _frame(text: str | None) -> Frame | None:
    if text is None:
        return None
    try:
        x0, y0, x1, y1 = map(float, text.split(","))
        if -inf < x0 < x1 < inf and -inf < y0 < y1 < inf:
            return x0, y0, x1, y1
    except ValueError:
        pass
    raise ParameterError(
        f"--frame is {text!r}; it should be four numbers, west, south, east and north, as in --frame=-2,-1,3,2.5."
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in (part.strip() for part in text.split(",")) if word)


def _size(text: str) -> tuple[int, int]:
    found = _SIZE.fullmatch(text)
    if found is None:
        raise ParameterError(f"--size is {text!r}; it should look like 1600x1067.")
    return int(found.group(1)), int(found.group(2))


COMMAND = Command("draw", "draw a map and save it as a picture", _describe, _run)
