"""The card of the bundled model. Every number in it is computed, every statement is known from its source."""

import dataclasses
import json

from dred_conformance.bundling.candidate import Candidate
from dred_conformance.bundling.corpora import Corpus, Share
from dred_conformance.rate_study.models_beside import Beside
from dred_conformance.rate_study.models_tables import all_rows, markdown
from dred_model.bundle import CONCEALMENT_NETWORK, PITCH_NETWORK, VOCODER_NETWORK

__all__ = ["CURVES", "TRAINING", "card"]

CURVES, TRAINING = "curves.png", "training.png"
_ABSENT = {
    PITCH_NETWORK: "no pitch network: an encoder finds the pitch by signal processing",
    VOCODER_NETWORK: "no vocoder network: features become speech in the source-filter vocoder",
    CONCEALMENT_NETWORK: "no concealment network: holes without redundancy are filled by signal processing",
}


def card(made: Candidate, used: list[Share], tested: list[Share], results: list[Beside]) -> str:
    """Return the card, in Markdown.

    Parameters
    ----------
    used, tested
        What it was trained on, and what it was evaluated on.
    results
        Of the evaluation, one for each way in which pitch was estimated.
    """
    parts = [_head(made), _data(used, made.store.pitch), _training(made)]
    for number, result in enumerate(results):
        parts.append(_evaluation(result, tested, is_first=number == 0))
    return "\n".join([*parts, _limits(made, used)])


def _head(made: Candidate) -> str:
    bundle = made.bundle
    networks = ", ".join(f"`{name}`" for name in bundle.networks)
    return f"""# Model card: {bundle.name}

Made by `dred train publish`; do not edit. Payloads made with this model carry the version byte
{bundle.experimental_version:#04x}.

| what | value |
| --- | --- |
| model SHA-256 | `{bundle.model_sha256}` |
| tables SHA-256 | `{bundle.tables_sha256}` |
| networks | {networks} |
| values | {bundle.latent_dim} of a latent, {bundle.state_dim} of a state |
| weights | {len(bundle.weights_blob or b""):,} bytes, int8 but for three layers |
| source | {bundle.source} |
"""


def _data(used: list[Share], pitch: str) -> str:
    hours = sum(share.hours for share in used)
    rows = "\n".join(
        f"| {share.corpus.title} | {share.recordings} | {share.hours:.2f} | {share.variants} | "
        f"{share.corpus.licence} | {share.corpus.repository} at {share.corpus.commit} |"
        for share in used
    )
    return f"""## Data and licences

{hours:.2f} h of recorded speech. Recordings were made mono and brought to 16 kHz, and DC was taken out; in
the Picovoice corpus silence was trimmed. Where a corpus has more than one variant, the further ones have
another gain, a short filter and, about half of them, noise (`dred_training/variants.py`). Pitch of the
features: {pitch}. No recording is part of this repository.

| corpus | recordings | hours | variants | licence | from |
| --- | --- | --- | --- | --- | --- |
{rows}

Corpora under CC BY 4.0 ask for the attribution that this table gives; what was changed is said above.
"""


def _training(made: Candidate) -> str:
    run = made.run
    if run is None:
        return "## Training\n\nPublished from a model folder; its source, above, says how it was trained.\n"
    settings = run.configuration.training
    values = dataclasses.asdict(run.configuration)
    text = ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in values.items())
    picture = f"![parts of the loss over the steps]({TRAINING})\n" if run.entries else ""
    sequences = f"{settings.batch} sequences of {settings.frames / 100:g} s"
    return f"""## Training

`dred train features`, then `dred train rdovae` with the configuration below, from random weights:
{run.steps} of {settings.steps} steps of {sequences}, in {run.seconds / 3600:.2f} h.
Seed {run.configuration.seed}; the number of threads does not change the result. The recipe, and what
differs from the published one, is in `spec-notes/training.md`.

| what | value |
| --- | --- |
| features SHA-256 | `{made.store.sha256}` |
| configuration fingerprint | `{run.configuration.fingerprint}` |

{picture}
<details><summary>configuration</summary>

```json
{{{text}}}
```

</details>
"""


def _evaluation(result: Beside, tested: list[Share], *, is_first: bool) -> str:
    models = " beside ".join(reversed(result.models))
    recordings = sum(share.recordings for share in tested)
    hours = sum(share.hours for share in tested)
    sources = "; ".join(f"{share.corpus.title} ({share.corpus.licence})" for share in tested)
    clips = f"{recordings} clips, {60 * hours:.1f} min, that it was not trained on: {sources}.\n\n"
    picture = f"![errors against bits, and by age]({CURVES})\n\n" if is_first else ""
    tables = "\n".join(f"### {_capital(rows.title)}\n\n{markdown(rows)}" for rows in all_rows(result))
    return (
        f"## {models}: pitch of the features by {result.pitch_by}\n\n"
        f"{clips if is_first else 'The same clips.'}{picture if is_first else chr(10) * 2}"
        f"`dred train evaluate` on features of SHA-256 `{result.features_sha256}`.\n\n{tables}"
    )


def _limits(made: Candidate, used: list[Share]) -> str:
    lines = [text for name, text in _ABSENT.items() if name not in made.bundle.networks]
    titles = "; ".join(_short(share.corpus) for share in used)
    lines += [
        f"trained on the voices of these corpora only: {titles}; of other voices and languages, only the "
        "clips of the evaluation were tried",
        "judged by errors of features, not by listeners",
        "made for testing; deployed decoders do not know its version byte and skip its payloads",
    ]
    if made.run is not None and made.run.steps < made.run.configuration.training.steps:
        lines.append("the run was not complete when it was published")
    return "## Limits\n\n" + "\n".join(f"- {line}" for line in lines) + "\n"


def _short(corpus: Corpus) -> str:
    return corpus.title.partition(" (")[0]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
