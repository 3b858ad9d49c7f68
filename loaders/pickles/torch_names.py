"""The globals that a PyTorch checkpoint may mention. Everything else is refused by name.

The first group is what tensors and their containers are made of; `torch_tensors` reads them. The second is settings
that trainers store beside the weights: they stay inert records, and the notes say that they were not read.
"""

from __future__ import annotations

import re

from cartography.errors import LoadError
from loaders.pickles.records import Name

__all__ = ["DTYPES", "STORAGES", "TorchNames"]

STORAGES = {
    "DoubleStorage": "float64",
    "FloatStorage": "float32",
    "HalfStorage": "float16",
    "BFloat16Storage": "bfloat16",
    "LongStorage": "int64",
    "IntStorage": "int32",
    "ShortStorage": "int16",
    "CharStorage": "int8",
    "ByteStorage": "uint8",
    "BoolStorage": "bool",
    "UntypedStorage": "uint8",
    "TypedStorage": "float32",
    "ComplexFloatStorage": "complex64",
    "ComplexDoubleStorage": "complex128",
    "QInt8Storage": "qint8",
    "QUInt8Storage": "quint8",
    "QInt32Storage": "qint32",
    "QUInt4x2Storage": "quint4x2",
    "QUInt2x4Storage": "quint2x4",
}
DTYPES = {
    "double": "float64",
    "float": "float32",
    "half": "float16",
    "long": "int64",
    "int": "int32",
    "short": "int16",
    **{
        name: name
        for name in [
            "float64",
            "float32",
            "float16",
            "bfloat16",
            "int64",
            "int32",
            "int16",
            "int8",
            "uint8",
            "uint16",
            "uint32",
            "uint64",
            "bool",
            "complex32",
            "complex64",
            "complex128",
            "float8_e4m3fn",
            "float8_e5m2",
            "float8_e4m3fnuz",
            "float8_e5m2fnuz",
            "float8_e8m0fnu",
            "float4_e2m1fn_x2",
            "qint8",
            "quint8",
            "qint32",
            "quint4x2",
            "quint2x4",
        ]
    },
}
_LAYOUTS = [
    "strided",
    "sparse_coo",
    "sparse_csr",
    "sparse_csc",
    "sparse_bsr",
    "sparse_bsc",
    "per_tensor_affine",
    "per_channel_affine",
]
_FORMATS = ["contiguous_format", "channels_last", "channels_last_3d", "preserve_format"]
_REBUILD = [
    "_rebuild_tensor",
    "_rebuild_tensor_v2",
    "_rebuild_tensor_v3",
    "_rebuild_parameter",
    "_rebuild_parameter_with_state",
    "_rebuild_sparse_tensor",
    "_rebuild_sparse_csr_tensor",
    "_rebuild_qtensor",
    "_rebuild_meta_tensor_no_storage",
    "_rebuild_device_tensor_from_numpy",
    "_rebuild_device_tensor_from_cpu_tensor",
]
_KNOWN = {
    "torch": {*STORAGES, *DTYPES, *_LAYOUTS, *_FORMATS, "Size", "device", "Tensor"},
    "torch.cuda": set(STORAGES),
    "torch.storage": {"UntypedStorage", "TypedStorage", "_TypedStorage", "_UntypedStorage"},
    "torch._utils": set(_REBUILD),
    "torch._tensor": {"_rebuild_from_type_v2"},
    "torch.serialization": {"_get_layout"},
    "torch.nn.parameter": {"Parameter", "Buffer"},
    "collections": {"OrderedDict", "defaultdict", "Counter"},
    "builtins": {
        *[
            "set",
            "frozenset",
            "list",
            "dict",
            "tuple",
            "int",
            "float",
            "bool",
            "str",
            "bytes",
            "bytearray",
            "complex",
            "slice",
            "range",
        ]
    },
    "_codecs": {"encode"},
    "copyreg": {"_reconstructor"},
    "numpy": {
        "ndarray",
        "dtype",
        "float64",
        "float32",
        "float16",
        "int64",
        "int32",
        "int16",
        "int8",
        "bool_",
        "uint8",
    },
    "numpy.core.multiarray": {"_reconstruct", "scalar"},
    "numpy._core.multiarray": {"_reconstruct", "scalar"},
}
_KNOWN["__builtin__"] = {*_KNOWN["builtins"], "long", "unicode", "object"}
_KNOWN["builtins"] |= {"object"}
_KNOWN["copy_reg"] = _KNOWN["copyreg"]

_SETTINGS = {
    "argparse": {"Namespace"},
    "types": {"SimpleNamespace"},
    "pathlib": {"Path", "PosixPath", "WindowsPath", "PurePath", "PurePosixPath", "PureWindowsPath"},
    "pathlib._local": {"Path", "PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath"},
    "datetime": {"datetime", "date", "time", "timedelta", "timezone"},
    "decimal": {"Decimal"},
    "uuid": {"UUID"},
    "typing": {"Any"},
    "omegaconf.dictconfig": {"DictConfig"},
    "omegaconf.listconfig": {"ListConfig"},
    "omegaconf.base": {"ContainerMetadata", "Metadata"},
    "omegaconf.nodes": {
        *("AnyNode", "BooleanNode", "BytesNode", "FloatNode", "IntegerNode", "PathNode", "StringNode", "ValueNode")
    },
}
_LIGHTNING = re.compile(r"(pytorch_lightning|lightning|lightning_fabric)(\.\w+){0,5}")
_LIGHTNING_NAMES = {"AttributeDict", "ModelCheckpoint", "EarlyStopping", "LearningRateMonitor", "_FaultTolerantMode"}


class TorchNames:
    """Decides which names may be mentioned in `where`, and remembers those of settings in `settings`."""

    def __init__(self, where: str) -> None:
        self.settings: dict[str, None] = {}
        self._where = where

    def __call__(self, name: Name) -> None:
        """Raise `LoadError`, naming it, for a global that no tensor needs."""
        if name.name in _KNOWN.get(name.module, ()):
            return
        lightning = _LIGHTNING.fullmatch(name.module) and name.name in _LIGHTNING_NAMES
        if lightning or name.name in _SETTINGS.get(name.module, ()):
            self.settings[str(name)] = None
            return
        raise LoadError(
            f"{self._where} asks for {str(name)[:120]!r}, which no tensor needs; nothing of it was run, "
            "and the file is not read.",
            "Save the weights alone where you trust the file: torch.save(model.state_dict(), path).",
        )
