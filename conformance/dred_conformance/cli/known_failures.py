"""The list of known failures of ``dred conform``: read, made, shortened, and told about."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from dred_conformance.cli.files import write_text_whole
from dred_conformance.runner.baseline import Baseline, BaselineError
from dred_conformance.runner.results import Campaign
from dred_conformance.runner.verdict import Verdict

__all__ = ["BaselineOptions"]

_SHOWN = 20


@dataclass(frozen=True)
class BaselineOptions:
    """What the user wants of a list of known failures.

    Attributes
    ----------
    path
        The file, if any.
    creates
        Make it from this run.
    updates
        Take out of it what does not fail any more.
    """

    path: Path | None
    creates: bool
    updates: bool

    def read(self) -> Baseline:
        """Return the list to run with: an empty one if there is none, or if it is yet to be made.

        Raises
        ------
        BaselineError
            The options do not fit each other, or the file.
        """
        if self.creates and self.updates:
            raise BaselineError(
                "--baseline-create makes a file, --baseline-update shortens one: give one of them"
            )
        if self.path is None:
            if self.creates or self.updates:
                raise BaselineError("--baseline FILE is missing: it says which file")
            return Baseline.of(())
        if not self.creates:
            return Baseline.read(self.path)
        if self.path.exists():
            raise BaselineError(
                f"{self.path}: is there already and may only shrink; --baseline-update does that"
            )
        if not self.path.absolute().parent.is_dir():
            raise BaselineError(f"{self.path}: the folder is missing; make it first")
        return Baseline.of(())

    def apply(self, campaign: Campaign, baseline: Baseline, existing: Collection[str]) -> Campaign:
        """Return the campaign compared with the list, after writing the list if that is wanted.

        Parameters
        ----------
        campaign
            What was found.
        baseline
            The list that was read.
        existing
            The ids of all cases of the vectors.
        """
        if self.path is None:
            return campaign
        if self.creates:
            baseline = self._created(campaign)
        compared = campaign.compared_with(baseline.ids, existing)
        found = compared.known_failures
        if not self.updates or found is None or not found.removable:
            return compared
        write_text_whole(self.path, baseline.without(found.removable).text)
        return replace(compared, known_failures=replace(found, is_updated=True))

    def _created(self, campaign: Campaign) -> Baseline:
        assert self.path is not None
        missing = campaign.counts[Verdict.NOT_RUN]
        if missing:
            typer.echo(f"{self.path}: not written, because {missing} cases were not run", err=True)
            return Baseline.of(())
        baseline = Baseline.of(result.case.id for result in campaign.results if result.is_new_failure)
        write_text_whole(self.path, baseline.text)
        return baseline

    def tell(self, campaign: Campaign) -> None:
        """Say on the standard error what the run means for the list."""
        found = campaign.known_failures
        if found is None:
            return
        typer.echo(f"{self.path}: {len(found.failed)} failures are known, {len(found.new)} are new", err=True)
        _tell("new failure, not on the list", found.new)
        if found.unjudged:
            typer.echo(f"{len(found.unjudged)} known failures were not judged in this run", err=True)
        said = "taken out" if found.is_updated else "take it out with --baseline-update"
        _tell(f"does not fail any more, {said}", found.mended)
        _tell(f"no case of these vectors, {said}", found.unknown)


def _tell(what: str, ids: Sequence[str]) -> None:
    for name in ids[:_SHOWN]:
        typer.echo(f"  {name}: {what}", err=True)
    if len(ids) > _SHOWN:
        typer.echo(f"  ... and {len(ids) - _SHOWN} more: {what}", err=True)
