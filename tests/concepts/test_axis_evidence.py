"""The evidence for axes: planted ones are sound, random lists are not, and a wrong name is caught."""

from __future__ import annotations

import time

import numpy as np
import pytest

import loaders
from cartography.concepts import axis as make_axis
from cartography.concepts import judge_axis
from cartography.concepts.axes.finding import find_axis
from cartography.concepts.evidence.holding_out import hold_out
from cartography.concepts.evidence.members import making_of, members_of
from cartography.errors import Cancelled, ParameterError
from cartography.inspection.borders.scores import auc_of
from cartography.records import AxisSpec, EmbeddingSet, Pole
from tests.data import ROOT, embedding_set, shared

N, D = 600, 40
MEN = "man boy father son brother uncle husband actor grandfather nephew he"
WOMEN = "woman girl mother daughter sister aunt wife actress grandmother niece she"
ROYAL = ("man woman boy girl", "king queen prince princess")
MISLABELLED = [
    ("king", "queen", "poles"),
    ("king prince uncle", "queen princess aunt", "poles"),
    ("king prince uncle grandfather nephew actor", "queen princess aunt grandmother niece actress", "poles"),
    ("king prince uncle grandfather nephew actor", "queen princess aunt grandmother niece actress", "pairs"),
]


def noise(seed=0, **columns) -> EmbeddingSet:
    return embedding_set(np.random.default_rng(seed).normal(size=(N, D)), **columns)


def planted(shift=3.0, **columns) -> EmbeddingSet:
    """Noise, in which items 0 to 9 are high along the first dimension and 10 to 19 low."""
    vectors = noise().vectors.copy()
    vectors[:10, 0] += shift
    vectors[10:20, 0] -= shift
    return embedding_set(vectors, **columns)


def between(embeddings, low, high, *, name="it", kind="poles", metric="euclidean", ends=("low", "high")):
    poles = [Pole(end, tuple(embeddings.ids[list(rows)])) for end, rows in zip(ends, (low, high), strict=True)]
    return find_axis(embeddings, AxisSpec(name, kind, *poles), metric)


def judged(embeddings, low=range(10, 20), high=range(10), others=None, **options):
    axis = between(embeddings, low, high, **options)
    return judge_axis(embeddings, axis, others, metric="euclidean")


@pytest.fixture(scope="module")
def words() -> EmbeddingSet:
    return loaders.load(shared("words_dev") / "words_dev.txt")


def of_words(words, name, low, high, kind="poles"):
    rows = [words.ids.get_indexer(text.split()) for text in (low, high)]
    return between(words, *rows, name=name, kind=kind, metric="cosine", ends=(low.split()[0], high.split()[0]))


@pytest.mark.parametrize("kind", ["poles", "pairs", "separator"])
def test_a_planted_axis_is_sound(kind):
    found = judged(planted(), kind=kind)
    assert found.sound and found.separation.auc > 0.95 and found.separation.p < 0.05
    assert f"AUC {found.separation.auc:.2f}".replace("0.", ".") in found.verdict
    assert 0.4 < np.mean(found.separation.random_lists) < 0.6
    assert np.mean(found.separation.random_directions) < found.separation.auc - 0.2
    assert found.follows == ""


def test_held_out_members_of_random_lists_are_told_apart_by_chance_and_their_percentiles_are_spread_evenly():
    embeddings, rng = noise(), np.random.default_rng(1)
    drawn = [rng.choice(N, 16, replace=False) for _ in range(40)]
    found = [judged(embeddings, rows[:8], rows[8:]) for rows in drawn]
    percentiles = np.sort([one.separation.percentile for one in found]) / 100
    away = np.abs(percentiles - (np.arange(40) + 0.5) / 40).max()
    assert away < 0.23  # Kolmogorov's distance for 40, which chance exceeds in 3 % of cases
    assert abs(np.mean([one.separation.auc for one in found]) - 0.5) < 0.06
    assert sum(one.sound for one in found) <= 5


