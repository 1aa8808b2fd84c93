"""
The configuration of a run.

A TOML file, read into frozen records that check every value. What a file leaves out has the default written
here; what it has too much is an error, so a typing mistake never trains another model than the one wanted.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dred_model.bundle import check_name
from dred_model.errors import ModelError

from .errors import TrainingError

BLOCK_OUTPUTS = 8
LARGEST_FILE = 1 << 20
LARGEST_WIDTH = 512
LEVELS = 16


def _require(condition: bool, key: str, message: str) -> None:
    if not condition:
        raise TrainingError("T1", message, subject=key)


@dataclass(frozen=True)
class NetworkSettings:
    """
    Widths of the network; all but the dimensions must be multiples of 8.

    The dimensions are those that training begins with: what it does not need is left out at export.
    """

    latent_dim: int = 48
    state_dim: int = 64
    encoder_dense: int = 64
    encoder_gru: int = 32
    encoder_conv: int = 64
    encoder_hidden: int = 128
    decoder_hidden: int = 128
    decoder_dense: int = 96
    decoder_gru: int = 64
    decoder_conv: int = 32

    def __post_init__(self) -> None:
        for name, value in dataclasses.asdict(self).items():
            if name.endswith("_dim"):
                _require(1 <= value <= 256, f"network.{name}", f"{value} is not 1 to 256")
            else:
                is_possible = value % BLOCK_OUTPUTS == 0 and 8 <= value <= LARGEST_WIDTH
                _require(
                    is_possible, f"network.{name}", f"{value} is no multiple of 8 from 8 to {LARGEST_WIDTH}"
                )


@dataclass(frozen=True)
class LevelSettings:
    """How often the levels of a chunk are constant, a ramp of the header's schedule, or cross at random."""

    constant: float = 0.4
    ramp: float = 0.4
    crossing: float = 0.2

    def __post_init__(self) -> None:
        parts = (self.constant, self.ramp, self.crossing)
        is_possible = min(parts) >= 0 and abs(sum(parts) - 1) < 1e-9
        _require(is_possible, "levels", f"{parts} are no shares that add up to 1")


@dataclass(frozen=True)
class RateSettings:
    """
    What a bit is worth.

    The weight of rate against distortion grows from `lambda_min` at level 0 to `lambda_max` at level 15. It
    begins low, so that the decoder finds a use for a dimension before the dimension has a price:
    `latent_warmup` and `state_warmup` are the steps in which it comes up. A dimension that is not coded
    teaches nothing and never comes back, so none dies before the fraction `deaths_from` of the run.
    """

    lambda_min: float = 0.0002
    lambda_max: float = 0.04
    hard_share: float = 0.1
    state_share: float = 0.04
    latent_warmup: int = 1000
    state_warmup: int = 20000
    deaths_from: float = 0.25

    def __post_init__(self) -> None:
        is_possible = 0 < self.lambda_min < self.lambda_max < 10
        _require(is_possible, "rate", "0 < lambda_min < lambda_max does not hold")
        for name in ("hard_share", "state_share", "deaths_from"):
            _require(0 <= getattr(self, name) <= 1, f"rate.{name}", "a share is 0 to 1")
        for name in ("latent_warmup", "state_warmup"):
            _require(getattr(self, name) >= 1, f"rate.{name}", "at least one step")


@dataclass(frozen=True)
class SparsitySettings:
    """
    Which share of the weight blocks stays, by layer; GRU inputs have three shares (update, reset, candidate).

    Between the fractions `start` and `stop` of the run the shares come down to their targets. Layers that
    are not named stay dense.
    """

    start: float = 0.25
    stop: float = 0.5
    every: int = 100
    densities: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _require(0 <= self.start < self.stop <= 1, "sparsity", "0 <= start < stop <= 1 does not hold")
        _require(self.every >= 1, "sparsity.every", "at least one step")
        for name, shares in self.densities.items():
            is_gru = "_gru" in name and name.endswith("_input")
            is_possible = len(shares) == (3 if is_gru else 1) and all(0 < share <= 1 for share in shares)
            _require(
                is_possible,
                f"sparsity.densities.{name}",
                f"{shares}: {3 if is_gru else 1} shares within 0 to 1",
            )


