"""A small model of all networks, and every form in which a model comes, each written by hand."""

import gzip
import hashlib
import io
import json
import struct
import tarfile
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from dred_model import ModelBundle, ModelTables, Network, find_model
from dred_model.network import Layer

LATENT, STATE = 5, 9
TABLES = [
    f"{group}_{kind}_q8" for group in ("latent", "state") for kind in ("quant_scales", "dead_zone", "r", "p0")
]
STEMS = {
    "pitchdnn": "pitchdnn",
    "fargan": "fargan",
    "plc": "plc",
    "rdovaeenc": "dred_rdovae_enc",
    "rdovaedec": "dred_rdovae_dec",
    "lossgen": "lossgen",
}


def widths() -> dict[str, list[tuple[str, str, int, int]]]:
    """Network -> (layer, kind, inputs, outputs); the RDO-VAE written out as its tables of layers say."""
    gru, conv = 8, 8
    dec = [("dec_dense1", "float", LATENT + 1, 16)]
    dec += [(f"dec_glu{k}", "int8", gru, gru) for k in range(1, 6)]
    dec += [("dec_hidden_init", "float", STATE, 16), ("dec_output", "sparse", 96, 80)]
    dec += [(f"dec_conv_dense{k}", "sparse", 24 + 16 * (k - 1), conv) for k in range(1, 6)]
    dec += [("dec_gru_init", "sparse", 16, 40)]
    for k in range(1, 6):
        dec += [(f"dec_gru{k}_input", "sparse", 16 * k, 24), (f"dec_gru{k}_recurrent", "int8", 8, 24)]
    dec += [(f"dec_conv{k}", "int8", 16, conv) for k in range(1, 6)]
    enc = [("enc_dense1", "float", 40, 16), ("enc_zdense", "int8", 96, 8)]
    enc += [("gdense2", "int8", 16, 16), ("gdense1", "sparse", 96, 16)]
    enc += [(f"enc_conv_dense{k}", "sparse", 24 + 16 * (k - 1), conv) for k in range(1, 6)]
    for k in range(1, 6):
        enc += [(f"enc_gru{k}_input", "sparse", 16 * k, 24), (f"enc_gru{k}_recurrent", "int8", 8, 24)]
    enc += [(f"enc_conv{k}", "int8", 16, conv) for k in range(1, 6)]
    pitch = [("dense_if_upsampler_1", "int8", 8, 8), ("dense_if_upsampler_2", "int8", 8, 8)]
    pitch += [("dense_downsampler", "int8", 12, 8), ("dense_final_upsampler", "int8", 8, 16)]
    pitch += [("conv2d_1", "conv2d", 1, 4), ("conv2d_2", "conv2d", 4, 1)]
    pitch += [("gru_1_input", "int8", 8, 24), ("gru_1_recurrent", "int8", 8, 24)]
    fargan = [("cond_net_pembed", "float", 7, 3), ("cond_net_fdense1", "float", 6, 8)]
    fargan += [("cond_net_fconv1", "int8", 8, 8), ("cond_net_fdense2", "int8", 8, 8)]
    fargan += [("sig_net_cond_gain_dense", "float", 8, 1), ("sig_net_fwc0_conv", "int8", 8, 8)]
    fargan += [("sig_net_fwc0_glu_gate", "int8", 8, 8)]
    for k in (1, 2, 3):
        fargan += [
            (f"sig_net_gru{k}_input", "no bias", 8, 24),
            (f"sig_net_gru{k}_recurrent", "no bias", 8, 24),
        ]
    gates = (
        "gru1_glu_gate",
        "gru2_glu_gate",
        "gru3_glu_gate",
        "skip_glu_gate",
        "skip_dense",
        "sig_dense_out",
    )
    fargan += [(f"sig_net_{name}", "int8", 8, 8) for name in gates]
    fargan += [("sig_net_gain_dense_out", "float", 8, 4)]
    plc = [("plc_dense_in", "float", 7, 8), ("plc_dense_out", "float", 8, 5)]
    loss = [("lossgen_dense_in", "float", 2, 8), ("lossgen_dense_out", "float", 8, 1)]
    for k in (1, 2):
        plc += [(f"plc_gru{k}_input", "int8", 8, 24), (f"plc_gru{k}_recurrent", "int8", 8, 24)]
        loss += [(f"lossgen_gru{k}_input", "int8", 8, 24), (f"lossgen_gru{k}_recurrent", "int8", 8, 24)]
    return dict(zip(STEMS, (pitch, fargan, plc, enc, dec, loss), strict=True))


