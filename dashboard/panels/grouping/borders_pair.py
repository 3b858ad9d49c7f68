"""The border between two groups: how well they are told apart, what the map draws, who stands on the wrong side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from cartography.inspection.borders.confusion import Confusion
from cartography.inspection.borders.map_borders import border_between
from cartography.inspection.borders.separability import Separation, separability
from cartography.inspection.wording import cut
from cartography.pipeline import BuiltMap
from cartography.progress import Progress
from cartography.records.arrays import digest
from dashboard.desk import Desk
from dashboard.inquiries import Question, inquire
from dashboard.map_view.overlay import Overlay
from dashboard.panels.download import offer_table
from dashboard.panels.grouping.borders_charts import scores_chart, scores_table
from dashboard.panels.grouping.borders_groups import Groups
from dashboard.panels.item.entries import entry_of
from dashboard.panels.item_list import Entry, show_items
from dashboard.panels.markup import bullets, safe
from dashboard.panels.waiting import awaited
from dashboard.state import component_state

__all__ = ["Pair", "map_words", "most_confused", "show_pair", "wrong_side_table"]

_KEPT = "borders-pair"
_LISTED = 30


@dataclass(frozen=True)
class Pair:
    """The codes of the two groups under discussion; `turn` counts how often something else than the lists chose.

    `groups` names what they are two of.
    """

    groups: str
    first: int
    second: int
    turn: int = 0

    @classmethod
    def of(cls, desk: Desk, found: Confusion) -> Pair:
        """Return the pair that was chosen among these groups, else the one that is confused most."""
        kept, groups = desk.visit.kept.get(_KEPT), digest(found.names)
        return kept if isinstance(kept, cls) and kept.groups == groups else cls(groups, *most_confused(found))

    def chosen(self, first: int, second: int) -> Pair:
        """Return another pair, which the lists are to show."""
        return replace(self, first=first, second=second, turn=self.turn + 1)

    def keep(self, desk: Desk) -> None:
        """Remember this pair for as long as the file is open."""
        desk.visit.kept[_KEPT] = self


def most_confused(found: Confusion) -> tuple[int, int]:
    """Return the codes of the two groups that are taken for one another most, measured by their sizes."""
    ties = found.shares + found.shares.T
    np.fill_diagonal(ties, -1)
    known = np.array([code >= 0 for code in found.groups])
    ties[~known] = ties[:, ~known] = -1
    if known.sum() < 2:
        return -1, -1
    a, b = np.unravel_index(int(ties.argmax()), ties.shape)
    first, second = sorted((int(a), int(b)))
    return found.groups[first], found.groups[second]


def show_pair(desk: Desk, groups: Groups, found: Confusion, key: str) -> None:
    """Draw the choice of two groups and all that is known about the border between them."""
    pair = _choose_pair(desk, groups, found)
    if min(pair.first, pair.second) < 0:
        return
    asked = f"{key}-{pair.first}-{pair.second}-{desk.built.recipe.seed}"
    question = Question("separability", asked, partial(_separated, desk.built, groups, pair))
    separation = awaited(inquire(question, desk.visit), desk.key("borders-separability"))
    if separation is None:
        return
    first, second = groups.names[pair.first], groups.names[pair.second]
    verdict = separation.verdict(cut(first), cut(second))
    st.html(f"<p class='ec-item' data-testid='borders-verdict'>{safe(verdict)}</p>")
    st.altair_chart(scores_chart(scores_table(separation)), width="stretch")
    st.html(bullets([*_evidence(separation), map_words(desk.built, groups, pair), *separation.notes]))
    _show_wrong_side(desk, separation, (first, second))


def _choose_pair(desk: Desk, groups: Groups, found: Confusion) -> Pair:
    pair = Pair.of(desk, found)
    sizes = np.bincount(groups.codes[groups.codes >= 0], minlength=len(groups.names))
    codes = [int(code) for code in np.argsort(-sizes, kind="stable") if sizes[code]]
    keys = [desk.key(f"borders-{side}-{groups.column}-{pair.turn}") for side in ("first", "second")]

    def changed(side: int) -> None:
        new = component_state(keys[side])
        other = (pair.second, pair.first)[side]
        if new == other:  # the two change places
            pair.chosen(pair.second, pair.first).keep(desk)
        elif isinstance(new, int):
            both = (new, other) if side == 0 else (other, new)
            replace(pair, first=both[0], second=both[1]).keep(desk)

    st.html("<p class='ec-head'>THE BORDER BETWEEN</p>")
    for side, column in enumerate(st.columns(2)):
        now = (pair.first, pair.second)[side]
        column.selectbox(
            ("One group", "The other")[side],
            codes,
            index=codes.index(now) if now in codes else None,
            format_func=lambda code: groups.names[code],
            key=keys[side],
            label_visibility="collapsed",
            on_change=changed,
            args=(side,),
        )
    return pair


def _separated(built: BuiltMap, groups: Groups, pair: Pair, progress: Progress) -> Separation:
    first, second = (groups.codes == code for code in (pair.first, pair.second))
    metric, seed = str(built.recipe.metric), built.recipe.seed
    return separability(built.prepared.vectors, first, second, metric, seed, progress=progress)


def _evidence(found: Separation) -> list[str]:
    """What the bars and the verdict are, in two sentences."""
    return [
        f"Of pairs, one item of each group, so many are told apart: in the original space, {found.metric} distance, "
        f"by classifiers that have not seen them (five folds). Chance: labels shuffled {found.shuffles} times.",
        f"A straight border (logistic regression) puts {found.linear.accuracy.value:.1%} on their own side, a vote "
        f"of {found.k} neighbours {found.neighbours.accuracy.value:.1%}; always saying the larger group would "
        f"give {max(found.sizes) / sum(found.sizes):.1%}.",
    ]


def map_words(built: BuiltMap, groups: Groups, pair: Pair) -> str:
    """Return what the map's own border between the two groups says, in one sentence."""
    colouring, clustering = built.scene.colouring, built.clustering
    if groups.column is not None:
        if colouring.kind != "categories" or colouring.column != groups.column:
            return "The map draws other borders than these: colour it by this column to see them."
        codes = [
            colouring.names.index(name) if name in colouring.names else -1
            for name in (groups.names[pair.first], groups.names[pair.second])
        ]
    elif clustering.main == 0 and (colouring.kind != "categories" or colouring.column is None):
        codes = [pair.first, pair.second]
    else:
        return "The map draws other borders than those of its clusters."
    found = border_between(built.scene.borders, *codes)
    return found.words if found is not None else "On the map the two do not meet."


