"""The commands of the command line, one file each. A new command is a new file, listed here."""

from __future__ import annotations

from dashboard.commands import draw, formats, open_dashboard, probe, project, solve
from dashboard.commands.base import Command

__all__ = ["COMMANDS", "Command"]

COMMANDS: tuple[Command, ...] = (
    open_dashboard.COMMAND,
    formats.COMMAND,
    probe.COMMAND,
    draw.COMMAND,
    project.COMMAND,
    solve.COMMAND,
)
