"""Puts cases to one adapter, restarting it when it dies, and never waits for ever."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from dred_conformance.protocol.validation import hello_problem
from dred_conformance.runner.declaration import Declaration
from dred_conformance.runner.judge import judge
from dred_conformance.runner.process import (
    AdapterDiedError,
    AdapterProcess,
    AdapterTimeoutError,
    LineTooLongError,
)
from dred_conformance.runner.verdict import CaseOutcome, Verdict
from dred_conformance.vectors.case import Case

__all__ = ["AdapterStartError", "Session"]

MAX_RESTARTS = 20


class AdapterStartError(Exception):
    """The adapter cannot be started, or does not answer ``hello`` as the protocol says."""


class Session:
    """One adapter process, kept over many cases because leaking state is a failure that cases look for.

    Parameters
    ----------
    command
        The executable and its arguments.
    timeout_s
        The longest wait for one answer, in seconds.
    """

    def __init__(self, command: Sequence[str], timeout_s: float = 10.0) -> None:
        self._command = list(command)
        self._timeout_s = timeout_s
        self._restarts = 0
        self._seq = 0
        self._process: AdapterProcess | None = None
        self.declaration = self._start()

    def _start(self) -> Declaration:
        try:
            self._process = AdapterProcess(self._command, self._timeout_s)
        except OSError as error:
            raise AdapterStartError(f"{self._command[0]}: {error.strerror}") from error
        try:
            line = self._process.ask(b'{"seq":0,"op":"hello","protocol":1}')
        except (AdapterDiedError, AdapterTimeoutError, LineTooLongError) as error:
            self._process.kill()
            raise AdapterStartError(f"no answer to 'hello': {error}") from error
        self._seq = 0
        problem: str | None
        try:
            hello = json.loads(line)
            problem = hello_problem(hello) or (None if hello["seq"] == 0 else "seq: is not 0")
        except ValueError as error:
            problem = f"no JSON: {error}"
        if problem is not None:
            self._process.kill()
            raise AdapterStartError(f"the answer to 'hello' does not fit the protocol: {problem}")
        return Declaration.from_json(hello)

    def run(self, cases: Sequence[Case], stop: Callable[[], bool] = lambda: False) -> Iterator[CaseOutcome]:
        """Yield the outcome of each case in order; what cannot be asked any more is ``not-run``."""
        for case in cases:
            missing = self.declaration.lacks(case)
            if missing is not None:
                yield CaseOutcome(Verdict.UNSUPPORTED, missing)
            elif stop():
                yield CaseOutcome(Verdict.NOT_RUN, "stopped before this case")
            elif self._process is None and not self._restart():
                yield CaseOutcome(Verdict.NOT_RUN, f"the adapter died more than {MAX_RESTARTS} times")
            else:
                yield self._ask(case)

    def _restart(self) -> bool:
        if self._restarts >= MAX_RESTARTS:
            return False
        self._restarts += 1
        try:
            self._start()
        except AdapterStartError:
            self._restarts = MAX_RESTARTS
            self._process = None
            return False
        return True

    def _ask(self, case: Case) -> CaseOutcome:
        assert self._process is not None
        self._seq += 1
        request = json.dumps(case.request(self._seq), separators=(",", ":")).encode()
        try:
            line = self._process.ask(request)
        except AdapterTimeoutError as error:
            return self._end_process(CaseOutcome(Verdict.TIMEOUT, str(error)))
        except AdapterDiedError as error:
            return self._end_process(CaseOutcome(Verdict.ERROR, f"crash: {error}"))
        except LineTooLongError as error:
            return self._end_process(CaseOutcome(Verdict.ERROR, f"line too long: {error}"))
        try:
            answer = json.loads(line)
        except (ValueError, RecursionError) as error:
            shown = line[:80].decode("utf-8", "replace")
            return self._end_process(CaseOutcome(Verdict.ERROR, f"no JSON ({error}): {shown}"))
        seq = self._seq_of(answer)
        if seq != self._seq:
            return self._end_process(CaseOutcome(Verdict.ERROR, f"seq is {seq!r}, asked {self._seq}"))
        return judge(case, answer, op_is_declared=self.declaration.promises(case.op))

    @staticmethod
    def _seq_of(answer: Any) -> Any:
        return answer.get("seq") if isinstance(answer, dict) else None

    def _end_process(self, outcome: CaseOutcome) -> CaseOutcome:
        """Drop a process whose next line could belong to an older request."""
        if self._process is not None:
            self._process.kill()
            self._process = None
        return outcome

    def close(self) -> None:
        """End the adapter."""
        if self._process is not None:
            self._process.close()
            self._process = None
