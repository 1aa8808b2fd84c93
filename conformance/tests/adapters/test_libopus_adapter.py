"""The libopus adapter over a stub of the public API: what goes in, what comes out, what it declares.

The stub's packet is TOC, number of frames, their sizes, the frames, padding; see opus_stub/opus_stub.c.
"""

import base64
import shutil
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dred_conformance.protocol.validation import answer_problem, hello_problem, request_problem
from dred_conformance.runner.declaration import Declaration
from dred_conformance.vectors.case import Case

Talk = Callable[..., list[Any]]
Build = Callable[..., subprocess.CompletedProcess[str]]
HELLO = {"seq": 0, "op": "hello", "protocol": 1}
PROFILE = {"wire": "experimental-12", "model": "libopus-1.6"}
DRED_PACKET = "0b02010201020344"  # padding 44: DRED, and dred_end 0x44
ASKED = {"op": "availability", "packet": DRED_PACKET, "sampling_rate": 48000, "max_samples": 960} | PROFILE
AUDIO = {
    "op": "dred_audio",
    "packet": DRED_PACKET,
    "sampling_rate": 8000,
    "offset": 700,
    "frame_size": 20,
} | PROFILE


def ask(
    talk_to: Talk, program: Path, *requests: dict[str, Any], options: tuple[str, ...] = (), **env: str
) -> Any:
    """Send requests, check the form of the answers and return them without their seq."""
    numbered = [{"seq": seq, **request} for seq, request in enumerate(requests)]
    answers = talk_to([str(program), *options], *numbered, **env)
    for request, answer in zip(numbered, answers, strict=True):
        assert answer.pop("seq") == request["seq"]
        if request["op"] != "hello":
            assert answer_problem(str(request["op"]), {"seq": 0, **answer}) is None
    return answers


def test_frames_and_padding_come_from_where_libopus_points(talk_to: Talk, libopus_program: Path) -> None:
    packets = ["0b02010201020344", "ff01000000", "080100", "0a0300010011"]
    answers = ask(talk_to, libopus_program, *({"op": "packet", "packet": packet} for packet in packets))
    assert [answer["result"] for answer in answers] == [
        {"config": 1, "stereo": False, "code": 3, "frames": ["01", "0203"], "padding": "44"},
        {"config": 31, "stereo": True, "code": 3, "frames": [""], "padding": "0000"},
        {"config": 1, "stereo": False, "code": 0, "frames": [""], "padding": ""},
        {"config": 1, "stereo": False, "code": 2, "frames": ["", "11", ""], "padding": ""},
    ]


@pytest.mark.parametrize("packet", ["", "0b", "0b00", "0b31", "0b010a00"])
def test_a_refused_packet_is_an_error_without_a_rule(
    talk_to: Talk, libopus_program: Path, packet: str
) -> None:
    (answer,) = ask(talk_to, libopus_program, {"op": "packet", "packet": packet})
    assert answer["error"] == {"stage": "packet", "message": "opus_packet_parse: corrupted stream"}


def test_availability_passes_the_request_on(talk_to: Talk, libopus_program: Path) -> None:
    rule = {"rule": "1.6.1"}
    answers = ask(
        talk_to,
        libopus_program,
        {**ASKED, **rule},
        {**ASKED, **rule, "sampling_rate": 8000, "max_samples": 0},
        {**ASKED, **rule, "packet": "0b020102010203"},
    )
    assert [answer["result"] for answer in answers] == [
        {"samples": 960 + 48, "dred_end": 0x44},
        {"samples": 0 + 8, "dred_end": 0x44},
        {"samples": 0, "dred_end": 0},
    ]


@pytest.mark.parametrize(
    ("packet", "stage"), [("0b31", "packet"), ("0b010058", "extension"), ("0b010049", "payload")]
)
def test_the_stage_of_a_refusal_is_found_out(
    talk_to: Talk, libopus_program: Path, packet: str, stage: str
) -> None:
    packet = "0b3101" if stage == "packet" else packet
    (answer,) = ask(talk_to, libopus_program, {**ASKED, "packet": packet, "rule": "1.6.1"})
    assert answer["error"]["stage"] == stage
    assert "rule" not in answer["error"]


@pytest.mark.parametrize(
    "changes",
    [
        {"rule": "2026-06"},
        {"wire": "draft-32"},
        {"wire": "experimental-10"},
        {"wire": "bundled-1"},
        {"model": "synthetic-1"},
        {"model": "bundled-1"},
    ],
)
def test_what_another_release_does_is_unsupported(
    talk_to: Talk, libopus_program: Path, changes: dict[str, str]
) -> None:
    (answer,) = ask(talk_to, libopus_program, {**ASKED, "rule": "1.6.1", **changes})
    assert "libopus 1.6.1" in answer["unsupported"]


