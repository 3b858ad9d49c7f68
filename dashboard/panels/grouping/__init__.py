"""Groups: clusters by any method, and the borders between groups."""
