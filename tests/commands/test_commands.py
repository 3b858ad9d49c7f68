"""The command line: results on stdout, words on stderr, exit codes as promised."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import loaders
from cartography.drawing.browser import offline
from dashboard.cli import main
from dashboard.commands.open_dashboard import _free_port
from tests.data import ROOT

CARS = ROOT / "examples" / "car_land.parquet"


@pytest.fixture
def vectors(tmp_path) -> Path:
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.normal(size=(60, 6)), columns=[f"dim_{i}" for i in range(6)])
    table["kind"] = np.where(np.arange(60) % 2, "odd", "even")
    table["x"] = rng.normal(size=60)
    path = tmp_path / "things.csv"
    table.to_csv(path, index=False)
    return path


def test_formats_names_every_format_and_the_line_that_installs_what_is_missing(capsys):
    assert main(["formats"]) == 0
    said = capsys.readouterr().out
    for one in loaders.formats():
        assert one.name in said
        assert one.available or one.install_hint in said


def test_probe_tells_what_is_inside(capsys):
    assert main(["probe", str(CARS)]) == 0
    assert "embedding" in capsys.readouterr().out
    assert main(["probe", str(CARS), "--json"]) == 0
    (first, *_) = json.loads(capsys.readouterr().out)
    assert first["shape"] == [406, 384]
    assert set(first) >= {"key", "shape", "dtype", "nbytes", "note"}


@pytest.mark.parametrize(
    ("suffix", "begins"), [("png", b"\x89PNG"), ("svg", b"<svg"), ("pdf", b"%PDF"), ("html", b"<!D")]
)
def test_draw_writes_the_kind_of_picture_that_was_asked_for(vectors, capsys, monkeypatch, suffix, begins):
    monkeypatch.setattr(offline, "_DEEPEST", 1)  # an offline page with all its tiles is drawn in test_offline.py
    out = vectors.with_name(f"map.{suffix}")
    flags = ["--method", "pca", "--color-by", "kind", "--theme", "night", "--size", "300x200", "--quiet"]
    assert main(["draw", str(vectors), "-o", str(out), *flags]) == 0
    assert out.read_bytes().startswith(begins)
    captured = capsys.readouterr()
    assert captured.out.strip() == str(out)
    assert captured.err == ""
    if suffix == "png":
        with Image.open(out) as picture:
            assert picture.size == (300, 200)


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_project_joins_coordinates_clusters_and_the_items_own_columns(vectors, tmp_path, suffix):
    out = tmp_path / f"map.{suffix}"
    assert main(["project", str(vectors), "-o", str(out), "--method", "pca", "--quiet"]) == 0
    table = pd.read_parquet(out) if suffix == "parquet" else pd.read_csv(out)
    table = table if "id" in table.columns else table.reset_index()
    assert len(table) == 60
    assert set(table.columns) >= {"id", "x", "y", "cluster", "town", "fidelity", "kind"}
    assert table["fidelity"].between(0, 1).all()
    assert table["kind"].tolist() == ["even", "odd"] * 30
    assert any(name.startswith("x") and name != "x" for name in table.columns), "the item's own x gets a suffix"


def test_the_same_seed_gives_the_same_coordinates(vectors, tmp_path):
    for name in ("a.csv", "b.csv"):
        assert (
            main(["project", str(vectors), "-o", str(tmp_path / name), "--method", "umap", "--seed", "3", "--quiet"])
            == 0
        )
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_vectors_are_prepared_as_the_flag_says_over_what_the_recipe_says(vectors, tmp_path):
    recipe = tmp_path / "recipe.json"
    recipe.write_text('{"method": "pca", "preparation": {"unit": true}}', encoding="utf-8")
    made = {}
    for steps in (None, "spherize,pca=3", "none"):
        out = tmp_path / "out.csv"
        flags = ["--recipe", str(recipe), "--quiet", *(["--prepare", steps] if steps else [])]
        assert main(["project", str(vectors), "-o", str(out), *flags]) == 0
        made[steps] = pd.read_csv(out)[["x", "y"]].to_numpy()
    lengths = {steps: np.linalg.norm(places, axis=1).max() for steps, places in made.items()}
    assert lengths[None] <= 1.5
    assert lengths["spherize,pca=3"] <= 1.5
    assert lengths["none"] > 1.5
    assert not np.allclose(made[None], made["spherize,pca=3"])


def test_a_sample_is_read_not_the_whole_file(tmp_path, monkeypatch):
    path = tmp_path / "many.npy"
    np.save(path, np.random.default_rng(0).normal(size=(500, 8)))
    asked = []
    load = loaders.load
    monkeypatch.setattr(loaders, "load", lambda *args, **options: asked.append(options) or load(*args, **options))
    out = tmp_path / "few.csv"
    assert (
        main(["project", str(path), "-o", str(out), "--method", "pca", "--sample", "40", "--seed", "2", "--quiet"])
        == 0
    )
    assert len(pd.read_csv(out)) == 40
    assert asked[0]["sample"] == 40


@pytest.mark.parametrize(
    "arguments",
    [
        ["probe", "nowhere.npy"],
        ["draw", str(CARS), "-o", "map.gif"],
        ["draw", str(CARS), "-o", "nowhere/map.png"],
        ["draw", str(CARS), "-o", "map.png", "--color-by", "Orgin"],
        ["draw", str(CARS), "-o", "map.png", "--size", "huge"],
        ["draw", str(CARS), "-o", "map.png", "--method", "magic"],
        ["draw", str(CARS), "-o", "map.png", "--prepare", "centre"],
        ["project", str(CARS), "-o", "map.csv", "--prepare", "pca=0.5"],
        ["open", "nowhere.npy"],
        ["open", "--data-dir", "nowhere"],
    ],
)
def test_what_is_wrong_is_said_in_a_sentence_with_a_hint(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    said = capsys.readouterr().err.strip().splitlines()
    errors = [line for line in said if line.startswith("error: ")]
    assert len(errors) == 1
    assert errors[0].endswith((".", "?"))
    assert not any("Traceback" in line for line in said)
    assert not list(tmp_path.glob("map.*"))


def test_a_wrong_flag_ends_with_two_and_says_where_help_is(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["draw", str(CARS)])
    assert ended.value.code == 2
    assert "--help" in capsys.readouterr().err


def test_progress_goes_to_stderr_and_results_to_stdout(vectors, tmp_path):
    command = [sys.executable, "-m", "dashboard", "project", str(vectors), "-o", str(tmp_path / "out.npz")]
    done = subprocess.run([*command, "--method", "pca"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(tmp_path / "out.npz")
    assert "note: " in done.stderr


def test_a_port_in_use_is_passed_over():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        from cartography.errors import ParameterError

        with pytest.raises(ParameterError, match=str(port)):
            _free_port(port)
        assert _free_port(None) != port
