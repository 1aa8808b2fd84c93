"""
Errors of training.

What comes from outside is a configuration, a corpus, and the folder of a run. Each of them is refused with
a rule, the place at fault, and what to do next.
"""

from __future__ import annotations

RULES: dict[str, str] = {
    "T1": "the configuration is not valid",
    "T2": "the corpus cannot be used",
    "T3": "the store of features is missing or damaged",
    "T4": "the run is missing, damaged, or of another configuration",
    "T5": "a package is missing",
    "T6": "the training has diverged or left nothing to export",
    "T7": "the machine cannot do it",
    "T8": "the bundled model cannot be replaced",
}


class TrainingError(Exception):
    """
    Training was refused.

    Parameters
    ----------
    rule : str
        ``T1`` to ``T8``, see `RULES`.
    message : str
        What is wrong, for a person.
    subject : str, optional
        The file, key or folder at fault.
    advice : str, optional
        What to do next.
    """

    def __init__(self, rule: str, message: str, *, subject: str = "", advice: str = "") -> None:
        self.rule = rule
        self.message = message
        self.subject = subject
        self.advice = advice
        place = f"{subject}: " if subject else ""
        hint = f" {advice}" if advice else ""
        super().__init__(f"{rule}: {place}{message}{hint}")

    def __reduce__(self) -> tuple[object, ...]:  # it comes out of other processes
        return _again, (self.rule, self.message, self.subject, self.advice)


def _again(rule: str, message: str, subject: str, advice: str) -> TrainingError:
    return TrainingError(rule, message, subject=subject, advice=advice)
