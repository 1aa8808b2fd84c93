"""Puts every published case to the literal implementation, and to its readers once more with a trace.

Run under ``coverage`` it tells which branches of the text's mirror image no vector reaches::

    coverage run --branch --source=dred_reference -m dred_conformance.vectors.reference_run
"""

import contextlib
import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dred_conformance.data import data_folder
from dred_conformance.protocol.arrays import from_base64
from dred_conformance.protocol.operations import EXACT_PROFILE
from dred_conformance.runner.builtin import model_folders
from dred_conformance.vectors.case import Case
from dred_conformance.vectors.store import VectorStore
from dred_reference.errors import DredError
from dred_reference.extension import parse_extensions
from dred_reference.feature import PROFILES, VARIANTS, decode_features, to_float32
from dred_reference.location import broken_placement_rules, find_dred
from dred_reference.packet import parse_packet
from dred_reference.payload import decode_payload
from dred_reference.range_decoder import RangeDecoder
from dred_reference.trace import Trace
from dred_reference.wire import WIRE_PROFILES

__all__ = ["run"]


def _trace_packet(case: Case) -> None:
    data = bytes.fromhex(case.input["packet"])
    parse_packet(data, self_delimited=case.input.get("self_delimited", False), trace=Trace())


def _trace_padding(case: Case) -> None:
    area = bytes.fromhex(case.input["padding"])
    parse_extensions(area, case.input["frame_count"], trace=Trace("padding", 0, "padding"))


def _trace_payload(case: Case, models: dict[str, Any]) -> None:
    wire = WIRE_PROFILES[case.input["wire"]]
    if "packet" in case.input:
        packet = bytes.fromhex(case.input["packet"])
        broken_placement_rules(packet, wire)
        find_dred(packet, wire, trace=Trace())
    elif case.input["model"] in models:
        payload = bytes.fromhex(case.input["payload"])
        tables = models[case.input["model"]].tables
        decode_payload(payload, wire, tables, trace=Trace("payload", 0, "payload"))


def _trace_range_steps(case: Case) -> None:
    decoder = RangeDecoder(bytes.fromhex(case.input["data"]), Trace("payload", 0, "payload"))
    for name, *arguments in case.input["steps"]:
        if name in ("decode", "decode_bin"):
            getattr(decoder, name)(*arguments)
        elif name == "update":
            decoder.update(*arguments)
        elif name != "laplace":
            getattr(decoder, f"decode_{name}")(*arguments)


def _other_profiles(case: Case, models: dict[str, Any]) -> None:
    """Decode a case about features in the profiles that no vector names, with a record of all vectors."""
    model = models.get(case.input["model"])
    if model is None or "profile" in case.input or "state" not in case.input:
        return
    state, latents = (from_base64(case.input[name]) for name in ("state", "latents"))
    rows = latents.reshape(case.input["latent_count"], model.tables.latent_dim + 1)
    for profile in (*PROFILES, *VARIANTS):
        decoded = decode_features(state, rows, model.network, profile, record=lambda _name, _vector: None)
        if profile == EXACT_PROFILE:
            to_float32(decoded)


def run(vectors: Path, adapter_folder: Path) -> int:
    """Put every case of ``vectors`` to the adapter in ``adapter_folder`` and return how many there were."""
    sys.path.insert(0, str(adapter_folder))
    # A script's modules, not a package's.
    adapter = importlib.import_module("adapter")
    load_model = importlib.import_module("model_folder").load_model
    models: dict[str, Any] = importlib.import_module("sources").MODELS

    with model_folders(vectors) as folders:
        for folder in folders:
            name, model = load_model(folder)
            models[name] = model
    traced: dict[str, Callable[[Case], None]] = {
        "packet": _trace_packet,
        "extension": _trace_padding,
        "payload": lambda case: _trace_payload(case, models),
        "range_decode": _trace_range_steps,
        "feature": lambda case: _other_profiles(case, models),
    }
    count = 0
    for group in VectorStore(vectors).groups():
        for case in group.cases:
            answer: dict[str, Any] = adapter.answer_members({"seq": count, "op": case.op, **case.input})
            if answer.get("error", {}).get("stage") == "protocol":
                raise SystemExit(f"{case.id}: {answer}")
            if case.op in traced and case.result == "valid":
                with contextlib.suppress(DredError):
                    traced[case.op](case)
            count += 1
    return count


if __name__ == "__main__":
    print(run(data_folder("vectors"), data_folder("conformance/adapters") / "reference"))
