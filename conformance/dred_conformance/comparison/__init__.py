"""The working group's comparison of features and of speech, with what it does not tell: where, and in what.

Roles are fixed: the reference comes first, the candidate second. What happens with NaN, with other lengths
and without a voiced frame is said in ``spec-notes/comparison.md``.
"""

from dred_conformance.comparison.audio import compare_audio
from dred_conformance.comparison.audio_files import RawFormat, read_audio
from dred_conformance.comparison.audio_result import AudioComparison, AudioThresholds
from dred_conformance.comparison.errors import (
    ComparisonError,
    MissingPackageError,
    SignalError,
    ThresholdError,
    TruncatedError,
)
from dred_conformance.comparison.feature_files import read_features
from dred_conformance.comparison.feature_result import (
    FEATURE_NAMES,
    FEATURES,
    FeatureComparison,
    FeatureThresholds,
)
from dred_conformance.comparison.features import compare_features
from dred_conformance.comparison.measure import FrameError, Measure

__all__ = [
    "FEATURES",
    "FEATURE_NAMES",
    "AudioComparison",
    "AudioThresholds",
    "ComparisonError",
    "FeatureComparison",
    "FeatureThresholds",
    "FrameError",
    "Measure",
    "MissingPackageError",
    "RawFormat",
    "SignalError",
    "ThresholdError",
    "TruncatedError",
    "compare_audio",
    "compare_features",
    "read_audio",
    "read_features",
]
