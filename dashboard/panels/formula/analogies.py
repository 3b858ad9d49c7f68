"""Analogies: a file of them, or a few that were typed; how many hold here, and which fail where on the map."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from cartography.concepts import AnalogyResults, AnalogySet, read_questions, solve_analogies
from cartography.concepts.analogies.questions import MOST_BYTES
from cartography.concepts.analogies.solving import USUAL, expected_seconds
from cartography.errors import CartographyError
from cartography.inspection.wording import counted
from cartography.pipeline import BuiltMap
from cartography.progress import Progress
from cartography.records.arrays import digest
from dashboard.desk import Desk
from dashboard.inquiries import Question, inquire
from dashboard.panels.download import offer_table
from dashboard.panels.formula.analogy_failures import (
    METHODS,
    SHOWN,
    baseline_words,
    exclusion_words,
    failure_entries,
    failure_overlay,
    headline,
    sections_frame,
    way,
)
from dashboard.panels.formula.in_sight import draw_in_sight
from dashboard.panels.item_list import show_items
from dashboard.panels.markup import bullets, definitions, safe
from dashboard.panels.waiting import awaited
from dashboard.state import Session
from dashboard.uploads import keep, release

__all__ = ["show_analogies"]

_FILE, _CHOSEN, _BEGUN = "analogies-file", "analogies-chosen", "analogies-begun"
_FOLDER = "analogies-"
_AS_FILE, _AS_TEXT = "A file", "Typed"
_LONG = 15.0  # seconds for which nothing begins by itself
_SAMPLE = ": family\nman woman king queen\nman woman boy girl"


def show_analogies(desk: Desk) -> None:
    """Draw the ways in, and how the analogies came out."""
    st.caption("Does a relation hold as an offset? Four words a line, a b c d: a is to b as c is to d.")
    question = _what_is_asked(desk)
    if question is None:
        return
    asked = awaited(inquire(question, desk.visit), desk.key("analogies-reading"))
    if asked is None:
        return
    most = _most_words(desk)
    key = digest(_space(desk.built), asked.fingerprint, most)
    if not _may_begin(desk, asked, most, key):
        return
    solving = Question("analogies", key, partial(_solved, desk.built, asked, most), private=True)
    found = awaited(inquire(solving, desk.visit), desk.key("analogies"))
    if found is not None:
        _show(desk, found, key)


def _solved(built: BuiltMap, asked: AnalogySet, most: int | None, progress: Progress) -> AnalogyResults:
    metric = str(built.recipe.metric)
    return solve_analogies(built.prepared, asked, metric=metric, most_words=most, progress=progress)


def _space(built: BuiltMap) -> str:
    return digest(built.embeddings.fingerprint, built.recipe.undressed.fingerprint)


def _what_is_asked(desk: Desk) -> Question[AnalogySet] | None:
    """Draw the two ways in, and return the question what stands in the file or the text."""
    files = not desk.visit.settings.read_only
    ways = [*([_AS_FILE] if files else []), _AS_TEXT]
    chosen = st.segmented_control(
        "Analogies", ways, default=ways[0], required=True, key=desk.key("analogies-way"), label_visibility="collapsed"
    )
    source = _text(desk) if chosen == _AS_TEXT else _file(desk)
    if source is None:
        return None
    return Question("reading analogies", digest(str(source)), lambda _: read_questions(source), private=True)


def _text(desk: Desk) -> str | None:
    text = st.text_area("The analogies", key=desk.key("analogies-text"), placeholder=_SAMPLE, height=110)
    return text if text.strip() else None


def _file(desk: Desk) -> Path | None:
    visit = desk.visit
    path = visit.kept.get(_FILE)
    if path is not None and Path(path).exists():
        st.html(f"<p class='ec-item' data-testid='analogies-file'>{safe(Path(path).name, 80)}</p>")
        st.button("Another file", icon=":material/restart_alt:", width="stretch", on_click=_put_aside, args=(visit,))
        return Path(path)
    upload: Any = st.file_uploader(
        "A text file of analogies",
        type=["txt", "tsv", "csv"],
        max_upload_size=MOST_BYTES // 1_000_000,
        key=desk.key(f"analogies-upload-{visit.uploads}"),
        help="Lines of four words, under lines such as `: capitals`; names with spaces between tabs or commas.",
    )
    if upload:
        _put_aside(visit)
        folder = Path(tempfile.mkdtemp(prefix=_FOLDER, dir=visit.upload_folder()))
        (visit.kept[_FILE],) = keep([upload], folder)
        release([upload])
        visit.uploads += 1
        st.rerun()
    return None


def _put_aside(visit: Session) -> None:
    """Forget the file that was brought, and remove it."""
    visit.kept.pop(_FILE, None)
    for folder in visit.upload_folder().glob(f"{_FOLDER}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _most_words(desk: Desk) -> int | None:
    """Draw the choice among how many items is searched, where it is usual to make one."""
    n = len(desk.built.prepared)
    if n <= USUAL:
        return None
    choices = {f"All {n:,}": None, f"The first {USUAL:,}": USUAL}
    chosen = st.segmented_control(
        "Items searched",
        list(choices),
        default=next(iter(choices)),
        required=True,
        key=desk.key("analogies-most"),
        help="Where words come by frequency, it is usual to search the most frequent ones only.",
    )
    return choices.get(chosen or "")


def _may_begin(desk: Desk, asked: AnalogySet, most: int | None, key: str) -> bool:
    """Whether to begin; what takes long is said, and waits for a click."""
    seconds = expected_seconds(desk.built.prepared, asked, most)
    begun = desk.visit.kept.get(_BEGUN)
    if seconds < _LONG or begun == key:
        return True
    st.caption(f"{counted(len(asked), 'question')} take about {seconds:,.0f} s here; they can be stopped.")
    st.button(
        "Solve them",
        icon=":material/play_arrow:",
        width="stretch",
        key=desk.key("analogies-begin"),
        on_click=desk.visit.kept.__setitem__,
        args=(_BEGUN, key),
    )
    return False


def _show(desk: Desk, found: AnalogyResults, key: str) -> None:
    excluded = st.toggle("Inputs excluded", value=True, key=desk.key("analogies-excluded"))
    st.html(
        f"<p class='ec-item' data-testid='analogies'>{safe(headline(found, excluded))}</p>"
        f"<p class='ec-sub'>{safe(baseline_words(found))}</p>"
    )
    st.caption(exclusion_words(found, excluded))
    section = _sections(desk, found, excluded, key)
    if found.notes:
        st.html(bullets(found.notes))
    offer_table(_file_of(found), "analogies", key="analogies-file")
    by = _method(desk, excluded)
    failures = found.failures(by, section)
    if failures.empty:
        st.caption("None fails.")
        return
    _failures(desk, failures, by, key)


def _sections(desk: Desk, found: AnalogyResults, excluded: bool, key: str) -> str | None:
    """Draw the table of sections, and return the one that is chosen in it."""
    table = sections_frame(found, excluded)
    shares = [name for name in table if table[name].dtype.kind == "f"]
    columns: dict[str, Any] = {name: st.column_config.NumberColumn(format="%.1f%%", width=58) for name in shares}
    columns["section"] = st.column_config.TextColumn(width=84)
    event: Any = st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        column_config=columns,
        on_select="rerun",
        selection_mode="single-row",
        key=desk.key(f"analogies-sections-{key}"),
    )
    st.caption("Right answers in percent. Choose a section to list its failures alone.")
    rows = event.selection.rows
    whole = not rows or rows[0] >= len(table) - 1
    return None if whole else str(found.sections["section"].iloc[rows[0]])


def _method(desk: Desk, excluded: bool) -> str:
    method = st.segmented_control(
        "Failures of",
        list(METHODS),
        default="add",
        required=True,
        format_func=METHODS.__getitem__,
        key=desk.key("analogies-method"),
        help="3CosAdd takes the nearest to b − a + c; 3CosMul multiplies the likenesses to b and c and divides by "
        "that to a, so that none of them outweighs the others.",
    )
    return way(method or "add", excluded)


def _failures(desk: Desk, failures: pd.DataFrame, by: str, key: str) -> None:
    """Draw the list of failures, the button that lights them all, and the one that was chosen."""
    st.button(
        f"Light the {counted(failures['d_row'].nunique(), 'word')} that were missed",
        icon=":material/lightbulb:",
        width="stretch",
        key=desk.key("analogies-light"),
        on_click=desk.pick,
        args=(failures["d_row"].unique(), "failed analogies"),
    )
    some = f"the first {SHOWN:,} of {len(failures):,}" if len(failures) > SHOWN else f"{len(failures):,}"
    st.html(f"<p class='ec-head'>FAILURES: {some} · with the place of the expected word</p>")
    of, chosen = desk.visit.kept.get(_CHOSEN, ("", -1))
    if of == key and chosen in failures.index:
        _one(desk, failures.loc[chosen], by)

    def choose(number: int) -> None:
        desk.visit.kept[_CHOSEN] = key, number

    show_items(failure_entries(failures, by), "Failed analogies", desk.key("analogies-failures"), choose)


def _one(desk: Desk, question: Any, by: str) -> None:
    """Draw one failure, in words and on the map."""
    place = int(question[f"{by}_place"])
    st.html(
        definitions(
            [
                ("Given", f"{question['a']} : {question['b']} = {question['c']} : ?"),
                ("Expected", f"{question['d']}, {f'place {place:,}' if place else 'one of the given words'}"),
                ("Came", question[f"{by}_answer"] or "nothing"),
            ]
        )
    )
    draw_in_sight(desk, failure_overlay(desk.built, question, by), f"{question['line']} {by}")


def _file_of(found: AnalogyResults) -> Callable[[], pd.DataFrame]:
    """Return what makes the file, for as long as the visit lasts: an offer must not keep what was brought."""
    held = weakref.ref(found)

    def table() -> pd.DataFrame:
        kept = held()
        if kept is None:
            raise CartographyError("These analogies were let go meanwhile.", "Open the panel and try again.")
        return kept.questions

    return table