def test_leaving_two_out_gives_what_making_the_axis_again_gives():
    embeddings = planted(1.0)
    low, high = list(range(10, 15)), list(range(4))
    axis = between(embeddings, low, high)
    sides, _ = members_of(embeddings, axis, "euclidean", 0)
    vectors, won = embeddings.vectors.astype(float), []
    for i in high:
        for j in low:
            again = between(embeddings, [x for x in low if x != j], [x for x in high if x != i])
            won.append(vectors[i] @ again.direction > vectors[j] @ again.direction)
    assert hold_out(sides, making_of(axis.spec, embeddings, "euclidean")).auc == pytest.approx(np.mean(won))


def test_folds_and_leaving_two_out_agree_on_large_poles():
    vectors = noise().vectors.copy()
    vectors[:150, 0] += 1.6
    embeddings = embedding_set(vectors)
    small = judged(embeddings, range(150, 245), range(95))
    large = judged(embeddings, range(150, 300), range(150))
    assert "folds" in large.separation.how and "folds" not in small.separation.how
    assert large.separation.auc == pytest.approx(small.separation.auc, abs=0.05)
    assert large.sound and large.separation.auc < auc_of(vectors[:150, 0], vectors[150:300, 0]) + 0.02


def test_of_single_items_nothing_is_held_out_and_it_says_so():
    found = judged(planted(), [10], [0])
    assert found.separation.auc is None and found.separation.percentile is None and not found.sound
    assert "'low' has a single item" in found.verdict
    assert set(found.separation.random_directions) == {1.0}, "any direction tells two items apart"
    assert found.stability is None
    linked = judged(planted(), [10, 11, 12], [0, 0, 0], kind="pairs")
    assert linked.separation.auc is None and "share items" in linked.verdict


def test_gender_and_royalty_of_good_lists_are_sound_and_neither_follows_the_other(words):
    axes = {name: of_words(words, name, *poles) for name, poles in (("gender", (MEN, WOMEN)), ("royalty", ROYAL))}
    for axis in axes.values():
        found = judge_axis(words, axis, axes)
        assert found.sound and found.follows == "", found.verdict
        assert list(found.angles.index) == [name for name in axes if name != axis.name]
        assert found.angles.degrees.between(75, 105).all()
        assert (found.angles.correlation.abs() < found.angles.chance).all()


@pytest.mark.parametrize(("low", "high", "kind"), MISLABELLED)
def test_a_gender_axis_called_royalty_is_caught(words, low, high, kind):
    gender = of_words(words, "gender", MEN, WOMEN)
    capital = of_words(words, "capital", "france italy spain egypt cuba", "paris rome madrid cairo havana")
    royalty = of_words(words, "royalty", low, high, kind)
    found = judge_axis(words, royalty, {"capital": capital, "gender": gender, "royalty": royalty})
    assert not found.sound and found.follows == "gender"
    assert found.verdict.startswith("Called royalty, but it")
    assert f"{found.angles.degrees['gender']:.0f} degrees apart" in found.verdict
    assert abs(found.angles.correlation["gender"]) > found.angles.chance["gender"]
    beside = judge_axis(words, gender, {"royalty": royalty})
    alike = abs(found.angles.cosine["gender"]) >= 0.8 or kind == "pairs"
    assert beside.follows == "" or alike, "what has more to show for itself does not follow"


def test_of_two_names_of_one_direction_neither_is_sound_however_well_one_tells_its_poles_apart(words):
    gender = of_words(words, "gender", "man boy father brother son husband", "woman girl mother sister daughter wife")
    royalty = of_words(
        words,
        "royalty",
        "king prince brother father son husband boy man uncle",
        "queen princess sister mother daughter wife girl woman aunt",
    )
    found, beside = judge_axis(words, royalty, {"gender": gender}), judge_axis(words, gender, {"royalty": royalty})
    assert found.separation.auc > beside.separation.auc + 0.05
    for one in (found, beside):
        assert not one.sound and "one of the two names may be wrong" in one.verdict


