"""
From loose arrays to networks.

Every source gives arrays by name. C sources and array folders also tell the layers; a blob does not, so
there the layers follow from the names and sizes of the arrays and from how the networks are wired.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from .architecture import (
    ARRAY_NAME,
    CONV2D_KERNEL,
    LAYERS,
    NETWORK_OF_LAYER,
    NETWORKS,
    input_widths,
    layer_order,
)
from .errors import ModelError
from .geometry import BLOCK, check_sparse_index
from .network import ARRAY_FIELDS, Array, Layer, Network, named_layer, own

FIELD_OF_PART = {
    "weights_int8": "weights",
    "weights_idx": "idx",
    "weights_float": "float_weights",
    "weight_float": "float_weights",
    "subias": "subias",
    "scale": "scale",
    "bias": "bias",
}


def network_of_array(name: str) -> str | None:
    """Return the network an array belongs to by its name; None for foreign ones, as speech enhancement."""
    match = ARRAY_NAME.fullmatch(name)
    return NETWORK_OF_LAYER.get(match["layer"]) if match else None


def build_networks(
    arrays: Mapping[str, Array], layers: Mapping[str, Iterable[Layer]], notes: list[str]
) -> dict[str, Network]:
    """
    Join layers and arrays to networks in canonical order.

    Parameters
    ----------
    arrays : mapping
        All arrays by name; those that no layer names are left out with a note.
    layers : mapping
        Layers by network.
    notes : list of str
        Extended by what was left out.

    Returns
    -------
    networks : dict
        Networks that have at least one layer.

    Raises
    ------
    ModelError
        M4 for an array that is missing, M5 for a debug array of wrong size, M7 for a layer given twice.
    """
    networks: dict[str, Network] = {}
    used: set[str] = set()
    for network in NETWORKS:
        settled: dict[str, Layer] = {}
        for layer in layers.get(network, ()):
            if layer.name in settled:
                raise ModelError("M7", f"network {network} has this layer twice", subject=layer.name)
            used.update(layer.array_names)
            settled[layer.name] = _without_debug_floats(layer, arrays, notes)
        if not settled:
            continue
        ordered = tuple(sorted(settled.values(), key=lambda layer: layer_order(network, layer.name)))
        held: dict[str, Array] = {}
        for layer in ordered:
            for field, dtype in ARRAY_FIELDS:
                name = getattr(layer, field)
                if name is not None and name in arrays:
                    held[name] = own(arrays[name], dtype) if arrays[name].dtype == dtype else arrays[name]
        networks[network] = Network(network, ordered, held)
    foreign = sorted(set(arrays) - used)
    if foreign:
        notes.append(f"{len(foreign)} arrays that no layer uses were left out, the first is {foreign[0]}")
    return networks


def _without_debug_floats(layer: Layer, arrays: Mapping[str, Array], notes: list[str]) -> Layer:
    """Drop the unquantised copy of int8 weights, which deployed builds leave out."""
    if layer.weights is None or layer.float_weights is None:
        return layer
    debug = arrays.get(layer.float_weights)
    if debug is not None:
        taps = layer.nb_inputs * layer.nb_outputs
        if layer.idx is not None and layer.idx in arrays:
            taps = check_sparse_index(layer, arrays[layer.idx]) * BLOCK
        if debug.size != taps:
            raise ModelError(
                "M5", f"{debug.size} values; layer {layer.name} needs {taps}", subject=layer.float_weights
            )
        notes.append(f"{layer.float_weights}: left out, the int8 weights of the layer are used")
    return replace(layer, float_weights=None)


def layers_from_arrays(
    arrays: Mapping[str, Array], latent_dim: int, state_dim: int
) -> dict[str, tuple[Layer, ...]]:
    """
    Derive the layer table from array names and sizes.

    Parameters
    ----------
    arrays : mapping
        Arrays by name; foreign ones are ignored.
    latent_dim, state_dim : int
        Dimensions of the quantiser tables.

    Returns
    -------
    layers : dict
        Layers by network.

    Raises
    ------
    ModelError
        M4 or M5 when sizes do not tell, or contradict each other.
    """
    named: dict[str, dict[str, str]] = {}
    for array in arrays:
        match = ARRAY_NAME.fullmatch(array)
        if match and match["layer"] in NETWORK_OF_LAYER:
            named.setdefault(match["layer"], {})[FIELD_OF_PART[match["part"]]] = array
    result: dict[str, tuple[Layer, ...]] = {}
    for network, known in LAYERS.items():
        present = [name for name in known if name in named]
        if not present:
            continue
        known_inputs = {"dec_dense1": latent_dim + 1, "dec_hidden_init": state_dim}
        outputs = {name: _outputs(name, named[name], arrays, known_inputs.get(name)) for name in present}
        if missing := [name for name in known if name not in outputs]:
            raise ModelError("M4", f"network {network} lacks the layer", subject=missing[0])
        widths = input_widths(network, outputs, latent_dim, state_dim)
        result[network] = tuple(
            _derive(name, named[name], arrays, outputs[name], widths.get(name)) for name in present
        )
    return result


def _outputs(name: str, parts: Mapping[str, str], arrays: Mapping[str, Array], nb_inputs: int | None) -> int:
    for field in ("bias", "subias", "scale"):
        if field in parts:
            return arrays[parts[field]].size
    if nb_inputs is not None and "float_weights" in parts:  # a bias is optional
        return arrays[parts["float_weights"]].size // nb_inputs
    raise ModelError("M4", "the layer has neither bias, subias nor scale", subject=name)


def _derive(
    name: str,
    parts: Mapping[str, str],
    arrays: Mapping[str, Array],
    nb_outputs: int,
    known_inputs: int | None,
) -> Layer:
    weights = parts.get("weights", parts.get("float_weights"))
    if weights is None:
        raise ModelError("M4", "the layer has neither int8 nor float weights", subject=name)
    kernel = CONV2D_KERNEL if weights.endswith("_weight_float") else None
    if "idx" in parts:
        if known_inputs is None:
            raise ModelError("M5", "the input width of this sparse layer cannot be derived", subject=name)
        nb_inputs = known_inputs
    else:
        per_input = nb_outputs * (kernel[0] * kernel[1] if kernel else 1)
        nb_inputs, rest = divmod(arrays[weights].size, per_input)
        if rest or not nb_inputs:
            raise ModelError(
                "M5", f"{arrays[weights].size} values, not a multiple of {per_input}", subject=weights
            )
    return named_layer(name, nb_inputs, nb_outputs, dict(parts), kernel)
