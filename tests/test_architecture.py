"""The import rules of the house, read from the source: never upward, and nothing heavy before it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.data import ROOT

PACKAGES = ("loaders", "cartography", "dashboard")
HEAVY = {"umap", "numba", "torch", "pyarrow", "sklearn", "vl_convert", "altair", "PIL", "pynndescent"}
STAGES = (
    "preparation",
    "neighbours",
    "projectors",
    "clusters",
    "fidelity",
    "land",
    "drawing",
    "inspection",
    "concepts",
)
FOUNDATION = {
    "records",
    "errors",
    "progress",
    "parameters",
    "principal_axes",
    "blocks",
    "columns",
    "curve",
    "decoding",
    "doors",
    "medoids",
    "orient",
    "surface",
    "items",
    "kernels",
    "particulars",
    "pictures",
    "ranking",
    "remembering",
    "sides",
    "structures",
    "words",
}
KERNELS = ROOT / "cartography" / "kernels"


def sources(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imports(path: Path, top_level_only: bool = False) -> set[str]:
    """Every module that a file imports, in full; `if TYPE_CHECKING` blocks count for nothing at run time."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = tree.body if top_level_only else list(ast.walk(tree))
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def offenders(package: str, forbidden, **options) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources(package)
        for name in sorted(imports(path, **options))
        if forbidden(path, name)
    ]


def test_cartography_imports_neither_streamlit_nor_loaders_nor_dashboard():
    above = ("streamlit", "loaders", "dashboard")
    assert not offenders("cartography", lambda _, name: name.split(".")[0] in above)


def test_loaders_see_records_errors_and_progress_only():
    def forbidden(_, name):
        parts = name.split(".")
        if parts[0] in ("streamlit", "dashboard"):
            return True
        return parts[0] == "cartography" and parts[1] not in ("records", "errors", "progress", "parameters")

    assert not offenders("loaders", forbidden)


@pytest.mark.parametrize("stage", STAGES)
def test_stages_do_not_reach_into_later_ones(stage):
    """Neighbours feed projectors, those feed clusters and land; drawing sees records only."""
    allowed = FOUNDATION | {stage}
    if stage in ("projectors", "clusters", "fidelity", "inspection", "concepts"):
        allowed |= {"neighbours"}
    if stage == "concepts":
        allowed |= {"inspection"}

    def forbidden(_, name):
        parts = name.split(".")
        return parts[0] == "cartography" and len(parts) > 1 and parts[1] not in allowed

    assert not offenders(f"cartography/{stage}", forbidden)


def test_records_stand_on_nothing_but_errors():
    def forbidden(_, name):
        parts = name.split(".")
        return parts[0] == "cartography" and parts[1] not in ("records", "errors")

    assert not offenders("cartography/records", forbidden)


def test_session_state_and_caches_have_one_home():
    for path in sources("dashboard"):
        text = path.read_text(encoding="utf-8")
        if path != ROOT / "dashboard" / "state.py":
            assert "session_state" not in text, path
        if path != ROOT / "dashboard" / "cache.py":
            assert "st.cache_" not in text, path


@pytest.mark.parametrize("package", PACKAGES)
def test_heavy_libraries_are_imported_where_they_are_used(package):
    def forbidden(path, name):
        kernel = path.parent == KERNELS and path.stem not in ("__init__", "compiling", "crew")
        return name.split(".")[0] in HEAVY - ({"numba"} if kernel else set())

    assert not offenders(package, forbidden, top_level_only=True)


def test_kernels_compile_only_where_they_are_used():
    def forbidden(path, name):
        light = ("cartography.kernels.compiling", "cartography.kernels.crew")
        return name.startswith("cartography.kernels") and path.parent != KERNELS and not name.startswith(light)

    for package in PACKAGES:
        assert not offenders(package, forbidden, top_level_only=True)


@pytest.mark.parametrize("module", ["cartography.pipeline", "loaders", "dashboard.cli", "dashboard.views.map_page"])
def test_importing_a_door_imports_nothing_heavy(module):
    code = f"import sys, {module}; print(*sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= brought_by_streamlit()


@cache
def brought_by_streamlit() -> set[str]:
    """Streamlit itself brings pyarrow and altair's parents along on some versions; ours must not add to them."""
    code = f"import sys, streamlit.components.v2, pandas; print(*sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_only_the_dashboard_knows_streamlit():
    code = "import sys, cartography.pipeline, loaders, dashboard.cli; print('streamlit' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("package", PACKAGES)
def test_nothing_unpickles_evaluates_or_fetches(package):
    """The file is an attacker: the calls that would let it act do not occur at all."""
    banned = {"pickle", "dill", "joblib", "shelve", "marshal", "requests", "urllib.request", "http.client"}
    assert not offenders(package, lambda _, name: any(name == one or name.startswith(f"{one}.") for one in banned))
    for path in sources(package):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("eval", "exec", "compile", "__import__"), path
            if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
                assert isinstance(node.value, ast.Constant) and node.value.value is False, path


@pytest.mark.parametrize("package", PACKAGES)
def test_modules_stay_small_and_say_what_they_are_for(package):
    for path in sources(package):
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= 300, f"{path} has grown past 300 lines; it wants to be two rooms"
        assert ast.get_docstring(ast.parse(text)), f"{path} does not say what it is for"
        assert path.stem not in ("utils", "helpers", "common", "manager"), path
