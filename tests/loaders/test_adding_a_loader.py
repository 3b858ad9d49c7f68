"""The loader of the guide works as it stands there."""

from __future__ import annotations

import re
import struct
import sys

import numpy as np
import pytest

import loaders
import loaders.embeddings
from cartography.errors import LoadError
from loaders.base import loaders as registered
from tests.data import ROOT
from tests.loaders.made import vectors, write


def test_the_code_of_the_guide_is_a_loader(tmp_path, monkeypatch):
    page = (ROOT / "docs" / "adding_a_loader.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    package = write(tmp_path, "package/vecs_of_the_guide.py", code).parent
    monkeypatch.setattr(loaders.embeddings, "__path__", [*loaders.embeddings.__path__, str(package)])
    registered.cache_clear()
    try:
        rows, words = vectors(4, 3), ["a", "b", "c", "d"]
        data = struct.pack("<4sii", b"VECS", 4, 3) + rows.tobytes() + "\n".join(words).encode()
        embeddings = loaders.load(write(tmp_path, "stones.vecs", data))
        assert np.array_equal(embeddings.vectors, rows)
        assert embeddings.ids.tolist() == words
        assert embeddings.provenance["format"] == "Vecs"
        with pytest.raises(LoadError, match="more than its"):
            loaders.load(write(tmp_path, "cut.vecs", data[:30]))
    finally:
        registered.cache_clear()
        sys.modules.pop("loaders.embeddings.vecs_of_the_guide", None)
