"""Cases and adapters for the tests of the runner."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dred_conformance.vectors.case import Case

_HERE = Path(__file__).parent


def _packet_case(number: int, *, size: int = 1) -> Case:
    payload = bytes([number % 256]) * size
    expected = {
        "config": 1,
        "stereo": False,
        "code": 0,
        "frames": [payload.hex()],
        "padding": "",
        "consumed": 1 + size,
    }
    common = ("comment", ("RFC6716-3.2.2-code0",), ("boundary",), "packet", "packet")
    case_input = {"packet": (b"\x08" + payload).hex()}
    return Case(
        f"packet-test-{number:08x}", *common, case_input, "valid", expected, None, "must", "constructed", ()
    )


@pytest.fixture
def packet_cases() -> Callable[..., list[Case]]:
    """A maker of cases about packets of code 0: ``packet_cases(count, size=1)``."""
    return lambda count, size=1: [_packet_case(number, size=size) for number in range(count)]


@pytest.fixture
def misbehaving() -> Callable[[str], list[str]]:
    """The command line of an adapter that misbehaves in a mode of ``misbehaving_adapter.py``."""
    return lambda mode: [sys.executable, str(_HERE / "misbehaving_adapter.py"), mode]


@pytest.fixture
def scripted(tmp_path: Path) -> Callable[..., list[str]]:
    """The command line of an adapter that answers with given bytes: ``scripted(answer, hello=b"")``."""

    def command(answer: bytes, hello: bytes = b"") -> list[str]:
        files = [tmp_path / "hello", tmp_path / "answer"]
        for file, content in zip(files, (hello, answer), strict=True):
            file.write_bytes(content)
        return [sys.executable, str(_HERE / "scripted_adapter.py"), *map(str, files)]

    return command


@pytest.fixture
def pids(tmp_path: Path) -> Path:
    """The file in which ``unruly_adapter.py`` notes its process ids."""
    return tmp_path / "pids"


@pytest.fixture
def unruly(pids: Path) -> Callable[[str], list[str]]:
    """The command line of an adapter that misbehaves in a mode of ``unruly_adapter.py``."""
    return lambda mode: [sys.executable, str(_HERE / "unruly_adapter.py"), mode, str(pids)]


def _is_alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    # A killed grandchild may stay a zombie for a while: only the machine's first process can reap it.
    return status.rpartition(")")[2].split()[0] not in "ZX"


@pytest.fixture
def left_over(pids: Path) -> Callable[[], list[int]]:
    """Return the noted processes that still run; there is at least one note."""

    def living() -> list[int]:
        noted = [int(line) for line in pids.read_text(encoding="utf-8").split()]
        assert noted
        deadline = time.monotonic() + 20.0  # a kill takes effect when the kernel gets to it
        while any(map(_is_alive, noted)) and time.monotonic() < deadline:
            time.sleep(0.01)
        return [pid for pid in noted if _is_alive(pid)]

    return living
