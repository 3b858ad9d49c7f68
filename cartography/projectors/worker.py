"""The other side of `outside`: `python -m cartography.projectors.worker METHOD FOLDER`.

Reads arrays and settings from the folder, writes `result.npy`, and says on stdout, one JSON object a line,
how far it has come.
"""

from __future__ import annotations

import json
import re
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["main"]

Arrays = dict[str, NDArray[Any]]


class _Listener:
    """Stands in for a text stream: finds the iteration number in what a library prints, passes it on."""

    def __init__(self, pattern: str, last: int) -> None:
        self._pattern = re.compile(pattern)
        self._last = last

    def write(self, text: str) -> int:
        for found in self._pattern.finditer(text):
            step = int(found.group(1))
            _say(fraction=step / self._last, message=f"round {step} of {self._last}")
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""


def _say(**what: Any) -> None:
    print(json.dumps(what), file=sys.__stdout__, flush=True)


def _with_itself(arrays: Arrays) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Both libraries expect every item to be its own first neighbour."""
    itself = np.arange(len(arrays["indices"]), dtype=np.int32)[:, None]
    return np.hstack([itself, arrays["indices"]]), np.pad(arrays["distances"], ((0, 0), (1, 0)))


def _umap(arrays: Arrays, settings: dict[str, Any]) -> NDArray[np.float32]:
    """umap-learn on a given neighbour graph (McInnes, Healy and Melville 2018)."""
    _say(fraction=0.0, message="warming up (compiling takes a while)")
    from umap import UMAP

    indices, distances = _with_itself(arrays)
    model = UMAP(
        n_components=arrays["start"].shape[1],
        n_neighbors=indices.shape[1],
        n_epochs=settings["n_epochs"],
        min_dist=settings["min_dist"],
        spread=settings["spread"],
        negative_sample_rate=settings["negatives"],
        init=arrays["start"],
        random_state=settings["seed"],
        n_jobs=1,
        precomputed_knn=(indices, distances, None),
        force_approximation_algorithm=True,
        verbose=True,
        tqdm_kwds={
            "file": _Listener(r"(\d+)/\d+", settings["n_epochs"]),
            "disable": False,
            "mininterval": 0.2,
        },
    )
    return np.asarray(model.fit_transform(arrays["vectors"]), dtype=np.float32)


def _tsne(arrays: Arrays, settings: dict[str, Any]) -> NDArray[np.float32]:
    """scikit-learn's Barnes-Hut t-SNE on a given neighbour graph (van der Maaten 2014)."""
    _say(fraction=0.0, message="warming up")
    from scipy.sparse import csr_array
    from sklearn.manifold import TSNE

    indices, distances = _with_itself(arrays)
    n, k = indices.shape
    graph = csr_array((distances.ravel(), indices.ravel(), np.arange(0, n * k + 1, k)), shape=(n, n))
    model = TSNE(
        n_components=arrays["start"].shape[1],
        metric="precomputed",
        init=arrays["start"],
        perplexity=settings["perplexity"],
        early_exaggeration=settings["early_exaggeration"],
        learning_rate=settings["learning_rate"] or "auto",
        max_iter=settings["iterations"],
        random_state=settings["seed"],
        n_jobs=-1,
        verbose=2,
    )
    sys.stdout = _Listener(r"Iteration (\d+)", settings["iterations"])
    return np.asarray(model.fit_transform(graph), dtype=np.float32)


_METHODS: dict[str, Callable[[Arrays, dict[str, Any]], NDArray[np.float32]]] = {"umap": _umap, "tsne": _tsne}


def main(method: str, folder: Path) -> None:
    """Run one method on the arrays of `folder`."""
    arrays = {path.stem: np.load(path, allow_pickle=False) for path in folder.glob("*.npy")}
    settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    warnings.simplefilter("ignore")
    try:
        result = _METHODS[method](arrays, settings)
    except Exception as error:  # noqa: BLE001  (whatever the library raises is passed on in words)
        _say(failure=f"{method} failed: {error}")
        sys.exit(1)
    np.save(folder / "result.npy", result, allow_pickle=False)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
