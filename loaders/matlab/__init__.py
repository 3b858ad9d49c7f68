"""MATLAB files of both kinds: the classic one (v4 to v7) and the one that is HDF5 inside (v7.3)."""
