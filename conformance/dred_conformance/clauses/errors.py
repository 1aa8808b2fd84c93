"""Errors of the clause registry. Each names the file, and the entry where there is one."""

__all__ = ["DuplicateIdError", "FieldValueError", "RegistryError", "UnknownFieldError"]


class RegistryError(Exception):
    """A registry file cannot be used as it is."""


class DuplicateIdError(RegistryError):
    """Two entries have the same id."""


class UnknownFieldError(RegistryError):
    """An entry has a field that the registry does not know, or lacks one that it needs."""


class FieldValueError(RegistryError):
    """A field has the wrong type or a value outside its list."""
