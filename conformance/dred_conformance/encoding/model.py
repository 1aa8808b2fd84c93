"""The model of an encoder, ready to follow speech."""

from dataclasses import dataclass

from dred_conformance.encoding.errors import StreamError
from dred_conformance.encoding.stopwatch import Stopwatch, TimedAnalysis, TimedEncoder
from dred_model import ModelBundle, ModelError, require_model
from dred_reference.analysis import FeatureExtractor, NetworkPitch, PitchEstimator, PitchTracker
from dred_reference.errors import DredError
from dred_reference.network import EncoderNetwork, PitchNetwork
from dred_reference.redundancy import SpeechHistory
from dred_reference.tables import QuantiserTables
from dred_reference.wire import WIRE_PROFILES, WireProfile

__all__ = ["EncoderModel", "load_encoder_model", "wire_to_write"]

PITCH_NETWORK = "pitchdnn"
EXPERIMENT_MARK = b"D"


@dataclass(frozen=True)
class EncoderModel:
    """What is needed of a model to encode.

    Attributes
    ----------
    experimental_version
        The version byte of payloads made with it.
    pitch_network
        ``None`` where the model has none: pitch is then tracked by signal processing.
    """

    name: str
    experimental_version: int
    tables: QuantiserTables
    encoder_network: EncoderNetwork
    pitch_network: PitchNetwork | None

    def history(
        self, sampling_rate: int, channels: int, stopwatch: Stopwatch, extra_delay: int
    ) -> SpeechHistory:
        """Return a history in which there is no speech yet; see `SpeechHistory` for the delay."""
        pitch: PitchEstimator = (
            PitchTracker() if self.pitch_network is None else NetworkPitch(self.pitch_network)
        )
        return SpeechHistory(
            sampling_rate,
            channels,
            TimedEncoder(self.encoder_network, stopwatch),
            TimedAnalysis(FeatureExtractor(pitch), stopwatch),
            extra_delay=extra_delay,
        )

    def prefix(self, profile: WireProfile) -> bytes:
        """Return what stands before the data: where there is a version byte, that of the model."""
        if not profile.prefix:
            return b""
        return EXPERIMENT_MARK + bytes([self.experimental_version])


def load_encoder_model(name: str) -> EncoderModel:
    """Find a model and make it ready.

    Raises
    ------
    StreamError
        S1: there is no such model, or it has no encoder network.
    """
    try:
        return encoder_model(require_model(name))
    except (ModelError, DredError) as error:
        raise StreamError("S1", f"the model {name!r} cannot encode: {error}") from error


def encoder_model(bundle: ModelBundle) -> EncoderModel:
    """Make a model ready; errors are those of `ModelBundle`."""
    has_pitch = PITCH_NETWORK in bundle.networks
    return EncoderModel(
        bundle.name,
        bundle.experimental_version,
        bundle.tables.to_reference_tables(),
        bundle.to_reference_encoder(),
        bundle.to_reference_pitch_network() if has_pitch else None,
    )


def wire_to_write(name: str) -> WireProfile:
    """Return a wire profile that can be written, or raise S4."""
    known = [each for each, profile in WIRE_PROFILES.items() if profile.is_decodable]
    if name not in known:
        raise StreamError(
            "S4", f"there is no wire profile {name!r} to write", f"there are {', '.join(known)}"
        )
    return WIRE_PROFILES[name]
