"""Version bytes: the wire profile of one, and the model of a profile."""

from dred_model import bundled, official
from dred_reference.wire import EXPERIMENT_MARK, WIRE_PROFILES, WireProfile

__all__ = ["VERSIONED", "model_of_profile", "profile_of_version"]

VERSIONED = tuple(
    profile for profile in WIRE_PROFILES.values() if profile.is_decodable and len(profile.prefix) == 2
)
"""The profiles that say in every payload which model it needs."""


def profile_of_version(version: int) -> WireProfile | None:
    """Return the profile that marks payloads with this version byte, or None if there is none to decode."""
    prefix = bytes([EXPERIMENT_MARK, version])
    return next((profile for profile in VERSIONED if profile.prefix == prefix), None)


def model_of_profile(name: str | None) -> str | None:
    """Return the model whose payloads a profile marks; None where every model may stand behind."""
    versions = (
        (official.EXPERIMENTAL_VERSION, official.NAME),
        (bundled.EXPERIMENTAL_VERSION, bundled.NAME),
    )
    named = ((profile_of_version(version), model) for version, model in versions)
    return next((model for profile, model in named if profile is not None and profile.name == name), None)
