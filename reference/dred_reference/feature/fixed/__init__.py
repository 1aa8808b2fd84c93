"""Profile ``fixed``: integers only, defined to the last bit by spec-notes/fixed-point.md.

`numbers` holds rounding (section 1), `functions` tanh, sigmoid and product (5), `layers` the conversion of a
model and the layers (2, 4), `bounds` the conditions that keep every number in its width (7), `arithmetic`
puts them together (3).
"""

from dred_reference.feature.fixed.arithmetic import FixedArithmetic
from dred_reference.feature.fixed.bounds import LayerBounds, layer_bounds
from dred_reference.feature.fixed.numbers import to_float32

__all__ = ["FixedArithmetic", "LayerBounds", "layer_bounds", "to_float32"]
