"""Names on a map: how they are cleaned and measured, spelled, placed and written."""
