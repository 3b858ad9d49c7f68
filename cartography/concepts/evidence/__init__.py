"""Whether an axis means what it is said to."""
