"""Which wire profile and model a stream is read with, and in which profile payloads are written."""

import io
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from dred_conformance.encoding import EncoderModel, StreamError, load_encoder_model, wire_to_write
from dred_conformance.inputs import InputError, Origin, SourcePacket
from dred_conformance.model_choice import (
    ChoiceError,
    choose_reading,
    dred_profile,
    first_profile,
    model_of_profile,
    open_with_profile,
    profile_of_version,
    wire_to_read,
)
from dred_conformance.model_choice.marking import LOOK_AHEAD_PACKETS
from dred_model import ModelError, bundled, named_synthetic_model
from dred_reference.extension import Extension
from dred_reference.packet import parse_packet
from dred_reference.packet_padding import add_extensions
from dred_reference.wire import WIRE_PROFILES

PLAIN = bytes.fromhex("48aabb")
EXPERIMENTAL, BUNDLED, DRAFT = (WIRE_PROFILES[name] for name in ("experimental-12", "bundled-1", "draft-32"))


def packet(number: int, payload: bytes) -> bytes:
    return add_extensions(PLAIN, [Extension(number, 0, payload)])


OURS, THEIRS = packet(126, b"D\xb1abc"), packet(126, b"D\x0cabc")
FOREIGN = [packet(126, b"D\x0aabc"), packet(126, b"D\xb1"), packet(126, b"X\xb1abc"), packet(32, b"abc")]


def sources(*packets: bytes) -> Iterator[SourcePacket]:
    for index, data in enumerate(packets):
        yield SourcePacket(index, data, Origin("raw", None, ""), lost=not data)


@pytest.mark.clause("DRED-version")
def test_a_packet_says_how_its_dred_is_marked() -> None:
    assert dred_profile(OURS) is BUNDLED
    assert dred_profile(THEIRS) is EXPERIMENTAL
    assert all(dred_profile(each) is None for each in FOREIGN)


@pytest.mark.parametrize("data", [b"", b"\x4b", PLAIN, OURS[:3], bytes.fromhex("4b4103ffff")])
def test_what_is_broken_says_nothing(data: bytes) -> None:
    assert dred_profile(data) is None


def test_the_first_packet_with_dred_decides() -> None:
    assert first_profile(sources(b"", PLAIN, *FOREIGN, OURS, THEIRS)) is BUNDLED
    assert first_profile(sources(PLAIN, THEIRS, OURS)) is EXPERIMENTAL
    assert first_profile(sources(PLAIN)) is None
    assert parse_packet(OURS).padding


def hex_lines(*packets: bytes) -> bytes:
    return "".join(f"{each.hex()}\n" for each in packets).encode()


def given(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))


def test_looking_takes_no_packet_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packets = [PLAIN] * (LOOK_AHEAD_PACKETS + 5) + [OURS]
    path = tmp_path / "x.hex"
    path.write_bytes(hex_lines(*packets))
    given(monkeypatch, hex_lines(*packets))
    for source, profile in ((str(path), BUNDLED), ("-", None)):  # what cannot be read twice is not all kept
        with open_with_profile(source) as (opened, carried):
            assert carried is profile
            assert [each.data for each in opened.packets] == packets
    given(monkeypatch, hex_lines(PLAIN, OURS, THEIRS))
    with open_with_profile("-") as (opened, carried):
        assert carried is BUNDLED
        assert [each.index for each in opened.packets] == [0, 1, 2]


def test_an_error_comes_when_it_is_its_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = hex_lines(PLAIN, PLAIN) + b"zz\n"
    path = tmp_path / "x.hex"
    path.write_bytes(data)
    given(monkeypatch, data)
    for source in (str(path), "-"):
        seen = []
        with (
            open_with_profile(source, container="hex") as (opened, carried),
            pytest.raises(InputError),
        ):
            seen.extend(opened.packets)
        assert carried is None


def test_models_and_profiles_go_together(no_official_model: None) -> None:
    found = choose_reading(None, None, None)
    assert (found.wire, found.missing) == (BUNDLED, "")
    assert found.bundle is not None
    assert found.bundle.name == bundled.NAME
    for carried, wire in ((BUNDLED, None), (EXPERIMENTAL, BUNDLED), (None, BUNDLED)):
        found = choose_reading(carried, wire, None)
        assert found.wire is BUNDLED
        assert found.bundle is not None
    for carried, wire in ((EXPERIMENTAL, None), (BUNDLED, EXPERIMENTAL)):
        found = choose_reading(carried, wire, None)
        assert (found.wire, found.bundle) == (EXPERIMENTAL, None)
        assert "libopus-1.6" in found.missing
    named = choose_reading(BUNDLED, None, "synthetic-5")
    assert named.wire is EXPERIMENTAL
    assert choose_reading(None, DRAFT, "synthetic-5").wire is DRAFT
    assert choose_reading(None, DRAFT, None).bundle is not None
    with pytest.raises(ModelError, match="M8"):
        choose_reading(BUNDLED, None, "libopus-1.6")


def test_a_version_without_profile_must_be_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = replace(named_synthetic_model("synthetic-5"), experimental_version=200)
    monkeypatch.setattr("dred_conformance.model_choice.reading.require_model", lambda _: bundle)
    with pytest.raises(ChoiceError, match="--wire"):
        choose_reading(None, None, "mine")
    assert choose_reading(None, DRAFT, "mine").bundle is bundle
    assert profile_of_version(200) is profile_of_version(10) is None
    assert model_of_profile("draft-32") is model_of_profile(None) is model_of_profile("nothing") is None


@pytest.mark.parametrize(("name", "words"), [("draft-7", "bundled-1"), ("experimental-10", "not decoded")])
def test_profiles_that_cannot_be_read(name: str, words: str) -> None:
    with pytest.raises(ChoiceError, match=words):
        wire_to_read(name)
    assert wire_to_read(None) is None
    assert wire_to_read("bundled-1") is BUNDLED


@pytest.fixture(scope="module")
def model() -> EncoderModel:
    return load_encoder_model("synthetic-5-net-enc")


@pytest.mark.clause("DRED-version")
@pytest.mark.parametrize(("version", "own"), [(12, "experimental-12"), (0xB1, "bundled-1"), (200, None)])
def test_payloads_are_written_in_a_profile_of_their_version(
    model: EncoderModel, version: int, own: str | None
) -> None:
    written = replace(model, experimental_version=version)
    assert wire_to_write("draft-32", written) is DRAFT
    for name in ("experimental-12", "bundled-1", "experimental-10", "draft-7", None):
        if own is not None and name in {own, None}:
            assert wire_to_write(name, written).name == own
            continue
        with pytest.raises(StreamError, match="S4") as caught:
            wire_to_write(name, written)
        assert "draft-32" in caught.value.advice
