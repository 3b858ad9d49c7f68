"""`formats`: what can be opened here."""

from __future__ import annotations

import argparse

import loaders
from dashboard.commands.base import Command

__all__ = ["COMMAND"]


def _describe(_parser: argparse.ArgumentParser) -> None:
    """No flags."""


def _run(_options: argparse.Namespace) -> None:
    known = loaders.formats()
    width = max(len(one.name) for one in known)
    for one in known:
        state = "" if one.available else f"   needs: {one.install_hint}"
        print(f"{one.name:<{width}}  {' '.join(one.suffixes)}{state}")


COMMAND = Command("formats", "list every format it reads, and how to install what is missing", _describe, _run)
