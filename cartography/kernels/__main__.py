"""`python -m cartography.kernels`: compile everything into this machine's cache."""

from importlib import import_module

from cartography.kernels.compiling import kernel_modules, mark_compiled

for module in kernel_modules():
    import_module(module)
mark_compiled()
