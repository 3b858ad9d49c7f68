"""What was made once is found again by another process, to the bit; whatever is wrong on disk is never an error."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from cartography import build_map
from cartography.neighbours import find_neighbours
from cartography.records import Projection, Recipe
from cartography.store import DiskStore, MemoryStore, disk
from dashboard.cli import main
from dashboard.jobs import Jobs
from dashboard.sources import UPLOADS, Source
from tests.data import ROOT, blobs
from tests.store.sameness import assert_same

QUICK = {"umap": {"n_epochs": 30}, "tsne": {"iterations": 250}}
RECIPE = Recipe(method="umap", method_params={"n_epochs": 60})


def fresh(folder: Path, **options) -> MemoryStore:
    """The store of a process that has made nothing yet."""
    return MemoryStore(disk=DiskStore(folder, **{"slow": 0.0, **options}))


def entries(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.npz"))


def test_another_process_computes_nothing_again(folder, counted):
    first = build_map(blobs(300), RECIPE, store=fresh(folder))
    assert counted == ["find_neighbours", "project", "find_clusters"]
    second = build_map(blobs(300), RECIPE, store=fresh(folder))
    assert len(counted) == 3
    assert_same(second.projection, first.projection)
    assert second.clustering.names == first.clustering.names
    assert second.scene.towns == first.scene.towns
    assert second.notes == first.notes


def test_a_change_redoes_only_what_depends_on_it(folder, counted):
    data = blobs(300)
    build_map(data, RECIPE, store=fresh(folder))
    counted.clear()
    build_map(data, RECIPE.replace(color_by="group", theme="night"), store=fresh(folder))
    assert counted == []
    build_map(data, RECIPE.replace(method_params={"n_epochs": 60, "min_dist": 0.5}), store=fresh(folder))
    assert counted == ["project", "find_clusters"]
    counted.clear()
    build_map(data, RECIPE.replace(preparation={"center": True}), store=fresh(folder))
    assert counted == ["find_neighbours", "project", "find_clusters"]
    counted.clear()
    build_map(blobs(300, seed=1), RECIPE, store=fresh(folder))
    assert counted == ["find_neighbours", "project", "find_clusters"]


def test_a_map_of_prepared_vectors_found_on_disk_places_raw_ones(folder):
    data, recipe = blobs(300), RECIPE.replace(preparation={"pca": 5, "unit": True})
    made, back = (build_map(data, recipe, store=fresh(folder)) for _ in range(2))
    assert (
        back.projection.transform(data.vectors[:4]).tobytes() == made.projection.transform(data.vectors[:4]).tobytes()
    )


def spoil_nothing(path: Path) -> None:
    path.write_bytes(b"")


def spoil_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def spoil_middle(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3 : len(content) // 3 + 40] = b"x" * 40
    path.write_bytes(content)


def spoil_kind(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.arange(3))


def spoil_objects(path: Path) -> None:
    with path.open("wb") as file:
        np.savez(file, facts=np.array([{"a": 1}], dtype=object))


def spoil_facts(path: Path) -> None:
    with np.load(path) as archive:
        facts = json.loads(archive["facts"].tobytes())
    facts["result"] = {"record": "Projection", "parts": {"method": "umap"}}
    with path.open("wb") as file:
        np.savez(file, facts=np.frombuffer(json.dumps(facts).encode(), np.uint8))


SPOILERS = (spoil_nothing, spoil_half, spoil_middle, spoil_kind, spoil_objects, spoil_facts)


@pytest.mark.parametrize("spoil", SPOILERS, ids=lambda spoil: spoil.__name__)
def test_a_damaged_or_foreign_entry_is_made_again(folder, counted, spoil):
    first = build_map(blobs(200), RECIPE, store=fresh(folder))
    for path in entries(folder):
        spoil(path)
    counted.clear()
    second = build_map(blobs(200), RECIPE, store=fresh(folder))
    assert counted == ["find_neighbours", "project", "find_clusters"]
    assert np.array_equal(second.projection.coordinates, first.projection.coordinates)
    counted.clear()
    build_map(blobs(200), RECIPE, store=fresh(folder))
    assert counted == [], "what was made again is kept again"


def test_what_another_version_made_is_never_shown(folder, counted, monkeypatch):
    build_map(blobs(200), RECIPE, store=fresh(folder))
    counted.clear()
    monkeypatch.setattr(disk, "engine_version", lambda: "newer")
    build_map(blobs(200), RECIPE, store=fresh(folder))
    assert counted == ["find_neighbours", "project", "find_clusters"]


def test_only_what_took_long_is_kept(folder):
    build_map(blobs(100), Recipe(method="pca"), store=MemoryStore(disk=DiskStore(folder, slow=3600)))
    assert not folder.exists()


def test_a_result_that_is_not_plain_is_handed_back_and_not_kept(folder):
    store = DiskStore(folder, slow=0)
    odd = Projection(np.zeros((3, 2)), "odd", placer=lambda vectors: vectors[:, :2])
    assert store.get_or_make(("odd",), lambda: odd, {}) is odd
    assert not folder.exists()


def test_what_was_not_used_for_longest_goes_first(folder):
    graph = find_neighbours(blobs(200), 15)
    made: list[str] = []

    def get(name: str) -> None:
        store.get_or_make((name,), lambda: made.append(name) or graph, {})
        by_use = sorted(entries(folder), key=lambda one: one.stat().st_mtime_ns, reverse=True)
        for age, path in enumerate(by_use, 1):
            os.utime(path, (1e9 - age, 1e9 - age))  # the order of use, whatever the clock's steps

    store = DiskStore(folder, slow=0)
    get("a")
    size = entries(folder)[0].stat().st_size
    store = DiskStore(folder, limit=3 * size + size // 2, slow=0)
    for name in "bcade":
        get(name)
    assert made == ["a", "b", "c", "d", "e"]
    assert len(entries(folder)) == 3
    for name in "aedb":
        get(name)
    assert made == ["a", "b", "c", "d", "e", "b"]


def test_what_is_larger_than_the_whole_store_is_not_kept(folder):
    DiskStore(folder, limit=1000, slow=0).get_or_make(("graph",), lambda: find_neighbours(blobs(200), 15), {})
    assert not folder.exists()


def test_files_of_others_stay_and_halves_that_nobody_finishes_go(folder):
    folder.mkdir()
    (folder / "compiled-1234").touch()
    half, old = folder / f"{'a' * 16}.xyz.part", folder / f"{'b' * 16}.xyz.part"
    half.touch()
    old.touch()
    os.utime(old, (1e9, 1e9))
    DiskStore(folder, slow=0).get_or_make(("graph",), lambda: find_neighbours(blobs(50), 5), {})
    assert (folder / "compiled-1234").exists()
    assert half.exists(), "another process may be writing it"
    assert not old.exists()


@pytest.mark.skipif(os.name != "posix", reason="folders have no such modes here")
def test_the_folder_is_its_owners_alone_and_one_that_all_may_write_is_not_trusted(folder, counted):
    build_map(blobs(100), RECIPE, store=fresh(folder))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in entries(folder))
    folder.chmod(0o777)
    counted.clear()
    build_map(blobs(100), RECIPE, store=fresh(folder))
    assert len(counted) == 3


def test_a_folder_that_cannot_be_made_is_no_store_and_no_error(tmp_path):
    (tmp_path / "file").touch()
    built = build_map(blobs(100), RECIPE, store=fresh(tmp_path / "file" / "below"))
    assert len(built.scene) == 100


def test_the_environment_says_where_and_whether(tmp_path):
    def where(**environment):
        store = DiskStore.from_environment(environment)
        return store and store._folder

    assert where(EMBEDDING_CARTOGRAPHER_CACHE="off") is None
    assert where(EMBEDDING_CARTOGRAPHER_CACHE="OFF") is None
    assert where(EMBEDDING_CARTOGRAPHER_CACHE=str(tmp_path)) == tmp_path
    assert where().parent.name == "embedding-cartographer"
    if sys.platform == "linux":
        assert where(XDG_CACHE_HOME=str(tmp_path)).is_relative_to(tmp_path)


def test_many_at_once_neither_fail_nor_mix_up(folder):
    """Threads with stores of their own stand for processes; the folder holds fewer results than they make."""
    graphs = [find_neighbours(blobs(100, seed=seed), 10) for seed in range(4)]
    wrong: list[object] = []

    def work(first: int) -> None:
        store = DiskStore(folder, limit=25_000, slow=0)
        for turn in range(40):
            number = (first + turn) % 4
            found = store.get_or_make(("graph", number), lambda number=number: graphs[number], {})
            if found.fingerprint != graphs[number].fingerprint:
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(first,)) for first in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert not list(folder.glob("*.part"))


def test_a_process_of_its_own_finds_what_this_one_made(folder):
    data = blobs(300)
    build_map(data, RECIPE, store=fresh(folder))
    code = """
