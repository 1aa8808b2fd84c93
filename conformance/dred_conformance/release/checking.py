"""Everything that can be checked about a release: its vectors, its changelog, its hashes."""

from collections.abc import Iterator
from pathlib import Path

from dred_conformance.release.changelog import CHANGELOG_NAME, changelog_problems
from dred_conformance.release.meaning import read_contents
from dred_conformance.release.sums import SUMS_NAME, sums_problems
from dred_conformance.vectors.errors import Problem
from dred_conformance.vectors.verification import vector_problems

__all__ = ["release_problems"]


def release_problems(folder: Path, *, must_have_sums: bool = False) -> Iterator[Problem]:
    """Yield every problem of a release.

    Parameters
    ----------
    folder
        The folder of vectors.
    must_have_sums
        Whether ``SHA256SUMS`` must be there, as in the file of a release.

    Raises
    ------
    VectorError
        It has no manifest that can be read.
    """
    if must_have_sums or (folder / SUMS_NAME).exists():
        yield from sums_problems(folder)
    is_intact = True
    for problem in vector_problems(folder):
        is_intact = False
        yield problem
    if not is_intact:
        # Figures of damaged vectors would only say the same again.
        if not (folder / CHANGELOG_NAME).is_file():
            yield Problem(CHANGELOG_NAME, "is missing")
        return
    contents = read_contents(folder)
    yield from changelog_problems(folder, contents.manifest.version, contents.figures())
