"""What the README and the walks say in Python does run, in their order and in one place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.data import ROOT

PAGES = ("README.md", "docs/walkthroughs/station_wagons.md")


@pytest.mark.parametrize("page", PAGES)
def test_python_that_is_shown_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text("utf-8"), flags=re.DOTALL)
    assert blocks
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    exec(compile("\n".join(blocks), page, "exec"), {})
