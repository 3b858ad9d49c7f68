"""Concept axes: made, judged, put on the map, taken out."""

from __future__ import annotations

from dashboard.desk import Desk

__all__ = ["show_axes"]


def show_axes(desk: Desk) -> None:
    """Draw the axes there are and the ways to make another."""
