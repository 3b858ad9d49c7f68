"""What people add: tags, corrections, notes, bookmarks."""
