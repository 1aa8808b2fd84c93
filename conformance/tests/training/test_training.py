"""A run: the same whatever happens to it, and what it leaves is a model."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

import dred_native
from dred_conformance.differential.built_payloads import native_model
from dred_model import load_model, save_model
from dred_reference.encoding import LatentEncoder
from dred_reference.feature import decode_features
from dred_reference.latent import dequantise, quantise
from dred_reference.payload import Payload
from dred_reference.schedule import quantiser_level
from dred_training import TrainingError, run_log
from dred_training.configuration import Configuration
from dred_training.feature_store import FeatureStore
from dred_training.rdovae import checkpoint
from dred_training.rdovae.disturbance import Disturbance
from dred_training.rdovae.export import export_model
from dred_training.rdovae.model import RdoVae
from dred_training.rdovae.trainer import Trainer


def run(configuration: Configuration, store: FeatureStore, folder: Path, threads: int = 1) -> Trainer:
    folder.mkdir()
    made = Trainer(configuration, store, folder, threads=threads)
    assert made.train()
    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a whole run."""
    return tmp_path_factory.mktemp("runs") / "whole"


@pytest.fixture(scope="module")
def whole(configuration: Configuration, store: FeatureStore, folder: Path) -> Trainer:
    return run(configuration, store, folder)


def model_hash(made: Trainer, configuration: Configuration) -> str:
    return export_model(made.model, configuration, "a test").model_sha256


def steps_of(folder: Path) -> list[dict[str, object]]:
    return [{k: v for k, v in entry.items() if k != "seconds"} for entry in run_log.read_log(folder)]


def test_the_same_seed_gives_the_same_model_on_one_thread_or_two(
    configuration: Configuration, store: FeatureStore, tmp_path: Path, whole: Trainer, folder: Path
) -> None:
    again = run(configuration, store, tmp_path / "again", threads=2)
    assert model_hash(again, configuration) == model_hash(whole, configuration)
    assert steps_of(tmp_path / "again") == steps_of(folder)
    assert [entry["step"] for entry in steps_of(folder)] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("killed_at", [1, 3, 5])
def test_a_run_that_was_killed_goes_on_as_if_it_was_not(
    configuration: Configuration,
    store: FeatureStore,
    tmp_path: Path,
    whole: Trainer,
    folder: Path,
    killed_at: int,
) -> None:
    class KilledError(Exception):
        pass

    def kill(step: int, _: dict[str, float]) -> None:
        if step == killed_at:
            raise KilledError

    with pytest.raises(KilledError):
        Trainer(configuration, store, tmp_path).train(advance=kill)
    with (tmp_path / run_log.FILE).open("a", encoding="utf-8") as log:
        log.write('{"step": 7, "ra')
    again = Trainer(configuration, store, tmp_path)
    assert again.step == killed_at // 2 * 2
    assert again.train()
    assert model_hash(again, configuration) == model_hash(whole, configuration)
    assert steps_of(tmp_path) == steps_of(folder)


def test_a_run_can_be_stopped_and_is_saved(
    configuration: Configuration, store: FeatureStore, tmp_path: Path
) -> None:
    made = Trainer(configuration, store, tmp_path)
    assert not made.train(is_over=lambda: made.step == 3)
    assert Trainer(configuration, store, tmp_path).step == 3


def test_another_configuration_and_a_damaged_checkpoint_are_refused(
    configuration: Configuration, store: FeatureStore, tmp_path: Path, whole: Trainer, folder: Path
) -> None:
    assert whole.step == 6
    shutil.copytree(folder, tmp_path / "run")
    with pytest.raises(TrainingError, match="T4"):
        Trainer(replace(configuration, seed=99), store, tmp_path / "run")
    path = tmp_path / "run" / checkpoint.FILE
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(TrainingError, match="T4"):
        Trainer(configuration, store, tmp_path / "run")


def test_training_learns(store: FeatureStore, configuration: Configuration, tmp_path: Path) -> None:
    longer = replace(
        configuration.training, steps=40, shards=1, learning_rate=0.01, log_every=5, checkpoint_every=40
    )
    made = replace(configuration, training=longer)
    run(made, store, tmp_path / "run")
    entries = run_log.read_log(tmp_path / "run")
    assert entries[-1]["distortion"] < 0.7 * entries[0]["distortion"]
    assert json.loads((tmp_path / "run" / run_log.FILE).read_text().splitlines()[0])["step"] == 5


