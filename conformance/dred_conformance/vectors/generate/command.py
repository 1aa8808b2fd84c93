"""Generates the whole folder of vectors; nothing is written unless everything agrees."""

import json
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.console import Console

from dred_conformance import __version__
from dred_conformance.data import data_folder
from dred_conformance.runner.builtin import builtin_command
from dred_conformance.vectors.arrays import ArrayFile
from dred_conformance.vectors.canonical import canonical_json
from dred_conformance.vectors.errors import VectorError
from dred_conformance.vectors.generate.agreement import Agreement
from dred_conformance.vectors.generate.asked_for import add_asked_for
from dred_conformance.vectors.generate.audio import audio_groups
from dred_conformance.vectors.generate.builder import GroupBuilder
from dred_conformance.vectors.generate.edges import edge_group
from dred_conformance.vectors.generate.errors import GenerationError
from dred_conformance.vectors.generate.extension_writing import extension_writing_groups
from dred_conformance.vectors.generate.extensions import extension_groups
from dred_conformance.vectors.generate.feature_settling import FeatureSettler
from dred_conformance.vectors.generate.features import feature_groups
from dred_conformance.vectors.generate.latents import latent_groups
from dred_conformance.vectors.generate.models import BUNDLED_MODEL, OFFICIAL_MODEL, VectorModel
from dred_conformance.vectors.generate.packet_writing import packet_write_group
from dred_conformance.vectors.generate.packets import packet_groups
from dred_conformance.vectors.generate.payload_writing import payload_write_group
from dred_conformance.vectors.generate.payloads import payload_groups
from dred_conformance.vectors.generate.ranges import range_groups
from dred_conformance.vectors.generate.receivers import receiver_groups
from dred_conformance.vectors.generate.repeats import repeat_groups
from dred_conformance.vectors.generate.self_delimited import self_delimited_group
from dred_conformance.vectors.generate.sound_settling import SoundSettler
from dred_conformance.vectors.generate.speech_features import SpeechFeatures
from dred_conformance.vectors.identify import identified
from dred_conformance.vectors.kills import PublishedKills
from dred_conformance.vectors.manifest import (
    MANIFEST_NAME,
    Manifest,
    file_table,
    manifest_text,
    read_manifest,
)
from dred_conformance.vectors.verification import vector_problems
from dred_model import ModelBundle, bundled, find_model, load_model, named_synthetic_model, save_model
from dred_reference.network import DecoderNetwork, VocoderNetwork

__all__ = ["GenerationError", "generate_all", "publish"]

_SYNTHETIC = ("synthetic-1", "synthetic-2-21x19")
_EXTREME = ("synthetic-3-1x1", "synthetic-4-5x7-dead9")
# Widths that are no multiple of what a vector unit takes at once, and the smallest there can be.
_NETWORKS = (
    "synthetic-8-net",
    "synthetic-3-1x1-net8x8x8x8",
    "synthetic-5-7x9-net40x24x16x32",
    "synthetic-6-21x19-net24x56x24x16",
)
_VOCODER = "synthetic-9-1x1-voc"
_RECEIVED = "synthetic-4-5x7-dead9"  # its payloads are short
_OFFICIAL_FLAG = "official-model"


def generate_all(output: Path, seed: int, console: Console) -> dict[str, int]:
    """Generate all vectors into ``output`` and return the number of cases by group.

    Raises
    ------
    GenerationError
        If the official model is missing, the implementations disagree, or a case is not what it claims. The
        folder is left as it was.
    """
    official = find_model(OFFICIAL_MODEL)
    if official is None:
        raise GenerationError(
            f"the model '{OFFICIAL_MODEL}' is needed to generate all vectors; 'dred model fetch' brings it"
        )
    with tempfile.TemporaryDirectory(prefix="dred-vectors-") as temporary:
        draft = Path(temporary) / "vectors"
        models = [_published(draft, name) for name in (*_SYNTHETIC, BUNDLED_MODEL)]
        extreme = [_published(draft, name) for name in _EXTREME]
        networks = [_published(draft, name) for name in _NETWORKS]
        vocoder = _published(draft, _VOCODER)
        official_folder = Path(temporary) / OFFICIAL_MODEL
        save_model(official, official_folder)
        models.append(_loaded(official_folder))
        folders = [*sorted(path.parent for path in draft.glob("models/*/model.json")), official_folder]
        bundles = [load_model(folder) for folder in folders if (folder / "weights.bin").is_file()]
        decoders, vocoders = _decoders(bundles), _vocoders(bundles)
        with Agreement([builtin_command(name, folders) for name in ("reference", "native")]) as both:
            counts = {}
            settler, sound = FeatureSettler(both, decoders), SoundSettler(both, vocoders)
            known = PublishedKills(data_folder("vectors"))
            groups = _groups(models, extreme, networks, seed, both)
            groups += audio_groups(vocoder, seed, both.result, None)
            speech = SpeechFeatures(decoders[OFFICIAL_MODEL], both.result)
            groups += audio_groups(models[-1], seed, both.result, speech)
            received = next(model for model in extreme if model.name == _RECEIVED)
            groups += receiver_groups(received, seed, both.result)
            for group in groups:
                counts[group.name] = _write_group(draft, group, both, settler, sound, known)
                console.print(f"{group.name}: {counts[group.name]} cases", highlight=False)
        source = data_folder("vectors")
        for name in ("schema", "flags.json"):
            _copy(source / name, draft / name)
        _write_manifest(draft, [*models, *extreme, *networks, vocoder], seed)
        _check(draft)
        publish(draft, output)
    return counts


