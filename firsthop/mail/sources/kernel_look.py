"""The kernel's look at sources (kernel/src/sources/), with the names and words that it
goes by. All calls of it through the C interface stand here."""

from __future__ import annotations

import ctypes

from firsthop.mail.field_names import BEHIND_BYTES, DELIVERED, OPENING
from firsthop.mail.limits import Limits
from firsthop.mail.mime import UU_SIGN
from firsthop.mail.sources.enclosed.carrier import HEADER_SIGNS
from firsthop.mail.sources.enclosed.pieces import CONTAINER_ENDS, ORIGINAL
from firsthop.mail.sources.enclosed.returned import NEEDED, SENDER_SIGNS, SUBJECT_SIGNS
from firsthop.system.kernel_library import load

_MAILBOXES = (".mbox", ".mbx")  # whatever begins them
_OTHER_ENDS = ("mbx", "eml", "msg", "winmail")  # of names that tell of mail
_CODE, _POINTER, _SIZE = ctypes.c_int32, ctypes.c_void_p, ctypes.c_uint64
_BYTES = ctypes.c_char_p


class KernelLook:
    """The look, which lives as long as the process; without a kernel it is sure of
    nothing."""

    def __init__(self) -> None:
        self._pointer: int | None = None
        if (loaded := load()) is None:
            return
        make, self._is_message = loaded.fh_look, loaded.fh_is_message
        self._carries_none = loaded.fh_carries_none
        make.restype, make.argtypes = _POINTER, (_BYTES, _SIZE)
        given = _POINTER, _BYTES, _SIZE
        self._is_message.restype = self._carries_none.restype = _CODE
        self._is_message.argtypes = (*given, ctypes.c_uint8)
        self._carries_none.argtypes = (*given, _SIZE, _SIZE)
        told = _told()
        self._pointer = make(told, len(told))

    def is_message(self, data: bytes, name: str) -> bool:
        """Whether a file called so is one message, from its first byte to its last."""
        ends = name[-5:].lower()
        if self._pointer is None or data.startswith(b"From ") or ends.endswith(_MAILBOXES):
            return False
        return not self._is_message(self._pointer, data, len(data), ends.endswith(".eml"))

    def carries_none(self, data: bytes, limits: Limits) -> bool:
        """Whether a message carries no other, within these limits."""
        if self._pointer is None:
            return False
        most = limits.max_parts, limits.max_mime_depth
        return not self._carries_none(self._pointer, data, len(data), *most)


def _told() -> bytes:
    """What the kernel is told: lists of names and words."""
    lists = (
        (ORIGINAL,),
        SENDER_SIGNS,
        SUBJECT_SIGNS,
        (*HEADER_SIGNS, UU_SIGN),
        *(_coded(sorted(names)) for names in (NEEDED, OPENING, DELIVERED)),
        _coded([*CONTAINER_ENDS, *_OTHER_ENDS]),
        _coded(sorted(BEHIND_BYTES)),
    )
    return b"\0".join(map(b"\n".join, lists))


def _coded(names: list[str]) -> list[bytes]:
    return [name.encode() for name in names]
