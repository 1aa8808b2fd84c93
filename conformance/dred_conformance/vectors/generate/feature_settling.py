"""Makes two cases of every draft about features: one by tolerance, one to the last bit."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dred_conformance.comparison import FEATURES, FeatureThresholds, compare_features
from dred_conformance.decoding.features import real_values
from dred_conformance.protocol.arrays import INTEGERS, from_base64
from dred_conformance.protocol.operations import EXACT_PROFILE
from dred_conformance.vectors.arrays import ArrayFile
from dred_conformance.vectors.generate.agreement import Agreement
from dred_conformance.vectors.generate.builder import CaseDraft
from dred_conformance.vectors.generate.errors import GenerationError
from dred_reference.feature import decode_features
from dred_reference.network import DecoderNetwork

__all__ = ["TOLERANCE", "FeatureSettler"]

TOLERANCE = asdict(FeatureThresholds())
_HEADER = ("q0", "dq", "qmax", "offset", "frame")


@dataclass(frozen=True)
class FeatureSettler:
    """Turns drafts into cases with the help of both implementations.

    Attributes
    ----------
    both
        The two adapters.
    networks
        The decoder network of every model, by name.
    """

    both: Agreement
    networks: Mapping[str, DecoderNetwork]

    def settle(self, draft: CaseDraft, arrays: ArrayFile) -> list[dict[str, Any]]:
        """Return the cases of a draft; their arrays go into ``arrays``.

        The fixed-point features are what both implementations say. The float64 features are computed by the
        reference, from the state and latents on which both agree.

        Raises
        ------
        GenerationError
            The implementations disagree.
        """
        exact_input = {**draft.input, "profile": EXACT_PROFILE}
        exact = None if draft.result == "invalid" else self.both.result(exact_input)
        if exact is None:  # refused, or a packet without DRED
            return [self.both.settle(replace(draft, clauses=_of_text(draft)))]
        fixed = from_base64(exact["features"], INTEGERS)
        state, latents = self._values(draft.input)
        network = self.networks[draft.input["model"]]
        wanted = decode_features(state, latents, network, "float64").reshape(-1)
        deployed = decode_features(state, latents, network, "int8").reshape(-1)
        counts = {name: exact[name] for name in (*_HEADER, "feature_count", "latent_count") if name in exact}
        cases = []
        strength = _strength(wanted, real_values(fixed), deployed)
        if strength is not None:
            expected = counts | {"features": arrays.add(wanted, "float64"), "tolerance": TOLERANCE}
            cases.append(_case(draft, _of_text(draft), draft.input, expected, "computed", strength))
        expected = counts | {"features": arrays.add(fixed, "int32")}
        clauses = tuple(name for name in draft.clauses if name.startswith("FIX-"))
        cases.append(_case(draft, clauses, exact_input, expected, "agreed", "must"))
        return cases

    def _values(self, request: Mapping[str, Any]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        found = request if "state" in request else self.both.result({**request, "op": "latent"})
        state = from_base64(found["state"])
        latents = from_base64(found["latents"])
        return state, latents.reshape(found["latent_count"], self.networks[request["model"]].latent_dim + 1)


def _of_text(draft: CaseDraft) -> tuple[str, ...]:
    return tuple(name for name in draft.clauses if not name.startswith("FIX-"))


def _strength(wanted: NDArray[Any], fixed: NDArray[Any], deployed: NDArray[Any]) -> str | None:
    """Return how strong a demand the tolerance is for these values.

    ``must`` where both the fixed-point profile and the deployed arithmetic keep it with room to spare,
    ``should`` where the deployed arithmetic does not, ``None`` where the fixed-point profile does not
    (values that leave its input range).
    """
    if not wanted.size:
        return "must"
    if not _keeps(wanted, fixed, 1.0):
        return None
    return "must" if _keeps(wanted, deployed, 0.8) else "should"


def _keeps(wanted: NDArray[Any], found: NDArray[Any], share: float) -> bool:
    limits = FeatureThresholds(*(share * limit for limit in TOLERANCE.values()))
    measured = compare_features(wanted.reshape(-1, FEATURES), found.reshape(-1, FEATURES), limits)
    return all(measure.passed for measure in measured.applicable)


def _case(
    draft: CaseDraft,
    clauses: tuple[str, ...],
    case_input: dict[str, Any],
    expected: dict[str, Any],
    basis: str,
    strength: str,
) -> dict[str, Any]:
    if not clauses:
        raise GenerationError(f"'{draft.comment}' names no clause of this kind")
    case: dict[str, Any] = {
        "comment": draft.comment,
        "clauses": list(clauses),
        "flags": [
            *draft.flags,
            *(["exact"] if basis == "agreed" else []),
            *(["should"] if strength == "should" else []),
        ],
        "input": case_input,
        "result": "valid",
        "expected": expected,
        "basis": basis,
    }
    if strength != "must":
        case["strength"] = strength
    case["kills"] = []
    return case
