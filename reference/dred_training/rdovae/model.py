"""What is trained: encoder, decoder and statistics; and the loss of a batch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from dred_reference.network.wiring import FEATURES
from dred_training.batches import STEP_FRAMES, Batch, frames_of
from dred_training.configuration import LEVELS, NetworkSettings, RateSettings

from .distortion import CORRELATION, PITCH, Distortion
from .disturbance import Disturbance
from .networks import Decoder, Encoder, decoder_widths, encoder_widths
from .quantisation import Quantised, quantise
from .statistics import Statistics

VOICED_ABOVE = 0.2


class RdoVae(nn.Module):
    """
    Encoder, decoder, and the statistics of latents and states.

    Parameters
    ----------
    settings : NetworkSettings
        Widths.
    seed : int
        Of the weights.
    """

    def __init__(self, settings: NetworkSettings, seed: int) -> None:
        super().__init__()
        self.settings = settings
        self.encoder = Encoder(encoder_widths(settings))
        self.decoder = Decoder(decoder_widths(settings))
        self.latent_statistics = Statistics(settings.latent_dim)
        self.state_statistics = Statistics(settings.state_dim)
        generator = torch.Generator().manual_seed(seed)
        self.encoder.initialise(generator)
        self.decoder.initialise(generator)


def level_values(levels: torch.Tensor) -> torch.Tensor:
    """Return levels as the decoder reads them."""
    return levels.to(torch.float32) * 0.125 - 1


@dataclass(frozen=True)
class Loss:
    """
    The loss of a batch, and what it is made of: means over latents, for the log.

    Parameters
    ----------
    total : tensor
        To be minimised.
    parts : dict of str to float
        ``rate``, ``distortion`` (both weighted), ``latent_bits``, ``state_bits``, ``cepstrum`` and
        ``correlation`` (roots of mean square errors), ``pitch`` (mean absolute error of voiced frames).
    """

    total: torch.Tensor
    parts: dict[str, float]


class LossFunction:
    """
    Rate and distortion.

    Parameters
    ----------
    settings : RateSettings
        What a bit is worth.
    steps : int
        How long the run is.
    device : torch.device
        Where to compute.
    """

    def __init__(self, settings: RateSettings, steps: int, device: torch.device) -> None:
        self._settings = settings
        self._deaths_from = settings.deaths_from * steps
        self._device = device
        self._distortion = Distortion(device)
        exponents = torch.arange(LEVELS, dtype=torch.float64) / (LEVELS - 1)
        ratio = settings.lambda_max / settings.lambda_min
        self._lambda_roots = (settings.lambda_min * ratio**exponents).sqrt().to(torch.float32).to(device)

    def __call__(self, model: RdoVae, batch: Batch, step: int, disturbance: Disturbance) -> Loss:
        """Return the loss of a batch at a step of the run."""
        features = torch.from_numpy(np.ascontiguousarray(batch.features.transpose(1, 0, 2))).to(self._device)
        _, chunks, count = batch.levels.shape
        levels = torch.from_numpy(np.ascontiguousarray(batch.levels)).to(self._device).flatten(1)
        steps = torch.from_numpy(batch.steps).to(self._device)
        pairs = features.unflatten(0, (-1, STEP_FRAMES)).transpose(1, 2).flatten(2)
        may_die = step >= self._deaths_from
        latents, states = model.encoder(pairs, disturbance)
        is_hard = disturbance.uniform(latents.new_zeros(chunks * count, 1)) > 0
        rows = model.latent_statistics.rows(levels, may_die=may_die)
        latent = quantise(latents[steps].flatten(1, 2), rows, is_hard, disturbance)
        rows = model.state_statistics.rows(levels[0], may_die=may_die)
        state = quantise(states[steps[0]].flatten(0, 1), rows, is_hard, disturbance)
        inputs = torch.cat([latent.values, level_values(levels).unsqueeze(-1)], dim=-1)
        decoded = model.decoder(state.values, inputs, disturbance)
        frames = torch.from_numpy(frames_of(batch.steps)).to(self._device)
        truth = features[frames].permute(0, 1, 3, 2, 4).flatten(1, 2)
        mean_square = (self._distortion.loudness(features) ** 2).mean(0).repeat(chunks, 1)[None, :, None]
        distortion = self._distortion(decoded, truth, mean_square).mean(-1)
        roots = self._lambda_roots[levels]
        weighted = (distortion / roots).mean()
        rate = self._rate(latent, state, roots, step)
        return Loss(rate + weighted, self._parts(rate, weighted, latent, state, decoded, truth))

    def _rate(self, latent: Quantised, state: Quantised, roots: torch.Tensor, step: int) -> torch.Tensor:
        settings = self._settings
        latent_price = 1 - 0.9 / (1 + step / settings.latent_warmup)
        state_price = settings.state_share * (1 - 0.99 / (1 + step / settings.state_warmup) ** 2)
        latent_bits = latent.soft_bits + settings.hard_share * latent.bits
        state_bits = state.soft_bits + settings.hard_share * state.bits
        total: torch.Tensor = (
            latent_price * (roots * latent_bits).mean() + state_price * (roots[0] * state_bits).mean()
        )
        return total

    @staticmethod
    def _parts(
        rate: torch.Tensor,
        distortion: torch.Tensor,
        latent: Quantised,
        state: Quantised,
        decoded: torch.Tensor,
        truth: torch.Tensor,
    ) -> dict[str, float]:
        with torch.no_grad():
            error = decoded - truth
            is_voiced = (truth[..., CORRELATION] > VOICED_ABOVE).to(error.dtype)
            pitch = (error[..., PITCH].abs() * is_voiced).sum() / is_voiced.sum().clamp_min(1)
            cepstral = (error[..., : FEATURES - 2] ** 2).sum(-1).mean().sqrt()
            correlation = (error[..., CORRELATION] ** 2).mean().sqrt()
            named = {
                "rate": rate,
                "distortion": distortion,
                "latent_bits": latent.bits.mean(),
                "state_bits": state.bits.mean(),
                "cepstrum": cepstral,
                "pitch": pitch,
                "correlation": correlation,
            }
            return {name: float(value) for name, value in named.items()}
