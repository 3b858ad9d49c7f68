"""What a session remembers: ids, choices and paths, never arrays. The only user of `st.session_state`."""

from __future__ import annotations

import secrets
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from cartography.records import Recipe
from dashboard.chosen import ALL, Chosen
from dashboard.downloads import DOWNLOADS
from dashboard.map_view import Viewport
from dashboard.map_view.overlay import NOTHING, Overlay
from dashboard.panels.address import asked_for
from dashboard.permalink import Link, read_link
from dashboard.settings import Settings
from dashboard.sources import UPLOADS, Source

__all__ = ["MAP_KEY", "Session", "begin_widget", "component_state", "forget_widgets", "session"]

MAP_KEY = "map"
"""The map component's key in the session."""

_KEY = "session"
_MOST_CHOICES = 200


@dataclass
class Session:
    """One person's visit.

    Attributes
    ----------
    selected : the row last chosen
    orders : counts what is chosen outside the map; each is an order to it
    looked : where the map was looked at last, and the name of its coordinates
    flight : where the map is to fly next
    drawn : the recipe of the finished map that was shown last
    link : what the page's address asked for, until the map is there that can show it
    panel : the part of the side panel that is open
    turned, turns : the part to which the program turned it last, and how often it did
    chosen, choices : conditions and picked items, and the latest such choices by their keys
    released : whether what was chosen took the place of the map's own lasso and search
    overlay : what the open panel has drawn over the map
    kept : small choices of panels by name; plain values only
    visit : counts the files opened
    redraws : counts the recipes that came from elsewhere than the controls
    draft, uploads : what the page for opening files looks into, and how many came there
    where : the folder on the server that the same page shows
    token : names the visit
    folder : its uploads; they go away with the session
    """

    settings: Settings
    source: Source
    recipe: Recipe
    selected: int | None = None
    orders: int = 0
    looked: tuple[str, Viewport] | None = None
    flight: Viewport | None = None
    drawn: Recipe | None = None
    link: Link | None = None
    panel: str = "About"
    turned: str = "About"
    turns: int = 0
    chosen: Chosen = ALL
    released: bool = False
    choices: dict[str, Chosen] = field(default_factory=dict)
    overlay: Overlay = NOTHING
    kept: dict[str, Any] = field(default_factory=dict)
    visit: int = 0
    redraws: int = 0
    draft: Source | None = None
    uploads: int = 0
    where: tuple[str, ...] = ()
    token: str = field(default_factory=lambda: secrets.token_urlsafe(12), repr=False)
    folder: tempfile.TemporaryDirectory[str] | None = field(default=None, repr=False)

    def open(self, source: Source, recipe: Recipe | None = None) -> None:
        """Turn to other files; choices that belonged to the old ones are forgotten."""
        self.source = source
        now = self.recipe
        self.recipe = recipe or Recipe(theme=now.theme, hide=now.hide, fantasy_names=now.fantasy_names)
        self.selected = self.looked = self.link = self.flight = self.drawn = None
        self.chosen, self.overlay, self.released = ALL, NOTHING, False
        self.kept = {}
        self.turn_to("About")
        self.visit += 1

    def redraw(self, recipe: Recipe) -> None:
        """Make the map by another recipe, and have the controls beside it show that."""
        if recipe != self.recipe:
            self.recipe = recipe
            self.redraws += 1

    def select(self, row: int | None, turn: bool = True) -> None:
        """Turn to one item, or to none; with `turn` the panel shows it."""
        self.selected = row
        if row is not None and turn:
            self.turn_to("Item")

    def order(self, row: int, turn: bool = True) -> None:
        """Turn to one item and have the map do so too."""
        self.select(row, turn)
        self.orders += 1

    def turn_to(self, panel: str) -> None:
        """Open another panel, unless a person does so with its own button."""
        if panel != self.panel:
            self.panel = self.turned = panel
            self.turns += 1  # what a browser says of the former buttons means nothing any more

    def choose(self, chosen: Chosen) -> None:
        """Choose other conditions or other items, and have the map show them."""
        if chosen != self.chosen:
            self.choices[self.chosen.key], self.choices[chosen.key] = self.chosen, chosen
            while len(self.choices) > _MOST_CHOICES:
                del self.choices[next(iter(self.choices))]
            self.chosen = chosen
            self.orders += 1

    def choose_alone(self, chosen: Chosen) -> None:
        """Choose in place of everything, the lasso and the search on the map as well."""
        self.released = True
        self.orders += 1
        self.choose(chosen)

    def choose_again(self, key: str | None) -> None:
        """Go back to an earlier choice, as the map has done already."""
        self.chosen = self.choices.get(key or "", ALL)

    def look(self, coordinates: str, view: Viewport | None) -> None:
        """Remember where the map with these coordinates is looked at."""
        if view is not None:
            self.looked = (coordinates, view)

    def fly(self, view: Viewport) -> None:
        """Have the map look elsewhere."""
        self.flight = view
        self.orders += 1

    def view_of(self, coordinates: str) -> Viewport | None:
        """Return where the map with these coordinates was looked at last."""
        return self.looked[1] if self.looked is not None and self.looked[0] == coordinates else None

    def upload_folder(self) -> Path:
        """Return this session's own folder for uploads, made when first needed, readable by nobody else."""
        if self.folder is None:
            self.folder = tempfile.TemporaryDirectory(prefix=UPLOADS)
        return Path(self.folder.name)

    def intake_folder(self) -> Path:
        """Return the folder for files that are opened together; a new one when nothing is being looked into."""
        home = self.upload_folder()
        if self.draft is not None:
            first = Path(self.draft.paths[0])
            if first.is_relative_to(home):
                return home / first.relative_to(home).parts[0]
        made = home / f"intake-{self.uploads}"
        made.mkdir(exist_ok=True)
        return made


def session() -> Session:
    """Return this visit's session, begun on the files that the server was started with."""
    if _KEY not in st.session_state:
        settings = Settings.from_environment()
        link = read_link(asked_for(), settings)
        visit = st.session_state[_KEY] = Session(settings, link.source, link.recipe, link=link)
        DOWNLOADS.end_with(visit, visit.token)
    return st.session_state[_KEY]


def component_state(key: str) -> Any:
    """Return what a component last sent under its key, or None."""
    return st.session_state.get(key)


def begin_widget(key: str, value: object) -> None:
    """Have a widget that is new begin with a value; unlike one with a default, it can then be emptied."""
    if key not in st.session_state:
        st.session_state[key] = value


def forget_widgets(prefix: str) -> None:
    """Forget the values of widgets whose key begins with `prefix`, so that they show their defaults again."""
    for key in [key for key in st.session_state if str(key).startswith(prefix)]:
        del st.session_state[key]
