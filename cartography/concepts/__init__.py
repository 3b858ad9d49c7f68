"""Concepts in a space of vectors: sums of items, axes that a person names, and what speaks for or against them."""
