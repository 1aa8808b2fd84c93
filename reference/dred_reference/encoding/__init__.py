"""From acoustic features to latents and states: the RDO-VAE encoder network.

Every 20 ms it takes two feature frames and yields a latent that stands for the 40 ms behind that instant, and
the state from which a decoder starts that begins there. Both are computed once and kept; every packet that
carries them only quantises and codes them.
"""

from dred_reference.encoding.encoder import LatentEncoder

__all__ = ["LatentEncoder"]
