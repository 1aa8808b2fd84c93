"""The rate rules by name."""

from collections.abc import Callable

from dred_conformance.encoding.chosen_rule import ChosenRule
from dred_conformance.encoding.deployed_rule import DeployedRule
from dred_conformance.encoding.errors import StreamError
from dred_conformance.encoding.model import EncoderModel
from dred_conformance.encoding.rate_rule import RateRequest, RateRule
from dred_reference.redundancy.rate_model import ANY_MODEL, LIBOPUS_1_6

__all__ = ["RATE_RULES", "make_rule"]

RATE_MODELS = {"libopus-1.6": LIBOPUS_1_6}


def _chosen(request: RateRequest, model: EncoderModel) -> RateRule:
    return ChosenRule(request, model.tables, RATE_MODELS.get(model.name, ANY_MODEL))


def _deployed(request: RateRequest, _: EncoderModel) -> RateRule:
    return DeployedRule(request)


RATE_RULES: dict[str, Callable[[RateRequest, EncoderModel], RateRule]] = {
    "ours": _chosen,
    "deployed": _deployed,
}


def make_rule(name: str, request: RateRequest, model: EncoderModel) -> RateRule:
    """Return the rule `name` for a stream, or raise S4."""
    if name not in RATE_RULES:
        raise StreamError("S4", f"there is no rate rule {name!r}", f"there are {', '.join(RATE_RULES)}")
    return RATE_RULES[name](request, model)