@dataclass(frozen=True)
class TrainingSettings:
    """
    How long, on how much, how fast.

    A step takes `batch` sequences of `frames` feature frames; they are computed in `shards` parts that have
    noise of their own, so the result does not depend on how many threads share the parts. The numbers of the
    statistical model, which are few and have a long way to go, learn `statistics_rate` times as fast as
    weights. In the last part of the run, from the fraction `rounding_from` on, weights are rounded as the
    export will round them.
    """

    steps: int = 40000
    batch: int = 32
    shards: int = 2
    frames: int = 240
    shortest_chunk: int = 2
    longest_chunk: int = 26
    learning_rate: float = 0.002
    statistics_rate: float = 4.0
    warmup: int = 200
    final_rate: float = 0.02
    clip_norm: float = 500.0
    activation_noise: bool = True
    weight_noise: bool = True
    rounding_from: float = 0.7
    checkpoint_every: int = 200
    log_every: int = 20

    def __post_init__(self) -> None:
        for name in ("steps", "batch", "shards", "warmup", "checkpoint_every", "log_every"):
            _require(getattr(self, name) >= 1, f"training.{name}", "at least 1")
        _require(self.batch % self.shards == 0, "training.shards", "does not divide the batch")
        longest = (self.frames - 4) // 4
        _require(self.frames % 4 == 0 and longest >= 1, "training.frames", "no multiple of 4 from 8 on")
        is_possible = 1 <= self.shortest_chunk <= self.longest_chunk <= longest
        _require(is_possible, "training", f"1 <= shortest_chunk <= longest_chunk <= {longest} does not hold")
        _require(0 < self.learning_rate < 1, "training.learning_rate", "not between 0 and 1")
        _require(0 < self.statistics_rate <= 100, "training.statistics_rate", "not above 0, or above 100")
        _require(0 < self.final_rate <= 1, "training.final_rate", "a share is 0 to 1")
        _require(self.clip_norm > 0, "training.clip_norm", "not above 0")
        _require(0 <= self.rounding_from <= 1, "training.rounding_from", "a fraction is 0 to 1")


@dataclass(frozen=True)
class Configuration:
    """
    All of a run but its features.

    Parameters
    ----------
    name : str
        Of the model; ``bundled-1`` belongs to the one that comes with the package.
    experimental_version : int
        The version byte of payloads made with it; not 12, which belongs to the deployed model.
    seed : int
        Of everything that is drawn.
    """

    name: str = "trained"
    experimental_version: int = 0xB1
    seed: int = 1
    network: NetworkSettings = field(default_factory=NetworkSettings)
    levels: LevelSettings = field(default_factory=LevelSettings)
    rate: RateSettings = field(default_factory=RateSettings)
    sparsity: SparsitySettings = field(default_factory=SparsitySettings)
    training: TrainingSettings = field(default_factory=TrainingSettings)

    def __post_init__(self) -> None:
        try:
            check_name(self.name)
        except ModelError as error:
            raise TrainingError("T1", str(error), subject="name") from error
        is_possible = 0 <= self.experimental_version <= 255 and self.experimental_version not in (10, 11, 12)
        _require(is_possible, "experimental_version", "not a byte, or one of deployed models (10 to 12)")
        _require(0 <= self.seed < 1 << 32, "seed", "not 0 to 2^32 - 1")

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all values: a run goes on only with the configuration with which it began."""
        text = json.dumps(dataclasses.asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode("utf-8")).hexdigest()


_SECTIONS: dict[str, type[Any]] = {
    "network": NetworkSettings,
    "levels": LevelSettings,
    "rate": RateSettings,
    "sparsity": SparsitySettings,
    "training": TrainingSettings,
}


def read_configuration(path: Path) -> Configuration:
    """
    Read a configuration.

    Raises
    ------
    TrainingError
        T1: the file cannot be read, is no TOML, has an unknown key, or a value that is not possible.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
        if len(data) > LARGEST_FILE:
            raise TrainingError("T1", "larger than a configuration can be", subject=str(path))
        document = tomllib.loads(data.decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise TrainingError("T1", f"cannot be read ({error})", subject=str(path)) from error
    return configuration_from(document)


def configuration_from(document: Mapping[str, Any]) -> Configuration:
    """Build a configuration from the content of a TOML file; errors as for `read_configuration`."""
    values = {
        key: _record(_SECTIONS[key], value, key) if key in _SECTIONS else value
        for key, value in document.items()
    }
    configuration: Configuration = _record(Configuration, values, "")
    return configuration


def _record(kind: type[Any], values: Any, section: str) -> Any:
    _require(isinstance(values, Mapping), section, "not a table")
    known = {each.name: each for each in dataclasses.fields(kind)}
    checked = {}
    for key, value in values.items():
        place = f"{section}.{key}" if section else key
        _require(key in known, place, f"unknown; there are {', '.join(known)}")
        checked[key] = _value(str(known[key].type), value, place)
    return kind(**checked)


def _value(type_name: str, value: Any, place: str) -> Any:
    if type_name == "float" and isinstance(value, int) and not isinstance(value, bool):
        _require(abs(value) < 1 << 53, place, "too large")
        return float(value)
    if type_name.startswith("Mapping"):
        _require(isinstance(value, Mapping), place, "not a table")
        for each in value.values():
            is_list = isinstance(each, list | tuple) and all(
                isinstance(share, int | float) and abs(share) <= 1 for share in each
            )
            _require(is_list, place, "not a table of lists of shares")
        return {name: tuple(float(share) for share in each) for name, each in value.items()}
    plain = {"int": int, "float": float, "str": str, "bool": bool}.get(type_name)
    if plain is not None:
        _require(type(value) is plain, place, f"{value!r} is no {type_name}")
    return value
