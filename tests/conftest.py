"""How all tests run, in one process or in several at once (`pytest -n auto`)."""

import os
from typing import Any
from zlib import crc32

import pytest

from cartography.kernels.compiling import ensure_compiled

os.environ["EMBEDDING_CARTOGRAPHER_CACHE"] = "off"  # for the servers that tests start as well
os.environ["EMBEDDING_CARTOGRAPHER_NOTES"] = "off"
BROWSER = "tests/browser/"
MOST_WORKERS = 4  # each may have a browser, a server and large arrays of its own


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are cores, as far as memory goes round: a browser is waited for now and then."""
    return min((os.cpu_count() or 1) + 1, MOST_WORKERS)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """One browser for every two cores: a page that has to wait burns time with moving pictures and bars."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    lanes = max(1, (os.cpu_count() or 1) // 2)

    class FewBrowsers(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return f"browser {crc32(file.encode()) % lanes}" if file.startswith(BROWSER) else file

    return FewBrowsers(config, log)


def pytest_configure(config: pytest.Config) -> None:
    """The engine compiles here, before there are workers: each would compile all of it for itself."""
    if config.getoption("numprocesses", None):
        ensure_compiled()
