"""What people add is there after a restart; changes from two sides are both kept; the user's file stays as it is."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import loaders
from cartography.errors import CartographyError, ParameterError
from cartography.records import Annotations
from dashboard.annotations_kept import AnnotationFolder, content_name
from tests.data import ROOT, blobs, embedding_set

NAME = "0123456789abcdef"
WRITER = """
import sys
from pathlib import Path
from dashboard.annotations_kept import AnnotationFolder
folder, name, who, times = AnnotationFolder(Path(sys.argv[1])), sys.argv[2], sys.argv[3], int(sys.argv[4])
for number in range(times):
    folder.change(name, lambda now: now.tagged([f"{who} {number}"], "seen").tagged(["both"], who))
"""


def writer(folder: Path, who: str, times: int) -> subprocess.Popen:
    command = [sys.executable, "-c", WRITER, str(folder), NAME, who, str(times)]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)


def test_changes_from_two_processes_and_many_threads_are_all_kept(tmp_path):
    folder = AnnotationFolder(tmp_path / "notes")
    others = [writer(tmp_path / "notes", who, 25) for who in ("ann", "bob")]

    def mine(number: int) -> None:
        folder.change(NAME, lambda now: now.tagged([f"me {number}"], "seen"))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(mine, range(25)))
    assert [other.communicate()[1] for other in others] == ["", ""]
    kept = folder.get(NAME)
    assert kept.tags["seen"] == {f"{who} {number}" for who in ("ann", "bob", "me") for number in range(25)}
    assert set(kept.tags) == {"seen", "ann", "bob"}
    assert not list(tmp_path.rglob("*.part"))


def test_another_process_finds_what_was_kept(tmp_path):
    folder = AnnotationFolder(tmp_path)
    assert folder.get(NAME) == Annotations()
    other = writer(tmp_path, "ann", 1)
    assert other.communicate()[1] == ""
    assert folder.get(NAME).tags == {"seen": {"ann 0"}, "ann": {"both"}}  # though it had read nothing there
    assert AnnotationFolder(tmp_path).get(NAME) == folder.get(NAME)


def test_a_change_returns_what_was_and_what_is(tmp_path):
    folder = AnnotationFolder(tmp_path)
    before, after = folder.change(NAME, lambda now: now.tagged(["a"], "x"))
    assert (before, after.tags) == (Annotations(), {"x": {"a"}})
    written = (tmp_path / f"{NAME}.json").stat().st_ino
    assert folder.change(NAME, lambda now: now) == (after, after)
    assert (tmp_path / f"{NAME}.json").stat().st_ino == written  # nothing changed, nothing written


def test_a_change_that_fails_changes_nothing_and_lets_others_in(tmp_path):
    folder = AnnotationFolder(tmp_path)
    folder.change(NAME, lambda now: now.tagged(["a"], "x"))
    with pytest.raises(ParameterError):
        folder.change(NAME, lambda now: now.tagged(["a"], "x" * 100))
    assert folder.change(NAME, lambda now: now.tagged(["b"], "x"))[1].tags == {"x": {"a", "b"}}


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b'{"schema": 1, "tags": 7}', b"[" * 100_000, b""])
def test_a_damaged_file_is_set_aside_and_not_lost(tmp_path, content):
    (tmp_path / f"{NAME}.json").write_bytes(content)
    folder = AnnotationFolder(tmp_path)
    assert folder.get(NAME) == Annotations()
    (aside,) = folder.damaged(NAME)
    assert aside.read_bytes() == content
    folder.change(NAME, lambda now: now.tagged(["a"], "x"))
    assert folder.get(NAME).tags == {"x": {"a"}}
    assert folder.damaged(NAME) == [aside]


def test_what_a_later_version_wrote_is_left_alone(tmp_path):
    path = tmp_path / f"{NAME}.json"
    path.write_text(json.dumps({"schema": 2, "better": []}))
    folder = AnnotationFolder(tmp_path)
    for attempt in (lambda: folder.get(NAME), lambda: folder.change(NAME, lambda now: now.tagged(["a"], "x"))):
        with pytest.raises(CartographyError, match="later version"):
            attempt()
    assert json.loads(path.read_text())["schema"] == 2


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_nobody_else_can_read_what_is_kept(tmp_path):
    folder = AnnotationFolder(tmp_path / "deep" / "notes")
    folder.change(NAME, lambda now: now.tagged(["a"], "x"))
    assert stat.S_IMODE(folder.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder.folder / f"{NAME}.json").stat().st_mode) == 0o600


def test_where_nothing_can_be_written_that_is_said(tmp_path):
    (tmp_path / "notes").write_text("a file where the folder should be")
    folder = AnnotationFolder(tmp_path / "notes")
    assert not folder.usable
    with pytest.raises(CartographyError, match="could not be kept"):
        folder.change(NAME, lambda now: now.tagged(["a"], "x"))


def test_the_environment_says_where_or_off(tmp_path):
    variable = "EMBEDDING_CARTOGRAPHER_NOTES"
    assert AnnotationFolder.from_environment({variable: "off"}) is None
    assert AnnotationFolder.from_environment({variable: str(tmp_path)}).folder == tmp_path
    usual = AnnotationFolder.from_environment({"XDG_DATA_HOME": str(tmp_path), "APPDATA": str(tmp_path)})
    assert usual.folder.parts[-2:] == ("embedding-cartographer", "notes")


def test_a_file_that_is_renamed_or_gets_columns_keeps_its_notes_and_is_never_touched(tmp_path):
    table = pd.DataFrame({"id": ["a", "b", "c"], "x1": [0.0, 1, 2], "x2": [1.0, 0, 5], "x3": [4.0, 1, 1]})
    first, second = tmp_path / "cars.csv", tmp_path / "other name.csv"
    table.to_csv(first, index=False)
    table.assign(colour=["red", "blue", "red"]).to_csv(second, index=False)
    before = sha256(first.read_bytes()).hexdigest(), first.stat().st_mtime_ns
    opened, renamed = (loaders.load(path, id="id") for path in (first, second))
    assert content_name(opened) == content_name(renamed)
    folder = AnnotationFolder(tmp_path / "notes")
    folder.change(content_name(opened), lambda now: now.corrected(["a"], "colour", "green", {"a": "red"}))
    assert folder.get(content_name(renamed)).corrections["colour"]["a"].new == "green"
    assert (sha256(first.read_bytes()).hexdigest(), first.stat().st_mtime_ns) == before


def test_other_items_have_another_name():
    plain = blobs(60)
    others = [
        replace(plain, vectors=plain.vectors * np.float32(1.01)),
        replace(plain, items=plain.items.rename(index={"item 1": "item one"})),
        plain.take(np.arange(59)),
    ]
    assert len({content_name(one) for one in (plain, *others)}) == 4
    split = [replace(embedding_set(np.eye(2)), items=pd.DataFrame(index=ids)) for ids in (["ab", "c"], ["a", "bc"])]
    assert content_name(split[0]) != content_name(split[1])
