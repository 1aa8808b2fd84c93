"""One line per packet, for looking over a stream."""

from rich.text import Text

from dred_conformance.inspection.record import PacketReport
from dred_conformance.inspection.terminal import STYLES, plain

HEADER = f"{'packet':>7} {'bytes':>5} {'audio':<28} {'DRED':<38} remarks"


def _audio(report: PacketReport) -> str:
    toc = report.toc
    if toc is None:
        return "lost" if report.lost else "rejected"
    channels = "stereo" if toc.stereo else "mono"
    return f"{toc.mode} {toc.bandwidth} {channels} {len(report.frame_bytes)} x {toc.frame_ms:g} ms"


def _dred(report: PacketReport) -> str:
    dred = report.dred
    if dred is None:
        return "" if report.absence is None else report.absence.code
    size = f"{dred.payload_bytes} B"
    if dred.coverage is None:
        return f"{size}, offset {dred.offset_ms:g} ms"
    return f"{size}, {dred.coverage.oldest_ms:g} to {dred.coverage.newest_ms:g} ms"


def packet_line(report: PacketReport) -> Text:
    """Return a packet in one line: size, audio, what DRED covers or why there is none, codes of findings."""
    line = Text(f"{report.index:>7} {report.size_bytes:>5} {_audio(report):<28} ")
    line.append(f"{plain(_dred(report)):<38} ", style="green" if report.dred is not None else "dim")
    for rejection in (report.fault, report.rejection):
        if rejection is not None:
            line.append(f"{rejection.rule} ", style=STYLES["error"])
    for finding in report.findings:
        line.append(f"{finding.code} ", style=STYLES[finding.severity])
    line.rstrip()
    return line
