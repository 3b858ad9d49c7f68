"""A file as the loaders see it, how much it may ask for, and what is known but not read."""
