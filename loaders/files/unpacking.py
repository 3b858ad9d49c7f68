"""A zip of files is opened as the folder it holds: unpacked aside, within limits, and only what is safe to write."""

from __future__ import annotations

import shutil
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from cartography.errors import LoadError
from loaders.files.limits import check_expansion, size_text

__all__ = ["is_zip_of_files", "unpacked"]

_MOST_FILES = 2000
_DEPTH = 8
_LONGEST_NAME = 200
_ROOM = 32 << 30
_BLOCK = 1 << 20


def is_zip_of_files(path: Any) -> bool:
    """Return whether a path is a file that begins as a zip does and is called one, or by no suffix at all."""
    try:
        place = Path(path)
        if (
            not place.is_file()
            or place.suffix.lower() not in (".zip", "")
            or place.name.lower().endswith(".zarr.zip")
        ):
            return False
        with place.open("rb") as stream:
            return stream.read(4) == b"PK\x03\x04"
    except (TypeError, ValueError, OSError):
        return False


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """Give a folder with the members of a zip, which is removed afterwards. Raises `LoadError` for an unsafe one."""
    with zipfile.ZipFile(path) as archive, TemporaryDirectory(prefix="cartographer-") as folder:
        members = _members(archive, path.name)
        total = sum(member.file_size for member in members)
        check_expansion(path.stat().st_size, total, path.name)
        if total > min(_ROOM, shutil.disk_usage(folder).free // 2):
            raise LoadError(
                f"{path.name} unpacks to {size_text(total)}, more than there is room for.",
                "Unpack it where there is room, and open the folder.",
            )
        inside = Path(folder) / (path.stem or "zip")
        inside.mkdir()
        for member in members:
            _write(archive, member, inside, path.name)
        yield inside


def _members(archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    """Return the files of an archive. Raises `LoadError` when one leads outside, is a link, or is encrypted."""
    found = [one for one in archive.infolist() if not one.is_dir() and not _is_of_the_system(one.filename)]
    if not found:
        raise LoadError(f"{name} is an empty zip.", "Open a file or a folder with vectors in it.")
    if len(found) > _MOST_FILES:
        raise LoadError(
            f"{name} holds {len(found):,} files; at most {_MOST_FILES:,} are unpacked.", "Unpack it first."
        )
    seen: set[str] = set()
    for member in found:
        reason = _unsafe(member) or ("is there twice" if member.filename.lower() in seen else "")
        if reason:
            raise LoadError(
                f"{member.filename[:80]!r} in {name} {reason}; the zip is refused.",
                "If you trust it, unpack it yourself and open the folder.",
            )
        seen.add(member.filename.lower())
    return found


def _is_of_the_system(name: str) -> bool:
    """Whether a member is what macOS adds to every zip."""
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith("._")


def _unsafe(member: zipfile.ZipInfo) -> str:
    """Return what is wrong with a member, "" when nothing is."""
    name = member.filename.replace("\\", "/")
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ":" in name or ".." in parts or "\0" in name or not parts:
        return "leads outside the archive"
    if len(parts) > _DEPTH or any(len(part.encode("utf-8", "replace")) > _LONGEST_NAME for part in parts):
        return "has a name that is too long"
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "is a link or a device"
    return "is encrypted" if member.flag_bits & 0x1 else ""


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, name: str) -> None:
    """Unpack one member, and no more of it than its head promised."""
    target = folder.joinpath(*PurePosixPath(member.filename.replace("\\", "/")).parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with archive.open(member) as stream, target.open("xb") as file:
        while part := stream.read(_BLOCK):
            written += len(part)
            if written > member.file_size:
                raise LoadError(f"{member.filename[:80]!r} in {name} is longer than it says.", "Write the zip again.")
            file.write(part)
