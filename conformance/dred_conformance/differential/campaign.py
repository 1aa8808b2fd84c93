"""Chunks of random inputs, each from its own seed, compared in this process or in several."""

import concurrent.futures
import multiprocessing
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import dred_native
from dred_conformance.differential.built_payloads import PayloadBuilder
from dred_conformance.differential.features import compare_random_features
from dred_conformance.differential.inputs import random_packet, random_padding, random_payload
from dred_conformance.differential.outcomes import (
    native_outcome,
    reference_extensions,
    reference_packet,
    reference_payload,
)
from dred_model import ModelBundle
from dred_reference.wire import WIRE_PROFILES

__all__ = ["ChunkReport", "Mismatch", "run_chunk", "run_chunks"]

_WIRES = ("experimental-12", "bundled-1", "draft-32")


@dataclass(frozen=True)
class Mismatch:
    """An input on which the implementations differ."""

    kind: str
    input: str
    reference: str
    native: str


@dataclass(frozen=True)
class ChunkReport:
    """What a chunk of inputs showed.

    Attributes
    ----------
    outcomes
        How many inputs were accepted, and how many rejected by each rule: do the inputs reach deep?
    """

    kind: str
    inputs: int
    outcomes: Counter[str]
    mismatches: tuple[Mismatch, ...]


def run_chunks(
    kind: str, inputs: int, chunk: int, seed: int, jobs: int, models: list[ModelBundle], real: list[bytes]
) -> Iterator[ChunkReport]:
    """Compare random inputs in chunks; ``kind``: ``packets``, ``paddings``, ``payloads`` or ``features``."""
    sizes = [min(chunk, inputs - start) for start in range(0, inputs, chunk)]
    tasks = [(kind, size, f"{seed}/{kind}/{index}", models, real) for index, size in enumerate(sizes)]
    if jobs <= 1:
        yield from (run_chunk(*task) for task in tasks)
        return
    # Fresh processes: forking one that has threads (a progress display) may hang.
    with concurrent.futures.ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        futures = [pool.submit(run_chunk, *task) for task in tasks]
        yield from (future.result() for future in concurrent.futures.as_completed(futures))


def run_chunk(kind: str, inputs: int, seed: str, models: list[ModelBundle], real: list[bytes]) -> ChunkReport:
    """Compare one chunk."""
    source = random.Random(seed)  # noqa: S311 - reproducible, not secret
    compare: dict[str, Callable[[], Iterator[tuple[Any, Any, str]]]] = {
        "packets": lambda: _packets(source, inputs),
        "paddings": lambda: _paddings(source, inputs),
        "payloads": lambda: _payloads(source, inputs, models, real),
        "features": lambda: compare_random_features(source, inputs, models, real),
    }
    outcomes: Counter[str] = Counter()
    mismatches = []
    count = 0
    for reference, native, shown in compare[kind]():
        count += 1
        outcomes[reference[1] if isinstance(reference, tuple) else "accepted"] += 1
        if reference != native:
            mismatches.append(Mismatch(kind, shown, repr(reference)[:2000], repr(native)[:2000]))
    return ChunkReport(kind, count, outcomes, tuple(mismatches))


def _packets(source: random.Random, inputs: int) -> Iterator[tuple[Any, Any, str]]:
    packets = [random_packet(source) for _ in range(inputs)]
    ordinary, self_delimited = packets[inputs // 4 :], packets[: inputs // 4]
    for data, answer in zip(ordinary, dred_native.parse_packets(ordinary), strict=True):
        yield reference_packet(data, self_delimited=False), native_outcome(answer), data.hex()
    for data in self_delimited:
        answer = _native_self_delimited(data)
        yield (
            reference_packet(data, self_delimited=True),
            native_outcome(answer),
            f"{data.hex()} (self-delimited)",
        )


def _native_self_delimited(data: bytes) -> Any:
    try:
        return dred_native.parse_packet(data, self_delimited=True)
    except dred_native.DredError as error:
        return error


def _paddings(source: random.Random, inputs: int) -> Iterator[tuple[Any, Any, str]]:
    areas = [random_padding(source) for _ in range(inputs)]
    counts = [source.choice((1, 1, 2, 3, 3, 6, 48)) for _ in range(inputs)]
    answers = dred_native.parse_extensions_batch(areas, counts)
    for area, count, answer in zip(areas, counts, answers, strict=True):
        yield reference_extensions(area, count), native_outcome(answer), f"{area.hex()} ({count} frames)"


def _payloads(
    source: random.Random, inputs: int, models: list[ModelBundle], real: list[bytes]
) -> Iterator[tuple[Any, Any, str]]:
    # Small models get small shares: their payloads are quickly exhausted.
    for index, bundle in enumerate(models):
        share = inputs // len(models) + (index < inputs % len(models))
        tables = bundle.tables.to_reference_tables()
        builder = PayloadBuilder(bundle)
        wire = source.choice(_WIRES)
        profile = WIRE_PROFILES[wire]
        known = real if bundle.name.startswith("libopus") else []
        payloads = [profile.prefix + random_payload(source, builder.build, known) for _ in range(share)]
        answers = dred_native.decode_payloads(payloads, wire, builder.model)
        for data, answer in zip(payloads, answers, strict=True):
            shown = f"{data.hex()} ({wire}, {bundle.name})"
            yield reference_payload(data, profile, tables), native_outcome(answer), shown