def make_layer(name: str, kind: str, nb_in: int, nb_out: int) -> tuple[Layer, dict[str, Any]]:
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "little"))

    def floats(count: int) -> Any:
        return rng.normal(size=count).astype(np.float32)

    if kind == "conv2d":
        names = {"float_weights": f"{name}_weight_float", "bias": f"{name}_bias"}
        arrays = {f"{name}_weight_float": floats(nb_in * nb_out * 9), f"{name}_bias": floats(nb_out)}
        return Layer(name, nb_in, nb_out, kernel=(3, 3), **names), arrays
    if kind == "float":
        names = {"float_weights": f"{name}_weights_float", "bias": f"{name}_bias"}
        arrays = {f"{name}_weights_float": floats(nb_in * nb_out), f"{name}_bias": floats(nb_out)}
        return Layer(name, nb_in, nb_out, **names), arrays
    blocks = nb_in // 4 * (nb_out // 8)
    names = {"weights": f"{name}_weights_int8"}
    arrays = {}
    if kind == "sparse":
        index: list[int] = []
        for group in range(nb_out // 8):  # the second group has no blocks at all
            columns = [c for c in range(0, nb_in, 4) if (c // 4 + group) % 2 == 0] if group != 1 else []
            index += [len(columns), *columns]
        blocks = len(index) - nb_out // 8
        names["idx"] = f"{name}_weights_idx"
        arrays[f"{name}_weights_idx"] = np.array(index, dtype=np.int32)
    arrays[f"{name}_weights_int8"] = rng.integers(-64, 65, blocks * 32).astype(np.int8)
    for part in ("subias", "scale", "bias"):
        if kind != "no bias" or part != "bias":
            names[part] = f"{name}_{part}"
            arrays[f"{name}_{part}"] = floats(nb_out)
    return Layer(name, nb_in, nb_out, **names), arrays


def make_model(name: str = "small", without: tuple[str, ...] = ()) -> ModelBundle:
    rng = np.random.default_rng(1)
    tables = {
        key: rng.integers(0, 256, (16, LATENT if "latent" in key else STATE), dtype=np.uint8)
        for key in TABLES
    }
    networks = {}
    for network, rows in widths().items():
        if network in without:
            continue
        made = [make_layer(*row) for row in rows]
        arrays = {key: array for _, held in made for key, array in held.items()}
        networks[network] = Network(network, tuple(layer for layer, _ in made), arrays)
    return ModelBundle(name, 12, ModelTables(**tables), networks, "made by a test")


def c_array(name: str, array: Any, suffix: str = "") -> str:
    kind = {"float32": "static const float", "int8": "static const opus_int8", "int32": "static const int"}
    head = kind.get(str(array.dtype), "const opus_uint8")
    numbers = [
        f"{float(v):.9g}{suffix}" if array.dtype == np.float32 else str(int(v)) for v in array.reshape(-1)
    ]
    rows = ",\n".join("   " + ", ".join(numbers[at : at + 8]) for at in range(0, len(numbers), 8))
    return (
        f"#define WEIGHTS_{name}_DEFINED\n#define WEIGHTS_{name}_TYPE WEIGHT_TYPE_{array.dtype}\n"
        f"{head} {name}[{array.size}] = {{\n{rows}\n}};\n\n"
    )


def c_call(layer: Layer) -> str:
    def quote(text: str | None) -> str:
        return "NULL" if text is None else f'"{text}"'

    if layer.kernel is not None:
        names = ",".join(map(quote, (layer.bias, layer.float_weights)))
        sizes = f"{layer.nb_inputs}, {layer.nb_outputs}, {layer.kernel[0]}, {layer.kernel[1]}"
        return f"    if (conv2d_init(&model->{layer.name}, arrays, {names}, {sizes})) return 1;\n"
    debug = layer.float_weights or layer.name + "_weights_float"  # named, though it is not there
    names = ",".join(
        map(quote, (layer.bias, layer.subias, layer.weights, debug, layer.idx, None, layer.scale))
    )
    sizes = f"{layer.nb_inputs}, {layer.nb_outputs}"
    return f"    if (linear_init(&model->{layer.name}, arrays, {names}, {sizes})) return 1;\n"


def c_sources(bundle: ModelBundle, suffix: str = "") -> dict[str, str]:
    """The generated C files, by their path in the archive."""
    files = {}
    for network, content in bundle.networks.items():
        body = (
            '/* generated */\n#ifdef HAVE_CONFIG_H\n#include "config.h"\n#endif\n#ifndef USE_WEIGHTS_FILE\n'
        )
        body += "".join(c_array(name, content.arrays[name], suffix) for name in reversed(content.arrays))
        body += "const WeightArray arrays_of_it[] = {\n  {NULL, 0, 0, NULL}\n};\n#endif\n"
        body += f"int init_{network}(Model *model, const WeightArray *arrays) {{\n"
        body += "".join(map(c_call, content.layers)) + "    return 0;\n}\n"
        files[f"dnn/{STEMS[network]}_data.c"] = body
        files[f"dnn/{STEMS[network]}_data.h"] = "".join(
            f"#define {layer.name.upper()}_OUT_SIZE {layer.nb_outputs}\n" for layer in content.layers
        )
    flat = {"dred_" + key: table for key, table in bundle.tables.as_dict().items()}
    files["dnn/dred_rdovae_stats_data.c"] = "".join(c_array(key, table) for key, table in flat.items())
    files["dnn/dred_rdovae_constants.h"] = (
        f"#define DRED_LATENT_DIM {bundle.latent_dim}\n#define DRED_STATE_DIM {bundle.state_dim}\n"
    )
    files["dnn/nolace_data.c"] = "static const float nolace_x[1] = { this is skipped, never parsed };\n"
    return files


def tar_gz(files: Mapping[str, str | bytes], extra: tuple[tarfile.TarInfo, ...] = ()) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path, text in files.items():
            data = text.encode() if isinstance(text, str) else text
            info = tarfile.TarInfo(path)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for info in extra:
            archive.addfile(info, io.BytesIO(bytes(info.size)))
    return gzip.compress(out.getvalue(), compresslevel=3, mtime=0)


def dnnw(arrays: list[tuple[str, Any]]) -> bytes:
    kinds = {"float32": 0, "int32": 1, "int8": 3}
    blob = b""
    for name, array in arrays:
        data = array.tobytes()
        fill = -len(data) % 64
        head = b"DNNw" + struct.pack("<iiii", 0, kinds[str(array.dtype)], len(data), len(data) + fill)
        blob += head + name.encode().ljust(44, b"\0") + data + bytes(fill)
    return blob


def stats_json(bundle: ModelBundle) -> str:
    tables = {"dred_" + key: table.tolist() for key, table in bundle.tables.as_dict().items()}
    return json.dumps({"levels": 16, "tables": tables})


def layers_json(bundle: ModelBundle) -> str:
    def row(layer: Layer) -> dict[str, Any]:
        if layer.kernel is not None:
            sizes = {
                "in_channels": layer.nb_inputs,
                "out_channels": layer.nb_outputs,
                "ktime": 3,
                "kheight": 3,
            }
            names = {"layer": layer.name, "bias": layer.bias, "float_weights": layer.float_weights}
            return {**names, "conv2d": True, **sizes}
        keys = ("bias", "subias", "weights", "float_weights", "idx", "scale")
        names = {key: getattr(layer, key) or "NULL" for key in keys} | {"diag": "NULL", "layer": layer.name}
        return {**names, "nb_inputs": layer.nb_inputs, "nb_outputs": layer.nb_outputs}

    return json.dumps(
        {f"{STEMS[key]}_data": [row(x) for x in net.layers] for key, net in bundle.networks.items()}
    )


def write_npz(folder: Path, bundle: ModelBundle, *, layers: bool = True, stats: str = "npz") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for network, content in bundle.networks.items():
        np.savez_compressed(folder / f"{STEMS[network]}.npz", **dict(content.arrays))
    if stats == "npz":
        flat = {"dred_" + key: table.reshape(-1) for key, table in bundle.tables.as_dict().items()}
        np.savez_compressed(folder / "dred_rdovae_stats.npz", **flat)
    else:
        (folder / "dred_stats.json").write_text(stats_json(bundle))
    if layers:
        (folder / "layers.json").write_text(layers_json(bundle))
    return folder


def write_sources(folder: Path, bundle: ModelBundle) -> Path:
    for path, text in c_sources(bundle).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def write_blob(folder: Path, bundle: ModelBundle) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    arrays = [pair for network in bundle.networks.values() for pair in network.arrays.items()]
    (folder / "weights.bin").write_bytes(dnnw(arrays))
    (folder / "dred_stats.json").write_text(stats_json(bundle))
    return folder / "weights.bin"


@pytest.fixture(autouse=True)
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has a cache of its own, and nothing of the user's."""
    monkeypatch.setenv("DRED_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("DRED_MODEL_DIR", raising=False)
    return tmp_path / "cache"


@pytest.fixture(scope="session")
def small() -> ModelBundle:
    return make_model()


@pytest.fixture(scope="session")
def forms() -> SimpleNamespace:
    """The writers of this file."""
    functions = (make_model, make_layer, c_array, c_sources, tar_gz, dnnw, stats_json, layers_json)
    return SimpleNamespace(**{f.__name__: f for f in (*functions, write_npz, write_sources, write_blob)})


@pytest.fixture
def official(monkeypatch: pytest.MonkeyPatch) -> ModelBundle:
    """The official model from beside the checkout (the user's own places are hidden from tests)."""
    bundle = find_model("libopus-1.6")
    if bundle is None:
        pytest.skip("the official model is not at ../shared/models/libopus-1.6.1")
    return bundle
