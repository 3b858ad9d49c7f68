"""The pieces behind the pages: text made safe, uploads kept in place, items put into words, settings passed on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cartography.items import describe, fields, title, title_column
from cartography.records import EmbeddingSet
from dashboard.panels.markup import bullets, definitions, label, safe
from dashboard.settings import Settings
from dashboard.uploads import keep
from tests.data import embedding_set
from tests.pictures.examples import png, uri


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", '" onload="x', "<img src=x onerror=alert(1)>", "a&b"]
)
def test_text_from_files_never_becomes_markup(hostile):
    for html in (safe(hostile), definitions([(hostile, hostile)]), bullets([hostile])):
        assert "<script" not in html
        assert "<img" not in html
        assert '" onload' not in html


def test_a_label_shows_text_as_it_is_and_never_as_markdown():
    assert label("**b** [a](u) `c`") == r"\*\*b\*\* \[a\]\(u\) \`c\`"
    assert ":red[" not in label(":red[x]")
    assert ":material" not in label(":material/home:")
    assert label("two\nlines\x00") == "two lines "
    assert len(label("x" * 1000)) == 80


def test_text_is_cut_and_cleaned():
    assert len(safe("x" * 1_000_000)) <= 4000
    assert safe("a\x00b\x1bc") == "a b c"
    assert safe(None) == "None"


class Upload:
    def __init__(self, name: str, content: bytes, file_id: str = "id-1") -> None:
        self.name, self.file_id, self._content = name, file_id, content

    def getbuffer(self) -> memoryview:
        return memoryview(self._content)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..\\..\\boot.ini", "/etc/passwd", ".bashrc", "a/b/c.csv", "..", ""]
)
def test_an_upload_stays_in_its_folder_whatever_it_is_called(tmp_path, name):
    folder = tmp_path / "uploads"
    (path,) = keep([Upload(name, b"content")], folder)
    assert Path(path).resolve().is_relative_to(folder.resolve())
    assert not Path(path).name.startswith(".")
    assert Path(path).read_bytes() == b"content"


def test_files_of_one_name_do_not_overwrite_each_other(tmp_path):
    paths = keep([Upload("a.npy", b"1", "one"), Upload("a.npy", b"2", "two")], tmp_path)
    assert [Path(path).read_bytes() for path in paths] == [b"1", b"2"]
    assert all(Path(path).name == "a.npy" for path in paths)


def test_an_item_is_called_by_the_short_text_that_tells_items_apart():
    items = embedding_set(
        np.eye(3),
        brand=["ford", "ford", "fiat"],
        model=["pinto", "torino", "128"],
        story=["long " * 40, "longer " * 40, "longest " * 40],
    )
    assert title_column(items) == "model"
    assert title(items, 1) == "torino"
    assert [name for name, _ in fields(items, 1, "story")] == ["story", "brand"]


def test_pictures_are_looked_for_once_however_many_cards_are_shown(monkeypatch):
    pictures = [uri(png())] * 50
    one = embedding_set(np.eye(50), image=pictures, mask=pictures, raw=[png()] * 50, path=["a/b.png"] * 50)
    items = replace(one, roles={"image": "image"})
    assert [name for name, _ in fields(items, 0)] == ["path"]
    monkeypatch.setattr(pd.Series, "dropna", None)
    monkeypatch.setattr(pd.Series, "notna", None)
    assert [name for name, _ in fields(items, 1)] == ["path"]


def test_an_item_without_texts_is_called_by_its_id():
    assert title(embedding_set(np.eye(3), size=[1, 2, 3]), 2) == "item 2"
    blank = EmbeddingSet(np.eye(2), pd.DataFrame({"name": ["x", None]}, index=["a", "b"]))
    assert title(blank, 1) == "b"


def test_cells_are_described_as_a_person_writes_them():
    assert [describe(v) for v in (1.5, 2.0, None, np.nan, pd.NaT, "x", 7)] == ["1.5", "2", "–", "–", "–", "x", "7"]
    assert describe([1, 2]) == "[1, 2]"


def test_settings_pass_through_the_environment_unchanged():
    settings = Settings(("/data/a file, with commas.npy", "/ü"), read_only=True, data_dir="/data")
    assert Settings.from_environment(settings.to_environment()) == settings
    assert Settings.from_environment({}) == Settings()
