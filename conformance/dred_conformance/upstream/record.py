"""One record of a ``vectorN_dred.bit`` file."""

from dataclasses import dataclass

from dred_conformance.upstream.errors import UpstreamError

__all__ = ["FRAMES_PER_CHUNK", "LARGEST_DATA", "MOST_CHUNKS", "Record", "fault_of_field"]

LEVELS = 16
MOST_CHUNKS = 50
CHUNKS_PER_LATENT = 2
FRAMES_PER_CHUNK = 2
LARGEST_DATA = 100_000  # bytes


def fault_of_field(name: str, value: int) -> str | None:
    """Return what is wrong with a field, ``q0``, ``chunks`` or ``bytes``, or ``None``."""
    if name == "q0" and not 0 <= value < LEVELS:
        return f"q0 is {value}, not 0 to {LEVELS - 1}"
    if name == "chunks" and not 0 <= value <= MOST_CHUNKS:
        return f"{value} chunks are not 0 to {MOST_CHUNKS}"
    if name == "chunks" and value % CHUNKS_PER_LATENT:
        return f"{value} chunks are no whole number of latents"
    if name == "bytes" and not 0 <= value <= LARGEST_DATA:
        return f"{value} bytes of data are not 0 to {LARGEST_DATA}"
    return None


@dataclass(frozen=True, slots=True)
class Record:
    """A state and latents, range-coded, without the header of a DRED payload.

    Attributes
    ----------
    q0 : int
        Quantiser level of the state and of every latent, 0 to 15.
    chunks : int
        Length in units of 20 ms, two per latent; even, at most 50  # nb_chunks
    data : bytes
        The range-coded symbols, at most 100000 bytes.

    Raises
    ------
    UpstreamError
        A field is out of its range.
    """

    q0: int
    chunks: int
    data: bytes

    def __post_init__(self) -> None:
        for name, value in (("q0", self.q0), ("chunks", self.chunks), ("bytes", len(self.data))):
            fault = fault_of_field(name, value)
            if fault is not None:
                raise UpstreamError(fault)

    @property
    def latent_count(self) -> int:
        """How many latents there are, 40 ms each."""
        return self.chunks // CHUNKS_PER_LATENT

    @property
    def frame_count(self) -> int:
        """How many feature frames of 10 ms it stands for."""
        return FRAMES_PER_CHUNK * self.chunks
