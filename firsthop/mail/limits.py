"""The limits that hostile or careless input runs into, each with a name, and what is
left of them below one input.

A refusal names its limit and the limit's value, so that an operator who trusts an input
can raise it. The defaults let through what real heaps of mail hold: an mbox of any
size, an archive of a million files, text that packs 200 to 1. This module never reads
anything."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20
GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of one input is taken in."""

    max_depth: int = 5  # containers inside containers
    max_members: int = 1_000_000  # members of all archives below one input
    max_member_bytes: int = 4 * GIB  # one member, unpacked
    max_total_bytes: int = 16 * GIB  # all members below one input, unpacked
    max_ratio: int = 200  # unpacked to packed bytes, counted once a member passes `ratio_floor`
    ratio_floor: int = 256 * MIB  # below this no member is called a bomb: it does no harm
    max_decoder_bytes: int = 512 * MIB  # memory an xz stream may ask for
    max_message_bytes: int = 128 * MIB  # one message; an mbox has no limit, each message in it has
    max_parts: int = 1_000  # MIME parts of one message
    max_mime_depth: int = 20  # multiparts inside multiparts
    max_enclosed_depth: int = 10  # messages inside messages
    # unpacked bytes held in memory; more go to an anonymous temporary file
    spool_bytes: int = 64 * MIB

    def refusal(self, name: str) -> str:
        """The sentence that refuses an input over the limit `name`."""
        return f"over the limit {name} = {getattr(self, name)}"


class Allowance:
    """What one input may still unpack: counts members and bytes over all
    depths of it."""

    __slots__ = ("limits", "members", "total")

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.members = 0
        self.total = 0

    def count_member(self) -> str | None:
        """Count one member; the refusal when it is one too many."""
        self.members += 1
        return (
            self.limits.refusal("max_members") if self.members > self.limits.max_members else None
        )

    def count_bytes(self, count: int, member_bytes: int, packed: int | None) -> str | None:
        """Count `count` more unpacked bytes of a member that now has `member_bytes`;
        the refusal when they are too many."""
        self.total += count
        limits = self.limits
        if member_bytes > limits.max_member_bytes:
            return limits.refusal("max_member_bytes")
        if self.total > limits.max_total_bytes:
            return limits.refusal("max_total_bytes")
        if (
            packed is not None
            and member_bytes > limits.ratio_floor
            and member_bytes > limits.max_ratio * packed
        ):
            return limits.refusal("max_ratio")
        return None
