"""The tensors of a model: what each is likely to be, and which a person most likely wants to see.

Every checkpoint format lists its tensors here; none needs the framework that wrote them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from loaders.base import Candidate

__all__ = ["TOKEN_TABLE", "TensorInfo", "likely_kind", "tensor_candidates"]

TOKEN_TABLE = "token table"  # noqa: S105

_TOKENS = re.compile(
    r"(word|token|tok)_?(emb\w*)|\bwte\b|embed_tokens|\bshared\.weight|embed_in\b|word_embeddings|tok_embeddings|"
    r"token_embd|(^|[./])(emb|embed|embedding|embeddings|embedder|item_emb\w*|user_emb\w*|entity_emb\w*)"
    r"([./]weight)?(/\.ATTRIBUTES/VARIABLE_VALUE)?$",
    re.IGNORECASE,
)
_POSITIONS = re.compile(r"pos\w*_?emb|position|\bwpe\b|rotary|relative_attention", re.IGNORECASE)
_TYPES = re.compile(r"token_?type|segment|type_emb", re.IGNORECASE)
_OPTIMISER = re.compile(
    r"exp_avg|momentum|velocity|optimi[sz]er|opt_state|(^|[./_])adam|(^|\.)(m|v)_slot|ema_|square_avg|max_exp_avg",
    re.IGNORECASE,
)
_BIAS = re.compile(r"(^|[./_])(bias\w*|beta|b)(:\d+)?$|\.bias", re.IGNORECASE)
_NORM = re.compile(r"norm|(^|\.)ln_?\w*\.|(^|\.)bn\d*\.|running_(mean|var)", re.IGNORECASE)
_LAYER = re.compile(
    r"attn|attention|mlp|ffn|feed_forward|dense|linear|layers?[._]\d|blocks?[._]\d|\bh\.\d|(^|[._])(fc|proj|gate|up|down|[qkv])\d*[._]",
    re.IGNORECASE,
)
_HEAD = re.compile(r"lm_head|classifier|decoder\.weight|(^|\.)head\.|output\.weight$|predictions", re.IGNORECASE)


@dataclass(frozen=True)
class TensorInfo:
    """A tensor as the file's header describes it.

    Attributes
    ----------
    name, shape : as a person would say them
    dtype, nbytes : the type as a person would say it, the bytes as stored
    aliases : other names under which it can be opened, such as its path in the file
    same_as : the name of a tensor listed before that has the very same numbers (tied weights); "" for none
    is_table : the file itself says that this is the table of an embedding layer
    layer_name : what the layer calls it, where that tells more than the name; "" otherwise
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    nbytes: int
    aliases: tuple[str, ...] = ()
    same_as: str = ""
    is_table: bool = False
    layer_name: str = ""


def tensor_candidates(tensors: Sequence[TensorInfo]) -> list[Candidate]:
    """Return every tensor that opens as vectors, the token table first, then by size."""
    largest = max((prod(one.shape) for one in tensors), default=1)
    found = [_candidate(one, largest) for one in tensors if len(one.shape) >= 2 and min(one.shape) >= 1]
    return sorted(found, key=lambda candidate: -candidate.likelihood)


def likely_kind(one: TensorInfo) -> str:
    """Return what a tensor of any shape is likely to be: "token table", "linear", "bias", "single value" ..."""
    if len(one.shape) >= 2:
        return _kind(one)[0]
    name = one.layer_name or one.name
    if _OPTIMISER.search(name):
        return "optimiser state"
    if prod(one.shape) <= 1 and not one.shape:
        return "single value"
    if _NORM.search(name):
        return "normalisation"
    return "bias" if _BIAS.search(name) else "list of numbers"


def _candidate(one: TensorInfo, largest: int) -> Candidate:
    kind, likelihood, what = _kind(one)
    n, *inner = one.shape
    d = prod(inner)
    size = 0.1 * prod(one.shape) / max(largest, 1)
    thin = 0.2 if n < 3 or d < 2 else 0.0
    thin += 0.0001 * len(one.name) if kind == TOKEN_TABLE else 0.0  # of tied tables, the one with the plainest name
    note = f"{what}: {n:,} rows of {d:,} numbers, each row one item."
    if one.same_as:
        thin += 0.3
        note += f" The same numbers as {one.same_as} (tied)."
    likelihood = min(1.0, max(0.0, likelihood + size - thin))
    return Candidate(one.name, one.shape, one.dtype, one.nbytes, note, kind, likelihood, aliases=one.aliases)


def _kind(one: TensorInfo) -> tuple[str, float, str]:
    """Return kind, likelihood and words for a tensor, by its name and shape."""
    name, shape = one.layer_name or one.name, one.shape
    if one.is_table:
        return TOKEN_TABLE, 0.9, "An embedding table"
    if _OPTIMISER.search(name):
        return "optimiser state", 0.05, "State of the optimiser"
    if len(shape) > 2:
        inner = " × ".join(map(str, shape[1:]))
        return "convolution", 0.4, f"Convolution filters of {inner}" if len(shape) == 4 else f"Blocks of {inner}"
    for pattern, kind, likelihood, what in (
        (_TYPES, "type table", 0.3, "Segment types"),
        (_POSITIONS, "position table", 0.45, "Positions"),
        (_TOKENS, TOKEN_TABLE, 0.85 if shape[0] >= shape[1] else 0.55, "An embedding table"),
        (_HEAD, "output layer", 0.5, "An output layer"),
        (_NORM, "normalisation", 0.1, "Normalisation"),
    ):
        if pattern.search(name):
            return kind, likelihood, what
    if shape[0] >= 1000 and shape[0] >= 4 * shape[1] and not _LAYER.search(name):
        return TOKEN_TABLE, 0.6, "A tall table, such as of tokens"
    return "linear", 0.4, "A linear layer"
