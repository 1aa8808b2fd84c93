"""Times the payload stage of both implementations on the same payloads, and watches the memory."""

import random
import resource
import time
from dataclasses import dataclass

import dred_native
from dred_conformance.differential.built_payloads import PayloadBuilder
from dred_model import ModelBundle
from dred_reference.payload import decode_payload
from dred_reference.wire import WIRE_PROFILES

__all__ = ["NoPayloadsError", "PayloadBench", "bench_payload"]

_WIRE = "draft-32"
_PAYLOADS = 256


class NoPayloadsError(Exception):
    """There is no payload of the wanted kind."""


@dataclass(frozen=True)
class PayloadBench:
    """Times per payload, and the growth of the process's peak memory during the native run.

    Attributes
    ----------
    latents
        Mean number of latents per payload.
    bytes
        Mean payload size in bytes.
    native_us, reference_us
        Time per payload in microseconds, payload to symbols.
    native_payloads
        How many payloads the native core decoded.
    memory_growth_kib
        Growth of the peak resident size over them, in KiB.
    """

    model: str
    latents: float
    bytes: float
    native_us: float
    reference_us: float
    native_payloads: int
    memory_growth_kib: int


def bench_payload(
    bundle: ModelBundle, latents: int, total: int, real: list[bytes] | None = None
) -> PayloadBench:
    """Decode payloads of about ``latents`` latents: ``total`` times natively, once each in Python.

    Parameters
    ----------
    bundle
        The model.
    latents
        Latents per payload.
    total
        How many payloads the native core decodes.
    real
        Payloads (without prefix) of real streams; those with about the wanted number of latents are used. If
        left out, payloads are drawn from the model's distributions (q0 6, dQ 3): smaller than real ones.
    """
    builder = PayloadBuilder(bundle)
    source = random.Random(20261122)  # noqa: S311 - the same payloads every time
    payloads = [builder.speech_like(source, latents) for _ in range(_PAYLOADS)]
    if real is not None:
        decoded = zip(real, dred_native.decode_payloads(real, _WIRE, builder.model), strict=True)
        payloads = [data for data, found in decoded if abs(_latent_count(found) - latents) <= 1]
    if not payloads:
        raise NoPayloadsError(f"no payload of about {latents} latents there")
    repeats = max(1, total // len(payloads))
    dred_native.bench_payload(payloads, _WIRE, builder.model, 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    native = dred_native.bench_payload(payloads, _WIRE, builder.model, repeats)
    growth = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    tables = bundle.tables.to_reference_tables()
    wire = WIRE_PROFILES[_WIRE]
    decode_payload(payloads[0], wire, tables)
    started = time.perf_counter()
    sample = payloads[:_PAYLOADS]
    outcome = [decode_payload(payload, wire, tables) for payload in sample]
    reference_s = time.perf_counter() - started
    return PayloadBench(
        model=bundle.name,
        latents=sum(len(payload.latents) for payload in outcome) / len(outcome),
        bytes=sum(map(len, payloads)) / len(payloads),
        native_us=1e6 * native["seconds"] / native["payloads"],
        reference_us=1e6 * reference_s / len(sample),
        native_payloads=native["payloads"],
        memory_growth_kib=growth,
    )


def _latent_count(found: object) -> int:
    return len(found["latents"]) if isinstance(found, dict) else -1
