"""``dred encode``: speech to Opus packets with DRED."""

from pathlib import Path
from typing import Annotated

import typer

from dred_conformance.cli.model_options import DEFAULT_MODEL, WIRE_OF_MODEL
from dred_conformance.cli.stream_output import check_output, milliseconds, refusals, shown, tell, write_output
from dred_conformance.encoding import (
    BaseSettings,
    EncodedPacket,
    RateRequest,
    Stopwatch,
    StreamEncoder,
    StreamError,
    StreamStatistics,
    load_encoder_model,
    make_rule,
    read_speech,
    wire_to_write,
)
from dred_conformance.encoding.carrying import LARGEST_PACKET
from dred_conformance.encoding.stream_files import SUFFIXES, ogg_file
from dred_conformance.inputs.ogg_streams import packet_samples
from dred_conformance.model_choice import model_of_profile
from dred_conformance.outputs import write_opus_demo

__all__ = ["encode"]

HIGHEST_KILOBITS = 512.0


def encode(
    source: Annotated[Path, typer.Argument(metavar="INPUT", help="Speech: WAV, FLAC, AIFF.")],
    output: Annotated[
        Path, typer.Argument(metavar="OUTPUT", help="An Ogg file (.opus) or opus_demo's .bit.")
    ],
    bitrate: Annotated[float, typer.Option(help="Total of base codec and redundancy, in kb/s.")] = 32.0,
    redundancy: Annotated[str, typer.Option(help="Most speech that a packet repeats, up to 1.04s.")] = "1s",
    loss: Annotated[
        int,
        typer.Option(
            min=0,
            max=100,
            help="Expected loss in percent; the base codec is told with --fec only.",
        ),
    ] = 20,
    frame: Annotated[
        float, typer.Option(help="Duration of a packet in ms: 2.5, 5, 10, 20, 40, 60, 80, 100 or 120.")
    ] = 20.0,
    application: Annotated[str, typer.Option(help="voip, audio or lowdelay.")] = "voip",
    fec: Annotated[bool, typer.Option("--fec", help="In-band FEC (LBRR) of the base codec.")] = False,
    dtx: Annotated[bool, typer.Option("--dtx", help="Discontinuous transmission.")] = False,
    mode: Annotated[
        str, typer.Option("--mode", help="vbr, cvbr or cbr; also as --vbr, --cvbr, --cbr.")
    ] = "vbr",
    vbr: Annotated[bool, typer.Option("--vbr", help="Variable bitrate.")] = False,
    cvbr: Annotated[bool, typer.Option("--cvbr", help="Constrained variable bitrate.")] = False,
    cbr: Annotated[
        bool, typer.Option("--cbr", help="Constant bitrate: every packet of the same size.")
    ] = False,
    complexity: Annotated[int, typer.Option(min=0, max=10, help="Of the base codec.")] = 9,
    bandwidth: Annotated[str, typer.Option(help="auto, nb, mb, wb, swb or fb.")] = "auto",
    rate: Annotated[
        int | None, typer.Option(help="Sampling rate of the encoder in Hz; unless given, that of the input.")
    ] = None,
    channels: Annotated[
        int | None, typer.Option(min=1, max=2, help="Unless given, those of the input.")
    ] = None,
    rule: Annotated[
        str, typer.Option(help="Who divides the bitrate: ours, even (all ages alike) or deployed.")
    ] = "ours",
    dred_bytes: Annotated[
        int | None,
        typer.Option(
            min=8, max=998, help="Bytes of DRED data in every packet, instead of what the rule says."
        ),
    ] = None,
    wire: Annotated[str | None, typer.Option(help=WIRE_OF_MODEL)] = None,
    model: Annotated[
        str | None, typer.Option(help=f"Model with an encoder network; {DEFAULT_MODEL}.")
    ] = None,
    largest_packet: Annotated[
        int, typer.Option("--max-packet", min=3, max=65000, help="Larger packets go without DRED, in bytes.")
    ] = LARGEST_PACKET,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    progress: Annotated[
        bool | None, typer.Option("--progress/--no-progress", help="A bar; unless given, on terminals.")
    ] = None,
) -> None:
    """Encode speech to Opus packets with DRED; the base codec is the libopus of the system.

    For example:

    dred encode in.wav out.opus --bitrate 32 --redundancy 1s --loss 20

    dred encode in.wav out.bit --cbr --frame 40 --rule deployed --json

    Exit code 0: written; 1: the speech cannot be encoded; 2: wrong usage, or something is missing here.
    """
    with refusals():
        suffix = check_output(output, str(source))
        settings = BaseSettings(
            frame,
            application,
            _mode(mode, vbr=vbr, cvbr=cvbr, cbr=cbr),
            fec,
            dtx,
            complexity,
            loss if fec else 0,
            bandwidth,
        )
        if not 0 < bitrate <= HIGHEST_KILOBITS:
            raise StreamError("S4", f"{bitrate:g} kb/s", f"up to {HIGHEST_KILOBITS:g} kb/s")
        bits_per_second = round(1000 * bitrate)
        request = RateRequest(
            bits_per_second, frame, loss, milliseconds(redundancy), fec, settings.mode != "cbr", dred_bytes
        )
        chosen = load_encoder_model(model or model_of_profile(wire))
        profile = wire_to_write(wire, chosen)
        speech = read_speech(source, rate, channels)
        stopwatch, statistics = Stopwatch(), StreamStatistics(speech.seconds)
        encoder = StreamEncoder(
            speech,
            settings,
            bits_per_second,
            make_rule(rule, request, chosen),
            chosen,
            profile,
            stopwatch=stopwatch,
            largest_packet=largest_packet,
        )
        packets = list(shown(encoder.packets(), encoder.packet_count, "encoding", progress))
        for packet in packets:
            statistics.add(packet, frame / 1000)
        write_output(output, _file(packets, suffix, encoder, speech.channels, speech.file_rate))
        tell({"output": str(output), **statistics.to_json(stopwatch.seconds)}, as_json=as_json)


def _mode(mode: str, **switches: bool) -> str:
    chosen = [name for name, is_on in switches.items() if is_on]
    if len(chosen) > 1:
        raise StreamError("S4", "--vbr, --cvbr and --cbr exclude each other", "give one of them")
    return chosen[0] if chosen else mode


def _file(
    packets: list[EncodedPacket], suffix: str, encoder: StreamEncoder, channels: int, input_rate: int
) -> bytes:
    if SUFFIXES[suffix] == "bit":
        return write_opus_demo((packet.data, packet.final_range) for packet in packets)
    granule, placed = 0, []
    for packet in packets:
        granule = min(granule + packet_samples(packet.data), encoder.granule_end)
        placed.append((packet.data, granule))
    return ogg_file(placed, channels, encoder.pre_skip, input_rate)
