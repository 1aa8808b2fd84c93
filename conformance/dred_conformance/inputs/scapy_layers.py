"""What is used of scapy, and nothing else."""

import functools
import importlib
from typing import Any

from dred_conformance.inputs.errors import InputError

_NO_SCAPY = "reading captures needs the library scapy (licence GPL-2.0, so it is an extra)"
_RAW_IP = frozenset({12, 14, 101})
_IPV4_OR_IPV6_ONLY = frozenset({228, 229})

UdpFields = tuple[str, int, str, int, bytes, int]
"""Source, source port, destination, destination port, payload, bytes that the capture cut off."""


class ScapyLayers:
    """Readers and layers of scapy.

    Parameters
    ----------
    modules
        The imported modules by their last name.
    """

    def __init__(self, modules: dict[str, Any]) -> None:
        self._inet, self._inet6, self._l2 = modules["inet"], modules["inet6"], modules["l2"]
        self.ScapyError: type[Exception] = modules["error"].Scapy_Exception
        self.PcapReader: Any = modules["utils"].RawPcapReader
        self.PcapNgReader: Any = _with_block_offsets(modules["utils"].RawPcapNgReader)

    def _link_layer(self, linktype: int, data: bytes, position: int) -> Any:
        if linktype in _RAW_IP | _IPV4_OR_IPV6_ONLY:
            return self._inet6.IPv6 if data[:1] and data[0] >> 4 == 6 else self._inet.IP
        layers = {
            0: self._l2.Loopback,
            1: self._l2.Ether,
            108: self._l2.Loopback,
            113: self._l2.CookedLinux,
            276: self._l2.CookedLinuxV2,
        }
        if linktype not in layers:
            raise InputError(
                "I3", f"link type {linktype} of the capture is not handled", position=position,
                advice="Ethernet, Linux cooked (any), loopback and raw IP are handled",
            )  # fmt: skip
        return layers[linktype]

    def udp(self, linktype: int, data: bytes, position: int) -> UdpFields | None:
        """Return the UDP datagram in a captured frame, or ``None`` if there is none."""
        layer = self._link_layer(linktype, data, position)
        try:
            frame = layer(data)
        except Exception:  # a foreign parser on damaged bytes may raise anything: then it is no datagram
            return None
        udp = frame.getlayer(self._inet.UDP)
        network = frame.getlayer(self._inet.IP) or frame.getlayer(self._inet6.IPv6)
        if udp is None or network is None or udp.len is None:
            return None
        is_fragment = network.version == 4 and (network.frag or "MF" in str(network.flags))
        if is_fragment or frame.haslayer(self._inet6.IPv6ExtHdrFragment):
            return None
        # the layer above was guessed from the port; `original` are its bytes as captured
        payload = bytes(udp.payload.original or b"")[: max(0, udp.len - 8)]
        missing = max(0, udp.len - 8 - len(payload))
        return str(network.src), int(udp.sport), str(network.dst), int(udp.dport), payload, missing


def _with_block_offsets(reader: Any) -> Any:
    """Derive a pcapng reader that remembers where the block starts that it reads."""

    class BlockReader(reader):  # type: ignore[misc]  # scapy is imported at run time
        record_offset = 0

        def _read_block(self, *args: Any, **named: Any) -> Any:
            self.record_offset = self.f.tell()
            return super()._read_block(*args, **named)

    return BlockReader


@functools.cache
def load_scapy() -> ScapyLayers:
    """Import scapy, or say how to get it."""
    names = ("scapy.error", "scapy.utils", "scapy.layers.l2", "scapy.layers.inet", "scapy.layers.inet6")
    try:
        modules = {name.rsplit(".", 1)[-1]: importlib.import_module(name) for name in names}
    except ImportError as error:
        raise InputError("I6", _NO_SCAPY, advice="pip install 'opus-dred-reference[pcap]'") from error
    return ScapyLayers(modules)
