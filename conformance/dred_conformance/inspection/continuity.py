"""What a packet says about the past against what the packet before it said.

The same speech cannot stand at two places in time. When the symbols of two packets in a row are the same, the
second must place them earlier by exactly the duration of the first.
"""

from dataclasses import replace

from dred_conformance.inspection.record import DredReport, Finding, PacketReport
from dred_conformance.inspection.wording import milliseconds


def _same_speech(before: DredReport, now: DredReport) -> bool:
    """Tell whether two payloads carry the same state and latents; one may have fewer of them."""
    if before.state is None or before.model != now.model or not (before.latents and now.latents):
        return False
    shared = min(len(before.latents), len(now.latents))
    return (
        (before.q0, before.dq, before.qmax, before.state) == (now.q0, now.dq, now.qmax, now.state)
        and any(before.state)
        and all(
            one.symbols == other.symbols
            for one, other in zip(before.latents[:shared], now.latents[:shared], strict=True)
        )
    )


class Continuity:
    """Remembers the last packet."""

    def __init__(self) -> None:
        self._before: PacketReport | None = None

    def gap(self, report: PacketReport) -> PacketReport:
        """Forget: what comes next does not follow what came before."""
        self._before = None
        return report

    def check(self, report: PacketReport) -> PacketReport:
        """Add a finding if `report` contradicts the packet before it."""
        before, self._before = self._before, report
        if before is None or before.dred is None or report.dred is None or before.duration_ms is None:
            return report
        if before.index + 1 != report.index or not _same_speech(before.dred, report.dred):
            return report
        shift_ms = report.dred.offset_ms + before.duration_ms - before.dred.offset_ms
        if shift_ms == 0:
            return report
        way = "later" if shift_ms > 0 else "earlier"
        finding = Finding(
            "offset-contradicts",
            "warning",
            f"the same symbols as in packet {before.index}, but {milliseconds(abs(shift_ms))} {way}: one of "
            "the two offsets is wrong (libopus does this in the first packet after silence)",
            "DRED-offset-sign",
        )
        return replace(report, findings=(*report.findings, finding))
