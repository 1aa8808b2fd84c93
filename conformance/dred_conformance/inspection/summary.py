"""What a whole stream holds, added up packet by packet in bounded memory."""

from collections import Counter
from dataclasses import dataclass

from dred_conformance.inspection.record import Finding, PacketReport, Severity

BIN_MS = 100
_JUMPING_CONFIGURATIONS = 12


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something was seen."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Told:
    """A finding or a reason: how often, and the first packet that has it, in its words."""

    code: str
    severity: Severity
    count: int
    first_packet: int
    text: str


@dataclass(frozen=True, slots=True)
class Spread:
    """Smallest, mean and largest of a series."""

    smallest: float
    mean: float
    largest: float


@dataclass(frozen=True, slots=True)
class Bin:
    """A bar of the histogram of coverage."""

    from_ms: int
    to_ms: int
    count: int


@dataclass(frozen=True, slots=True)
class StreamSummary:
    """A stream in numbers.

    Attributes
    ----------
    packets
        Records of the container, lost ones included.
    duration_ms
        Audio of all valid packets.
    base_bits_per_s, dred_bits_per_s, padding_bits_per_s
        TOC, lengths and frames; DRED payloads; the rest of the padding. Over `duration_ms`.
    lost_covered
        Lost packets whose time the DRED of the next packet that arrived reaches back to.
    dred_share
        Share of DRED payloads in the packets that have them, 0 to 1.
    coverage_ms
        Time that one packet covers, over packets with DRED whose symbols could be read.
    offset_ms
        End of the newest coded speech relative to the packet.
    reasons
        Why packets have no DRED.
    """

    packets: int
    lost: int
    lost_covered: int
    valid: int
    with_dred: int
    duration_ms: float
    total_bytes: int
    dred_bytes: int
    padding_bytes: int
    base_bits_per_s: float
    dred_bits_per_s: float
    padding_bits_per_s: float
    dred_share: Spread | None
    coverage_ms: Spread | None
    coverage_histogram: tuple[Bin, ...]
    latents: Spread | None
    offset_ms: Spread | None
    offsets_negative: int
    offsets_zero: int
    configurations: tuple[Tally, ...]
    packet_durations: tuple[Tally, ...]
    levels: tuple[Tally, ...]
    extensions: tuple[Tally, ...]
    rejections: tuple[Tally, ...]
    reasons: tuple[Told, ...]
    findings: tuple[Told, ...]
    source_notes: int
    remarks: tuple[str, ...]


class _Series:
    """Smallest, sum and largest."""

    def __init__(self) -> None:
        self._count = 0
        self._sum = self._smallest = self._largest = 0.0

    def add(self, value: float) -> None:
        self._smallest = value if not self._count else min(self._smallest, value)
        self._largest = value if not self._count else max(self._largest, value)
        self._count += 1
        self._sum += value

    def spread(self) -> Spread | None:
        return Spread(self._smallest, self._sum / self._count, self._largest) if self._count else None


