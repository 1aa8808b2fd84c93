"""A configuration is checked to the last key."""

from pathlib import Path

import pytest

from dred_training import TrainingError, read_configuration
from dred_training.configuration import Configuration, configuration_from


def test_an_empty_file_is_the_default(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text("", encoding="utf-8")
    assert read_configuration(path) == Configuration()


def test_values_arrive(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text(
        'name = "mine"\n[rate]\nlambda_max = 1\n[sparsity.densities]\ndec_gru1_input = [0.5, 1, 0.25]\n',
        encoding="utf-8",
    )
    read = read_configuration(path)
    assert (read.name, read.rate.lambda_max) == ("mine", 1.0)
    assert read.sparsity.densities == {"dec_gru1_input": (0.5, 1.0, 0.25)}
    assert read.fingerprint != Configuration().fingerprint


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"nme": "x"}, "nme"),
        ({"experimental_version": 12}, "experimental_version"),
        ({"seed": True}, "seed"),
        ({"network": 3}, "network"),
        ({"network": {"decoder_gru": 60}}, "network.decoder_gru"),
        ({"network": {"latent_dim": 0}}, "network.latent_dim"),
        ({"levels": {"constant": 0.5}}, "levels"),
        ({"rate": {"lambda_min": 1.0}}, "rate"),
        ({"sparsity": {"densities": {"dec_gru1_input": [0.5]}}}, "sparsity.densities.dec_gru1_input"),
        ({"sparsity": {"densities": {"dec_output": [0]}}}, "sparsity.densities.dec_output"),
        ({"sparsity": {"densities": {"dec_output": "0.5"}}}, "sparsity.densities"),
        ({"training": {"shards": 3}}, "training.shards"),
        ({"training": {"frames": 42}}, "training.frames"),
        ({"training": {"frames": 40, "longest_chunk": 10}}, "training"),
        ({"training": {"learning_rate": "fast"}}, "training.learning_rate"),
        ({"training": {"statistics_rate": 0}}, "training.statistics_rate"),
        ({"rate": {"deaths_from": 2}}, "rate.deaths_from"),
    ],
)
def test_what_is_not_possible_is_refused(document: dict[str, object], place: str) -> None:
    with pytest.raises(TrainingError, match="T1") as caught:
        configuration_from(document)
    assert caught.value.subject == place


@pytest.mark.parametrize("content", [b"\xff", b"a = ", b"x" * ((1 << 20) + 1)])
def test_what_is_no_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "run.toml"
    path.write_bytes(content)
    with pytest.raises(TrainingError, match="T1"):
        read_configuration(path)
    with pytest.raises(TrainingError, match="T1"):
        read_configuration(tmp_path / "absent.toml")
