"""What a model was trained on: the corpora of ``speech/SOURCES.md``, their licences, and how much of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dred_training import TrainingError
from dred_training.feature_store import FeatureStore

__all__ = ["CORPORA", "Corpus", "Share", "check_sources", "shares"]

SOURCES_FILE = "SOURCES.md"
FRAMES_PER_HOUR = 360_000


@dataclass(frozen=True)
class Corpus:
    """A corpus: what it is and who is to be named, repository and commit that it is from, and its licence."""

    title: str
    repository: str
    commit: str
    licence: str


CC_BY = "[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/)"
CC0 = "[CC0 1.0](https://creativecommons.org/publicdomain/zero/1.0/)"
APACHE = "[Apache-2.0](https://www.apache.org/licenses/LICENSE-2.0)"

CORPORA = {
    "ls": Corpus(
        "LibriSpeech, a subset (V. Panayotov and others)",
        "resemble-ai/Resemblyzer, audio_data",
        "15d828ed",
        CC_BY,
    ),
    "ke": Corpus("kerstin, German", "rhasspy/dataset-voice-kerstin", "f7312713", CC0),
    "na": Corpus("nathalie, Dutch of Belgium", "rhasspy/dataset-voice-nathalie", "3b3e91f3", CC0),
    "pv": Corpus(
        "speech-to-intent benchmark (Picovoice)",
        "Picovoice/speech-to-intent-benchmark, data/speech/clean",
        "47b1ca63",
        APACHE,
    ),
    "ar": Corpus(
        "Arabic Speech Commands (A. Ghandoura, F. Hjabo, O. Al Dakkak, 2021)",
        "abdulkaderghandoura/arabic-speech-commands-dataset",
        "73f34382",
        CC_BY,
    ),
    "nc": Corpus("NabuCasa voice datasets", "NabuCasa/voice-datasets", "bae22cb4", CC0),
    "ka": Corpus("kathleen, American English", "rhasspy/dataset-voice-kathleen", "c51cb971", CC0),
    "lj": Corpus("LJSpeech, an excerpt", "coqui-ai/TTS, tests/data/ljspeech", "dbf1a08a", "public domain"),
}
"""By the beginning of the names of its files."""


@dataclass(frozen=True)
class Share:
    """How much of a corpus was used: recordings, variants of each, and hours without the variants."""

    corpus: Corpus
    recordings: int
    variants: int
    hours: float


def shares(store: FeatureStore) -> list[Share]:
    """Return what the clips of a store come from.

    Raises
    ------
    TrainingError
        T8: a clip is of no known corpus, so nobody knows its licence.
    """
    found: dict[str, tuple[set[str], set[str], int]] = {}
    for clip in store.clips:
        name, _, variant = clip.name.partition("#")
        prefix = name.partition("_")[0]
        if prefix not in CORPORA:
            raise TrainingError("T8", "of no known corpus, so its licence is unknown", subject=clip.name)
        recordings, variants, frames = found.setdefault(prefix, (set(), set(), 0))
        recordings.add(name)
        variants.add(variant)
        found[prefix] = recordings, variants, frames + (clip.frames if variant in ("", "0") else 0)
    return [
        Share(CORPORA[prefix], len(recordings), len(variants), frames / FRAMES_PER_HOUR)
        for prefix, (recordings, variants, frames) in sorted(found.items())
    ]


def check_sources(speech: Path, used: Iterable[Share]) -> None:
    """Make sure that a folder of speech says of each corpus what is told of it here.

    Raises
    ------
    TrainingError
        T8: its SOURCES.md is missing, or has another state of a corpus.
    """
    path = speech / SOURCES_FILE
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError("T8", f"cannot be read ({error})", subject=str(path)) from error
    for share in used:
        if share.corpus.commit not in text:
            raise TrainingError(
                "T8",
                f"does not name {share.corpus.repository} at {share.corpus.commit}",
                subject=str(path),
                advice="Correct conformance/dred_conformance/bundling/corpora.py.",
            )
