"""Every benchmark can at least begin: what it needs of ours is there."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import pytest

import benchmarks


@pytest.mark.parametrize("name", [found.name for found in iter_modules(benchmarks.__path__)])
def test_a_benchmark_finds_what_it_imports(name):
    assert import_module(f"benchmarks.{name}").__doc__
