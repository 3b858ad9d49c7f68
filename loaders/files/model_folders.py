"""Folders of one model, as Hugging Face and sentence-transformers write them: which of their files to open.

The same weights often lie there several times, for several frameworks, among settings that are no data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

__all__ = ["of_one_model", "weights_folder"]

_WEIGHTS = (
    re.compile(r"model\.safetensors\.index\.json"),
    re.compile(r"(model|adapter_model|diffusion_pytorch_model)\.safetensors"),
    re.compile(r"pytorch_model\.bin\.index\.json"),
    re.compile(r"(pytorch_model|adapter_model)\.bin"),
    re.compile(r"tf_model\.h5"),
    re.compile(r"flax_model\.msgpack"),
    re.compile(r"model\.onnx"),
)
_SETTINGS = re.compile(
    r"(config|generation_config|adapter_config|tokenizer_config|special_tokens_map|preprocessor_config|modules|"
    r"config_sentence_transformers|sentence_bert_config|training_args|trainer_state|added_tokens|"
    r"wordembedding_config|whitespacetokenizer_config)\.(json|bin)"
    r"|README\.md|merges\.txt|(optimizer|scheduler|rng_state\w*)\.(pt|pth|bin)"
)
_LARGEST = 1 << 20


def weights_folder(folder: Path) -> Path:
    """Return where the weights of a sentence-transformers model lie: the first folder of `modules.json` with weights.

    Any other folder comes back as it is. Nothing outside `folder` is returned.
    """
    listing = folder / "modules.json"
    if not listing.is_file() or listing.stat().st_size > _LARGEST or _has_weights(folder):
        return folder
    try:
        modules = json.loads(listing.read_bytes())
    except (ValueError, RecursionError):
        return folder
    paths = [one.get("path") for one in modules if isinstance(one, dict)] if isinstance(modules, list) else []
    for path in paths:
        inside = (folder / path).resolve() if isinstance(path, str) and path and "\0" not in path else folder
        if folder.resolve() in inside.parents and inside.is_dir() and _has_weights(inside):
            return inside
    return folder


def of_one_model(files: Sequence[Path]) -> tuple[list[Path], tuple[str, ...]]:
    """Return the files of a model folder to open, one kind of weights among them, and what to say of the others.

    All files come back where the folder is no model: without `config.json`, or without weights.
    """
    names = {path.name for path in files}
    kinds = [pattern for pattern in _WEIGHTS if any(pattern.fullmatch(name) for name in names)]
    if not kinds or not names & {"config.json", "adapter_config.json", "tokenizer.json"}:
        return list(files), ()
    kept, twins = [], []
    for path in files:
        kind = next((one for one in _WEIGHTS if one.fullmatch(path.name)), None)
        if kind is kinds[0] or (kind is None and not _SETTINGS.fullmatch(path.name)):
            kept.append(path)
        elif kind is not None:
            twins.append(path.name)
    return kept, (f"Not opened, as weights of the same model: {', '.join(twins)}.",) if twins else ()


def _has_weights(folder: Path) -> bool:
    return any(one.fullmatch(path.name) for path in folder.iterdir() for one in _WEIGHTS)
