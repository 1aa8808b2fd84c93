"""The rate rules by name."""

from collections.abc import Callable

from dred_conformance.encoding.deployed_rule import DeployedRule
from dred_conformance.encoding.errors import StreamError
from dred_conformance.encoding.rate_rule import RateRequest, RateRule
from dred_reference.tables import QuantiserTables

__all__ = ["RATE_RULES", "make_rule"]

RuleMaker = Callable[[RateRequest, QuantiserTables], RateRule]

RATE_RULES: dict[str, RuleMaker] = {
    "ours": lambda request, _: DeployedRule(request, "kept"),
    "deployed": lambda request, _: DeployedRule(request, "deployed"),
}


def make_rule(name: str, request: RateRequest, tables: QuantiserTables) -> RateRule:
    """Return the rule `name` for a stream, or raise S4."""
    if name not in RATE_RULES:
        raise StreamError("S4", f"there is no rate rule {name!r}", f"there are {', '.join(RATE_RULES)}")
    return RATE_RULES[name](request, tables)
