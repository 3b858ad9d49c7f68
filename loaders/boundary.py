"""The edge of the package: whatever a broken file causes inside leaves as one clear sentence."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from lzma import LZMAError
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from cartography.errors import CartographyError, LoadError

__all__ = ["one_clear_sentence"]

_DAMAGED = (BadZipFile, zlib.error, LZMAError, EOFError)
_DEFAULT_HINT = "Copy the file again, or write it anew with the tool that made it."
_HINT = "Copy or write the file again; if it opens elsewhere, please report it with this message."


@contextmanager
def one_clear_sentence(path: Any) -> Iterator[None]:
    """Turn every exception into a `CartographyError` about `path`; the original stays attached as its cause."""
    try:
        yield
    except CartographyError as error:
        error.hint = error.hint or _DEFAULT_HINT
        raise
    except OSError as error:
        raise _of_the_system(path, error) from error
    except MemoryError as error:
        raise LoadError(
            f"{_name(path)} does not fit into memory.",
            "Open a part of it with sample=100000, or write a smaller file.",
        ) from error
    except RecursionError as error:
        raise LoadError(f"{_name(path)} is nested too deep.", _HINT) from error
    except _DAMAGED as error:
        raise LoadError(f"{_name(path)} is damaged or cut short: {_said(error)}.", _HINT) from error
    except UnicodeError as error:
        raise LoadError(
            f"{_name(path)} holds text in an unknown encoding: {_said(error)}.", "Name it, as encoding=..."
        ) from error
    except Exception as error:
        raise LoadError(f"{_name(path)} could not be read: {_said(error)}.", _HINT) from error


def _of_the_system(path: Any, error: OSError) -> LoadError:
    if isinstance(error, FileNotFoundError):
        return LoadError(f"There is no file {error.filename or _name(path)!r}.", "Check the path.")
    if isinstance(error, PermissionError):
        return LoadError(f"{_name(path)} may not be read by this user.", "Check its permissions.")
    return LoadError(f"{_name(path)} could not be read: {_said(error)}.", _HINT)


def _name(path: Any) -> str:
    if isinstance(path, (list, tuple)):
        return ", ".join(_name(one) for one in path[:3]) or "The list of files"
    try:
        return Path(path).name or str(path)
    except TypeError:
        return f"{path!r:.60}"


def _said(error: BaseException) -> str:
    """Return the first line of a library's message, as part of a sentence."""
    first = (str(error).strip().splitlines() or [""])[0].rstrip(".")
    return f"{type(error).__name__}: {first[:200]}" if first else type(error).__name__
