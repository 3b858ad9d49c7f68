"""What people correct: cells and tags as patches, and as files."""
