"""Vectors without a direction."""
