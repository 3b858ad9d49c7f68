"""Pickles read as data: nothing is imported, nothing is called, every other name is refused."""
