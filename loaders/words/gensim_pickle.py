"""What a file of gensim says, through the inert reader of pickles: the words, and where the vectors lie.

`KeyedVectors.save` pickles the object's attributes; an array that is large is left out and lies beside the file as
`NAME.vectors.npy`. A whole model holds the same under its attribute `wv`, and `NAME.wv.vectors.npy`. Up to gensim 3
the words are called `index2word` and the vectors `syn0` or `vectors`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from cartography.errors import LoadError
from loaders.files.source import Source
from loaders.pickles.machine import MOST_STEPS, Machine
from loaders.pickles.numpy_arrays import array_in
from loaders.pickles.records import Call, Mapped, Name

__all__ = ["Gensim", "read_gensim"]

_WORDS = ("index_to_key", "index2word", "index2entity")
_VECTORS = ("vectors", "syn0")
_INSIDE = ("wv", "kv", "dv", "docvecs")
_PLAIN = (
    *("object", "dict", "list", "set", "frozenset", "tuple", "int", "long", "float", "complex", "str", "unicode"),
    *("bytearray", "hash", "range", "xrange", "slice"),
)
_SAFE = {
    "_codecs": ("encode",),
    "copyreg": ("_reconstructor", "__newobj__"),
    "copy_reg": ("_reconstructor",),
    "collections": ("defaultdict", "OrderedDict", "Counter"),
    "builtins": _PLAIN,
    "__builtin__": _PLAIN,
}
_LARGEST = 4 << 30


@dataclass(frozen=True, eq=False)
class Gensim:
    """The words in the order of the rows; the vectors if they are inside, or the name of the file that holds them."""

    kind: str
    words: list[str]
    array: NDArray[Any] | None
    file: str


def read_gensim(source: Source) -> Gensim:
    """Read the words, and find the vectors. Raises `LoadError` when the file holds something else."""
    if "gensim" not in source.memo:
        source.memo["gensim"] = _read(source)
    known: Gensim = source.memo["gensim"]
    return known


def _read(source: Source) -> Gensim:
    if source.size > _LARGEST:
        raise LoadError(
            f"{source.name} is too large for a pickle that is read here.", "Save it in word2vec's format."
        )
    root = Machine(source.read_all(), source.name, _allow(source), most_steps=max(MOST_STEPS, source.size // 4)).run()
    attributes = _attributes(root)
    path = ""
    for name in _INSIDE:
        if not _has_words(attributes) and _has_words(_attributes(attributes.get(name))):
            attributes, path = _attributes(attributes[name]), f"{name}."
    words = next((_words(attributes[name]) for name in _WORDS if name in attributes), None)
    if words is None:
        raise LoadError(
            f"{source.name} is a file of gensim that holds no word vectors.",
            "Open the KeyedVectors (.kv) of the model, or save them: model.wv.save_word2vec_format(path).",
        )
    aside = attributes.get("__numpys")
    aside = aside if isinstance(aside, list) else []
    name = next((one for one in _VECTORS if one in attributes or one in aside), "vectors")
    kind = root.name.rsplit(".", 1)[-1] if isinstance(root, Call) else "object"
    return Gensim(kind, words, array_in(attributes.get(name)), f"{source.path.name}.{path}{name}.npy")


def _allow(source: Source) -> Any:
    def allow(name: Name) -> None:
        module = name.module.split(".")[0]
        if module in ("gensim", "numpy") or name.name in _SAFE.get(name.module, ()):
            return
        raise LoadError(
            f"{source.name} is a pickle that mentions {name}, which word vectors do not need; it is refused.",
            "Save the vectors where the file can be trusted: model.wv.save_word2vec_format(path).",
        )

    return allow


def _attributes(value: Any) -> dict[str, Any]:
    """Return the attributes of an object: its state, which may be a pair with a second half for slots."""
    state = value.state if isinstance(value, Call) else value
    if isinstance(state, tuple):
        state = next((one for one in state if isinstance(one, Mapped)), None)
    if isinstance(value, Call) and state is None:
        state = value.entries
    return state.texts() if isinstance(state, Mapped) else {}


def _has_words(attributes: dict[str, Any]) -> bool:
    return any(name in attributes for name in _WORDS)


def _words(value: Any) -> list[str] | None:
    found = value if isinstance(value, list) else value.values if isinstance(value, Call) else None
    return [str(one)[:10_000] if isinstance(one, (str, int)) else "" for one in found] if found else None
