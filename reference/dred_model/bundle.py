"""
A model: tables, networks, name and hashes.

The hash of a model runs over what it *means* (dimensions, tables, layer geometry, arrays in the order of
the deployed blob), never over the file it came from: an archive, a folder of C sources, arrays and a blob
of one model all give the same hash.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from .architecture import CODEC_NETWORKS, NETWORKS
from .dnnw import write_blob
from .errors import ModelError
from .geometry import check_network
from .network import ARRAY_FIELDS, ARRAY_SUFFIXES, Array, Network
from .tables import ModelTables

if TYPE_CHECKING:
    from dred_reference.network import (
        ConcealmentNetwork,
        DecoderNetwork,
        EncoderNetwork,
        PitchNetwork,
        VocoderNetwork,
    )
    from dred_reference.network.loss import LossNetwork

DECODER_NETWORK = "rdovaedec"
ENCODER_NETWORK = "rdovaeenc"
PITCH_NETWORK = "pitchdnn"
VOCODER_NETWORK = "fargan"
CONCEALMENT_NETWORK = "plc"
LOSS_NETWORK = "lossgen"
NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")


@dataclass(frozen=True, eq=False)
class ModelBundle:
    """
    Everything learned, as one record.

    Parameters
    ----------
    name : str
        What the model is called; also its name in the cache.
    experimental_version : int
        The version byte of payloads made with it (profile ``experimental-12``: 12).
    tables : ModelTables
        Quantiser and entropy tables.
    networks : mapping
        By name, as available; keys from `architecture.NETWORKS`.
    source : str
        Where it came from, for people.
    notes : tuple of str
        What the importer left out or found unusual.

    Raises
    ------
    ModelError
        The name or version is not allowed (M7), or a network does not fit (M4, M5, M7).
    """

    name: str
    experimental_version: int
    tables: ModelTables
    networks: Mapping[str, Network]
    source: str
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_name(self.name)
        if not 0 <= self.experimental_version <= 255:
            raise ModelError("M7", f"experimental version {self.experimental_version} is no byte")
        for name in self.networks:
            if name not in NETWORKS:
                raise ModelError("M7", "no network of that name is known", subject=name)
        for network in self.networks.values():
            for warning in check_network(network, self.latent_dim, self.state_dim):
                if warning not in self.notes:
                    object.__setattr__(self, "notes", (*self.notes, warning))

    @property
    def latent_dim(self) -> int:
        """Number of values of a latent."""
        return self.tables.latent_dim

    @property
    def state_dim(self) -> int:
        """Number of values of the initial state."""
        return self.tables.state_dim

    @cached_property
    def tables_sha256(self) -> str:
        """See `ModelTables.sha256`."""
        return self.tables.sha256

    @cached_property
    def weights_blob(self) -> bytes | None:
        """All networks as one DNNw blob in the order of the deployed one; None without networks."""
        arrays = [pair for network in self.ordered_networks() for pair in network.ordered_arrays()]
        return write_blob(arrays) if arrays else None

    @cached_property
    def network_sha256(self) -> dict[str, str]:
        """SHA-256 of the DNNw records of each network."""
        return {
            network.name: hashlib.sha256(write_blob(network.ordered_arrays())).hexdigest()
            for network in self.ordered_networks()
        }

    @cached_property
    def model_sha256(self) -> str:
        """SHA-256 over a text of all that makes the model, the lost-packet generator left out."""
        lines = [
            "dred-model/1",
            f"experimental_version {self.experimental_version}",
            f"dimensions {self.tables.levels} {self.latent_dim} {self.state_dim}",
            f"tables {self.tables_sha256}",
        ]
        for network in self.ordered_networks():
            if network.name in CODEC_NETWORKS:
                lines.append(f"network {network.name} {self.network_sha256[network.name]}")
                for layer in network.layers:
                    kernel = "x".join(map(str, layer.kernel or ()))
                    lines.append(f"layer {layer.name} {layer.nb_inputs} {layer.nb_outputs} {kernel}".rstrip())
        return hashlib.sha256("".join(line + "\n" for line in lines).encode("ascii")).hexdigest()

    def ordered_networks(self) -> list[Network]:
        """Return the networks in the order of the deployed blob."""
        return [self.networks[name] for name in NETWORKS if name in self.networks]

    def to_reference_network(self) -> DecoderNetwork:
        """
        Return the decoder network as the record that the `feature` stage of dred_reference takes.

        Raises
        ------
        ModelError
            M4: the model has no decoder network.
        FeatureError
            N1: it has one that the stage cannot run, for example an int8 layer where it needs float weights.
        """
        from dred_reference.network import decoder_network  # noqa: PLC0415  models load without the stages

        return decoder_network(
            self._reference_arrays(DECODER_NETWORK, "decoder"), self.latent_dim, self.state_dim
        )

    def to_reference_encoder(self) -> EncoderNetwork:
        """
        Return the encoder network as the record that the encoding of dred_reference takes.

        Raises
        ------
        ModelError
            M4: the model has no encoder network.
        FeatureError
            N1: it has one that cannot be run, for example an int8 layer where float weights are needed.
        """
        from dred_reference.network import encoder_network  # noqa: PLC0415  models load without the stages

        return encoder_network(
            self._reference_arrays(ENCODER_NETWORK, "encoder"), self.latent_dim, self.state_dim
        )

    def to_reference_pitch_network(self) -> PitchNetwork:
        """
        Return the pitch network as the record that the analysis of dred_reference takes.

        Raises
        ------
        ModelError
            M4: the model has no pitch network.
        FeatureError
            N1: it has one that cannot be run, for example a layer of another size than its neighbours demand.
        """
        from dred_reference.network import pitch_network  # noqa: PLC0415  models load without the stages

        return pitch_network(self._reference_arrays(PITCH_NETWORK, "pitch"))

    def to_reference_vocoder_network(self) -> VocoderNetwork:
        """
        Return the vocoder network as the record that the vocoder of dred_reference takes.

        Raises
        ------
        ModelError
            M4: the model has no vocoder network.
        FeatureError
            N1: it has one that cannot be run, for example a layer of another size than its neighbours demand.
        """
        from dred_reference.network import vocoder_network  # noqa: PLC0415  models load without the stages

        return vocoder_network(self._reference_arrays(VOCODER_NETWORK, "vocoder"))

    def to_reference_concealment_network(self) -> ConcealmentNetwork:
        """
        Return the concealment network as the record that the concealment of dred_reference takes.

        Raises
        ------
        ModelError
            M4: the model has no concealment network.
        FeatureError
            N1: it has one that cannot be run, for example a layer of another size than its neighbours demand.
        """
        from dred_reference.network import concealment_network  # noqa: PLC0415  models load without the stages

        return concealment_network(self._reference_arrays(CONCEALMENT_NETWORK, "concealment"))

    def to_reference_loss_network(self) -> LossNetwork:
        """
        Return the loss network as the record that simulations take.

        Raises
        ------
        ModelError
            M4: the model has no loss network.
        FeatureError
            N1: it has one that cannot be run, for example a layer of another size than its neighbours demand.
        """
        from dred_reference.network.loss import loss_network  # noqa: PLC0415  models load without the stages

        return loss_network(self._reference_arrays(LOSS_NETWORK, "loss"))

    def _reference_arrays(self, name: str, words: str) -> dict[str, Array]:
        """Return the arrays of a network by the names that the deployed weights have."""
        network = self.networks.get(name)
        if network is None:
            raise ModelError("M4", f"the model has no {words} network", subject=self.name)
        arrays: dict[str, Array] = {}
        for layer in network.layers:
            for field, _ in ARRAY_FIELDS:
                held = getattr(layer, field)
                if held is not None:
                    is_convolution = layer.kernel and field == "float_weights"
                    suffix = "weight_float" if is_convolution else ARRAY_SUFFIXES[field]
                    arrays[f"{layer.name}_{suffix}"] = network.arrays[held]
        return arrays

    def renamed(self, name: str) -> ModelBundle:
        """Return the same model under another name."""
        return replace(self, name=name)


def check_name(name: str) -> str:
    """
    Return `name` if a model may be called so.

    Raises
    ------
    ModelError
        M7: names become folder names, so they are lower-case letters, digits and inner ``. _ -``.
    """
    if not NAME.fullmatch(name):
        raise ModelError(
            "M7",
            f"{name!r} is no model name",
            advice="Use 1 to 64 of a-z 0-9 . _ - and begin and end with a letter or digit.",
        )
    return name
