"""The page on formats names everything there is."""

from __future__ import annotations

import re
from dataclasses import fields

import loaders
from loaders.documentation import table, with_table
from loaders.options import Options
from tests.data import ROOT

PAGE = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
CHECKPOINTS = (ROOT / "docs" / "checkpoints.md").read_text(encoding="utf-8")


def test_every_format_is_in_the_table():
    rows = re.findall(r"^\| ([^|]+?) \|", PAGE, re.MULTILINE)
    assert {form.name for form in loaders.formats()} <= set(rows)


def test_the_table_is_what_the_registry_says():
    assert with_table(PAGE) == PAGE, "write it anew: python -m loaders.documentation"
    assert all(form.reads for form in loaders.formats())


def test_what_needs_a_library_shows_the_line_that_installs_it():
    for form in loaders.formats():
        line = next(line for line in table().splitlines() if line.startswith(f"| {form.name} |"))
        assert form.install_hint in line


def test_every_option_is_explained():
    assert all(f"{field.name}=" in PAGE for field in fields(Options))


def test_every_public_name_is_shown_and_explained():
    unlisted = ("Candidate", "Format", "TensorRow")
    assert all(f"loaders.{name}" in PAGE + CHECKPOINTS or name in unlisted for name in loaders.__all__)
    assert all(getattr(loaders, name).__doc__ for name in loaders.__all__)
