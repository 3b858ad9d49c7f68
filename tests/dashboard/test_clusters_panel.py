"""The panel of clusters: what is tried out there, its table, cells that lead to items, and names given by hand."""

from __future__ import annotations

import pickle
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score
from streamlit.testing.v1 import AppTest

import dashboard.notebook
from cartography import build_map
from cartography.columns import Column, columns_of
from cartography.inspection.grouping.agreement import agreement, grouped_column
from cartography.inspection.grouping.cluster_table import Around, cluster_table
from cartography.records import Level, Recipe
from dashboard.annotations_kept import AnnotationFolder
from dashboard.chosen import ALL
from dashboard.groupings import Choice, compared, described, drawn_again, found
from dashboard.notebook import names_of
from dashboard.panels.grouping import clusters
from dashboard.panels.grouping.cluster_charts import dyed, meeting_chart, meeting_table, shown_table
from dashboard.settings import Settings
from dashboard.sources import Source
from dashboard.state import Session
from tests.data import blobs

WAIT = 60


@pytest.fixture(scope="module")
def built():
    return build_map(blobs(), Recipe(method="pca"))


def made(question):
    return question.find_out(lambda event: None)


@pytest.fixture(scope="module")
def grouping(built):
    return made(found(built, Choice("agglomerative", "original", (("n_clusters", 4),))))


@pytest.fixture(scope="module")
def shown(built, grouping):
    return made(described(built, grouping, 4))


def test_the_maps_own_clusters_are_not_looked_for_again(built):
    assert made(found(built, Choice.of(built))).clustering is built.clustering


def test_another_method_leaves_the_map_and_its_recipe_as_they_are(built, grouping, shown):
    assert grouping.clustering.method == "agglomerative" != built.clustering.method
    assert grouping.clustering.space == "original"
    assert adjusted_rand_score(built.embeddings.items["group"], shown.level.labels) == 1
    assert shown.main


def test_questions_are_told_apart_by_all_that_their_answers_depend_on(built, grouping):
    keys = [described(built, grouping, count).key for count in (7, 7, 8)]
    assert keys[0] == keys[1] != keys[2]
    other = Choice("agglomerative", "map", grouping.choice.params)
    assert found(built, other).key != found(built, grouping.choice).key


def test_planted_groups_come_back_when_drawn_again(built, grouping, shown):
    again = made(drawn_again(built, grouping.choice, shown))
    assert again.means.min() > 0.95 > again.null
    table = shown_table(shown.table, shown.level.names, again)
    assert table["stability"].min() > 0.95


def test_names_given_by_hand_stand_in_the_table_and_in_the_chart(shown, built):
    names = ("a", "Mine", "c", "d")
    table = shown_table(shown.table, names)
    assert set(table["name"]) == set(names)
    assert "persistence" not in table
    _, agreed = made(compared(built, shown, "group"))
    assert "Mine" in set(meeting_table(agreed.table, names)["row"])


def test_noise_is_the_last_line_and_grey(built):
    level = Level(np.arange(600, dtype=np.int32) % 4 - 1, ("a", "b", "c"))
    around = Around(built.neighbours, built.projection.coordinates)
    table = cluster_table(level, built.prepared.vectors, around)
    shown = shown_table(table, level.names)
    assert shown["name"].iloc[-1] == "Noise"
    assert shown["size"].iloc[-1] == 150
    html = dyed(shown, table).to_html()
    assert html.count("color: #8d8577") == 1
    assert f"row{len(shown) - 1}_col0" in html.split("color: #8d8577")[0]


def test_labels_of_the_chart_are_short_and_never_two_groups_in_one(shown):
    names = ("x" * 60 + "1", "x" * 60 + "2", "y", "z")
    cells = agreement(shown.level, grouped_column(Column("group", pd.Series(shown.level.labels % 2)))).table
    table = meeting_table(cells, names)
    assert table["row"].nunique() == 4
    assert table["row"].str.len().max() < 30
    assert table["items"].sum() == len(shown.level.labels)
    assert meeting_chart(table, "group").to_dict()["params"][0]["select"]["fields"] == ["cell"]


def page():
    """Run by AppTest as a script of its own."""
    from dashboard.panels.grouping.clusters import show_clusters
    from tests.dashboard.test_clusters_panel import stand_in

    show_clusters(stand_in())


DESKS: list = []


def desk_of(built, visit, picked):
    return SimpleNamespace(
        visit=visit,
        built=built,
        columns=columns_of(built.embeddings),
        chosen=ALL,
        key=lambda name: f"{name}-0",
        pick=lambda rows, says: picked.append((np.asarray(rows), says)),
        choose=lambda chosen: picked.append((None, "")),
    )


