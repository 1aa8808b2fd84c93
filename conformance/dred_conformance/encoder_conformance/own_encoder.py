"""What our own encoder makes of the same speech at the same times and levels: how good a stream could be."""

import numpy as np
from numpy.typing import NDArray

import dred_native
from dred_conformance.encoder_conformance.alignment import FRAME_UNITS, Track
from dred_conformance.encoder_conformance.speech import FEATURES, Speech
from dred_conformance.encoder_conformance.stream import LATENT_UNITS
from dred_model import ModelBundle
from dred_reference.encoding import LatentEncoder
from dred_reference.latent import dequantise
from dred_reference.payload import Payload

__all__ = ["OwnEncoder"]

_STEP_UNITS = 8  # of the encoder network: 20 ms
_Q16 = 65536


class OwnEncoder:
    """Encodes the input of a stream on whatever grid of 20 ms its packets use.

    Parameters
    ----------
    speech
    bundle
        A model with encoder and decoder networks.
    native
        The same model for the native core.

    Raises
    ------
    ModelError
        The model has no encoder network.
    FeatureError
        It has one that cannot be run.
    """

    def __init__(self, speech: Speech, bundle: ModelBundle, native: dred_native.Model) -> None:
        self._speech = speech
        self._network = bundle.to_reference_encoder()
        self._tables = bundle.tables.to_reference_tables()
        self._native = native
        self._decoder = dred_native.FeatureDecoder(native)
        self._steps: dict[int, dict[int, tuple[NDArray[np.float64], NDArray[np.float64]]]] = {}

    def features(self, track: Track, *, quantised: bool) -> NDArray[np.float64] | None:
        """Return what a packet would bring, frame for frame as the track; None outside the speech.

        Parameters
        ----------
        track
        quantised
            At the levels of the packet, or not at all.
        """
        payload = None if track.dred is None else track.dred.payload
        latents = len(track.values) // FRAME_UNITS
        steps = self._of_grid(track.newest % _STEP_UNITS)
        wanted = [steps.get(track.newest - LATENT_UNITS * index) for index in range(latents)]
        if payload is None or not latents or any(step is None for step in wanted):
            return None
        found = [step for step in wanted if step is not None]
        state = found[0][1].astype(np.float32)
        values = np.array([latent for latent, _ in found], dtype=np.float32)
        levels = np.array(payload.levels[:latents], dtype=np.float32) * np.float32(0.125) - np.float32(1)
        if quantised:
            symbols = dred_native.quantise(self._native, payload.q0, payload.dq, payload.qmax, state, values)
            made = dequantise(self._payload(payload, symbols["state"], symbols["latents"]), self._tables)
            return self._decoder.decode(made.state, made.latents) / _Q16
        return self._decoder.decode(state, np.column_stack([values, levels]).astype(np.float32)) / _Q16

    @staticmethod
    def _payload(like: Payload, state: list[int], latents: list[list[int]]) -> Payload:
        rows = tuple(tuple(row) for row in latents)
        levels = like.levels[: len(rows)]
        return Payload(like.q0, like.dq, like.qmax, like.offset, tuple(state), rows, levels, 0, 0)

    def _of_grid(self, phase: int) -> dict[int, tuple[NDArray[np.float64], NDArray[np.float64]]]:
        """Return latents and states by the end of their 20 ms."""
        if phase not in self._steps:
            grid = self._speech.features(phase % FRAME_UNITS)
            encoder = LatentEncoder(self._network)
            steps = {}
            for end in range(phase, self._speech.units + LATENT_UNITS, _STEP_UNITS):
                pair = grid.at(np.array([end - FRAME_UNITS, end]))
                if np.isfinite(pair).all():
                    steps[end] = encoder.step(pair[:, :FEATURES].reshape(-1))
            self._steps[phase] = steps
        return self._steps[phase]
