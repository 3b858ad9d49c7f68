"""What holds for every test: none reads or fills the cache of whoever runs it."""

from __future__ import annotations

import os

os.environ["EMBEDDING_CARTOGRAPHER_CACHE"] = "off"  # for the servers that tests start as well
