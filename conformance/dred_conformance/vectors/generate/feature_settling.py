"""Makes two cases of every draft about features: one by tolerance, one to the last bit."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dred_conformance.comparison import FeatureComparison, compare_features
from dred_conformance.protocol.operations import EXACT_PROFILE
from dred_conformance.vectors.arrays import ArrayFile
from dred_conformance.vectors.generate.agreement import Agreement
from dred_conformance.vectors.generate.builder import CaseDraft
from dred_conformance.vectors.generate.errors import GenerationError
from dred_reference.feature import decode_features
from dred_reference.network import DecoderNetwork

__all__ = ["TOLERANCE", "FeatureSettler"]

TOLERANCE = {"total": 0.5, "maximum": 0.15, "pitch": 0.02}
FEATURES = 20
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
        fixed = np.frombuffer(base64.b64decode(exact["features"]), "<i4")
        state, latents = self._values(draft.input)
        network = self.networks[draft.input["model"]]
        wanted = decode_features(state, latents, network, "float64").reshape(-1)
        deployed = decode_features(state, latents, network, "int8").reshape(-1)
        counts = {name: exact[name] for name in (*_HEADER, "feature_count", "latent_count") if name in exact}
        cases = []
        strength = _strength(wanted, fixed / 65536, deployed)
        if strength is not None:
            expected = counts | {"features": arrays.add(wanted, "float64"), "tolerance": TOLERANCE}
            cases.append(_case(draft, _of_text(draft), draft.input, expected, "computed", strength))
        expected = counts | {"features": arrays.add(fixed, "int32")}
        clauses = tuple(name for name in draft.clauses if name.startswith("FIX-"))
        cases.append(_case(draft, clauses, exact_input, expected, "agreed", "must"))
        return cases

    def _values(self, request: Mapping[str, Any]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        found = request if "state" in request else self.both.result({**request, "op": "latent"})
        state = np.frombuffer(base64.b64decode(found["state"]), "<f4")
        latents = np.frombuffer(base64.b64decode(found["latents"]), "<f4")
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
    measured: FeatureComparison = compare_features(wanted.reshape(-1, FEATURES), found.reshape(-1, FEATURES))
    return (
        measured.total <= share * TOLERANCE["total"]
        and measured.maximum <= share * TOLERANCE["maximum"]
        and not (measured.voiced_frames and measured.pitch > share * TOLERANCE["pitch"])
    )


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
