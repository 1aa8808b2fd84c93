"""Puts cases to one adapter, restarting it when it dies, and never waits for ever."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dred_conformance.protocol.validation import hello_problem
from dred_conformance.runner.answer_line import LineError, decode_line
from dred_conformance.runner.declaration import Declaration
from dred_conformance.runner.faults import (
    AdapterDiedError,
    AdapterFaultError,
    AdapterTimeoutError,
    LineTooLongError,
    RunStoppedError,
)
from dred_conformance.runner.informative import as_demanded
from dred_conformance.runner.judge import judge
from dred_conformance.runner.process import AdapterProcess
from dred_conformance.runner.restarts import Restarts
from dred_conformance.runner.stopping import Stop
from dred_conformance.runner.verdict import CaseOutcome, Verdict
from dred_conformance.runner.wording import finite, plain, shortened
from dred_conformance.vectors.case import Case

__all__ = ["AdapterStartError", "Session"]

_LARGEST_ANSWER_KEPT = 100_000
_ANSWERS_KEPT = 32 << 20
_REASON_LENGTH = 1000
_compact = json.JSONEncoder(separators=(",", ":")).encode


class AdapterStartError(Exception):
    """The adapter cannot be started, or does not answer ``hello`` as the protocol says."""


@dataclass(frozen=True)
class _Answer:
    case: Case
    value: Any
    size: int


class Session:
    """One adapter process, kept over many cases because leaking state is a failure that cases look for.

    Parameters
    ----------
    command
        The executable and its arguments.
    timeout_s
        The longest wait for one answer, in seconds.
    stop
        Ends every wait when it is set.
    restarts
        The starts that are left after the first.
    log
        Receives the id of the case and what the adapter wrote to its standard error meanwhile.

    Raises
    ------
    AdapterStartError
        The adapter does not start.
    RunStoppedError
        The run shall end.

    Attributes
    ----------
    declaration
        What the adapter said of itself.
    given_up
        Why no case can be put to it any more; empty as long as it can.
    """

    def __init__(
        self,
        command: Sequence[str],
        timeout_s: float = 10.0,
        *,
        stop: Stop | None = None,
        restarts: Restarts | None = None,
        log: Callable[[str, bytes], object] = lambda _case, _text: None,
    ) -> None:
        self._command = list(command)
        self._timeout_s = timeout_s
        self._stop = Stop() if stop is None else stop
        self._restarts = Restarts() if restarts is None else restarts
        self._log = log
        self._seq = 0
        self._asked = "hello"
        self._kept = 0
        self.given_up = ""
        self._process: AdapterProcess | None = None
        self.declaration = self._start()

    def _start(self) -> Declaration:
        self._asked = "hello"
        try:
            process = AdapterProcess(
                self._command, self._timeout_s, self._stop, lambda text: self._log(self._asked, text)
            )
        except (OSError, ValueError) as error:  # a ValueError is a NUL byte in the command
            reason = getattr(error, "strerror", None) or str(error)
            raise AdapterStartError(f"{self._command[0]}: {reason}") from error
        try:
            declaration = self._hello(process)
        except BaseException:
            process.kill()
            raise
        self._seq = 0
        self._process = process
        return declaration

    @staticmethod
    def _hello(process: AdapterProcess) -> Declaration:
        try:
            hello = decode_line(process.ask(b'{"seq":0,"op":"hello","protocol":1}'))
        except AdapterFaultError as error:
            raise AdapterStartError(f"no answer to 'hello': {error}") from error
        except LineError as error:
            raise AdapterStartError(f"the answer to 'hello' is no JSON: {error}") from error
        problem = hello_problem(hello) or (None if hello["seq"] == 0 else "seq: is not 0")
        if problem is not None:
            raise AdapterStartError(f"the answer to 'hello' does not fit the protocol: {plain(problem)}")
        return Declaration.from_json(hello)

    def run(self, cases: Sequence[Case]) -> Iterator[CaseOutcome]:
        """Yield the outcome of each case in order; what cannot be asked any more is ``not-run``.

        Whatever goes wrong in an informative case, a crash as well, is ``non-strict``. An answer is judged
        while the adapter already works on the next request. There is never more than one request without an
        answer, so that a crash belongs to one case.
        """
        for case, outcome in zip(cases, self._outcomes(cases), strict=True):
            yield as_demanded(case, outcome)

    def _outcomes(self, cases: Sequence[Case]) -> Iterator[CaseOutcome]:
        unjudged: _Answer | None = None
        for case in cases:
            outcome = self._unasked(case) or self._send(case)
            if unjudged is not None:
                yield self._judged(unjudged)
                unjudged = None
            received = outcome or self._receive(case)
            if isinstance(received, _Answer):
                unjudged = received
            else:
                yield received
        if unjudged is not None:
            yield self._judged(unjudged)

    def _unasked(self, case: Case) -> CaseOutcome | None:
        """Return the outcome of a case that is not put to the adapter; ``None`` if it is."""
        missing = self.declaration.lacks(case)
        if missing is not None:
            return CaseOutcome(Verdict.UNSUPPORTED, missing)
        if self._stop.is_wanted():
            return CaseOutcome(Verdict.NOT_RUN, self._stop.reason)
        if self._process is None and not self.given_up:
            self._restart()
        if self.given_up:
            return CaseOutcome(Verdict.NOT_RUN, self.given_up)
        return None

    def _restart(self) -> None:
        if not self._restarts.take():
            self.given_up = (
                f"given up: the adapter had to be started again more than {self._restarts.limit} times"
            )
            return
        try:
            if self._start() != self.declaration:
                self.given_up = "given up: the adapter declares something else after it was started again"
        except AdapterStartError as error:
            self.given_up = f"given up: the adapter did not start again: {error}"
        except RunStoppedError as error:
            self.given_up = str(error)

    def _send(self, case: Case) -> CaseOutcome | None:
        assert self._process is not None
        self._seq += 1
        self._asked = case.id
        try:
            self._process.send(_compact(case.request(self._seq)).encode())
        except AdapterFaultError as error:
            return self._ended(_fault(error))
        return None

    def _receive(self, case: Case) -> CaseOutcome | _Answer:
        assert self._process is not None
        try:
            line = self._process.receive()
        except AdapterFaultError as error:
            return self._ended(_fault(error))
        except RunStoppedError as error:
            return self._ended(CaseOutcome(Verdict.NOT_RUN, str(error)))
        try:
            answer = decode_line(line)
        except LineError as error:
            shown = plain(line[:80].decode("utf-8", "replace"))
            return self._ended(CaseOutcome(Verdict.ERROR, f"no JSON ({plain(str(error))}): {shown}"))
        seq = answer.get("seq") if isinstance(answer, dict) else None
        if seq != self._seq or isinstance(seq, bool):
            shown = plain(_compact(seq), 40)
            return self._ended(CaseOutcome(Verdict.ERROR, f"seq is {shown}, asked {self._seq}"))
        return _Answer(case, answer, len(line))

    def _judged(self, answer: _Answer) -> CaseOutcome:
        promised = self.declaration.promises(answer.case.op)
        outcome = judge(answer.case, answer.value, op_is_declared=promised)
        return self._bounded(outcome, answer) if outcome.reason else outcome

    def _bounded(self, outcome: CaseOutcome, answer: _Answer) -> CaseOutcome:
        """Keep of a bad answer what can be kept of thousands of them, and its words on one line."""
        reason = plain(outcome.reason, _REASON_LENGTH)
        found = outcome.difference
        if found is not None:
            found = replace(found, path=plain(found.path), actual=finite(found.actual))
        if answer.size <= min(_LARGEST_ANSWER_KEPT, _ANSWERS_KEPT - self._kept):
            self._kept += answer.size
            return replace(outcome, reason=reason, difference=found)
        if found is not None:
            found = replace(found, actual=shortened(found.actual))
        return replace(outcome, reason=reason, difference=found, answer=shortened(outcome.answer))

    def _ended(self, outcome: CaseOutcome) -> CaseOutcome:
        """Drop a process whose next line could belong to an older request."""
        assert self._process is not None
        self._process.kill()
        complaint = self._process.complaint
        self._process = None
        return replace(outcome, stderr=complaint)

    def close(self) -> None:
        """End the adapter."""
        if self._process is not None:
            self._process.close()
            self._process = None


def _fault(error: AdapterFaultError) -> CaseOutcome:
    if isinstance(error, AdapterTimeoutError):
        return CaseOutcome(Verdict.TIMEOUT, str(error))
    if isinstance(error, AdapterDiedError):
        return CaseOutcome(Verdict.ERROR, f"crash: {error}")
    if isinstance(error, LineTooLongError):
        return CaseOutcome(Verdict.ERROR, f"line too long: {error}")
    return CaseOutcome(Verdict.ERROR, str(error))
