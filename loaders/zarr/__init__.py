"""Zarr, versions 2 and 3, without the library: the common layouts and codecs."""
