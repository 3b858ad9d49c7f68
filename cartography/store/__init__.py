"""Keeps results by what they were made from, in memory and on disk: a change redoes only what depends on it."""

from cartography.store.disk import DiskStore
from cartography.store.memory import MemoryStore

__all__ = ["DiskStore", "MemoryStore"]
