"""Asks the kernel whether a file is one message, and whether a message carries no
other, as most mail is. It says so only where that is beyond doubt; else, and without a
kernel, the readers beside it find out what there is.

The kernel is loaded when some messages were read: for fewer that takes longer than it
saves."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from firsthop.mail.limits import Limits

if TYPE_CHECKING:
    from firsthop.mail.sources.kernel_look import KernelLook

FEW = 16  # questions that are not asked
_few = iter(range(FEW))


def is_message(data: bytes, name: str) -> bool:
    """Whether a file called so is one message, from its first byte to its last, beyond
    doubt."""
    return next(_few, None) is None and look().is_message(data, name)


def carries_none(data: bytes, limits: Limits) -> bool:
    """Whether a message carries no other, beyond doubt."""
    return next(_few, None) is None and look().carries_none(data, limits)


@cache
def look() -> KernelLook:
    """That of this process."""
    from firsthop.mail.sources.kernel_look import KernelLook  # noqa: PLC0415 - loaded only when there is more mail

    return KernelLook()
