"""Memberships that know of a column: items of one group pull each other, items of different groups hardly do.

As in umap-learn, ties between different values lose a factor exp(-2.5 / (1 - weight)), ties to items without a value
a factor e (McInnes, Healy and Melville 2018, section 6). Numbers count as different by how far apart they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.errors import ParameterError, unknown_name
from cartography.projectors.memberships import united
from cartography.records import EmbeddingSet

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["supervised"]

_UNKNOWN = 1.0
_FAR = 2.5
_CATEGORIES = 10  # different whole numbers up to which they are names rather than amounts
_APART = 0.2  # of the range between the 5th and the 95th percentile, at which two numbers are wholly different


def supervised(strengths: csr_array, embeddings: EmbeddingSet, column: str, weight: float) -> csr_array:
    """Return the memberships (n, n) as `column` changes them; 0 changes nothing, 1 cuts all ties between groups.

    Raises `ParameterError` when there is no such column or it holds no values.
    """
    from scipy.sparse import csr_array

    if column not in embeddings.items.columns:
        raise unknown_name("column", column, [str(name) for name in embeddings.items.columns])
    heads = np.repeat(np.arange(strengths.shape[0]), np.diff(strengths.indptr))
    different, unknown = _compared(embeddings.items[column], heads, strengths.indices)
    if weight == 0:
        return strengths
    far = _FAR / (1 - weight) if weight < 1 else np.inf
    with np.errstate(invalid="ignore"):
        loss = np.where(different > 0, far * different, 0) + np.where(unknown, _UNKNOWN * min(1.0, 2 * weight), 0)
    data = (strengths.data * np.exp(-loss)).astype(np.float32)
    tied = csr_array((data, strengths.indices.copy(), strengths.indptr.copy()), shape=strengths.shape)
    return _reconnected(tied)


def _compared(
    column: pd.Series, heads: NDArray[np.intp], tails: NDArray[np.integer]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return for each tie how different its ends are (0 to 1), and whether an end has no value."""
    if column.isna().all():
        raise ParameterError(f"The column {str(column.name)!r} holds no values.", "Choose another one.")
    unknown = column.isna().to_numpy()[heads] | column.isna().to_numpy()[tails]
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column) and _is_amount(column):
        values = column.to_numpy(np.float64, na_value=np.nan)
        low, high = np.nanpercentile(values, [5, 95])
        apart = np.abs(values[heads] - values[tails]) / max((high - low) * _APART, 1e-300)
        return np.where(unknown, 0, np.minimum(apart, 1)), unknown
    codes, _ = pd.factorize(column.map(str, na_action="ignore"))
    return np.where(unknown, 0, codes[heads] != codes[tails]).astype(np.float64), unknown


def _is_amount(column: pd.Series) -> bool:
    values = column.dropna()
    whole = bool((values == values.round()).all())
    return not (whole and values.nunique() <= _CATEGORIES)


def _reconnected(strengths: csr_array) -> csr_array:
    """Tie every item fully to one other again, and join the ties of both ways."""
    from scipy.sparse import csr_array, diags_array

    strongest = np.asarray(strengths.max(axis=1).todense()).ravel()
    scaled = csr_array(diags_array(1 / np.maximum(strongest, 1e-30)) @ strengths)
    return united(scaled).astype(np.float32)
