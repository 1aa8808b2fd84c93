"""Models put to the same features: everything that is compared, as one record."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from dred_model import ModelBundle
from dred_training.equal_distortion import DISTORTIONS, Comparison, compared, curve
from dred_training.feature_store import FeatureStore
from dred_training.outcomes import Outcome
from dred_training.pitch_along_ramps import MARK, PitchAlongRamps, pitch_along_ramps
from dred_training.ramps import CONSTANT, RISING, SHOWN

__all__ = ["FORMAT", "AliveDimensions", "Beside", "alive_dimensions", "beside"]

FORMAT = "dred-train-evaluation/2"
NEVER_CODED = 255
_BY_AGE = ("bits", "cepstrum", "pitch", "correlation", "voicing")


@dataclass(frozen=True)
class AliveDimensions:
    """How many dimensions are coded, by level, and how many the model has."""

    latents: tuple[int, ...]
    states: tuple[int, ...]
    latent_dim: int
    state_dim: int


def alive_dimensions(bundle: ModelBundle) -> AliveDimensions:
    """Count the dimensions that are coded: those whose probability of zero is below 255/256."""
    tables = bundle.tables
    latents = (tables.latent_r_q8 > 0) & (tables.latent_p0_q8 < NEVER_CODED)
    states = (tables.state_r_q8 > 0) & (tables.state_p0_q8 < NEVER_CODED)
    return AliveDimensions(
        tuple(latents.sum(axis=1).tolist()),
        tuple(states.sum(axis=1).tolist()),
        bundle.latent_dim,
        bundle.state_dim,
    )


@dataclass(frozen=True)
class Beside:
    """
    What came out.

    Attributes
    ----------
    pitch_by
        How the pitch of the features was estimated.
    chunks
        How many chunks of 1.04 s each outcome is about.
    models, alive, pitch
        By what a model is called here; the first one is the reference.
    outcomes
        Of every model at every constant level and along every rising ramp.
    equal
        By model but the reference, and by error: its bits in shares of the reference's, of latents alone and
        with those of the state; None where the two reach no error in common.
    """

    features_sha256: str
    pitch_by: str
    chunks: int
    models: dict[str, ModelBundle]
    alive: dict[str, AliveDimensions]
    outcomes: list[Outcome]
    equal: dict[str, dict[str, tuple[Comparison | None, Comparison | None]]]
    pitch: dict[str, PitchAlongRamps]

    @property
    def shown(self) -> list[Outcome]:
        """The outcomes of tables: constant levels, and a few ramps."""
        return [each for ramp in CONSTANT + SHOWN for each in self.outcomes if each.ramp == ramp]

    def to_json(self) -> dict[str, Any]:
        """Return everything as JSON has it."""
        return {
            "format": FORMAT,
            "features_sha256": self.features_sha256,
            "features_pitch": self.pitch_by,
            "chunks": self.chunks,
            "models": [
                {
                    "model": label,
                    "name": bundle.name,
                    "model_sha256": bundle.model_sha256,
                    "latents_coded": list(self.alive[label].latents),
                    "states_coded": list(self.alive[label].states),
                    "latent_dim": bundle.latent_dim,
                    "state_dim": bundle.state_dim,
                    "pitch_along_ramps": {
                        **asdict(self.pitch[label]),
                        "mark": MARK,
                        "holds": self.pitch[label].holds,
                    },
                    "bits_at_equal_error": {
                        distortion: {"latents": _shares(latents), "with_state": _shares(with_state)}
                        for distortion, (latents, with_state) in self.equal.get(label, {}).items()
                    },
                }
                for label, bundle in self.models.items()
            ],
            "outcomes": [
                {
                    "model": each.model,
                    "ramp": each.ramp.name,
                    "bits_per_second": each.bits_per_second,
                    "packet_bits_per_second": each.packet_bits_per_second,
                    "state_bits": each.state_bits,
                    "total": each.total,
                    "max": each.largest,
                    "by_age": {name: getattr(each, name).tolist() for name in _BY_AGE},
                }
                for each in self.outcomes
            ],
        }


def _shares(comparison: Comparison | None) -> dict[str, Any] | None:
    return None if comparison is None else asdict(comparison)


def beside(
    store: FeatureStore,
    models: dict[str, ModelBundle],
    every: int,
    advance: Callable[[int], None] = lambda _done: None,
) -> Beside:
    """Put models to the features of a store; the first one is the reference.

    Parameters
    ----------
    models
        By what they are called.
    every
        A chunk ends every so many steps of 20 ms.
    advance
        Called with the number of models done.

    Raises
    ------
    TrainingError
        T3: no clip is long enough. T5: PyTorch is missing.
    ModelError, FeatureError
        A model cannot be run.
    """
    from dred_training.rdovae.evaluation import Evaluation  # noqa: PLC0415  it loads PyTorch

    evaluation = Evaluation([store.clip_features(clip) for clip in store.clips], every)
    by_model: dict[str, list[Outcome]] = {}
    for done, (label, bundle) in enumerate(models.items(), start=1):
        by_model[label] = evaluation.outcomes(bundle, CONSTANT + RISING, label)
        advance(done)
    constant = {label: outcomes[: len(CONSTANT)] for label, outcomes in by_model.items()}
    reference, *others = models
    return Beside(
        store.sha256,
        store.pitch,
        evaluation.chunks,
        models,
        {label: alive_dimensions(bundle) for label, bundle in models.items()},
        [each for outcomes in by_model.values() for each in outcomes],
        {label: _at_equal_errors(constant[reference], constant[label]) for label in others},
        {label: pitch_along_ramps(constant[label], by_model[label][len(CONSTANT) :]) for label in models},
    )


def _at_equal_errors(
    reference: list[Outcome], candidate: list[Outcome]
) -> dict[str, tuple[Comparison | None, Comparison | None]]:
    def shares(distortion: str, with_state: bool) -> Comparison | None:
        curves = (curve(each, distortion, with_state=with_state) for each in (reference, candidate))
        return compared(*curves)

    return {distortion: (shares(distortion, False), shares(distortion, True)) for distortion in DISTORTIONS}
