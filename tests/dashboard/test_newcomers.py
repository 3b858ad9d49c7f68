"""The panel of newcomers: what it reads, what it shows, what it keeps and for how long."""

from __future__ import annotations

from functools import cache
from io import BytesIO

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from cartography.columns import columns_of
from cartography.errors import CartographyError
from cartography.inspection.correcting.table_files import as_csv
from cartography.pipeline import BuiltMap, build_map
from cartography.records import Recipe
from dashboard.panels.newcomers import newcomers_frame, pins_of, warned
from dashboard.placings import Placed, fitting_key, place_file, place_vector
from dashboard.sources import Source
from tests.data import blobs

PATIENCE = 60


@cache
def built() -> BuiltMap:
    return build_map(blobs(300), Recipe(method="pca", metric="euclidean"))


def placed(file) -> Placed:
    return place_file(built(), Source((str(file),))).find_out(lambda event: None)


def test_a_file_of_vectors_becomes_a_table_with_everything_in_it(tmp_path):
    new = pd.DataFrame(blobs(40).vectors + 0.1, index=[f"new {i}" for i in range(40)]).add_prefix("dim_")
    new.rename_axis("id").to_csv(tmp_path / "new.csv")
    result = placed(tmp_path / "new.csv")
    assert list(result.ids[:2]) == ["new 0", "new 1"]
    table = newcomers_frame(result, built(), columns_of(built().embeddings)["group"])
    expected = ["id", "x", "y", "realm", "town", "nearest", "distance", "vote", "confidence", "base rate", "outside"]
    assert list(table)[: len(expected)] == expected
    assert pd.read_csv(BytesIO(as_csv(table)))["id"].tolist() == [f"new {i}" for i in range(40)]
    assert "None of 40 lies outside" in warned(result.found)


def test_of_several_arrays_the_one_that_fits_is_taken(tmp_path):
    data = blobs(30)
    np.savez(tmp_path / "several.npz", other=np.zeros((30, 7)), mine=data.vectors)
    assert fitting_key(Source((str(tmp_path / "several.npz"),)), data) == "mine"
    assert np.allclose(placed(tmp_path / "several.npz").found.distances[:, 0], 0, atol=1e-5)


def test_vectors_of_another_model_are_refused_in_words(tmp_path):
    np.save(tmp_path / "other.npy", np.zeros((5, 7)))
    with pytest.raises(CartographyError, match="have 7 dimensions; the map was made from 20") as raised:
        placed(tmp_path / "other.npy")
    assert "same model" in raised.value.hint


def test_what_a_visit_brought_is_shared_with_nobody(tmp_path):
    np.save(tmp_path / "new.npy", np.zeros((5, 20)))
    assert place_file(built(), Source((str(tmp_path / "new.npy"),))).private
    assert place_vector(built(), np.ones(20, np.float32)).private


def test_every_newcomer_has_a_pin_and_the_chosen_one_spokes_to_its_neighbours(tmp_path):
    np.save(tmp_path / "new.npy", blobs(300).vectors[:60])
    result = placed(tmp_path / "new.npy")
    overlay = pins_of(result, 7)
    assert len(overlay.pins) == 60
    assert [pin.label for pin in overlay.pins if pin.label] == ["7"]
    assert overlay.spokes == tuple(result.found.rows[7])
    assert overlay.origin == (overlay.pins[7].x, overlay.pins[7].y)
    assert pins_of(result, None).spokes == ()


def page(read_only: bool) -> None:
    from cartography.pipeline import build_map as build
    from cartography.records import Recipe as Choices
    from dashboard.desk import Desk
    from dashboard.panels.newcomers import show_newcomers
    from dashboard.settings import Settings as Started
    from dashboard.sources import Source as Files
    from dashboard.state import Session as Visit
    from dashboard.worlds import published
    from tests.data import blobs as data

    made = build(data(300), Choices(method="pca", metric="euclidean"))
    world, _ = published(made)
    show_newcomers(Desk(Visit(Started(read_only=read_only), Files(("x",)), Choices()), made, world))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (str(blobs(300).vectors[3].tolist()), "with 100% of the votes"),
        ("1 2 3", "3 numbers were found; a vector of this map has 20."),
        ("<b>1</b> 2", "&lt;b&gt;1&lt;/b&gt;"),
    ],
)
def test_a_pasted_vector_is_placed_or_refused(text, said):
    app = AppTest.from_function(page, args=(True,), default_timeout=PATIENCE).run()
    assert any("takes no uploads" in caption.value for caption in app.caption)
    app.segmented_control[0].set_value("One vector").run()
    app.text_area[0].set_value(text).run()
    assert not app.exception
    assert any(said in html.body for html in app.get("html"))
