"""Which model and which wire profile go together, and what a stream needs to be read."""

from dred_conformance.model_choice.marking import dred_profile, first_profile, open_with_profile
from dred_conformance.model_choice.reading import ChoiceError, Reading, choose_reading, wire_to_read
from dred_conformance.model_choice.versions import model_of_profile, profile_of_version

__all__ = [
    "ChoiceError",
    "Reading",
    "choose_reading",
    "dred_profile",
    "first_profile",
    "model_of_profile",
    "open_with_profile",
    "profile_of_version",
    "wire_to_read",
]
