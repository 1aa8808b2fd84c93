"""The clause registry of ``spec-notes/clauses``: one entry per statement that the suite answers to."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dred_conformance.clauses.errors import DuplicateIdError, FieldValueError, RegistryError
from dred_conformance.clauses.fields import Fields, tables
from dred_conformance.clauses.rules import Rule, load_rules
from dred_conformance.data import data_folder
from dred_conformance.protocol.operations import STAGES

__all__ = ["ID_PATTERN", "KEYWORDS", "SEEN", "Clause", "Document", "Registry", "load_registry"]

KEYWORDS = (
    *("", "MUST", "MUST NOT", "REQUIRED", "SHALL", "SHALL NOT", "SHOULD", "SHOULD NOT"),
    *("RECOMMENDED", "NOT RECOMMENDED", "MAY", "OPTIONAL"),
)
SEEN = ("text", "implementation", "minutes")
ID_PATTERN = re.compile(
    r"(?:RFC6716-(?:[0-9]+(?:\.[0-9]+)*|[A-Z])|EXT|DRED|FIX|FEAT|ENC|VOC|PLC|RX)-[A-Za-z0-9.]+(?:-[A-Za-z0-9.]+)*"
)

_DOCUMENT_NAMES = ("name", "newest_revision", "url", "seen_of_text")
_CLAUSE_NAMES = (
    *("id", "document", "revision", "section", "keyword", "summary"),
    *("seen", "text_sha256", "stage", "rules", "notes"),
)


@dataclass(frozen=True)
class Document:
    """A text that clauses belong to, the newest revision known, and what of it was seen."""

    name: str
    newest_revision: str
    url: str
    seen_of_text: str


@dataclass(frozen=True)
class Clause:
    """One statement of a text, or of deployed behaviour where the text was not seen.

    Attributes
    ----------
    id
        The anchor that code, tests and vectors use. It never changes.
    document
        Name of the document.
    revision
        The revision in which the text was seen; empty where it was not.
    section
        Section number, empty unless it was seen.
    keyword
        The requirement word, empty for a descriptive clause.
    summary
        The statement in our own words.
    seen
        How we know it: ``text``, ``implementation`` or ``minutes``.
    text_sha256
        SHA-256 of the normalised sentence, empty while we do not hold the sentence.
    stage
        Stage of the ladder.
    rules
        Ids of the rules that enforce it.
    notes
        Remarks.
    """

    id: str
    document: str
    revision: str
    section: str
    keyword: str
    summary: str
    seen: str
    text_sha256: str
    stage: str
    rules: tuple[str, ...]
    notes: str


@dataclass(frozen=True)
class Registry:
    """All documents, clauses and rules, by name or id, in file order."""

    documents: Mapping[str, Document]
    clauses: Mapping[str, Clause]
    rules: Mapping[str, Rule]

    def __contains__(self, clause_id: object) -> bool:
        return clause_id in self.clauses

    def __getitem__(self, clause_id: str) -> Clause:
        return self.clauses[clause_id]

    def __iter__(self) -> Iterator[Clause]:
        return iter(self.clauses.values())

    def __len__(self) -> int:
        return len(self.clauses)


def _clause(fields: Fields, document: Document, where: str) -> Clause:
    clause = Clause(
        id=fields.text("id"),
        document=fields.choice("document", [document.name]),
        revision=fields.text("revision", may_be_empty=True),
        section=fields.text("section", may_be_empty=True),
        keyword=fields.choice("keyword", KEYWORDS),
        summary=fields.text("summary"),
        seen=fields.choice("seen", SEEN),
        text_sha256=fields.text("text_sha256", may_be_empty=True),
        stage=fields.choice("stage", STAGES),
        rules=fields.texts("rules"),
        notes=fields.text("notes", may_be_empty=True),
    )
    if not ID_PATTERN.fullmatch(clause.id):
        raise FieldValueError(f"{where}: malformed clause id")
    if clause.text_sha256 and not re.fullmatch("[0-9a-f]{64}", clause.text_sha256):
        raise FieldValueError(f"{where}: 'text_sha256' is neither empty nor a SHA-256")
    if clause.seen == "text" and not clause.revision:
        raise FieldValueError(f"{where}: text that was seen needs the revision in which it was seen")
    if clause.seen != "text" and (clause.revision or clause.section or clause.text_sha256):
        raise FieldValueError(f"{where}: revision, section and text_sha256 are for text that was seen")
    return clause


def load_registry(folder: Path | None = None) -> Registry:
    """Read the registry.

    Parameters
    ----------
    folder
        The folder ``spec-notes``; found in the checkout or in the installed package when not given.

    Returns
    -------
    Registry
        The documents, clauses and rules.

    Raises
    ------
    RegistryError
        If an entry is malformed, occurs twice, or names a rule or clause that does not exist.
    """
    folder = data_folder("spec-notes") if folder is None else folder
    documents: dict[str, Document] = {}
    clauses: dict[str, Clause] = {}
    for path in sorted((folder / "clauses").glob("*.toml")):
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise RegistryError(f"{path}: {error}") from error
        heading = Fields(data.get("document", {}), _DOCUMENT_NAMES, f"{path}: document")
        document = Document(*(heading.text(name) for name in _DOCUMENT_NAMES))
        documents[document.name] = document
        for table, where in tables(data, "clause", path):
            clause = _clause(Fields(table, _CLAUSE_NAMES, where), document, where)
            if clause.id in clauses:
                raise DuplicateIdError(f"{where}: the clause id occurs twice")
            clauses[clause.id] = clause
    if not clauses:
        raise RegistryError(f"{folder}: no clause files")
    registry = Registry(documents, clauses, load_rules(folder / "rules.toml"))
    _check_links(registry)
    return registry


def _check_links(registry: Registry) -> None:
    """Check that clauses and rules name each other."""
    from_clauses = {(clause.id, rule) for clause in registry for rule in clause.rules}
    from_rules = {(clause, rule.id) for rule in registry.rules.values() for clause in rule.clauses}
    one_sided = sorted(from_clauses ^ from_rules)
    if one_sided:
        raise RegistryError(f"clause and rule do not name each other, or one does not exist: {one_sided}")
