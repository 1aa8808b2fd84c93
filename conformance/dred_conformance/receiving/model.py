"""What a receiver needs of a model."""

from dataclasses import dataclass

import dred_native
from dred_conformance.differential.built_payloads import native_model
from dred_conformance.receiving.errors import ReceivingError
from dred_conformance.receiving.hole import HoleFilling
from dred_conformance.receiving.redundancy import PacketRedundancy
from dred_model import ModelBundle, ModelError
from dred_reference.analysis import FeatureExtractor, NetworkPitch, PitchTracker
from dred_reference.concealment import Concealer, FrameVocoder, PredictionWithoutModel
from dred_reference.errors import DredError
from dred_reference.network import ConcealmentNetwork, PitchNetwork
from dred_reference.vocoder import SourceFilterVocoder
from dred_reference.wire import WireProfile

__all__ = ["ReceiverModel"]


@dataclass(frozen=True)
class ReceiverModel:
    """The parts of a model, each None where the model, or the model itself, is missing.

    Attributes
    ----------
    native
        Decoder network and tables, and the vocoder, for the native core.
    has_decoder, has_vocoder
        What ``native`` can do.
    pitch, concealment
        Networks of the reference implementation.
    """

    native: dred_native.Model | None = None
    has_decoder: bool = False
    has_vocoder: bool = False
    pitch: PitchNetwork | None = None
    concealment: ConcealmentNetwork | None = None

    @classmethod
    def of(cls, bundle: ModelBundle | None) -> "ReceiverModel":
        """Return what there is of a model.

        Raises
        ------
        ReceivingError
            S1: a network of the model is broken.
        """
        if bundle is None:
            return cls()
        try:
            names = bundle.networks
            return cls(
                native_model(bundle),
                "rdovaedec" in names,
                "fargan" in names,
                bundle.to_reference_pitch_network() if "pitchdnn" in names else None,
                bundle.to_reference_concealment_network() if "plc" in names else None,
            )
        except (ModelError, DredError, dred_native.DredError) as error:
            raise ReceivingError("S1", f"the model {bundle.name!r} cannot be used: {error}") from error

    def filling(self, sampling_rate: int) -> HoleFilling:
        """Return what fills holes, from silence on: without networks signal processing does it."""
        extractor = FeatureExtractor(PitchTracker() if self.pitch is None else NetworkPitch(self.pitch))
        prediction = PredictionWithoutModel() if self.concealment is None else self.concealment
        vocoder: FrameVocoder = SourceFilterVocoder()
        if self.native is not None and self.has_vocoder:
            vocoder = dred_native.Vocoder(self.native)
        return HoleFilling(Concealer(prediction, extractor, vocoder), sampling_rate)

    def redundancy(self, wire: WireProfile) -> PacketRedundancy | None:
        """Return a reader of redundancy, or None if there is no decoder network."""
        if self.native is None or not self.has_decoder:
            return None
        return PacketRedundancy(self.native, wire)
