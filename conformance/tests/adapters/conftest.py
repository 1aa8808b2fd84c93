"""Processes of the adapters in other languages, each built or found where the machine can."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

ADAPTERS = Path(__file__).parents[2] / "adapters"
STUB = Path(__file__).parent / "opus_stub"
SANITIZERS = "-fsanitize=address,undefined"
Talk = Callable[..., list[Any]]


def exchange(
    command: Sequence[str],
    requests: Sequence[dict[str, Any] | bytes],
    environment: dict[str, str] | None = None,
) -> list[Any]:
    """Send requests, or lines as they are; return the answers of an adapter that must end well."""
    lines = [item if isinstance(item, bytes) else json.dumps(item).encode() for item in requests]
    done = subprocess.run(
        list(command),
        input=b"\n".join(lines) + b"\n",
        capture_output=True,
        check=False,
        timeout=120,
        env={**os.environ, **(environment or {})},
    )
    assert (done.returncode, done.stderr.decode()) == (0, "")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(requests)
    return answers


@pytest.fixture(scope="session")
def node_command() -> list[str]:
    """The Node.js adapter."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is missing; on Debian: apt-get install nodejs")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.strip().lstrip("v").split(".")[0]) < 18:
        pytest.skip(f"Node.js {version.strip()} is too old; 18 or newer is needed")
    return [node, str(ADAPTERS / "nodejs" / "adapter.js")]


def run_tool(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a tool of the build with more variables in its environment."""
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **variables}
    )


@pytest.fixture(scope="session")
def build_tools() -> None:
    """Skip where there is no C compiler, make, pkg-config or jansson."""
    for tool in ("cc", "make", "ar", "pkg-config"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is missing; on Debian: apt-get install gcc make binutils pkg-config")
    if run_tool("pkg-config", "--exists", "jansson").returncode != 0:
        pytest.skip("jansson is missing; on Debian: apt-get install libjansson-dev")


def pretend_libopus(folder: Path, version: str) -> str:
    """Write an ``opus.pc`` for the stub; return its folder, for PKG_CONFIG_PATH."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = (
        "Name: Opus",
        "Description: a stub",
        f"Version: {version}",
        f"Cflags: -I{STUB}",
        f"Libs: -L{folder} -lopus",
    )
    (folder / "opus.pc").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(folder)


def make_adapter(build: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Build the libopus adapter into a folder."""
    return run_tool("make", "-C", str(ADAPTERS / "libopus"), f"BUILD={build}", **variables)


@pytest.fixture(scope="session")
def libopus_program(build_tools: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The libopus adapter over a library that only pretends, with both sanitizers and warnings as errors."""
    folder = tmp_path_factory.mktemp("libopus")
    package = pretend_libopus(folder / "stub", "1.6.1")
    flags = f"-g -O1 -Werror -Wsign-conversion {SANITIZERS} -fno-sanitize-recover=all"
    library = Path(package) / "opus_stub.o"
    compiled = run_tool(
        "cc",
        "-Wall",
        "-Wextra",
        "-Werror",
        *flags.split(),
        "-c",
        str(STUB / "opus_stub.c"),
        "-o",
        str(library),
    )
    if compiled.returncode != 0 and "sanitize" in compiled.stderr:
        pytest.skip("the compiler has no sanitizers; on Debian: apt-get install gcc libasan8 libubsan1")
    assert compiled.returncode == 0, compiled.stderr
    assert run_tool("ar", "rcs", f"{package}/libopus.a", str(library)).returncode == 0
    built = make_adapter(folder / "build", PKG_CONFIG_PATH=package, CFLAGS=flags)
    assert built.returncode == 0, built.stderr
    return folder / "build" / "dred-libopus-adapter"


@pytest.fixture
def talk_to() -> Callable[..., list[Any]]:
    """``talk_to(command, *requests, NAME=value)`` returns the answers; the names go to the environment."""

    def send(command: Sequence[str], *requests: dict[str, Any] | bytes, **environment: str) -> list[Any]:
        return exchange(command, requests, environment)

    return send


@pytest.fixture
def make_libopus() -> Callable[..., subprocess.CompletedProcess[str]]:
    """The build of the libopus adapter, with variables of the test's own."""
    return make_adapter


@pytest.fixture
def stub_package() -> Callable[[Path, str], str]:
    """A maker of ``opus.pc`` files: ``stub_package(folder, version)``."""
    return pretend_libopus
