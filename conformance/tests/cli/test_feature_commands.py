"""The commands about features: decode, bounds, bench, profiles and upstream's files."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import dred_native
from dred_conformance.cli.main import app
from dred_conformance.differential.built_payloads import native_model
from dred_model import named_synthetic_model
from dred_reference.extension import Extension
from dred_reference.feature import decode_features
from dred_reference.packet_padding import add_extensions

MODEL = "synthetic-8-net"
BARE = bytes.fromhex("48aabbcc")


def run(*arguments: Any) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def packet() -> bytes:
    """A packet with DRED of three latents whose newest frame ends 25 ms after its start."""
    model = native_model(named_synthetic_model(MODEL))
    tables = named_synthetic_model(MODEL).tables
    coded = (tables.latent_r_q8[6] != 0) & (tables.latent_p0_q8[6] != 255)
    state_coded = (tables.state_r_q8[6] != 0) & (tables.state_p0_q8[6] != 255)
    latent, state = [3 * int(each) for each in coded], [-2 * int(each) for each in state_coded]
    written = dred_native.encode_payload(6, 0, 15, 10, state, [latent] * 3, "experimental-12", model)
    return add_extensions(BARE, [Extension(126, 0, written["payload"])])


def expected(packet: bytes, profile: str) -> np.ndarray:
    bundle = named_synthetic_model(MODEL)
    found = dred_native.decode_packet_features(packet, "experimental-12", native_model(bundle))
    assert found is not None
    if profile == "fixed":
        return found["features"]
    payload = bytes.fromhex(packet.hex().split("fc440c", 1)[1])
    values = dred_native.decode_latents(payload, "draft-32", native_model(bundle))
    latents = values["latents"].reshape(-1, bundle.latent_dim + 1)
    return decode_features(values["state"], latents, bundle.to_reference_network(), profile)


def test_decode_prints_what_the_network_says(packet: bytes) -> None:
    code, output = run("decode", packet.hex(), "--model", MODEL, "--json")
    assert code == 0
    found = json.loads(output)
    assert (found["packet"], found["offset_2p5ms"], found["latents"]) == (0, 10, 3)
    assert found["newest_end_ms"] == 25.0
    assert np.abs(np.array(found["features"]) - expected(packet, "float64")).max() < 1e-12


def test_decode_in_fixed_point_gives_the_bits(packet: bytes) -> None:
    code, output = run("decode", packet.hex(), "--model", MODEL, "--profile", "fixed", "--json")
    assert code == 0
    assert json.loads(output)["features_q16"] == expected(packet, "fixed").tolist()


def test_decode_writes_features_oldest_first(packet: bytes, tmp_path: Path) -> None:
    path = tmp_path / "out.f32"
    code, output = run("decode", packet.hex(), "--model", MODEL, "--packet", 0, "-o", path)
    assert code == 0
    assert "3 latents, 12 frames of 10 ms from -95 to 25 ms" in output
    written = np.fromfile(path, "<f4").reshape(-1, 20)
    assert np.array_equal(written, expected(packet, "float64")[::-1].astype(np.float32))


def test_decode_of_fewer_latents_gives_the_newest(packet: bytes) -> None:
    code, output = run(
        "decode", packet.hex(), "--model", MODEL, "--json", "--latents", 1, "--profile", "fixed"
    )
    assert code == 0
    assert json.loads(output)["features_q16"] == expected(packet, "fixed")[:4].tolist()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((BARE.hex(), "--packet", 0), 0, "no DRED"),
        (("0b07",), 1, "packet 0"),
        ((BARE.hex(), "--profile", "float16"), 2, "no numeric profile"),
        ((BARE.hex(), "--wire", "experimental-10"), 2, "not decoded"),
        ((BARE.hex(), "--packet", 7), 2, "no such packet"),
        ((BARE.hex(), "-o", "out.f32"), 2, "--packet"),
        ((BARE.hex(), "--format", "tape"), 2, "no format"),
        ((BARE.hex(), "--packet", 0, "-o", "out.f32"), 1, "no features"),
        ((BARE.hex(), "--packet", 0, "-o", "/no/such/folder/out.f32"), 2, "folder is missing"),
    ],
)
def test_decode_says_what_is_wrong(arguments: tuple[Any, ...], code: int, said: str) -> None:
    found, output = run("decode", *arguments, "--model", MODEL)
    assert found == code
    assert said in output


@pytest.mark.parametrize("model", ["synthetic-1", "no-such-model"])
def test_decode_needs_a_model_with_a_network(model: str) -> None:
    code, output = run("decode", BARE.hex(), "--model", model)
    assert code == 2
    assert "model" in output or "network" in output


def test_bounds_of_a_model() -> None:
    code, output = run("model", "bounds", MODEL, "--json")
    assert code == 0
    layers = json.loads(output)
    assert [layer["layer"] for layer in layers][:2] == ["dec_hidden_init", "dec_gru_init"]
    assert all(layer["accumulator_fraction"] <= 1 for layer in layers)
    assert run("model", "bounds", MODEL)[1].count("\n") == 31
    assert run("model", "bounds", "synthetic-1")[0] == 1


def test_bench_feature_reports_every_path() -> None:
    code, output = run("bench", "feature", "--model", MODEL, "--latents", 2000, "--json")
    assert code == 0
    found = json.loads(output)
    assert [each["path"] for each in found["paths"]] == dred_native.simd_paths()
    assert all(each["latent_us"] > 0 and each["decoder_bytes"] > 0 for each in found["paths"])
    assert run("bench", "feature", "--model", "synthetic-1")[0] == 1


def test_profiles_are_compared_over_a_dump(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dump in which the deployed decoder is exactly the float64 profile, moved by 0.25 in one feature."""
    network = named_synthetic_model(MODEL).to_reference_network()
    state, latents = np.full(50, 0.5, np.float32), np.full((2, 26), 0.25, np.float32)
    features = decode_features(state, latents, network, "float64")
    features[:, 3] += 0.25
    entry = {
        "nb_latents": 2,
        "state": state.tolist(),
        "latents": latents.tolist(),
        "features_c": features.tolist(),
    }
    dump = tmp_path / "dump.jsonl.gz"
    with gzip.open(dump, "wt", encoding="utf-8") as lines:
        lines.write(json.dumps(entry) + "\n" + json.dumps({**entry, "nb_latents": 0}) + "\n")
    code, output = run("compare", "profiles", dump, "--model", MODEL, "--json")
    assert code == 0
    found = json.loads(output)
    assert found["latents"] == 2
    first = found["distances"][0]
    assert (first["reference"], first["candidate"]) == ("deployed", "float64")
    assert first["total"] == pytest.approx(0.25, abs=1e-9)
    dump.write_bytes(b"no gzip")
    assert run("compare", "profiles", dump, "--model", MODEL)[0] == 2
    assert run("compare", "profiles", dump, "--model", "synthetic-1")[0] == 2


