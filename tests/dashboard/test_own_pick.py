"""A chart marks what was clicked in it for as long as that is picked; what it told before means nothing."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from dashboard.chosen import ALL, Chosen
from dashboard.item_sets import SETS
from dashboard.panels.grouping.own_pick import OwnPick


def test_a_chart_begins_afresh_when_its_choice_was_taken_back():
    desk = SimpleNamespace(visit=SimpleNamespace(kept={}), chosen=ALL)
    first = OwnPick(desk, "cells")
    desk.chosen = Chosen(picked=SETS.keep(np.array([True, False]), "a cell"))
    first.remember()
    again = OwnPick(desk, "cells")
    assert again.epoch == first.epoch
    assert first.current
    desk.chosen = ALL
    after = OwnPick(desk, "cells")
    assert after.epoch != first.epoch
    assert after.current
    assert not first.current
    assert OwnPick(desk, "cells").epoch == after.epoch
