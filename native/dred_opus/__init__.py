"""The libopus of the system: an old decoder that knows no extension, and the encoder underneath DRED.

Optional. Where pkg-config found no libopus when the package was built, the import raises
:class:`dred_opus.errors.OpusNotBuiltError`, which is an ``ImportError``.
"""

from dred_opus.errors import OpusError, OpusNotBuiltError

try:
    from dred_opus._core import Decoder, Encoder, version
except ModuleNotFoundError as error:
    if error.name != "dred_opus._core":
        raise
    raise OpusNotBuiltError(
        "dred_opus was built without libopus: run 'apt-get install libopus-dev pkg-config' "
        "and then 'pip install .' in the checkout again",
        name="dred_opus",
    ) from error

__all__ = ["Decoder", "Encoder", "OpusError", "OpusNotBuiltError", "version"]