def test_the_sparse_blocks_are_as_many_as_wanted(whole: Trainer) -> None:
    weight = whole.model.decoder.layer("dec_gru2_input").weight.detach()
    for gate, share in zip(weight.chunk(3), (0.5, 0.3, 0.6), strict=True):
        blocks = gate.reshape(gate.shape[0] // 8, 8, -1, 4).abs().amax(dim=(1, 3)) > 0
        assert blocks.sum() == round(blocks.numel() * share)


def test_the_bundle_decodes_to_what_training_decoded_to(
    configuration: Configuration, store: FeatureStore, tmp_path: Path, whole: Trainer
) -> None:
    made = whole.model
    exported = export_model(made, configuration, "a test")
    save_model(exported, tmp_path / "model")
    bundle = load_model(tmp_path / "model")
    assert bundle.model_sha256 == exported.model_sha256
    assert bundle.notes == ()
    assert (bundle.name, bundle.experimental_version) == ("toy", 0xB1)
    latent_bytes, state_bytes = made.latent_statistics.bytes(), made.state_statistics.bytes()
    kept = latent_bytes.coded.any(dim=0), state_bytes.coded.any(dim=0)
    features = np.array(store.features[:24])
    literal = LatentEncoder(bundle.to_reference_encoder())
    steps = [literal.step(pair) for pair in features.reshape(12, 40)]
    rounded = Disturbance(weights="rounded")
    with torch.no_grad():
        found = made.encoder(torch.tensor(features).reshape(12, 1, 40), rounded)
    for index, (values, written) in enumerate(zip(found, (latent_bytes, state_bytes), strict=True)):
        in_tables = (values[:, 0] / written.unit)[:, kept[index]]
        np.testing.assert_allclose(in_tables.numpy(), [each[index] for each in steps], atol=1e-5)
    tables = bundle.tables.to_reference_tables()
    chosen = [latent for latent, _ in steps[11::-2]]
    symbols = quantise(steps[11][1], chosen, 5, 7, 14, tables)
    levels = tuple(quantiser_level(5, 7, 14, index) for index in range(6))
    start = dequantise(Payload(5, 7, 14, 0, symbols.state, symbols.latents, levels, 0, 0), tables)
    wanted = decode_features(start.state, start.latents, bundle.to_reference_network())
    state, latents = torch.zeros(1, 5), torch.zeros(6, 1, 7)
    state[0, kept[1]] = torch.from_numpy(start.state) * state_bytes.unit[kept[1]]
    latents[:, 0, :6][:, kept[0]] = torch.from_numpy(start.latents[:, :-1]) * latent_bytes.unit[kept[0]]
    latents[:, 0, 6] = torch.tensor(levels) * 0.125 - 1
    with torch.no_grad():
        decoded = made.decoder(state, latents, rounded)
    np.testing.assert_allclose(decoded[:, 0].reshape(-1, 20).numpy(), wanted, rtol=0, atol=1e-5)
    native = dred_native.FeatureDecoder(native_model(bundle)).decode(start.state, start.latents)
    np.testing.assert_allclose(native / 65536, wanted, rtol=0, atol=0.01)


def test_useless_dimensions_are_left_out(configuration: Configuration) -> None:
    model = RdoVae(configuration.network, 1)
    with torch.no_grad():
        model.latent_statistics.raw[:, 4, 1] = -20.0
        model.state_statistics.raw[:, 4, :4] = -20.0
        model.latent_statistics.raw[3:, 4, 2] = -20.0
    bundle = export_model(model, configuration, "a test")
    assert (bundle.latent_dim, bundle.state_dim) == (5, 1)
    assert bundle.networks["rdovaeenc"].layer("gdense2").nb_outputs == 8
    with torch.no_grad():
        model.state_statistics.raw[:, 4] = -20.0
    with pytest.raises(TrainingError, match="T6"):
        export_model(model, configuration, "a test")
