"""The model of an encoder, ready to follow speech."""

from dataclasses import dataclass

from dred_conformance.encoding.errors import StreamError
from dred_conformance.encoding.stopwatch import Stopwatch, TimedAnalysis, TimedEncoder
from dred_conformance.model_choice.versions import profile_of_version
from dred_model import ModelBundle, ModelError, bundled, model_or_default
from dred_reference.analysis import FeatureExtractor, NetworkPitch, PitchEstimator, PitchTracker
from dred_reference.errors import DredError
from dred_reference.network import EncoderNetwork, PitchNetwork
from dred_reference.redundancy import SpeechHistory
from dred_reference.tables import QuantiserTables
from dred_reference.wire import WIRE_PROFILES, WireProfile

__all__ = ["EncoderModel", "load_encoder_model", "wire_to_write"]

PITCH_NETWORK = "pitchdnn"


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


def load_encoder_model(name: str | None) -> EncoderModel:
    """Find a model, the default one where none is named, and make it ready.

    Raises
    ------
    StreamError
        S1: there is no such model, or it has no encoder network.
    """
    try:
        return encoder_model(model_or_default(name))
    except (ModelError, DredError) as error:
        which = "the default model" if name is None else f"the model {name!r}"
        raise StreamError(
            "S1", f"{which} cannot encode: {error}", f"--model {bundled.NAME} comes with the package"
        ) from error


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


def wire_to_write(name: str | None, model: EncoderModel) -> WireProfile:
    """Return the wire profile that payloads of a model are written in.

    A decoder tells by the version byte which model payloads need: a profile with another byte than that of
    the model is refused. ``draft-32`` has none and goes with every model.

    Parameters
    ----------
    name : str or None
        None: the profile with the version byte of the model.
    model : EncoderModel

    Raises
    ------
    StreamError
        S4: there is no such profile to write, or it belongs to other models.
    """
    own = profile_of_version(model.experimental_version)
    fitting = [each for each, profile in WIRE_PROFILES.items() if profile is own or not profile.prefix]
    if name is None and own is not None:
        return own
    if name in fitting:
        return WIRE_PROFILES[name]
    known = [each for each, profile in WIRE_PROFILES.items() if profile.is_decodable]
    advice = f"there are {', '.join(known)}"
    if name is not None and name not in known:
        raise StreamError("S4", f"there is no wire profile {name!r} to write", advice)
    said = f"payloads of the model {model.name} have the version byte {model.experimental_version}"
    what = "no wire profile has it" if name is None else f"{name} has another"
    raise StreamError("S4", f"{said}, and {what}", f"--wire {' or '.join(fitting)} goes with it")
