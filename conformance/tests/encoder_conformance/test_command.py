"""``dred conform-encoder`` from the outside, with a synthetic model; reports in every form."""

import json
import random
import sys
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import numpy as np
import pytest
from typer.testing import CliRunner, Result

from dred_conformance.cli.main import app
from dred_conformance.differential.built_payloads import PayloadBuilder
from dred_conformance.encoder_conformance.sound import wav_bytes
from dred_conformance.outputs import write_opus_demo
from dred_conformance.report.document import report_schema
from dred_conformance.report.forms import report_text
from dred_model import named_synthetic_model
from dred_reference.extension import Extension
from dred_reference.packet_padding import add_extensions

MODEL = "synthetic-9-net128x96x64x32"
PROGRAM = Path(__file__).parent / "bad_encoder.py"


def dred(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["conform-encoder", *arguments])


def stream(path: Path, extensions: int = 1, count: int = 12) -> Path:
    """Write packets with payloads of random symbols, so many on a frame."""
    builder = PayloadBuilder(named_synthetic_model(MODEL))
    source = random.Random(4)
    packets = []
    for _ in range(count):
        payload = b"D\x0c" + builder.speech_like(source, 5)
        packets.append(add_extensions(b"\x48" + bytes(20), [Extension(126, 0, payload)] * extensions))
    path.write_bytes(write_opus_demo([(packet, 0) for packet in packets]))
    return path


def verdicts(result: Result) -> dict[str, str]:
    return {case["id"]: case["verdict"] for case in json.loads(result.stdout)["cases"]}


def test_files_without_input(tmp_path: Path) -> None:
    result = dred("--packets", str(stream(tmp_path / "good.bit")), "--model", MODEL, "--json")
    assert result.exit_code == 0, result.output
    found = verdicts(result)
    assert found["good-well_formed"] == found["good-one_per_frame"] == found["good-payload"] == "pass"
    assert found["good-offset"] == found["good-silence"] == found["good-feature_error"] == "unsupported"
    document = json.loads(result.stdout)
    jsonschema.validate(document, report_schema())
    assert document["streams"][0]["with_dred"] == 12
    assert document["streams"][0]["ages"][0]["bits"] > 5


def test_a_must_that_is_not_kept_fails_the_run(tmp_path: Path) -> None:
    good, bad = stream(tmp_path / "good.bit"), stream(tmp_path / "bad.bit", extensions=2)
    result = dred("--packets", str(good), "--packets", str(bad), "--model", MODEL, "--json")
    assert result.exit_code == 1
    assert {name for name, verdict in verdicts(result).items() if verdict == "fail"} == {"bad-one_per_frame"}
    case = next(case for case in json.loads(result.stdout)["cases"] if case["verdict"] == "fail")
    assert case["reproduce"] == f"dred inspect {bad} --packet 0"


def test_without_any_dred_nothing_is_judged(tmp_path: Path) -> None:
    path = tmp_path / "plain.bit"
    path.write_bytes(write_opus_demo([(b"\x48" + bytes(20), 0)] * 5))
    result = dred("--packets", str(path), "--model", MODEL)
    assert result.exit_code == 2
    assert "Nothing was judged".upper() in result.stdout.upper()


def test_a_file_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "empty.bit"
    path.write_bytes(b"")
    result = dred("--packets", str(path), "--model", MODEL, "--json")
    assert result.exit_code == 1
    assert "error" in verdicts(result).values()


def test_reports_and_plot(tmp_path: Path) -> None:
    files = [tmp_path / f"report{suffix}" for suffix in (".html", ".json", ".xml", ".md")]
    options = [word for path in files for word in ("--report", str(path))]
    plot = tmp_path / "curves.svg"
    bad = stream(tmp_path / "bad.bit", extensions=2)
    result = dred("--packets", str(bad), "--model", MODEL, "--plot", str(plot), *options)
    assert result.exit_code == 1, result.output
    assert "one_per_frame" in result.stdout
    page = files[0].read_text(encoding="utf-8")
    assert "Measured by age" in page
    assert "bad-one_per_frame" in page
    assert "manifest" not in page.lower()
    suite = ElementTree.parse(files[2]).getroot()
    assert suite.get("failures") == "1"
    assert "Measured by age" in files[3].read_text(encoding="utf-8")
    assert b"<svg" in plot.read_bytes()


