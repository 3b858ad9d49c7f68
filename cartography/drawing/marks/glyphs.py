"""Small drawings as SVG path data, shared by paper and screen."""

from __future__ import annotations

__all__ = ["BOAT", "DRAGON", "GLYPHS", "GLYPH_BOX"]

GLYPH_BOX = (64.0, 40.0)
"""Width and height of the box that every drawing fills, from its top left corner."""

DRAGON = (
    # the neck and head, rising out of the water to the left
    "M17 34C19 29 19.5 25 17.5 21.5C15.8 18.4 14.6 15.6 15.6 12.2C16.6 8.8 19.2 6.6 22.2 6.2"
    "L21.4 2.6L24.6 5.6L26.6 2.8L27.2 6.6C29.4 7.2 31.6 8.6 33.8 11C32.8 12 31.4 12.2 29.8 11.8"
    "L32.4 14.2C30 15 27.4 14.6 25.6 13.4C23.8 12.6 22.2 13.2 22 15C21.8 17 23.2 19 24.2 21.6"
    "C25.6 25.4 25.2 29.6 24 34ZM25 9.4A0.95 0.95 0 1 0 26.9 9.4A0.95 0.95 0 1 0 25 9.4Z"
    # the spines along the neck
    "M15.4 13.6L11.6 12.6L15 16.6L11.4 17.2L16.4 19.8L13.6 22L18 23.2Z"
    # two humps and the tail
    "M28.4 34C28.6 26.6 32 22.4 36 22.4C40 22.4 43 26.6 43.4 34H38.6C38.4 30 37.6 27.8 36 27.8"
    "C34.4 27.8 33.4 30 33.2 34Z"
    "M34.2 22.8L36.2 18.8L38.2 22.8Z"
    "M46.6 34C46.8 29.4 48.6 26.8 51 26.8C53.4 26.8 54.8 29 55.4 32.2C56.8 30.8 57.6 28.8 57.4 26.4"
    "L54.6 25.8L58.4 21.6L61.6 26.4L59.6 26.6C59.8 30 58.6 32.8 56.6 34H51.8C51.8 31.6 51.6 30.6 51 30.6"
    "C50.4 30.6 50 31.8 49.8 34Z"
    # the water
    "M4 35.4C7 33.8 10 33.8 13 35.4C16 37 19 37 22 35.4C25 33.8 28 33.8 31 35.4C34 37 37 37 40 35.4"
    "C43 33.8 46 33.8 49 35.4C52 37 55 37 60 35.4V36.6C55 38.4 52 38.4 49 36.8C46 35.2 43 35.2 40 36.8"
    "C37 38.4 34 38.4 31 36.8C28 35.2 25 35.2 22 36.8C19 38.4 16 38.4 13 36.8C10 35.2 7 35.2 4 36.8Z"
)
"""A sea serpent: what lives where nothing is near."""

BOAT = (
    "M12 26H52C50 32.6 45.6 36 39 36H25C18.4 36 14 32.6 12 26Z"
    "M30.6 24V3H33V24ZM34.6 5.6C41.6 9 46 15 46.8 22.4H34.6ZM29 8.8V22.4H18.8C20 17 23.6 12 29 8.8Z"
)
"""A boat under sail: the middle of a ferry's way."""

GLYPHS = {"dragon": DRAGON, "boat": BOAT}
"""Every drawing by its name."""
