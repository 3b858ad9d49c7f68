"""Banners on paper: a small card on a pole above capitals and cities, with the picture of the town's medoid.

The cards are placed before names are, so that names keep clear of them; see `cartography.drawing.names.labels`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cartography.drawing.names.taken import Box, inside, meets
from cartography.drawing.svg import element, group, image_url
from cartography.drawing.themes import Theme

__all__ = ["Banner", "Post", "banners", "place_banners"]

_SIDES = (32.0, 25.0)
"""Of the picture by rank, in units: capitals and cities."""
_EDGE = 3.0  # of card around the picture
_POLE = 5.0  # from the mark to the card
_PIXELS = 2  # of the picture per pixel of the page, at most
_ROOM = 4.0  # around the cards of cities
_MOST = 60


@dataclass(frozen=True)
class Post:
    """A place where a banner may stand: a town's mark around (`x`, `y`) in pixels, its rank and its medoid's row."""

    x: float
    y: float
    radius: float
    rank: int
    item: int


@dataclass(frozen=True)
class Banner:
    """A banner above its post: the middle, half the side and the lower edge of its card, in pixels."""

    post: Post
    x: float
    half: float
    foot: float

    @property
    def box(self) -> Box:
        """What the card covers."""
        return (self.x - self.half, self.foot - 2 * self.half, self.x + self.half, self.foot)


def place_banners(posts: Iterable[Post], page: Box, reserved: Iterable[Box], unit: float) -> tuple[Banner, ...]:
    """Return the banners that fit on the page, capitals first: on no other banner, no capital, nothing `reserved`.

    Those of capitals may cover cities where there is no other way; those of cities keep some room around them.
    `posts` come most important first.
    """
    known = [post for post in posts if post.rank < len(_SIDES) and post.item >= 0]
    taken = [*reserved, *(_mark(post) for post in known if post.rank == 0)]
    lesser = [_mark(post) for post in known if post.rank > 0]
    placed: list[Banner] = []
    for post in sorted(known, key=lambda one: one.rank)[: 4 * _MOST]:
        around = _ROOM * unit * min(1, post.rank)
        free = [one for one in _tries(post, unit) if inside(one.box, page) and not meets(one.box, taken, around)]
        clear = [one for one in free if not meets(one.box, lesser)]
        best = next(iter(clear or (free if post.rank == 0 else [])), None)
        if best is not None and len(placed) < _MOST:
            placed.append(best)
            taken.append(best.box)
    return tuple(placed)


def banners(
    placed: Sequence[Banner], pictured: Callable[[int, int], bytes], theme: Theme, unit: float, scale: float = 1.0
) -> str:
    """Return the markup of banners; `pictured(row, size)` gives a PNG or WEBP, b"" for an item without a picture."""
    return "".join(
        _drawn(banner, pictured(banner.post.item, _size(banner, unit, scale)), theme, unit) for banner in placed
    )


def _tries(post: Post, unit: float) -> Iterator[Banner]:
    """Upright on its pole, then to its right and to its left."""
    half = (_SIDES[post.rank] / 2 + _EDGE) * unit
    for lean in (0.0, 0.75, -0.75):
        yield Banner(post, post.x + lean * half, half, post.y - post.radius - _POLE * unit)


def _size(banner: Banner, unit: float, scale: float) -> int:
    return max(16, min(256, round(_PIXELS * scale * 2 * (banner.half - _EDGE * unit))))


def _drawn(banner: Banner, image: bytes, theme: Theme, unit: float) -> str:
    if not image:
        return ""
    left, top, right, bottom = banner.box
    side, post = right - left, banner.post
    card = {"x": left, "y": top, "width": side, "height": side}
    shadow = {**card, "x": left + 1.5 * unit, "y": top + 2 * unit}
    inset = _EDGE * unit
    pole = element(
        "path",
        d=f"M{post.x:.2f} {bottom:.2f}V{post.y - post.radius:.2f}",
        stroke=theme.ink,
        stroke_width=1.8 * unit,
        fill="none",
    )
    return group(
        pole
        + element("rect", **shadow, fill=theme.ink, fill_opacity=0.22)
        + element("rect", **card, fill=theme.panel, stroke=theme.ink, stroke_width=1.5 * unit)
        + element(
            "image",
            class_="banner",
            x=left + inset,
            y=top + inset,
            width=side - 2 * inset,
            height=side - 2 * inset,
            href=image_url(image),
            image_rendering="pixelated",
        )
    )


def _mark(post: Post) -> Box:
    return (post.x - post.radius, post.y - post.radius, post.x + post.radius, post.y + post.radius)
