"""Opening files: what is inside, how it is read, what can be changed."""
