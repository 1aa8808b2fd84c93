"""Makes cases of drafts about speech: the reference's samples, if both implementations are near them."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dred_conformance.comparison import AudioThresholds
from dred_conformance.protocol.arrays import SAMPLES, from_base64
from dred_conformance.runner.sound import applicable_measures
from dred_conformance.vectors.arrays import ArrayFile
from dred_conformance.vectors.generate.agreement import Agreement
from dred_conformance.vectors.generate.builder import CaseDraft
from dred_conformance.vectors.generate.errors import GenerationError
from dred_reference.network import VocoderNetwork
from dred_reference.vocoder import Vocoder, as_int16, speak

__all__ = ["SoundSettler"]

SAMPLING_RATE = 16000
FULL_SCALE = 32768
FEATURES = 20
PAST_VECTORS = 5
SHARE = 0.8  # of the tolerance that our own implementations may use up
# The working group's limits for the vocoder, as they stand, for speech of more than two seconds.
LIMITS = AudioThresholds()
# The synthetic vocoder is not chaotic, so less is enough for it. Its sounds are short, and the errors of a
# sound grow as the root of its length shrinks: so do its limits, all but that of the pitch, which is a mean.
SYNTHETIC_LIMITS = AudioThresholds(0.2, 0.8, 0.1)
SYNTHETIC_SECONDS = 0.4  # for which they are meant


@dataclass(frozen=True)
class SoundSettler:
    """Turns drafts into cases with the help of both implementations.

    Attributes
    ----------
    both
        The two adapters.
    networks
        The vocoder network of every model, by name.
    """

    both: Agreement
    networks: Mapping[str, VocoderNetwork]

    def settle(self, draft: CaseDraft, arrays: ArrayFile) -> dict[str, Any]:
        """Return the case of a draft; its samples go into ``arrays``.

        Raises
        ------
        GenerationError
            One of the implementations is not near enough.
        """
        if draft.result == "invalid":
            return self.both.settle(draft)
        wanted = self._synthesised(draft.input)
        seconds = len(wanted) / SAMPLING_RATE
        limits = _limits(draft.input["model"], seconds)
        for result in self.both.results(draft.input):
            found = from_base64(result["samples"], SAMPLES)
            if result["sample_count"] != len(wanted) or len(found) != len(wanted):
                raise GenerationError(f"'{draft.comment}': {len(found)} samples, not {len(wanted)}")
            _check(draft.comment, wanted, found, limits)
        expected: dict[str, Any] = {"samples": arrays.add(wanted, "int16"), "sample_count": len(wanted)}
        if len(wanted):
            expected["tolerance"] = asdict(limits) | {"seconds": seconds}
        return {
            "comment": draft.comment,
            "clauses": list(draft.clauses),
            "flags": list(draft.flags),
            "input": draft.input,
            "result": "valid",
            "expected": expected,
            "basis": "computed",
            "strength": draft.strength,
            "kills": [],
        }

    def _synthesised(self, request: Mapping[str, Any]) -> NDArray[np.int16]:
        vocoder = Vocoder(self.networks[request["model"]], "reproducible")
        features = from_base64(request["features"]).reshape(-1, FEATURES)
        if "past" not in request:
            return speak(features, vocoder)
        vocoder.start(from_base64(request["past"], SAMPLES) / FULL_SCALE, features[:PAST_VECTORS])
        frames = [vocoder.frame(vector) for vector in features[PAST_VECTORS:]]
        return as_int16(np.concatenate([np.zeros(0), *frames]))


def _limits(model: str, seconds: float) -> AudioThresholds:
    if not model.startswith("synthetic") or not seconds:
        return LIMITS
    growth = math.sqrt(SYNTHETIC_SECONDS / seconds)
    err4, err16 = (round(growth * limit, 3) for limit in (SYNTHETIC_LIMITS.err4, SYNTHETIC_LIMITS.err16))
    return AudioThresholds(err4, err16, SYNTHETIC_LIMITS.pitch)


def _check(what: str, wanted: NDArray[np.int16], found: NDArray[Any], limits: AudioThresholds) -> None:
    for each in applicable_measures(wanted, found, limits):
        if not each.value <= SHARE * each.threshold:
            raise GenerationError(f"'{what}': {each.name} is {each.value:.4f}, too much of its limit")
