"""Two implementations of the writing rule, made without a look at each other, write the same bytes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import dred_native
from dred_native import Model
from dred_reference.redundancy import RULES, Choice, RedundancyWriter
from dred_reference.tables import QuantiserTables

PACKETS = 20  # of one speaker, with one memory of silence
TABLES = [
    f"{part}_{table}_q8" for part in ("latent", "state") for table in ("quant_scales", "dead_zone", "r", "p0")
]


@dataclass(frozen=True)
class Speech:
    """A history as both implementations take it."""

    latents: NDArray[np.float32]
    states: NDArray[np.float32]
    activity: NDArray[np.uint8]
    dred_offset: int
    latent_offset: int


def to_model(tables: QuantiserTables) -> Model:
    return Model("compared", tables.latent_dim, tables.state_dim, *(getattr(tables, name) for name in TABLES))


def with_codes_for_all(tables: QuantiserTables) -> QuantiserTables:
    """Return tables in which no value has the probability 0: the core refuses to write one at all."""
    changed = {name: np.maximum(getattr(tables, name), 1) for name in TABLES if "p0" in name}
    return QuantiserTables(**(vars(tables) | changed))


def random_activity(generator: np.random.Generator) -> NDArray[np.uint8]:
    """Return runs of speech, silence and what is not decided yet, of 2.5 ms to 300 ms."""
    lengths = generator.integers(1, 120, 416)
    return np.repeat(generator.choice([0, 1, 1, 255], 416), lengths)[:416].astype(np.uint8)


def packets(generator: np.random.Generator, tables: QuantiserTables) -> Iterator[Speech]:
    """Yield the histories of packet after packet: the signal moves on by a random number of units."""
    spread = generator.choice([0.3, 2.0, 20.0])
    rows = int(generator.integers(0, 90))
    total = rows + 4 * PACKETS
    latents = generator.normal(0, spread, (total, tables.latent_dim)).astype(np.float32)
    states = generator.normal(0, spread, (total, tables.state_dim)).astype(np.float32)
    activity = np.concatenate([random_activity(generator) for _ in range(4)])
    start, unit = total - rows, len(activity) - 416
    for _ in range(PACKETS):
        newest, units = max(start, 0), max(unit, 0)
        history = slice(newest, min(newest + 104, total))
        yield Speech(
            latents[history],
            states[history],
            activity[units : units + 416],
            int(generator.choice([10, 10, 9, 6, 2, -2, 16])),
            int(generator.choice([0, 0, 0, 1, 2, 3])),
        )
        step = int(generator.integers(0, 4))
        start, unit = start - step, unit - 8 * step


def random_choice(generator: np.random.Generator) -> Choice:
    q0, dq = int(generator.integers(0, 16)), int(generator.integers(0, 8))
    qmax = int(generator.integers(q0 + 1, 16)) if q0 < 14 and dq > 0 else 15
    most_bytes = int(generator.integers(2, generator.choice([60, 400, 1000])))
    return Choice(q0, dq, qmax, int(generator.integers(0, 27)), most_bytes)


def write_native(model: Model, speech: Speech, last_extra: int, choice: Choice, rule: str) -> Any:
    return dred_native.write_redundancy(
        model, **vars(speech), last_extra=last_extra, **vars(choice), rule=rule
    )


class Comparison:
    """Writes packets with both, and counts."""

    def __init__(self, tables: QuantiserTables, rule: str, seed: int) -> None:
        self.tables, self.rule, self.seed = tables, rule, seed
        self.model = to_model(tables)
        self.generator = np.random.default_rng(seed)
        self.packets = self.with_data = self.delayed = self.latents = self.further = 0

    def speaker(self) -> None:
        reference, last_extra = RedundancyWriter(self.tables, self.rule), 0
        for speech in packets(self.generator, self.tables):
            choice = random_choice(self.generator)
            expected = reference.write(speech, choice)
            got = write_native(self.model, speech, last_extra, choice, self.rule)
            self.delayed += last_extra > 0 and speech.activity[0] != 0
            last_extra = got["last_extra"]
            where = (self.rule, self.seed, self.packets, choice)
            self.packets += 1
            self.latents += got["latents"]
            self.further += got["latents"] > choice.max_latents
            if expected is None:
                assert got["data"] == b"", where
                continue
            self.with_data += 1
            assert got["data"] == expected.data, where
            numbers = (expected.latents, expected.offset, expected.first)
            assert (got["latents"], got["offset"], got["first"]) == numbers, where


def compare(tables: QuantiserTables, rule: str, seed: int, speakers: int) -> Comparison:
    comparison = Comparison(tables, rule, seed)
    for _ in range(speakers):
        comparison.speaker()
    assert comparison.packets == speakers * PACKETS
    assert comparison.with_data > comparison.packets / 5
    assert comparison.latents > 2 * comparison.with_data
    assert comparison.delayed > comparison.packets / 50
    return comparison


@pytest.mark.clause("ENC-write-skip", "ENC-write-offset", "ENC-write-delayed", "ENC-write-state")
@pytest.mark.clause("ENC-write-latents", "ENC-write-budget", "ENC-write-trim", "ENC-write-none")
@pytest.mark.clause("ENC-write-size", "ENC-corrected-offset", "ENC-kept-onset", "ENC-kept-history")
@pytest.mark.clause("ENC-kept-last", "ENC-activity-voice", "DRED-quantise")
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("latent_dim", "state_dim"), [(1, 1), (3, 2), (8, 5), (21, 19)])
def test_synthetic_models(
    synthetic_tables: Callable[..., QuantiserTables], rule: str, latent_dim: int, state_dim: int
) -> None:
    tables = with_codes_for_all(synthetic_tables(latent_dim, latent_dim, state_dim))
    comparison = compare(tables, rule, seed=state_dim, speakers=9)
    # Small latents need few bits, and more of them are lost to the stop rule.
    assert (comparison.further > 0) == (rule == "kept" and latent_dim < 8)


@pytest.mark.official_model
@pytest.mark.clause("ENC-write-latents", "ENC-write-budget", "ENC-kept-last", "DRED-quantise")
@pytest.mark.parametrize("rule", RULES)
def test_the_official_model(official_tables: QuantiserTables, rule: str) -> None:
    compare(official_tables, rule, seed=99, speakers=6)
