"""The limits that hostile or careless input runs into, each with a name, and what is
left of them below one input.

One input has one budget over all its entries: members, unpacked bytes and seconds grow
with the bytes that it really has, so that a small file never costs what a large one
may. A refusal names its limit and the limit's value, so that an operator who trusts an
input can raise it. The defaults let through what real heaps of mail hold: an mbox of
any size, an archive of a million files, text that packs 200 to 1. This module never
reads anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import perf_counter, thread_time

from firsthop.system.named_tuple import NamedTuple

MIB = 1 << 20
GIB = 1 << 30


class Limits(NamedTuple):
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
    max_enclosed: int = 10_000  # messages inside one message, at all depths
    max_password_tries: int = 2_000  # passwords tried on encrypted members below one input
    # what any input may have, however small; more comes with its bytes
    members_floor: int = 10_000
    seconds_floor: int = 60
    # bytes of the input that allow one member, and one second of the processor, more
    bytes_per_member: int = 64
    bytes_per_second: int = 100_000
    # unpacked bytes held in memory; more go to an anonymous temporary file
    spool_bytes: int = 64 * MIB

    def refusal(self, name: str) -> str:
        """The sentence that refuses an input over the limit `name`."""
        return f"over the limit {name} = {getattr(self, name)}"


class Allowance:
    """What one input of `size` bytes may still take: counts members, bytes, messages
    and seconds over all depths of it. `passwords` are what its encrypted members are
    tried with."""

    __slots__ = (
        "_clock",
        "_resumed",
        "_seconds",
        "enclosed",
        "limits",
        "members",
        "passwords",
        "size",
        "total",
        "tries",
    )

    def __init__(
        self, limits: Limits, size: int | None = None, passwords: Iterable[bytes] = ()
    ) -> None:
        self.limits = limits
        self.size = size  # None: not known yet
        self.passwords = tuple(passwords)
        self.members = self.total = self.tries = self.enclosed = 0
        self._clock: Callable[[], float] = perf_counter
        self._seconds, self._resumed = 0.0, self._clock()  # 0.0: it stands still

    def resume(self) -> None:
        """The clock goes on: the input is being read."""
        self._resumed = self._clock()

    def pause(self) -> None:
        """The clock stands still while others work on what was found."""
        self._seconds += self._clock() - self._resumed
        self._resumed = 0.0

    def over_time(self) -> str | None:
        """The refusal when the input took more time of the processor than it may. By
        the clock on the wall, which costs little to ask, it is never less: an input
        that is within its time by that one is measured by no other."""
        limits = self.limits
        allowed = limits.seconds_floor + (self.size or 0) // limits.bytes_per_second
        if self._spent() > allowed and self._clock is perf_counter:
            self._clock, self._seconds = thread_time, 0.0
            self._resumed = thread_time() if self._resumed else 0.0
        return limits.refusal("seconds_floor") if self._spent() > allowed else None

    def _spent(self) -> float:
        return self._seconds + (self._clock() - self._resumed if self._resumed else 0.0)

    def count_enclosed(self) -> str | None:
        """Count one message inside the message at hand; the refusal when it is one too
        many."""
        self.enclosed += 1
        return (
            self.limits.refusal("max_enclosed")
            if self.enclosed > self.limits.max_enclosed
            else None
        )

    def count_try(self) -> bool:
        """Count one password tried; whether it may be."""
        self.tries += 1
        return self.tries <= self.limits.max_password_tries

    def prefer(self, password: bytes) -> None:
        """This password fitted: it is tried first from now on."""
        if self.passwords[0] != password:
            others = (one for one in self.passwords if one != password)
            self.passwords = (password, *others)

    def count_member(self) -> str | None:
        """Count one member; the refusal when it is one too many."""
        self.members += 1
        limits = self.limits
        if self.members > limits.max_members:
            return limits.refusal("max_members")
        if self._too_many(self.members, limits.members_floor, 1, limits.bytes_per_member):
            return limits.refusal("bytes_per_member")
        return self.over_time()

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
            self.total -= member_bytes  # the members after a bomb are still read
            return limits.refusal("max_ratio")
        if self._too_many(self.total, limits.ratio_floor, limits.max_ratio, 1):
            return limits.refusal("max_ratio")
        return self.over_time()

    def _too_many(self, count: int, floor: int, times: int, per: int) -> bool:
        """Whether `count` is more than an input of this size may have."""
        return self.size is not None and count > floor and count > self.size * times // per
