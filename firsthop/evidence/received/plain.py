"""Whether a Received line is what it seems: nothing in it can be a word of the client's
that passes for one of the server's.

That is so where there is one "by", where all signs are closed, and where what stands
before "by" is one of the dialect's layouts (layouts.py) with plain words in it. Nine
lines in ten are of a form that is tested once (fast.py). A line that is not plain is
read with care (hostile.py); nothing is read here.
"""

from __future__ import annotations

import re
from functools import lru_cache

from firsthop.evidence.received.clauses import MAX_LINE, Clauses
from firsthop.evidence.received.dialects import Dialect, layouts_of
from firsthop.evidence.received.layouts import plain_lines
from firsthop.system.kept_expressions import compiled

MAX_PLAIN = 400  # characters before "by": of more the tables might not know what they know
ALL_OF_IT = "<helo>"  # the layout of a server that tells nothing but the HELO
BY = compiled(r"(?:(?<=\s)|(?<=\)))by\s", re.IGNORECASE)
CONTROL = compiled(r"[\x00-\x08\x0a-\x1f\x7f]")
# One word and one note: where no layout knows the note it is still the server's, which
# would else have written its own beside it.
_WORD = r'(?:<\w+>|\[[^\s()<>\[\]";,]*\]|[^\s()<>\[\]";,]+)'
_NOTE = r'\((?!(?i:[HE]HLO|helo|account))[^\s()="\[\]@]*(?: ?[^\s()="@]+)?\)'
_ONE_NOTE = compiled(rf'(?i:from) {_WORD}? ?(?:{_NOTE}|\[[^\s()\[\]"]*\])? ')
WIDE_PATH = compiled(r"<[^<>\s()]*+[\s()][^<>]*+>")  # a path with the server's own signs in it
CLOSED = compiled(r"[^()]*+(?:\((?:[^()]++|\((?:[^()]++|\([^()]*+\))*+\))*+\)[^()]*+)*+")


def is_plain(value: str, clauses: Clauses, dialect: Dialect | None) -> bool:
    """Whether nothing in a line can be anything but what it seems."""
    if len(value) > MAX_LINE or "\\" in value or CONTROL.search(value):
        return False
    if value[:5].lower() != "from ":
        return not clauses.head.startswith("(from ") or len(BY.findall(value)) == 1
    first, *more = _parted(value)
    if (
        len(more) > 1
        or not CLOSED.fullmatch(value)
        or value.count("<") != value.count(">")
        or value.count("[") != value.count("]")
    ):
        return False
    if clauses.repeated and not (clauses.repeated == ("with",) and "STARTTLS" in clauses.with_):
        return False
    if not more:
        return '"' not in value
    if (
        len(first) > MAX_PLAIN
        or WIDE_PATH.search(more[0])
        or '"' in more[0]
        or clauses.head
        or first[5:].strip() != clauses.from_
    ):
        return False
    if dialect and dialect.doubtful and dialect.doubtful.search(first):
        return False
    return _fits(dialect).fullmatch(first) is not None


def _parted(value: str) -> list[str]:
    """A line in parts at each "by"; soon where there is one, as nearly always."""
    if (
        value.isascii()
        and "\t" not in value
        and value.lower().count("by ") == 1
        and (place := value.find(" by ")) >= 0
    ):
        return [value[: place + 1], value[place + 4 :]]
    return BY.split(value, maxsplit=2)


@lru_cache(maxsize=512)
def _fits(dialect: Dialect | None) -> re.Pattern[str]:
    """What a dialect writes before "by" where its client says nothing unusual."""
    layouts = layouts_of(dialect)
    known = [plain_lines(layouts)] if layouts else []
    if ALL_OF_IT not in (one.text for one in layouts):
        known.append(_ONE_NOTE.pattern)
    return compiled("|".join(known))


def balanced(value: str) -> bool:
    depth = 0
    for c in value:
        depth += (c == "(") - (c == ")")
        if depth < 0:
            return False
    return (
        not depth and value.count("<") == value.count(">") and value.count("[") == value.count("]")
    )