def test_an_axis_named_for_the_column_of_its_poles_follows_no_finer_column():
    kind, rng = np.arange(N) % 3, np.random.default_rng(2)
    vectors = noise().vectors.copy()
    vectors[:, :3] += 4 * np.eye(3)[kind]
    brand = [f"{k}{rng.integers(3)}" for k in kind]
    embeddings = embedding_set(vectors, kind=[f"k{k}" for k in kind], brand=brand)
    poles = [Pole(value, column="kind", values=(value,)) for value in ("k0", "k1")]
    for name, follows in (("kind", ""), ("wealth", "brand")):
        axis = find_axis(embeddings, AxisSpec(name, "separator", *poles), "euclidean")
        found = judge_axis(embeddings, axis, metric="euclidean")
        assert found.follows == follows and found.sound == (follows == ""), found.verdict


def test_as_many_groups_as_explain_much_by_chance_have_no_strength():
    found = judged(noise(many=[f"g{i % 200}" for i in range(N)]))
    assert found.columns.strength["many"] < 0.35, "of 200 groups of 3 the plain ratio is .58 by chance"


def test_an_axis_called_by_its_poles_claims_nothing_more(words):
    gender = of_words(words, "gender", MEN, WOMEN)
    plain = of_words(words, "father – mother", "father brother uncle", "mother sister aunt", "pairs")
    found = judge_axis(words, plain, {"gender": gender})
    assert found.follows == "gender" and found.sound and "Called" not in found.verdict


def test_items_of_the_axis_name_are_a_further_sign(words):
    found = judge_axis(words, of_words(words, "kingdom", "king prince", "queen princess"))
    assert any("'king'" in note or "'kingdom'" in note for note in found.notes)


def test_a_column_along_the_axis_is_named_unless_it_bears_the_name_of_the_axis():
    embeddings = planted()
    rng = np.random.default_rng(3)
    columns = {
        "heat": embeddings.vectors[:, 0] + rng.normal(0, 0.1, N),
        "luck": rng.normal(size=N),
        "half": np.where(embeddings.vectors[:, 1] > 0, "up", "down"),
    }
    embeddings = embedding_set(embeddings.vectors, **columns)
    poles = np.argsort(embeddings.vectors[:, 0])[np.r_[:100, -100:0]]
    found = judged(embeddings, poles[:100], poles[100:], name="size")
    assert found.follows == "heat" and not found.sound and "column heat" in found.verdict
    assert found.columns.index[0] == "heat" and found.columns.detail["heat"] == "rises from 'low' to 'high'"
    assert found.columns.strength["luck"] < 0.2 and (found.columns.chance < 0.6).all()
    named = judged(embeddings, poles[:100], poles[100:], name="heat of it")
    assert named.sound and named.follows == "" and "as its name says" in named.verdict
    own = judged(embeddings, poles[:100], poles[100:], name="heat")
    assert "heat" not in own.columns.index, "the axis's own column says nothing new"


def test_groups_are_held_against_chance_too():
    side = np.where(np.arange(N) % 2, "left", "right")
    vectors = noise().vectors.copy()
    vectors[:, 0] = 0.2 * vectors[:, 0] + np.where(side == "left", -1.5, 1.5)
    many = np.random.default_rng(2).permutation([f"g{i % 150}" for i in range(N)])
    embeddings = embedding_set(vectors, side=side, many=many)
    found = judged(embeddings, range(1, 201, 2), range(0, 200, 2))
    assert found.follows == "side" and found.columns.detail["side"] == "lowest for 'left', highest for 'right'"
    assert found.columns.strength["many"] < found.columns.chance["many"] + 0.1 < 0.8


