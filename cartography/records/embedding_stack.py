"""The same items seen through several layers, checkpoints or models."""

from __future__ import annotations

from dataclasses import dataclass

from cartography.records.arrays import require
from cartography.records.embedding_set import EmbeddingSet

__all__ = ["EmbeddingStack"]


@dataclass(frozen=True, eq=False)
class EmbeddingStack:
    """Several embeddings of the same items, in order.

    Attributes
    ----------
    sets : the members, all with the same ids in the same order; their dimensions may differ
    axis : what changes from one to the next: "layer", "epoch", "checkpoint" or "model"
    positions : one label per member along that axis, such as ("layer_0", "layer_1")
    """

    sets: tuple[EmbeddingSet, ...]
    axis: str
    positions: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "sets", tuple(self.sets))
        object.__setattr__(self, "positions", tuple(str(position) for position in self.positions))
        require(len(self.sets) > 0, "A stack needs at least one member.")
        require(
            len(self.sets) == len(self.positions),
            f"There are {len(self.sets)} members but {len(self.positions)} positions.",
        )
        first = self.sets[0].ids
        for member, position in zip(self.sets, self.positions, strict=True):
            require(first.equals(member.ids), f"Member {position!r} does not hold the same items as the first.")

    def __len__(self) -> int:
        return len(self.sets)

    def __getitem__(self, position: int | str) -> EmbeddingSet:
        """Return a member by its place in the stack or by its label."""
        if isinstance(position, str):
            require(position in self.positions, f"There is no member {position!r} in this stack.")
            position = self.positions.index(position)
        return self.sets[position]

    @property
    def name(self) -> str:
        """The name of the first member."""
        return self.sets[0].name

    @property
    def notes(self) -> tuple[str, ...]:
        """Every member's notes, each once, in order."""
        return tuple(dict.fromkeys(note for member in self.sets for note in member.notes))
