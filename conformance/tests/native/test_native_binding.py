"""The Python module: types of arguments, errors, batches, and what must not end the interpreter."""

import gc
import pickle
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dred_native
from dred_native import DredError, Model


def tables(latent_dim: int = 2, state_dim: int = 3) -> list[Any]:
    shapes = [(16, latent_dim)] * 4 + [(16, state_dim)] * 4
    return [np.full(shape, 100, dtype=np.uint8) for shape in shapes]


@pytest.fixture
def model() -> Model:
    return Model("even", 2, 3, *tables())


def test_the_build_tells_about_itself() -> None:
    config = dred_native.build_config()
    assert config["version"] == dred_native.__version__
    assert config["compiler"] in {"GNU", "Clang", "AppleClang"}
    assert config["cxx_standard"] >= 202002
    assert isinstance(config["avx2"], bool)
    assert dred_native.adapter_path().is_file()


@pytest.mark.parametrize(
    "convert", [bytes, bytearray, memoryview, lambda data: np.frombuffer(data, dtype=np.uint8)]
)
def test_whatever_holds_bytes_is_read(convert: Any, model: Model) -> None:
    packet = convert(b"\x0b\x41\x03a\x07x\x06")
    assert dred_native.parse_packet(packet)["padding"] == b"\x07x\x06"
    assert dred_native.parse_packets([packet]) == [dred_native.parse_packet(packet)]
    assert dred_native.parse_extensions(convert(b"\x07x"), 1) == [(3, 0, b"x")]
    assert dred_native.decode_payload(convert(b"abc"), "draft-32", model)["dq"] >= 0


WRONG_TYPES: list[Any] = [
    lambda m: dred_native.parse_packet("08"),
    lambda m: dred_native.parse_packet(None),
    lambda m: dred_native.parse_packet(8),
    lambda m: dred_native.parse_packet(np.zeros(4, dtype=np.float32)),
    lambda m: dred_native.parse_packet(memoryview(b"abcd")[::2]),
    lambda m: dred_native.parse_packet(b"\x08", "yes"),
    lambda m: dred_native.parse_packets(b"\x08"),
    lambda m: dred_native.parse_packets([b"\x08", None]),
    lambda m: dred_native.parse_packets(3),
    lambda m: dred_native.write_packet("1", False, 0, [b""]),
    lambda m: dred_native.write_packet(1.0, False, 0, [b""]),
    lambda m: dred_native.write_packet(1, False, 0, [3]),
    lambda m: dred_native.write_packet(1, False, 0, [b""], padding=3),
    lambda m: dred_native.parse_extensions(b"", "1"),
    lambda m: dred_native.parse_extensions(b"", 1.0),
    lambda m: dred_native.parse_extensions_batch([b""], [None]),
    lambda m: dred_native.write_extensions([3], 1),
    lambda m: dred_native.write_extensions([(3, 0)], 1),
    lambda m: dred_native.write_extensions([(3, 0, "x")], 1),
    lambda m: dred_native.write_extensions([("3", 0, b"")], 1),
    lambda m: dred_native.pad_packet(b"\x08", None),
    lambda m: dred_native.range_decode(b"", 3),
    lambda m: dred_native.range_encode("9", []),
    lambda m: dred_native.decode_payload(b"abc", 32, m),
    lambda m: dred_native.decode_payload(b"abc", "draft-32", None),
    lambda m: dred_native.decode_payload(b"abc", "draft-32", m, max_latents=1.5),
    lambda m: dred_native.decode_payloads([3], "draft-32", m),
    lambda m: dred_native.encode_payload(0, 0, 15, 0, [0, 0, 0.5], [], "draft-32", m),
    lambda m: dred_native.encode_payload(0, 0, 15, 0, [0, 0, 0], [3], "draft-32", m),
    lambda m: dred_native.quantise(m, 0, 0, 15, [0, 0, 0], [[0, 0]]),
    lambda m: dred_native.quantise(m, 0, 0, 15, np.zeros(3), np.zeros((1, 2))),
    lambda m: dred_native.quantise(m, 0, 0, 15, np.zeros((3, 1), np.float32), np.zeros((1, 2), np.float32)),
    lambda m: dred_native.quantise(m, 0, 0, 15, np.zeros(3, ">f4"), np.zeros((1, 2), ">f4")),
    lambda m: Model("x", 2, 3, *[table.astype(np.int64) for table in tables()]),
    lambda m: Model("x", 2, 3, *[table.tolist() for table in tables()]),
    lambda m: Model("x", 2, 3),
    lambda m: Model(3, 2, 3, *tables()),
]


@pytest.mark.parametrize("number", range(len(WRONG_TYPES)))
def test_wrong_types_are_type_errors(number: int, model: Model) -> None:
    with pytest.raises(TypeError):
        WRONG_TYPES[number](model)


@pytest.mark.parametrize(
    ("latent_dim", "state_dim", "change"),
    [
        (0, 3, None),
        (257, 3, None),
        (2, 2**70, None),
        (3, 3, None),
        (2, 3, (15, 2)),
        (2, 3, (16,)),
        (2, 3, (16, 2, 1)),
    ],
)
def test_models_of_other_sizes_are_refused(latent_dim: int, state_dim: int, change: Any) -> None:
    eight = tables()
    if change is not None:
        eight[2] = np.zeros(change, dtype=np.uint8)
    with pytest.raises(DredError, match=r"^W1"):
        Model("x", latent_dim, state_dim, *eight)


