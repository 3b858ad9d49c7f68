"""Directions that stand for concepts."""
