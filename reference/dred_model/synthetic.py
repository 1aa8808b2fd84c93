"""
Synthetic models.

Models that nobody trained: tables made from a seed, with the shape of real ones and with every edge case
that real ones lack. They exercise the `payload` and `latent` stages on machines that do not have the
official model, and with dimensions that it does not have. A name says everything about a model:

``synthetic-<seed>[-<latent>x<state>][-dead<level>][-net[<hidden>x<dense>x<gru>x<conv>]]
[-enc[<dense>x<gru>x<conv>x<hidden>]][-voc]``

- without dimensions: 25 latent and 50 state values, as the official model;
- ``dead<level>``: at that level no latent dimension is coded, so a latent costs no bits;
- ``net``: with an RDO-VAE decoder, a small one unless the widths of its layers follow (see
  `synthetic_network`);
- ``enc``: with an RDO-VAE encoder (see `synthetic_encoder`). Whatever it yields must be possible to code, so
  a probability of zero of 0 in the tables is 1 instead;
- ``voc``: with a vocoder in the sizes of the deployed one (see `synthetic_vocoder`).

The numbers of a dimension depend on seed, group and dimension only: a model with more dimensions begins
with those of a model with fewer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .bundle import ModelBundle
from .deterministic import DeterministicStream
from .errors import ModelError
from .synthetic_encoder import EncoderShape, synthetic_encoder
from .synthetic_network import DecoderShape, synthetic_decoder
from .synthetic_vocoder import synthetic_vocoder
from .tables import LEVELS, MAX_DIM, ModelTables

PREFIX = "synthetic-"
NAME = re.compile(
    r"synthetic-(0|[1-9][0-9]{0,19})(?:-([1-9][0-9]{0,2})x([1-9][0-9]{0,2}))?(?:-dead(1?[0-9]))?"
    r"(-net(?:([1-9][0-9]{0,2})x([1-9][0-9]{0,2})x([1-9][0-9]{0,2})x([1-9][0-9]{0,2}))?)?"
    r"(-enc(?:([1-9][0-9]{0,2})x([1-9][0-9]{0,2})x([1-9][0-9]{0,2})x([1-9][0-9]{0,2}))?)?"
    r"(-voc)?"
)
DEFAULT_DIMS = (25, 50)
EXPERIMENTAL_VERSION = 12

Column = list[list[int]]  # per level: scale, dead zone, r, p0

# Every third dimension has one of these at one level, whatever the formulas gave there.
SCALE, DEAD_ZONE, R, P0 = range(4)
EDGES: tuple[dict[int, int], ...] = (
    {R: 0, P0: 100},  # no symbol although p0 would allow one
    {R: 90, P0: 255},  # no symbol although r would allow one
    {R: 40, P0: 0},  # never zero
    {R: 60, P0: 120, SCALE: 0},  # dequantised as if the scale were 1
    {R: 60, P0: 120, SCALE: 255},
    {R: 255, P0: 60},  # the flattest magnitudes
    {R: 1, P0: 128},  # all magnitude probabilities at their floor
    {R: 255, P0: 0},  # the most expensive symbol
    {R: 1, P0: 254},  # the cheapest symbol that is still coded
)


@dataclass(frozen=True)
class Recipe:
    """What a synthetic name says."""

    seed: int
    latent_dim: int = DEFAULT_DIMS[0]
    state_dim: int = DEFAULT_DIMS[1]
    dead_level: int | None = None
    shape: DecoderShape | None = None
    encoder_shape: EncoderShape | None = None
    vocoder: bool = False

    @property
    def name(self) -> str:
        """The one name of the model made by this recipe."""
        dims = (
            f"-{self.latent_dim}x{self.state_dim}"
            if (self.latent_dim, self.state_dim) != DEFAULT_DIMS
            else ""
        )
        dead = "" if self.dead_level is None else f"-dead{self.dead_level}"
        net = "" if self.shape is None else "-net"
        if self.shape is not None and self.shape != DecoderShape():
            net += "x".join(map(str, self.shape.widths[:-1]))
        enc = "" if self.encoder_shape is None else "-enc"
        if self.encoder_shape is not None and self.encoder_shape != EncoderShape():
            enc += "x".join(map(str, self.encoder_shape.widths))
        voc = "-voc" if self.vocoder else ""
        return f"{PREFIX}{self.seed}{dims}{dead}{net}{enc}{voc}"


def is_synthetic_name(name: str) -> bool:
    """Tell whether a name claims to be that of a synthetic model."""
    return name.startswith(PREFIX)


def parse_name(name: str) -> Recipe:
    """
    Return the recipe that a name stands for.

    Raises
    ------
    ModelError
        M8 when the name is none of a synthetic model, or not the canonical one.
    """
    match = NAME.fullmatch(name)
    if match:
        seed, latent, state, dead, *networks = match.groups()
        network, *widths = networks[:5]
        encoder, *encoder_widths = networks[5:10]
        shape = DecoderShape(*map(int, widths)) if all(widths) else DecoderShape()
        encoder_shape = EncoderShape(*map(int, encoder_widths)) if all(encoder_widths) else EncoderShape()
        recipe = Recipe(
            int(seed),
            int(latent or DEFAULT_DIMS[0]),
            int(state or DEFAULT_DIMS[1]),
            None if dead is None else int(dead),
            shape if network else None,
            encoder_shape if encoder else None,
            networks[10] is not None,
        )
        if _allowed(recipe) and recipe.name == name:
            return recipe
    raise ModelError(
        "M8",
        "no synthetic model is called so",
        subject=name,
        advice=f"Expected synthetic-<seed>[-<latent>x<state>][-dead<level>][-net[<widths>]]"
        f"[-enc[<widths>]][-voc], dimensions 1 to "
        f"{MAX_DIM} and left out when they are {DEFAULT_DIMS[0]}x{DEFAULT_DIMS[1]}, widths as multiples of 8 "
        f"and left out when they are {'x'.join(map(str, DecoderShape().widths[:-1]))} (net) or "
        f"{'x'.join(map(str, EncoderShape().widths))} (enc).",
    )


def _allowed(recipe: Recipe) -> bool:
    return (
        0 <= recipe.seed < 1 << 64
        and 1 <= recipe.latent_dim <= MAX_DIM
        and 1 <= recipe.state_dim <= MAX_DIM
        and (recipe.dead_level is None or 0 <= recipe.dead_level < LEVELS)
        and (recipe.shape is None or recipe.shape.is_possible)
        and (recipe.encoder_shape is None or recipe.encoder_shape.is_possible)
    )


def named_synthetic_model(name: str) -> ModelBundle:
    """
    Make the synthetic model of that name.

    Raises
    ------
    ModelError
        M8 for a name that is none.
    """
    return _make(parse_name(name))


def synthetic_model(
    seed: int,
    *,
    latent_dim: int = DEFAULT_DIMS[0],
    state_dim: int = DEFAULT_DIMS[1],
    dead_level: int | None = None,
    network: bool = False,
    shape: DecoderShape | None = None,
    encoder: bool = False,
    encoder_shape: EncoderShape | None = None,
    vocoder: bool = False,
) -> ModelBundle:
    """
    Make a synthetic model.

    Parameters
    ----------
    seed : int
        0 to 2^64 - 1.
    latent_dim, state_dim : int
        1 to 256.
    dead_level : int, optional
        The level at which no latent dimension is coded.
    network : bool
        Add a small RDO-VAE decoder.
    shape : DecoderShape, optional
        Add a decoder of these widths.
    encoder : bool
        Add a small RDO-VAE encoder.
    encoder_shape : EncoderShape, optional
        Add an encoder of these widths.
    vocoder : bool
        Add a vocoder.

    Raises
    ------
    ModelError
        M5 for dimensions, level or seed out of range.
    """
    recipe = Recipe(
        seed,
        latent_dim,
        state_dim,
        dead_level,
        shape or (DecoderShape() if network else None),
        encoder_shape or (EncoderShape() if encoder else None),
        vocoder,
    )
    if not _allowed(recipe):
        raise ModelError(
            "M5",
            f"{latent_dim} latent and {state_dim} state dimensions, seed {seed}, dead level {dead_level}: "
            f"allowed are 1 to {MAX_DIM}, a 64-bit seed, levels 0 to {LEVELS - 1}",
            subject="synthetic model",
        )
    return _make(recipe)


def _make(recipe: Recipe) -> ModelBundle:
    latent = _group(recipe.seed, "latent", recipe.latent_dim)
    if recipe.dead_level is not None:
        latent[3][recipe.dead_level, 0::2] = 255
        latent[2][recipe.dead_level, 1::2] = 0
    state = _group(recipe.seed, "state", recipe.state_dim)
    networks = {}
    if recipe.encoder_shape is not None:
        for group in (latent, state):
            np.maximum(group[P0], 1, out=group[P0])
        encoder = synthetic_encoder(recipe.seed, recipe.latent_dim, recipe.state_dim, recipe.encoder_shape)
        networks[encoder.name] = encoder
    if recipe.shape is not None:
        decoder = synthetic_decoder(recipe.seed, recipe.latent_dim, recipe.state_dim, recipe.shape)
        networks[decoder.name] = decoder
    if recipe.vocoder:
        vocoder = synthetic_vocoder(recipe.seed)
        networks[vocoder.name] = vocoder
    tables = ModelTables(*latent, *state)
    return ModelBundle(
        recipe.name, EXPERIMENTAL_VERSION, tables, networks, "generated by dred_model.synthetic from its name"
    )


def _group(seed: int, group: str, dim: int) -> list[NDArray[np.uint8]]:
    columns = [_column(seed, group, index) for index in range(dim)]
    cells = np.array(columns, dtype=np.uint8)  # dimension, level, field
    return [np.ascontiguousarray(cells[:, :, field].T) for field in (SCALE, DEAD_ZONE, R, P0)]


def _column(seed: int, group: str, index: int) -> Column:
    stream = DeterministicStream(f"dred-synthetic/1 {seed} {group} {index}")
    scale = 255 if stream.below(8) else stream.between(64, 254)
    scale_step = stream.between(180, 248)
    dead_zone = stream.below(48)
    dead_zone_step = stream.between(270, 420)
    r = stream.between(24, 250)
    r_step = stream.between(140, 250)
    shape = stream.between(170, 255)
    dead_from = LEVELS if stream.below(3) else stream.between(4, LEVELS - 1)
    born_at = stream.between(1, 6) if group == "state" and not stream.below(6) else 0
    column: Column = []
    for level in range(LEVELS):
        if level < born_at:
            column.append([255, 255, 0, 255])
            continue
        if level >= dead_from:
            column.append([stream.between(1, 4), 255, 0, 255])
            continue
        column.append([scale, dead_zone, r, 255 - (r * shape >> 8)])
        scale = scale * scale_step >> 8
        dead_zone = min(255, (dead_zone * dead_zone_step >> 8) + stream.below(4))
        r = r * r_step >> 8
    edge_level = stream.below(LEVELS)
    if index % 3 == 0:
        for field, value in EDGES[index // 3 % len(EDGES)].items():
            column[edge_level][field] = value
    return column
