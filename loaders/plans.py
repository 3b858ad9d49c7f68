"""From the candidates of files to what can be opened: single ones, and stacks of layers, epochs or models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cartography.errors import LoadError, unknown_name
from loaders.base import Candidate
from loaders.stacks import find_series
from loaders.together import Bundle, Member

__all__ = ["Plan", "choose", "plans_of"]

_STACKABLE = ("vectors", "pictures", "coordinates")
_SEPARATOR = "::"
_WORTH_SAYING = 0.3

Parts = tuple[tuple[Member, str], ...]


@dataclass(frozen=True, eq=False)
class Plan:
    """A candidate and what must be read for it: one key of one file, or several of them for a stack along `axis`."""

    candidate: Candidate
    parts: Parts
    positions: tuple[str, ...] = ()
    axis: str = ""


def plans_of(bundle: Bundle) -> list[Plan]:
    """Return everything that could be opened, most likely first."""
    alone = len(bundle.members) == 1
    plans = [plan for member in bundle.members for plan in _of_file(member, alone)]
    if not alone:
        plans += _across_files(bundle)
    return sorted(plans, key=lambda plan: -plan.candidate.likelihood)


def choose(plans: Sequence[Plan], key: str | None, bundle: Bundle) -> tuple[Plan, list[str]]:
    """Return the plan called `key`; without a key the most likely one, with a note on the others.

    Raises `ParameterError` for an unknown key, `LoadError` when no candidate is better than another.
    """
    if key is not None:
        return _called(plans, str(key), bundle), []
    best = plans[0].candidate
    rivals = [plan.candidate for plan in plans[1:] if _is_rival(plan.candidate, best)]
    if rivals:
        listed = "; ".join(f"{one.key} ({_shape(one)})" for one in [best, *rivals[:7]])
        raise LoadError(
            f"{bundle.name} holds {len(rivals) + 1} candidates of equal standing: {listed}.",
            f"Choose one, for example with key={best.key!r}.",
        )
    others = [plan.candidate.key for plan in plans[1:] if plan.candidate.likelihood >= _WORTH_SAYING]
    if not others:
        return plans[0], []
    listed = ", ".join(others[:6]) + (" …" if len(others) > 6 else "")
    return plans[0], [f"Opened {best.key} ({_shape(best)}). Also there, and opened by key: {listed}."]


def _of_file(member: Member, alone: bool) -> list[Plan]:
    """Return the candidates of one file, and the stacks among them."""
    single = len(member.candidates) == 1
    plans = []
    for candidate in member.candidates:
        key = candidate.key if alone else _outer_key(member, candidate.key, single)
        plans.append(Plan(replace(candidate, key=key), ((member, candidate.key),)))
    stackable = [one for one in member.candidates if one.kind in _STACKABLE]
    for series in find_series([one.key for one in stackable], [one.shape[0] for one in stackable]):
        chosen = [stackable[place] for place in series.places]
        key = series.key if alone else _outer_key(member, series.key, single=False)
        names = tuple(one.key for one in chosen)
        plans.append(_stack(key, series.axis, chosen, tuple((member, name) for name in names), names))
    return plans


def _outer_key(member: Member, key: str, single: bool) -> str:
    return member.source.name if single else f"{member.source.name}{_SEPARATOR}{key}"


def _across_files(bundle: Bundle) -> list[Plan]:
    """Return the stacks that run across files: the same thing in each, the files called layer_0, layer_1, ..."""
    same: dict[str, list[tuple[Member, Candidate]]] = {}
    for member in bundle.members:
        for candidate in member.candidates:
            inner = "" if len(member.candidates) == 1 else candidate.key
            same.setdefault(inner, []).append((member, candidate))
    plans = []
    for inner, entries in same.items():
        names, rows = [member.source.stem for member, _ in entries], [one.shape[0] for _, one in entries]
        for series in find_series(names, rows):
            plans.append(_file_stack(inner, series.key, series.axis, [entries[place] for place in series.places]))
    return plans or (_models(bundle) if bundle.listed else [])


def _models(bundle: Bundle) -> list[Plan]:
    """Take files that a person listed, with equally many rows each, as models over the same items."""
    best = [(member, member.candidates[0]) for member in bundle.members]
    stems = {member.source.stem for member, _ in best}
    if len({one.shape[0] for _, one in best}) > 1 or len(stems) < len(best):
        return []
    names = " + ".join(member.source.stem for member, _ in best)
    return [_file_stack("", names, "model", best)]


def _file_stack(inner: str, pattern: str, axis: str, entries: Sequence[tuple[Member, Candidate]]) -> Plan:
    key = f"{pattern}{_SEPARATOR}{inner}" if inner else pattern
    parts = tuple((member, one.key) for member, one in entries)
    positions = tuple(member.source.stem for member, _ in entries)
    plan = _stack(key, axis, [one for _, one in entries], parts, positions)
    likelihood = min(1.0, plan.candidate.likelihood + 0.05)  # whole files in a row are meant, more than arrays in one
    return replace(plan, candidate=replace(plan.candidate, likelihood=likelihood))


def _stack(key: str, axis: str, chosen: Sequence[Candidate], parts: Parts, positions: tuple[str, ...]) -> Plan:
    first = chosen[0]
    same = len({one.shape for one in chosen}) == 1
    listed = ", ".join(positions[:8]) + (" …" if len(positions) > 8 else "")
    candidate = replace(
        first,
        key=key,
        shape=(len(chosen), *first.shape) if same else (len(chosen), first.shape[0]),
        nbytes=sum(one.nbytes for one in chosen),
        note=f"{len(chosen)} {axis}s of the same {first.shape[0]:,} items, opened as one series: {listed}.",
        kind="stack",
        likelihood=min(0.99, first.likelihood + 0.1 + 0.001 * len(chosen)),
    )
    return Plan(candidate, parts, positions, axis)


def _is_rival(other: Candidate, best: Candidate) -> bool:
    """Whether choosing between the two would be arbitrary."""
    return other.likelihood > best.likelihood - 1e-6 and other.shape == best.shape


def _called(plans: Sequence[Plan], key: str, bundle: Bundle) -> Plan:
    known = {plan.candidate.key: plan for plan in plans}
    if key in known:
        return known[key]
    inside = [plan for plan in plans if key in (inner for _, inner in plan.parts)]
    if inside:  # the key as it is within one file, or the same one in each of several
        return max(inside, key=lambda plan: len(plan.parts) if len({inner for _, inner in plan.parts}) == 1 else 0)
    other = [plan for plan in plans if key in plan.candidate.aliases]
    if other:
        return other[0]
    if "," in key and len(bundle.members) == 1:  # a list of columns, which the loader checks
        return Plan(Candidate(key, (0,), "", 0, ""), ((bundle.members[0], key),))
    raise unknown_name(f"candidate in {bundle.name}", key, known)


def _shape(candidate: Candidate) -> str:
    return " × ".join(f"{length:,}" for length in candidate.shape)
