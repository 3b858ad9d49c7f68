"""`projector_config.pbtxt` and its JSON twin: which vectors go with which metadata and which sprite."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cartography.errors import LoadError
from loaders.files.limits import size_text
from loaders.files.source import Source

__all__ = ["Entry", "entries_of", "find_shape", "is_config"]

_LARGEST = 16 << 20
_TOKEN = re.compile(
    r'\s*(?:#[^\n]*\n\s*)*(?:([A-Za-z_]\w*)\s*:?|("(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|[-+\w.]+)|([{}<>\[\],;]))'
)
_NAMES = ("projector_config.pbtxt", "projector_config.json", "oss_demo_projector_config.json")


@dataclass(frozen=True)
class Entry:
    """One embedding of a configuration; paths are as written, relative to the configuration."""

    name: str
    tensor_path: str = ""
    metadata_path: str = ""
    shape: tuple[int, ...] = ()
    sprite_path: str = ""
    tile: tuple[int, ...] = ()
    bookmarks_path: str = ""


def is_config(source: Source) -> bool:
    """Whether a file is a projector configuration, by its first bytes."""
    if source.suffix == ".json":
        return b'"embeddings"' in source.head and (b'"tensorPath"' in source.head or b'"tensorName"' in source.head)
    return source.suffix in (".pbtxt", ".txt", ".prototxt") and bool(
        re.search(rb"embeddings\s*:?\s*\{", source.head[:4096])
    )


def entries_of(source: Source) -> list[Entry]:
    """Return the embeddings that a configuration names. Raises `LoadError` when it cannot be understood."""
    if source.size > _LARGEST:
        raise LoadError(f"{source.name} has {size_text(source.size)}; a projector configuration is never that large.")
    text = source.read_all().decode("utf-8", "replace")
    return list(_from_json(text, source.name) if source.suffix == ".json" else _from_text(text, source.name))


def find_shape(source: Source) -> tuple[int, ...] | None:
    """Return the shape that a configuration beside the file gives it, or None."""
    names = [path.name for path in source.companions if path.suffix in (".json", ".pbtxt")]
    for name in dict.fromkeys((*names, *_NAMES)):
        config = source.beside(name)
        if config is None or not is_config(config):
            continue
        for entry in entries_of(config):
            if entry.shape and entry.tensor_path.replace("\\", "/").rsplit("/", 1)[-1] == source.name:
                return entry.shape
    return None


def _from_json(text: str, name: str) -> Iterator[Entry]:
    try:
        embeddings = json.loads(text)["embeddings"]
        for one in embeddings:
            sprite = one.get("sprite") or {}
            yield Entry(
                name=str(one.get("tensorName") or one.get("tensorPath") or "embedding"),
                tensor_path=str(one.get("tensorPath") or ""),
                metadata_path=str(one.get("metadataPath") or ""),
                shape=_sizes(one.get("tensorShape")),
                sprite_path=str(sprite.get("imagePath") or ""),
                tile=_sizes(sprite.get("singleImageDim")),
                bookmarks_path=str(one.get("bookmarksPath") or ""),
            )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise LoadError(
            f"{name} is not a projector configuration that can be understood.",
            'It should hold {"embeddings": [{"tensorName": ..., "tensorPath": ...}]}.',
        ) from error


def _sizes(value: Any) -> tuple[int, ...]:
    sizes = value if isinstance(value, list) else []
    return tuple(int(size) for size in sizes if isinstance(size, (int, str)) and str(size).isdecimal())


def _from_text(text: str, name: str) -> Iterator[Entry]:
    """Read the text form of protocol buffers, as far as this configuration needs it."""
    for fields in _blocks(_tokens(text), name):
        sprite = _nested(fields, "sprite")
        yield Entry(
            name=_one(fields, "tensor_name") or _one(fields, "tensor_path") or "embedding",
            tensor_path=_one(fields, "tensor_path"),
            metadata_path=_one(fields, "metadata_path"),
            shape=tuple(int(size) for size in fields.get("tensor_shape", []) if str(size).isdecimal()),
            sprite_path=_one(sprite, "image_path"),
            tile=tuple(int(size) for size in sprite.get("single_image_dim", []) if str(size).isdecimal()),
            bookmarks_path=_one(fields, "bookmarks_path"),
        )


Fields = dict[str, list[Any]]


def _tokens(text: str) -> list[str]:
    return [next(part for part in match.groups() if part is not None) for match in _TOKEN.finditer(text)]


def _blocks(tokens: list[str], name: str) -> list[Fields]:
    """Return the `embeddings` blocks; a stack of open blocks instead of recursion bounds the depth."""
    root: Fields = {}
    stack: list[Fields] = [root]
    key = ""
    for token in tokens:
        if token in ("{", "<"):
            inner: Fields = {}
            stack[-1].setdefault(key, []).append(inner)
            stack.append(inner)
        elif token in ("}", ">"):
            if len(stack) == 1:
                raise LoadError(f"{name} closes more blocks than it opens.", "It should hold embeddings { ... }.")
            stack.pop()
        elif token in ("[", "]", ",", ";"):
            continue
        elif token[0] in "\"'":
            stack[-1].setdefault(key, []).append(re.sub(r"\\(.)", r"\1", token[1:-1]))
        elif token[0].isdigit() or token[0] in "+-.":
            stack[-1].setdefault(key, []).append(token)
        else:
            key = token
    return [block for block in root.get("embeddings", []) if isinstance(block, dict)]


def _one(fields: Fields, key: str) -> str:
    value = fields.get(key, [""])[0]
    return value if isinstance(value, str) else ""


def _nested(fields: Fields, key: str) -> Fields:
    value = fields.get(key, [{}])[0]
    return value if isinstance(value, dict) else {}
