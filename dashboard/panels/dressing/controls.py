"""The choices in the sidebar: every one of them ends up in the recipe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from cartography.clusters import methods
from cartography.neighbours import METRICS
from cartography.parameters import Parameter
from cartography.preparation import PARAMETERS
from cartography.projectors import projectors
from cartography.projectors.given import has_coordinates
from cartography.records import Colouring, EmbeddingSet, Recipe
from dashboard.panels.dressing.dress import choose_colours, choose_dress

__all__ = ["choose_parameters", "choose_recipe"]

_AUTOMATIC = "Chosen for you"
_UNSET = "\0unset"
_SPACES = {"map": "the map", "original": "the original space"}


def choose_recipe(
    embeddings: EmbeddingSet,
    recipe: Recipe,
    visit: str,
    colouring: Colouring | None = None,
    colours: tuple[str, ...] = (),
) -> Recipe:
    """Draw the controls and return the recipe as the person wants it.

    Colours, names and all that dresses the map change at once; what takes long to compute waits for its button.
    `visit` names the file opened and the recipe, so that the controls start afresh with another. `colouring` and
    `colours`, by code, are those of the map on screen.
    """
    with st.container(key=f"controls-{visit}", gap="small"):
        recipe = _named(embeddings, recipe, visit)
        recipe = choose_dress(recipe, embeddings.name, visit)
        if colouring is not None:
            recipe = choose_colours(recipe, colouring, colours, visit)
        st.html("<p class='ec-head'>PROJECTION</p>")
        wanted = _projected(embeddings, recipe, visit)
        changed = wanted != recipe
        if st.button(
            "Draw the map",
            key=f"draw-{visit}",
            icon=":material/brush:",
            type="primary" if changed else "secondary",
            disabled=not changed,
            width="stretch",
        ):
            return wanted
    return recipe


def _named(embeddings: EmbeddingSet, recipe: Recipe, visit: str) -> Recipe:
    columns = list(map(str, embeddings.items.columns))
    color_by = _column("Colour by", columns, recipe.color_by, "Colours the items and tints the land.", visit)
    label_by = _column("Name by", columns, recipe.label_by, "Where the names of towns and regions come from.", visit)
    return recipe.replace(color_by=color_by, label_by=label_by)


def _column(label: str, columns: Sequence[str], chosen: str | None, what: str, visit: str) -> str | None:
    return _choose_one(label, columns, chosen, key=f"{label}-{visit}", what=what)


def _choose_one(
    label: str, options: Iterable[Any], chosen: Any, *, key: str, unset: str = _AUTOMATIC, what: str | None = None
) -> Any:
    """Draw a selectbox that has `unset` before its options, and return the option; None for `unset`.

    To Streamlit a value of None is a box without a choice: drawn anew it would say "Choose an option".
    """
    offered = [_UNSET, *options]
    value = st.selectbox(
        label,
        offered,
        offered.index(chosen) if chosen in offered else 0,
        format_func=lambda name: unset if name == _UNSET else str(name),
        help=what,
        key=key,
    )
    return None if value == _UNSET else value


def _projected(embeddings: EmbeddingSet, recipe: Recipe, visit: str) -> Recipe:
    known = projectors()
    offered = _offered(embeddings)
    current = recipe.method or offered[0]
    method = st.selectbox(
        "Method", offered, offered.index(current), format_func=lambda name: known[name].title, key=f"method-{visit}"
    )
    st.caption(known[method].summary)
    with st.expander("Parameters", icon=":material/tune:"):
        chosen = recipe.method_params if method == current else {}
        columns = [str(column) for column in embeddings.items.columns]
        params = choose_parameters(f"{method}-{visit}", known[method].parameters, chosen, columns)
        metric = _choose_one(
            "Nearness",
            METRICS,
            recipe.metric,
            what="How distances are measured in the original space.",
            key=f"metric-{visit}",
        )
        seed = st.number_input(
            "Seed", 0, 2**31 - 1, recipe.seed, help="The same seed gives the same map.", key=f"seed-{visit}"
        )
        sample = _sample(len(embeddings), recipe.sample, visit)
    with st.expander("Preparation", icon=":material/straighten:"):
        preparation = _prepared(recipe, visit)
    with st.expander("Towns and regions", icon=":material/location_city:"):
        clusters = _clusters(recipe, visit)
    return recipe.replace(
        method=None if recipe.method is None and method == current else method,
        method_params=params,
        preparation=preparation,
        metric=metric,
        seed=int(seed),
        sample=sample,
        **clusters,
    )


def _prepared(recipe: Recipe, visit: str) -> Mapping[str, Any] | None:
    st.caption("Done to the vectors before anything else, in this order. Nothing, unless you choose it.")
    chosen = choose_parameters(f"preparation-{visit}", PARAMETERS, recipe.preparation or {})
    return chosen or (None if recipe.preparation else recipe.preparation)


def _offered(embeddings: EmbeddingSet) -> list[str]:
    """Every method that fits, the one chosen by default first."""
    usual = ["given", "umap", "tsne", "pca"] if has_coordinates(embeddings) else ["umap", "tsne", "pca"]
    return [*usual, *(name for name in projectors() if name not in ("given", *usual))]


def _sample(n: int, chosen: int | None, visit: str) -> int | None:
    most = max(n, 2)
    value = st.number_input(
        "Items drawn",
        2,
        most,
        min(chosen or n, most),
        help="Fewer are drawn at random by the seed.",
        key=f"sample-{visit}",
    )
    return None if value >= n else int(value)


def _clusters(recipe: Recipe, visit: str) -> dict[str, Any]:
    known = methods()
    usual = "peaks"
    current = recipe.cluster_method or usual
    names = list(known)
    chosen = st.selectbox(
        "Grouped by", names, names.index(current), format_func=lambda name: known[name].title, key=f"grouped-{visit}"
    )
    st.caption(known[chosen].summary)
    spaces = list(known[chosen].spaces)
    before = recipe.cluster_space if recipe.cluster_space in spaces else spaces[0]
    space = st.selectbox(
        "Computed on",
        spaces,
        spaces.index(before),
        format_func=lambda name: _SPACES[name],
        key=f"space-{chosen}-{visit}",
    )
    same = chosen == current
    return {
        "cluster_method": recipe.cluster_method if same else chosen,
        "cluster_space": space,
        "cluster_params": recipe.cluster_params if same else {},
    }


def choose_parameters(
    owner: str, parameters: Iterable[Parameter], chosen: Any, columns: Sequence[str] = ()
) -> dict[str, Any]:
    """Draw one control for each parameter; return those that differ from their defaults."""
    values = {p.name: _parameter(owner, p, chosen.get(p.name, p.default), columns) for p in parameters}
    return {p.name: values[p.name] for p in parameters if values[p.name] != p.default}


def _parameter(owner: str, parameter: Parameter, value: Any, columns: Sequence[str]) -> Any:
    label = parameter.title
    key = f"parameter-{owner}-{parameter.name}"
    if parameter.choices or parameter.kind is str:
        named = parameter.choices or columns
        if parameter.default is None:
            unset = _AUTOMATIC if parameter.choices else "None"
            return _choose_one(label, named, value, unset=unset, what=parameter.help, key=key)
        index = named.index(value) if value in named else 0
        return st.selectbox(label, named, index, help=parameter.help, key=key)
    if parameter.kind is bool:
        return st.checkbox(label, value, help=parameter.help, key=key)
    kind = parameter.kind
    low, high = (kind(limit) if limit is not None else None for limit in (parameter.low, parameter.high))
    step = 1 if kind is int else 0.05 if (high or 1) <= 10 else 1.0
    return st.number_input(
        label,
        low,
        high,
        kind(value) if value is not None else None,
        step=step,
        help=parameter.help,
        key=key,
        placeholder="chosen by size",
    )
