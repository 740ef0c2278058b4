"""How names are compared: by their letters and digits alone, in one case, so that
`Mario.Rossi`, `mario_rossi` and `Mario Rossi` are one.

A local part that stands alone counts only where it can tell somebody. What that costs:
`anna`, `info`, `it` and names that are words of the bulletin itself, or the name of a
public domain of the case, are found with their domain and not without it."""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property
from itertools import pairwise

ATOM = re.compile(r"[^\W_]+")
# format characters (category Cf): soft hyphens, joiners, marks of direction
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
WINDOW = 8  # atoms of a name that are compared
SHORTEST = 5  # letters and digits of a name that counts alone
SHORTEST_MIXED = 4  # the same with a digit among letters, or with a mark between
SHORTEST_NUMBER = 7  # digits of a number that counts alone
SHORTEST_ROTATED = 8  # of one that counts alone in any other rotation than rot13

# RFC 2142, and the accounts of programs: roles, and nobody's name.
ROLES = frozenset(
    """
    abuse noc security postmaster hostmaster webmaster usenet news www uucp ftp info
    marketing sales support admin administrator root help helpdesk hello contact contacts
    contatti office mail mailer mailerdaemon email webmail bounce bounces noreply donotreply
    nonrispondere notification notifications notify alert alerts service services servizi
    assistenza newsletter newsletters news list lists owner request subscribe unsubscribe
    listunsubscribe
    majordomo billing invoice invoices account accounts team staff users user undisclosed
    recipients undisclosedrecipients daemon nobody system server local localhost test example
    customer customerservice customercare reply return delivery update updates member members
    order orders shop store press media jobs careers legal privacy compliance
    message messages anonymous apache nagios cron wwwdata phishing spam honeypot
    """.split()
)


def folded(text: str) -> str:
    """`text` in one case and one form (NFKC), without what no reader sees."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold()


def canonical(text: str) -> str:
    """The letters and digits of a name; of one of many atoms the first WINDOW."""
    return "".join(ATOM.findall(folded(text))[:WINDOW])


def tells_alone(name: str, shared: frozenset[str]) -> bool:
    """Whether a local part, a login or a single name can tell somebody without its
    domain; `shared` are words that are nobody's."""
    key = canonical(name)
    words = ATOM.findall(folded(name))
    if key in ROLES or key in shared or (len(words) > 1 and shared.issuperset(words)):
        return False
    if key.isdigit():
        return len(key) >= SHORTEST_NUMBER
    mixed = any(c.isdigit() for c in key) or len(words) > 1
    return len(key) >= (SHORTEST_MIXED if mixed else SHORTEST)


def is_full_name(name: str) -> bool:
    """Whether a display name is of two words or more and long enough to tell
    somebody."""
    return len(ATOM.findall(name)) >= 2 and len(canonical(name)) > SHORTEST


class Words:
    """The atoms of a folded text, each once, and the pairs of neighbours: what tells
    quickly whether a name can stand in it."""

    def __init__(self, text: str) -> None:
        self._atoms = ATOM.findall(text)
        self.words = frozenset(self._atoms)

    @cached_property
    def pairs(self) -> frozenset[str]:
        """Neighbours, with a blank between."""
        return frozenset(map(" ".join, pairwise(self._atoms)))


class TurnedWords(Words):
    """The same of a text in which other letters stand for these."""

    def __init__(self, former: Words, letters: dict[int, int]) -> None:
        self._former, self._letters = former, letters
        self.words = frozenset(" ".join(former.words).translate(letters).split())

    @cached_property
    def pairs(self) -> frozenset[str]:
        """Neighbours, with a blank between."""
        return frozenset("\n".join(self._former.pairs).translate(self._letters).split("\n"))
