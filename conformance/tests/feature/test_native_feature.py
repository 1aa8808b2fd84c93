"""Features of the native core: both paths, in pieces and at once, from values, payloads and packets."""

import hashlib
import math
import threading
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import dred_native
from dred_model import ModelBundle, named_synthetic_model
from dred_native import DredError, FeatureDecoder, Model, PacketFeatureDecoder

NAMES = (
    "synthetic-1-net",
    "synthetic-2-21x19-net24x40x16x24",
    "synthetic-3-1x1-net8x8x8x8",
    "synthetic-4-dead3-net32x16x24x8",
    "synthetic-5-256x256-net136x104x72x40",
    "synthetic-9-net128x96x64x32",
)
PATHS = dred_native.simd_paths()
EXTREMES = (0.0, -0.0, 1e38, -1e38, 1e-45, -1e-45, 32767.998, -32768.0, 0.5 / 65536, -0.5 / 65536)
Floats = NDArray[np.float32]


def native(bundle: ModelBundle) -> Model:
    tables = bundle.tables.as_dict().values()
    return Model(bundle.name, bundle.latent_dim, bundle.state_dim, *tables, weights=bundle.weights_blob)


@pytest.fixture(scope="module", params=NAMES)
def model(request: pytest.FixtureRequest) -> Model:
    return native(named_synthetic_model(request.param))


@pytest.fixture(scope="module")
def small() -> Model:
    return native(named_synthetic_model("synthetic-1-net"))


def values(model: Model, seed: int, latents: int, spread: float = 3) -> tuple[Floats, Floats]:
    generator = np.random.default_rng(seed)
    state = generator.normal(0, spread, model.state_dim).astype(np.float32)
    rows = generator.normal(0, spread, (latents, model.latent_dim + 1)).astype(np.float32)
    rows[:, -1] = generator.integers(0, 16, latents) * 0.125 - 1
    return state, rows


def payloads(model: Model, count: int, seed: int = 1) -> list[bytes]:
    """Random bytes: a damaged payload decodes like any other."""
    generator = np.random.default_rng(seed)
    return [generator.bytes(int(generator.integers(1, 90))) for _ in range(count)]


def packet(payload: bytes) -> bytes:
    return dred_native.pad_packet(b"\x19ab", [(32, 1, payload)])


def test_the_portable_path_is_always_there() -> None:
    assert PATHS[0] == "scalar"
    assert ("avx2" in PATHS) == dred_native.build_config()["avx2"]


@pytest.mark.clause("FIX-tanh-table")
def test_the_table_is_that_of_the_note() -> None:
    table = dred_native.fixed_point_tanh_table()
    assert table.tolist() == [math.floor((1 << 18) * math.tanh(k / 128) + 0.5) for k in range(1025)]
    digest = hashlib.sha256(table.astype("<i4").tobytes()).hexdigest()
    assert digest == "77cd4c5e984f2d6b510ac78d4ed688c9cd027a1d8cb9ba1ec7ca08aa3f4dfe81"


@pytest.mark.clause("FIX-step", "FIX-start", "FIX-output", "DRED-net-output")
@pytest.mark.parametrize("path", PATHS)
def test_the_worked_example_of_the_note(path: str) -> None:
    decoder = FeatureDecoder(native(named_synthetic_model("synthetic-3-1x1-net8x8x8x8")), path)
    decoder.start(np.array([1.5], dtype=np.float32))
    first = decoder.step(np.array([0.75, -0.25], dtype=np.float32))
    second = decoder.step(np.array([-3, -0.25], dtype=np.float32))
    assert first.shape == (4, 20)
    assert first.dtype == np.int32
    assert first[0, :6].tolist() == [16199, 5368, -21844, 4821, 45737, -8038]
    assert second[0, :6].tolist() == [26705, 11775, -22908, 5041, 75501, -11103]


@pytest.mark.clause(
    "FIX-float-layer", "FIX-int8-layer", "FIX-tanh", "FIX-sigmoid", "FIX-product", "FIX-round"
)
@pytest.mark.skipif(len(PATHS) < 2, reason="one path only")
@pytest.mark.parametrize("spread", [0.01, 1.0, 10.0, 1e4, 1e12, 1e30])
def test_the_paths_agree_on_random_values(model: Model, spread: float) -> None:
    for seed in range(3):
        state, latents = values(model, seed, 9, spread)
        scalar, fast = (FeatureDecoder(model, path).decode(state, latents) for path in PATHS)
        assert np.array_equal(scalar, fast)
        assert scalar.any()


