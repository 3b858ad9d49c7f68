"""Opening files in a real browser: wrong ones, pairs that do not quite fit, checkpoints, the server's own folder."""

from __future__ import annotations

import contextlib
import re

import numpy as np
import pytest
from playwright.sync_api import TimeoutError as NotSeen

from tests.browser.map_driver import MapDriver
from tests.loaders import torch_files

APP = "dashboard/app.py"
ROWS = 40


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    (folder / "models").mkdir()
    np.save(folder / "models" / "vectors.npy", np.random.default_rng(0).normal(size=(50, 6)))
    (folder.parent / "secret.npy").write_bytes(b"not for you")
    return folder


@pytest.fixture(scope="module")
def address(launch, data_dir):
    return launch(APP, env={"EMBEDDING_CARTOGRAPHER_DATA_DIR": str(data_dir)})


def intake(page, address, *paths):
    page.goto(address)
    page.get_by_role("button", name="Open files").click()
    page.set_input_files("input[type=file]", [str(path) for path in paths])


def vectors(rows: int, columns: int = 5) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(rows, columns)).round(4)


def choose(page, label: str, option: str):
    """Open a list and choose; a list that opens while the page still moves may close at once, and is opened again."""
    wanted = page.get_by_role("option", name=re.compile(option))
    for _ in range(10):
        page.get_by_role("combobox", name=re.compile(label)).click()
        with contextlib.suppress(NotSeen):
            wanted.click(timeout=3000)
            return
    raise AssertionError(f"{option} was never offered under {label}")


def pick_row(page, row: int):
    """Choose a row of the table of contents; it is drawn on a canvas, its first column is the marker."""
    box = page.get_by_test_id("stDataFrame").first.bounding_box()
    page.mouse.click(box["x"] + 16, box["y"] + 35 * (row + 1.5))


def test_a_wrong_file_gets_one_sentence_and_the_page_stays_usable(page, address, tmp_path):
    wrong = tmp_path / "holiday <b>photo.jpg"
    wrong.write_bytes(b"\xff\xd8\xff\xe0 not embeddings")
    intake(page, address, wrong)
    refusal = page.get_by_test_id("refusal")
    refusal.wait_for()
    assert refusal.inner_text().strip().endswith(".")
    assert refusal.locator("b").count() == 0
    assert "Traceback" not in page.content()
    page.get_by_role("button", name="Back to the map").click()
    MapDriver(page).wait_ready()


def test_a_pair_whose_metadata_has_a_header_too_many_is_repaired_and_said(page, address, tmp_path):
    table = vectors(ROWS)
    (tmp_path / "tensors.tsv").write_text("\n".join("\t".join(map(str, row)) for row in table))
    names = ["name\tkind", *(f"thing {i}\t{'even' if i % 2 == 0 else 'odd'}" for i in range(ROWS))]
    (tmp_path / "metadata.tsv").write_text("\n".join(names))
    intake(page, address, tmp_path / "tensors.tsv", tmp_path / "metadata.tsv")
    page.get_by_test_id("reading").wait_for()
    assert page.get_by_test_id("reading").inner_text() == f"{ROWS} items in 5 dimensions"
    notes = page.locator(".ec-notes").inner_text()
    assert "metadata.tsv" in notes
    assert re.search("header|first line", notes, re.IGNORECASE)
    page.get_by_role("button", name="Draw the map").click()
    map_ = MapDriver(page)
    map_.wait_ready()
    assert map_.fact("shown") == str(ROWS)


def test_vectors_alone_take_labels_that_come_later_and_a_guess_is_changed(page, address, tmp_path):
    np.save(tmp_path / "vectors.npy", vectors(ROWS))
    lines = ["city,mayor", *(f"city {i},mayor {i}" for i in range(ROWS))]
    (tmp_path / "places.csv").write_text("\n".join(lines))
    intake(page, address, tmp_path / "vectors.npy")
    page.get_by_test_id("reading").wait_for()
    page.get_by_text("Add files that belong to these").click()
    page.set_input_files("input[type=file]", str(tmp_path / "places.csv"))
    page.locator(".ec-notes", has_text="places.csv").wait_for()
    page.get_by_text("Read it another way").click()
    page.get_by_role("combobox", name=re.compile("The label file")).wait_for()
    choose(page, "Ids", "mayor")
    page.get_by_role("button", name="Draw the map").click()
    map_ = MapDriver(page)
    map_.wait_ready()
    item = map_.top_item(0)
    page.mouse.click(*map_.spot(item))
    map_.wait(selected=item)
    card = page.locator(".ec-card", has_text="mayor ").first
    card.wait_for()
    assert re.search(r"id\s*mayor \d+", card.inner_text())


