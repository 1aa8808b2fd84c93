"""How wrong decoded features are, as far as one would hear it."""

from __future__ import annotations

import math

import torch

CEPSTRUM, PITCH, CORRELATION = 18, 18, 19
LARGEST_LOG_ENERGY = 9.0  # what a decoder that knows nothing yet may say, lest the power overflow
LOUDNESS = 0.25  # the power of energy that counts


def _log_energy_matrix() -> torch.Tensor:
    """Return the matrix from 18 cepstral coefficients to the logarithms of band energies."""
    band = torch.arange(CEPSTRUM, dtype=torch.float64)[:, None] + 0.5
    matrix = torch.cos(math.pi / CEPSTRUM * band * torch.arange(CEPSTRUM, dtype=torch.float64))
    matrix[:, 0] *= math.sqrt(0.5)
    return (matrix / 3).to(torch.float32)  # sqrt(2/18) is 1/3


class Distortion:
    """
    The measure of the published recipe.

    Parameters
    ----------
    device : torch.device
        Where the features are.
    """

    def __init__(self, device: torch.device) -> None:
        self._to_log_energies = _log_energy_matrix().T.to(device)
        self._band_weights = (1.15 - torch.arange(CEPSTRUM) / 36).to(device)

    def loudness(self, features: torch.Tensor) -> torch.Tensor:
        """Return band energies to the power 0.25, shape (..., 18)."""
        logarithms = features[..., :CEPSTRUM] @ self._to_log_energies
        return 10 ** (LOUDNESS * logarithms.clamp(max=LARGEST_LOG_ENERGY))

    def __call__(self, decoded: torch.Tensor, truth: torch.Tensor, mean_square: torch.Tensor) -> torch.Tensor:
        """
        Return the distortion of each frame.

        Parameters
        ----------
        decoded, truth : tensor, shape (..., 20)
            Features.
        mean_square : tensor
            The mean over time of the squared loudness of the sequence a frame is from; broadcasts with
            (..., 18).

        Returns
        -------
        tensor, shape (...)
        """
        error = decoded - truth
        cepstral = ((error[..., :CEPSTRUM] @ self._to_log_energies) ** 2).mean(-1)
        squares = (self.loudness(decoded) - self.loudness(truth)) ** 2 / mean_square
        loud = (squares * self._band_weights).mean(-1)
        is_voiced = torch.relu(truth[..., CORRELATION] + 0.5) ** 2
        pitch = 2 * error[..., PITCH].abs() * is_voiced
        excess = torch.minimum(20 * loud, 25 * loud**2)
        return 0.05 * cepstral + loud + excess + 14 / 18 * pitch + 2 / 18 * error[..., CORRELATION] ** 2
