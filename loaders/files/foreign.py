"""Files that are known and not read: each gets a sentence that says what it is and how to convert it.

A loader that reads one of these formats comes before this list, so nothing here needs to be taken out for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cartography.errors import LoadError
from loaders.files.source import Source
from loaders.text.encoding import is_text

__all__ = ["folder_refusal", "not_data", "refusal", "refusal_by_content"]


@dataclass(frozen=True)
class _Foreign:
    what: str
    hint: str
    suffixes: tuple[str, ...] = ()
    begins: tuple[bytes, ...] = ()
    test: Callable[[Source], bool] | None = None

    def fits(self, source: Source) -> bool:
        """Whether the content, or else the name, says so."""
        if self.begins and source.head.startswith(self.begins):
            return True
        return self.test is not None and self.test(source)


_COUNTS = re.compile(rb"\d{1,10} \d{1,6}\n")
_SAVE_NPY = "Save the vectors with numpy.save, or as Parquet."
_KNOWN = (
    _Foreign(
        "a fastText model",
        "Export its words as text: model.get_input_matrix(), or save the .vec file beside it.",
        (),
        (b"\xba\x16\x4f\x2f",),
    ),
    _Foreign("a MATLAB file", _SAVE_NPY, (".mat",), (b"MATLAB 5.0",)),
    _Foreign(
        "a FAISS index",
        "Save its vectors with numpy.save(path, index.reconstruct_n(0, index.ntotal)).",
        (".faiss",),
        (b"IxF", b"IxM", b"IwF"),
    ),
    _Foreign("an R file", "Write the matrix as CSV: write.csv(x, path).", (".rds", ".rdata"), (b"X\n\0\0", b"RDX")),
    _Foreign("a SQLite database", "Export the table as Parquet or CSV.", (".sqlite", ".db"), (b"SQLite format 3\0",)),
    _Foreign("an Excel workbook", "Save the sheet as CSV.", (".xlsx", ".xls")),
    _Foreign(
        "a part of a TensorFlow model",
        "Open the folder of the SavedModel, or the .index file of the checkpoint beside its data.",
        (".pb", ".data-00000-of-00001"),
    ),
    _Foreign(
        "a binary word2vec file",
        "Save it as text: vectors.save_word2vec_format(path, binary=False).",
        test=lambda source: _COUNTS.match(source.head) is not None and not is_text(source.head),
    ),
    _Foreign("a gensim model", "Save it with model.wv.save_word2vec_format(path).", (".kv", ".model")),
    _Foreign(
        "a Python pickle",
        "It could run anything when it is opened. Save the vectors with numpy.save, as Parquet, or as safetensors.",
        (".pkl", ".pickle", ".joblib"),
        (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"),
    ),
    _Foreign(
        "a picture",
        "Pictures are shown beside vectors; open the file that holds the vectors.",
        (),
        (b"\x89PNG", b"\xff\xd8\xff", b"GIF8"),
    ),
    _Foreign("a PDF document", "Open a file of vectors.", (), (b"%PDF",)),
)
_ZIP = _Foreign("a zip archive", "Unpack it and open what is inside.", (".zip",), (b"PK\x03\x04",))
_FOLDERS = {
    ".zgroup": "a Zarr store",
    ".zarray": "a Zarr array",
    "zarr.json": "a Zarr store",
    "_versions": "a Lance data set",
    "manifest.ocdbt": "an Orbax checkpoint",
    "_CHECKPOINT_METADATA": "an Orbax checkpoint",
    "saved_model.pb": "a TensorFlow SavedModel without its variables",
}


def not_data(source: Source) -> LoadError | None:
    """Return the error for files that stand in for data: a pointer of Git LFS, a web page, nothing at all."""
    head = source.head[:512].lstrip().lower()
    if source.size == 0:
        return LoadError(f"{source.name} is empty (0 bytes).", "Copy or write the file again.")
    if head.startswith(b"version https://git-lfs"):
        return LoadError(
            f"{source.name} is a pointer of Git LFS, not the data itself.", "Fetch the data with: git lfs pull."
        )
    if head.startswith((b"<!doctype html", b"<html")):
        return LoadError(
            f"{source.name} is a web page, not data.",
            "The download may have ended on a login or error page; try again.",
        )
    return None


def refusal_by_content(source: Source) -> LoadError | None:
    """Return the error for a file whose content says that it is of a format known and not read, or None."""
    found = next((one for one in _KNOWN if one.fits(source)), None)
    return _refused(source, found) if found is not None else None


def refusal(source: Source, known: str) -> LoadError:
    """Return the error for a file that no loader opens. `known` lists the suffixes that are read."""
    by_content = (one for one in _KNOWN if one.fits(source))
    by_name = (one for one in _KNOWN if source.name.lower().endswith(one.suffixes))
    found = next(by_content, None) or next(by_name, None) or (_ZIP if _ZIP.fits(source) else None)
    if found is not None:
        return _refused(source, found)
    return LoadError(
        f"{source.name} is of no format known here; it begins with {source.head[:8]!r}.", f"These are read: {known}."
    )


def _refused(source: Source, found: _Foreign) -> LoadError:
    return LoadError(f"{source.name} is {found.what}, which is not read here.", found.hint)


def folder_refusal(folder: Path) -> LoadError | None:
    """Return the error for a folder that is one file in the eyes of its maker, and that no loader opens."""
    what = next((what for name, what in _FOLDERS.items() if (folder / name).exists()), None)
    if what is None:
        return None
    return LoadError(f"The folder {folder.name} is {what}, which is not read here.", _SAVE_NPY)
