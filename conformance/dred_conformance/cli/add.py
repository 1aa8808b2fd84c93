"""``dred add``: DRED into a stream that exists, by decoding it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from dred_conformance.cli.model_options import DEFAULT_MODEL, WIRE_OF_MODEL
from dred_conformance.cli.stream_output import check_output, milliseconds, refusals, shown, tell, write_output
from dred_conformance.encoding import (
    RateRequest,
    RedundantPacket,
    RedundantPackets,
    Stopwatch,
    StreamError,
    StreamStatistics,
    add_redundancy,
    load_encoder_model,
    make_rule,
    wire_to_write,
)
from dred_conformance.encoding.carrying import LARGEST_PACKET
from dred_conformance.encoding.stream_files import PacketStream, read_streams, write_streams
from dred_conformance.encoding.stripping import strip_dred
from dred_conformance.inputs import FORMATS
from dred_conformance.inputs.ogg_streams import packet_samples
from dred_conformance.model_choice import model_of_profile
from dred_reference.errors import DredError

__all__ = ["add"]

USUAL_DATA_BYTES = 100  # what 1.04 s cost at q0 6, dQ 3 in the mean


def add(
    source: Annotated[
        str, typer.Argument(metavar="INPUT", help="Packets in any container; - is standard input.")
    ],
    output: Annotated[
        Path, typer.Argument(metavar="OUTPUT", help="An Ogg file (.opus) or opus_demo's .bit.")
    ],
    redundancy: Annotated[str, typer.Option(help="Most speech that a packet repeats, up to 1.04s.")] = "1s",
    dred_bytes: Annotated[
        int | None,
        typer.Option(min=8, max=998, help="Most bytes of DRED data in a packet; 100 unless given."),
    ] = None,
    dred_bitrate: Annotated[
        float | None, typer.Option(help="The same as a bitrate in kb/s, shared equally by all packets.")
    ] = None,
    rule: Annotated[str, typer.Option(help="Who chooses the levels: ours, even or deployed.")] = "ours",
    keep: Annotated[
        bool,
        typer.Option("--keep", help="Leave packets alone that carry DRED; otherwise theirs is replaced."),
    ] = False,
    wire: Annotated[str | None, typer.Option(help=WIRE_OF_MODEL)] = None,
    model: Annotated[
        str | None, typer.Option(help=f"Model with an encoder network; {DEFAULT_MODEL}.")
    ] = None,
    largest_packet: Annotated[
        int, typer.Option("--max-packet", min=3, max=65000, help="Larger packets go without DRED, in bytes.")
    ] = LARGEST_PACKET,
    container: Annotated[
        str | None, typer.Option("--format", help=f"Format of the input: {', '.join(FORMATS)}.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    progress: Annotated[
        bool | None, typer.Option("--progress/--no-progress", help="A bar; unless given, on terminals.")
    ] = None,
) -> None:
    """Put DRED into the packets of a stream: they are decoded, and what is heard is coded again.

    Frames, other extensions, comments and granule positions stay. A packet only gets what is heard up to
    its end.

    For example:

    dred add call.opus call-with-dred.opus --redundancy 500ms --dred-bytes 60

    Exit code 0: written; 1: the input cannot be read; 2: wrong usage, or something is missing here.
    """
    with refusals():
        suffix = check_output(output, source)
        if dred_bytes is not None and dred_bitrate is not None:
            raise StreamError("S4", "--dred-bytes and --dred-bitrate exclude each other", "give one of them")
        wanted_ms = milliseconds(redundancy)
        streams = read_streams(source, container)
        chosen = load_encoder_model(model or model_of_profile(wire))
        profile = wire_to_write(wire, chosen)
        stopwatch, statistics = Stopwatch(), StreamStatistics()
        results = []
        for stream in streams:
            packets = [packet.data for packet in stream.packets]
            request = _request(packets, wanted_ms, dred_bytes, dred_bitrate)
            adder = RedundantPackets(
                chosen.tables,
                make_rule(rule, request, chosen),
                profile,
                profile.prefix,
                stopwatch=stopwatch,
                largest_packet=largest_packet,
            )
            made = add_redundancy(packets, chosen, adder, stopwatch=stopwatch, keep=keep)
            results.append(_result(stream, list(shown(made, len(packets), "adding", progress)), statistics))
        write_output(output, write_streams(results, suffix))
        tell({"output": str(output), **statistics.to_json(stopwatch.seconds)}, as_json=as_json)


def _request(
    packets: Sequence[bytes], redundancy_ms: int, dred_bytes: int | None, dred_bitrate: float | None
) -> RateRequest:
    """Ask the rule for levels that suit the bytes, and the bitrate that the stream will have."""
    samples = [packet_samples(packet) for packet in packets if packet]
    total, count = sum(samples), sum(size > 0 for size in samples)
    duration_ms = total / count / 48 if count else 20.0
    redundancy_bytes = float(dred_bytes or USUAL_DATA_BYTES)
    if dred_bitrate is not None:
        redundancy_bytes = 1000 * dred_bitrate * duration_ms / 8000
        if not 12 <= redundancy_bytes <= 998:
            raise StreamError(
                "S4",
                f"{dred_bitrate:g} kb/s are {redundancy_bytes:.0f} bytes a packet",
                "12 to 998 can be used",
            )
    bare = sum(len(_bare(packet)) for packet in packets) / max(1, count)
    return RateRequest(
        round(8000 * (bare + redundancy_bytes) / duration_ms),
        duration_ms,
        redundancy_ms=redundancy_ms,
        data_bytes=None if dred_bitrate is not None else dred_bytes or USUAL_DATA_BYTES,
        dred_bitrate=None if dred_bitrate is None else round(1000 * dred_bitrate),
    )


def _bare(packet: bytes) -> bytes:
    try:
        return strip_dred(packet)
    except DredError:
        return packet


def _result(
    stream: PacketStream, made: list[RedundantPacket | None], statistics: StreamStatistics
) -> PacketStream:
    data = []
    for old, new in zip(stream.packets, made, strict=True):
        packet = new or RedundantPacket(old.data, len(old.data))
        seconds = packet_samples(old.data) / 48000 if old.data else 0.0
        statistics.seconds += seconds
        statistics.kept += new is None
        statistics.add(packet, seconds)
        data.append(packet.data)
    return stream.with_packets(data)
