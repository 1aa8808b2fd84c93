"""What a receiver needs of a model."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

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

Made = TypeVar("Made")

_FILLING = ("fargan", "plc", "pitchdnn")


@dataclass(frozen=True)
class ReceiverModel:
    """The parts of a model, each None where the model, or the model itself, is missing.

    Attributes
    ----------
    decoder
        Tables and decoder network, for the native core.
    vocoder
        The vocoder, for the native core.
    pitch, concealment
        Networks of the reference implementation.
    filling_name : str
        Of the model whose networks fill holes; empty where signal processing does it.
    """

    decoder: dred_native.Model | None = None
    vocoder: dred_native.Model | None = None
    pitch: PitchNetwork | None = None
    concealment: ConcealmentNetwork | None = None
    filling_name: str = ""

    @classmethod
    def of(
        cls, bundle: ModelBundle | None, others: Callable[[], ModelBundle] | None = None
    ) -> "ReceiverModel":
        """Return what there is of a model.

        Parameters
        ----------
        bundle : ModelBundle or None
        others : callable, optional
            Where `bundle` has no network that fills holes, those of the model that this returns do it:
            features mean the same in all models. It is not called where it is not needed.

        Raises
        ------
        ReceivingError
            S1: a network of a model is broken.
        """
        decoder = None
        if bundle is not None and "rdovaedec" in bundle.networks:
            decoder = _usable(bundle, native_model)
        filler = bundle
        if others is not None and not _fills(bundle):
            filler = others()
        if filler is None or not _fills(filler):
            return cls(decoder)
        return _usable(filler, lambda found: cls(decoder, *_filling(found), found.name))

    def filling(self, sampling_rate: int) -> HoleFilling:
        """Return what fills holes, from silence on: without networks signal processing does it."""
        extractor = FeatureExtractor(PitchTracker() if self.pitch is None else NetworkPitch(self.pitch))
        prediction = PredictionWithoutModel() if self.concealment is None else self.concealment
        vocoder: FrameVocoder = SourceFilterVocoder()
        if self.vocoder is not None:
            vocoder = dred_native.Vocoder(self.vocoder)
        return HoleFilling(Concealer(prediction, extractor, vocoder), sampling_rate)

    def redundancy(self, wire: WireProfile) -> PacketRedundancy | None:
        """Return a reader of redundancy, or None if there is no decoder network."""
        return None if self.decoder is None else PacketRedundancy(self.decoder, wire)


def _fills(bundle: ModelBundle | None) -> bool:
    return bundle is not None and any(name in bundle.networks for name in _FILLING)


def _filling(
    bundle: ModelBundle,
) -> tuple[dred_native.Model | None, PitchNetwork | None, ConcealmentNetwork | None]:
    names = bundle.networks
    return (
        native_model(bundle) if "fargan" in names else None,
        bundle.to_reference_pitch_network() if "pitchdnn" in names else None,
        bundle.to_reference_concealment_network() if "plc" in names else None,
    )


def _usable(bundle: ModelBundle, make: Callable[[ModelBundle], Made]) -> Made:
    try:
        return make(bundle)
    except (ModelError, DredError, dred_native.DredError) as error:
        raise ReceivingError("S1", f"the model {bundle.name!r} cannot be used: {error}") from error
