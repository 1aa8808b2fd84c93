"""Models side by side, as tables for a terminal and for a page of Markdown."""

from dataclasses import dataclass

from rich.table import Table

from dred_conformance.rate_study.models_beside import Beside
from dred_training.configuration import LEVELS
from dred_training.equal_distortion import Comparison
from dred_training.pitch_along_ramps import MARK, Place
from dred_training.ramps import RISING

__all__ = ["Rows", "all_rows", "markdown", "tables"]

_LEFT = {"levels", "model", "error", "where", "values"}
_NAMES = {"total": "total", "cepstrum": "cepstrum", "pitch": "pitch", "voicing": "wrong voicing"}


@dataclass(frozen=True)
class Rows:
    """A table: title, what its numbers are, heads of columns, and cells."""

    title: str
    remark: str
    heads: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]


def tables(result: Beside) -> list[Table]:
    """Return the tables of a terminal."""
    made = []
    for rows in all_rows(result):
        table = Table(title=rows.title, caption=rows.remark)
        for head in rows.heads:
            table.add_column(head, justify="left" if head in _LEFT else "right")
        for before, cells in zip(("", *(cells[0] for cells in rows.cells)), rows.cells, strict=False):
            if before != cells[0] and before and rows.heads[0] in _LEFT:
                table.add_section()
            table.add_row(*cells)
        made.append(table)
    return made


def markdown(rows: Rows) -> str:
    """Return a table of Markdown with its remark behind it."""
    lines = [rows.heads, tuple("---" for _ in rows.heads), *rows.cells]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    return f"{table}\n\n{rows.remark[0].upper()}{rows.remark[1:]}.\n"


def all_rows(result: Beside) -> list[Rows]:
    """Return every table; those that compare only where there are two models."""
    made = [_errors(result), _alive(result), _pitch(result)]
    return [*made[:1], _equal(result), *made[1:]] if len(result.models) > 1 else made


def _errors(result: Beside) -> Rows:
    heads = ("levels", "model", "bit/s", "state", "total", "max", "cepstrum", "pitch", "old", "voicing")
    return Rows(
        f"{result.chunks} chunks of 1.04 s",
        f"errors are means over all ages, 'old' is the pitch of the older half; pitch of the features: "
        f"{result.pitch_by}; bits of latents per second, of a state",
        heads,
        tuple(
            (
                each.ramp.name,
                each.model,
                f"{each.bits_per_second:.0f}",
                f"{each.state_bits:.0f}",
                f"{each.total:.3f}",
                f"{each.largest:.3f}",
                f"{each.cepstrum.mean():.3f}",
                f"{each.pitch.mean():.3f}",
                f"{each.pitch[len(each.pitch) // 2 :].mean():.3f}",
                f"{each.voicing.mean():.1%}",
            )
            for each in result.shown
        ),
    )


def _equal(result: Beside) -> Rows:
    reference = next(iter(result.models))
    cells = []
    for label, by_error in result.equal.items():
        for distortion, (latents, with_state) in by_error.items():
            points = latents.points if latents is not None else ()
            shown = "  ".join(f"{share:.0%} at {error:.3f}" for error, share in points)
            row = (label, _NAMES[distortion], _mean(latents), _mean(with_state))
            cells.append((*row, shown or "no error in common"))
    return Rows(
        f"bits in shares of those of {reference}, at equal errors",
        "along the constant levels, interpolated; mean: geometric, over the errors that both reach",
        ("model", "error", "latents", "with state", "where"),
        tuple(cells),
    )


def _mean(comparison: Comparison | None) -> str:
    return "" if comparison is None else f"{comparison.mean:.0%}"


def _alive(result: Beside) -> Rows:
    cells = []
    for label, alive in result.alive.items():
        for kind, counts, dimension in (
            ("latent", alive.latents, alive.latent_dim),
            ("state", alive.states, alive.state_dim),
        ):
            cells.append((label, f"{kind}, {dimension}", *map(str, counts)))
    return Rows(
        "dimensions that are coded, by level",
        "of as many as the model has",
        ("model", "values", *map(str, range(LEVELS))),
        tuple(cells),
    )


def _pitch(result: Beside) -> Rows:
    cells = []
    for level in range(LEVELS):
        errors = []
        for pitch in result.pitch.values():
            along = pitch.along[level]
            errors += [f"{pitch.constant[level]:.3f}", "" if along is None else f"{along:.3f}"]
        cells.append((str(level), *errors))
    verdicts = "; ".join(f"{label}: {_verdict(result, label)}" for label in result.pitch)
    return Rows(
        "pitch error by level, in octaves: constant, and along ramps that came up to it",
        f"all {len(RISING)} rising ramps, up to level 15; {verdicts}",
        ("level", *(f"{label}, {how}" for label in result.pitch for how in ("constant", "along ramps"))),
        tuple(cells),
    )


def _verdict(result: Beside, label: str) -> str:
    pitch = result.pitch[label]
    if pitch.worst is None:
        below = f"above {MARK} at every level"
    else:
        kept = "within" if pitch.holds else "beyond"
        below = (
            f"at most {pitch.worst.error:.3f} below level {pitch.dropped_from} ({_where(pitch.worst)}), "
            f"{kept} {MARK}"
        )
    return f"{below}; largest jump {pitch.jump.error:+.3f} ({_where(pitch.jump)})"


def _where(place: Place) -> str:
    return f"ramp {place.ramp} at {place.age_s:g} s, level {place.level}"
