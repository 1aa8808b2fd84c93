"""The command as a user meets it."""

import json

import jsonschema
import pytest
import typer
from typer.testing import CliRunner

from dred_conformance.cli import inspect as command
from dred_conformance.inspection.json_form import inspect_schema

DRED = "4b 41 05 aa bb fc 44 0c 6a 30"


@pytest.fixture
def dred(no_official_model):
    """Run ``dred inspect`` without the official model."""
    app = typer.Typer()
    app.command()(command.inspect)

    def run(*arguments: str, stdin: bytes | None = None):
        return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)

    return run


def document(result) -> dict:
    parsed = json.loads(result.stdout)
    jsonschema.Draft202012Validator(inspect_schema()).validate(parsed)
    return parsed


def test_one_packet_shows_its_tree(dred) -> None:
    result = dred(DRED)
    assert result.exit_code == 0
    for words in (
        "packet 0: 10 bytes, 20 ms", "SILK WB mono, 1 frame of 20 ms, code 3", "experimental-12",
        "RFC6716-3.1-toc", "DRED-header-q0", "newest speech ends 25 ms after the start of the packet",
        "header only", "'dred model fetch'",
    ):  # fmt: skip
        assert words in result.stdout


def test_position_of_an_error_is_marked(dred) -> None:
    result = dred("4b4105aa")
    assert result.exit_code == 1
    assert "rejected: rule R6, stage packet at byte 2" in result.stdout
    lines = result.stdout.splitlines()
    place = next(number for number, line in enumerate(lines) if "^^ byte 2, bit 16" in line)
    dump, marker = lines[place - 1], lines[place]
    assert dump[marker.index("^^") :][:2] == "05"


def test_several_packets_give_a_summary_and_a_hint(dred, tmp_path) -> None:
    path = tmp_path / "packets.hex"
    path.write_text(f"{DRED}\n48aabb\n{DRED}\n")
    result = dred(path)
    assert result.exit_code == 0
    for words in (
        "3 packets",
        "in 2 of 3 packets (66.7 %)",
        "no-code-3",
        "--packet N",
        "q0 6, dQ 5, qmax 15: 2",
    ):
        assert words in result.stdout
    assert dred(path, "--packet", 1).stdout.startswith("packet 1: 3 bytes")


def test_list_has_a_line_per_packet(dred, tmp_path) -> None:
    path = tmp_path / "packets.hex"
    path.write_text(f"{DRED}\n48aabb\n4b00aa\n")
    result = dred(path, "--list")
    lines = result.stdout.partition("\n\n")[0].splitlines()
    assert len(lines) == 4
    assert "4 B, offset 25 ms" in lines[1]
    assert "no-code-3" in lines[2]
    assert "R5" in lines[3]
    assert result.exit_code == 1
    assert "      0 " not in dred(path, "--list", "--packets", "1-2").stdout


def test_ranges(dred, tmp_path) -> None:
    path = tmp_path / "packets.hex"
    path.write_text("48aa\n" * 6)

    def shown(*arguments: object) -> list[int]:
        return [packet["index"] for packet in document(dred(path, "--json", *arguments))["packets"]]

    assert shown("--packets", "2-4") == [2, 3, 4]
    assert shown("--packets", "4-") == [4, 5]
    assert shown("--packets", "3") == [3]
    assert shown("--packet", 5) == [5]
    assert shown() == []
    assert shown("--summary") == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--packets", "x"], "no range"),
        (["--packets", "4-2"], "ends before it starts"),
        (["--packets", "1-2", "--packet", "1"], "exclude each other"),
        (["--packet", "9"], "there is no packet 9: the input has 1"),
        (["--wire", "draft-7"], "experimental-12, bundled-1, draft-32"),
        (["--wire", "experimental-10"], "recognised in packets, but not decoded"),
        (["--model", "no-such-model"], "`dred model list`"),
        (["--format", "avi"], "hex-block"),
        (["--ssrc", "zz"], "0x4d2"),
    ],
)
def test_wrong_usage(dred, arguments: list[str], words: str) -> None:
    result = dred("48aa", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr


def test_json_of_packets_and_summary(dred, build, tmp_path) -> None:
    path = tmp_path / "stream.bit"
    path.write_bytes(build.bit_file([bytes.fromhex(DRED), b"", b"\x48aa"]))
    parsed = document(dred(path, "--json", "--packets", "0-", "--summary"))
    assert [packet["lost"] for packet in parsed["packets"]] == [False, True, False]
    assert parsed["packets"][0]["dred"]["q0"] == 6
    assert parsed["packets"][0]["tree"][0]["name"] == "TOC byte"
    assert parsed["summary"]["with_dred"] == 1
    assert parsed["container"] == "bit"
    assert parsed["model"] is None
    assert parsed["error"] is None


def test_input_that_ends_badly_shows_what_came_before(dred, build, tmp_path) -> None:
    path = tmp_path / "stream.bit"
    path.write_bytes(build.bit_file([b"\x48aa", b"\x48bb", b"\x48cc"])[:-1])
    result = dred(path)
    assert result.exit_code == 1
    assert "2 packets" in result.stdout
    assert "I2 at byte" in result.stderr
    parsed = document(dred(path, "--json"))
    assert parsed["error"]["rule"] == "I2"
    assert parsed["summary"]["packets"] == 2


def test_choosing_a_flow_is_a_matter_of_usage(dred, build, capture_of, tmp_path) -> None:
    path = tmp_path / "call.pcap"
    flows = [build.rtp(b"\x48aa", number, ssrc=ssrc) for number in range(4) for ssrc in (1, 2)]
    path.write_bytes(capture_of(flows))
    result = dred(path)
    assert result.exit_code == 2
    assert "SSRC 0x00000001" in result.stderr
    result = dred(path, "--ssrc", "0x2")
    assert result.exit_code == 0
    assert "4 packets" in result.stdout
    assert "SSRC 0x00000002" in result.stdout


def test_standard_input(dred) -> None:
    result = dred("-", stdin=DRED.encode())
    assert result.exit_code == 0
    assert "packet 0: 10 bytes" in result.stdout


def test_nothing_in_the_input(dred) -> None:
    result = dred("-", "--format", "hex", stdin=b"# only a comment\n")
    assert result.exit_code == 1
    assert "holds no packet" in result.stderr


def test_symbols_and_model(dred) -> None:
    data = "4b 41 0b aa bb fc 44 0c 6a 30 11 22 33 44 55 66"
    model = ("--model", "synthetic-5")
    assert "state[0]" in dred(data, *model, "--symbols").stdout
    plain = dred(data, *model).stdout
    assert "DRED-state" in plain
    assert "state[0]" not in plain
    assert "DRED-state" not in dred(data, "--model", "none").stdout


def test_hostile_names_do_not_reach_the_terminal(dred, tmp_path) -> None:
    path = tmp_path / "[red]evil[red] \x1b[2J name.hex"
    path.write_text("48aa\n48bb\n")
    result = dred(path)
    assert result.exit_code == 0
    assert "[red]evil[red] \\x1b[2J name.hex" in result.stdout.replace("\n", "")
    assert "\x1b" not in result.stdout
    result = dred("[bold]no such file[/bold] \x1b[31m")
    assert result.exit_code == 1
    assert "[bold]no such file[/bold]" in result.stderr
    assert "\x1b" not in result.stderr


def test_help_has_examples_and_exit_codes(dred) -> None:
    result = dred("--help")
    assert result.exit_code == 0
    for words in ("dred inspect stream.bit --list", "Exit code 0", "--payload-type"):
        assert words in result.stdout