def test_our_vectors_run_as_upstream_vectors(tmp_path: Path) -> None:
    folder = tmp_path / "upstream"
    code, output = run("vectors", "export-upstream", folder, "--model", MODEL, "--json")
    assert code == 0
    assert len(json.loads(output)["records"]) == 8
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        f"vector{number}_dred{rest}" for number in range(1, 9) for rest in (".bit", "_dec.f32")
    )
    assert run("vectors", "export-upstream", folder, "--model", MODEL)[0] == 2
    for adapter in ("native", "reference"):
        code, output = run("vectors", "run-upstream", folder, "--model", MODEL, "-a", adapter, "--json")
        found = json.loads(output)["vectors"]
        assert [row["vector"] for row in found] == list(range(1, 9))
        assert all(row["total"] < 0.05 for row in found), found
    path = folder / "vector3_dred_dec.f32"
    moved = np.fromfile(path, "<f4").reshape(-1, 20)
    moved[:, 0] += 1
    moved.tofile(path)
    code, output = run("vectors", "run-upstream", folder, "--model", MODEL)
    assert code == 1
    assert "vector3" in output
    path.unlink()
    assert run("vectors", "run-upstream", folder, "--model", MODEL)[0] == 2
    assert run("vectors", "run-upstream", tmp_path, "--model", MODEL)[0] == 2
