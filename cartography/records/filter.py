"""A condition on one column that items fulfil or not."""

from __future__ import annotations

from dataclasses import dataclass

from cartography.records.arrays import require

__all__ = ["Filter"]


@dataclass(frozen=True)
class Filter:
    """Keeps the items whose value in `column` is one of `values`, or lies from `low` to `high`.

    `values` are groups as `cartography.columns` names them; None means that the column is filtered by its numbers.
    `low` and `high` are inclusive, None for open; dates count in nanoseconds since 1970. `missing` tells whether
    items without a value are kept.
    """

    column: str
    values: tuple[str, ...] | None = None
    low: float | None = None
    high: float | None = None
    missing: bool = False

    def __post_init__(self) -> None:
        if self.values is not None:
            object.__setattr__(self, "values", tuple(self.values))
            require(self.low is None and self.high is None, "A filter has values or bounds, not both.")
        bounded = self.low is not None and self.high is not None
        require(not bounded or self.low <= self.high, f"A filter from {self.low} to {self.high} keeps nothing.")  # type: ignore[operator]
