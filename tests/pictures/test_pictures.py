"""Thumbnails show what is there, and nothing in a file can make them fetch, read, run or wait."""

from __future__ import annotations

import builtins
import io
import socket
import time
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image as Pillow

from cartography import pictures
from cartography.pictures import has_pictures, has_texts, picture, sheet, snippet
from tests.data import embedding_set
from tests.pictures.examples import claims_to_be_huge, opened, pictured_digits, png, uri, with_images

GOOD = png()


@pytest.mark.parametrize("cell", [uri(GOOD), GOOD, {"bytes": GOOD, "path": "a.png"}, uri(png(kind="JPEG"), "jpeg")])
def test_a_picture_is_found_in_every_common_form(cell):
    items = with_images(cell, cell)
    assert has_pictures(items)
    pixels = opened(picture(items, 1))
    assert pixels.shape[:2] == (20, 20)
    assert np.abs(pixels[10, 10, :3].astype(int) - (0xCC, 0x22, 0)).max() < 12


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_kinds_that_browsers_know_come_out_as_png_or_webp_of_bounded_size(kind):
    thumbnail = picture(with_images(uri(png(size=(900, 300), kind=kind), kind.lower())), 0, 112)
    assert thumbnail[:4] in (b"\x89PNG", b"RIFF")
    assert opened(thumbnail).shape[1] == 112
    assert opened(thumbnail).shape[0] in (37, 38)


