"""
The networks of experimental version 12: names, order, and how widths follow from each other.

The order of networks and layers is that of the deployed DNNw blob; hashes run in it, so they do not depend
on the order in which a source happens to list them. The lost-packet generator belongs to the simulation,
not to the codec: it is stored after the others and has no part in the hash of the model.

Inside the RDO-VAE each layer reads the concatenation of all earlier outputs, so the input width of every
layer follows from the output widths of the others. That is how a blob, which does not store widths, is
understood, and how a wrong layer table is found out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

BLOCKS = range(1, 6)

CODEC_NETWORKS = ("pitchdnn", "fargan", "plc", "rdovaeenc", "rdovaedec")
NETWORKS = (*CODEC_NETWORKS, "lossgen")

# Stem of the C source or .npz file that holds the network.
NETWORK_FILES = {
    "pitchdnn": "pitchdnn",
    "fargan": "fargan",
    "plc": "plc",
    "rdovaeenc": "dred_rdovae_enc",
    "rdovaedec": "dred_rdovae_dec",
    "lossgen": "lossgen",
}

LAYERS: dict[str, tuple[str, ...]] = {
    "pitchdnn": (
        *("dense_if_upsampler_1", "dense_if_upsampler_2", "dense_downsampler", "dense_final_upsampler"),
        *("conv2d_1", "conv2d_2", "gru_1_input", "gru_1_recurrent"),
    ),
    "fargan": (
        *("cond_net_pembed", "cond_net_fdense1", "cond_net_fconv1", "cond_net_fdense2"),
        *("sig_net_cond_gain_dense", "sig_net_fwc0_conv", "sig_net_fwc0_glu_gate"),
        *(f"sig_net_gru{k}_{part}" for k in (1, 2, 3) for part in ("input", "recurrent")),
        *(f"sig_net_gru{k}_glu_gate" for k in (1, 2, 3)),
        *("sig_net_skip_glu_gate", "sig_net_skip_dense", "sig_net_sig_dense_out", "sig_net_gain_dense_out"),
    ),
    "plc": (
        *("plc_dense_in", "plc_dense_out"),
        *(f"plc_gru{k}_{part}" for k in (1, 2) for part in ("input", "recurrent")),
    ),
    "rdovaeenc": (
        *("enc_dense1", "enc_zdense", "gdense2", "gdense1"),
        *(f"enc_conv_dense{k}" for k in BLOCKS),
        *(f"enc_gru{k}_{part}" for k in BLOCKS for part in ("input", "recurrent")),
        *(f"enc_conv{k}" for k in BLOCKS),
    ),
    "rdovaedec": (
        *("dec_dense1", *(f"dec_glu{k}" for k in BLOCKS), "dec_hidden_init", "dec_output"),
        *(f"dec_conv_dense{k}" for k in BLOCKS),
        "dec_gru_init",
        *(f"dec_gru{k}_{part}" for k in BLOCKS for part in ("input", "recurrent")),
        *(f"dec_conv{k}" for k in BLOCKS),
    ),
    "lossgen": (
        *("lossgen_dense_in", "lossgen_dense_out"),
        *(f"lossgen_gru{k}_{part}" for k in (1, 2) for part in ("input", "recurrent")),
    ),
}

NETWORK_OF_LAYER = {layer: network for network, layers in LAYERS.items() for layer in layers}

CONV2D_KERNEL = (3, 3)  # both 2-D convolutions of PitchDNN

ARRAY_NAME = re.compile(
    r"(?P<layer>[A-Za-z][A-Za-z0-9_]*?)_"
    r"(?P<part>weights_int8|weights_idx|weights_float|weight_float|subias|bias|scale)"
)


def layer_order(network: str, name: str) -> tuple[int, str]:
    """Return the sort key that puts layers into the order of the deployed blob, unknown ones last by name."""
    known = LAYERS.get(network, ())
    return (known.index(name), "") if name in known else (len(known), name)


def input_widths(network: str, outputs: Mapping[str, int], latent_dim: int, state_dim: int) -> dict[str, int]:
    """
    Derive the input widths of an RDO-VAE network from the output widths of its layers.

    Parameters
    ----------
    network : str
        Other networks than ``rdovaedec`` and ``rdovaeenc`` give an empty result.
    outputs : mapping
        Output width per layer name; every layer of `LAYERS` must be present.
    latent_dim, state_dim : int
        Dimensions of the quantiser tables.

    Returns
    -------
    widths : dict
        Required input width by layer name.
    """
    if network == "rdovaedec":
        return _decoder_widths(outputs, latent_dim, state_dim)
    if network == "rdovaeenc":
        return _encoder_widths(outputs)
    return {}


def _decoder_widths(outputs: Mapping[str, int], latent_dim: int, state_dim: int) -> dict[str, int]:
    widths = {
        "dec_dense1": latent_dim + 1,  # the level is one more input
        "dec_hidden_init": state_dim,
        "dec_gru_init": outputs["dec_hidden_init"],
    }
    width = outputs["dec_dense1"]
    for k in BLOCKS:
        widths[f"dec_gru{k}_input"] = width
        widths[f"dec_gru{k}_recurrent"] = outputs[f"dec_gru{k}_recurrent"] // 3
        widths[f"dec_glu{k}"] = outputs[f"dec_gru{k}_recurrent"] // 3
        width += outputs[f"dec_glu{k}"]
        widths[f"dec_conv_dense{k}"] = width
        widths[f"dec_conv{k}"] = 2 * outputs[f"dec_conv_dense{k}"]  # kernel 2: previous step, this step
        width += outputs[f"dec_conv{k}"]
    widths["dec_output"] = width
    return widths


def _encoder_widths(outputs: Mapping[str, int]) -> dict[str, int]:
    widths = {"gdense2": outputs["gdense1"]}
    width = outputs["enc_dense1"]
    for k in BLOCKS:
        widths[f"enc_gru{k}_input"] = width
        widths[f"enc_gru{k}_recurrent"] = outputs[f"enc_gru{k}_recurrent"] // 3
        width += outputs[f"enc_gru{k}_recurrent"] // 3
        widths[f"enc_conv_dense{k}"] = width
        widths[f"enc_conv{k}"] = 2 * outputs[f"enc_conv_dense{k}"]
        width += outputs[f"enc_conv{k}"]
    widths["enc_zdense"] = width
    widths["gdense1"] = width
    return widths


def output_widths(
    network: str, outputs: Mapping[str, int], latent_dim: int, state_dim: int
) -> dict[str, int]:
    """
    Return the output widths that are forced by other widths; parameters as for `input_widths`.

    A network whose encoder outputs are padded to a multiple of 8 must cover the dimensions of the tables.
    """
    if network == "rdovaedec":
        forced = {"dec_gru_init": sum(outputs[f"dec_gru{k}_recurrent"] // 3 for k in BLOCKS)}
        for k in BLOCKS:
            forced[f"dec_glu{k}"] = outputs[f"dec_gru{k}_recurrent"] // 3
            forced[f"dec_gru{k}_input"] = outputs[f"dec_gru{k}_recurrent"]
        return forced
    if network == "rdovaeenc":
        forced = {"enc_zdense": -(-latent_dim // 8) * 8, "gdense2": -(-state_dim // 8) * 8}
        for k in BLOCKS:
            forced[f"enc_gru{k}_input"] = outputs[f"enc_gru{k}_recurrent"]
        return forced
    return {}