def test_a_model_keeps_its_own_tables() -> None:
    eight = [np.arange(16 * dim, dtype=np.uint8).reshape(dim, 16).T for dim in (2, 2, 2, 2, 3, 3, 3, 3)]
    model = Model("kept", 2, 3, *eight)
    wanted = [table.copy() for table in eight]
    for table in eight:
        table[:] = 0
    names = [f"{p}_{t}_q8" for p in ("latent", "state") for t in ("quant_scales", "dead_zone", "r", "p0")]
    for name, table in zip(names, wanted, strict=True):
        assert getattr(model, name).tolist() == table.tolist()
    assert (model.name, model.latent_dim, model.state_dim) == ("kept", 2, 3)
    assert repr(model) == "<dred_native.Model 'kept'>"


def test_errors_can_be_shown_and_sent() -> None:
    with pytest.raises(DredError) as caught:
        dred_native.parse_extensions(b"\x07x\x02", 1)
    error = caught.value
    assert str(error) == f"E4 at byte 2: {error.message}"
    sent = pickle.loads(pickle.dumps(error))
    assert (sent.rule, sent.stage, sent.position) == ("E4", "extension", 2)
    assert (sent.message, sent.extensions) == (error.message, ((3, 0, b"x"),))


def test_batches_return_results_and_errors_in_place(model: Model) -> None:
    first, fault, last = dred_native.parse_packets([b"\x08a", b"", b"\x09ab"])
    assert (first, last) == (dred_native.parse_packet(b"\x08a"), dred_native.parse_packet(b"\x09ab"))
    assert isinstance(fault, DredError)
    assert fault.rule == "R1"
    areas = dred_native.parse_extensions_batch([b"\x06", b"\x07x\x07"], [1, 1])
    assert areas[0] == [(3, 0, b"")]
    assert isinstance(areas[1], DredError)
    assert areas[1].extensions == ((3, 0, b"x"),)
    payloads = [bytes([i]) * i for i in range(40)]
    decoded = dred_native.decode_payloads(payloads, "draft-32", model)
    assert isinstance(decoded[0], DredError)
    assert decoded[1:] == [dred_native.decode_payload(data, "draft-32", model) for data in payloads[1:]]
    with pytest.raises(DredError, match=r"^W1"):
        dred_native.parse_extensions_batch([b""], [])


def test_batches_let_other_threads_run(model: Model) -> None:
    payloads = [bytes(range(250))] * 20_000
    ticks = 0
    done = threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not done.wait(0.0005):  # gives the interpreter up by itself
            ticks += 1

    thread = threading.Thread(target=tick)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1000)  # a call that keeps the interpreter is never made to give it up
    thread.start()
    try:
        before = ticks
        dred_native.bench_payload(payloads, "draft-32", model, 3)
        during = ticks - before
    finally:
        done.set()
        sys.setswitchinterval(interval)
        thread.join()
    # One tick may fall between reading the count and the call.
    assert during > 2


def test_a_buffer_that_changes_meanwhile_is_copied(model: Model) -> None:
    buffers = [bytearray(bytes(range(200))) for _ in range(2000)]
    expected = dred_native.decode_payload(buffers[0], "draft-32", model)
    stop = threading.Event()

    def scribble() -> None:
        while not stop.is_set():
            buffers[-1][5] = 255
            buffers[-1][5] = 5

    thread = threading.Thread(target=scribble)
    thread.start()
    try:
        results = dred_native.decode_payloads(buffers, "draft-32", model)
    finally:
        stop.set()
        thread.join()
    assert results[:-1] == [expected] * (len(buffers) - 1)
    buffers[0].append(1)  # no export is left


def test_references_are_given_back(model: Model) -> None:
    data = bytes(range(100))
    arguments: list[Any] = [data] * 10
    before = sys.getrefcount(data)
    for _ in range(50):
        dred_native.parse_packets(arguments)
        dred_native.decode_payloads(arguments, "draft-32", model)
        dred_native.parse_packet(data, self_delimited=True)
    gc.collect()
    assert sys.getrefcount(data) == before


def test_the_benchmark_counts_what_it_decodes(model: Model) -> None:
    result = dred_native.bench_payload([b"abc", b"abcd", b""], "draft-32", model, 4)
    latents = sum(len(dred_native.decode_payload(p, "draft-32", model)["latents"]) for p in (b"abc", b"abcd"))
    assert (result["payloads"], result["latents"]) == (8, 4 * latents)
    assert result["seconds"] > 0
    with pytest.raises(DredError, match=r"^W1"):
        dred_native.bench_payload([], "draft-32", model, 0)


def test_a_model_folder_is_loaded(model_folder: Path) -> None:
    model = dred_native.load_model(model_folder)
    assert (model.name, model.latent_dim, model.state_dim) == ("even", 2, 3)
    assert model.state_r_q8.tolist() == [[100] * 3] * 16
    text = (model_folder / "model.json").read_text(encoding="utf-8")
    for old, new in (('"dred-model/1"', '"dred-model/2"'), ('"tables_sha256": "', '"tables_sha256": "0')):
        (model_folder / "model.json").write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(ValueError, match=r"model\.json"):
            dred_native.load_model(model_folder)


def test_weights_are_loaded_with_their_folder(model_folder: Path, network_folder: Path) -> None:
    assert not dred_native.load_model(model_folder).has_network
    model = dred_native.load_model(network_folder)
    assert model.has_network
    assert dred_native.decode_features(b"abcd", "draft-32", model)["latent_count"] > 0
    text = (network_folder / "model.json").read_text(encoding="utf-8")
    (model_folder / "weights.bin").write_bytes(b"damaged")
    (model_folder / "model.json").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"weights\.bin is not the file of its hash"):
        dred_native.load_model(model_folder)
    (model_folder / "model.json").write_text(
        text.replace('"weights.bin"', '"../weights.bin"'), encoding="utf-8"
    )
    with pytest.raises(ValueError, match="does not name a file"):
        dred_native.load_model(model_folder)
