"""What speaks for an axis and against it: the verdict first, then every number beside what chance gives."""

from __future__ import annotations

import streamlit as st

from cartography.concepts.evidence.axis_evidence import AxisEvidence
from cartography.inspection.wording import share_words
from dashboard.panels.axes.evidence_charts import angles_table, chance_chart, chance_table, columns_table
from dashboard.panels.markup import bullets, safe

__all__ = ["evidence_words", "show_evidence", "show_verdict", "verdict_sign"]


def verdict_sign(sound: bool) -> str:
    """Return the verdict in a word and a sign, neither of which needs a colour."""
    return "✓ sound" if sound else "✗ not sound"


def show_verdict(found: AxisEvidence) -> None:
    """Draw the verdict: its sign, and the sentence."""
    colour = "#2f6b35" if found.sound else "#8d2b1d"
    st.html(
        f"<p class='ec-told' data-testid='axes-verdict'><b style='color:{colour}'>{verdict_sign(found.sound)}</b> · "
        f"{safe(found.verdict)}</p>"
    )


def show_evidence(found: AxisEvidence) -> None:
    """Draw the chart of chance, the sentences, and the tables of other axes and of columns."""
    table = chance_table(found)
    if not table.empty:
        assert found.separation is not None and found.separation.auc is not None, "else there is no table"  # noqa: S101
        st.html("<p class='ec-head'>HELD-OUT ITEMS OF THE POLES TOLD APART</p>")
        st.altair_chart(chance_chart(table, found.separation.auc), width="stretch")
    st.html(bullets(evidence_words(found)))
    share = st.column_config.NumberColumn(format="%.2f", width=62)
    if len(found.angles):
        st.html("<p class='ec-head'>BESIDE THE OTHER AXES</p>")
        st.dataframe(
            angles_table(found),
            hide_index=True,
            width="stretch",
            column_config={
                "axis": st.column_config.TextColumn(width=110),
                "degrees": st.column_config.NumberColumn("angle", format="%.0f°", width=50),
                "items agree": st.column_config.NumberColumn(format="%.2f", width=84),
                "chance": share,
            },
        )
        st.caption(
            "Items agree: rank correlation of their places; 95% of axes between random lists stay below chance."
        )
    if len(found.columns):
        st.html("<p class='ec-head'>WHAT IT FOLLOWS AMONG THE COLUMNS</p>")
        st.dataframe(
            columns_table(found),
            hide_index=True,
            width="stretch",
            column_config={"column": st.column_config.TextColumn(width=90), "strength": share, "chance": share},
        )
    if found.notes:
        st.html("<p class='ec-head'>WORTH KNOWING</p>" + bullets(found.notes))


def evidence_words(found: AxisEvidence) -> list[str]:
    """Return the numbers in sentences, each with what it is held against."""
    return [
        *_separation_words(found),
        f"Along it lies {share_words(found.variance)} of all variance; along axes between random lists "
        f"{share_words(found.random_variance[0])} (95% stay below {share_words(found.random_variance[1])}).",
        f"Rank correlation with the lengths of the vectors: {found.norm_correlation:+.2f}; cosine with the mean of "
        f"all vectors: {found.mean_cosine:+.2f}. 0 is not at all.",
        *_stability_words(found),
    ]


def _separation_words(found: AxisEvidence) -> list[str]:
    words = []
    if found.correlation is not None:
        words.append(
            f"Held-out items: the rank correlation of their places with their numbers is {found.correlation:+.2f}"
            + (
                f"; along shuffled numbers 95% stay below {found.correlation_chance:.2f}"
                if found.correlation_chance is not None
                else ""
            )
            + "."
        )
    one = found.separation
    if one is None:
        return words
    if one.auc is None:
        words.append("The poles have too few items to hold some out, so nothing is claimed about telling them apart.")
        return words
    words.append(
        f"Of pairs, one held-out item of each pole, {one.auc:.0%} lie the right way round ({one.how}). "
        "This share is the AUC; 50% is a coin."
    )
    if one.random_lists:
        mean = sum(one.random_lists) / len(one.random_lists)
        words.append(
            f"{len(one.random_lists):,} axes between random lists of the same sizes reach {mean:.0%} on average"
            + (
                f"; held-out poles lie farther apart than those of {one.gap_percentile:.1f}% of them"
                if one.gap_percentile is not None
                else ""
            )
            + "."
        )
    if one.random_directions:
        mean = sum(one.random_directions) / len(one.random_directions)
        words.append(f"Directions drawn at random, whichever way round, tell the same poles apart by {mean:.0%}.")
    return words


def _stability_words(found: AxisEvidence) -> list[str]:
    if found.stability is None:
        return []
    worst, mean = found.stability
    return [
        f"Without any one member of the poles it hardly turns: its cosine with itself is {worst:.2f} at worst, "
        f"{mean:.2f} on average."
        if worst > 0.9
        else f"It hangs on single members of its poles: without one, its cosine with itself falls to {worst:.2f} "
        f"({mean:.2f} on average; 1 is the same axis)."
    ]
