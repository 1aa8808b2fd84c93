"""
Synthetic encoder networks.

An RDO-VAE encoder with seeded weights and the wiring of the real one, made as the decoder is (see
`synthetic_network`). Its latents mean nothing to any decoder. The outputs that pad the last layers to a
multiple of 8 are not zero, as they are in trained models: whoever reads them notices.
"""

from __future__ import annotations

from dataclasses import dataclass

from .architecture import LAYERS, input_widths
from .errors import ModelError
from .geometry import BLOCK_OUTPUTS
from .network import Network
from .synthetic_network import MAX_LAYER, seeded_network

NETWORK = "rdovaeenc"
FEATURES_PER_STEP = 40  # two feature frames of 10 ms


@dataclass(frozen=True)
class EncoderShape:
    """Widths of an encoder; those of the official one are 64, 32, 64, 128. All must be multiples of 8."""

    dense: int = 16
    gru: int = 8
    conv: int = 8
    hidden: int = 16

    @property
    def widths(self) -> tuple[int, int, int, int]:
        """Outputs of the layers: dense, GRU, convolution, and the one before the state."""
        return self.dense, self.gru, self.conv, self.hidden

    @property
    def is_possible(self) -> bool:
        """Whether the layers can be cut into blocks."""
        return all(BLOCK_OUTPUTS <= width <= MAX_LAYER and not width % BLOCK_OUTPUTS for width in self.widths)


def synthetic_encoder(seed: int, latent_dim: int, state_dim: int, shape: EncoderShape) -> Network:
    """
    Make an encoder network.

    Parameters
    ----------
    seed : int
        Seed.
    latent_dim, state_dim : int
        Dimensions of the quantiser tables.
    shape : EncoderShape
        Widths.

    Raises
    ------
    ModelError
        M5 for widths that cannot be cut into blocks.
    """
    if not shape.is_possible:
        raise ModelError(
            "M5",
            f"widths {shape.widths} are not all multiples of {BLOCK_OUTPUTS} up to {MAX_LAYER}",
            subject=NETWORK,
        )
    outputs = {name: _outputs(name, latent_dim, state_dim, shape) for name in LAYERS[NETWORK]}
    inputs = {"enc_dense1": FEATURES_PER_STEP} | input_widths(NETWORK, outputs, latent_dim, state_dim)
    return seeded_network(NETWORK, seed, inputs, outputs)


def _outputs(name: str, latent_dim: int, state_dim: int, shape: EncoderShape) -> int:
    fixed = {
        "enc_dense1": shape.dense,
        "enc_zdense": _padded(latent_dim),
        "gdense1": shape.hidden,
        "gdense2": _padded(state_dim),
    }
    if name in fixed:
        return fixed[name]
    return 3 * shape.gru if name.startswith("enc_gru") else shape.conv


def _padded(count: int) -> int:
    return -(-count // BLOCK_OUTPUTS) * BLOCK_OUTPUTS
