"""Formulas over vectors."""
