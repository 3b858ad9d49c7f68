"""The panel Formula: what may be named, what an answer says in words, and its way over the map."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest

import dashboard.notebook
from cartography import build_map
from cartography.concepts.arithmetic.answer import Chance
from cartography.concepts.arithmetic.evaluating import evaluate
from cartography.concepts.formulas.names import Names
from cartography.concepts.formulas.tree import Name
from cartography.errors import ParameterError
from cartography.items import title
from cartography.pipeline import BuiltMap
from cartography.records import EmbeddingSet, Filter, Recipe
from dashboard.chosen import Chosen
from dashboard.desk import Desk
from dashboard.formula_names import SELECTION, names_for, own_groups, own_suggestions, places_of
from dashboard.item_sets import SETS
from dashboard.notebook import notebook_of
from dashboard.panels.formula.answer import answer_entries, evidence_words, left_out_words, ordinal
from dashboard.panels.formula.asked import Asked
from dashboard.panels.formula.examples import example_for
from dashboard.panels.formula.solving import Measure, question_of
from dashboard.panels.formula.steps import overlay_of, way_over
from dashboard.panels.notes.annotate_places import bookmark_here
from dashboard.settings import Settings
from dashboard.sources import example_source
from dashboard.state import Session

PLACES, KINDS = 12, 5
RECIPE = Recipe(method="pca", color_by="kind", metric="euclidean")


def planted() -> EmbeddingSet:
    """Items whose vectors are a place plus a kind, so that d1 is d0 - c0 + c1 but for a little."""
    rng = np.random.default_rng(0)
    places, kinds = rng.normal(size=(PLACES, 30)), rng.normal(size=(KINDS, 30))
    grid = [(place, kind) for place in range(PLACES) for kind in range(KINDS)]
    vectors = np.array([places[place] + kinds[kind] for place, kind in grid])
    ids = [f"{'abcdefghijkl'[place]}{kind}" for place, kind in grid]
    items = pd.DataFrame({"kind": [f"kind {kind}" for _, kind in grid]}, index=ids)
    vectors += 0.001 * rng.normal(size=vectors.shape)
    return EmbeddingSet(vectors.astype(np.float32), items)


@pytest.fixture(scope="module")
def built():
    return build_map(planted(), RECIPE)


@dataclass(frozen=True, eq=False)
class World:
    """As much of a world as the panel looks at."""

    built: BuiltMap
    colours: tuple[str, ...] = ("#112233",) * 9
    points_key: str = "points"
    codes_key: str = "codes"

    @property
    def scene(self):
        return self.built.scene


@pytest.fixture
def desk(built, monkeypatch):
    monkeypatch.setattr(dashboard.notebook, "KEPT", None)
    return Desk(Session(Settings(), example_source(), RECIPE), built, World(built))


def rows(names: Names, text: str) -> list[int]:
    return names.rows(Name(text[1:], text[0])).tolist()


def test_towns_and_realms_hold_their_items(built):
    places, finest = places_of(built), built.clustering.levels[-1].labels
    for town in built.scene.towns:
        assert places[f"#{town.name}"].tolist() == np.flatnonzero(finest == town.cluster).tolist()
    kinds = built.embeddings.items["kind"].to_numpy()
    for realm in built.scene.realms:
        found = next(rows for name, rows in places.items() if name in (f"#{realm.name}", f"#{realm.name} (realm)"))
        assert found.tolist() == np.flatnonzero(kinds == realm.name).tolist()
    assert built.scene.towns
    assert built.scene.realms


def test_bookmarks_and_the_selection_can_be_named(desk, built):
    assert not own_suggestions(desk)
    lit = np.arange(len(built.embeddings)) < 3
    chosen = Chosen(picked=SETS.keep(lit, "three"))
    desk.visit.choose(chosen)
    there = replace(desk, lit=lit, says="three")
    notebook_of(there).change("keep", lambda now: now.bookmarked(bookmark_here(there, "my three")))
    desk.visit.choose(Chosen(filters=(Filter("kind", values=("kind 2",)),)))
    notebook_of(desk).change("keep", lambda now: now.bookmarked(bookmark_here(desk, "second")))
    assert rows(names_for(desk), "@my three") == [0, 1, 2]
    assert rows(names_for(desk), "@second") == np.flatnonzero(built.embeddings.items["kind"] == "kind 2").tolist()
    assert SELECTION not in own_groups(desk)
    assert rows(names_for(there), SELECTION) == [0, 1, 2]
    assert rows(names_for(desk, chosen.picked), SELECTION) == [0, 1, 2]
    assert [one.insert for one in own_suggestions(there)] == [SELECTION, "@second", '@"my three"']


def answer_to(built, formula, **choices):
    return evaluate(built.prepared, formula, names=Names(built.embeddings, places_of(built)), **choices)


def test_the_answer_in_words(desk, built):
    answer = answer_to(built, "d0 - c0 + c1", metric="euclidean")
    entries = answer_entries(desk, answer)
    assert built.embeddings.ids[entries[0].row] == "d1"
    assert entries[0].name == title(built.embeddings, entries[0].row)
    assert [entry.share for entry in entries] == sorted(entry.share for entry in entries)
    assert entries[0].share < 0.1 < entries[-1].share == 1
    left = left_out_words(answer)
    assert left.startswith("Left out: ")
    assert left.count("would be") == 1
    assert "kind 1 (" in left
    assert all(f"kind 0 · {name} (" in left for name in ("d0", "c0"))
    said = evidence_words(answer)
    assert any("random formulas of this form" in sentence for sentence in said)
    assert any(sentence.startswith("kind 1 · d1 is") and sentence.endswith(" alone.") for sentence in said)


@pytest.mark.parametrize(
    ("percentile", "share", "warned"),
    [(100.0, "each of 200", False), (99.97, "99.9%", False), (97.2, "97%", False), (60.0, "60%", True)],
)
def test_an_answer_no_better_than_chance_is_called_so(built, percentile, share, warned):
    answer = replace(answer_to(built, "d0 - c0 + c1"), chance=Chance(np.zeros(200), 0.9, percentile))
    sentence = evidence_words(answer)[0]
    assert share in sentence
    assert ("no more than chance" in sentence) == warned


def test_of_a_single_name_nothing_is_said_that_it_says_itself(desk, built):
    for formula in ("d0", f"#{built.scene.realms[0].name}".replace("#", '#"') + '"'):
        answer = answer_to(built, formula)
        assert not any("alone" in sentence for sentence in evidence_words(answer))
        assert not any(entry.aside for entry in answer_entries(desk, answer))


def ignore(event: object) -> None:
    """Nobody watches."""


@pytest.mark.parametrize(
    "choices", [{}, {"metric": "cosine"}, {"preparation": {"center": True, "pca": 10}}, {"method": "tsne"}]
)
def test_the_steps_lead_over_the_map_from_the_first_item_to_the_answer(built, choices):
    other = built if not choices else build_map(planted(), RECIPE.replace(**choices))
    answer = answer_to(other, "d0 - c0 + c1", metric=str(other.recipe.metric), unit=False)
    overlay = overlay_of(answer, way_over(other, answer).find_out(ignore))
    at = {name: other.scene.coordinates[other.embeddings.ids.get_loc(name)] for name in ("d0", "d1")}
    size = np.ptp(other.scene.coordinates, axis=0).max()
    assert [leg.label for leg in overlay.legs] == ["− c0", "+ c1"]
    assert overlay.legs[0].end == overlay.legs[1].start
    assert np.hypot(*(overlay.legs[0].start - at["d0"])) < 0.02 * size
    assert np.hypot(*(overlay.legs[-1].end - at["d1"])) < 0.02 * size
    assert [(pin.x, pin.y, pin.label) for pin in overlay.pins] == [(*overlay.legs[-1].end, "d0 - c0 + c1")]
    assert overlay.ringed == tuple(answer.neighbours["row"])


def test_a_question_is_the_same_until_what_it_is_about_changes(desk):
    lit = np.arange(len(desk.built.embeddings)) < 2
    asked, measure = Asked("@selection - d0", SETS.keep(lit, "two")), Measure(True, 10)
    first = question_of(desk, asked, measure)
    assert question_of(desk, asked, measure).key == first.key
    others = [
        question_of(desk, Asked(asked.text, SETS.keep(~lit, "others")), measure),
        question_of(desk, Asked("d1 - d0"), measure),
        question_of(desk, asked, Measure(False, 10)),
        question_of(desk, asked, Measure(True, 20)),
    ]
    assert len({first.key, *(one.key for one in others)}) == 5
    answer = first.find_out(ignore)
    assert set(desk.built.embeddings.ids[:2]) <= set(answer.excluded.index)
    with pytest.raises(ParameterError, match="called"):
        question_of(desk, Asked("nobody"), measure).find_out(ignore)


def test_the_example_can_be_solved(built):
    answer = answer_to(built, example_for(built))
    assert len(answer.neighbours)


def test_ordinals():
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 21, 112, 1023)] == [
        "1st",
        "2nd",
        "3rd",
        "4th",
        "11th",
        "12th",
        "21st",
        "112th",
        "1,023rd",
    ]
