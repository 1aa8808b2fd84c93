"""Where packets go: Ogg ``.opus`` and opus_demo ``.bit``. The readers are in `dred_conformance.inputs`.

Writers return bytes; the command line writes them to a file that appears whole or not at all.
"""

from dred_conformance.outputs.errors import OutputError
from dred_conformance.outputs.ogg import write_logical_stream
from dred_conformance.outputs.opus_demo import write_opus_demo
from dred_conformance.outputs.opus_headers import opus_head, opus_tags

__all__ = ["OutputError", "opus_head", "opus_tags", "write_logical_stream", "write_opus_demo"]