class _Collection:
    """Findings by code, with the first of each."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._first: dict[str, tuple[Finding, int]] = {}

    def add(self, finding: Finding, packet: int) -> None:
        self._counts[finding.code] += 1
        self._first.setdefault(finding.code, (finding, packet))

    def told(self) -> tuple[Told, ...]:
        return tuple(
            Told(code, self._first[code][0].severity, number, self._first[code][1], self._first[code][0].text)
            for code, number in self._counts.most_common()
        )


def _tallies(counter: Counter[str]) -> tuple[Tally, ...]:
    return tuple(Tally(value, number) for value, number in counter.most_common())


class StreamStatistics:
    """Adds up reports."""

    def __init__(self) -> None:
        self._packets = self._lost = self._valid = self._with_dred = self._source_notes = 0
        self._lost_covered = self._gap = 0
        self._duration_ms = 0.0
        self._total_bytes = self._valid_bytes = self._dred_bytes = self._padding_bytes = 0
        self._share, self._coverage, self._latents, self._offset = _Series(), _Series(), _Series(), _Series()
        self._bins: Counter[int] = Counter()
        self._negative = self._zero = 0
        self._configurations: Counter[str] = Counter()
        self._durations: Counter[str] = Counter()
        self._levels: Counter[str] = Counter()
        self._extensions: Counter[int] = Counter()
        self._rejections: Counter[str] = Counter()
        self._config_numbers: set[int] = set()
        self._reasons, self._findings = _Collection(), _Collection()

    def add(self, report: PacketReport) -> None:
        """Take one packet into account."""
        self._packets += 1
        self._lost += report.lost
        self._add_losses(report)
        self._total_bytes += report.size_bytes
        self._source_notes += len(report.source_notes)
        for rejection in (report.fault, report.rejection):
            if rejection is not None:
                self._rejections[f"{rejection.rule} ({rejection.stage})"] += 1
        self._extensions.update(extension.id for extension in report.extensions)
        if report.absence is not None:
            self._reasons.add(Finding(report.absence.code, "note", report.absence.text), report.index)
        for finding in report.findings:
            self._findings.add(finding, report.index)
        if report.toc is not None and report.duration_ms is not None:
            toc = report.toc
            self._valid += 1
            self._valid_bytes += report.size_bytes
            self._duration_ms += report.duration_ms
            self._config_numbers.add(toc.config)
            channels = "stereo" if toc.stereo else "mono"
            self._configurations[
                f"{toc.mode} {toc.bandwidth}, frames of {toc.frame_ms:g} ms, {channels} (config {toc.config})"
            ] += 1
            self._durations[f"{report.duration_ms:g} ms"] += 1
            self._add_dred(report)

    def _add_losses(self, report: PacketReport) -> None:
        """Count how many packets of the gap just before this one its DRED reaches back to."""
        if report.lost:
            self._gap += 1
            return
        dred = report.dred
        if self._gap and dred is not None and dred.coverage is not None and report.duration_ms:
            self._lost_covered += min(self._gap, max(0, int(-dred.coverage.oldest_ms // report.duration_ms)))
        self._gap = 0

    def _add_dred(self, report: PacketReport) -> None:
        dred = report.dred
        self._padding_bytes += report.padding_bytes - (dred.payload_bytes if dred is not None else 0)
        if dred is None:
            return
        self._with_dred += 1
        self._dred_bytes += dred.payload_bytes
        self._share.add(dred.payload_bytes / report.size_bytes)
        self._offset.add(dred.offset_ms)
        self._negative += dred.offset_2p5ms < 0
        self._zero += dred.offset_2p5ms == 0
        self._levels[f"q0 {dred.q0}, dQ {dred.dq}, qmax {dred.qmax}"] += 1
        if dred.coverage is not None:
            self._coverage.add(dred.coverage.duration_ms)
            self._latents.add(len(dred.latents))
            self._bins[int(dred.coverage.duration_ms) // BIN_MS] += 1

    def _remarks(self) -> tuple[str, ...]:
        remarks = []
        if len(self._config_numbers) > _JUMPING_CONFIGURATIONS:
            remarks.append(
                f"the packets use {len(self._config_numbers)} of the 32 configurations, as no encoder does: "
                "is the stream encrypted (SRTP), or not Opus?"
            )
        if self._valid and not self._with_dred:
            remarks.append(
                "libopus sends DRED when it was built with it, a DRED duration is set, packet loss is "
                "expected (VBR), and the bit rate leaves room for 80 ms of it at least"
            )
        if self._with_dred and self._coverage.spread() is None:
            remarks.append("no model is at hand, so only the headers of the DRED payloads were read")
        return tuple(remarks)

    def summary(self) -> StreamSummary:
        """Return what was added up so far."""
        seconds = self._duration_ms / 1000

        def rate(number: int) -> float:
            return 8 * number / seconds if seconds else 0.0

        highest = max(self._bins, default=-1)
        return StreamSummary(
            packets=self._packets,
            lost=self._lost,
            lost_covered=self._lost_covered,
            valid=self._valid,
            with_dred=self._with_dred,
            duration_ms=self._duration_ms,
            total_bytes=self._total_bytes,
            dred_bytes=self._dred_bytes,
            padding_bytes=self._padding_bytes,
            base_bits_per_s=rate(self._valid_bytes - self._dred_bytes - self._padding_bytes),
            dred_bits_per_s=rate(self._dred_bytes),
            padding_bits_per_s=rate(self._padding_bytes),
            dred_share=self._share.spread(),
            coverage_ms=self._coverage.spread(),
            coverage_histogram=tuple(
                Bin(BIN_MS * number, BIN_MS * (number + 1), self._bins[number])
                for number in range(highest + 1)
            ),
            latents=self._latents.spread(),
            offset_ms=self._offset.spread(),
            offsets_negative=self._negative,
            offsets_zero=self._zero,
            configurations=_tallies(self._configurations),
            packet_durations=_tallies(self._durations),
            levels=_tallies(self._levels),
            extensions=tuple(Tally(str(number), times) for number, times in self._extensions.most_common()),
            rejections=_tallies(self._rejections),
            reasons=self._reasons.told(),
            findings=self._findings.told(),
            source_notes=self._source_notes,
            remarks=self._remarks(),
        )
