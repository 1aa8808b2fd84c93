"""The schemes against losses, as data: what the sender adds, what the receiver uses."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from dred_conformance.model_choice import profile_of_version
from dred_conformance.simulation.errors import SimulationError
from dred_conformance.simulation.settings import DEFAULT_WIRE
from dred_model import ModelBundle

__all__ = [
    "CLASSIC",
    "NEURAL",
    "SCHEMES",
    "Receiving",
    "Scheme",
    "Sending",
    "chosen_schemes",
    "wire_between",
]

CLASSIC, NEURAL = "classic", "neural"
BEST = "best"  # neural where there is a model for it, else classic
_CONCEALING = ("plc", "fargan")  # networks that neural concealment needs
_REDUNDANT = ("rdovaeenc", "rdovaedec")


@dataclass(frozen=True)
class Sending:
    """What the sender puts into its packets; all senders spend the same total bitrate.

    Attributes
    ----------
    fec
        In-band FEC (LBRR) of the base codec.
    rate_rule
        The rule that divides the bitrate between base codec and DRED, empty without DRED.
    has_copy
        Every packet also carries the one before in full, as RFC 2198 does it.
    """

    fec: bool = False
    rate_rule: str = ""
    has_copy: bool = False


@dataclass(frozen=True)
class Receiving:
    """What the receiver does about losses.

    Attributes
    ----------
    concealment
        `CLASSIC`, `NEURAL` or `BEST`.
    lbrr, dred
        Whether it uses what packets carry of the past.
    is_lossless
        Whether everything arrives.
    """

    concealment: str = BEST
    lbrr: bool = False
    dred: bool = False
    is_lossless: bool = False


@dataclass(frozen=True)
class Scheme:
    """A scheme.

    Attributes
    ----------
    name, summary
        How it is called, and what it is.
    sending, receiving
        Its settings.
    networks
        Of a model, without which it cannot be tried.
    """

    name: str
    summary: str
    sending: Sending = Sending()
    receiving: Receiving = Receiving()
    networks: tuple[str, ...] = ()


SCHEMES = {
    scheme.name: scheme
    for scheme in (
        Scheme("clean", "nothing is lost; stream of classic", receiving=Receiving(is_lossless=True)),
        Scheme("classic", "concealment of libopus", receiving=Receiving(CLASSIC)),
        Scheme("neural", "neural concealment", receiving=Receiving(NEURAL), networks=_CONCEALING),
        Scheme("red", "each packet also carries the one before (RFC 2198)", Sending(has_copy=True)),
        Scheme("lbrr", "in-band FEC of Opus", Sending(fec=True), Receiving(lbrr=True)),
        Scheme("dred", "DRED", Sending(rate_rule="ours"), Receiving(NEURAL, dred=True), _REDUNDANT),
        Scheme(
            "dred+lbrr", "DRED and in-band FEC", Sending(True, "ours"),
            Receiving(NEURAL, lbrr=True, dred=True), _REDUNDANT,
        ),
        Scheme(
            "dred-deployed", "DRED with the rate rule of libopus", Sending(rate_rule="deployed"),
            Receiving(NEURAL, dred=True), _REDUNDANT,
        ),
    )
}  # fmt: skip
NOT_BY_DEFAULT = ("dred-deployed",)


def chosen_schemes(
    names: Sequence[str] | None, bundle: ModelBundle | None
) -> tuple[list[Scheme], dict[str, str]]:
    """Return schemes, their concealment settled.

    Parameters
    ----------
    names
        Keys of `SCHEMES`; unless given, all that are meant to be compared and can be tried.
    bundle
        The model that is at hand.

    Returns
    -------
    schemes : list of Scheme
    left_out : dict
        Why, for those that cannot be tried and were not asked for by name.

    Holes are filled by networks of the model, in DRED schemes by signal processing where it has none.

    Raises
    ------
    SimulationError
        L3: there is no such scheme, or one twice. L1: one that was asked for needs networks not here.
    """
    wanted = [name for name in SCHEMES if name not in NOT_BY_DEFAULT] if names is None else list(names)
    if unknown := [name for name in wanted if name not in SCHEMES]:
        raise SimulationError("L3", f"there is no scheme {unknown[0]!r}", f"there are {', '.join(SCHEMES)}")
    if not wanted or len(set(wanted)) < len(wanted):
        raise SimulationError("L3", "no scheme, or one twice", f"there are {', '.join(SCHEMES)}")
    present = set() if bundle is None else set(bundle.networks)
    best = NEURAL if present.issuperset(_CONCEALING) else CLASSIC
    chosen, left_out = [], {}
    for name in wanted:
        scheme = SCHEMES[name]
        if reason := _missing(scheme, present):
            left_out[name] = reason
            continue
        if scheme.receiving.concealment == BEST:
            scheme = replace(scheme, receiving=replace(scheme.receiving, concealment=best))
        chosen.append(scheme)
    if names is not None and left_out:
        name, reason = next(iter(left_out.items()))
        raise SimulationError("L1", f"the scheme {name} needs {reason}", "'dred model fetch' brings them")
    return chosen, left_out


def wire_between(bundle: ModelBundle | None) -> str:
    """Return the wire profile between sender and receiver: that of the model, where it has one."""
    if bundle is None:
        return DEFAULT_WIRE
    profile = profile_of_version(bundle.experimental_version)
    return "draft-32" if profile is None else profile.name


def _missing(scheme: Scheme, present: Collection[str]) -> str:
    missing = [name for name in scheme.networks if name not in present]
    return f"networks that are not here: {', '.join(missing)}" if missing else ""
