"""The receiver as a whole: decisions of the reference, the system's base codec, the native vocoder."""

from dred_conformance.receiving.errors import ReceivingError
from dred_conformance.receiving.model import ReceiverModel
from dred_conformance.receiving.reception import Reception, receive, receive_pieces
from dred_conformance.receiving.settings import CONCEALMENTS, OUTPUT_RATES, ReceiverSettings

__all__ = [
    "CONCEALMENTS",
    "OUTPUT_RATES",
    "ReceiverModel",
    "ReceiverSettings",
    "ReceivingError",
    "Reception",
    "receive",
    "receive_pieces",
]