def test_an_axis_along_a_column_is_tried_on_items_it_was_made_without():
    rng = np.random.default_rng(5)
    vectors = noise().vectors
    embeddings = embedding_set(vectors, real=vectors[:, 0] + rng.normal(0, 0.3, N), noise=rng.normal(size=N))
    axes = {c: find_axis(embeddings, AxisSpec(c, "column", column=c), "euclidean") for c in ("real", "noise")}
    real, chance = (judge_axis(embeddings, axis, axes, metric="euclidean") for axis in axes.values())
    assert real.sound and real.correlation > 0.85 and real.separation is None and real.stability is None
    assert not chance.sound and abs(chance.correlation) < 2 * chance.correlation_chance < 0.2


def test_stability_falls_for_poles_of_unlike_members():
    alike = judged(planted(6.0), range(10, 14), range(4))
    unlike = judged(noise(), range(10, 14), range(4))
    assert alike.stability[0] > 0.95 > unlike.stability[0] and alike.stability[0] <= alike.stability[1]


def test_lengths_and_the_mean_are_looked_at():
    vectors = noise().vectors + 2
    vectors *= np.linspace(0.2, 3, N)[:, None].astype(np.float32)
    found = judged(embedding_set(vectors), range(20), range(N - 20, N))
    assert found.norm_correlation > 0.9 and found.mean_cosine > 0.9
    assert any("lengths" in note for note in found.notes) and any("mean" in note for note in found.notes)


def test_the_same_seed_gives_the_same_evidence_and_stopping_stops():
    axis = between(planted(), range(10, 20), range(10))
    one, two = (judge_axis(planted(), axis, {"other": axis}, metric="euclidean", seed=4) for _ in range(2))
    assert one.separation == two.separation and one.angles.equals(two.angles) and one.verdict == two.verdict

    def stop(_event):
        raise Cancelled

    with pytest.raises(Cancelled):
        judge_axis(planted(), axis, metric="euclidean", progress=stop)
    with pytest.raises(ParameterError, match="40 dimensions"):
        judge_axis(embedding_set(np.eye(3)), axis)


def test_two_hundred_thousand_items_are_judged_in_less_than_two_seconds():
    rng = np.random.default_rng(0)
    embeddings = embedding_set(rng.normal(size=(200_000, 50)).astype(np.float32))
    axes = {f"axis {k}": between(embeddings, range(k, k + 20), range(500, 520), name=f"axis {k}") for k in (0, 50)}
    began = time.process_time()
    found = judge_axis(embeddings, axes["axis 0"], axes, metric="euclidean")
    assert time.process_time() - began < 2
    assert any("50,000 of 200,000" in note for note in found.notes)


@pytest.mark.parametrize("kind", ["poles", "pairs", "separator"])
def test_copies_of_a_member_are_no_evidence(kind):
    two = np.random.default_rng(0).normal(size=(2, D)).repeat(20, axis=0)
    embeddings = embedding_set(np.concatenate([two, noise().vectors[:200]]))
    found = judged(embeddings, range(20), range(20, 40), kind=kind)
    assert found.separation.auc is None and not found.sound


def test_poles_that_differ_in_a_column_as_well_cannot_be_sure_of_their_name():
    """Small American cars against small Japanese ones: whatever it is called, the makers' countries are in it too."""
    cars = loaders.load(ROOT / "examples" / "car_land.parquet", key="embedding")
    american = ["ford pinto", "chevrolet vega", "amc gremlin", "plymouth duster"]
    japanese = ["toyota corolla", "datsun 510", "honda civic", "mazda glc"]
    found = judge_axis(cars, make_axis(cars, american, japanese, name="economical"))
    assert found.sound and "the poles differ in Origin as well" in found.verdict
    assert any("lowest for 'USA', highest for 'Japan'" in note for note in found.notes)
    twice = (
        "ford torino, datsun 510, amc rebel sst, plymouth satellite, plymouth satellite custom, dodge coronet custom"
    )
    wagons = [(name, f"{name} (sw)") for name in twice.split(", ")]
    alike = judge_axis(cars, make_axis(cars, pairs=wagons, name="station wagon"))
    assert alike.sound and "differ" not in alike.verdict, "pairs of one make each differ in nothing else"