@pytest.mark.parametrize(
    ("version", "wire", "models", "rules"),
    [
        ("libopus 1.5.2", ["experimental-10"], ["libopus-1.5"], None),
        ("libopus 1.6", ["experimental-12"], ["libopus-1.6"], ["1.6.1"]),
        ("libopus 1.6.1", ["experimental-12"], ["libopus-1.6"], ["1.6.1"]),
        ("libopus 1.6.1-fixed", ["experimental-12"], ["libopus-1.6"], ["1.6.1"]),
        ("libopus 1.6.1-0-g3da9f7a", ["experimental-12"], ["libopus-1.6"], ["1.6.1"]),
        ("libopus 1.6.1-45-g3da9f7a", ["experimental-12"], ["libopus-1.6"], ["2026-06"]),
        ("libopus 1.6.2", ["experimental-12"], ["libopus-1.6"], ["2026-06"]),
        ("libopus 1.7", [], [], None),
        ("libopus 2.6", [], [], None),
        ("libopus unknown", [], [], None),
        ("", [], [], None),
    ],
)
def test_the_declaration_follows_the_version(
    talk_to: Talk, libopus_program: Path, version: str, wire: list[str], models: list[str], rules: Any
) -> None:
    (hello,) = ask(talk_to, libopus_program, HELLO, STUB_OPUS_VERSION=version)
    assert hello_problem({"seq": 0, **hello}) is None
    assert hello["version"] == (version.removeprefix("libopus ") or "unknown")
    assert (hello["wire"], hello["models"]) == (wire, models)
    assert hello["only"].get("availability", {}).get("rule") == rules
    assert ("availability" in hello["operations"]) == ("payload" in hello["stages"]) == (rules is not None)
    assert ("dred_audio" in hello["operations"]) == ("audio" in hello["stages"]) == bool(wire)


def test_options_replace_what_the_version_tells(talk_to: Talk, libopus_program: Path) -> None:
    options = ("--rule", "2026-06", "--wire", "draft-32", "--model", "mine")
    asked = {**ASKED, "wire": "draft-32", "model": "mine", "rule": "2026-06"}
    hello, answer = ask(
        talk_to, libopus_program, HELLO, asked, options=options, STUB_OPUS_VERSION="libopus 1.9"
    )
    assert (hello["wire"], hello["models"]) == (["draft-32"], ["mine"])
    assert answer["result"]["samples"] == 1008


@pytest.mark.parametrize("lack", ["STUB_NO_DRED", "STUB_NO_MODEL"])
def test_a_build_without_dred_declares_packets_only(talk_to: Talk, libopus_program: Path, lack: str) -> None:
    hello, packet, asked = ask(
        talk_to,
        libopus_program,
        HELLO,
        {"op": "packet", "packet": DRED_PACKET},
        {**ASKED, "rule": "1.6.1"},
        **{lack: "1"},
    )
    assert (hello["stages"], hello["operations"], hello["wire"]) == (["packet"], ["packet"], [])
    assert packet["result"]["padding"] == "44"
    assert "unsupported" in asked


def test_audio_has_a_past_an_offset_and_samples(talk_to: Talk, libopus_program: Path) -> None:
    requests = [AUDIO, {**AUDIO, "past": ["0b0100", "080100"]}, {**AUDIO, "channels": 2, "offset": -3}]
    for request in requests:
        assert request_problem(request) is None
    answers = [answer["result"] for answer in ask(talk_to, libopus_program, *requests)]
    alone, after, stereo = (struct.unpack(f"<{size}h", base64.b64decode(answer["samples"]))
                            for answer, size in zip(answers, (20, 20, 40), strict=True))  # fmt: skip
    assert alone == (0, 0x0B, *(i - 700 for i in range(2, 20)))
    assert after == (0x0B + 0x08, *alone[1:])
    assert stereo == (0, 0x0B, *(i + 3 for i in range(2, 40)))
    assert [answer["sample_count"] for answer in answers] == [20, 20, 20]


@pytest.mark.parametrize("frame_size", [20, 40, 60, 80])
def test_base64_of_every_remainder(talk_to: Talk, libopus_program: Path, frame_size: int) -> None:
    (answer,) = ask(talk_to, libopus_program, {**AUDIO, "frame_size": frame_size})
    assert len(base64.b64decode(answer["result"]["samples"], validate=True)) == 2 * frame_size


def test_audio_without_dred_is_null(talk_to: Talk, libopus_program: Path) -> None:
    assert ask(talk_to, libopus_program, {**AUDIO, "packet": "080100"}) == [{"result": None}]


BAD_AUDIO: dict[str, tuple[str, dict[str, Any]]] = {
    "rate": ("audio", {"sampling_rate": 44100}),
    "odd rate": ("audio", {"sampling_rate": 9600}),
    "large rate": ("audio", {"sampling_rate": 1 << 40}),
    "channels": ("audio", {"channels": 3}),
    "offset": ("audio", {"offset": 1 << 31}),
    "frame size": ("audio", {"frame_size": 21}),
    "no frame": ("audio", {"frame_size": 0}),
    "long frame": ("audio", {"frame_size": 8020}),
    "offset type": ("protocol", {"offset": "1"}),
    "past": ("protocol", {"past": "0b"}),
    "past item": ("protocol", {"past": [3]}),
    "past digits": ("protocol", {"past": ["0x"]}),
    "empty past": ("audio", {"past": [""]}),
    "damaged past": ("audio", {"past": ["080100", "08"]}),
    "packet": ("packet", {"packet": "0b3100"}),
    "extension": ("extension", {"packet": "0b010058"}),
}


