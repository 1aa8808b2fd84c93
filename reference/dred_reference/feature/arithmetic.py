"""What the network asks of an arithmetic. The profiles differ in nothing else."""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Arithmetic", "Record", "Vector"]

Vector = NDArray[Any]
"""A vector of the arithmetic's own numbers: float64, float32, or int64 for integers."""

Record = Callable[[str, Vector], None]
"""Receives every intermediate vector with its name; see `dred_reference.feature.steps`."""


class Arithmetic(Protocol):
    """Numbers, layers and functions of one profile, with the weights of one network.

    A *preactivation* is what a layer yields, an *activation* what tanh yields, a *gate* what sigmoid yields.
    In the fixed-point profile these are three formats; elsewhere they are all the same.
    """

    def values(self, values: NDArray[np.float32]) -> Vector:
        """Return the values of a state or latent as numbers of this arithmetic."""
        ...

    def zeros(self, size: int) -> Vector:
        """Return activations of zero."""
        ...

    def linear(self, name: str, vector: Vector) -> Vector:
        """Return the preactivations that a layer makes of its inputs."""
        ...

    def tanh(self, preactivations: Vector) -> Vector:
        """Return activations."""
        ...

    def sigmoid(self, preactivations: Vector) -> Vector:
        """Return gates."""
        ...

    def product(self, gates: Vector, numbers: Vector) -> Vector:
        """Return numbers times gates, in the format of the numbers."""
        ...

    def blend(self, gates: Vector, old: Vector, new: Vector) -> Vector:
        """Return the mean of two activations in which the gate is the weight of the old one."""
        ...

    def features(self, preactivations: Vector) -> Vector:
        """Return the output of the network in the form in which the profile gives it to its user."""
        ...
