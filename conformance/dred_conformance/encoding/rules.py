"""The rate rules by name."""

from collections.abc import Callable

from dred_conformance.encoding.chosen_rule import ChosenRule
from dred_conformance.encoding.deployed_rule import DeployedRule
from dred_conformance.encoding.errors import StreamError
from dred_conformance.encoding.model import EncoderModel
from dred_conformance.encoding.rate_models import rate_model
from dred_conformance.encoding.rate_rule import RateRequest, RateRule
from dred_model import ModelError
from dred_reference.redundancy.rate_model import ALL_AGES, AS_HEARD, Aim

__all__ = ["RATE_RULES", "make_rule"]


def _chosen(request: RateRequest, model: EncoderModel, aim: Aim) -> RateRule:
    try:
        known = rate_model(model.name)
    except ModelError as error:
        raise StreamError("S1", f"the model {model.name!r} cannot encode: {error}") from error
    return ChosenRule(request, model.tables, known, aim)


def _as_heard(request: RateRequest, model: EncoderModel) -> RateRule:
    return _chosen(request, model, AS_HEARD)


def _all_ages(request: RateRequest, model: EncoderModel) -> RateRule:
    return _chosen(request, model, ALL_AGES)


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
