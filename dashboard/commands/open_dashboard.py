"""`open FILE...`: the dashboard, opened on these files."""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
from pathlib import Path

from cartography.errors import LoadError, ParameterError
from dashboard.commands.base import Command
from dashboard.settings import ROOT, Settings

__all__ = ["COMMAND"]

_FIRST_PORT = 8501
_PORTS = 50


def _describe(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", nargs="*", type=Path, help="embedding files; none opens Car-Land")
    parser.add_argument("--port", metavar="N", type=int, help="the first free port from 8501 when left out")
    parser.add_argument("--read-only", action="store_true", help="nobody may upload files")
    parser.add_argument(
        "--data-dir", metavar="DIR", type=Path, help="a folder whose files may be opened from the page"
    )


def _run(options: argparse.Namespace) -> int:
    for path in options.file:
        if not path.exists():
            raise LoadError(f"There is no file {str(path)!r}.", "Check the spelling and the folder.")
    if options.data_dir is not None and not options.data_dir.is_dir():
        raise ParameterError(f"--data-dir is {str(options.data_dir)!r}, which is not a folder.")
    port = _free_port(options.port)
    settings = Settings(
        files=tuple(str(path.resolve()) for path in options.file),
        read_only=options.read_only,
        data_dir=str(options.data_dir.resolve()) if options.data_dir else None,
    )
    print(f"http://127.0.0.1:{port}", flush=True)
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboard" / "app.py")]
    flags = ["--server.port", str(port), "--server.headless", "true", "--logger.hideWelcomeMessage", "true"]
    environment = {**os.environ, **settings.to_environment()}
    return subprocess.call([*command, *flags], cwd=ROOT, env=environment)  # noqa: S603  (our own program)


def _free_port(wanted: int | None) -> int:
    """Return the port asked for, or the first free one; the root folder's configuration binds it to this machine."""
    for port in [wanted] if wanted is not None else range(_FIRST_PORT, _FIRST_PORT + _PORTS):
        with socket.socket() as trial:
            if os.name == "posix":  # a server stopped a moment ago does not hold its port; elsewhere this means more
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
            except (OSError, OverflowError):
                continue
            return port
    raise ParameterError(
        f"Port {wanted or _FIRST_PORT} is taken or not allowed.", "Choose another with --port, or leave it out."
    )


COMMAND = Command("open", "open the dashboard on these files", _describe, _run)