def test_hostile_names_do_not_break_a_report(tmp_path: Path) -> None:
    path = stream(tmp_path / "<u onclick=1>\x1b[31m-x`|.bit", extensions=2)
    result = dred("--packets", str(path), "--model", MODEL, "--json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    jsonschema.validate(document, report_schema())
    for suffix in (".html", ".xml", ".md"):
        text = report_text(document, Path(f"report{suffix}"))
        raw = [line for line in text.splitlines() if "<u onclick" in line]
        assert all(suffix == ".md" and line.startswith("- reproduce: ``") for line in raw)  # as code
        assert "\x1b" not in text
    assert "\x1b" not in dred("--packets", str(path), "--model", MODEL).stdout


def test_an_executable(tmp_path: Path) -> None:
    made = stream(tmp_path / "made.bit")
    speech = tmp_path / "speech"
    speech.mkdir()
    noise = np.random.default_rng(1).integers(-3000, 3000, (3200, 1), dtype=np.int16)
    (speech / "one.wav").write_bytes(wav_bytes(noise, 16000))
    command = f"{sys.executable} {PROGRAM} copy {{input}} {{output}} {made}"
    keep = tmp_path / "kept"
    options = ("--speech", str(speech), "--rate", "16000", "--model", MODEL, "--keep", str(keep), "--json")
    result = dred("--encoder", command, *options)
    assert result.exit_code in (0, 1), result.output
    found = verdicts(result)
    assert found["one-run"] == found["one-well_formed"] == "pass"
    assert (keep / "one.bit").read_bytes() == made.read_bytes()
    document = json.loads(result.stdout)
    jsonschema.validate(document, report_schema())
    assert document["adapter"]["command"][0] == sys.executable
    assert document["streams"][0]["input"] == str(speech / "one.wav")


def test_what_is_not_kept_is_no_file_to_inspect(tmp_path: Path) -> None:
    made = stream(tmp_path / "made.bit", extensions=2)
    command = f"{sys.executable} {PROGRAM} copy {{input}} {{output}} {made}"
    result = dred("--encoder", command, "--rate", "8000", "--model", MODEL, "--json")
    case = next(case for case in json.loads(result.stdout)["cases"] if case["verdict"] == "fail")
    assert case["id"] == "low_voice-one_per_frame"
    assert case["reproduce"].endswith("--keep FOLDER")
    assert bytes.fromhex(case["input"]["packet"]) in made.read_bytes()


def test_a_crashing_executable_with_test_signals(tmp_path: Path) -> None:
    command = f"{sys.executable} {PROGRAM} crash {{wav}} {{output}}"
    result = dred("--encoder", command, "--rate", "8000", "--model", MODEL, "--json")
    assert result.exit_code == 1
    found = verdicts(result)
    assert found["low_voice-run"] == found["high_voice-run"] == "error"
    assert found["low_voice-offset"] == "not-run"
    jsonschema.validate(json.loads(result.stdout), report_schema())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "give --packets"),
        (["--packets", "x", "--encoder", "e {input} {output}"], "give --packets"),
        (["--packets", "no-such.bit"], "no such file"),
        (["--encoder", "e {output}"], "needs {output}"),
        (["--encoder", "e {input} {output}", "--rate", "44100"], "no rate of 44100"),
        (["--encoder", "e {input} {output}", "--output-format", "mp3"], "no output format"),
        (["--encoder", "e {input} {output}", "--speech", "no-such"], "no such file or folder"),
        (["--packets", "x", "--wire", "draft-99"], "no wire profile"),
        (["--packets", "x", "--model", "none-such"], "no such model"),
        (["--packets", "x", "--report", "r.doc"], "no form of report"),
        (["--packets", "x", "--redundancy", "much"], "no duration"),
        (["--packets", "x", "--plot", "p.gif"], "the plot must end"),
    ],
)
def test_wrong_usage(arguments: list[str], said: str) -> None:
    result = dred(*arguments)
    assert result.exit_code == 2
    assert said in result.output


def test_inputs_go_with_packets_one_by_one(tmp_path: Path) -> None:
    path = str(stream(tmp_path / "good.bit"))
    result = dred("--packets", path, "--packets", path, "--input", path)
    assert result.exit_code == 2
    assert "give one to each" in result.output