HOSTILE = {
    "svg": uri(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "svg+xml"),
    "svg that says it is a png": uri(b"<svg onload='alert(1)'/>"),
    "address": "http://127.0.0.1:9/picture.png",
    "path": "../../../../etc/passwd",
    "path of a picture": "/usr/share/pixmaps/debian-logo.png",
    "file address": "file:///etc/passwd",
    "truncated": uri(GOOD[:60]),
    "header only": uri(b"\x89PNG\r\n\x1a\n"),
    "not base64": "data:image/png;base64,%%%%",
    "not in base64": "data:image/png,abc",
    "promises too many pixels": uri(claims_to_be_huge()),
    "postscript": uri(b"%!PS-Adobe-3.0 EPSF-3.0\n"),
    "tiff that says it is a png": uri(b"II*\0" + bytes(100)),
    "a dict without bytes": {"bytes": None, "path": "/etc/passwd"},
    "a list": [1, 2, 3],
    "nothing": None,
    "not a number": float("nan"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_picture_gives_none_reads_nothing_and_asks_nobody(name, monkeypatch):
    items = with_images(HOSTILE[name], uri(GOOD))
    assert picture(items, 1)  # what has to be imported is imported

    def forbidden(*_args, **_options):
        raise AssertionError("a file or a connection was opened")

    with monkeypatch.context() as guarded:
        guarded.setattr(builtins, "open", forbidden)
        guarded.setattr(socket, "socket", forbidden)
        start = time.process_time()
        assert picture(items, 0) == b""
        tiles = opened(sheet(items, [0, 1])[0])
    assert time.process_time() - start < 2
    assert not tiles[:, :48, 3].any()
    assert tiles[:, 48:, 3].any()


def test_a_sheet_of_bombs_takes_bounded_time():
    bomb = uri(png(size=(4000, 4000)))  # a few kilobytes that unfold to 48 MB
    items = with_images(*[bomb] * 64)
    start = time.process_time()
    tiles = opened(sheet(items, range(64))[0])
    assert time.process_time() - start < 20
    assert tiles[24, 24, 3] == 255
    assert tiles[-24, -24, 3] == 0, "what is beyond the budget stays empty"


def test_items_with_only_paths_have_no_pictures():
    assert not has_pictures(with_images("a.png", "b.png"))
    assert not has_pictures(embedding_set(np.zeros((3, 4)) + 1))


def test_vectors_that_are_pictures_are_painted():
    items = pictured_digits()
    assert has_pictures(items)
    pixels = opened(picture(items, 7))[..., 0]
    expected = items.vectors[7].reshape(8, 8) / 16 * 255
    assert np.abs(pixels - expected).max() <= 1


def test_colours_first_and_colours_last_are_the_same_picture():
    colours = np.random.default_rng(1).integers(0, 256, size=(2, 8, 9, 3)).astype(np.float32)
    last = replace(embedding_set(colours.reshape(2, -1)), provenance={"picture_shape": (8, 9, 3)})
    first = colours.transpose(0, 3, 1, 2).reshape(2, -1)
    first = replace(embedding_set(first), provenance={"picture_shape": (3, 8, 9)})
    assert np.array_equal(opened(picture(last, 1)), opened(picture(first, 1)))
    assert np.array_equal(opened(picture(last, 1))[..., :3], colours[1])


def test_a_shape_that_does_not_fit_paints_nothing():
    wrong = replace(pictured_digits(), provenance={"picture_shape": (8, 9)})
    assert not has_pictures(wrong)
    assert picture(wrong, 0) == b""


def test_a_square_number_of_dimensions_alone_is_no_picture():
    assert not has_pictures(replace(pictured_digits(), provenance={}))


def test_drawings_come_in_ink_and_colours_stay():
    ink = opened(picture(pictured_digits(), 0, ink="#3b2616"))
    strength = pictured_digits().vectors[0].reshape(8, 8) / 16 * 255
    assert set(map(tuple, ink[ink[..., 3] > 0][:, :3])) == {(0x3B, 0x26, 0x16)}
    assert np.abs(ink[..., 3] - strength).max() <= 1
    plain = with_images(uri(GOOD), uri(GOOD))
    assert picture(plain, 0, ink="#3b2616") == picture(plain, 0)


def test_each_tile_of_a_sheet_holds_its_item():
    colours = ["#ff0000", "#00ff00", "#0000ff", "#ffffff", "#000000"] * 3
    items = with_images(*[uri(png(colour)) for colour in colours])
    rows = [14, 2, 0, 7, 8, 9, 1, 3, 4, 11]
    content, across = sheet(items, rows)
    pixels = opened(content)
    assert across == 8
    assert pixels.shape == (96, 384, 4)
    for place, row in enumerate(rows):
        middle = pixels[place // across * 48 + 24, place % across * 48 + 24, :3]
        wanted = [int(colours[row][i : i + 2], 16) for i in (1, 3, 5)]
        assert np.abs(middle.astype(int) - wanted).max() < 40
    assert sheet(items, rows)[0] == content


def test_small_pictures_fill_their_tile_with_sharp_pixels():
    pixels = opened(sheet(pictured_digits(), [0])[0])
    assert pixels.shape == (48, 48, 4)
    assert (pixels[..., 3] == 255).all()


def test_snippets_are_one_short_line():
    text = "First line,\nsecond\tline \u202e with\x00 odd signs, which goes on and on for a long while\n" * 40
    items = replace(embedding_set(np.ones((2, 3)), text=[text, None]), roles={"text": "text"})
    assert has_texts(items)
    line = snippet(items, 0)
    assert line == "First line, second line…"
    assert snippet(items, 1) == ""
    assert len(snippet(items, 0, 40)) <= 40


def test_short_names_stand_for_long_texts():
    names = [f"name {i}" for i in range(6)]
    items = replace(
        embedding_set(np.ones((6, 3)), name=names, text=["a long text " * 20] * 6), roles={"text": "text"}
    )
    assert [snippet(items, row) for row in range(6)] == names


def test_labels_of_groups_are_no_snippets():
    assert not has_texts(embedding_set(np.ones((40, 3)), label=["a", "b"] * 20))


def photograph(side: int, **options: object) -> bytes:
    """A grey JPEG of side x side pixels."""
    stream = io.BytesIO()
    Pillow.new("L", (side, side), 128).save(stream, "JPEG", **options)
    return stream.getvalue()


def test_a_large_jpeg_is_shown_unless_it_must_be_unpacked_whole():
    large = 4_500  # 20 M pixels
    assert picture(with_images(photograph(large)), 0)
    assert picture(with_images(photograph(large, progressive=True), GOOD), 0) == b""
    assert picture(with_images(photograph(8_800), GOOD), 0) == b""
    assert picture(with_images(photograph(900, progressive=True)), 0)


def test_the_pixels_of_a_file_count_on_a_sheet_not_those_of_its_draft(monkeypatch):
    monkeypatch.setattr(pictures, "_SHEET_PIXELS", 2_000_000)
    items = with_images(*[photograph(1_000)] * 4)  # drafts of 125 x 125
    shown = opened(sheet(items, range(4))[0])[24, 24::48, 3] > 0
    assert shown.tolist() == [True, True, False, False]


@pytest.mark.parametrize("brightest", [4_095, 65_535])
def test_deep_greys_keep_their_shades(brightest):
    stream = io.BytesIO()
    ramp = np.linspace(0, brightest, 48).astype(np.uint16)
    Pillow.fromarray(np.tile(ramp, (48, 1))).save(stream, "PNG")
    shown = opened(picture(with_images(stream.getvalue()), 0))[24, :, 0].astype(int)
    assert np.abs(shown - np.linspace(0, 255, 48)).max() <= 1


def test_a_deep_grey_without_shades_is_shown():
    stream = io.BytesIO()
    Pillow.fromarray(np.full((20, 20), 700, np.uint16)).save(stream, "PNG")
    assert opened(picture(with_images(stream.getvalue()), 0)).shape[:2] == (20, 20)
