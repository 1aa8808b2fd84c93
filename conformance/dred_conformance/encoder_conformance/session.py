"""A whole run of the encoder checks: over files of packets, or over what an executable makes of clips."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dred_conformance.encoder_conformance.analysis import speech_of
from dred_conformance.encoder_conformance.cases import case_result
from dred_conformance.encoder_conformance.clips import Clip
from dred_conformance.encoder_conformance.decoded_input import decoded_sound
from dred_conformance.encoder_conformance.encoder_run import EncoderRun, run_encoder
from dred_conformance.encoder_conformance.judging import CHECKS, JudgedStream, Source, judge_stream
from dred_conformance.encoder_conformance.reading import StreamReader, plain_name
from dred_conformance.encoder_conformance.record import Check, Finding
from dred_conformance.encoder_conformance.sound import Sound, wav_bytes
from dred_conformance.encoder_conformance.stream import EncodedStream
from dred_conformance.encoder_conformance.template import CommandTemplate
from dred_conformance.inputs import InputError
from dred_conformance.runner.results import CaseResult
from dred_conformance.runner.stopping import STOPPED, Stop
from dred_conformance.runner.verdict import Verdict

__all__ = ["LOOKAHEAD_MS", "RUN", "EncoderSession", "StreamFile"]

LOOKAHEAD_MS = 6.5
"""By how much the decoded stream of libopus starts before its input: 2.5 ms of overlap and 4 ms."""

RUN = Check("run", "the encoder runs, and writes packets that can be read", "packet", ("RFC6716-3-framing",))


@dataclass(frozen=True)
class StreamFile:
    """A file of packets, with the input that it was made from where that is at hand."""

    path: Path
    input: Path | None
    sound: Sound | None


@dataclass
class EncoderSession:
    """Judges one stream after the other.

    Attributes
    ----------
    reader
        Reads the packets; it knows the wire profile and the model.
    lookahead_ms
        What the user says of it; None: the pre-skip of an Ogg file, else that of libopus.
    asked_ms
        Redundancy that was asked for.
    use_decoded
        Whether the decoded main stream stands in for an input that is not at hand.
    stop
        Ends the run early.
    progress
        Is told each finished stream by its worst case.
    judged, runs
        What was found.
    """

    reader: StreamReader
    lookahead_ms: float | None = None
    asked_ms: float | None = None
    use_decoded: bool = False
    stop: Stop = field(default_factory=Stop)
    progress: Callable[[CaseResult], object] = lambda _: None
    judged: list[JudgedStream] = field(default_factory=list)
    runs: list[CaseResult] = field(default_factory=list)
    _names: dict[str, int] = field(default_factory=dict)

    def judge_file(self, file: StreamFile, container: str | None = None) -> None:
        """Judge a file of packets."""
        name = self._own_name(file.path.stem)
        if self.stop.is_wanted():
            self._without_stream(name, {"stream": str(file.path)}, Verdict.NOT_RUN, STOPPED)
            return
        try:
            stream = self.reader.read(file.path, name, container)
        except (InputError, OSError) as error:
            text = f"the packets cannot be read: {error}"
            self._without_stream(name, {"stream": str(file.path)}, Verdict.ERROR, text)
            return
        self._judge(stream, str(file.input) if file.input else None, file.sound)

    def judge_clip(
        self,
        template: CommandTemplate,
        clip: Clip,
        values: Mapping[str, str],
        folder: Path,
        suffix: str,
        timeout_s: float,
    ) -> None:
        """Run an encoder over a clip and judge what it writes.

        Parameters
        ----------
        template, values
            The command; `values` without the places of the files.
        clip
        folder
            Where the files of this run are put.
        suffix
            Of the file of packets: ``.bit`` or ``.opus``.
        timeout_s
            Longest run.
        """
        name = self._own_name(clip.name)
        raw, wav, output = (folder / f"{name}{end}" for end in (".s16", ".wav", suffix))
        command = template.command({**values, "input": str(raw), "wav": str(wav), "output": str(output)})
        shown = {"check": RUN.name, "input": clip.origin, "command": shlex.join(command)}
        if self.stop.is_wanted():
            self._without_stream(name, shown, Verdict.NOT_RUN, STOPPED)
            return
        raw.write_bytes(clip.samples.astype("<i2").tobytes())
        wav.write_bytes(wav_bytes(clip.samples, clip.rate))
        output.unlink(missing_ok=True)
        run = run_encoder(command, output, timeout_s, self.stop)
        raw.unlink()
        if run.verdict is not Verdict.PASS:
            self._without_stream(name, shown, run.verdict, run.text, run.stderr)
            return
        try:
            stream = self.reader.read(output, name, "bit" if suffix == ".bit" else "ogg")
        except (InputError, OSError) as error:
            text = f"the encoder ended well, but what it wrote cannot be read: {error}"
            self._without_stream(name, shown, Verdict.ERROR, text, run.stderr)
            return
        self.runs.append(case_result(name, RUN, _ran(run, stream), shown, run.stderr))
        self._judge(stream, clip.origin, clip.sound)

    def _own_name(self, wanted: str) -> str:
        """Return a name for case ids that no other stream of this run has."""
        plain = plain_name(wanted)
        self._names[plain] = self._names.get(plain, 0) + 1
        return plain if self._names[plain] == 1 else f"{plain}~{self._names[plain]}"

    def _without_stream(
        self, name: str, shown: Mapping[str, str], verdict: Verdict, text: str, stderr: str = ""
    ) -> None:
        """Note that there is nothing to judge; the checks were not run."""
        result = case_result(name, RUN, Finding(verdict, text), dict(shown), stderr)
        self.runs.append(result)
        missing = Finding(Verdict.NOT_RUN, "there is no stream of packets")
        self.runs += [case_result(name, check, missing, dict(shown)) for check in CHECKS]
        self.progress(result)

    def _judge(self, stream: EncodedStream, source: str | None, sound: Sound | None) -> None:
        lookahead_ms = self.lookahead_ms
        if lookahead_ms is None:
            lookahead_ms = LOOKAHEAD_MS if stream.pre_skip is None else stream.pre_skip / 48
        if sound is None and self.use_decoded and stream.packets:
            source, sound, lookahead_ms = "the decoded main stream", decoded_sound(stream), 0.0
        speech = None if sound is None else speech_of(sound, lookahead_ms, self.reader.bundle)
        with_input = None if speech is None else Source(source or "", speech)
        judged = judge_stream(
            stream, with_input, self.reader.bundle, self.reader.wire, asked_ms=self.asked_ms
        )
        self.judged.append(judged)
        worst = max(judged.findings, key=lambda each: list(Verdict).index(each[1].verdict))
        self.progress(case_result(stream.name, *worst, {}))


def _ran(run: EncoderRun, stream: EncodedStream) -> Finding:
    seconds = stream.duration_ms / 1000
    text = f"the encoder wrote {len(stream.packets)} packets of {seconds:.2f} s in {run.seconds:.2f} s"
    return Finding(Verdict.PASS, text, {"seconds": run.seconds})
