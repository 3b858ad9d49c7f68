"""Draws the maps of the gallery: python -m examples.gallery docs/gallery

Car-Land comes with the project; other data is looked for in ../shared/data beside the checkout, and left out where it
is not there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import loaders
from cartography import BuiltMap, Recipe, build_map, draw_map

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
THEMES = ("fantasy", "plain", "night")
SIZE = (1800, 1200)


@dataclass(frozen=True)
class Sheet:
    """One map of the gallery: its files, how they are read, and its recipe."""

    name: str
    files: tuple[Path, ...]
    recipe: Recipe
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def there(self) -> bool:
        """Whether its files are on this machine."""
        return all(path.exists() for path in self.files)

    def build(self) -> BuiltMap:
        """Read the files and make the map."""
        first, *rest = self.files
        labels = {"labels": rest[0]} if rest else {}
        return build_map(loaders.load(first, **labels, **self.options), self.recipe)


SHEETS = (
    Sheet("car-land", (ROOT / "examples" / "car_land.parquet",), Recipe(color_by="Origin", title="Car-Land")),
    Sheet(
        "digits",
        (DATA / "digits_10k" / "mnist_10k.npz",),
        Recipe(title="The Ten Realms of the Written Figures", fantasy_names=True),
    ),
    Sheet("words", (DATA / "words_dev" / "words_dev.txt",), Recipe(title="A Thousand Words")),
    Sheet(
        "questions",
        (DATA / "trec_layers" / "layer_6.npy", DATA / "trec_layers" / "metadata.csv"),
        Recipe(title="Two Thousand Questions", color_by="label"),
    ),
)
"""What hangs in the gallery."""


def there() -> Iterator[Sheet]:
    """The maps whose data is on this machine."""
    return (sheet for sheet in SHEETS if sheet.there)


def main(folder: Path) -> None:
    """Write every map in every theme as a WebP picture."""
    folder.mkdir(parents=True, exist_ok=True)
    for sheet in there():
        built = sheet.build()
        for theme in THEMES:
            path = folder / f"{sheet.name}-{theme}.webp"
            _write(draw_map(built, theme=theme, width=SIZE[0], height=SIZE[1]), path)
            print(path)


def _write(drawing: Any, path: Path) -> None:
    from PIL import Image

    Image.open(BytesIO(drawing._repr_png_())).convert("RGB").save(path, "WEBP", quality=82, method=6)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "gallery")
