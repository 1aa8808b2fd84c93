"""A new bundled model: card, pictures and all, or nothing at all."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from dred_conformance.bundling import publishing
from dred_conformance.bundling.corpora import CORPORA
from dred_conformance.bundling.publishing import BUNDLED, CARD, Request, publish_model
from dred_conformance.encoding.rate_models import read_rate_model
from dred_conformance.rate_study import models_beside
from dred_model import load_model
from dred_training import TrainingError
from dred_training.configuration import Configuration
from dred_training.feature_store import FeatureStore, read_store, write_store
from dred_training.ramps import CONSTANT, SHOWN
from dred_training.rdovae.trainer import Trainer
from dred_training.run_folder import begin_run

Smooth = Callable[[int, int], NDArray[np.float32]]


def store_of(folder: Path, clips: dict[str, NDArray[np.float32]]) -> FeatureStore:
    folder.mkdir()
    return write_store(folder, clips.items(), "tracker")


@pytest.fixture
def request_(tmp_path: Path, configuration: Configuration, smooth: Smooth, monkeypatch: Any) -> Request:
    """A checkout with an old model, and a run that is to replace it."""
    monkeypatch.setattr(publishing, "find_model", lambda _name: None)
    monkeypatch.setattr(models_beside, "RISING", SHOWN)  # fewer ramps are enough here
    store = store_of(tmp_path / "features", {"ls_1.flac#0": smooth(1, 120), "ls_1.flac#1": smooth(2, 75)})
    store_of(tmp_path / "held-back", {"nc_a.flac#0": smooth(3, 160)})
    (tmp_path / "run").mkdir()
    begin_run(tmp_path / "run", configuration, store.sha256)
    Trainer(configuration, store, tmp_path / "run").train()
    (tmp_path / "speech").mkdir()
    commits = "\n".join(corpus.commit for corpus in CORPORA.values())
    (tmp_path / "speech" / "SOURCES.md").write_text(commits, encoding="utf-8")
    root = tmp_path / "checkout"
    (root / BUNDLED).mkdir(parents=True)
    (root / BUNDLED / "model.json").write_text("the old model", encoding="utf-8")
    (root / "pyproject.toml").touch()
    (root / "vectors").mkdir()
    (root / "vectors" / "manifest.json").write_text("the old vectors", encoding="utf-8")
    return Request(tmp_path / "run", root, tmp_path / "speech", [tmp_path / "held-back"])


def is_untouched(root: Path) -> bool:
    folders = [path.name for path in (root / BUNDLED).parent.iterdir()]
    return (
        folders == ["bundled"]
        and [path.name for path in (root / BUNDLED).iterdir()] == ["model.json"]
        and (root / BUNDLED / "model.json").read_text() == "the old model"
        and (root / "vectors" / "manifest.json").read_text() == "the old vectors"
    )


def test_model_card_and_pictures_take_the_place_of_the_old_ones(request_: Request) -> None:
    seen: list[str] = []

    def renew(root: Path) -> dict[str, Any]:
        seen.append(load_model(root / BUNDLED).name)
        (root / "vectors" / "manifest.json").write_text("new vectors", encoding="utf-8")
        return {"cases": 3}

    done = publish_model(request_, renew, [request_.root / "vectors"], seen.append)
    assert seen == ["exporting", "evaluating", "drawing", "making what depends on it", "bundled-1"]
    bundle = load_model(request_.root / BUNDLED)
    assert (bundle.name, bundle.experimental_version) == ("bundled-1", 0xB1)
    assert bundle.model_sha256 == done.candidate.bundle.model_sha256
    assert done.vectors == {"cases": 3}
    names = sorted(path.name for path in (request_.root / BUNDLED).iterdir())
    assert names == [
        *("MODEL_CARD.md", "curves.png", "model.json", "rate_model.json", "training.png", "weights.bin"),
    ]
    known = read_rate_model(request_.root / BUNDLED / "rate_model.json", bundle.model_sha256)
    constant = {each.ramp.q0: each for each in done.results[0].outcomes if each.ramp in CONSTANT}
    assert known.errors == pytest.approx([constant[level].total ** 2 for level in range(16)], abs=1e-4)
    assert known.middle_bits == pytest.approx(constant[8].bits_per_second * 0.04, abs=1e-3)
    assert [path.name for path in (request_.root / BUNDLED).parent.iterdir()] == ["bundled"]
    text = (request_.root / BUNDLED / CARD).read_text(encoding="utf-8")
    for part in (
        bundle.model_sha256,
        read_store(request_.source.parent / "features").sha256,
        "LibriSpeech, a subset (V. Panayotov and others) | 1 | 0.00 | 2 | [CC BY 4.0]",
        "15d828ed",
        "NabuCasa voice datasets ([CC0 1.0]",
        "6 of 6 steps",
        "no pitch network",
        '"seed": 3',
    ):
        assert part in text
    assert "Picovoice/" not in text
    assert all(f"({name})" in text for name in ("curves.png", "training.png"))


def test_a_model_folder_can_be_published_without_its_run(request_: Request, tmp_path: Path) -> None:
    publish_model(request_, None, [])
    source = request_.root / BUNDLED
    again = Request(source, request_.root, request_.speech, request_.features, tmp_path / "features")
    done = publish_model(again, None, [])
    assert done.vectors is None
    assert not (request_.root / BUNDLED / "training.png").exists()
    assert "Published from a model folder" in (request_.root / BUNDLED / CARD).read_text(encoding="utf-8")


@pytest.mark.parametrize("ends_by", [OSError, KeyboardInterrupt, SystemExit])
def test_if_the_vectors_fail_everything_is_as_before(request_: Request, ends_by: type[BaseException]) -> None:
    def fail(root: Path) -> dict[str, Any]:
        (root / "vectors" / "manifest.json").write_text("half", encoding="utf-8")
        (root / "vectors" / "more.json").touch()
        raise ends_by

    with pytest.raises(ends_by):
        publish_model(request_, fail, [request_.root / "vectors", request_.root / "absent.json"])
    assert is_untouched(request_.root)
    assert not (request_.root / "vectors" / "more.json").exists()


def test_what_cannot_be_published_changes_nothing(
    request_: Request, tmp_path: Path, smooth: Smooth, monkeypatch: Any
) -> None:
    def refused(match: str, **changed: Any) -> None:
        with pytest.raises(TrainingError, match=match):
            publish_model(Request(**{**vars(request_), **changed}), None, [])
        assert is_untouched(request_.root)

    refused("T8: .*no checkout", root=tmp_path)
    refused("T8: .*not the features", trained_on=tmp_path / "held-back")
    refused("T8: .*trained on this clip", features=[tmp_path / "features"])
    refused("T8: .*SOURCES.md: cannot be read", speech=tmp_path)
    store_of(tmp_path / "unknown", {"xx_a.flac#0": smooth(3, 160)})
    refused("T8: xx_a.* licence is unknown", features=[tmp_path / "unknown"])
    (tmp_path / "speech" / "SOURCES.md").write_text("other commits", encoding="utf-8")
    refused("T8: .*does not name")
    commits = "\n".join(corpus.commit for corpus in CORPORA.values())
    (tmp_path / "speech" / "SOURCES.md").write_text(commits, encoding="utf-8")
    monkeypatch.setattr(publishing, "LARGEST_PICTURE", 1000)
    refused("T8: curves.png: .*more than 1000")
    monkeypatch.setattr(publishing, "LARGEST_BUNDLE", 1000)
    refused("T8: .*bytes; a bundled model has up to 1000")


def test_an_exchange_that_was_killed_is_told(request_: Request) -> None:
    left = (request_.root / BUNDLED).parent / ".replaced-x"
    left.mkdir()
    with pytest.raises(TrainingError, match=r"T8: .*\.replaced-x.*git checkout"):
        publish_model(request_, None, [])
    left.rmdir()
    assert is_untouched(request_.root)


def test_the_command_publishes_into_a_checkout(request_: Request, dred: Callable[..., Any]) -> None:
    told = ["train", "publish", request_.source, "--speech", request_.speech, "--checkout", request_.root]
    told += ["--features", request_.features[0], "--json"]
    code, output = dred(*told)
    assert (code, "T8" in output) == (2, True)
    assert is_untouched(request_.root)
    code, output = dred(*told, "--no-vectors")
    assert code == 0
    document = json.loads(output)
    assert document["vectors"] is None
    assert load_model(request_.root / BUNDLED).model_sha256 == document["model_sha256"]
