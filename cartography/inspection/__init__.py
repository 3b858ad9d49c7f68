"""Questions about the items of a map, as pure functions of records: what is near, special, on the wrong side."""
