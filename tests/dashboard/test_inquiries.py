"""Questions answered in the background: asked once, let go when done, stopped when nobody waits any more."""

from __future__ import annotations

import gc
import threading
import weakref

import numpy as np
import pytest

from cartography.errors import ParameterError
from cartography.progress import ProgressEvent
from cartography.records import Recipe
from dashboard.inquiries import Inquiries, Question
from dashboard.settings import Settings
from dashboard.sources import Source
from dashboard.state import Session

PATIENCE = 30


def visit():
    return Session(Settings(), Source(("x.npy",)), Recipe())


def endless(key, kind="kind"):
    """A question that is answered only when it is stopped, and an event that tells when it has begun."""
    begun = threading.Event()

    def find(progress):
        while True:
            progress(ProgressEvent("Looking", 0.5))
            begun.set()

    return Question(kind, key, find), begun


def answered(key, answer, kind="kind", **more):
    return Question(kind, key, lambda progress: answer, **more)


def test_the_same_question_is_asked_once_whoever_asks():
    inquiries, one, other = Inquiries(), visit(), visit()
    first = inquiries.ask(answered("a", 1), one)
    assert inquiries.ask(answered("a", 2), other) is first
    assert first.wait(PATIENCE)
    assert first.result == 1


def test_a_newer_question_of_its_kind_stops_what_nobody_waits_for():
    inquiries, one = Inquiries(), visit()
    slow, begun = endless("slow")
    another, _ = endless("another", kind="other kind")
    first, beside = inquiries.ask(slow, one), inquiries.ask(another, one)
    assert begun.wait(PATIENCE)
    assert inquiries.ask(answered("quick", 2), one).wait(PATIENCE)
    assert first.wait(PATIENCE)
    assert first.stopped
    assert beside.running
    again = inquiries.ask(slow, one)
    assert again is not first
    again.cancel()
    beside.cancel()


def test_what_another_visit_waits_for_goes_on():
    inquiries, one, other = Inquiries(), visit(), visit()
    slow, begun = endless("slow")
    first = inquiries.ask(slow, one)
    assert inquiries.ask(slow, other) is first
    assert begun.wait(PATIENCE)
    inquiries.ask(answered("quick", 2), one)
    assert first.running
    assert not first.stopped
    inquiries.ask(answered("quick", 2), other)
    assert first.wait(PATIENCE)
    assert first.stopped


def test_what_was_answered_is_kept_when_another_question_replaces_it():
    inquiries, one = Inquiries(), visit()
    first = inquiries.ask(answered("a", 1), one)
    assert first.wait(PATIENCE)
    inquiries.ask(answered("b", 2), one)
    assert inquiries.ask(answered("a", 3), one) is first


def test_what_was_stopped_stays_so_until_somebody_wants_it_again():
    inquiries, one = Inquiries(), visit()
    slow, begun = endless("slow")
    first = inquiries.ask(slow, one)
    assert begun.wait(PATIENCE)
    first.cancel()
    assert first.wait(PATIENCE)
    assert inquiries.ask(slow, one) is first
    inquiries.again(first)
    assert inquiries.ask(answered("slow", 1), one) is not first


@pytest.mark.parametrize("fails", [False, True])
def test_what_it_was_found_from_is_let_go_even_where_it_failed(fails):
    class Held:
        """Stands for vectors."""

    held = Held()
    known = weakref.ref(held)

    def find(_, of=held):
        if fails:
            try:
                raise ValueError(str(of))
            except ValueError as error:
                raise ParameterError("It failed.") from error
        return "found"

    inquiry = Inquiries().ask(Question("kind", "key", find), visit())
    assert inquiry.wait(PATIENCE)
    assert (inquiry.error is not None) == fails
    del held, find
    gc.collect()
    assert known() is None


def test_what_a_visit_brought_is_its_own_and_goes_with_it():
    inquiries, one, other = Inquiries(), visit(), visit()
    first = inquiries.ask(answered("a", np.ones(3), private=True), one)
    second = inquiries.ask(answered("a", np.ones(3), private=True), other)
    assert first is not second
    assert first.wait(PATIENCE)
    assert second.wait(PATIENCE)
    gone, stays = weakref.ref(first.result), weakref.ref(second.result)
    del first, second, one
    gc.collect()
    inquiries.ask(answered("b", 1, kind="other kind"), other)
    assert gone() is None
    assert stays() is not None


def test_what_a_visit_left_behind_is_stopped():
    inquiries, one = Inquiries(), visit()
    slow, begun = endless("slow")
    first = inquiries.ask(slow, one)
    assert begun.wait(PATIENCE)
    del one
    gc.collect()
    inquiries.ask(answered("b", 1), visit())
    assert first.wait(PATIENCE)
    assert first.stopped


def test_only_so_many_answers_are_kept():
    inquiries, one = Inquiries(most=2), visit()
    works = [inquiries.ask(answered(str(number), number), one) for number in range(3)]
    assert all(work.wait(PATIENCE) for work in works)
    assert inquiries.ask(answered("2", 9), one) is works[2]
    assert inquiries.ask(answered("0", 9), one) is not works[0]
