"""Files and checkpoints into embeddings.

    loaders.formats()                 what can be read
    loaders.probe("cars.parquet")     what is inside, cheaply
    loaders.load("cars.parquet")      the embeddings, checked and cleaned; what was guessed is in their notes
    loaders.tensors("model.pt")       every tensor of a checkpoint, from its header

A new format is one new file in `embeddings/` or `checkpoints/`; see `base.py`.
"""

from loaders.base import Candidate, Format
from loaders.census import TensorRow, tensors
from loaders.opening import formats, load, probe

__all__ = ["Candidate", "Format", "TensorRow", "formats", "load", "probe", "tensors"]
