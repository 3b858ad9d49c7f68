"""What the panel About says of the map's faithfulness, against the map itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cartography import build_map
from cartography.records import Recipe
from dashboard.panels.dressing.about import faith_words
from tests.data import blobs, embedding_set


@pytest.fixture(scope="module")
def built():
    """Three dense groups and three items far from everything, by their first two components."""
    vectors = blobs(600, groups=3).vectors.copy()
    vectors[:3] += 400 * np.eye(3, vectors.shape[1], dtype=np.float32)
    found = embedding_set(vectors, name=[f"<b>item {i}</b>" for i in range(len(vectors))])
    return build_map(found, Recipe(method="pca", metric="euclidean"))


def test_the_words_give_the_shares_kept_and_what_chance_would(built):
    kept, near, *_ = faith_words(built)
    assert kept == (
        f"Of their 15 true neighbours, items keep {_rounded(built.fidelity.overall)} among their 15 nearest on the "
        "map; chance would keep 2.5%."
    )
    assert f"among the {built.fidelity.reach} nearest; chance would put 5.0% there" in near


def test_the_words_tell_how_much_lies_in_fog(built):
    assert built.scene.fog.share > 0.5
    assert any(
        f"{min(built.scene.fog.share, 0.99):.0%} of the items stand in fog" in words for words in faith_words(built)
    )
    clear = replace(built, scene=replace(built.scene, fog=replace(built.scene.fog, share=0.0)))
    assert "No part of the map lies in fog." in faith_words(clear)


def test_the_words_count_the_dragons(built):
    words = faith_words(built)[-1]
    assert words.startswith("Here be dragons: 3 items are near nothing in the original space, in ")
    assert any(f"the loneliest, <b>item {row}</b> (item {row})," in words for row in range(3))
    tame = replace(built, scene=replace(built.scene, dragons=()))
    assert faith_words(tame)[-1].startswith("No dragons")


def test_what_was_not_measured_is_said_to_be_so(built):
    (words,) = faith_words(replace(built, neighbours=None, fidelity=None))
    assert "was not measured" in words


def test_a_share_is_never_said_to_be_nothing_or_all_unless_it_is(built):
    nearly = replace(built.fidelity, kept=np.full(600, 0.999), baseline=1e-5)
    words = faith_words(replace(built, fidelity=nearly))[0]
    assert "keep 99% among" in words
    assert words.endswith("chance would keep less than 0.1%.")


def test_a_small_map_has_a_panel_too():
    words = faith_words(build_map(blobs(2), Recipe(method="pca")))
    assert words[0].startswith("Of their 1 true neighbours")


def _rounded(share: float) -> str:
    return f"{share:.0%}" if share >= 0.1 else f"{share:.1%}"