def _show_wrong_side(desk: Desk, found: Separation, names: tuple[str, str]) -> None:
    """Draw who stands on the wrong side, with rings around those listed, a button that lights all, and a file."""
    st.html("<p class='ec-head'>ON THE WRONG SIDE · probability of the other</p>")
    if found.wrong_side.empty:
        st.caption("Nobody: both classifiers put every item on its own side.")
        return
    agreed = int(found.wrong_side["both"].sum())
    words = (
        f"{len(found.wrong_side):,} of {sum(found.sizes):,} items for at least one classifier, {agreed:,} for both."
    )
    st.caption(f"{words} Either their labels or the vectors are wrong, or they belong to both.")
    only = st.toggle("Only where both agree", key=desk.key("borders-both"), disabled=not agreed) and agreed > 0
    table = found.wrong_side[found.wrong_side["both"]] if only else found.wrong_side
    shown = table.iloc[:_LISTED]
    desk.draw(Overlay(ringed=tuple(int(row) for row in shown["row"])))
    show_items(_entries(desk, shown), "Items on the wrong side", desk.key("borders-wrong"), desk.select)
    if len(table) > len(shown):
        st.caption(f"The list shows the {len(shown)} most confident.")
    says = f"on the wrong side of {cut(names[0])} and {cut(names[1])}"
    st.button(
        f"Light these {len(table):,}",
        key=desk.key("borders-light"),
        icon=":material/flare:",
        width="stretch",
        on_click=desk.pick,
        args=(table["row"].to_numpy(), says),
    )
    embeddings = desk.built.embeddings
    offer_table(lambda: wrong_side_table(table, embeddings.ids, names), "wrong_side", key="borders-file")


def _entries(desk: Desk, table: pd.DataFrame) -> list[Entry]:
    return [
        entry_of(desk, row, f"{share:.0%}", float(share))
        for row, share in zip(table["row"], table["probability"], strict=True)
    ]


def wrong_side_table(table: pd.DataFrame, ids: pd.Index, names: tuple[str, str]) -> pd.DataFrame:
    """Return the file's rows: id, label, predicted, probability, and what each classifier says.

    `table` holds rows of `Separation.wrong_side`, `names` are those of the two groups.
    """
    second = table["second"].to_numpy()
    mean = table["probability"].to_numpy()
    label, other = (np.where(second == flag, names[1], names[0]) for flag in (True, False))
    return pd.DataFrame(
        {
            "id": ids[table["row"]],
            "label": label,
            "predicted": np.where(mean > 0.5, other, label),
            "probability": mean.round(4),
            "linear": table["linear"].to_numpy().round(4),
            "neighbours": table["neighbours"].to_numpy().round(4),
        }
    )
