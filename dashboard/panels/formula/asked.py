"""What a visit asks with formulas: what stands in the bar, what was asked last, and before that. Plain values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from dashboard.formula_names import SELECTION
from dashboard.item_sets import SETS, ItemSet

if TYPE_CHECKING:
    from dashboard.desk import Desk
    from dashboard.state import Session

__all__ = [
    "LONGEST",
    "Asked",
    "Draft",
    "Order",
    "ask_again",
    "asked",
    "draft",
    "drop",
    "history",
    "orders",
    "put_in",
    "take",
]

LONGEST = 2_000
"""Characters that a formula may have."""
_HISTORY, _WAITING = 20, 20
_KEPT = "formula"
_HALVES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Draft:
    """What stands in the bar, and the number of the last order that it obeyed."""

    text: str = ""
    taken: int = 0


@dataclass(frozen=True)
class Asked:
    """A formula that was asked, and the set of items that `@selection` meant then."""

    text: str
    selection: ItemSet | None = None


@dataclass(frozen=True)
class Order:
    """What the bar is to do once: insert a name at its cursor, or write a whole formula in place of what is there."""

    number: int
    insert: str | None = None
    write: str | None = None

    def as_json(self) -> dict[str, object]:
        """Return the order as the bar receives it."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True)
class _Kept:
    draft: Draft = Draft()
    asked: Asked | None = None
    before: tuple[Asked, ...] = ()
    orders: tuple[Order, ...] = ()
    number: int = 0


def draft(visit: Session) -> Draft:
    """Return what stands in the bar, as far as is known."""
    return _of(visit).draft


def asked(visit: Session) -> Asked | None:
    """Return what was asked last."""
    return _of(visit).asked


def history(visit: Session) -> tuple[Asked, ...]:
    """Return the latest formulas, the last one first, each once."""
    return _of(visit).before


def drop(visit: Session, text: str) -> None:
    """Strike a formula that cannot be read out of those that were asked."""
    kept = _of(visit)
    if any(one.text == text for one in kept.before):
        _keep(visit, replace(kept, before=tuple(one for one in kept.before if one.text != text)))


def orders(visit: Session) -> tuple[Order, ...]:
    """Return the orders that the bar has not obeyed yet."""
    kept = _of(visit)
    return tuple(order for order in kept.orders if order.number > kept.draft.taken)


def put_in(visit: Session, name: str) -> None:
    """Have the bar insert a name, as formulas write it, at its cursor."""
    _order(visit, insert=name)


def take(desk: Desk, given: object, ask: bool) -> None:
    """Remember what the bar tells, {"text", "taken"}; with `ask` it is what a person wants to know.

    What is malformed is dropped, as is anything too long.
    """
    if not isinstance(given, Mapping):
        return
    text, taken = given.get("text"), given.get("taken")
    if not isinstance(text, str) or len(text) > LONGEST or _HALVES.search(text):
        return
    kept = _of(desk.visit)
    number = taken if isinstance(taken, int) and kept.draft.taken < taken <= kept.number else kept.draft.taken
    _keep(desk.visit, replace(kept, draft=Draft(text, number)))
    if ask and text.strip():
        _ask(desk.visit, Asked(text.strip(), _selection(desk, text)))


def ask_again(desk: Desk, one: Asked) -> None:
    """Ask a formula anew, and have the bar show it."""
    _order(desk.visit, write=one.text)
    kept = _of(desk.visit)
    _keep(desk.visit, replace(kept, draft=replace(kept.draft, text=one.text)))
    _ask(desk.visit, one)


def _ask(visit: Session, one: Asked) -> None:
    kept = _of(visit)
    before = (one, *(other for other in kept.before if other.text != one.text))[:_HISTORY]
    _keep(visit, replace(kept, asked=one, before=before))


def _selection(desk: Desk, text: str) -> ItemSet | None:
    """What is selected now, kept for a formula that names it: what the answer lights must not change the question."""
    if SELECTION not in text.casefold() or desk.lit is None:
        return None
    return SETS.keep(desk.lit, desk.says or "the selection")


def _order(visit: Session, insert: str | None = None, write: str | None = None) -> None:
    kept = _of(visit)
    order = Order(kept.number + 1, insert, write)
    _keep(visit, replace(kept, number=order.number, orders=(*orders(visit), order)[-_WAITING:]))


def _of(visit: Session) -> _Kept:
    return visit.kept.get(_KEPT, _Kept())


def _keep(visit: Session, kept: _Kept) -> None:
    visit.kept[_KEPT] = kept
