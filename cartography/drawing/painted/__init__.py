"""The painted part of a map: land and sea in relief, fog, flecks and the symbols of the land, as pixels."""
