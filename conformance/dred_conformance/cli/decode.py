"""``dred decode``: the acoustic features that the DRED of packets brings, or what a receiver plays."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import typer

from dred_conformance.cli.decode_audio import AUDIO_SUFFIXES, decode_audio
from dred_conformance.cli.decode_request import AudioRequest
from dred_conformance.cli.files import write_bytes_whole
from dred_conformance.cli.model_options import DEFAULT_MODEL, WIRE_OF_STREAM
from dred_conformance.decoding.features import FRAME_MS, DredFeatures, PacketFeatures
from dred_conformance.inputs import FORMATS, InputError, SourcePacket
from dred_conformance.model_choice import ChoiceError, choose_reading, open_with_profile, wire_to_read
from dred_conformance.receiving import CONCEALMENTS, OUTPUT_RATES, ReceiverSettings, ReceivingError
from dred_model import ModelError
from dred_reference.errors import DredError
from dred_reference.feature import PROFILES, FeatureDecoder
from dred_reference.wire import WireProfile

__all__ = ["decode"]

MALFORMED, USAGE_ERROR = 1, 2


def _fail(message: str, code: int = USAGE_ERROR) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(code)


def _known(concealment: str) -> Literal["neural", "classic"]:
    if concealment == "neural":
        return "neural"
    if concealment == "classic":
        return "classic"
    raise _fail(f"there is no concealment {concealment!r}; there are {', '.join(CONCEALMENTS)}")


def _wire(name: str | None) -> WireProfile | None:
    try:
        return wire_to_read(name)
    except ChoiceError as error:
        raise _fail(str(error)) from error


def _decoder(
    carried: WireProfile | None, wire: WireProfile | None, model: str | None, profile: str
) -> PacketFeatures:
    try:
        reading = choose_reading(carried, wire, model)
        if reading.bundle is None:
            raise _fail(reading.missing)
        decoder = FeatureDecoder(reading.bundle.to_reference_network(), profile)
    except (ModelError, ChoiceError, DredError) as error:
        raise _fail(str(error)) from error
    return PacketFeatures(decoder, reading.bundle.tables.to_reference_tables(), reading.wire)


def _decoded(
    packets: Iterator[SourcePacket], packet: int | None, decoder: PacketFeatures, latents: int | None
) -> Iterator[tuple[SourcePacket, DredFeatures | str | None]]:
    for source in packets:
        if packet is not None and source.index != packet:
            continue
        try:
            yield source, decoder.decode(source.data, latents) if source.data else None
        except DredError as error:
            yield source, str(error)
        if packet is not None:
            return


def decode(
    source: Annotated[
        str, typer.Argument(metavar="INPUT", help="A file, a packet in hex, or - for standard input.")
    ],
    packet: Annotated[int | None, typer.Option(min=0, help="Only packet N, frame by frame.")] = None,
    latents: Annotated[int | None, typer.Option(min=0, help="At most so many latents of a packet.")] = None,
    model: Annotated[
        str | None,
        typer.Option(
            help=f"Model with a decoder network; unless given, what DRED says; else {DEFAULT_MODEL}."
        ),
    ] = None,
    profile: Annotated[str, typer.Option(help=f"Numeric profile: {', '.join(PROFILES)}.")] = "float64",
    wire: Annotated[str | None, typer.Option(help=WIRE_OF_STREAM)] = None,
    container: Annotated[
        str | None, typer.Option("--format", help=f"Format of the input: {', '.join(FORMATS)}.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help=f"{', '.join(AUDIO_SUFFIXES)}: write what a receiver plays. Else, with --packet: write the "
            "features, oldest first, float32.",
        ),
    ] = None,
    loss: Annotated[
        Path | None,
        typer.Option(
            help="Audio: which packets are lost, a line with 0 or 1 for each, or in a file named "
            "NAME.arrival_ms.txt its delay in ms, -1 if lost."
        ),
    ] = None,
    delay: Annotated[
        float | None,
        typer.Option(help="Audio: delay of the jitter buffer in ms; unless given, it waits for everything."),
    ] = None,
    rate: Annotated[
        int, typer.Option(help=f"Audio: sampling rate, {', '.join(map(str, OUTPUT_RATES))} Hz.")
    ] = 48000,
    channels: Annotated[
        int | None, typer.Option(min=1, max=2, help="Audio: unless given, those of the stream.")
    ] = None,
    concealment: Annotated[
        str,
        typer.Option(
            help="Audio: where nothing arrived, neural or classic: what libopus does, without DRED."
        ),
    ] = "neural",
    lbrr: Annotated[bool, typer.Option("--lbrr/--no-lbrr", help="Audio: use in-band FEC.")] = True,
    dred: Annotated[bool, typer.Option("--dred/--no-dred", help="Audio: use redundancy.")] = True,
    log: Annotated[
        Path | None, typer.Option(help="Audio: write what was played from where, .json or .csv.")
    ] = None,
    timeline: Annotated[Path | None, typer.Option(help="Audio: the same as a picture, .png.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON: an object per packet; audio: one in all.")
    ] = False,
) -> None:
    """Decode packets: to the acoustic features of their DRED, or to audio with holes filled.

    To features it is the literal implementation that decodes; times are those of the end of a 10-ms frame,
    against the start of the packet's audio.

    With -o FILE.wav it is a whole receiver: packets are played by the libopus of the system; where one is
    missing, in-band FEC, the DRED of a later packet or concealment takes its place. Losses are those of the
    file and of --loss.

    For example:

    dred decode stream.bit --packet 40 --profile fixed

    dred decode call.opus --json > features.jsonl

    dred decode call.opus -o call.wav --loss trace.txt --timeline call.png

    Exit code 0: decoded; 1: a packet or the input is malformed, or there is nothing to write; 2: wrong usage.
    """
    if output is not None and output.suffix.lower() in AUDIO_SUFFIXES:
        if packet is not None or latents is not None or profile != "float64":
            raise _fail("--packet, --latents and --profile are for features; audio is made of whole streams")
        try:
            settings = ReceiverSettings(rate, channels or 1, _known(concealment), lbrr, dred, delay)
        except ReceivingError as error:
            raise _fail(str(error)) from error
        decode_audio(
            AudioRequest(
                source,
                output,
                container,
                loss,
                model,
                _wire(wire),
                settings,
                channels,
                log,
                timeline,
                as_json,
            )
        )
        return
    for_audio = (loss, delay, log, timeline, channels) != (None,) * 5
    if for_audio or (rate, concealment, lbrr, dred) != (48000, "neural", True, True):
        raise _fail(
            "--loss, --delay, --rate, --channels, --concealment, --no-lbrr, --no-dred, --log and --timeline "
            f"are for audio: -o FILE with one of {', '.join(AUDIO_SUFFIXES)}"
        )
    if output is not None and packet is None:
        raise _fail(
            "--output writes the features of one packet, choose it with --packet; "
            f"audio is written to {', '.join(AUDIO_SUFFIXES)}"
        )
    if output is not None and not output.absolute().parent.is_dir():
        raise _fail(f"{output}: the folder is missing; make it first")
    if container is not None and container not in FORMATS:
        raise _fail(f"there is no format {container!r}; there are {', '.join(FORMATS)}")
    if profile not in PROFILES:
        raise _fail(f"there is no numeric profile {profile!r}; there are {', '.join(PROFILES)}")
    named_wire = _wire(wire)
    malformed, count = False, 0
    try:
        with open_with_profile(source, container=container) as (opened, carried):
            decoder = _decoder(carried, named_wire, model, profile)
            for each, found in _decoded(opened.packets, packet, decoder, latents):
                count += 1
                malformed |= isinstance(found, str)
                _show(each.index, found, is_alone=packet is not None, as_json=as_json)
                if output is not None:
                    _write(output, found)
    except InputError as error:
        raise _fail(str(error), USAGE_ERROR if error.rule == "I5" else MALFORMED) from error
    if not count:
        raise _fail("there is no such packet" if packet is not None else "there is no packet")
    raise typer.Exit(MALFORMED if malformed else 0)


def _write(output: Path, found: DredFeatures | str | None) -> None:
    if not isinstance(found, DredFeatures):
        raise _fail(f"{output}: not written, as there are no features", MALFORMED)
    try:
        write_bytes_whole(output, found.values[::-1].astype("<f4").tobytes())
    except OSError as error:
        raise _fail(f"{output}: cannot be written ({error.strerror})") from error


def _show(index: int, found: DredFeatures | str | None, *, is_alone: bool, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"packet": index, **_in_json(found)}))
    elif isinstance(found, DredFeatures):
        _print(index, found, is_alone=is_alone)
    elif found is not None or is_alone:
        typer.echo(f"packet {index}: {found or 'no DRED'}")


def _in_json(found: DredFeatures | str | None) -> dict[str, Any]:
    if not isinstance(found, DredFeatures):
        return {"dred": False} if found is None else {"error": found}
    data = {
        "dred": True,
        "frame": found.frame,
        "offset_2p5ms": found.payload.offset,
        "latents": len(found.payload.latents),
        "newest_end_ms": found.end_ms(0),
        "features": found.values.tolist(),
    }
    return data if found.bits is None else data | {"features_q16": found.bits.tolist()}


def _print(index: int, found: DredFeatures, *, is_alone: bool) -> None:
    frames = len(found.values)
    oldest_ms = found.end_ms(frames)
    typer.echo(
        f"packet {index}: {len(found.payload.latents)} latents, {frames} frames of {FRAME_MS:g} ms "
        f"from {oldest_ms:g} to {found.end_ms(0):g} ms, "
        f"{int(np.count_nonzero(found.values[:, 19] > 0.2))} voiced"
    )
    if not is_alone or not frames:
        return
    names = [*(f"c{index}" for index in range(18)), "pitch", "corr."]
    typer.echo("  end ms" + "".join(f"{name:>9}" for name in names))
    for row, values in enumerate(found.values):
        texts = [f"{value:9.4f}" for value in values]
        if found.bits is not None:
            texts = [f"{value:9d}" for value in found.bits[row]]
        typer.echo(f"{found.end_ms(row):8g}{''.join(texts)}")