@pytest.mark.clause("FIX-input")
@pytest.mark.skipif(len(PATHS) < 2, reason="one path only")
def test_the_paths_agree_on_extreme_values(model: Model) -> None:
    for seed in range(4):
        generator = np.random.default_rng(seed)
        state = generator.choice(EXTREMES, model.state_dim).astype(np.float32)
        latents = generator.choice(EXTREMES, (6, model.latent_dim + 1)).astype(np.float32)
        scalar, fast = (FeatureDecoder(model, path).decode(state, latents) for path in PATHS)
        assert np.array_equal(scalar, fast)


@pytest.mark.clause("DRED-net-order", "FIX-step")
@pytest.mark.parametrize("path", PATHS)
def test_in_pieces_as_at_once_and_beside_another(model: Model, path: str) -> None:
    state, latents = values(model, 5, 7)
    other_state, other_latents = values(model, 6, 7)
    decoder = FeatureDecoder(model, path)
    assert decoder.path == path
    whole = decoder.decode(state, latents)
    other_whole = decoder.decode(other_state, other_latents)
    assert whole.shape == (28, 20)
    other = FeatureDecoder(model, path)
    decoder.start(state)
    other.start(other_state)
    for index in range(7):
        frames = slice(4 * index, 4 * index + 4)
        assert np.array_equal(decoder.step(latents[index]), whole[frames])
        assert np.array_equal(other.step(other_latents[index]), other_whole[frames])
    assert np.array_equal(decoder.decode(state, latents[:3]), whole[:12])
    assert decoder.decode(state, latents[:0]).shape == (0, 20)


@pytest.mark.clause("FIX-input", "DRED-net-input", "DRED-net-start")
@pytest.mark.parametrize("path", PATHS)
def test_payloads_decode_as_their_values_do(model: Model, path: str) -> None:
    decoder = FeatureDecoder(model, path)
    total = 0
    for payload in payloads(model, 25):
        latents = dred_native.decode_latents(payload, "draft-32", model, max_latents=6)
        got = dred_native.decode_features(payload, "draft-32", model, 3, 6, path)
        assert np.array_equal(got["features"], decoder.decode(latents["state"], latents["latents"]))
        assert got["latent_count"] == latents["latent_count"] == got["feature_count"] / 4
        for name in ("q0", "dq", "qmax"):
            assert got[name] == latents[name]
        assert got["offset"] == latents["offset"] + 3
        total += got["latent_count"]
    assert total > 20


@pytest.mark.clause("FIX-input")
def test_the_largest_symbols_saturate(small: Model) -> None:
    dims = (small.latent_dim, small.state_dim)
    tables = [np.full((16, dim), value, np.uint8) for dim in dims for value in (128, 0, 255, 1)]
    blob = named_synthetic_model("synthetic-1-net").weights_blob
    model = Model("large", *dims, *tables, weights=blob)
    state = [(1 << 20) * (-1) ** index for index in range(dims[1])]
    latents = [[(1 << 20) - index] * dims[0] for index in range(2)]
    payload = dred_native.encode_payload(0, 0, 15, 0, state, latents, "draft-32", model)["payload"]
    injected = dred_native.decode_latents(payload, "draft-32", model, max_latents=2)
    assert injected["latent_count"] == 2
    for path in PATHS:
        got = dred_native.decode_features(payload, "draft-32", model, max_latents=2, path=path)
        wanted = FeatureDecoder(model, path).decode(injected["state"], injected["latents"])
        assert np.array_equal(got["features"], wanted)


@pytest.mark.parametrize("path", PATHS)
def test_nothing_leaks_from_payload_to_payload(model: Model, path: str) -> None:
    items = payloads(model, 6)
    alone = [dred_native.decode_features(item, "draft-32", model, path=path)["features"] for item in items]
    for order in ((0, 1, 0, 2, 5, 5, 3), (5, 4, 3, 2, 1, 0)):
        batch = dred_native.decode_features_batch([items[i] for i in order], "draft-32", model, path)
        for index, got in zip(order, batch, strict=True):
            assert not isinstance(got, DredError)
            assert np.array_equal(got, alone[index])


def test_a_batch_returns_errors_in_their_place(small: Model) -> None:
    good, bad = dred_native.decode_features_batch([b"\x44\x0cabcd", b"\x44\x0a123"], "experimental-12", small)
    assert not isinstance(good, DredError)
    assert isinstance(bad, DredError)
    assert bad.rule == "D2"


