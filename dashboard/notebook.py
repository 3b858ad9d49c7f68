"""What a visit adds to its items, and takes back: on disk where that is allowed, else for as long as it lasts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cartography.errors import CartographyError
from cartography.inspection.grouping.given_names import given_names
from cartography.records import Annotations, Change, EmbeddingSet, EmbeddingStack, Level, difference
from dashboard.annotations_kept import KEPT, AnnotationFolder, content_name
from dashboard.annotations_kept import Change as Step
from dashboard.desk import Desk
from dashboard.readings import read
from dashboard.state import Session

__all__ = ["Notebook", "names_of", "notebook_of", "rows_of"]

_STEPS = 100
_REMEMBERED = 300_000  # items and the like that steps may be about, all in all
_PATIENCE = 0.3  # seconds that a page waits for a file that is read again
_HERE, _DONE, _UNDONE, _REFUSED = "notes", "notes-done", "notes-undone", "notes-refused"


@dataclass(frozen=True, eq=False)
class Notebook:
    """The annotations of a visit's items; `embeddings` are all items of the file, though the map may show a sample.

    `folder` is None where annotations live as long as the visit is about these files, and `because` says why. Every
    step is applied to what is kept by then, and remembered in the visit, so that it can be taken back.
    """

    visit: Session
    embeddings: EmbeddingSet
    folder: AnnotationFolder | None = None
    because: str = ""

    @property
    def annotations(self) -> Annotations:
        """What there is now. Raises `CartographyError` when it cannot be read."""
        if self.folder is None:
            return self.visit.kept.get(_HERE, Annotations())
        return self.folder.get(self._name)

    @property
    def where(self) -> str:
        """A sentence on where all this is kept, and who finds it."""
        if self.folder is None:
            return f"{self.because} What you add is there for as long as this visit to these files lasts; export it."
        return (
            f"Kept on the machine that runs this page, in {_short(self.folder.folder)}, by what the items are: "
            "whoever opens the same items here finds it, under any file name. Your file is never changed."
        )

    @property
    def warnings(self) -> list[str]:
        """Sentences on kept files that could not be understood."""
        aside = self.folder.damaged(self._name) if self.folder is not None else []
        return [
            f"Earlier notes on these items could not be understood and were set aside as {path.name}."
            for path in aside
        ]

    def change(self, says: str, step: Step) -> None:
        """Take a step; `says` names it in a few words. What cannot be done is told by `refusal`, nothing raised."""
        made = self._take(says, step)
        if made:
            self.visit.kept[_DONE] = _bounded((*self.visit.kept.get(_DONE, ()), made))
            self.visit.kept[_UNDONE] = ()

    @property
    def done(self) -> str:
        """The step that would be taken back next, in a few words; empty for none."""
        steps = self.visit.kept.get(_DONE, ())
        return steps[-1].says if steps else ""

    @property
    def undone(self) -> str:
        """The step that would be taken again next."""
        steps = self.visit.kept.get(_UNDONE, ())
        return steps[-1].says if steps else ""

    def undo(self) -> None:
        """Take the visit's latest step back; what others changed meanwhile stays."""
        self._move(_DONE, _UNDONE, back=True)

    def redo(self) -> None:
        """Take the step again that was last taken back."""
        self._move(_UNDONE, _DONE, back=False)

    def refusal(self) -> CartographyError | None:
        """Return why the last step could not be taken, once."""
        said = self.visit.kept.pop(_REFUSED, None)
        return CartographyError(*said) if said else None

    def refuse(self, error: CartographyError) -> None:
        """Have the panel say why something could not be done."""
        self.visit.kept[_REFUSED] = error.message, error.hint

    @property
    def _name(self) -> str:
        return content_name(self.embeddings)

    def _move(self, source: str, target: str, back: bool) -> None:
        steps = self.visit.kept.get(source, ())
        if not steps:
            return
        change = steps[-1].reversed if back else steps[-1]
        self.visit.kept[source] = steps[:-1]
        if self._take(steps[-1].says, change.applied) is not None:
            self.visit.kept[target] = _bounded((*self.visit.kept.get(target, ()), steps[-1]))

    def _take(self, says: str, step: Step) -> Change | None:
        """Take a step and return what it changed; None when it was refused."""
        try:
            if self.folder is not None:
                before, after = self.folder.change(self._name, step)
            else:
                before = self.annotations
                after = self.visit.kept[_HERE] = step(before)
        except CartographyError as error:
            self.refuse(error)
            return None
        return difference(before, after, says)


def notebook_of(desk: Desk) -> Notebook | None:
    """Return the notebook for the items of a map; None while the whole of a sampled file is being read again."""
    whole = _whole(desk)
    if whole is None:
        return None
    if desk.visit.settings.read_only:
        return Notebook(desk.visit, whole, because="This server keeps nothing.")
    folder = KEPT
    if folder is None:
        return Notebook(desk.visit, whole, because="Keeping notes is switched off here.")
    if not folder.usable:
        return Notebook(desk.visit, whole, because=f"Nothing can be written to {_short(folder.folder)}.")
    return Notebook(desk.visit, whole, folder)


def names_of(desk: Desk, level: Level) -> tuple[str, ...]:
    """Return what a level's clusters are called: as found, where they were not named by hand or that is not known."""
    notebook = notebook_of(desk)
    try:
        known = notebook.annotations if notebook is not None else Annotations()
    except CartographyError:  # the panel Notes says why
        known = Annotations()
    return given_names(known, level, desk.built.embeddings.ids)


def rows_of(ids: Iterable[str], embeddings: EmbeddingSet) -> NDArray[np.intp]:
    """Return the rows of those ids that are items here, in order."""
    rows = embeddings.ids.get_indexer(list(ids))
    return np.sort(rows[rows >= 0])


def _whole(desk: Desk) -> EmbeddingSet | None:
    """All items of the file. A sample drawn for the map has other content, and notes are on the whole."""
    drawn = desk.built.embeddings
    if desk.built.recipe.sample is None:
        return drawn
    work = read(desk.visit.source)
    work.wait(_PATIENCE)
    found = work.result
    if found is None:
        return drawn if work.error is not None else None
    if isinstance(found, EmbeddingStack):
        member = desk.visit.source.member
        found = found[member if member is not None else len(found) - 1]
    return drawn if len(found) == len(drawn) else found


def _bounded(steps: tuple[Change, ...]) -> tuple[Change, ...]:
    """The latest steps, as many as may be remembered; always the last."""
    kept: list[Change] = []
    size = 0
    for step in reversed(steps[-_STEPS:]):
        size += step.size
        if kept and size > _REMEMBERED:
            break
        kept.append(step)
    return tuple(reversed(kept))


def _short(folder: Path) -> str:
    """A folder as people write it, without saying whose home it is in."""
    try:
        return f"~/{folder.relative_to(Path.home()).as_posix()}"
    except (ValueError, RuntimeError):
        return str(folder)
