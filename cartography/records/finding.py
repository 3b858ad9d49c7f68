"""Something worth telling the user about their embeddings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from cartography.records.arrays import require

__all__ = ["SEVERITIES", "Finding", "Place"]

SEVERITIES = ("note", "warning", "error")


@dataclass(frozen=True)
class Place:
    """A spot on the map, in map units; `radius` takes in what the finding is about."""

    x: float
    y: float
    radius: float = 0.0


@dataclass(frozen=True)
class Finding:
    """One sentence with its evidence, the items it is about and where they stand."""

    kind: str
    severity: str
    sentence: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    items: tuple[str, ...] = ()
    place: Place | None = None

    def __post_init__(self) -> None:
        require(self.severity in SEVERITIES, f"severity is {self.severity!r}; expected one of {SEVERITIES}.")
        object.__setattr__(self, "evidence", dict(self.evidence))
        object.__setattr__(self, "items", tuple(self.items))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)
