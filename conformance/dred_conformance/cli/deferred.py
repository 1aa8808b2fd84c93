"""Commands whose code is loaded when they are used: a list of commands shall not wait for all of them."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup

__all__ = ["Deferred", "deferring_group"]

_PACKAGE = "dred_conformance.cli"


@dataclass(frozen=True)
class Deferred:
    """A command, or a group of commands, that is not loaded yet.

    Attributes
    ----------
    summary
        The first sentence of its help, word for word.
    place
        Module and name, such as ``conform:conform``.
    further
        Commands of the group that stand in other modules, by name.
    """

    summary: str
    place: str
    further: Mapping[str, str] = field(default_factory=dict)

    def load(self, name: str) -> Any:
        """Import the code and return the command."""
        holder = typer.Typer()
        found = _imported(self.place)
        if isinstance(found, typer.Typer):
            for each, place in self.further.items():
                found.command(each)(_imported(place))
            holder.add_typer(found, name=name)
        else:
            holder.command(name)(found)
        return typer.main.get_group(holder).commands[name]


def _imported(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(f"{_PACKAGE}.{module}"), name)


class _DeferringGroup(TyperGroup):
    # Typer has Click inside or beside it, depending on its version; Any stands for its types.
    deferred: ClassVar[Mapping[str, Deferred]] = {}
    loaded: ClassVar[dict[str, Any]] = {}
    _lists_only = False

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands."""
        return [*self.deferred, *super().list_commands(ctx)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command; for the list of commands no more than its name and summary."""
        found = self.deferred.get(cmd_name)
        if found is None:
            return super().get_command(ctx, cmd_name)
        if self._lists_only:
            return TyperCommand(cmd_name, help=found.summary)
        if cmd_name not in self.loaded:
            self.loaded[cmd_name] = found.load(cmd_name)
        return self.loaded[cmd_name]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help of the group itself."""
        self._lists_only = True
        try:
            super().format_help(ctx, formatter)
        finally:
            self._lists_only = False


def deferring_group(commands: Mapping[str, Deferred]) -> type[TyperGroup]:
    """Return the class of a group with commands that are loaded when they are used."""
    return type("DeferringGroup", (_DeferringGroup,), {"deferred": dict(commands), "loaded": {}})