@pytest.mark.parametrize("name", BAD_AUDIO)
def test_audio_requests_that_are_refused(talk_to: Talk, libopus_program: Path, name: str) -> None:
    stage, changes = BAD_AUDIO[name]
    (answer,) = ask(talk_to, libopus_program, {**AUDIO, **changes})
    assert answer["error"]["stage"] == stage


@pytest.mark.parametrize("lack", ["STUB_NO_DECODER", "STUB_NO_PROCESS", "STUB_NO_DECODE"])
def test_a_libopus_that_fails_is_told(talk_to: Talk, libopus_program: Path, lack: str) -> None:
    (answer,) = ask(talk_to, libopus_program, AUDIO, **{lack: "1"})
    assert answer["error"]["stage"] == "audio"
    assert "another error" in answer["error"]["message"]


@pytest.mark.parametrize(
    ("stage", "changes"),
    [
        ("payload", {"sampling_rate": 0}),
        ("payload", {"sampling_rate": 1 << 31}),
        ("payload", {"max_samples": -1}),
        ("payload", {"max_samples": 1 << 31}),
        ("protocol", {"max_samples": 1.5}),
        ("protocol", {"rule": 1}),
        ("protocol", {"wire": None}),
        ("protocol", {"model": []}),
        ("protocol", {"packet": "xx"}),
    ],
)
def test_availability_requests_that_are_refused(
    talk_to: Talk, libopus_program: Path, stage: str, changes: dict[str, Any]
) -> None:
    (answer,) = ask(talk_to, libopus_program, {**ASKED, "rule": "1.6.1", **changes})
    assert answer["error"]["stage"] == stage


def test_self_delimited_packets_are_declared_away(talk_to: Talk, libopus_program: Path) -> None:
    request = {"op": "packet", "packet": "080100", "self_delimited": True}
    hello, refused = ask(talk_to, libopus_program, HELLO, request)
    assert "self-delimited" in refused["unsupported"]
    declaration = Declaration.from_json(hello)

    def lacks(**inputs: object) -> str | None:
        common = ("comment", (), (), "packet", "packet", inputs, "valid", {}, None, "must", "agreed", ())
        return declaration.lacks(Case("packet-test-00000000", *common))  # type: ignore[arg-type]

    assert lacks(packet="08") is None
    assert lacks(packet="08", self_delimited=False) is None
    assert lacks(packet="08", self_delimited=True) == "self_delimited = true is not declared"


@pytest.mark.parametrize("arguments", [["--what"], ["--rule"], ["--rule", "1.5"], ["--wire"]])
def test_wrong_usage(libopus_program: Path, arguments: list[str]) -> None:
    done = subprocess.run([libopus_program, *arguments], input=b"", capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"usage: ")


def test_an_old_libopus_is_named_and_nothing_is_built(
    build_tools: None, make_libopus: Build, stub_package: Callable[[Path, str], str], tmp_path: Path
) -> None:
    package = stub_package(tmp_path / "old", "1.3.1")
    done = make_libopus(tmp_path / "build", PKG_CONFIG_PATH=package)
    assert done.returncode != 0
    assert "libopus is too old: version 1.3.1 found, 1.5 or newer needed" in done.stderr
    assert not (tmp_path / "build").exists()


def test_no_libopus_at_all_is_said(build_tools: None, make_libopus: Build, tmp_path: Path) -> None:
    done = make_libopus(tmp_path / "build", PKG_CONFIG_LIBDIR=str(tmp_path), PKG_CONFIG_PATH="")
    assert done.returncode != 0
    assert "libopus is missing" in done.stderr


def test_the_installed_libopus_builds_or_says_why_not(
    build_tools: None, make_libopus: Build, talk_to: Talk, tmp_path: Path
) -> None:
    pkg_config = shutil.which("pkg-config") or "pkg-config"
    found = subprocess.run([pkg_config, "--modversion", "opus"], capture_output=True, text=True, check=False)
    if found.returncode != 0:
        pytest.skip("libopus-dev is not installed")
    done = make_libopus(tmp_path)
    if tuple(map(int, found.stdout.strip().split(".")[:2])) < (1, 5):
        assert done.returncode != 0
        assert f"version {found.stdout.strip()} found" in done.stderr
        return
    assert done.returncode == 0, done.stderr
    (hello,) = talk_to([str(tmp_path / "dred-libopus-adapter")], HELLO)
    assert hello_problem(hello) is None
