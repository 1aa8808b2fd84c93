"""Features of real speech for the vocoder: what the decoder network makes of payloads that speech gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from dred_conformance.protocol.arrays import from_base64
from dred_conformance.vectors.generate.feature_tracks import Track
from dred_conformance.vectors.generate.models import VectorModel
from dred_conformance.vectors.generate.payload_maker import PayloadMaker, read
from dred_conformance.vectors.generate.speech_symbols import spoken_symbols
from dred_reference.feature import decode_features
from dred_reference.network import DecoderNetwork

__all__ = ["SpeechFeatures"]


@dataclass(frozen=True)
class SpeechFeatures:
    """Decodes the payloads of real speech.

    Attributes
    ----------
    network
        The decoder network.
    ask
        Puts a request to both implementations and returns the result on which they agree.
    """

    network: DecoderNetwork
    ask: Any

    def tracks(self, maker: PayloadMaker) -> list[tuple[str, Track]]:
        """Return each recording once, with its comment, the oldest frame first."""
        found: dict[str, Track] = {}
        for each in spoken_symbols(maker.model):
            if each.comment not in found:
                payload = maker.write(each.header, each.state, each.latents)
                found[each.comment] = self._decoded(maker.model, payload)
        return list(found.items())

    def _decoded(self, model: VectorModel, payload: bytes) -> Track:
        request = read(model, payload) | {"op": "latent"}
        values = self.ask(request)
        latents = from_base64(values["latents"]).reshape(values["latent_count"], self.network.latent_dim + 1)
        features = decode_features(from_base64(values["state"]), latents, self.network, "float64")
        track: Track = features[::-1].astype(np.float32).astype(np.float64).tolist()
        return track
