from collections.abc import Sequence
from typing import Literal, NotRequired, SupportsIndex, TypedDict

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Buffer

from dred_native.errors import DredError

__version__: str

class _BuildConfig(TypedDict):
    version: str
    compiler: str
    compiler_version: str
    build_type: str
    sanitizers: str
    assertions: bool
    cxx_standard: int
    avx2: bool

class _Packet(TypedDict):
    config: int
    stereo: bool
    code: int
    frames: list[bytes]
    padding: bytes
    consumed: int

class _RangeTrace(TypedDict):
    tells: list[int]
    tell_fracs: list[int]
    ranges: list[int]

class _Decoded(_RangeTrace):
    values: list[int]
    uint_error: bool

class _Encoded(_RangeTrace):
    data: bytes
    overflow: bool

class _Header(TypedDict):
    q0: int
    dq: int
    qmax: int
    offset: int
    frame: NotRequired[int]

class _Payload(_Header):
    state: list[int]
    latents: list[list[int]]
    levels: list[int]
    range: int
    tell: int

class _Latents(_Header):
    state: NDArray[np.float32]
    state_count: int
    latents: NDArray[np.float32]
    latent_count: int

class _Features(_Header):
    features: NDArray[np.int32]
    feature_count: int
    latent_count: int

class _WrittenPayload(TypedDict):
    payload: bytes
    latent_count: int

class _Symbols(TypedDict):
    state: list[int]
    latents: list[list[int]]

class _Redundancy(TypedDict):
    data: bytes
    latents: int
    offset: int
    first: int
    last_extra: int

class _Availability(TypedDict):
    samples: int
    dred_end: int

_Source = Literal["regular", "lbrr", "dred", "concealment"]

class _FeatureBenchmark(TypedDict):
    seconds: float
    payloads: int
    latents: int
    first_latent_seconds: float
    first_latents: int
    memory_bytes: int
    network_bytes: int

class _PacketFeatureBenchmark(TypedDict):
    seconds: float
    packets: int
    latents: int
    memory_bytes: int

class _VocoderBenchmark(TypedDict):
    seconds: float
    frames: float
    memory_bytes: int
    network_bytes: int

class _Benchmark(TypedDict):
    seconds: float
    payloads: int
    latents: int

class Model:
    def __init__(
        self,
        name: str,
        latent_dim: SupportsIndex,
        state_dim: SupportsIndex,
        latent_quant_scales_q8: NDArray[np.uint8],
        latent_dead_zone_q8: NDArray[np.uint8],
        latent_r_q8: NDArray[np.uint8],
        latent_p0_q8: NDArray[np.uint8],
        state_quant_scales_q8: NDArray[np.uint8],
        state_dead_zone_q8: NDArray[np.uint8],
        state_r_q8: NDArray[np.uint8],
        state_p0_q8: NDArray[np.uint8],
        *,
        weights: Buffer | None = None,
    ) -> None: ...
    @property
    def has_network(self) -> bool: ...
    @property
    def has_vocoder(self) -> bool: ...
    @property
    def name(self) -> str: ...
    @property
    def latent_dim(self) -> int: ...
    @property
    def state_dim(self) -> int: ...
    @property
    def latent_quant_scales_q8(self) -> NDArray[np.uint8]: ...
    @property
    def latent_dead_zone_q8(self) -> NDArray[np.uint8]: ...
    @property
    def latent_r_q8(self) -> NDArray[np.uint8]: ...
    @property
    def latent_p0_q8(self) -> NDArray[np.uint8]: ...
    @property
    def state_quant_scales_q8(self) -> NDArray[np.uint8]: ...
    @property
    def state_dead_zone_q8(self) -> NDArray[np.uint8]: ...
    @property
    def state_r_q8(self) -> NDArray[np.uint8]: ...
    @property
    def state_p0_q8(self) -> NDArray[np.uint8]: ...

