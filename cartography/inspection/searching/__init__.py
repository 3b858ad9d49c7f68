"""How items are found: by words, patterns, ids, comparisons, and by conditions on columns."""
