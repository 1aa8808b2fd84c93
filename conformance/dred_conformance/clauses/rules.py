"""The rules of structural errors: one entry per rule id of ``spec-notes/rules.toml``."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from dred_conformance.clauses.errors import DuplicateIdError, RegistryError
from dred_conformance.clauses.fields import Fields, tables

__all__ = ["RULE_STAGES", "Rule", "load_rules"]

RULE_STAGES = ("packet", "extension", "payload", "feature", "writing")

_NAMES = ("id", "stage", "meaning", "position", "clauses", "deployed_code")
_CODES = ("", "BAD_ARG", "BUFFER_TOO_SMALL", "INVALID_PACKET")


@dataclass(frozen=True)
class Rule:
    """One reason to refuse an input.

    Attributes
    ----------
    id
        Rule id, such as ``R5``.
    stage
        The stage that reports it; ``writing`` for the rules of every writer.
    meaning
        What the rule says, in our own words.
    position
        Where the error is, as a byte offset of the input.
    clauses
        Ids of the clauses that the rule enforces.
    deployed_code
        Error code of the deployed C code, empty where it reports none.
    """

    id: str
    stage: str
    meaning: str
    position: str
    clauses: tuple[str, ...]
    deployed_code: str


def load_rules(path: Path) -> dict[str, Rule]:
    """Read a rules file.

    Raises
    ------
    RegistryError
        If the file is no valid rules file.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise RegistryError(f"{path}: {error}") from error
    rules: dict[str, Rule] = {}
    for table, where in tables(data, "rule", path):
        fields = Fields(table, _NAMES, where)
        rule = Rule(
            id=fields.text("id"),
            stage=fields.choice("stage", RULE_STAGES),
            meaning=fields.text("meaning"),
            position=fields.text("position", may_be_empty=True),
            clauses=fields.texts("clauses"),
            deployed_code=fields.choice("deployed_code", _CODES),
        )
        if rule.id in rules:
            raise DuplicateIdError(f"{where}: the rule id occurs twice")
        rules[rule.id] = rule
    return rules
