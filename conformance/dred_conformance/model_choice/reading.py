"""Which model and wire profile a stream is read with."""

from dataclasses import dataclass

from dred_conformance.model_choice.versions import model_of_profile, profile_of_version
from dred_model import ModelBundle, default_model, find_model, require_model
from dred_reference.wire import WIRE_PROFILES, WireProfile

__all__ = ["ChoiceError", "Reading", "choose_reading", "wire_to_read"]


class ChoiceError(Exception):
    """A wire profile that cannot be read, or none that goes with a model."""


@dataclass(frozen=True, eq=False)
class Reading:
    """What a stream is read with.

    Attributes
    ----------
    wire : WireProfile
    bundle : ModelBundle or None
        None where the model that is needed is not here.
    missing : str
        What to tell of that; empty where the model is here.
    """

    wire: WireProfile
    bundle: ModelBundle | None
    missing: str = ""


def wire_to_read(name: str | None) -> WireProfile | None:
    """Return the wire profile that was named, if any.

    Raises
    ------
    ChoiceError
        There is none of that name, or it is not decoded.
    """
    if name is None:
        return None
    profile = WIRE_PROFILES.get(name)
    names = ", ".join(each.name for each in WIRE_PROFILES.values() if each.is_decodable)
    if profile is None:
        raise ChoiceError(f"there is no wire profile {name!r}; there are {names}")
    if not profile.is_decodable:
        raise ChoiceError(f"{name} is recognised in packets, but not decoded; decoded are {names}")
    return profile


def choose_reading(carried: WireProfile | None, wire: WireProfile | None, model: str | None) -> Reading:
    """Choose what a stream is read with.

    Parameters
    ----------
    carried : WireProfile or None
        How the DRED of the stream is marked, see `marking`.
    wire : WireProfile or None
        What the user said; None: it follows from the model if that was said, else from the stream.
    model : str or None
        The same for the model, which follows from the wire profile. Where nothing tells, it is the default.

    Raises
    ------
    ModelError
        M8: a model that was named is not here. Else as `find_model`.
    ChoiceError
        No wire profile goes with the version byte of the model.
    """
    if model is not None:
        bundle = require_model(model)
        return Reading(wire or _profile(bundle), bundle)
    wire = wire or carried
    name = None if wire is None else model_of_profile(wire.name)
    if wire is None or name is None:
        bundle = default_model()
        return Reading(wire or _profile(bundle), bundle)
    found = find_model(name)
    return Reading(wire, found, "" if found is not None else _missing(wire, name))


def _profile(bundle: ModelBundle) -> WireProfile:
    profile = profile_of_version(bundle.experimental_version)
    if profile is None:
        raise ChoiceError(
            f"no wire profile has the version byte {bundle.experimental_version} of the model {bundle.name}; "
            "say with --wire how DRED is marked"
        )
    return profile


def _missing(wire: WireProfile, name: str) -> str:
    return (
        f"DRED of {wire.name} needs the model {name}, which is not here; "
        "'dred model fetch' or 'dred model import FILE' gets it"
    )
