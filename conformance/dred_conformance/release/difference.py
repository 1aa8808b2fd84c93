"""What differs between two folders of vectors, and which version that asks for."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dred_conformance.release.meaning import Contents, judged, model_digests
from dred_conformance.release.versions import Change, Version

__all__ = ["CaseChange", "Difference", "compare_contents"]

# Members that tell something about a case without deciding its verdict.
_WORDS = ("comment", "clauses", "flags", "basis", "kills", "purpose")
_VERDICT = ("result", "expected", "error", "strength")


@dataclass(frozen=True)
class CaseChange:
    """A case that is in one of the two only, or differs.

    Attributes
    ----------
    kind
        ``added``, ``removed`` or ``changed``.
    members
        The members that differ, of a changed case.
    """

    id: str
    group: str
    kind: str
    members: tuple[str, ...] = ()

    @property
    def weight(self) -> Change:
        """How much the change means."""
        if self.kind == "added":
            return Change.MINOR
        return Change.MAJOR if self.kind == "removed" or set(self.members) & _STRONG else Change.PATCH


_STRONG = frozenset((*_VERDICT, "input"))


@dataclass(frozen=True)
class Difference:
    """All that differs.

    Attributes
    ----------
    old, new
        The two versions.
    cases
        Changed, added and removed cases.
    models
        For each model that is not the same in both, ``added``, ``removed`` or ``changed``.
    groups
        Groups that have another description, or their cases in another order.
    files
        For each file without cases that is not the same in both, ``added``, ``removed`` or ``changed``.
    """

    old: str
    new: str
    cases: tuple[CaseChange, ...]
    models: Mapping[str, str]
    groups: tuple[str, ...]
    files: Mapping[str, str]

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.cases or self.models or self.groups or self.files)

    @property
    def weight(self) -> Change:
        """How much all of it means together."""
        weights = [change.weight for change in self.cases]
        weights += [Change.MINOR if kind == "added" else Change.MAJOR for kind in self.models.values()]
        weights += [Change.MINOR for name in self.files if name.startswith("schema/")]
        if self.groups or self.files:
            weights.append(Change.PATCH)
        return max(weights, default=Change.NONE)

    @property
    def needed(self) -> Version | None:
        """The smallest version that the new vectors may have; ``None`` if the old one is no version."""
        old = Version.parse(self.old)
        return None if old is None else old.after(self.weight)

    @property
    def is_version_enough(self) -> bool:
        """Whether the new version is as high as the changes ask."""
        new, needed = Version.parse(self.new), self.needed
        return new is not None and needed is not None and new >= needed

    def by_group(self) -> dict[str, Counter[str]]:
        """Count the changes of each group by kind; changed cases by ``judged`` (a verdict) or ``words``."""
        counts: dict[str, Counter[str]] = {}
        for change in self.cases:
            kind = change.kind
            if kind == "changed":
                kind = "judged" if change.weight is Change.MAJOR else "words"
            counts.setdefault(change.group, Counter())[kind] += 1
        return counts

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "old": self.old,
            "new": self.new,
            "equal": self.is_empty,
            "change": self.weight.name.lower(),
            "needed": None if self.needed is None else str(self.needed),
            "is_version_enough": self.is_version_enough,
            "groups": {group: dict(counts) for group, counts in self.by_group().items()},
            "cases": [
                {"id": change.id, "group": change.group, "kind": change.kind, "members": list(change.members)}
                for change in self.cases
            ],
            "models": dict(self.models),
            "descriptions": list(self.groups),
            "files": dict(self.files),
        }


def compare_contents(old: Contents, new: Contents) -> Difference:
    """Compare two sets of vectors, the older one first."""
    return Difference(
        old.manifest.version,
        new.manifest.version,
        tuple(_case_changes(old, new)),
        _sides(model_digests(old.manifest), model_digests(new.manifest)),
        tuple(
            name
            for name in new.groups
            if name in old.groups
            and (
                old.descriptions[name] != new.descriptions[name]
                or _common(old.groups[name], new.groups[name]) != _common(new.groups[name], old.groups[name])
            )
        ),
        _sides(_other_files(old), _other_files(new)),
    )


def _common(cases: Mapping[str, Any], others: Mapping[str, Any]) -> list[str]:
    """Return the ids that both have, in the order of the first: state may pass from one case to the next."""
    return [case_id for case_id in cases if case_id in others]


def _case_changes(old: Contents, new: Contents) -> Iterator[CaseChange]:
    for group in dict.fromkeys((*old.groups, *new.groups)):
        before, after = old.groups.get(group, {}), new.groups.get(group, {})
        for case_id in dict.fromkeys((*before, *after)):
            if case_id not in after:
                yield CaseChange(case_id, group, "removed")
            elif case_id not in before:
                yield CaseChange(case_id, group, "added")
            else:
                members = tuple(_changed_members(before[case_id], after[case_id]))
                if members:
                    yield CaseChange(case_id, group, "changed", members)


def _changed_members(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    old, new = judged(before), judged(after)
    yield from (name for name in ("input", *_VERDICT) if old[name] != new[name])
    yield from (name for name in _WORDS if before.get(name) != after.get(name))


def _other_files(contents: Contents) -> dict[str, str]:
    """Return the hashes of files that hold neither cases, nor arrays of cases, nor models."""
    return {
        name: entry["sha256"]
        for name, entry in contents.manifest.files.items()
        if name.startswith("schema/") or "/" not in name
    }


def _sides(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, str]:
    kinds = {}
    for name in dict.fromkeys((*old, *new)):
        if name not in new:
            kinds[name] = "removed"
        elif name not in old:
            kinds[name] = "added"
        elif old[name] != new[name]:
            kinds[name] = "changed"
    return kinds
