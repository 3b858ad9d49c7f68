"""Text tables, lists of labels and JSON: from bytes to Arrow tables."""
