"""What sets a selection apart: what was planted is found and told first, and where nothing is, nothing is told."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

import loaders
from cartography.columns import columns_of
from cartography.errors import Cancelled, ParameterError, ShapeError
from cartography.inspection.explain import explain
from cartography.inspection.explain.statistics import corrected, rank_biserial, share_effects
from cartography.inspection.wording import number_words, share_words
from cartography.records import EmbeddingSet
from dashboard.panels.selecting.difference_charts import OTHERS, THESE, pictured
from tests.data import ROOT, embedding_set, shared

N = 2_000
FIRST = np.arange(N) < 200


def mixed(seed: int = 0) -> dict[str, object]:
    """Columns of every kind, none of which knows where an item stands."""
    rng = np.random.default_rng(seed)
    words = np.array([f"{a}{b}rn" for a in "bcdfgklmnp" for b in "aeiou"])
    return {
        "kind": rng.choice(["ash", "elm", "fir", "oak"], N),
        "many": rng.integers(0, 400, N).astype(str),
        "size": rng.lognormal(size=N),
        "when": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 1_000, N), unit="D"),
        "text": [" ".join(rng.choice(words, 6)) + f" {i}" for i in range(N)],
        "electric": rng.random(N) < 0.5,
        "number": np.arange(N),
    }


def items_with(seed: int = 0, **planted: object) -> EmbeddingSet:
    vectors = np.random.default_rng(seed).normal(size=(N, 12))
    return embedding_set(vectors, **{**mixed(seed), **planted})


def plant(kind: str) -> dict[str, object]:
    columns, some = mixed(), np.flatnonzero(FIRST)[:120]
    series = pd.Series(columns[{"category": "kind", "number": "size", "date": "when", "word": "text"}[kind]])
    if kind == "category":
        series[some] = "oak"
    elif kind == "number":
        series[FIRST] += 3
    elif kind == "date":
        series[FIRST] += pd.Timedelta(days=700)
    else:
        series[some] = series[some] + " 量子力学 Ωmega"
    return {{"category": "kind", "number": "size", "date": "when", "word": "text"}[kind]: series.to_numpy()}


@pytest.mark.parametrize("kind", ["category", "number", "date", "word"])
def test_what_was_planted_is_told_first(kind):
    embeddings = items_with(**plant(kind))
    found = explain(embeddings, FIRST)
    first = found.differences[0]
    assert first.kind == kind
    assert first.effect > 0.4
    assert first.p < 1e-6
    assert (found.inside, found.outside) == (200, N - 200)


def test_numbers_in_the_sentence_are_those_of_the_data():
    embeddings = items_with(**plant("category"))
    first = explain(embeddings, FIRST).differences[0]
    oak = (embeddings.items["kind"] == "oak").to_numpy()
    assert (first.inside, first.outside) == (oak[FIRST].sum(), oak[~FIRST].sum())
    assert first.typical_inside == pytest.approx(oak[FIRST].mean())
    assert first.lift == pytest.approx(oak[FIRST].mean() / oak[~FIRST].mean())
    assert (
        first.sentence == f"kind is oak for {oak[FIRST].mean():.0%}, against {oak[~FIRST].mean():.0%} of all others."
    )


def test_medians_are_told_in_their_own_units():
    dated = items_with(**plant("date"))
    first = explain(dated, FIRST).differences[0]
    assert f"{dated.items['when'][FIRST].median():%Y-%m-%d}" in first.sentence
    assert "later" in first.sentence
    size = explain(items_with(**plant("number")), ~FIRST).differences[0]
    assert size.effect < 0
    assert "lower" in size.sentence


def test_a_word_of_any_script_is_told_whole_and_once():
    told = [one.value for one in explain(items_with(**plant("word")), FIRST).of_columns]
    assert set(told) == {"量子力学", "Ωmega"} or told in (["量子力学"], ["Ωmega"])


def test_a_dimension_that_was_moved_is_named_with_its_sign_and_share():
    embeddings = items_with()
    vectors = embeddings.vectors.copy()
    vectors[FIRST, 7] -= 2
    (first,) = explain(embeddings, FIRST, vectors=vectors).of_dimensions
    within = [vectors[rows, 7].var() * rows.sum() for rows in (FIRST, ~FIRST)]
    apart = vectors[FIRST].mean(axis=0) - vectors[~FIRST].mean(axis=0)
    assert first.value == "7"
    assert first.effect == pytest.approx(apart[7] / np.sqrt(sum(within) / N), rel=1e-4)
    assert first.share == pytest.approx(apart[7] ** 2 / (apart**2).sum(), rel=1e-4)


def test_selections_at_random_have_nothing_told_about_them():
    told = 0
    for seed in range(20):
        selected = np.random.default_rng(100 + seed).random(N) < 0.2
        told += len(explain(items_with(seed), selected).differences) > 0
    assert told <= 2  # at most 5 % of selections, by Holm


def test_what_follows_from_a_stronger_difference_is_not_told_again():
    columns = mixed()
    land = np.where(FIRST | (np.arange(N) % 20 == 0), "Japan", "Chile")
    brand = np.where(land == "Japan", np.where(np.arange(N) // 20 % 2, "toyota", "mazda"), columns["kind"])
    found = explain(items_with(land=land, brand=brand, copy=land), FIRST)
    assert [(one.column, one.value) for one in found.of_columns] == [("land", "Japan")]


def test_what_a_value_adds_to_a_stronger_one_is_told():
    land = np.where(np.arange(N) < 400, "Japan", "Chile")
    brand = np.where(FIRST, "toyota", np.where(land == "Japan", "mazda", mixed()["kind"]))
    found = explain(items_with(land=land, brand=brand), FIRST)
    assert found.of_columns[0].value == "toyota"


def test_missing_values_are_a_difference():
    size = np.array(mixed()["size"])
    size[:150] = np.nan
    first = explain(items_with(size=size), FIRST).differences[0]
    assert first.sentence == "size is missing for 75%, against 0% of all others."


def test_a_value_that_is_absent_is_told_where_nothing_else_is():
    many = np.where(np.arange(N) % 2, "plain", np.arange(N) % 40).astype(str)
    many[FIRST] = (np.arange(200) % 20 * 2).astype(str)
    first = explain(items_with(many=many), FIRST).of_columns[0]
    assert (first.value, first.inside) == ("plain", 0)


@pytest.mark.parametrize("rows", [np.zeros(N, bool), np.ones(N, bool)])
def test_all_and_nothing_have_nothing_to_be_compared_with(rows):
    found = explain(items_with(), rows)
    assert found.differences == ()
    assert len(found.notes) == 1


def test_one_item_is_too_few_to_tell_anything_from():
    found = explain(items_with(), np.arange(N) == 5)
    assert found.differences == ()
    assert found.tested > 0


def test_odd_columns_do_no_harm():
    odd = {
        "constant": ["same"] * N,
        "nothing": [None] * N,
        "nan": np.full(N, np.nan),
        "infinite": np.where(np.arange(N) % 7 == 0, np.inf, 1.0),
        "lists": pd.Series([["a", "b"] if i % 10 and i < 300 else ["c"] for i in range(N)], dtype=object).to_numpy(),
        "ids": [f"{i:x}-{i * 7919 % 104729:x}" for i in range(N)],
        "long": ["y" * 100_000 if i % 100 == 0 else "" for i in range(N)],
        "many": (np.arange(N) // 3).astype(str),
    }
    found = explain(items_with(**odd), FIRST)
    columns = [one.column for one in found.differences]
    assert "lists" in columns
    assert not {"constant", "nothing", "nan", "number", "ids"} & set(columns)
    assert any("number" in note for note in found.notes)
    assert all(len(sentence) < 300 for sentence in found.sentences)


def test_values_however_long_make_sentences_of_one_bearable_line():
    kind = np.where(FIRST, "<b>\n" + "x" * 5_000, "short")
    first = explain(items_with(kind=kind), FIRST, columns=["kind"]).differences[0]
    assert len(first.sentence) < 200
    assert "\n" not in first.sentence


def test_ten_thousand_categories_are_compared_together():
    n = 100_000
    rng = np.random.default_rng(0)
    many = rng.integers(0, 10_000, n).astype(str)
    selected = np.arange(n) < 10_000
    many[rng.choice(10_000, 400, replace=False)] = "77"
    embeddings = embedding_set(rng.normal(size=(n, 3)), many=many)
    found = explain(embeddings, selected)
    assert [one.value for one in found.of_columns] == ["77"]
    assert found.tested > 9_000
    assert any("drawn at random" in note for note in found.notes) == (n - 10_000 > 10_000)


def test_the_same_seed_says_the_same_and_reads_what_is_asked():
    embeddings = items_with(**plant("word"))
    assert explain(embeddings, FIRST, seed=3) == explain(embeddings, FIRST, seed=3)
    assert explain(embeddings, FIRST, columns=["kind"]).of_columns == ()


def test_what_does_not_fit_is_refused():
    embeddings = items_with()
    with pytest.raises(ShapeError):
        explain(embeddings, FIRST[:-1])
    with pytest.raises(ShapeError):
        explain(embeddings, np.arange(N))
    with pytest.raises(ParameterError):
        explain(embeddings, FIRST, columns=["knid"])
    with pytest.raises(Cancelled):
        explain(embeddings, FIRST, progress=stop)


def stop(_: object) -> None:
    raise Cancelled


def test_statistics_are_those_of_scipy():
    from scipy import stats

    rng = np.random.default_rng(1)
    one, other = rng.integers(0, 9, 80).astype(float), rng.integers(1, 11, 300).astype(float)
    effect, p = rank_biserial(one, other)
    theirs = stats.mannwhitneyu(one, other, method="asymptotic")
    assert effect == pytest.approx(2 * theirs.statistic / (80 * 300) - 1)
    assert p == pytest.approx(theirs.pvalue)
    inside, everywhere = np.array([0, 3, 9, 40, 99, 100]), np.array([30, 9, 9, 300, 900, 700])
    _, strength, binomial = share_effects(inside, everywhere, 100, 900)
    for count, total, ours in zip(inside, everywhere, binomial, strict=True):
        true = stats.fisher_exact([[count, total - count], [100 - count, 900 - total + count]]).pvalue
        assert ours >= true * 0.99
        assert np.log10(ours + 1e-30) <= 0.75 * np.log10(true) + 0.5
    assert (strength >= 0).all()
    p = np.array([0.01, 0.04, 0.03, 0.9, 0.02])
    assert corrected(p[:4], np.zeros(4, int)) == pytest.approx([0.04, 0.09, 0.09, 0.9])
    assert corrected(p, np.array([0, 0, 0, 0, 1])) == pytest.approx([0.08, 0.18, 0.18, 1, 0.04])


@pytest.mark.parametrize(
    ("share", "words"), [(0, "0%"), (1, "100%"), (0.9999, "99%"), (0.0002, "less than 0.1%"), (0.043, "4.3%")]
)
def test_shares_are_never_said_truer_than_they_are(share, words):
    assert share_words(share) == words
    assert number_words(123456.7) == "123,457"


@cache
def questions() -> EmbeddingSet:
    return loaders.load(shared("trec_layers/layer_6.npy"), labels=shared("trec_layers/metadata.csv"))


@pytest.mark.parametrize("k", [6, 8, 12])
def test_every_cluster_of_questions_is_explained_by_its_topic(k):
    from sklearn.cluster import KMeans

    embeddings = questions()
    clusters = KMeans(k, n_init=1, random_state=0).fit_predict(embeddings.vectors)
    topic, plain = embeddings.items["label"], 0
    for cluster in range(k):
        own = clusters == cluster
        truths = most_over_represented(topic, own)
        if not truths:
            continue
        told = [
            one for one in explain(embeddings, own, columns=["label", "text"]).differences if one.column == "label"
        ]
        assert told[0].value in truths
        assert told[0].effect > 0
        fine = [one.value for one in explain(embeddings, own).differences if one.kind == "category"]
        assert truths & {value.split(":")[0] for value in fine}  # the fine topics are named after their coarse one
        plain += len(truths) == 1
    assert plain >= k / 2


def most_over_represented(topic: pd.Series, own: np.ndarray) -> set[str]:
    """The topics that exceed their share elsewhere by most and most times; those that do by half and not by chance.

    For most clusters that is one topic.
    """
    from scipy.stats import fisher_exact

    table = pd.crosstab(topic, own)
    shares = table / table.sum()
    lift = shares[True] / shares[False]
    sure = [
        name
        for name in table.index[lift > 1.5]
        if fisher_exact([table.loc[name], table.drop(name).sum()]).pvalue < 1e-4
    ]
    return {(shares[True] - shares[False])[sure].idxmax(), lift[sure].idxmax()} if sure else set()


def test_japanese_brands_are_explained_by_their_origin_and_not_one_by_one():
    embeddings = loaders.load(ROOT / "examples" / "car_land.parquet")
    japanese = embeddings.items["brand"].isin(["toyota", "datsun", "honda", "mazda", "subaru", "nissan"]).to_numpy()
    found = explain(embeddings, japanese)
    assert found.differences[0].sentence == "Origin is Japan for 100%, against 0% of all others."
    assert "brand" not in [one.column for one in found.differences]
    lighter = next(one for one in found.differences if one.column == "Weight_in_lbs")
    assert lighter.typical_inside == embeddings.items["Weight_in_lbs"][japanese].median()


def test_charts_show_both_sides_of_what_is_told():
    embeddings = items_with(**plant("category"), **plant("number"), **plant("date"), **plant("word"))
    found = explain(embeddings, FIRST)
    shown = pictured(columns_of(embeddings), FIRST, found)
    assert [(one.kind, one.column) for one in shown] == list(
        dict.fromkeys((d.kind, d.column) for d in found.of_columns)
    )
    assert {one.kind for one in shown} == {"category", "number", "date", "word"}
    for one in shown:
        assert set(one.table["side"]) == {THESE, OTHERS}
        assert one.drawn().to_dict()["data"]
        assert one.table["share"].between(0, 1).all()
    (kinds,) = (one.table for one in shown if one.kind == "category")
    true = embeddings.items["kind"].value_counts(normalize=True)
    assert set(kinds["value"]) == set(true.index)
    assert kinds[kinds["side"] == THESE]["share"].sum() == pytest.approx(1)
    (sizes,) = (one.table for one in shown if one.kind == "number")
    assert sizes.groupby("side")["share"].sum().min() > 0.9


def test_roles_and_pictures_are_left_alone():
    embeddings = items_with(image=["data:image/png;base64,AA"] * N)
    found = explain(replace(embeddings, roles={"image": "image"}), FIRST)
    assert "image" not in " ".join(found.notes)
