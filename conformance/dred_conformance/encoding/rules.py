"""The rate rules by name."""

from collections.abc import Callable

from dred_conformance.encoding.chosen_rule import ChosenRule
from dred_conformance.encoding.deployed_rule import DeployedRule
from dred_conformance.encoding.errors import StreamError
from dred_conformance.encoding.model import EncoderModel
from dred_conformance.encoding.rate_rule import RateRequest, RateRule
from dred_reference.redundancy.rate_model import ALL_AGES, ANY_MODEL, AS_HEARD, LIBOPUS_1_6

__all__ = ["RATE_RULES", "make_rule"]

RATE_MODELS = {"libopus-1.6": LIBOPUS_1_6}


def _as_heard(request: RateRequest, model: EncoderModel) -> RateRule:
    return ChosenRule(request, model.tables, RATE_MODELS.get(model.name, ANY_MODEL), AS_HEARD)


def _all_ages(request: RateRequest, model: EncoderModel) -> RateRule:
    return ChosenRule(request, model.tables, RATE_MODELS.get(model.name, ANY_MODEL), ALL_AGES)


def _deployed(request: RateRequest, _: EncoderModel) -> RateRule:
    return DeployedRule(request)


RATE_RULES: dict[str, Callable[[RateRequest, EncoderModel], RateRule]] = {
    "ours": _as_heard,
    "even": _all_ages,
    "deployed": _deployed,
}


def make_rule(name: str, request: RateRequest, model: EncoderModel) -> RateRule:
    """Return the rule `name` for a stream, or raise S4."""
    if name not in RATE_RULES:
        raise StreamError("S4", f"there is no rate rule {name!r}", f"there are {', '.join(RATE_RULES)}")
    return RATE_RULES[name](request, model)
