"""From an empty folder to a model that encodes and decodes: the ten minutes of the notes, made short."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

RATE = 16000
CONFIGURATION = """
name = "a-minute"
[network]
latent_dim = 8
state_dim = 8
encoder_dense = 16
encoder_gru = 8
encoder_conv = 16
encoder_hidden = 24
decoder_hidden = 16
decoder_dense = 24
decoder_gru = 16
decoder_conv = 8
[training]
steps = 40
batch = 8
frames = 80
longest_chunk = 10
warmup = 5
learning_rate = 0.005
[rate]
latent_warmup = 20
state_warmup = 20
"""


def spoken(seconds: float, seed: int) -> NDArray[np.float64]:
    """Return something like speech: pulses through resonances that move, hiss, and pauses."""
    source = np.random.default_rng(seed)
    parts = []
    while sum(map(len, parts)) < seconds * RATE:
        count = int(source.uniform(0.08, 0.3) * RATE)
        time_s = np.arange(count) / RATE
        kind = source.choice(3, p=(0.65, 0.2, 0.15))
        if kind == 0:
            pitch = source.uniform(90, 260) * (1 + source.uniform(-0.5, 0.5) * time_s)
            phase = 2 * np.pi * np.cumsum(pitch) / RATE
            formants = source.uniform([250, 900, 2200], [850, 2100, 3200])
            part = sum(
                np.exp(-(((k * pitch - formants[:, None]) / 250) ** 2)).sum(0) * np.sin(k * phase)
                for k in range(1, 25)
            )
        else:
            part = source.standard_normal(count) * (0.3 if kind == 1 else 0.001)
        parts.append(0.1 * np.hanning(count) * part)
    return np.concatenate(parts)[: int(seconds * RATE)]


def test_a_minute_of_speech_becomes_a_model_that_repairs_losses(
    tmp_path: Path, dred: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("dred_opus", exc_type=ImportError)  # built where the system has libopus
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DRED_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("DRED_MODEL_DIR", raising=False)
    Path("speech").mkdir()
    for index in range(4):
        soundfile.write(f"speech/{index}.wav", spoken(15, index), RATE, subtype="PCM_16")
    soundfile.write("in.wav", spoken(3, 9), RATE, subtype="PCM_16")
    Path("minute.toml").write_text(CONFIGURATION, encoding="utf-8")
    assert dred("train", "features", "speech", "-o", "features")[0] == 0
    assert dred("train", "rdovae", "features", "-o", "run", "--config", "minute.toml")[0] == 0
    assert dred("train", "export", "run", "-o", "model")[0] == 0
    assert dred("model", "import", "model")[0] == 0
    code, output = dred("encode", "in.wav", "out.opus", "--model", "a-minute", "--json")
    assert (code, json.loads(output)["packets"]) == (0, pytest.approx(150, abs=3))
    Path("loss.txt").write_text("\n".join("1" if 60 <= index < 66 else "0" for index in range(160)))
    told = ("decode", "out.opus", "-o", "out.wav", "--loss", "loss.txt", "--model", "a-minute")
    code, output = dred(*told, "--log", "why.csv")
    assert code == 0, output
    samples, rate = soundfile.read("out.wav")
    assert (rate, len(samples)) == (48000, pytest.approx(3 * 48000, abs=4800))
    sources = Counter(word for line in Path("why.csv").read_text().splitlines() for word in line.split(","))
    assert sources["dred"] >= 4
