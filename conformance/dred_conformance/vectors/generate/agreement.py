"""Asks both implementations, which were written apart, and insists that they agree."""

import json
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from dred_conformance.protocol.validation import answer_problem, request_problem
from dred_conformance.runner.process import AdapterProcess
from dred_conformance.vectors.canonical import compact_json
from dred_conformance.vectors.generate.builder import CaseDraft
from dred_conformance.vectors.generate.errors import GenerationError

__all__ = ["Agreement"]


class Agreement:
    """The two built-in adapters, asked the same questions.

    Parameters
    ----------
    commands
        The command lines of the adapters.
    """

    def __init__(self, commands: Sequence[Sequence[str]]) -> None:
        self._adapters = [AdapterProcess(command, timeout_s=60.0) for command in commands]
        self._seq = 0

    def __enter__(self) -> "Agreement":
        """Return the pair itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End both adapters."""
        for adapter in self._adapters:
            adapter.close()

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the answer on which both agree (messages and ``seq`` aside).

        Raises
        ------
        GenerationError
            If they differ, or one does not keep to the protocol.
        """
        answers = self._answers(request)
        if answers[0] != answers[1]:
            asked = compact_json(request)[:1000]
            raise GenerationError(f"disagreement on {asked}:\n  {answers[0]}\n  {answers[1]}")
        # The message was taken off, because the two may say the same in different words.
        shape = {"seq": self._seq, **answers[0]}
        if "error" in shape:
            shape["error"] = {**shape["error"], "message": ""}
        problem = answer_problem(request["op"], shape)
        if problem is not None:
            raise GenerationError(f"bad answer: {problem}: {answers[0]} to {compact_json(request)[:500]}")
        agreed: dict[str, Any] = answers[0]
        return agreed

    def _answers(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        problem = request_problem(request)
        if problem is not None:
            raise GenerationError(f"bad request: {problem}: {compact_json(request)[:500]}")
        self._seq += 1
        line = json.dumps({"seq": self._seq, **request}).encode()
        answers = [json.loads(adapter.ask(line)) for adapter in self._adapters]
        for answer in answers:
            if answer.pop("seq", None) != self._seq:
                raise GenerationError(f"bad seq: {answer} to {compact_json(request)[:500]}")
            if "error" in answer:
                answer["error"].pop("message")
        return answers

    def results(self, request: dict[str, Any]) -> list[Any]:
        """Return the results of both, which need not be equal, of a request that must be accepted."""
        answers = self._answers(request)
        for answer in answers:
            problem = answer_problem(request["op"], {"seq": self._seq, **answer})
            if problem is not None or "result" not in answer:
                raise GenerationError(f"not accepted: {answer}: {compact_json(request)[:500]}")
        return [answer["result"] for answer in answers]

    def result(self, request: dict[str, Any]) -> Any:
        """Return the agreed result of a request that must be accepted."""
        answer = self.answer(request)
        if "result" not in answer:
            raise GenerationError(f"not accepted: {answer}: {compact_json(request)[:500]}")
        return answer["result"]

    def settle(self, draft: CaseDraft) -> dict[str, Any]:
        """Return the case of a draft, its expectation checked against, or taken from, both."""
        answer = self.answer(draft.input)
        case: dict[str, Any] = {
            "comment": draft.comment,
            "clauses": list(draft.clauses),
            "flags": list(draft.flags),
            "input": draft.input,
        }
        if draft.result == "invalid" or (draft.result == "agreed" and "error" in answer):
            case |= self._rejection(draft, answer)
        else:
            case |= self._acceptance(draft, answer)
        if draft.strength != "must":
            case["strength"] = draft.strength
        case["kills"] = []
        return case

    @staticmethod
    def _acceptance(draft: CaseDraft, answer: dict[str, Any]) -> dict[str, Any]:
        if "result" not in answer:
            raise GenerationError(f"'{draft.comment}' must be accepted, but: {answer}")
        actual, wanted = answer["result"], draft.expected
        is_agreed = wanted is None and not ("result" in answer and actual is None)
        if is_agreed:
            return {"result": "valid", "expected": actual, "basis": "agreed"}
        same = (
            {name: actual.get(name) for name in wanted} == wanted
            if isinstance(wanted, dict) and isinstance(actual, dict)
            else actual == wanted
        )
        if not same:
            raise GenerationError(f"'{draft.comment}': expected {wanted}\n  but both say {actual}")
        return {"result": "valid", "expected": actual, "basis": "constructed"}

    @staticmethod
    def _rejection(draft: CaseDraft, answer: dict[str, Any]) -> dict[str, Any]:
        wanted = draft.error or {}
        error = answer.get("error", {})
        if error.get("rule") not in wanted["rules"]:
            raise GenerationError(f"'{draft.comment}' must be rejected by {wanted['rules']}, but: {answer}")
        for name in ("position", "extensions"):
            if name in wanted and error.get(name) != wanted[name]:
                raise GenerationError(f"'{draft.comment}': {name} {wanted[name]} expected, but: {answer}")
        return {"result": "invalid", "error": wanted, "basis": "constructed"}
