"""The card of an item: files beside the opened ones and no others, links escaped, media by their first bytes."""

from __future__ import annotations

import json
import os
from base64 import b64encode

import numpy as np
import pandas as pd
import pytest

from cartography.decoding import content_of, sound_of
from cartography.errors import LoadError
from cartography.particulars import SHOWN, Particular, column_order, is_address, particular, whole_value
from cartography.structures import brief, pretty, whole, written
from dashboard.item_files import folders_of, reader_of
from dashboard.panels.item.particulars import card_html
from dashboard.panels.markup import linked
from dashboard.settings import Settings
from dashboard.sources import UPLOADS, Source
from tests.data import embedding_set
from tests.pictures.examples import png, uri

WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\0" * 32


def one(value: object, read=None, others: list[object] | None = None) -> Particular:
    """What the column `c` says of the first item."""
    values = [value, *(others or [None, None])]
    cells = pd.Series(values, dtype=None if isinstance(value, int | float) else object)
    return particular(embedding_set(np.ones((len(values), 2)), c=cells.to_numpy()), 0, "c", read)


# ------------------------------------------------------------------ files


@pytest.fixture
def folder(tmp_path):
    """A folder with an opened file and pictures beside it, and a secret outside."""
    (tmp_path / "secret.png").write_bytes(png())
    home = tmp_path / "data"
    (home / "pictures").mkdir(parents=True)
    (home / ".hidden").mkdir()
    for place in ("pictures/a.png", ".hidden/a.png", "fake.wav"):
        (home / place).write_bytes(png())
    (home / "sound.wav").write_bytes(WAV)
    (home / "text.png").write_text("<svg onload='alert(1)'>")
    (home / "way_out.png").symlink_to(tmp_path / "secret.png")
    (home / "table.csv").write_text("x")
    return home


def test_a_path_beside_the_opened_file_is_shown_by_what_its_bytes_say(folder):
    read = reader_of([str(folder)])
    assert one("pictures/a.png", read).kind == "picture"
    assert one(str(folder / "pictures" / "a.png"), read).kind == "picture"
    assert one({"bytes": None, "path": "pictures/a.png"}, read).kind == "picture"
    assert one("fake.wav", read).media_type == "image/png"
    sound = one("sound.wav", read)
    assert (sound.kind, sound.media_type, sound.content) == ("sound", "audio/wav", WAV)
    lied = one("text.png", read)
    assert (lied.kind, lied.words) == ("text", "text.png")
    assert "not a picture" in lied.aside


@pytest.mark.parametrize(
    "path", ["../secret.png", "way_out.png", ".hidden/a.png", "{}/secret.png", "pictures", "none.png", "a\0.png"]
)
def test_whatever_lies_outside_is_refused_in_the_words_for_what_is_not_there(folder, path):
    read = reader_of([str(folder)])
    with pytest.raises(LoadError) as refused:
        read(path.format(folder.parent), 1 << 20)
    assert refused.value.message == "no such file beside the opened ones"
    assert not one(path.format(folder.parent), read).content


def test_files_that_are_too_large_or_no_files_are_not_opened(folder):
    read = reader_of([str(folder)])
    with pytest.raises(LoadError, match="at most 0 MB"):
        read("pictures/a.png", 10)
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.png")
        with pytest.raises(LoadError):
            read("pipe.png", 1 << 20)


def test_without_a_folder_and_for_addresses_nothing_is_opened():
    asked = []
    assert one("pictures/a.png").kind == "text"
    one("https://example.org/a.png", lambda path, most: asked.append(path) or b"")
    one("file:///etc/passwd", lambda path, most: asked.append(path) or b"")
    assert not asked


def test_uploads_see_their_own_folder_alone():
    shared = Settings(data_dir="/srv/data")
    upload = Source((f"/tmp/{UPLOADS}abc/intake-0/table.csv",))
    assert folders_of(upload, shared) == (f"/tmp/{UPLOADS}abc/intake-0",)
    assert folders_of(Source(("/home/me/table.csv",)), shared) == ("/home/me", "/srv/data")


# ------------------------------------------------------------------ pictures and sounds in cells


def test_sounds_are_told_by_their_first_bytes():
    heads = {WAV: "audio/wav", b"OggS": "audio/ogg", b"fLaC": "audio/flac", b"ID3\x04": "audio/mpeg"}
    assert {head: sound_of(head) for head in heads} == heads
    assert sound_of(b"\xff\xfb\x90\x64") == "audio/mpeg"
    for other in (b"\xff\xfe<\0", b"\xff\xd8\xff\xe0", b"RIFF\0\0\0\0WEBP", b"<html>", b"", b"\xff"):
        assert sound_of(other) == ""
    data = f"data:audio/wav;base64,{b64encode(WAV).decode()}"
    for cell in (WAV, data, {"bytes": WAV, "path": "x.txt"}):
        found = one(cell)
        assert (found.kind, found.content) == ("sound", WAV)


