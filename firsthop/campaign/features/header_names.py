"""What the names of a sender's fields tell: the order in which a program writes them,
those that few others have, and where the fields stand that are read. Programs write the
same names again and again, and such a header is looked at once."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from firsthop.campaign.features.shapes import digest
from firsthop.evidence.sender_part import SenderPart
from firsthop.mail.field_names import COMMON

_MOST_NAMES, _MOST_CHARACTERS = 50, 1_000  # of a header whose telling is kept
_LONGEST_NAME = 80  # characters of a name of which it is kept whether it numbers something
_FEWEST = 4  # names of an order
_MAX_EXTRA = 20  # names of extra fields of one message
# fields that number messages, campaigns or accounts; what lists write is not a
# sender's
_PLAIN_NAME = re.compile(r"[a-z0-9-]++")
_NO_NUMBERING = re.compile(r"list-|message-id|content-id|resent-")
_NUMBERING = re.compile(r"campaign|account|customer|client|job|(?<=[a-z0-9-])-[a-z]{0,2}id\Z")


class HeaderNames(NamedTuple):
    """The names, and the places of fields among those of the sender's part."""

    order: str | None  # a digest; None: too few names
    extra: tuple[tuple[str, int], ...]  # names that few programs write, each with its last place
    extras: str | None  # a digest of them all; None: fewer than two
    content_type: int | None  # the first
    signatures: tuple[int, ...]  # DKIM's
    numbering: tuple[int, ...]  # of fields that number something


def header_names(part: SenderPart) -> HeaderNames:
    """What the names of a sender's part tell."""
    names = tuple([field.name for field in part.fields])
    few = len(names) <= _MOST_NAMES and sum(map(len, names)) <= _MOST_CHARACTERS
    return _remembered(names) if few else _read(names)


def _read(names: tuple[str, ...]) -> HeaderNames:
    keys = [name.lower() for name in names]
    extra = {key: place for place, key in enumerate(keys) if key not in COMMON}
    return HeaderNames(
        digest(" ".join(names)) if len(names) >= _FEWEST else None,
        tuple(extra.items())[:_MAX_EXTRA],
        digest(" ".join(sorted(extra))) if len(extra) >= 2 else None,
        keys.index("content-type") if "content-type" in keys else None,
        tuple([place for place, key in enumerate(keys) if key == "dkim-signature"]),
        tuple([place for place, key in enumerate(keys) if _numbers_something(key)]),
    )


_remembered = lru_cache(maxsize=2_048)(_read)


def _numbers_something(key: str) -> bool:
    return (_is_numbering if len(key) <= _LONGEST_NAME else _is_numbering.__wrapped__)(key)


@lru_cache(maxsize=2_048)
def _is_numbering(key: str) -> bool:
    return (
        _PLAIN_NAME.fullmatch(key) is not None
        and not _NO_NUMBERING.match(key)
        and _NUMBERING.search(key) is not None
    )
