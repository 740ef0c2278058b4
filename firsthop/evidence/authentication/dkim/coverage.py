"""What of a message a signature covers, and what it leaves open to anybody on the way.

RFC 6376 section 5.4.2: the names in h= select fields from the bottom up, so that
whoever passes a signed message on can put a second From or Subject on top; section 8.2:
behind l= anything can follow; section 8.6: a signed message can be sent again, as often
and as late as somebody likes.

Nothing is judged here, and whether the signature holds at all is not asked (dkim.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from firsthop.evidence.authentication.dkim.signature import Signature
from firsthop.mail import field_names
from firsthop.mail.message import Field, Message
from firsthop.system.named_tuple import NamedTuple

READ = {name.lower(): name for name in field_names.SHOWN}
# Most honest signers leave one of these out: of 2,501 signatures of ham in the corpora
# 1,124 do so with Content-Type. They are told, and weigh where they stand twice.
ACTED_ON = {name.lower(): name for name in field_names.ACTED_ON}
NAMES = READ | ACTED_ON
_KEYS, _ONE = tuple(NAMES), (0,)
# Mail that cannot be delivered is given up after 4 or 5 days (RFC 5321 section
# 4.5.4.1); a signature older than 7 was kept by somebody, or its message sent again
# (RFC 6376 section 8.6).
LATE_SECONDS = 7 * 86_400


class Coverage(NamedTuple):
    """What one signature covers."""

    from_fields: int = 0  # how many From fields the message has
    signed_from: tuple[int, ...] = ()  # which of them are selected, counted from the top, 0 first
    author_signed: bool = False  # whether the topmost, the one that people see, is among them
    unsigned: tuple[str, ...] = ()  # of NAMES: there, and not signed, or more often than signed
    added: tuple[str, ...] = ()  # of these: those signed too, so that others stand on top of them
    octets_beyond: int = 0  # canonical octets of the body behind l=
    whole_body_beyond: bool = False  # l=0: they are all of it
    age: int | None = None  # seconds from t= to the mail's instant

    @property
    def open_parts(self) -> tuple[str, ...]:
        """What a reader has before him that the signature does not cover; () for
        nothing."""
        if not self.unsigned and not self.octets_beyond:
            return ()
        fields = [NAMES[key] for key in self.unsigned if key in READ or key in self.added]
        if self.octets_beyond:
            fields.append(f"{self.octets_beyond} octets of the body")
        return tuple(fields)

    @property
    def whole(self) -> bool:
        """Whether the signature covers all that a reader has before him."""
        return not self.open_parts

    @property
    def late(self) -> bool:
        """Whether it is older than mail that is on its way gets."""
        return self.age is not None and self.age > LATE_SECONDS

    @property
    def notes(self) -> tuple[str, ...]:
        """The same as words of the reference."""
        if not self.unsigned and not self.late:
            return ()
        notes = [("added:" if key in self.added else "unsigned:") + key for key in self.unsigned]
        return (*notes, f"old_signature:{self.age}") if self.late else tuple(notes)


def coverage(
    message: Message,
    signature: Signature,
    size: int | None,
    instant: int | None,
) -> Coverage:
    """What `signature` covers of `message`, whose body has `size` canonical octets
    (None: that is not known), at the mail's instant."""
    present = message.by_key
    unsigned, added = _unsigned(present, signature.names)
    total = len(present.get("from", ()))
    first = total - min(signature.names.count("from"), total)
    signed = _ONE if (total, first) == (1, 0) else tuple(range(first, total))
    age = None
    if instant is not None and signature.signed_at is not None:
        age = instant - signature.signed_at
    length, beyond = signature.body_length, 0
    if size is not None and length is not None:
        beyond = max(size - length, 0)
    none = beyond > 0 and length == 0
    return Coverage(total, signed, signed[:1] == _ONE, unsigned, added, beyond, none, age)


def _unsigned(
    present: Mapping[str, Sequence[Field]],
    names: tuple[str, ...],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The fields of NAMES that stand more often than they are signed, and which of them
    are signed at all."""
    told, unsigned, added = set(names), [], []
    for key in _KEYS:
        if key not in present:
            continue
        if key not in told:
            unsigned.append(key)
        elif len(present[key]) > 1 and len(present[key]) > names.count(key):
            unsigned.append(key)
            added.append(key)
    return tuple(unsigned), tuple(added)


def says_open(covers: Coverage, holds: bool) -> list[str]:
    """What is left open by a signature that holds, or may, in plain words."""
    said = []
    if "from" in covers.unsigned:
        said.append(_says_from(covers, "holds for" if holds else "is over"))
    others = [NAMES[key] for key in covers.added if key != "from"]
    said += [f"only the lower {name} is signed, the one on top is not" for name in others]
    told = {"from", *covers.added}
    bare = [NAMES[key] for key in covers.unsigned if key in READ and key not in told]
    if bare:
        said.append(f"{_listed(bare)} {'is' if len(bare) == 1 else 'are'} not signed")
    if covers.whole_body_beyond:
        said.append("nothing of the body is signed")
    elif covers.octets_beyond:
        said.append(f"the last {covers.octets_beyond} octets of the body are not signed")
    if covers.late:
        said.append(
            f"it was {(covers.age or 0) // 86_400} days old when the message was handed over"
        )
    return said


def _says_from(covers: Coverage, holds: str) -> str:
    signed = len(covers.signed_from)
    if not signed:
        return "no From is signed"
    if covers.from_fields == 2:
        return f"the signature {holds} the lower From only; the one on top is unsigned"
    lowest = "lowest" if signed == 1 else f"lowest {signed}"
    which = f"the {lowest} of {covers.from_fields} From fields only"
    return f"the signature {holds} {which}; those on top are unsigned"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
