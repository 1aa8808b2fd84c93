"""Builds the native adapter from a copy of its sources, whole first, then once per seeded bug."""

import concurrent.futures
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from dred_conformance.mutants.catalogue import Mutant, MutantError

__all__ = ["CoreCopy"]

_FOLDERS = ("include", "src", "operations", "adapter")
_FLAGS = ("-std=c++20", "-O1", "-ffp-contract=off", "-fno-fast-math", "-MMD")
_AVX2_MARK = "avx2"


def _json_folder() -> Path:
    found = importlib.util.find_spec("nlohmann_json")
    if found is None or not found.submodule_search_locations:
        raise MutantError("the Python package nlohmann_json is missing; pip install nlohmann_json")
    return Path(found.submodule_search_locations[0]) / "include"


class CoreCopy:
    """A copy of the core's sources with the objects made from them.

    Parameters
    ----------
    folder
        An empty folder for the copy.
    native
        The folder ``native`` of a checkout.
    jobs
        Compilers at once.
    """

    def __init__(self, folder: Path, native: Path, jobs: int = os.cpu_count() or 1) -> None:
        self._folder = folder
        self._jobs = jobs
        for name in _FOLDERS:
            shutil.copytree(native / name, folder / name)
        template = (native / "include" / "dred" / "version.hpp.in").read_text(encoding="utf-8")
        generated = folder / "generated" / "dred"
        generated.mkdir(parents=True)
        (generated / "version.hpp").write_text(re.sub(r"@\w+@", "mutant", template), encoding="utf-8")
        self._compiler = os.environ.get("CXX") or shutil.which("c++") or "g++"
        self._sources = [path for name in _FOLDERS for path in sorted((folder / name).glob("*.cpp"))]
        self._include = [f"-I{folder}", f"-I{folder / 'include'}", f"-I{folder / 'generated'}"]
        self._include += ["-isystem", str(_json_folder())]

    def build(self, *, path: str = "scalar") -> Path:
        """Build the adapter for a path of the core (without the vector kernels for ``scalar``).

        Raises
        ------
        MutantError
            It does not compile.
        """
        self._compile(self._sources, path)
        return self._link(path)

    def build_mutant(self, mutant: Mutant) -> Path:
        """Build the adapter with a seeded bug; the copy is sound again afterwards.

        `build` for the path of the bug must have been called before.

        Raises
        ------
        MutantError
            The bug does not fit the source, or does not compile.
        """
        source = self._folder / mutant.file
        sound = source.read_text(encoding="utf-8")
        affected = self._affected(source, mutant.path)
        source.write_text(mutant.apply(sound), encoding="utf-8")
        try:
            self._compile(affected, mutant.path)
            return self._link(mutant.path, mutant.id)
        finally:
            source.write_text(sound, encoding="utf-8")
            for each in affected:
                shutil.move(self._kept(each, mutant.path), self._object(each, mutant.path))

    def _object(self, source: Path, path: str) -> Path:
        return self._folder / "objects" / path / f"{source.parent.name}-{source.stem}.o"

    def _kept(self, source: Path, path: str) -> Path:
        return self._object(source, path).with_suffix(".sound")

    def _affected(self, source: Path, path: str) -> list[Path]:
        """Return the sources to be compiled anew when `source` changes; their sound objects are put aside."""
        affected = []
        for each in self._sources:
            made_from = self._object(each, path).with_suffix(".d").read_text(encoding="utf-8").split()
            if str(source) in made_from:
                affected.append(each)
                shutil.copyfile(self._object(each, path), self._kept(each, path))
        if not affected:
            raise MutantError(f"nothing is made from {source.relative_to(self._folder)}")
        return affected

    def _compile(self, sources: Sequence[Path], path: str) -> None:
        (self._folder / "objects" / path).mkdir(parents=True, exist_ok=True)
        with concurrent.futures.ThreadPoolExecutor(self._jobs) as pool:
            list(pool.map(lambda source: self._compile_one(source, path), sources))

    def _compile_one(self, source: Path, path: str) -> None:
        extra = ["-mavx2"] if path == "avx2" and _AVX2_MARK in source.stem else []
        self._run([*_FLAGS, *extra, *self._include, "-c", str(source), "-o", str(self._object(source, path))])

    def _link(self, path: str, name: str = "sound") -> Path:
        program = self._folder / f"adapter-{path}-{name}"
        objects = [str(self._object(source, path)) for source in self._sources]
        self._run([*objects, "-pthread", "-o", str(program)])
        return program

    def _run(self, arguments: Sequence[str]) -> None:
        done = subprocess.run(  # noqa: S603 - the compiler of the user
            [self._compiler, *arguments], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise MutantError(f"{self._compiler} failed:\n{done.stderr[:3000]}")
