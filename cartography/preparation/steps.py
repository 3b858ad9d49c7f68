"""Which steps are taken, as plain choices: checked, written in one word each, the same in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cartography.errors import ParameterError, unknown_name
from cartography.parameters import Parameter, resolve

__all__ = ["MOST_AXES", "PARAMETERS", "Preparation"]

MOST_AXES = 1000
"""Principal components kept at most."""

PARAMETERS = (
    Parameter("center", False, "Move the middle of all vectors to zero.", kind=bool),
    Parameter(
        "remove_top",
        0,
        "Take this many principal directions away, which often say how common an item is; centres first.",
        0,
        100,
        kind=int,
    ),
    Parameter(
        "pca",
        0,
        "Keep this many principal components; 0 keeps every dimension. Centres first.",
        0,
        MOST_AXES,
        kind=int,
        label="PCA dimensions",
    ),
    Parameter("whiten", False, "Give every principal component the same weight; centres first.", kind=bool),
    Parameter("unit", False, "Scale every vector to length 1, last of all.", kind=bool, label="Unit length"),
    Parameter(
        "spherize", False, "Center and unit in one word, as the TensorFlow Embedding Projector calls it.", kind=bool
    ),
)
"""Every step, in the order in which they are taken; `spherize` stands for the first and the last."""


@dataclass(frozen=True)
class Preparation:
    """What is done to the vectors: the fields in their order, whatever the order they were named in.

    `remove_top` is "all but the top" (Mu and Viswanath 2018), `whiten` is PCA whitening.
    """

    center: bool = False
    remove_top: int = 0
    pca: int = 0
    whiten: bool = False
    unit: bool = False

    def __bool__(self) -> bool:
        """Whether anything is done at all."""
        return self != Preparation()

    @classmethod
    def of(cls, steps: Mapping[str, Any] | None) -> Preparation:
        """Read the steps of a recipe. Raises `ParameterError` for an unknown step or a value outside its limits."""
        chosen = resolve(PARAMETERS, steps or {}, "the preparation")
        if chosen.pop("spherize"):
            chosen |= {"center": True, "unit": True}
        return cls(**chosen)

    @classmethod
    def parse(cls, text: str) -> Preparation:
        """Read steps as a person writes them: "center,pca=50,unit", or "none"."""
        words = [word.strip() for word in text.split(",")]
        return cls.of({} if words in (["none"], [""]) else dict(_step(word, words) for word in words))

    def to_mapping(self) -> dict[str, Any]:
        """Return the steps that are taken, as a recipe holds them."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def needs_axes(self) -> bool:
        """Whether principal axes have to be found."""
        return bool(self.remove_top or self.pca or self.whiten)


def _step(word: str, words: list[str]) -> tuple[str, Any]:
    name, equals, value = (part.strip() for part in word.partition("="))
    known = {parameter.name: parameter for parameter in PARAMETERS}
    if name not in known:
        raise unknown_name("preparation step", name, known)
    if sum(other.partition("=")[0].strip() == name for other in words) > 1:
        raise ParameterError(f"The preparation step {name} is named twice.", "Name it once.")
    if known[name].kind is bool:
        if equals:
            raise ParameterError(f"The preparation step {name} takes no value.", f"Write {name} alone.")
        return name, True
    if not value.isdecimal():
        raise ParameterError(
            f"The preparation step {name} needs a whole number, not {value!r}.", f"Write it as {name}=3."
        )
    return name, int(value)
