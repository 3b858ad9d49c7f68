"""Members of zip archives: where stored ones lie, so that they are read by range, and packed ones within limits."""

from __future__ import annotations

import zipfile
from pathlib import Path

from cartography.errors import LoadError
from loaders.files.limits import check_expansion

__all__ = ["place_of", "unpacked"]

_LOCAL = b"PK\x03\x04"
_BLOCK = 1 << 22


def place_of(path: Path, member: zipfile.ZipInfo, size: int) -> int:
    """Return the first byte of a member that is stored unpacked, held against the file's `size`.

    The local header is 30 bytes, then the name and an extra field (APPNOTE.TXT, section 4.3.7).
    """
    with path.open("rb") as stream:
        stream.seek(member.header_offset)
        head = stream.read(30)
    start = member.header_offset + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    if head[:4] != _LOCAL or member.file_size != member.compress_size or start + member.file_size > size:
        raise LoadError(
            f"{path.name} is damaged or cut short: {member.filename[:80]} of {member.file_size:,} bytes does not lie "
            "where the archive says.",
            "Copy or download the file again.",
        )
    return start


def unpacked(path: Path, name: str) -> bytes:
    """Return one member, within the limits on unpacking."""
    with zipfile.ZipFile(path) as archive:
        member = archive.getinfo(name)
        check_expansion(member.compress_size, member.file_size, f"{name} in {path.name}")
        if member.flag_bits & 1:
            raise LoadError(f"{name} in {path.name} is encrypted.", "Unpack it, then open what is inside.")
        parts, length = [], 0
        with archive.open(member) as stream:
            while part := stream.read(_BLOCK):
                length += len(part)
                check_expansion(member.compress_size, length, f"{name} in {path.name}")
                parts.append(part)
    return b"".join(parts)