def stand_in():
    return DESKS[-1]


def test_the_panel_draws_and_a_new_method_is_said(built):
    visit = Session(Settings(), Source(("x",)), built.recipe)
    picked = []
    DESKS.append(desk_of(built, visit, picked))
    app = AppTest.from_function(page, default_timeout=WAIT).run()
    assert not app.exception
    assert "by Density peaks" in _said(app)
    app.selectbox(key="clusters-method-0").set_value("agglomerative").run()
    app.selectbox(key="clusters-space-agglomerative-0").set_value("original").run()
    assert not app.exception
    for _ in range(20):
        if "Agglomerative" in _said(app):
            break
        app.run()
    assert "12 clusters by Agglomerative, computed in the original space; every item is in one" in _said(app)
    assert visit.recipe is built.recipe
    app.button(key="clusters-use-0").click().run()
    assert visit.recipe.cluster_method == "agglomerative"
    assert visit.recipe.cluster_space == "original"
    assert visit.redraws == 1  # the controls show it too


def test_a_line_and_a_cell_light_their_items(built, shown, monkeypatch):
    visit, picked = Session(Settings(), Source(("x",)), built.recipe), []
    desk = desk_of(built, visit, picked)
    monkeypatch.setattr(clusters, "component_state", lambda key: {"selection": {"rows": [2], "cell": [{"cell": 1}]}})
    clusters._turn(desk, shown, "key")
    cluster = shown.table.rows["cluster"].iloc[2]
    assert np.array_equal(picked[-1][0], shown.level.labels == cluster)
    assert picked[-1][1] == shown.level.names[cluster]
    grouped, agreed = made(compared(built, shown, "group"))
    clusters._pick_cell(desk, shown, grouped, agreed, key="key")
    assert picked[-1][0].sum() == agreed.table["items"].iloc[1]
    monkeypatch.setattr(clusters, "component_state", lambda key: {"selection": {"rows": []}})
    clusters._turn(desk, shown, "key")
    assert picked[-1][0] is None


def test_a_name_given_by_hand_is_there_for_other_visits_and_is_taken_back(built, tmp_path, monkeypatch):
    monkeypatch.setattr(dashboard.notebook, "KEPT", AnnotationFolder(tmp_path / "notes"))
    shown = made(described(built, made(found(built, Choice.of(built))), built.clustering.levels[-1].count))
    picked, visits = [], [Session(Settings(), Source(("x",)), built.recipe) for _ in range(2)]
    mine, theirs = (desk_of(built, visit, picked) for visit in visits)
    monkeypatch.setattr(clusters, "component_state", lambda key: {"selection": {"rows": [0]}})
    clusters._turn(mine, shown, "key")
    DESKS.append(mine)
    app = AppTest.from_function(chosen, default_timeout=WAIT).run()
    assert "WHAT SETS" in _said(app)
    cluster = visits[0].kept["clusters"]["cluster"][shown.key]
    app.text_input[0].set_value("My own land").run()
    assert not app.exception
    assert picked[-1][1] == app.text_input[0].value == "My own land"
    assert np.array_equal(picked[-1][0], shown.level.labels == cluster)
    assert names_of(theirs, shown.level)[cluster] == "My own land"
    app.button(key="notes-undo-0").click().run()
    assert app.text_input[0].value == shown.level.names[cluster]
    assert names_of(theirs, shown.level) == shown.level.names


def test_a_visit_remembers_plain_values_until_another_file_is_opened(built):
    visit = Session(Settings(), Source(("x",)), built.recipe)
    DESKS.append(desk_of(built, visit, []))
    AppTest.from_function(page, default_timeout=WAIT).run()
    assert visit.kept
    assert len(pickle.dumps(visit.kept)) < 2000
    visit.open(Source(("y",)))
    assert not visit.kept


def chosen():
    """Run by AppTest: the chosen cluster of the map's finest level."""
    from dashboard.groupings import Choice, described, found
    from dashboard.notebook import names_of
    from dashboard.panels.grouping.chosen_cluster import show_chosen_cluster
    from tests.dashboard.test_clusters_panel import made, stand_in

    desk = stand_in()
    built = desk.built
    shown = made(described(built, made(found(built, Choice.of(built))), built.clustering.levels[-1].count))
    cluster = desk.visit.kept["clusters"]["cluster"][shown.key]
    show_chosen_cluster(desk, shown, cluster, names_of(desk, shown.level))


def _said(app):
    return " ".join(str(one.proto.body) for one in app.get("html"))