@pytest.mark.clause("DRED-locate", "DRED-net-order")
@pytest.mark.parametrize("path", PATHS)
def test_packets_decode_a_few_latents_at_a_time(model: Model, path: str) -> None:
    decoder = PacketFeatureDecoder(model, "draft-32", path)
    assert decoder.path == path
    assert decoder.decode(3).shape == (0, 20)
    for payload in payloads(model, 8):
        whole = dred_native.decode_packet_features(packet(payload), "draft-32", model, 12, path)
        assert whole is not None
        assert whole["frame"] == 1
        header = decoder.load(bytearray(packet(payload)))
        assert header == {name: whole[name] for name in ("q0", "dq", "qmax", "offset", "frame")}
        pieces = [decoder.decode(count) for count in (1, 0, 4, 2, 5)]
        assert np.array_equal(np.concatenate(pieces), whole["features"])
    assert decoder.load(b"\x18aa") is None
    assert decoder.decode(1).shape == (0, 20)
    assert dred_native.decode_packet_features(b"\x18aa", "draft-32", model, path=path) is None
    with pytest.raises(DredError, match="R1"):
        decoder.load(b"")
    assert decoder.decode(1).shape == (0, 20)


WRONG_VALUES: list[tuple[Any, Any, int | None]] = [
    ([1, np.nan, 3], [[1, 2, 3]], 1),
    ([1, 2, np.inf], [[1, 2, 3]], 2),
    ([1, 2, 3], [[1, 2, 3], [1, -np.inf, 3]], 7),
    ([1, 2, 3], [[1, 2, np.nan]], 5),
    ([1, 2], [[1, 2, 3]], None),
    ([1, 2, 3, 4], [[1, 2, 3]], None),
    ([1, 2, 3], [[1, 2, 3, 4]], None),
]


@pytest.mark.clause("FIX-input", "DRED-net-input")
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("state", "latents", "position"), WRONG_VALUES)
def test_values_that_are_refused(path: str, state: Any, latents: Any, position: int | None) -> None:
    decoder = FeatureDecoder(native(named_synthetic_model("synthetic-6-2x3-net")), path)
    arrays = np.array(state, dtype=np.float32), np.array(latents, dtype=np.float32)
    with pytest.raises(DredError) as caught:
        decoder.decode(*arrays)
    assert (caught.value.rule, caught.value.stage, caught.value.position) == ("N3", "feature", position)

    def in_pieces() -> None:
        decoder.start(arrays[0])
        for row in arrays[1]:
            decoder.step(row)

    with pytest.raises(DredError) as caught:
        in_pieces()
    assert (caught.value.rule, caught.value.position) == ("N3", position)


def test_arguments_that_are_refused(small: Model) -> None:
    decoder = FeatureDecoder(small)
    with pytest.raises(DredError, match="begins with its state"):
        decoder.step(np.zeros(small.latent_dim + 1, dtype=np.float32))
    with pytest.raises(TypeError):
        decoder.start(np.zeros(small.state_dim))
    with pytest.raises(TypeError):
        decoder.start(np.zeros((1, small.state_dim), dtype=np.float32))
    for path in ("", "AVX2", "sse9"):
        with pytest.raises(DredError) as caught:
            FeatureDecoder(small, path)
        assert caught.value.rule == "W1"
    with pytest.raises(DredError, match="negative"):
        PacketFeatureDecoder(small, "draft-32").decode(-1)


def test_threads_may_make_decoders_of_one_model() -> None:
    model = native(named_synthetic_model("synthetic-7-net64x48x32x16"))
    state, latents = values(model, 1, 4)
    results: list[Any] = []

    def work(path: str) -> None:
        results.append(FeatureDecoder(model, path).decode(state, latents))

    threads = [threading.Thread(target=work, args=(PATHS[index % len(PATHS)],)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8
    assert all(np.array_equal(result, results[0]) for result in results)


@pytest.mark.parametrize("path", PATHS)
def test_benchmarks_count_what_they_time(small: Model, path: str) -> None:
    items = [payload for payload in payloads(small, 9) if len(payload) > 20]
    count = sum(dred_native.decode_features(item, "draft-32", small)["latent_count"] for item in items)
    result = dred_native.bench_feature(items, "draft-32", small, 3, path)
    assert (result["payloads"], result["latents"]) == (3 * len(items), 3 * count)
    assert result["first_latents"] == 3 * len(items)
    assert result["seconds"] > 0
    assert result["first_latent_seconds"] > 0
    limited = dred_native.bench_feature(items, "draft-32", small, 2, path, latents_per_payload=1)
    assert limited["latents"] == 2 * len(items)
    packets = [packet(item) for item in items] + [b"\x18aa"]
    chain = dred_native.bench_packet_features(packets, "draft-32", small, 2, path)
    assert (chain["packets"], chain["latents"]) == (2 * len(items), 2 * count)
    assert chain["memory_bytes"] == result["memory_bytes"] < 10_000
    assert FeatureDecoder(small, path).memory_bytes < 10_000
