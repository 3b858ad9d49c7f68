"""Parameters check themselves, and say their limits."""

from __future__ import annotations

import pytest

from cartography.errors import ParameterError
from cartography.parameters import Parameter, resolve

WIDTH = Parameter("width", 3, "How wide.", 1, 10, kind=int)
SHARE = Parameter("share", 0.5, "How much.", 0, 1)
KIND = Parameter("kind", "round", "Which kind.", choices=("round", "square"))
OPTIONAL = Parameter("steps", None, "How many.", 1, 100, kind=int)


def test_defaults_fill_in_and_values_take_their_type():
    assert resolve((WIDTH, SHARE, KIND, OPTIONAL), {"width": 4.0}, "test") == {
        "width": 4,
        "share": 0.5,
        "kind": "round",
        "steps": None,
    }


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"width": 0}, "width is 0, outside"),
        ({"width": 11}, "width is 11, outside"),
        ({"width": 2.5}, "whole number"),
        ({"width": True}, "should be a number"),
        ({"share": "a lot"}, "should be a number"),
        ({"share": float("nan")}, "should be a number"),
        ({"kind": "oval"}, "no kind called 'oval'"),
        ({"widht": 3}, "no parameter of test called 'widht'"),
    ],
)
def test_what_does_not_fit_is_refused(given, sentence):
    with pytest.raises(ParameterError, match=sentence):
        resolve((WIDTH, SHARE, KIND), given, "test")
