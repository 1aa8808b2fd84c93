"""Encoders that crash, hang, or write nothing that can be read; and nothing of them is left behind."""

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dred_conformance.encoder_conformance.clips import Clip
from dred_conformance.encoder_conformance.encoder_run import run_encoder
from dred_conformance.encoder_conformance.reading import StreamReader
from dred_conformance.encoder_conformance.session import EncoderSession
from dred_conformance.encoder_conformance.template import CommandTemplate, TemplateError
from dred_conformance.outputs import write_opus_demo
from dred_conformance.runner.stopping import Stop
from dred_conformance.runner.verdict import Verdict
from dred_reference.wire import WIRE_PROFILES

PROGRAM = Path(__file__).parent / "bad_encoder.py"
CLIP = Clip("clip", "clip.wav", np.zeros((1600, 1), dtype=np.int16), 16000)
LONG_S = 60.0


def run(mode: str, folder: Path, extra: str = "", timeout_s: float = LONG_S) -> EncoderSession:
    session = EncoderSession(StreamReader(WIRE_PROFILES["experimental-12"], None))
    template = CommandTemplate((sys.executable, str(PROGRAM), mode, "{input}", "{output}", extra))
    session.judge_clip(template, CLIP, {}, folder, ".bit", timeout_s)
    return session


@pytest.mark.parametrize(
    ("mode", "verdict", "said"),
    [
        ("crash", Verdict.ERROR, "was ended by SIGABRT"),
        ("exit", Verdict.ERROR, "ended with exit code 3"),
        ("nothing", Verdict.ERROR, "there is no clip.bit"),
        ("chatter", Verdict.ERROR, "there is no clip.bit"),
        ("empty", Verdict.ERROR, "clip.bit is empty"),
        ("garbage", Verdict.ERROR, "cannot be read"),
    ],
)
def test_a_bad_run_is_a_case(mode: str, verdict: Verdict, said: str, tmp_path: Path) -> None:
    session = run(mode, tmp_path)
    first, *others = session.runs
    assert session.judged == []
    assert first.case.id == "clip-run"
    assert first.outcome.verdict is verdict
    assert said in first.outcome.reason
    assert {each.outcome.verdict for each in others} == {Verdict.NOT_RUN}
    assert ("yyy" if mode == "chatter" else "encoding 3200 bytes") in first.outcome.stderr
    assert len(first.outcome.stderr) <= 4096


def _is_gone(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"


def test_a_hang_is_ended_with_its_children(tmp_path: Path) -> None:
    started = time.monotonic()
    session = run("hang", tmp_path, str(tmp_path / "pids"), timeout_s=1.5)
    assert time.monotonic() - started < 30
    assert session.runs[0].outcome.verdict is Verdict.TIMEOUT
    pids = [int(pid) for pid in (tmp_path / "pids").read_text(encoding="utf-8").split()]
    deadline = time.monotonic() + 10
    while not all(map(_is_gone, pids)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert all(map(_is_gone, pids))


def test_what_it_writes_is_judged(tmp_path: Path) -> None:
    stream = tmp_path / "made.bit"
    stream.write_bytes(write_opus_demo([(b"\x48" + bytes(20), 0)] * 30))
    session = run("copy", tmp_path, str(stream))
    assert session.runs[0].outcome.verdict is Verdict.PASS
    findings: dict[str, Any] = {check.name: finding for check, finding in session.judged[0].findings}
    assert findings["well_formed"].verdict is Verdict.UNSUPPORTED
    assert "none carries DRED" in findings["well_formed"].text


def test_the_same_name_twice(tmp_path: Path) -> None:
    stream = tmp_path / "made.bit"
    stream.write_bytes(write_opus_demo([(b"\x48" + bytes(20), 0)] * 3))
    session = EncoderSession(StreamReader(WIRE_PROFILES["experimental-12"], None))
    template = CommandTemplate((sys.executable, str(PROGRAM), "copy", "{input}", "{output}", str(stream)))
    for _ in range(2):
        session.judge_clip(template, CLIP, {}, tmp_path, ".bit", LONG_S)
    assert [judged.stream.name for judged in session.judged] == ["clip", "clip~2"]


def test_a_command_that_does_not_exist(tmp_path: Path) -> None:
    found = run_encoder([str(tmp_path / "no-such")], tmp_path / "out.bit", LONG_S)
    assert found.verdict is Verdict.ERROR
    assert "cannot be started" in found.text


def test_a_stopped_run(tmp_path: Path) -> None:
    stop = Stop()
    stop.request("enough")
    found = run_encoder(["sleep", "600"], tmp_path / "out.bit", LONG_S, stop)
    assert (found.verdict, found.text) == (Verdict.NOT_RUN, "enough")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("enc {input}", "needs {output}"),
        ("enc {output}", "needs {output}, and {input} or {wav}"),
        ("", "needs {output}"),
        ("enc '{input} {output}", "No closing quotation"),
        ("enc {input} {output} {speed}", "no place {speed}"),
    ],
)
def test_templates_that_cannot_be_used(text: str, said: str) -> None:
    with pytest.raises(TemplateError, match=said.replace("{", r"\{").replace("}", r"\}")):
        CommandTemplate.parse(text)


def test_places_are_filled_in_without_a_shell() -> None:
    template = CommandTemplate.parse("enc -r{rate} '{input}' {output}; rm {wav}")
    values = {"rate": "8000", "input": "a b $(x)", "output": "{rate}", "wav": "w"}
    assert template.command(values) == ["enc", "-r8000", "a b $(x)", "{rate};", "rm", "w"]
