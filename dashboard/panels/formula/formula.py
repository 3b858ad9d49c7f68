"""The formula bar and what a formula comes to."""

from __future__ import annotations

from dashboard.desk import Desk

__all__ = ["show_formula"]


def show_formula(desk: Desk) -> None:
    """Draw the bar, and the answer when there is one."""
