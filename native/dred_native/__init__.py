"""Fixed-point C++20 core of Opus DRED: packet to latent stages in both directions, and features.

`write_redundancy` is an encoder's last step: it chooses latents of the latest speech and codes them.
`latent_costs` and `state_costs` tell what they would cost, for the choice of levels.

`receiver_decisions` tells what a receiver plays at each time, from packets that come late or never.

`Vocoder` makes speech of features, in float32: the one stage here that is not exact to the last bit.

Results have the shapes of the adapter protocol, with ``bytes`` in place of hex digits. Structural errors
raise :class:`DredError`; batch functions return them in place of a result, and release the interpreter.
"""

from pathlib import Path

from dred_native import _core
from dred_native._core import (
    FeatureDecoder,
    Model,
    PacketFeatureDecoder,
    Vocoder,
    __version__,
    availability,
    bench_feature,
    bench_packet_features,
    bench_payload,
    bench_vocoder,
    build_config,
    decode_features,
    decode_features_batch,
    decode_latents,
    decode_packet,
    decode_packet_features,
    decode_packet_latents,
    decode_payload,
    decode_payloads,
    encode_payload,
    fixed_point_tanh_table,
    has_lbrr,
    latent_costs,
    pad_packet,
    parse_extensions,
    parse_extensions_batch,
    parse_packet,
    parse_packets,
    quantise,
    range_decode,
    range_encode,
    receiver_decisions,
    simd_paths,
    state_costs,
    write_extensions,
    write_packet,
    write_redundancy,
)
from dred_native.errors import DredError
from dred_native.model_folder import load_model

__all__ = [
    "DredError",
    "FeatureDecoder",
    "Model",
    "PacketFeatureDecoder",
    "Vocoder",
    "__version__",
    "adapter_path",
    "availability",
    "bench_feature",
    "bench_packet_features",
    "bench_payload",
    "bench_vocoder",
    "build_config",
    "decode_features",
    "decode_features_batch",
    "decode_latents",
    "decode_packet",
    "decode_packet_features",
    "decode_packet_latents",
    "decode_payload",
    "decode_payloads",
    "encode_payload",
    "fixed_point_tanh_table",
    "has_lbrr",
    "latent_costs",
    "load_model",
    "pad_packet",
    "parse_extensions",
    "parse_extensions_batch",
    "parse_packet",
    "parse_packets",
    "quantise",
    "range_decode",
    "range_encode",
    "receiver_decisions",
    "simd_paths",
    "state_costs",
    "write_extensions",
    "write_packet",
    "write_redundancy",
]


def adapter_path() -> Path:
    """Return the protocol adapter executable that was built with this module."""
    return Path(_core.__file__).parent / "bin" / "dred-native-adapter"
