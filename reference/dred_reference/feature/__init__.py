"""Stage ``feature``: from the state and the latents of a payload to 20 acoustic features per 10 ms.

The decoder network is written down once, in `steps`, and run with one of several arithmetics:

=============  ==========================================================================================
profile        arithmetic
=============  ==========================================================================================
``float64``    float64, exact tanh and sigmoid, unquantised activations: what the network means
``fixed``      integers only, defined to the last bit (spec-notes/fixed-point.md)
``int8``       float32 with inputs quantised to 1/127, as deployed x86 decoders compute
``int8-c``     the same as plain C computes it; a variant for the library, unknown to the adapter protocol
=============  ==========================================================================================

Features come newest first: row 0 is the newest 10 ms of the first (newest) latent.
"""

from dred_reference.feature.arithmetic import Arithmetic, Record, Vector
from dred_reference.feature.decoder import (
    PROFILES,
    VARIANTS,
    FeatureDecoder,
    decode_features,
)
from dred_reference.feature.fixed import LayerBounds, layer_bounds, to_float32

__all__ = [
    "PROFILES",
    "VARIANTS",
    "Arithmetic",
    "FeatureDecoder",
    "LayerBounds",
    "Record",
    "Vector",
    "decode_features",
    "layer_bounds",
    "to_float32",
]
