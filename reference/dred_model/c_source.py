"""
The C sources of a model.

The official model is published as generated C: array definitions of many lines, one ``linear_init`` or
``conv2d_init`` call per layer, dimensions as ``#define``. This is a reader of exactly that, line by line
and in bounded memory; it is no compiler. What it does not know it skips, what it knows it reads strictly.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from . import c_numbers
from .c_text import Readable, code_lines
from .errors import ModelError
from .limits import DEFAULT_LIMITS, Limits, check_limit
from .network import Array, Layer, named_layer

C_TYPES: dict[bytes, type[np.generic]] = {
    b"float": np.float32,
    b"opus_int8": np.int8,
    b"int": np.int32,
    b"opus_uint8": np.uint8,
}
DEFINE = re.compile(rb"\s*#\s*define\s+([A-Za-z_]\w*)\s+\(?([0-9]{1,9})\)?\s*")
ARRAY = re.compile(rb"\s*(?:static\s+)?const\s+(\w+)\s+([A-Za-z_]\w*)\s*\[([\w\s*]+)\]\s*=\s*\{")
CALL = re.compile(
    rb"\b(linear_init|conv2d_init)\s*\(\s*&\s*\w+\s*->\s*([A-Za-z_]\w*)\s*,\s*arrays\s*,([^()]*)\)"
)
CALL_START = re.compile(rb"\b(?:linear_init|conv2d_init)\s*\(\s*&")
LINEAR_FIELDS = ("bias", "subias", "weights", "float_weights", "idx", "diagonal", "scale")
MAX_CALL = 4096
BATCH = 8192  # numbers parsed at once
LONGEST_GAP = 4096  # bytes between two commas, white space included


@dataclass
class SourceModel:
    """What the sources read so far define."""

    arrays: dict[str, Array] = field(default_factory=dict)
    # file, function, layer, arguments
    calls: list[tuple[str, str, str, list[str]]] = field(default_factory=list)
    defines: dict[str, int] = field(default_factory=dict)
    # file, array, declared length
    lengths: list[tuple[str, str, str]] = field(default_factory=list)
    ambiguous: set[str] = field(default_factory=set)
    values: int = 0

    def value(self, text: str, subject: str) -> int:
        """
        Evaluate an integer, a defined name, or a product of these.

        Raises
        ------
        ModelError
            M7.
        """
        product = 1
        for factor in text.split("*"):
            token = factor.strip()
            if token.isascii() and token.isdigit() and len(token) <= 9:
                product *= int(token)
            elif token in self.ambiguous:
                raise ModelError("M7", f"{token} is defined with different values", subject=subject)
            elif token in self.defines:
                product *= self.defines[token]
            else:
                raise ModelError("M7", f"{token[:40]!r} is neither a number nor defined", subject=subject)
        return product

    def layers(self) -> dict[str, list[Layer]]:
        """
        Return the layers by source file stem, once all files are read.

        Raises
        ------
        ModelError
            M5 for an array whose length is not the declared one, M7 for a call that is not understood.
        """
        for file, name, declared in self.lengths:
            expected = self.value(declared, f"{file}: {name}")
            if self.arrays[name].size != expected:
                raise ModelError(
                    "M5",
                    f"{self.arrays[name].size} values, declared are {expected}",
                    subject=f"{file}: {name}",
                )
        found: dict[str, list[Layer]] = {}
        for file, function, layer, arguments in self.calls:
            stem = file.removesuffix("_data.c")
            found.setdefault(stem, []).append(self._layer(f"{file}: {layer}", function, layer, arguments))
        return found

    def _layer(self, subject: str, function: str, name: str, arguments: list[str]) -> Layer:
        strings, sizes = (7, 2) if function == "linear_init" else (2, 4)
        if len(arguments) != strings + sizes:
            raise ModelError("M7", f"{function} with {len(arguments)} arguments", subject=subject)
        names = [_array_name(text, subject) for text in arguments[:strings]]
        numbers = [self.value(text, subject) for text in arguments[strings:]]
        if function == "conv2d_init":
            channels_in, channels_out, time, height = numbers
            return Layer(
                name, channels_in, channels_out, bias=names[0], float_weights=names[1], kernel=(time, height)
            )
        by_field = dict(zip(LINEAR_FIELDS, names, strict=True))
        if by_field.pop("diagonal") is not None:
            raise ModelError("M7", "diagonal weights belong to older models", subject=subject)
        return named_layer(name, numbers[0], numbers[1], by_field)


def _array_name(text: str, subject: str) -> str | None:
    if text == "NULL":
        return None
    if len(text) > 2 and text[0] == text[-1] == '"' and text[1:-1].isidentifier():
        return text[1:-1]
    raise ModelError("M7", f"{text[:40]!r} is neither NULL nor an array name", subject=subject)


def read_source(model: SourceModel, stream: Readable, file: str, limits: Limits = DEFAULT_LIMITS) -> None:
    """
    Read one C source or header into `model`.

    Parameters
    ----------
    model : SourceModel
        Extended by what the file defines.
    stream : readable
        The file; it is read in pieces.
    file : str
        Its base name.
    limits : Limits
        Bounds for lines, arrays and the model.

    Raises
    ------
    ModelError
        M1, M2, M5 or M7, naming file and array.
    """
    lines = code_lines(stream, file, limits)
    for line in lines:
        if match := DEFINE.fullmatch(line):
            name, value = match[1].decode("ascii"), int(match[2])
            check_limit(len(model.defines), limits.definitions, "the number of defines", file)
            if model.defines.setdefault(name, value) != value:
                model.ambiguous.add(
                    name
                )  # an error only where it is used: headers of other networks may differ
        elif (match := ARRAY.match(line)) and match[1] in C_TYPES:
            _read_array(model, match, lines, file, limits)
        elif CALL_START.search(line):
            _read_call(model, line, lines, file, limits)


def _read_array(
    model: SourceModel, head: re.Match[bytes], lines: Iterator[bytes], file: str, limits: Limits
) -> None:
    rest = head.string[head.end() :]
    name = head[2].decode("ascii")
    declared = head[3].decode("ascii", "replace").strip()
    subject = f"{file}: {name}"
    if name in model.arrays:
        raise ModelError("M7", "the array is defined twice", subject=subject)
    check_limit(len(model.arrays), limits.definitions, "the number of arrays", file)
    bound = limits.array_values
    if declared.isdigit():
        bound = model.value(declared, subject)
        check_limit(bound, limits.array_values, "the declared length", subject)
    dtype = C_TYPES[head[1]]
    parts: list[Array] = []
    count = 0
    tokens: list[bytes] = []
    carry = b""  # what stands behind the last comma
    brace = b""
    for line in itertools.chain((rest,), lines):
        body, brace, after = line.partition(b"}")
        tokens += (carry + b" " + body).split(b",")
        carry = tokens.pop()
        if brace and carry.strip():
            tokens.append(carry)
        if count + len(tokens) > bound:
            raise ModelError("M5", f"more values than the declared {bound}", subject=subject)
        check_limit(
            model.values + count + len(tokens), limits.model_values, "the number of all values", subject
        )
        if len(carry) > LONGEST_GAP:
            raise ModelError("M7", f"{c_numbers.show(carry)} is no number", subject=subject)
        if brace or len(tokens) >= BATCH:
            parts.append(_values(tokens, dtype, subject))
            count += len(tokens)
            tokens = []
        if brace:
            if not after.lstrip().startswith(b";"):
                raise ModelError("M7", "no semicolon after the closing brace", subject=subject)
            break
    if not brace:
        raise ModelError("M1", f"the file ends inside the array, after {count} values", subject=subject)
    model.values += count
    model.arrays[name] = np.concatenate(parts).astype(dtype)
    model.lengths.append((file, name, declared))


def _values(tokens: list[bytes], dtype: type[np.generic], subject: str) -> Array:
    try:
        if dtype is np.float32:
            return c_numbers.parse_floats(tokens)
        bounds = np.iinfo(np.dtype(dtype).name)
        return c_numbers.parse_integers(tokens, int(bounds.min), int(bounds.max))
    except ValueError as error:
        raise ModelError("M7", str(error), subject=subject) from None


def _read_call(model: SourceModel, line: bytes, lines: Iterator[bytes], file: str, limits: Limits) -> None:
    text = line
    done = 0
    while start := CALL_START.search(text, done):
        match = CALL.match(text, start.start())
        if match is None:
            if len(text) - start.start() > MAX_CALL:
                raise ModelError("M7", "a layer call is not closed or not understood", subject=file)
            more = next(lines, None)
            if more is None:
                raise ModelError("M1", "the file ends inside a layer call", subject=file)
            text = text[start.start() :] + b" " + more
            done = 0
            continue
        arguments = [part.strip().decode("latin-1") for part in match[3].split(b",")]
        model.calls.append((file, match[1].decode("ascii"), match[2].decode("ascii"), arguments))
        check_limit(len(model.calls), limits.definitions, "the number of layers", file)
        done = match.end()