import sys
from pathlib import Path
from cartography import build_map, pipeline
from cartography.store import DiskStore, MemoryStore
from tests.data import blobs
from tests.store.test_store import RECIPE
pipeline.find_neighbours = pipeline.project = pipeline.find_clusters = None
store = MemoryStore(disk=DiskStore(Path(sys.argv[1]), slow=0))
print(build_map(blobs(300), RECIPE, store=store).projection.fingerprint)
"""
    command = [sys.executable, "-c", code, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == build_map(data, RECIPE, store=fresh(folder)).projection.fingerprint


def test_commands_and_dashboard_share_what_they_make_but_uploads_leave_nothing(
    folder, tmp_path, monkeypatch, counted
):
    monkeypatch.setenv("EMBEDDING_CARTOGRAPHER_CACHE", str(folder))
    monkeypatch.setattr(disk.DiskStore.__init__, "__defaults__", (2_000_000_000, 0.0))
    path = tmp_path / "items.npy"
    np.save(path, blobs(200).vectors)
    recipe = tmp_path / "recipe.json"
    recipe.write_text(RECIPE.to_json(), encoding="utf-8")
    flags = ["--recipe", str(recipe), "--quiet"]
    assert main(["project", str(path), "-o", str(tmp_path / "out.csv"), *flags]) == 0
    assert counted == ["find_neighbours", "project", "find_clusters"]
    counted.clear()
    assert main(["draw", str(path), "-o", str(tmp_path / "out.svg"), *flags]) == 0
    job = Jobs(disk=DiskStore.from_environment()).get(Source((str(path),)), RECIPE)
    assert job.wait(60)
    assert job.result is not None
    assert counted == []
    uploaded = tmp_path / f"{UPLOADS}1234" / "other.npy"
    uploaded.parent.mkdir()
    np.save(uploaded, blobs(150).vectors)
    before = entries(folder)
    job = Jobs(disk=DiskStore.from_environment()).get(Source((str(uploaded),)), RECIPE)
    assert job.wait(60)
    assert job.result is not None
    assert entries(folder) == before
