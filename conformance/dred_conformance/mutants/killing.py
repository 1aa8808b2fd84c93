"""Runs cases against a core with a bug, which may crash or hang, and tells which cases catch it."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from dred_conformance.mutants.build import CoreCopy
from dred_conformance.mutants.catalogue import MutantError
from dred_conformance.protocol.validation import required_members
from dred_conformance.runner.compare import first_difference, missing_members
from dred_conformance.runner.faults import AdapterDiedError, AdapterFaultError, AdapterTimeoutError
from dred_conformance.runner.features import judge_features
from dred_conformance.runner.judge import judge
from dred_conformance.runner.process import AdapterProcess
from dred_conformance.runner.sound import judge_sound
from dred_conformance.runner.verdict import Verdict
from dred_conformance.vectors.case import Case

__all__ = ["check_sound", "killers"]

TIMEOUT_S = 10.0
MAX_TIMEOUTS = 2
MAX_MEMORY_KIB = 4 << 20
_LIMITED = ("/bin/sh", "-c", f'ulimit -v {MAX_MEMORY_KIB}; exec "$0" "$@"')


@contextmanager
def _asked(program: Path, models: Sequence[Path], timeout_s: float) -> Iterator[AdapterProcess]:
    """Start the program with a limit of memory, so that a bug cannot take the machine's."""
    arguments = [part for folder in models for part in ("--model", str(folder))]
    process = AdapterProcess([*_LIMITED, str(program), *arguments], timeout_s)
    try:
        yield process
    finally:
        process.kill()


def _catches(process: AdapterProcess, case: Case, seq: int) -> bool:
    """Put one case; an answer that is none ends the trust in the process, which the caller sees by an error.

    A case of strength ``should`` catches nothing: failing it is allowed. A wrong result is caught whether or
    not it fits the protocol, so it is not checked against the schema, which takes most of a judge's time.
    """
    line = process.ask(json.dumps(case.request(seq), separators=(",", ":")).encode())
    try:
        answer = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise AdapterDiedError(f"no JSON: {error}") from error
    if not isinstance(answer, dict) or answer.get("seq") != seq:
        raise AdapterDiedError("another seq")
    if case.strength != "should" and "result" in answer:
        return case.result == "invalid" or not _has_expected_result(case, answer["result"])
    return judge(case, answer, op_is_declared=True).verdict in (Verdict.FAIL, Verdict.ERROR)


def _has_expected_result(case: Case, result: object) -> bool:
    skipped = missing_members(case.expected, result, required_members(case.op) | frozenset({"frame"}))
    if case.op == "feature":
        difference, _, _ = judge_features(case, result, skipped)
        return difference is None
    if case.op in ("audio", "receiver"):
        return judge_sound(case, result, skipped)[0] is None
    return first_difference(case.op, case.expected, result, skipped) is None


def killers(
    program: Path,
    cases: Sequence[Case],
    models: Sequence[Path],
    *,
    only_first: bool = False,
    timeout_s: float = TIMEOUT_S,
) -> list[str]:
    """Return the ids of the cases that catch the bug of a program.

    All cases go through one process in their order, so that state that leaks is found; a crash or a silence
    catches the case that was asked, and the next one meets a fresh process. After `MAX_TIMEOUTS` silences
    the rest is not asked.

    Parameters
    ----------
    program
        The adapter.
    cases
        What to ask.
    models
        Folders of the models that the cases need.
    only_first
        Stop at the first case that catches the bug.
    timeout_s
        The longest wait for an answer, in seconds.
    """
    found: list[str] = []
    silences = 0
    position = 0
    while position < len(cases) and silences < MAX_TIMEOUTS and not (only_first and found):
        with _asked(program, models, timeout_s) as process:
            for seq, case in enumerate(cases[position:], start=1):
                position += 1
                try:
                    caught = _catches(process, case, seq)
                except AdapterTimeoutError:
                    silences += 1
                    found.append(case.id)
                    break
                except AdapterFaultError:
                    found.append(case.id)
                    break
                if caught:
                    found.append(case.id)
                    if only_first:
                        break
    return found


def check_sound(copy: CoreCopy, path: str, cases: Sequence[Case], models: Sequence[Path]) -> None:
    """Build the unchanged copy for a path and insist that it passes.

    Raises
    ------
    MutantError
        It does not build, fails a case, or none was judged: then no bug could be told from none.
    """
    if not cases:
        raise MutantError("no case was chosen, so no bug can be told from none")
    bad = killers(copy.build(path=path), cases, models)
    if bad:
        raise MutantError(f"the unchanged core ({path}) fails {len(bad)} of {len(cases)} cases: {bad[0]}")
