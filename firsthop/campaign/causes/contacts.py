"""Whether the recipients of forged mail are contacts of its authors: counts alone, as
they may enter a case. The contacts themselves stay where they were read.

Against chance:   the recipients of all authors are dealt anew, each author keeping as
                  many as it had; how often do contacts come out as well?
Cut-off:          contacts that came after a theft cannot have been stolen. One day for
                  all victims says that one place was read once; a day of its own for
                  each says that each account was. Compared by what either day explains,
                  each further day paid for (Schwarz 1978)."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import log
from typing import NamedTuple

SHUFFLES = 199
LEAST_HITS = 3  # of a victim with dated contacts, for a cut-off
SLIP = 0.02  # share of hits behind a cut-off that wrong dates may give


class Contact(NamedTuple):
    """What is known of one contact of one victim."""

    day: int | None = None  # of the first mail to it that is known, days since 1970
    in_book: bool = False  # stood in an address book
    written_to: bool = False  # mail was sent to it


Book = Mapping[str, Mapping[str, Contact]]  # by victim and contact


@dataclass(frozen=True, slots=True)
class ContactCounts:
    """Recipients of forged mail against the contacts of its authors."""

    victims: int  # authors whose contacts were at hand, and in whose names there is mail
    pairs: int  # different recipients of mail in their names
    hits: int  # of these, contacts of that author
    authors: int  # in whose names there is mail: chance needs two at least
    expected: float  # hits that chance gives
    chance: float  # share of shuffles that gave as many
    # hits that were written to and stood in no address book, of those of victims of
    # whom both an address book and sent mail were at hand
    correspondents: tuple[int, int] = (0, 0)
    # whether one day ends the contacts of all victims; None: the dates do not tell
    one_cut_off: bool | None = None
    cut_off: int | None = None  # that day, since 1970
    messages: int = 0  # that the case held


def compare(book: Book, pairs: Iterable[tuple[str, str]]) -> ContactCounts:
    """The counts for pairs of author and recipient; the order of the pairs does not
    matter."""
    ordered = sorted(set(pairs))
    own = [(author, recipient) for author, recipient in ordered if author in book]
    hits = [(author, recipient) for author, recipient in own if recipient in book[author]]
    dealt = _dealt(book, ordered)
    common, day = _cut_off(book, hits)
    return ContactCounts(
        len({author for author, _ in own}),
        len(own),
        len(hits),
        len({author for author, _ in ordered}),
        sum(dealt) / len(dealt) if dealt else float(len(hits)),
        (sum(n >= len(hits) for n in dealt) + 1) / (len(dealt) + 1),
        _correspondents(book, hits),
        common,
        day,
    )


def _dealt(book: Book, pairs: Sequence[tuple[str, str]]) -> list[int]:
    """The hits of each shuffle of the recipients among the authors."""
    authors, recipients = [author for author, _ in pairs], [recipient for _, recipient in pairs]
    if len(set(authors)) < 2:
        return []
    chance = random.Random(0)  # noqa: S311 - a reproducible shuffle, no secret
    counts = []
    for _ in range(SHUFFLES):
        chance.shuffle(recipients)
        dealt = set(zip(authors, recipients, strict=True))
        counts.append(sum(author in book and one in book[author] for author, one in dealt))
    return counts


def _correspondents(book: Book, hits: Sequence[tuple[str, str]]) -> tuple[int, int]:
    both = {
        victim
        for victim, contacts in book.items()
        if any(one.in_book for one in contacts.values())
        and any(one.written_to for one in contacts.values())
    }
    marks = [not book[victim][one].in_book for victim, one in hits if victim in both]
    return sum(marks), len(marks)


class _Dated:
    """A victim's dated contacts, in order of time."""

    def __init__(self, contacts: Sequence[tuple[int, bool]]) -> None:
        ordered = sorted(contacts)
        self.days = [day for day, _ in ordered]
        self._hits = [0, *accumulate(int(hit) for _, hit in ordered)]  # up to each

    @property
    def hits(self) -> int:
        """How many got mail."""
        return self._hits[-1]

    def gain(self, day: int) -> float:
        """How much better the hits are explained (natural logarithm) if no contact
        behind that day was known, than if the day means nothing."""
        before = bisect_right(self.days, day)
        after = len(self.days) - before
        got = self._hits[before]
        behind = self.hits - got
        explained = _fit(got, before) + behind * log(SLIP) + (after - behind) * log(1 - SLIP)
        return explained - _fit(self.hits, len(self.days))


def _fit(k: int, n: int) -> float:
    """Log-likelihood of k of n under their own share."""
    return sum(part * log(part / n) for part in (k, n - k) if part)


def _cut_off(book: Book, hits: Sequence[tuple[str, str]]) -> tuple[bool | None, int | None]:
    """Whether one day ends all victims' contacts, and which."""
    dated = _dated(book, hits)
    days = sorted({day for one in dated for day in one.days})
    if len(dated) < 2:
        return None, None
    summed = [sum(one.gain(day) for one in dated) for day in days]
    price = log(sum(len(one.days) for one in dated)) / 2  # of each day
    common = max(summed) - price
    own = sum(max(map(one.gain, one.days)) - price for one in dated)
    if max(common, own) <= 0:
        return None, None  # no day explains more than that there was none
    return (True, days[summed.index(max(summed))]) if common >= own else (False, None)


def _dated(book: Book, hits: Sequence[tuple[str, str]]) -> list[_Dated]:
    by_victim: defaultdict[str, set[str]] = defaultdict(set)
    for victim, one in hits:
        by_victim[victim].add(one)
    dated = (
        _Dated([(one.day, key in hit) for key, one in book[victim].items() if one.day is not None])
        for victim, hit in sorted(by_victim.items())
    )
    return [one for one in dated if one.hits >= LEAST_HITS]
