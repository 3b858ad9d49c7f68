"""What one does with concept axes: make, judge, place the map on them, take them out."""
