"""Runner, adapter protocol, reports and vector generator of the Opus DRED conformance suite."""

from importlib import metadata

__all__ = ["__version__"]

try:
    __version__ = metadata.version("opus-dred-reference")
except metadata.PackageNotFoundError:  # sources on the path without an installation
    __version__ = "0+uninstalled"
