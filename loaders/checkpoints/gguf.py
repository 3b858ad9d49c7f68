"""GGUF models: all plain types and most block types of ggml, with the tokens that the file itself holds."""

from __future__ import annotations

import mmap
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.errors import LoadError
from loaders.arrays.checkpoint import Checkpoint, Rows, Tensor, rows_in_file, stored_type
from loaders.arrays.ggml_blocks import BLOCKS, BlockType, block_numbers
from loaders.arrays.tensors import TOKEN_TABLE, TensorInfo, likely_kind
from loaders.base import Format, Match
from loaders.files.source import Source
from loaders.items.vocabulary import readable_tokens
from loaders.wire.gguf import Header, Stored, read_header

__all__ = ["LOADER", "Gguf"]

_TOKENS = "tokenizer.ggml.tokens"


class Gguf(Checkpoint):
    """One model file."""

    format = Format(
        "GGUF", (".gguf",), reads="any tensor, block types as float32; the file's own tokens label the table"
    )

    def match(self, source: Source) -> Match:
        """The file begins with GGUF."""
        if source.head.startswith(b"GGUF"):
            return Match.CERTAIN
        return Match.NAME if source.suffix == ".gguf" else Match.NO

    def tensors(self, source: Source) -> dict[str, Tensor]:
        """Return every tensor, from the header."""
        header = _header(source)
        return {one.name: _tensor(one, source.path, header.big_endian) for one in header.tensors}

    def nothing_found(self, source: Source) -> LoadError:
        """Say so when the file holds a vocabulary alone."""
        tokens = _header(source).metadata.get(_TOKENS)
        if _header(source).tensors or not isinstance(tokens, list):
            return super().nothing_found(source)
        return LoadError(
            f"{source.name} holds a vocabulary of {len(tokens):,} tokens, but no weights.",
            "Open the file of the model itself; this one is for its tokenizer alone.",
        )

    def items(self, source: Source, tensor: Tensor) -> tuple[pd.DataFrame, tuple[str, ...]]:
        """Return the tokens of the file, one for each row of the token table."""
        metadata = _header(source).metadata
        tokens = metadata.get(_TOKENS)
        rows = tensor.info.shape[0] if tensor.info.shape else 0
        if not isinstance(tokens, list) or likely_kind(tensor.info) != TOKEN_TABLE or not 0 < len(tokens) <= rows:
            return super().items(source, tensor)
        texts: list[str | None] = [str(one) for one in tokens]
        notes = ["The tokens are those in the file."]
        if metadata.get("tokenizer.ggml.model") == "gpt2":
            texts, said = readable_tokens(texts)
            notes += said
        if len(texts) < rows:
            notes.append(f"{rows - len(texts):,} of {rows:,} rows have no token.")
        return pd.DataFrame({"token": [*texts, *[None] * (rows - len(texts))]}), tuple(notes)


def _header(source: Source) -> Header:
    if "gguf" not in source.memo:
        with source.plain_path().open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            if data[:4] != b"GGUF":
                raise LoadError(f"{source.name} is called .gguf, but does not begin with GGUF.", "Download it again.")
            source.memo["gguf"] = read_header(data, source.name)
    header: Header = source.memo["gguf"]
    return header


def _tensor(one: Stored, path: Path, big_endian: bool) -> Tensor:
    info = TensorInfo(one.name, one.shape, one.dtype, one.nbytes)
    hint = "Convert the model to Q8_0 or F16 with llama-quantize --allow-requantize, and open that."
    block = BLOCKS.get(one.dtype)
    if (block is None and stored_type(one.dtype) is None) or (block is not None and block.numbers is None):
        return Tensor(info, _nothing, f"has the type {one.dtype}, which is not read", hint)
    if block is None:
        return Tensor(info, rows_in_file(path, one.offset, one.shape, one.dtype, big_endian))
    if big_endian:
        return Tensor(info, _nothing, f"has the type {one.dtype} in a file for big-endian machines", hint)
    return Tensor(info, _rows(one, path, block))


def _rows(one: Stored, path: Path, block: BlockType) -> Rows:
    inner = prod(one.shape[1:]) if len(one.shape) > 1 else 1
    if len(one.shape) < 2:
        return _list_rows(one, path, block)
    width = inner // block.elements * block.nbytes

    def rows(start: int, stop: int) -> NDArray[Any]:
        data = np.fromfile(path, np.uint8, (stop - start) * width, offset=one.offset + start * width)
        return block_numbers(block, data).reshape((stop - start, *one.shape[1:]))

    return rows


def _list_rows(one: Stored, path: Path, block: BlockType) -> Rows:
    def rows(start: int, stop: int) -> NDArray[Any]:
        data = np.fromfile(path, np.uint8, one.nbytes, offset=one.offset)
        return block_numbers(block, data)[start:stop]

    return rows


def _nothing(_start: int, _stop: int) -> NDArray[Any]:
    raise LoadError("The tensor has no numbers that can be shown.", "Convert the model to F16.")


LOADER = Gguf()
