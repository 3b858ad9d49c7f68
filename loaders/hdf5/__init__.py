"""HDF5 files: their data sets from headers, and nothing that leads outside the file."""
