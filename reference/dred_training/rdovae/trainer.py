"""
The run.

A step is computed in shards, each with noise of its own, in as many threads as there are; sums are made in
the order of the shards, so the number of threads changes nothing in the result.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import torch

from dred_training import run_log
from dred_training.batches import Batch, BatchSource
from dred_training.configuration import Configuration
from dred_training.errors import TrainingError
from dred_training.feature_store import FeatureStore

from .checkpoint import Checkpoint, read_checkpoint, restore, write_checkpoint
from .disturbance import NOISE, PLAIN, ROUNDED, Disturbance
from .model import Loss, LossFunction, RdoVae
from .sparsification import Sparsifier

BETAS = (0.8, 0.95)
SHARDS = 1 << 8  # room for shards between the seeds of two steps


class Trainer:
    """
    A run in its folder.

    Parameters
    ----------
    configuration : Configuration
        Of the run.
    store : FeatureStore
        Features.
    folder : Path
        Where checkpoint and log are; it must exist. A run that is there goes on.
    threads : int
        How many shards are computed at the same time.
    device : str
        ``cpu`` or ``cuda``.

    Raises
    ------
    TrainingError
        T1, T3: configuration and features do not fit. T4: the folder has a run of another configuration or of
        other features, or one that is damaged. T7: there is no such device.
    """

    def __init__(
        self,
        configuration: Configuration,
        store: FeatureStore,
        folder: Path,
        *,
        threads: int = 1,
        device: str = "cpu",
    ) -> None:
        self._configuration = configuration
        self._features_sha256 = store.sha256
        self._folder = folder
        self._threads = threads
        if device == "cuda" and not torch.cuda.is_available():
            raise TrainingError("T7", "PyTorch finds no GPU here", advice="Train on the CPU (--device cpu).")
        self._device = torch.device(device)
        self._source = BatchSource(store, configuration)
        self.model = RdoVae(configuration.network, configuration.seed).to(self._device)
        self._parameters = list(self.model.parameters())
        self._optimiser = torch.optim.Adam(self._groups(), lr=1.0, betas=BETAS, eps=1e-8)
        self._loss = LossFunction(configuration.rate, configuration.training.steps, self._device)
        self._sparsifier = Sparsifier(self.model, configuration.sparsity, configuration.training)
        self.step = 0
        self._seconds = 0.0
        self._resume()

    def _groups(self) -> list[dict[str, Any]]:
        """Return what learns how fast."""
        networks = [*self.model.encoder.parameters(), *self.model.decoder.parameters()]
        statistics = [*self.model.latent_statistics.parameters(), *self.model.state_statistics.parameters()]
        rate = self._configuration.training.statistics_rate
        return [{"params": networks, "rate": 1.0}, {"params": statistics, "rate": rate}]

    def _resume(self) -> None:
        checkpoint = read_checkpoint(self._folder, self._device)
        if checkpoint is None:
            return
        expected = (self._configuration.fingerprint, self._features_sha256)
        if (checkpoint.fingerprint, checkpoint.features_sha256) != expected:
            raise TrainingError(
                "T4",
                "it was begun with another configuration or other features",
                subject=str(self._folder),
                advice="Choose a new folder.",
            )
        restore(self.model, checkpoint)
        try:
            self._optimiser.load_state_dict(checkpoint.optimiser)
        except (RuntimeError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise TrainingError("T4", f"no checkpoint ({error})", subject=str(self._folder)) from error
        rates = [group.get("rate") for group in self._optimiser.param_groups]
        if rates != [group["rate"] for group in self._groups()]:
            raise TrainingError("T4", "the optimiser's state is of another run", subject=str(self._folder))
        self.step, self._seconds = checkpoint.step, checkpoint.seconds
        self._sparsifier.resume(self.step)
        run_log.forget_after(self._folder, self.step)

    def train(
        self,
        is_over: Callable[[], bool] = lambda: False,
        advance: Callable[[int, dict[str, float]], None] = lambda _step, _parts: None,
    ) -> bool:
        """
        Train until the last step, or until `is_over` says so; the state is saved either way.

        Parameters
        ----------
        is_over : callable
            Asked before each step.
        advance : callable
            Called after each step with the steps done and the parts of the loss.

        Returns
        -------
        bool
            Whether the run is complete.

        Raises
        ------
        TrainingError
            T6: the loss is no number. What was saved last stays.
        OSError
            The disk refuses checkpoint or log. What was saved last stays.
        """
        settings = self._configuration.training
        torch.set_num_threads(1)  # shards are what runs in parallel
        sums: dict[str, float] = {}
        summed = 0  # fewer than `log_every` where a run goes on from between two entries
        started = time.monotonic() - self._seconds
        with ThreadPoolExecutor(self._threads) as pool:
            while self.step < settings.steps and not is_over():
                parts = self._take_step(pool)
                for name, value in parts.items():
                    sums[name] = sums.get(name, 0.0) + value
                summed += 1
                self._seconds = time.monotonic() - started
                if self.step % settings.log_every == 0:
                    self._write_entry({name: value / summed for name, value in sums.items()})
                    sums, summed = {}, 0
                if self.step % settings.checkpoint_every == 0:
                    self.save()
                advance(self.step, parts)
        self.save()
        return self.step >= settings.steps

    def save(self) -> None:
        """Write the checkpoint."""
        write_checkpoint(
            self._folder,
            Checkpoint(
                self._configuration.fingerprint,
                self._features_sha256,
                self.step,
                self._seconds,
                self.model.state_dict(),
                self._optimiser.state_dict(),
            ),
        )

    def _write_entry(self, means: dict[str, float]) -> None:
        alive = self.model.latent_statistics.bytes().coded.sum(1).tolist()
        rounded: dict[str, Any] = {name: round(value, 5) for name, value in means.items()}
        entry = {"step": self.step, "seconds": round(self._seconds, 1), **rounded, "alive": alive}
        run_log.append(self._folder, entry)

    def _take_step(self, pool: ThreadPoolExecutor) -> dict[str, float]:
        settings = self._configuration.training
        batch = self._source.batch(self.step)
        parts = [batch.shard(index, settings.shards) for index in range(settings.shards)]
        results = list(pool.map(self._gradients, range(settings.shards), parts))
        for parameter, *gradients in zip(self._parameters, *(each for each, _ in results), strict=True):
            parameter.grad = torch.stack(gradients).mean(0)
        norm = torch.nn.utils.clip_grad_norm_(self._parameters, settings.clip_norm)
        if not torch.isfinite(norm):
            raise TrainingError(
                "T6", f"the gradient of step {self.step} is no number", subject=str(self._folder)
            )
        for group in self._optimiser.param_groups:
            group["lr"] = group["rate"] * self._learning_rate()
        self._optimiser.step()
        self._sparsifier.apply(self.step)
        self.step += 1
        names = results[0][1].parts
        means = {name: sum(loss.parts[name] for _, loss in results) / len(results) for name in names}
        return {**means, "gradient": float(norm)}

    def _gradients(self, index: int, batch: Batch) -> tuple[list[torch.Tensor], Loss]:
        torch.set_num_threads(1)  # of this thread, and so is the next
        torch.set_flush_denormal(True)
        loss = self._loss(self.model, batch, self.step, self._disturbance(index))
        gradients = torch.autograd.grad(loss.total, self._parameters)
        return list(gradients), Loss(loss.total.detach(), loss.parts)

    def _disturbance(self, shard: int) -> Disturbance:
        settings = self._configuration.training
        seed = (self._configuration.seed << 30) + self.step * SHARDS + shard
        generator = torch.Generator(self._device).manual_seed(seed % (1 << 63))
        weights = NOISE if settings.weight_noise else PLAIN
        if self.step >= settings.rounding_from * settings.steps:
            weights = ROUNDED
        return Disturbance(generator, settings.activation_noise, weights)

    def _learning_rate(self) -> float:
        settings = self._configuration.training
        rising = min(1.0, (self.step + 1) / settings.warmup)
        falling = 0.5 + 0.5 * math.cos(math.pi * self.step / settings.steps)
        return settings.learning_rate * rising * (settings.final_rate + (1 - settings.final_rate) * falling)