def test_hostile_pictures_come_as_words():
    svg = "data:image/svg+xml;base64," + b64encode(b"<svg onload='alert(1)'/>").decode()
    for cell in (
        svg,
        uri(b"\x89PNG broken"),
        b"\x89PNG broken",
        {"bytes": b"<svg/>", "path": None},
        "data:image/png,x",
    ):
        found = one(cell)
        assert found.kind in ("text", "structure"), cell
        assert not found.content
    shown = one(uri(png("#00ff00", (3000, 20))))
    assert shown.kind == "picture"
    assert shown.content != png("#00ff00", (3000, 20))
    assert content_of("data:image/png;base64," + "A" * 40_000_000) == b""


# ------------------------------------------------------------------ words


def test_a_huge_text_is_cut_and_can_be_had_whole():
    text = "long <script> " * 100_000
    found = one(text)
    assert (len(found.words), found.more) == (SHOWN, "1,400,000 characters")
    assert len(card_html([found])) < 3 * SHOWN
    assert "<script" not in card_html([found])
    assert whole_value(embedding_set(np.ones((1, 2)), c=[text]), 0, "c") == text
    assert whole("x" * 20_000_001).endswith("These are the first 20,000,000 of 20,000,001 characters.")


def test_only_plain_addresses_become_links_that_tell_nothing():
    assert linked("https://example.org/a?b=1&c='") == "https://example.org/a?b=1&amp;c=&#x27;"
    link = linked("https://example.org/a?b=1&c=2")
    assert link == (
        '<a href="https://example.org/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer nofollow">'
        "https://example.org/a?b=1&amp;c=2</a>"
    )
    for text in (
        "javascript:alert(1)",
        "https://bank.org@evil.org/",
        "http://",
        'http://a/"onclick="x',
        "see http://a.b",
    ):
        assert not is_address(text), text
        assert "<a" not in linked(text)
    assert not is_address("https://example.org/\u202egpj.exe")
    assert one(" https://example.org/ ").kind == "link"
    assert "<img" not in card_html([Particular("<img src=x>", "text", "<img src=x>", aside="<img src=x>")])


def test_numbers_are_written_as_people_do_and_stand_among_the_others():
    values = (1234567, 1970, 12345.67, 0.25, 1e-9, np.float32(0.1), np.int64(12), np.nan)
    assert [written(value) for value in values] == [
        "1,234,567",
        "1970",
        "12,345.67",
        "0.25",
        "1e-09",
        "0.1",
        "12",
        "–",
    ]
    rest = [float(value) + 0.5 for value in range(99)]
    assert one(50.0, others=rest).aside == "higher than 50% of 100"
    assert one(1e6, others=rest).aside == "the highest of 100"
    assert one(0.5, others=rest).aside == "the lowest of 100, with 1 other"
    assert one(1.0, others=[1.0, 2.0, np.nan] * 20).aside == "", "whole numbers, few of them, are names of groups"
    dates = pd.to_datetime(["2024-05-01 12:30", "2023-01-01", "2020-01-01"], format="ISO8601")
    found = particular(embedding_set(np.ones((3, 2)), when=dates), 0, "when")
    assert (found.kind, found.words, found.aside) == ("date", "2024-05-01 12:30:00", "the latest of 3")
    assert written(dates[1]) == "2023-01-01"


def test_structures_are_laid_out_and_bounded():
    words, cut = pretty({"a": [1, 2], "b": {"c": "x" * 30, "d": None}})
    assert json.loads(words) == {"a": [1, 2], "b": {"c": "x" * 30, "d": None}}
    assert words.count("\n") > 2
    assert not cut
    found = one(list(range(1_000_000)))
    assert (found.kind, found.more) == ("structure", "1,000,000 entries")
    assert len(found.words) < 1000
    circle: list[object] = []
    circle.append(circle)
    assert pretty(circle)[1]
    assert len(whole(circle)) < 1000
    assert brief({"bytes": png(), "path": "a"}) == "picture"
    assert brief("a\nb\u202ec") == "a b c"
    assert one({"bytes": WAV[:4], "n": np.arange(3)}).kind in ("text", "structure")


def test_the_title_stands_on_top_and_every_column_is_there():
    found = embedding_set(np.ones((3, 2)), a=[1, 2, 3], t=["x", "y", "z"], b=["u", "u", "v"])
    assert column_order(found, "b") == ["t", "b", "a"]
