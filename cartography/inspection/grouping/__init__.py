"""What can be said of clusters: their measures, whether they come back, what they agree with, their names."""
