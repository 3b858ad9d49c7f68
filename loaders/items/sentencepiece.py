"""SentencePiece vocabularies, read without the library: the pieces of a `ModelProto` in their order.

Field numbers are those of `sentencepiece_model.proto`: pieces are field 1, of which field 1 is the text.
"""

from __future__ import annotations

from cartography.errors import LoadError
from loaders.files.source import Source
from loaders.wire.protobuf import fields, text

__all__ = ["NAMES", "pieces_of"]

NAMES = ("tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "sentencepiece.model")
"""What tokenizers call the file beside a model."""

_LARGEST = 64 << 20
_MOST = 1 << 23
_FAIRSEQ = ("<s>", "<pad>", "</s>", "<unk>")


def pieces_of(source: Source) -> list[str]:
    """Return the pieces by number. Raises `LoadError` when the file is no SentencePiece model.

    Models of fairseq (`sentencepiece.bpe.model`, XLM-RoBERTa) number four tokens of their own first.
    """
    if source.size > _LARGEST:
        raise LoadError(f"{source.name} is too large for a SentencePiece model.", "Check the file.")
    data = source.read_all()
    pieces: list[str] = []
    for one in fields(data):
        if one.number == 1 and one.wire == 2:
            found = [text(data, part) for part in fields(data, one.start, one.stop) if part.number == 1]
            pieces.append(found[0] if found else "")
    if not 0 < len(pieces) < _MOST:
        raise LoadError(f"{source.name} holds no SentencePiece vocabulary.", "Check the file.")
    return [*_FAIRSEQ, *pieces[3:]] if source.name == "sentencepiece.bpe.model" else pieces
