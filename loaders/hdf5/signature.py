"""Where HDF5 files have their signature: at the start, or behind a block of the writer's own."""

from __future__ import annotations

__all__ = ["MAGIC", "USER_BLOCKS"]

MAGIC = b"\x89HDF\r\n\x1a\n"
USER_BLOCKS = (0, 512, 1024, 2048, 4096, 8192, 16384)
