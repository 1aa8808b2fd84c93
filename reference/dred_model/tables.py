"""
Quantiser and entropy tables of a model.

Per quantiser level and dimension four bytes: the scale that turns a symbol back into a value, the encoder's
dead zone, the decay of the Laplace distribution, and the probability of zero. One set for the latents, one
for the initial state. They are all that the `payload` and `latent` stages need of a model.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .errors import ModelError

if TYPE_CHECKING:
    from dred_reference.tables import QuantiserTables

LEVELS = 16  # q0 is a symbol of 16 values, so there are 16 rows
MAX_DIM = 256

TABLE_NAMES = (
    "latent_quant_scales_q8",
    "latent_dead_zone_q8",
    "latent_r_q8",
    "latent_p0_q8",
    "state_quant_scales_q8",
    "state_dead_zone_q8",
    "state_r_q8",
    "state_p0_q8",
)  # the order in which tables_sha256 runs over them


@dataclass(frozen=True, eq=False)
class ModelTables:
    """
    The eight tables, each of shape (16, dimension), uint8, read-only.

    Raises
    ------
    ModelError
        M5 for a wrong shape or dimension, M7 for a wrong type.
    """

    latent_quant_scales_q8: NDArray[np.uint8]
    latent_dead_zone_q8: NDArray[np.uint8]
    latent_r_q8: NDArray[np.uint8]
    latent_p0_q8: NDArray[np.uint8]
    state_quant_scales_q8: NDArray[np.uint8]
    state_dead_zone_q8: NDArray[np.uint8]
    state_r_q8: NDArray[np.uint8]
    state_p0_q8: NDArray[np.uint8]

    def __post_init__(self) -> None:
        for name in TABLE_NAMES:
            table: NDArray[Any] = getattr(self, name)
            if table.dtype != np.uint8:
                raise ModelError("M7", f"the table holds {table.dtype}, not uint8", subject=name)
            first = getattr(self, name.split("_")[0] + "_quant_scales_q8")
            if table.ndim != 2 or table.shape != first.shape or table.shape[0] != LEVELS:
                raise ModelError(
                    "M5", f"shape {table.shape}, expected {LEVELS} levels of {first.shape[-1:]}", subject=name
                )
            if not 1 <= table.shape[1] <= MAX_DIM:
                raise ModelError("M5", f"{table.shape[1]} dimensions, allowed 1 to {MAX_DIM}", subject=name)
            owned = np.array(table, dtype=np.uint8, order="C")
            owned.setflags(write=False)
            object.__setattr__(self, name, owned)

    @property
    def levels(self) -> int:
        """Number of quantiser levels."""
        return LEVELS

    @property
    def latent_dim(self) -> int:
        """Number of values of a latent."""
        return int(self.latent_quant_scales_q8.shape[1])

    @property
    def state_dim(self) -> int:
        """Number of values of the initial state."""
        return int(self.state_quant_scales_q8.shape[1])

    def as_dict(self) -> dict[str, NDArray[np.uint8]]:
        """Return the tables by name, in hash order."""
        return {name: getattr(self, name) for name in TABLE_NAMES}

    @property
    def sha256(self) -> str:
        """SHA-256 over the bytes of the eight tables, row-major by level, in the order of `TABLE_NAMES`."""
        digest = hashlib.sha256()
        for table in self.as_dict().values():
            digest.update(table.tobytes())
        return digest.hexdigest()

    def to_reference_tables(self) -> QuantiserTables:
        """Return them as the record that the `payload` and `latent` stages of dred_reference take."""
        from dred_reference.tables import QuantiserTables  # noqa: PLC0415  models load without the stages

        return QuantiserTables(
            levels=self.levels, latent_dim=self.latent_dim, state_dim=self.state_dim, **self.as_dict()
        )


def tables_from_flat(flat: Mapping[str, NDArray[Any]]) -> ModelTables:
    """
    Build the tables from one-dimensional arrays as C declares them, level by level.

    Parameters
    ----------
    flat : mapping
        Arrays by name, with or without the prefix ``dred_``.

    Raises
    ------
    ModelError
        M4 for a missing table, M5 for a length that is no multiple of 16, else as `ModelTables`.
    """
    tables: dict[str, NDArray[Any]] = {}
    for name in TABLE_NAMES:
        values = flat.get("dred_" + name, flat.get(name))
        if values is None:
            raise ModelError(
                "M4",
                "the quantiser table is missing",
                subject="dred_" + name,
                advice="It belongs to dred_rdovae_stats_data.c, dred_rdovae_stats.npz or dred_stats.json.",
            )
        if values.size == 0 or values.size % LEVELS:
            raise ModelError(
                "M5", f"{values.size} values, not a multiple of {LEVELS} levels", subject="dred_" + name
            )
        tables[name] = values.reshape(LEVELS, -1)
    return ModelTables(**tables)