def test_several_embeddings_in_one_file_are_offered(page, address, tmp_path):
    both = tmp_path / "both.npz"
    np.savez(both, images=vectors(300, 12), captions=vectors(300, 20))
    intake(page, address, both)
    page.get_by_text("2 THAT CAN BE OPENED").wait_for()
    first = page.get_by_test_id("reading")
    first.wait_for()
    other = {"300 items in 12 dimensions": "20", "300 items in 20 dimensions": "12"}[first.inner_text()]
    pick_row(page, 1)
    page.get_by_test_id("reading").get_by_text(f"300 items in {other} dimensions").wait_for()
    page.get_by_role("button", name="Draw the map").click()
    MapDriver(page).wait_ready()
    page.get_by_text(f"300 items in {other} dimensions").wait_for()


def test_a_checkpoint_shows_its_tensors_the_token_table_first(page, address, tmp_path):
    """Every tensor in a table, the optimiser's folded away; tokens from the file beside name the items."""
    layers = {f"encoder.{i}.weight": vectors(8, 16).astype("f4") for i in range(7)}
    layers["encoder.0.weight"][:4] = 0
    tensors = layers | {
        "embed_tokens.weight": vectors(60, 8).astype("f4"),
        "encoder.0.bias": np.zeros(8, "f4"),
        "optimizer.exp_avg.encoder": vectors(8, 16).astype("f4"),
    }
    model = torch_files.save(tmp_path / "model.pt", tensors)
    (tmp_path / "vocab.txt").write_text("\n".join(f"word{i}" for i in range(60)))
    intake(page, address, model, tmp_path / "vocab.txt")
    page.get_by_test_id("reading").wait_for()
    assert page.get_by_test_id("reading").inner_text() == "60 items in 8 dimensions"
    page.get_by_text("9 THAT CAN BE OPENED").wait_for()
    page.get_by_text("Optimiser state too (1)").wait_for()
    page.get_by_text("1 more tensors that are no lists of items").wait_for()
    page.get_by_placeholder("part of a name").fill("encoder.0")
    page.keyboard.press("Enter")
    page.get_by_test_id("reading").get_by_text("8 items in 16 dimensions").wait_for()
    page.get_by_placeholder("part of a name").fill("tokens")
    page.keyboard.press("Enter")
    page.get_by_test_id("reading").get_by_text("60 items in 8 dimensions").wait_for()
    page.get_by_role("button", name="Draw the map").click()
    map_ = MapDriver(page)
    map_.wait_ready()
    item = map_.top_item(0)
    page.mouse.click(*map_.spot(item))
    map_.wait(selected=item)
    page.get_by_test_id("item-title").get_by_text(re.compile(r"word\d+")).wait_for()


def test_one_tensor_of_several_checkpoints_opens_as_a_series(page, address, tmp_path):
    files = [
        torch_files.save(tmp_path / f"epoch_{epoch}.pt", {"embed.weight": vectors(ROWS).astype("f4") + epoch})
        for epoch in range(3)
    ]
    intake(page, address, *files)
    page.get_by_test_id("reading").wait_for()
    page.get_by_text("This is a series of 3").wait_for()
    page.get_by_role("button", name="Draw the map").click()
    map_ = MapDriver(page)
    map_.wait_ready()
    assert map_.fact("shown") == str(ROWS)


def test_files_on_the_server_are_found_and_nothing_outside_their_folder(page, address):
    page.goto(address)
    page.get_by_role("button", name="Open files").click()
    page.get_by_role("radio", name="On the server").click()
    page.get_by_role("radio", name="models").click()
    page.get_by_placeholder("Choose one or several").wait_for()
    choose(page, "Files here", "vectors.npy")
    page.keyboard.press("Escape")
    assert page.get_by_text("secret").count() == 0
    page.get_by_role("button", name="Look into these").click()
    page.get_by_test_id("reading").wait_for()
    assert page.get_by_test_id("reading").inner_text() == "50 items in 6 dimensions"
