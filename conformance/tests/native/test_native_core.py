"""The C++ core by itself: no allocation, no floating point, and neither sanitizer has anything to say."""

import os
import platform
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

NATIVE = Path(__file__).parents[3] / "native"
COMPILER = os.environ.get("CXX") or shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")
IS_X86 = platform.machine() in {"x86_64", "AMD64"}
RELEASE = ["-O2", "-DNDEBUG", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Wsign-conversion"]
SANITIZERS = ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]

# What runs between a packet and its features; loading models and the float32 values of latents do not.
DECODING = (
    *("packet_reader", "extension_reader", "location", "wire_profile", "payload_header", "range_decoder"),
    *("laplace", "packet_feature_decoder", "latent_input", "fixed_point", "feature_decoder", "kernel_path"),
    *("tanh_table", "kernels_scalar", "kernels_avx2"),
)
# What decides between all of these.
RECEIVING = ("reception", "lbrr", "redundancy_search", "receiver")
# What runs between latents and a payload; only quantising them, in latent.cpp, needs floating point.
WRITING = ("redundancy_selection", "redundancy_writer", "payload_header", "laplace", "range_encoder")
FLOAT_INSTRUCTION = re.compile(
    r"v?(add|sub|mul|div|sqrt|rsqrt|rcp|min|max|round|cmp\w*|u?comi|hadd|hsub|addsub|dp)(ss|sd|ps|pd)"
    r"|v?fn?m(add|sub)\w*|v?cvt\w+|f(i?ld|i?st|i?add|i?sub|i?mul|i?div|xch|chs|abs|com|ucom)\w*"
)

pytestmark = [
    pytest.mark.skipif(not NATIVE.is_dir(), reason="the C++ sources are not here: not a checkout"),
    pytest.mark.skipif(COMPILER is None, reason="no C++ compiler"),
]


def compile_files(folder: Path, sources: list[Path], flags: list[str]) -> list[Path]:
    """Compile files with flags of the test's own, two at a time."""
    options = ["-std=c++20", "-ffp-contract=off", f"-I{NATIVE}", f"-I{NATIVE / 'include'}", *flags]

    def compile_one(source: Path) -> Path:
        assert COMPILER is not None
        target = folder / f"{source.stem}.o"
        own = ["-mavx2"] if source.stem.endswith("_avx2") and IS_X86 else []
        done = subprocess.run(
            [COMPILER, *options, *own, "-c", str(source), "-o", str(target)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        return target

    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(compile_one, sources))


def compile_core(folder: Path, flags: list[str]) -> list[Path]:
    return compile_files(folder, sorted((NATIVE / "src").glob("*.cpp")), flags)


@pytest.fixture(scope="module")
def release_core(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The object files of the core, optimised."""
    return compile_core(tmp_path_factory.mktemp("release"), RELEASE)


def run_program(name: str, core: list[Path], folder: Path, flags: list[str]) -> str:
    """Build a program of native/tests, run it, return what it prints."""
    assert COMPILER is not None
    objects = compile_files(folder, [NATIVE / "tests" / f"{name}.cpp"], flags) + core
    program = folder / name
    subprocess.run([COMPILER, *flags, *map(str, objects), "-o", str(program)], check=True)
    done = subprocess.run([str(program)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_reading_and_decoding_allocates_nothing(release_core: list[Path], tmp_path: Path) -> None:
    assert run_program("vocoder_test", release_core, tmp_path, RELEASE).endswith("allocations 0\n")
    assert run_program("receiver_test", release_core, tmp_path, RELEASE).endswith("allocations 0\n")
    assert run_program("allocation_test", release_core, tmp_path, RELEASE).endswith("allocations 0\n")


def test_the_sanitizers_find_nothing(tmp_path: Path) -> None:
    core = compile_core(tmp_path, SANITIZERS)
    assert run_program("allocation_test", core, tmp_path, SANITIZERS).endswith("allocations 0\n")
    assert run_program("vocoder_test", core, tmp_path, SANITIZERS).endswith("allocations 0\n")
    assert run_program("receiver_test", core, tmp_path, SANITIZERS).endswith("allocations 0\n")


@pytest.mark.clause("FIX-input", "DRED-dequantise", "DRED-scale-zero", "DRED-level-input")
def test_the_integer_route_to_q16_is_the_floating_point_one(release_core: list[Path], tmp_path: Path) -> None:
    assert run_program("fixed_point_test", release_core, tmp_path, RELEASE).endswith("failed 0\n")


def instructions(objects: list[Path]) -> set[str]:
    done = subprocess.run(
        ["objdump", "-d", "--no-show-raw-insn", *map(str, objects)],
        capture_output=True,
        text=True,
        check=True,
    )
    line = re.compile(r"^\s+[0-9a-f]+:\s+(?:(?:rep|repz|lock|bnd|notrack) )*(\w+)", re.MULTILINE)
    return set(line.findall(done.stdout))


@pytest.mark.skipif(not IS_X86, reason="knows the instructions of x86-64 only")
@pytest.mark.skipif(shutil.which("objdump") is None, reason="no objdump")
def test_no_floating_point_instruction_between_packet_and_features(release_core: list[Path]) -> None:
    objects = {path.stem: path for path in release_core}
    used = instructions([objects[name] for name in DECODING])
    assert {"vpmaddwd", "imul", "ret"} <= used
    assert {name for name in used if FLOAT_INSTRUCTION.fullmatch(name)} == set()
    # The search finds what there is to find: in the float32 values of the latent stage.
    floats = {name for name in instructions([objects["latent"]]) if FLOAT_INSTRUCTION.fullmatch(name)}
    assert {"divss", "mulss"} <= floats
    used = instructions([objects[name] for name in (*WRITING, *RECEIVING)])
    assert {name for name in used if FLOAT_INSTRUCTION.fullmatch(name)} == set()


@pytest.mark.skipif(not IS_X86, reason="there is no AVX2 elsewhere")
@pytest.mark.skipif(shutil.which("nm") is None, reason="no nm")
@pytest.mark.parametrize("optimisation", ["-O0", "-O3"])
@pytest.mark.parametrize(
    ("name", "function"),
    [("kernels", "avx2_kernels"), ("vocoder_kernels", "avx2_vocoder_kernels")],
)
def test_the_avx2_files_share_no_function_with_others(
    tmp_path: Path, name: str, function: str, optimisation: str
) -> None:
    (compiled,) = compile_files(tmp_path, [NATIVE / "src" / f"{name}_avx2.cpp"], [optimisation])
    done = subprocess.run(["nm", "-C", str(compiled)], capture_output=True, text=True, check=True)
    # A weak function could be the one that the linker keeps for all, and it would need AVX2.
    weak = [line for line in done.stdout.splitlines() if re.search(r" [WVu] ", line)]
    assert [line for line in weak if "__gxx_personality" not in line] == []
    assert f"dred::{function}()" in done.stdout