def _loaded(folder: Path) -> VectorModel:
    return VectorModel(json.loads((folder / "model.json").read_text(encoding="utf-8")))


def _published(draft: Path, name: str) -> VectorModel:
    folder = draft / "models" / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    if name == BUNDLED_MODEL:
        folder.mkdir()
        for file in ("model.json", "weights.bin"):
            shutil.copyfile(bundled.FOLDER / file, folder / file)
    else:
        save_model(named_synthetic_model(name), folder)
    return _loaded(folder)


def _groups(
    models: list[VectorModel],
    extreme: list[VectorModel],
    networks: list[VectorModel],
    seed: int,
    both: Agreement,
) -> list[GroupBuilder]:
    groups = [*packet_groups(seed), self_delimited_group(seed), packet_write_group(seed)]
    groups += [
        *extension_groups(seed),
        *repeat_groups(seed),
        *extension_writing_groups(seed),
        *range_groups(seed, both.result),
    ]
    for model in models:
        groups += [*payload_groups(model, seed, both.result), payload_write_group(model, seed)]
    groups += [edge_group(model, seed) for model in extreme]
    for model in models:
        groups += latent_groups(model, seed, both.result)
    for group in groups:
        if group.name.endswith(f"-{BUNDLED_MODEL}"):  # nobody knows beforehand what it codes
            group.drop_repeats()
    for model in (*networks, *(model for model in models if model.is_trained)):
        groups += feature_groups(model, seed, both.result)
    add_asked_for(groups, models, seed, both.result)
    return groups


def _decoders(bundles: Iterable[ModelBundle]) -> dict[str, DecoderNetwork]:
    return {each.name: each.to_reference_network() for each in bundles if "rdovaedec" in each.networks}


def _vocoders(bundles: Iterable[ModelBundle]) -> dict[str, VocoderNetwork]:
    return {each.name: each.to_reference_vocoder_network() for each in bundles if "fargan" in each.networks}


def _write_group(
    draft: Path,
    group: GroupBuilder,
    both: Agreement,
    settler: FeatureSettler,
    sound: SoundSettler,
    known: PublishedKills,
) -> int:
    folder = draft / group.stage
    folder.mkdir(parents=True, exist_ok=True)
    arrays = ArrayFile(f"{group.name}.bin")
    if group.stage == "feature":
        cases = [case for each in group.drafts for case in settler.settle(each, arrays)]
    elif group.stage == "audio":
        cases = [sound.settle(each, arrays) for each in group.drafts]
    else:
        cases = [both.settle(case) for case in group.drafts]
    if arrays.data:
        (folder / arrays.name).write_bytes(arrays.data)
    data: dict[str, Any] = {
        "format": "dred-vectors/1",
        "group": group.name,
        "stage": group.stage,
        "description": group.description,
        "cases": [known.carried(group.name, _marked(case)) for case in cases],
    }
    data = identified(data)
    ids = [case["id"] for case in data["cases"]]
    twice = sorted({case_id for case_id in ids if ids.count(case_id) > 1})
    if twice:
        raise GenerationError(f"{group.name}: the same input twice: {', '.join(twice)}")
    path = folder / f"{group.name}.json"
    path.write_text(canonical_json(data), encoding="utf-8")
    return len(cases)


def _marked(case: dict[str, Any]) -> dict[str, Any]:
    """Return the case with the flag of the model that is not published, if it needs that one."""
    flags = [flag for flag in case["flags"] if flag != _OFFICIAL_FLAG]
    is_official = case["input"].get("model") == OFFICIAL_MODEL
    return {**case, "flags": [*flags, _OFFICIAL_FLAG] if is_official else flags}


def _write_manifest(draft: Path, models: list[VectorModel], seed: int) -> None:
    manifest = Manifest(
        # The vectors' own version, by the rules of their CHANGELOG.md.
        version=read_manifest(data_folder("vectors")).version,
        provenance={
            "generator": f"opus-dred-reference {__version__}",
            "seed": seed,
            "command": f"dred vectors generate --seed {seed} -o vectors",
            "basis": "every case was put to dred_reference and to dred_native, which share no code, and "
            "both agreed; 'constructed' cases were known beforehand, 'computed' are the reference's float64",
        },
        models={
            model.name: {
                "tables_sha256": model.data["tables_sha256"],
                "weights_sha256": (model.data["weights"] or {}).get("sha256"),
                "published": None if model.is_official else f"models/{model.name}/model.json",
            }
            for model in models
        },
        files=file_table(draft),
    )
    (draft / MANIFEST_NAME).write_text(manifest_text(manifest), encoding="utf-8")


def _check(draft: Path) -> None:
    try:
        problems = [str(problem) for problem in vector_problems(draft)]
    except VectorError as error:
        problems = [str(error)]
    if problems:
        raise GenerationError("\n".join(problems[:20]))


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)


def publish(draft: Path, output: Path) -> None:
    """Replace the generated folders of ``output``, each by a rename; hand-written texts there stay."""
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".generating-", dir=output) as temporary:
        staging = Path(temporary)
        for entry in sorted(draft.iterdir()):
            _copy(entry, staging / entry.name)
            for text in sorted((output / entry.name).glob("*.md")):
                _copy(text, staging / entry.name / text.name)
            if (output / entry.name).exists():
                (output / entry.name).rename(staging / f"old-{entry.name}")
            (staging / entry.name).rename(output / entry.name)
