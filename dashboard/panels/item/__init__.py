"""One item: its card, what is near it, and the way to others."""
