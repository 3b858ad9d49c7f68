"""What the vectors stand for: ids, roles, labels and metadata, and plain remarks."""
