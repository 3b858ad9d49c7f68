"""How all tests run, in one process or in several at once (`pytest -n auto`)."""

import os

import pytest

from cartography.kernels.compiling import ensure_compiled

os.environ["EMBEDDING_CARTOGRAPHER_CACHE"] = "off"  # for the servers that tests start as well
os.environ["EMBEDDING_CARTOGRAPHER_NOTES"] = "off"
MOST_WORKERS = 4  # each may have a browser, a server and large arrays of its own


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are cores, as far as memory goes round: browsers are waited for half of the time."""
    return min((os.cpu_count() or 1) + 1, MOST_WORKERS)


def pytest_configure(config: pytest.Config) -> None:
    """The engine compiles here, before there are workers: each would compile all of it for itself."""
    if config.getoption("numprocesses", None):
        ensure_compiled()
