"""The C++ core by itself: reading allocates nothing, and neither sanitizer has anything to say."""

import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

NATIVE = Path(__file__).parents[3] / "native"
COMPILER = os.environ.get("CXX") or shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")


def compile_program(folder: Path, flags: list[str]) -> Path:
    """Compile the allocation test and the core with flags of its own, two files at a time."""
    assert COMPILER is not None
    sources = [NATIVE / "tests" / "allocation_test.cpp", *sorted((NATIVE / "src").glob("*.cpp"))]
    options = ["-std=c++20", "-ffp-contract=off", f"-I{NATIVE}", f"-I{NATIVE / 'include'}", *flags]

    def compile_one(source: Path) -> Path:
        target = folder / f"{source.stem}.o"
        done = subprocess.run(
            [COMPILER, *options, "-c", str(source), "-o", str(target)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        return target

    with ThreadPoolExecutor(max_workers=2) as pool:
        objects = list(pool.map(compile_one, sources))
    program = folder / "allocation-test"
    subprocess.run([COMPILER, *flags, *map(str, objects), "-o", str(program)], check=True)
    return program


@pytest.mark.skipif(not NATIVE.is_dir(), reason="the C++ sources are not here: not a checkout")
@pytest.mark.skipif(COMPILER is None, reason="no C++ compiler")
@pytest.mark.parametrize(
    "flags",
    [
        pytest.param(
            ["-O2", "-DNDEBUG", "-Wall", "-Wextra", "-Wconversion", "-Wsign-conversion"], id="release"
        ),
        pytest.param(
            ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"], id="sanitizers"
        ),
    ],
)
def test_reading_packets_extensions_and_payloads_allocates_nothing(tmp_path: Path, flags: list[str]) -> None:
    done = subprocess.run(
        [str(compile_program(tmp_path, flags))], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("allocations 0\n")
