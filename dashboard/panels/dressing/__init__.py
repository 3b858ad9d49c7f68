"""The map itself: its recipe, its dress, its picture, what it is."""
