"""Every small change of a source that rules can make: operators, constants, conditions, statements."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["OPERATORS", "Mutation", "code_only", "mutations", "without_comments"]

# A binary operator has a space on both sides in this project's format; a template's bracket has none.
_EXCHANGES = {
    "relational": {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="},
    "arithmetic": {"+": "-", "-": "+", "*": "/", "/": "*", "%": "/", "+=": "-=", "-=": "+="},
    "shift": {"<<": ">>", ">>": "<<", "<<=": ">>=", ">>=": "<<="},
    "logical": {"&&": "||", "||": "&&"},
    "bitwise": {"&": "|", "|": "&", "|=": "&=", "&=": "|="},
}
OPERATORS = (*_EXCHANGES, "constant", "condition", "statement")

_NOT_CODE = re.compile(
    r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'|^[ \t]*#[^\n]*|static_assert\([^;]*;',
    re.DOTALL | re.MULTILINE,
)
_COMMENT_OR_LITERAL = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)
_BINARY = re.compile(r"(?<= )(?:<<=|>>=|<=|>=|==|!=|\+=|-=|\|=|&=|<<|>>|&&|\|\||[-+*/%<>&|])(?= )")
_INTEGER = re.compile(r"(?<![\w.'])(0[xX][0-9A-Fa-f]+|\d+)([uUlL]*)(?![\w.'])")
_CONDITION = re.compile(r"\bif (?:constexpr )?\(")
_STATEMENT = re.compile(
    r"^(?P<indent>[ \t]+)(?P<body>(?:\+\+|--)?[A-Za-z_][\w.\[\]>-]*(?:\([^;{}]*\)|(?:\[[^;{}]*\])?[\w.]* "
    r"(?:[-+*/|&]|<<|>>)?= [^;{}]*|\+\+|--)?);$",
    re.MULTILINE,
)
_NO_STATEMENT = re.compile(r"^(return|break|continue|using|case|else|public|private)\b")


@dataclass(frozen=True)
class Mutation:
    """One change of a source.

    Attributes
    ----------
    operator
        The rule that made it, one of `OPERATORS`.
    file
        The source below ``native/``.
    start, end
        The characters that are replaced.
    new
        What replaces them.
    line
        Number of the line, from 1.
    sound, changed
        The line (the first, where the text spans several) before and after, without indentation.
    """

    operator: str
    file: str
    start: int
    end: int
    new: str
    line: int
    sound: str
    changed: str

    @property
    def key(self) -> str:
        """What names the change as long as its line stays as it is."""
        return f"{self.file}: {self.sound} => {self.changed}"

    def apply(self, text: str) -> str:
        """Return the source with the change."""
        return text[: self.start] + self.new + text[self.end :]


def code_only(text: str) -> str:
    """Return the text with comments, literals, directives and static assertions made blank."""
    return _NOT_CODE.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)


def without_comments(text: str) -> str:
    """Return the lines that mean something, so that a comment changes no hash."""
    kept = _COMMENT_OR_LITERAL.sub(lambda found: found.group() if found.group()[0] == '"' else " ", text)
    return "\n".join(line.rstrip() for line in kept.splitlines() if line.strip())


def _changes(code: str) -> Iterator[tuple[str, int, int, str]]:
    for found in _BINARY.finditer(code):
        for operator, exchanges in _EXCHANGES.items():
            if found.group() in exchanges:
                yield operator, found.start(), found.end(), exchanges[found.group()]
    for found in _INTEGER.finditer(code):
        value = int(found.group(1), 0)
        for other in (value + 1, value - 1):
            if other >= 0:
                yield "constant", found.start(), found.end(), f"{other}{found.group(2)}"
    for found in _CONDITION.finditer(code):
        yield from _negated(code, found.end())
    for found in _STATEMENT.finditer(code):
        if not _NO_STATEMENT.match(found.group("body")):
            yield "statement", found.start("body"), found.end(), ";"


def _negated(code: str, start: int) -> Iterator[tuple[str, int, int, str]]:
    """Yield the negation of the condition that starts behind a bracket."""
    depth = 1
    end = start
    while depth and end < len(code):
        depth += {"(": 1, ")": -1}.get(code[end], 0)
        end += 1
    first = code.rfind("; ", start, end - 1)
    first = start if first < 0 else first + 2
    yield "condition", first, end - 1, f"!({code[first : end - 1]})"


def mutations(file: str, text: str) -> list[Mutation]:
    """Return every change that the rules make of a source, in the order of the text."""
    code = code_only(text)
    found = []
    for operator, start, end, new in _changes(code):
        changed = text[:start] + new + text[end:]
        line = text.count("\n", 0, start)
        found.append(
            Mutation(
                operator,
                file,
                start,
                end,
                new,
                line + 1,
                text.splitlines()[line].strip(),
                changed.splitlines()[line].strip(),
            )
        )
    return sorted(found, key=lambda each: (each.start, each.operator, each.new))
