"""Names say what a place holds, no two are alike, and those that must differ differ as on real maps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cartography.clusters import columns, find_clusters
from cartography.clusters.epithets import apart, bearings
from cartography.clusters.names import name_clusters, naming_columns
from cartography.records import Projection
from cartography.words import words_in
from tests.clusters.test_hamlets import blobs_of_blobs
from tests.data import digits, embedding_set
from tests.pictures.examples import png, uri

EIGHT = ["East", "Northeast", "North", "Northwest", "West", "Southwest", "South", "Southeast"]


def names_of(labels, **columns):
    labels = np.asarray(labels, np.int32)
    vectors = np.random.default_rng(0).normal(size=(len(labels), 2))
    return name_clusters(embedding_set(vectors, **columns), [labels], vectors.astype(np.float32))[0]


def test_no_two_towns_of_a_map_share_a_name_and_labels_alone_need_few_numbers():
    embeddings = digits()
    places = embeddings.vectors[:, [20, 43]] + np.random.default_rng(0).normal(0, 0.1, (len(embeddings), 2))
    names = find_clusters(embeddings, Projection(places, "given"), method="peaks").levels[-1].names
    assert len(names) > 80
    assert len({name.casefold() for name in names}) == len(names)
    assert sum(name.split()[-1].isalpha() and name.isupper() for name in names) < 0.1 * len(names)


def test_the_place_that_stands_for_the_most_bears_the_bare_name():
    places, country, _ = blobs_of_blobs()
    embeddings = embedding_set(places, land=np.array(["Ash", "Birch", "Cedar", "Elm", "Fir"])[country])
    found = find_clusters(embeddings, Projection(places, "given"), method="kmeans", n_clusters=5)
    bare = {name: town for town, name in enumerate(found.levels[-1].names) if " " not in name}
    assert set(bare) == {"Ash", "Birch", "Cedar", "Elm", "Fir"}
    for name, town in bare.items():
        own = embeddings.items["land"].to_numpy(object) == name
        middle = places[own].mean(axis=0)
        stands = places[found.levels[-1].medoids[town]]
        assert np.hypot(*(stands - middle)) < 4  # of the 8 to the provinces around


@pytest.mark.parametrize(("turn", "point"), list(enumerate(EIGHT)))
def test_the_compass_is_true(turn, point):
    place = float(np.cos(turn * np.pi / 4 + 0.1)), float(np.sin(turn * np.pi / 4 + 0.1))
    assert bearings(place, (0.0, 0.0))[0] == point
    assert next(apart("Ash", place, {"Ash": (0.0, 0.0)}.get)) == f"{point} Ash"


def test_far_is_farther_than_what_has_the_name_already():
    taken = {"Ash": (0.0, 0.0), "North Ash": (0.0, 5.0)}
    for y, word in ((9.0, "Far"), (2.0, "Near")):
        offers = apart("Ash", (0.0, y), taken.get)
        assert next(name for name in offers if name not in taken) == f"{word} North Ash"


def test_words_keep_the_case_in_which_they_are_written():
    texts = ["a BMW"] * 20 + ["a peugeot"] * 20 + ["a McLaren"] * 20
    names = names_of(np.repeat([0, 1, 2], 20), text=[f"{text} {i}" for i, text in enumerate(texts)])
    assert names == ("BMW", "Peugeot", "McLaren")


def test_a_group_is_no_prefix_where_a_word_alone_is_free():
    brand = np.repeat(["peugeot", "renault", "citroen", "simca"], 20)
    names = names_of(
        np.repeat([0, 1, 2, 3], 20),
        label=["Europe"] * 80 + [],
        text=[f"{one} from Europe, number {i}" for i, one in enumerate(brand)],
    )
    assert set(names) == {"Peugeot", "Renault", "Citroen", "Simca"}


def test_where_no_word_returns_the_medoid_gives_its_title():
    labels = np.repeat([0, 1], 8)
    words = [f"{letter * 5}" for letter in "abcdefghijklmnop"]
    assert {name.casefold() for name in names_of(labels, word=words)} < set(words)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("机器学习", "天气预报"),
        ("القاهرة", "الرياض"),
        ("Москва", "Казань"),
        ("हिन्दी", "मराठी"),
        ("สวัสดี", "ขอบคุณ"),
        ("😂", "🐱"),
    ],
)
def test_any_script_names_its_clusters(one, other):
    texts = [f"{one} {i}" for i in range(20)] + [f"{other} {i}" for i in range(20)]
    names = names_of(np.repeat([0, 1], 20), text=texts)
    assert names[0].startswith(one)
    assert names[1].startswith(other)


def test_a_run_of_chinese_is_read_in_pieces_and_marks_belong_to_their_word():
    assert {"机器", "机器学习", "学习"} <= set(words_in("我用机器学习。"))
    assert list(words_in("हिन्दी भाषा")) == ["हिन्दी", "भाषा"]
    assert (
        "天气"
        in names_of(
            [0] * 6 + [1] * 6, text=["今天天气好", "天气很热", "看天气吧"] * 2 + ["机器学", "用机器", "机器人"] * 2
        )[0]
    )


def test_regions_without_words_are_called_by_where_they_lie():
    places, _, _ = blobs_of_blobs()
    found = find_clusters(embedding_set(places), Projection(places, "given"), method="kmeans", n_clusters=5)
    region = found.levels[0]
    east = int(places[region.medoids][:, 0].argmax())
    assert "East" in region.names[east] or "east" in region.names[east]
    assert len(set(region.names)) == region.count


def test_joined_letters_stay_joined():
    (name,) = names_of([0] * 3, label=["می\u200cخواهم", "می\u200cخواهم", "می\u200cخواهم"])
    assert name == "می\u200cخواهم"


def test_pictures_name_no_town_however_many_columns_hold_them():
    labels = np.repeat([0, 1], 8)
    vectors = np.random.default_rng(0).normal(size=(16, 2))
    masks = [uri(png(colour)) for colour in ("#ff0000", "#0000ff")]
    one = embedding_set(vectors, mask=np.repeat(masks, 8), image=[uri(png())] * 16, raw=[png()] * 16)
    items = replace(one, roles={"image": "image"})
    names = name_clusters(items, [labels], vectors.astype(np.float32))[0]
    assert naming_columns(items) == []
    assert all(name.casefold() in {f"item {i}" for i in range(16)} for name in names)


def test_lists_in_the_cells_are_groups_like_others():
    tags = [["ash", "elm"] for _ in range(8)] + [["fir"] for _ in range(8)]
    names = names_of(np.repeat([0, 1], 8), tags=pd.Series(tags, dtype=object).to_numpy())
    assert "ash" in names[0].casefold()
    assert "fir" in names[1].casefold()


def test_the_words_of_labels_are_read_once_for_all_towns(monkeypatch):
    read = []
    monkeypatch.setattr(columns, "words_in", lambda text: read.append(text) or words_in(text))
    kinds = np.array([f"kind {letter}" for letter in "abcdefghijklmnop"])
    text = [f"told of {4 * letter}, number {i}" for letter in "abcdefghijklmnop" for i in range(10)]
    names_of(np.repeat(np.arange(16), 10), label=np.tile(kinds, 10), text=text)
    assert sum("kind a kind b" in one for one in read) == 1


def test_what_a_label_is_of_a_cluster_is_counted_once(monkeypatch):
    counted = []
    shares = columns.Column.shares
    monkeypatch.setattr(columns.Column, "shares", lambda self, rows: counted.append(1) or shares(self, rows))
    column = columns.Column.of(pd.Series(["a", "b", "c", "d"] * 5))
    assert column.over_represented(np.array([0, 4, 8, 1])) == [0]
    assert len(counted) == 1
