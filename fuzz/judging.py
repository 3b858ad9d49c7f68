"""What a loader may do with bytes of any kind, and what it may not."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.contracts.test_loaders import OUR_FAULT
from tests.loaders.examples import EXAMPLES, largest_file


class Judge:
    """Puts bytes in the place of an example's largest file and opens it.

    An exception leaves it for everything that is a finding: any error that is no `CartographyError`, and one whose
    message shows a fault of our own.
    """

    def __init__(self, name: str, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.path = EXAMPLES[name](folder)
        self.file = largest_file(self.path)
        self.seed = self.file.read_bytes()
        self.executions = 0

    def __call__(self, data: bytes) -> None:
        """Open the example with these bytes in it."""
        import loaders
        from cartography.errors import CartographyError

        self.executions += 1
        self.file.write_bytes(data)
        for call in (loaders.probe, loaders.load):
            try:
                call(self.path)
            except CartographyError as error:
                if OUR_FAULT.search(error.message):
                    raise AssertionError(error.message) from error

    def close(self) -> None:
        """Remove what was written."""
        shutil.rmtree(self.path.parent, ignore_errors=True)
