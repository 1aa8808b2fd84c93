"""Builds the native adapter from a copy of its sources: the sound one, and changed ones beside it."""

import concurrent.futures
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from dred_conformance.mutants.affected import AffectedObjects
from dred_conformance.mutants.catalogue import Mutant, MutantError
from dred_conformance.mutants.mechanical import without_comments

__all__ = ["CoreCopy"]

_FOLDERS = ("include", "src", "operations", "adapter")
# Whatever a bug does is to be the same on every machine: accesses beyond a view end the program, integers
# wrap around, and what is not initialised is zero.
_FLAGS = (
    *("-std=c++20", "-O1", "-g1", "-ffp-contract=off", "-fno-fast-math", "-w"),
    *("-D_GLIBCXX_ASSERTIONS", "-fwrapv"),
)
_ZERO_FLAG = "-ftrivial-auto-var-init=zero"  # g++ 12, clang 16; an older compiler does without
_VECTOR_MARK = "avx2"


def _json_folder() -> Path:
    found = importlib.util.find_spec("nlohmann_json")
    if found is None or not found.submodule_search_locations:
        raise MutantError("the Python package nlohmann_json is missing; pip install nlohmann_json")
    return Path(found.submodule_search_locations[0]) / "include"


class CoreCopy:
    """A copy of the core's sources with the objects made from them.

    Changed programs are built in folders of their own, so the copy stays sound and several can be built at
    once.

    Parameters
    ----------
    folder
        An empty folder for the copy.
    native
        The folder ``native`` of a checkout.
    jobs
        Compilers at once for the sound program.
    """

    def __init__(self, folder: Path, native: Path, jobs: int = os.cpu_count() or 1) -> None:
        self.folder = folder
        self._jobs = jobs
        for name in _FOLDERS:
            shutil.copytree(native / name, folder / name)
        template = (native / "include" / "dred" / "version.hpp.in").read_text(encoding="utf-8")
        generated = folder / "generated" / "dred"
        generated.mkdir(parents=True)
        (generated / "version.hpp").write_text(re.sub(r"@\w+@", "mutant", template), encoding="utf-8")
        self._compiler = os.environ.get("CXX") or shutil.which("c++") or "g++"
        self._flags = (*_FLAGS, _ZERO_FLAG) if self._knows(_ZERO_FLAG) else _FLAGS
        self._json_header = folder / "json" / "all.hpp"
        self._sources = [path for name in _FOLDERS for path in sorted((folder / name).glob("*.cpp"))]
        self._affected: dict[str, AffectedObjects] = {}

    def text(self, file: str) -> str:
        """Return a source of the sound core; ``file`` is relative to ``native/``.

        Raises
        ------
        MutantError
            There is no such source.
        """
        try:
            return (self.folder / file).read_text(encoding="utf-8")
        except OSError as error:
            raise MutantError(f"{file}: {error.strerror}") from error

    def digest(self) -> str:
        """Return a hash of what the compiler sees: sources without comments, its version and its options."""
        said = subprocess.run(  # noqa: S603 - the compiler of the user
            [self._compiler, "--version"], capture_output=True, text=True, check=False
        )
        digest = hashlib.sha256(" ".join([*self._flags, said.stdout]).encode())
        for path in sorted(path for name in _FOLDERS for path in (self.folder / name).rglob("*.[ch]pp")):
            code = without_comments(path.read_text(encoding="utf-8"))
            digest.update(f"{path.relative_to(self.folder).as_posix()}\0{code}\0".encode())
        return digest.hexdigest()

    def build(self, *, path: str = "scalar") -> Path:
        """Build the sound adapter for a path of the core (without the vector kernels for ``scalar``).

        Raises
        ------
        MutantError
            It does not compile.
        """
        if not self._json_header.is_file():
            self._compile_json_header()
        missing = [source for source in self._sources if not self._object(source, path).is_file()]
        with concurrent.futures.ThreadPoolExecutor(self._jobs) as pool:
            list(pool.map(lambda source: self._compile(source, self._object(source, path), path), missing))
        objects = {source: self._object(source, path) for source in self._sources}
        headers = sorted(path for name in ("include", "src") for path in (self.folder / name).rglob("*.hpp"))
        self._affected[path] = AffectedObjects(objects, headers)
        return self._link(list(objects.values()), f"adapter-{path}-sound")

    def build_mutant(self, mutant: Mutant) -> Path:
        """Build the adapter with a seeded bug.

        Raises
        ------
        MutantError
            The bug does not fit the source, or does not compile.
        """
        changed = mutant.apply(self.text(mutant.file))
        return self.build_changed(mutant.file, changed, path=mutant.path, name=mutant.id)

    def build_changed(self, file: str, changed: str, *, path: str, name: str) -> Path:
        """Build the adapter with one source changed; `build` for the path must have been called before.

        Raises
        ------
        MutantError
            It does not compile, or nothing is made from the file.
        """
        affected = self._affected[path].of(self.folder / file, changed)
        if not affected:
            raise MutantError(f"nothing is made from {file}")
        work = self.folder / f"work-{path}-{name}"
        try:
            for each in _FOLDERS:
                shutil.copytree(self.folder / each, work / each, copy_function=os.link)
            (work / file).unlink()
            (work / file).write_text(changed, encoding="utf-8")
            objects = []
            for source in self._sources:
                made = self._object(source, path)
                if source in affected:
                    made = work / self._object(source, path).name
                    self._compile(work / source.relative_to(self.folder), made, path, work)
                objects.append(made)
            return self._link(objects, f"adapter-{path}-{name}")
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def _object(self, source: Path, path: str) -> Path:
        """Return where the object of a source lies; only those of the vector kernels differ by path."""
        variant = f".{path}" if _VECTOR_MARK in source.stem else ""
        return self.folder / "objects" / f"{source.parent.name}-{source.stem}{variant}.o"

    def _compile_json_header(self) -> None:
        """Compile the largest header once: the adapter's sources spend most of their time in it."""
        self._json_header.parent.mkdir()
        self._json_header.write_text("#include <nlohmann/json.hpp>\n", encoding="utf-8")
        made = [str(self._json_header), "-o", f"{self._json_header}.gch"]
        self._run([*self._flags, "-isystem", str(_json_folder()), "-x", "c++-header", *made])

    def _compile(self, source: Path, made: Path, path: str, tree: Path | None = None) -> None:
        made.parent.mkdir(parents=True, exist_ok=True)
        root = tree or self.folder
        arguments = [*self._flags]
        if source.parent.name == "adapter":
            arguments += ["-include", str(self._json_header)]
        elif path == "avx2" and _VECTOR_MARK in source.stem:
            arguments += ["-mavx2"]
        arguments += [f"-I{root}", f"-I{root / 'include'}", f"-I{self.folder / 'generated'}"]
        arguments += ["-isystem", str(_json_folder()), "-MMD", "-c", str(source), "-o", str(made)]
        self._run(arguments)

    def _link(self, objects: Sequence[Path], name: str) -> Path:
        program = self.folder / name
        self._run([*map(str, objects), "-pthread", "-o", str(program)])
        return program

    def _knows(self, flag: str) -> bool:
        tried = subprocess.run(  # noqa: S603 - the compiler of the user
            [self._compiler, flag, "-fsyntax-only", "-x", "c++", os.devnull], capture_output=True, check=False
        )
        return tried.returncode == 0

    def _run(self, arguments: Sequence[str]) -> None:
        done = subprocess.run(  # noqa: S603 - the compiler of the user
            [self._compiler, *arguments], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise MutantError(f"{self._compiler} failed:\n{done.stderr[:3000]}")
