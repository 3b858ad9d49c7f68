"""MapScene -> pictures: themes, palettes, painted tiles, posters."""
