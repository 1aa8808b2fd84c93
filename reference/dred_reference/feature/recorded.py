"""The layers of a network that somebody may want to watch."""

from dataclasses import dataclass
from typing import ClassVar

from dred_reference.feature.arithmetic import Arithmetic, Record, Vector

__all__ = ["RecordedLayers"]


@dataclass
class RecordedLayers:
    """A network while it runs, with a name for each of its vectors.

    Attributes
    ----------
    prefix : str
        What the names of the layers have and those of their activations have not.
    arithmetic : Arithmetic
        The numbers to compute with, and the layers.
    record : Record or None
        Receives every vector.
    """

    prefix: ClassVar[str]
    arithmetic: Arithmetic
    record: Record | None

    def named(self, name: str, vector: Vector) -> Vector:
        """Return the vector, once it is recorded."""
        if self.record is not None:
            self.record(name, vector.copy())
        return vector

    def linear(self, name: str, vector: Vector) -> Vector:
        """Return the preactivations of a layer."""
        return self.named(name, self.arithmetic.linear(name, vector))

    def tanh_layer(self, name: str, vector: Vector) -> Vector:
        """Return tanh of a layer."""
        preactivations = self.linear(name, vector)
        return self.named(name.removeprefix(self.prefix), self.arithmetic.tanh(preactivations))
