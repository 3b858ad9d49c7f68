"""Compiled inner loops. Each module compiles when it is imported, once on a machine; import it where it is used.

`cartography.kernels.compiling.ensure_compiled` does that in a process of its own, with progress.
"""