def build_config() -> _BuildConfig: ...
def parse_packet(data: Buffer, self_delimited: bool = False) -> _Packet: ...
def write_packet(
    config: SupportsIndex,
    stereo: bool,
    code: SupportsIndex,
    frames: Sequence[Buffer],
    *,
    vbr: bool = False,
    padding: Buffer | None = None,
    self_delimited: bool = False,
) -> bytes: ...
def pad_packet(
    packet: Buffer,
    extensions: Sequence[tuple[SupportsIndex, SupportsIndex, Buffer]],
    size: SupportsIndex | None = None,
) -> bytes: ...
def parse_extensions(padding: Buffer, frame_count: SupportsIndex) -> list[tuple[int, int, bytes]]: ...
def write_extensions(
    extensions: Sequence[tuple[SupportsIndex, SupportsIndex, Buffer]],
    frame_count: SupportsIndex,
    size: SupportsIndex = 2147483647,
    pad: bool = False,
) -> bytes: ...
def range_decode(
    data: Buffer, steps: Sequence[Sequence[str | SupportsIndex | Sequence[SupportsIndex]]]
) -> _Decoded: ...
def range_encode(
    size: SupportsIndex, steps: Sequence[Sequence[str | SupportsIndex | Sequence[SupportsIndex]]]
) -> _Encoded: ...
def decode_payload(
    payload: Buffer,
    wire: str,
    model: Model,
    frame_offset: SupportsIndex = 0,
    max_latents: SupportsIndex | None = None,
    stop_bits: SupportsIndex = 7,
) -> _Payload: ...
def decode_packet(
    packet: Buffer,
    wire: str,
    model: Model,
    max_latents: SupportsIndex | None = None,
    stop_bits: SupportsIndex = 7,
) -> _Payload | None: ...
def encode_payload(
    q0: SupportsIndex,
    dq: SupportsIndex,
    qmax: SupportsIndex,
    offset: SupportsIndex,
    state: Sequence[SupportsIndex],
    latents: Sequence[Sequence[SupportsIndex]],
    wire: str,
    model: Model,
    max_bytes: SupportsIndex | None = None,
    keep_last: bool = False,
) -> _WrittenPayload: ...
def availability(
    packet: Buffer,
    sampling_rate: SupportsIndex,
    max_samples: SupportsIndex,
    wire: str,
    model: Model,
    rule: str = "2026-06",
) -> _Availability: ...
def decode_latents(
    payload: Buffer,
    wire: str,
    model: Model,
    frame_offset: SupportsIndex = 0,
    max_latents: SupportsIndex | None = None,
    stop_bits: SupportsIndex = 7,
) -> _Latents: ...
def decode_packet_latents(
    packet: Buffer,
    wire: str,
    model: Model,
    max_latents: SupportsIndex | None = None,
    stop_bits: SupportsIndex = 7,
) -> _Latents | None: ...
def quantise(
    model: Model,
    q0: SupportsIndex,
    dq: SupportsIndex,
    qmax: SupportsIndex,
    state: NDArray[np.float32],
    latents: NDArray[np.float32],
) -> _Symbols: ...
def write_redundancy(
    model: Model,
    latents: NDArray[np.float32],
    states: NDArray[np.float32],
    activity: Buffer,
    *,
    dred_offset: SupportsIndex,
    latent_offset: SupportsIndex,
    last_extra: SupportsIndex,
    max_latents: SupportsIndex,
    max_bytes: SupportsIndex,
    q0: SupportsIndex,
    dq: SupportsIndex,
    qmax: SupportsIndex,
    rule: str = "deployed",
) -> _Redundancy: ...
def latent_costs(model: Model, latents: NDArray[np.float32]) -> NDArray[np.float64]: ...
def state_costs(model: Model, states: NDArray[np.float32]) -> NDArray[np.float64]: ...

class FeatureDecoder:
    def __init__(self, model: Model, path: str = "auto") -> None: ...
    @property
    def path(self) -> str: ...
    @property
    def memory_bytes(self) -> int: ...
    def start(self, state: NDArray[np.float32]) -> None: ...
    def step(self, latent: NDArray[np.float32]) -> NDArray[np.int32]: ...
    def decode(self, state: NDArray[np.float32], latents: NDArray[np.float32]) -> NDArray[np.int32]: ...

class PacketFeatureDecoder:
    def __init__(self, model: Model, wire: str, path: str = "auto") -> None: ...
    @property
    def path(self) -> str: ...
    @property
    def memory_bytes(self) -> int: ...
    def load(self, packet: Buffer) -> _Header | None: ...
    def decode(self, latents: SupportsIndex) -> NDArray[np.int32]: ...

class Vocoder:
    def __init__(self, model: Model, path: str = "auto") -> None: ...
    @property
    def path(self) -> str: ...
    @property
    def memory_bytes(self) -> int: ...
    def start(self, past: NDArray[np.float32], features: NDArray[np.float32]) -> None: ...
    def frame(self, features: NDArray[np.float32]) -> NDArray[np.float32]: ...
    def reset(self) -> None: ...
    def synthesise(self, features: NDArray[np.float32]) -> NDArray[np.int16]: ...

def decode_features(
    payload: Buffer,
    wire: str,
    model: Model,
    frame_offset: SupportsIndex = 0,
    max_latents: SupportsIndex | None = None,
    path: str = "auto",
) -> _Features: ...
def decode_packet_features(
    packet: Buffer,
    wire: str,
    model: Model,
    max_latents: SupportsIndex | None = None,
    path: str = "auto",
) -> _Features | None: ...
def decode_features_batch(
    payloads: Sequence[Buffer], wire: str, model: Model, path: str = "auto"
) -> list[NDArray[np.int32] | DredError]: ...
def has_lbrr(packet: Buffer) -> bool: ...
def receiver_decisions(
    arrivals: Sequence[tuple[SupportsIndex, SupportsIndex, Buffer]],
    duration_48k: SupportsIndex,
    wire: str,
    model: Model,
    delay_48k: SupportsIndex | None = None,
    lbrr: bool = True,
    dred: bool = True,
) -> list[tuple[int, int, _Source, int | None, int | None]]: ...
def simd_paths() -> list[str]: ...
def fixed_point_tanh_table() -> NDArray[np.int32]: ...
def parse_packets(packets: Sequence[Buffer]) -> list[_Packet | DredError]: ...
def parse_extensions_batch(
    paddings: Sequence[Buffer], frame_counts: Sequence[SupportsIndex]
) -> list[list[tuple[int, int, bytes]] | DredError]: ...
def decode_payloads(payloads: Sequence[Buffer], wire: str, model: Model) -> list[_Payload | DredError]: ...
def bench_payload(
    payloads: Sequence[Buffer], wire: str, model: Model, repeats: SupportsIndex
) -> _Benchmark: ...
def bench_feature(
    payloads: Sequence[Buffer],
    wire: str,
    model: Model,
    repeats: SupportsIndex,
    path: str = "auto",
    latents_per_payload: SupportsIndex | None = None,
) -> _FeatureBenchmark: ...
def bench_packet_features(
    packets: Sequence[Buffer],
    wire: str,
    model: Model,
    repeats: SupportsIndex,
    path: str = "auto",
) -> _PacketFeatureBenchmark: ...
def bench_vocoder(
    features: NDArray[np.float32], model: Model, repeats: SupportsIndex, path: str = "auto"
) -> _VocoderBenchmark: ...
