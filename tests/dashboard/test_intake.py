"""Opening files without a browser: what came is kept and found, and nothing outside the data folder is reached."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cartography.errors import LoadError
from cartography.records import EmbeddingSet
from dashboard.browsing import list_folder, path_within
from dashboard.panels.opening.contents import found_by
from dashboard.panels.opening.files import said_size
from dashboard.panels.opening.reading import preview
from dashboard.readings import look_into, read
from dashboard.sources import Source
from dashboard.uploads import keep, release
from loaders import Candidate
from tests.dashboard.test_pieces import Upload

PATIENCE = 60


@pytest.fixture
def data(tmp_path) -> Path:
    folder = tmp_path / "data"
    (folder / "models").mkdir(parents=True)
    np.save(folder / "models" / "a.npy", np.eye(4))
    (folder / ".hidden").write_text("no")
    (tmp_path / "secret.npy").write_bytes(b"no")
    return folder


def test_a_folder_lists_its_own_folders_and_files(data):
    assert list_folder(str(data)).folders == ("models",)
    assert list_folder(str(data)).files == ()
    assert [name for name, _ in list_folder(str(data), "models").files] == ["a.npy"]


@pytest.mark.parametrize(
    "parts", [("..",), ("..", "secret.npy"), ("/etc",), ("models", "..", "..", "secret.npy"), ("none",), ("a\0b",)]
)
def test_nothing_outside_the_folder_is_reached(data, parts):
    with pytest.raises(LoadError):
        path_within(str(data), *parts)


def test_links_out_of_the_folder_are_not_followed(data):
    (data / "out").symlink_to(data.parent)
    (data / "models" / "out.npy").symlink_to(data.parent / "secret.npy")
    assert list_folder(str(data)).folders == ("models",)
    assert [name for name, _ in list_folder(str(data), "models").files] == ["a.npy"]
    with pytest.raises(LoadError):
        path_within(str(data), "models", "out.npy")


def test_an_uploaded_folder_keeps_its_shape_so_that_its_parts_find_each_other(tmp_path):
    uploads = [
        Upload("model/config.json", b"{}", "one"),
        Upload("model/sub/weights.bin", b"1", "two"),
        Upload("model/../../evil", b"2", "three"),
    ]
    paths = [Path(path) for path in keep(uploads, tmp_path / "in")]
    assert [path.relative_to(tmp_path / "in").as_posix() for path in paths] == [
        "model/config.json",
        "model/sub/weights.bin",
        "model/evil",
    ]


def test_a_reading_is_made_once_and_a_changed_choice_reads_anew(data):
    source = Source((str(data / "models" / "a.npy"),))
    first = read(source)
    assert first.wait(PATIENCE)
    assert len(first.result) == 4
    assert read(source) is first
    assert read(source.choose(member="any")) is first
    across = read(source.with_option("by", "columns"))
    assert across is not first
    assert source.with_option("by", "columns").with_option("by", None) == source


def test_what_is_inside_is_found_out_in_the_background(data):
    looking = look_into(Source((str(data / "models" / "a.npy"),)))
    assert looking.wait(PATIENCE)
    assert [one.shape for one in looking.result] == [(4, 4)]


def test_a_file_that_holds_nothing_says_so(tmp_path):
    path = tmp_path / "empty.npy"
    path.write_bytes(b"")
    looking = look_into(Source((str(path),)))
    assert looking.wait(PATIENCE)
    assert looking.result is None
    assert "empty" in looking.error.message


def test_tensors_are_found_by_words_of_name_kind_and_shape():
    tensors = [
        Candidate("encoder.weight", (8, 16), "float32", 512, "", "linear"),
        Candidate("embed_tokens.weight", (60, 8), "bfloat16", 960, "", "token table"),
    ]
    assert [one.key for one in found_by(tensors, "TOKEN")] == ["embed_tokens.weight"]
    assert [one.key for one in found_by(tensors, "linear 16")] == ["encoder.weight"]
    assert found_by(tensors, "") == tensors
    assert found_by(tensors, "absent") == []


def test_a_preview_shows_ten_rows_and_survives_clashing_names():
    items = pd.DataFrame(
        {"id": range(12), "vector": ["x" * 1000] * 12, "when": [None] * 12}, index=list("abcdefghijkl")
    )
    table = preview(EmbeddingSet(np.eye(12, 7), items))
    assert len(table) == 10
    assert table.iloc[:, 0].tolist() == list("abcdefghij")
    assert len(table.columns) == 5
    assert len(table["vector"][0]) <= 200
    assert table.iloc[1, -1] == "0, 1, 0, 0, …"


def test_sizes_are_said_as_people_say_them():
    assert [said_size(n) for n in (0, 999, 1500, 2_500_000, 3e9)] == [
        "0 bytes",
        "999 bytes",
        "1.5 kB",
        "2.5 MB",
        "3.0 GB",
    ]


def test_kept_uploads_give_the_servers_memory_back(monkeypatch):
    removed = []

    class Manager:
        def remove_file(self, session_id, file_id):
            removed.append((session_id, file_id))

    context = type("Context", (), {"session_id": "visit", "uploaded_file_mgr": Manager()})()
    monkeypatch.setattr("streamlit.runtime.scriptrunner.get_script_run_ctx", lambda: context)
    release([Upload("a.npy", b"1", "one"), Upload("b.npy", b"2", "two")])
    assert removed == [("visit", "one"), ("visit", "two")]
    monkeypatch.setattr("streamlit.runtime.scriptrunner.get_script_run_ctx", lambda: None)
    release([Upload("a.npy", b"1", "one")])


def test_the_servers_manager_of_uploads_still_has_what_is_called():
    """A new Streamlit that renames it would silently keep every upload in memory."""
    from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

    assert callable(MemoryUploadedFileManager.remove_file)
