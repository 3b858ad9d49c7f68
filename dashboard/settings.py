"""What the command line tells the dashboard, through the environment of its process."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["CAR_LAND", "CAR_LAND_RECIPE", "ROOT", "Settings"]

ROOT = Path(__file__).resolve().parents[1]
CAR_LAND = ROOT / "examples" / "car_land.parquet"
CAR_LAND_RECIPE = ROOT / "examples" / "car_land.recipe.json"

_FILES = "EMBEDDING_CARTOGRAPHER_FILES"
_READ_ONLY = "EMBEDDING_CARTOGRAPHER_READ_ONLY"
_DATA_DIR = "EMBEDDING_CARTOGRAPHER_DATA_DIR"


@dataclass(frozen=True)
class Settings:
    """How this server was started.

    `files` are opened first instead of Car-Land, `read_only` takes uploads away, `data_dir` is the one folder on the
    server whose files people may open.
    """

    files: tuple[str, ...] = ()
    read_only: bool = False
    data_dir: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings of this process."""
        return cls(
            files=tuple(json.loads(environment.get(_FILES, "[]"))),
            read_only=environment.get(_READ_ONLY) == "1",
            data_dir=environment.get(_DATA_DIR) or None,
        )

    def to_environment(self) -> dict[str, str]:
        """Return the variables that tell another process the same."""
        return {
            _FILES: json.dumps(list(self.files)),
            _READ_ONLY: "1" if self.read_only else "",
            _DATA_DIR: self.data_dir or "",
        }
