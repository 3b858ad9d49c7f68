"""What files and arguments may hold never steers a terminal, never ends in a traceback, and is read within bounds."""

from __future__ import annotations

import io
import sys

import numpy as np
import pandas as pd
import pytest

from cartography.concepts import read_questions
from cartography.errors import LoadError
from cartography.progress import ProgressEvent
from dashboard.cli import main
from dashboard.commands.base import Terminal

STEERING = "\x1b[31mred\x1b]0;title\x07\r\u202e"


@pytest.fixture
def items(tmp_path):
    """Items whose names steer terminals."""
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"id": [f"{STEERING} {row}" for row in range(30)], f"{STEERING} note": ["x"] * 30})
    table["vector"] = list(rng.normal(size=(30, 4)).astype(np.float32))
    path = tmp_path / "items.parquet"
    table.to_parquet(path)
    return path


@pytest.mark.parametrize(
    "arguments",
    [
        ["solve", "{file}", f'"{STEERING} 1" - "{STEERING} 2"'],
        ["solve", "{file}", f'"{STEERING} 1" - "{STEERING} 99"'],
        ["solve", "{file}", f"{STEERING} 1"],
        ["solve", f"nowhere {STEERING}", "a"],
        ["solve", "{file}", "a", "--id", STEERING],
        ["probe", "{file}"],
        ["analogies", "{file}", "{questions}", "--failures", "3"],
        ["project", "{file}", "-o", "{out}", "--method", STEERING],
        ["draw", "{file}", "-o", "{out}", "--color-by", STEERING],
    ],
)
def test_names_never_steer_a_terminal(items, tmp_path, capsys, arguments):
    questions = tmp_path / "questions.txt"
    names = [f"{STEERING.replace(chr(13), '')} {row}" for row in range(4)]
    questions.write_text(f": {STEERING}\n" + "\t".join(names) + "\n", encoding="utf-8", newline="")
    places = {"file": items, "questions": questions, "out": tmp_path / "out.csv"}
    code = main([one.format(**places) if one.startswith("{") else one for one in arguments])
    said = capsys.readouterr()
    assert code in (0, 2)
    assert not set("\x1b\x07\r\u202e") & set(said.out + said.err)


def test_progress_tells_names_on_one_line():
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Screen()
    with Terminal(quiet=False, stream=screen) as progress:
        progress(ProgressEvent("Looking along the axes", 0.5, STEERING))
    assert "\x1b[31m" not in screen.getvalue()
    assert "\x07" not in screen.getvalue()


def test_a_terminal_that_knows_few_characters_is_told_their_numbers(tmp_path, monkeypatch):
    path = tmp_path / "words.tsv"
    words = ["日本", "émigré", "one", "two", "three"]
    path.write_text("word\ta\tb\n" + "".join(f"{word}\t{at}\t1\n" for at, word in enumerate(words)), "utf-8")
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii", write_through=True))
    assert main(["solve", str(path), "one + two", "--quiet"]) == 0
    assert b"\\u65e5" in written.getvalue()


def test_a_device_without_end_is_read_within_bounds(tmp_path):
    endless = tmp_path / "endless"
    endless.symlink_to("/dev/zero")
    with pytest.raises(LoadError, match="at most 20,000,000"):
        read_questions(endless)
