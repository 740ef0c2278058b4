"""What the messages of a campaign show of their senders, counted: the verdicts, the
domains of the authors, the marks of deceit, the logins, the program that they look
like. What a campaign is described by and what its danger is counted from; nothing is
judged here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.judgement.finding import Outcome

SHOWN = 3  # author domains that are kept, the most frequent first
# checks that contradict where a message makes its readers believe in another sender
DECEIT = ("lookalike_domain", "display_name_address")


class AuthorDomain(NamedTuple):
    """A domain of authors, in lower case."""

    domain: str
    messages: int


class Senders(NamedTuple):
    """How many of a campaign's messages show what."""

    messages: int = 0
    forged: int = 0  # not from the domain or provider that they show
    unvouched: int = 0  # nothing vouches for them
    vouched: int = 0
    deceitful: int = 0  # by one of the checks of DECEIT
    logged_in: int = 0  # whose client had logged in at the first server
    php_form: int = 0  # whose Message-ID has the form that PHP mailers give
    domains: tuple[AuthorDomain, ...] = ()  # SHOWN at most
    distinct: int = 0  # author domains


class SenderCounts:
    """Counts the senders of messages one by one."""

    def __init__(self) -> None:
        self._messages, self._marks, self._domains = 0, Counter[str](), Counter[str]()

    def add(self, one: MessageSummary) -> None:
        """One more message."""
        self._messages += 1
        self._marks.update(_marks(one))
        if one.author_domain:
            self._domains[one.author_domain] += 1

    def senders(self) -> Senders:
        """The counts of all."""
        marks = self._marks
        ordered = sorted(self._domains.items(), key=lambda pair: (-pair[1], pair[0]))
        return Senders(
            self._messages,
            marks["not_from_provider"],
            marks["unauthenticated"],
            marks["authorised"],
            marks["deceit"],
            marks["login"],
            marks["php_form"],
            tuple(AuthorDomain(*pair) for pair in ordered[:SHOWN]),
            len(ordered),
        )


def senders_of(summaries: Iterable[MessageSummary]) -> Senders:
    """The counts of a campaign's messages."""
    counts = SenderCounts()
    for one in summaries:
        counts.add(one)
    return counts.senders()


def _marks(one: MessageSummary) -> Iterator[str]:
    """The verdict on the sender, and the marks of a message."""
    yield from (answer for question, answer in one.answers if question == "sender")
    if _is_deceitful(one):
        yield "deceit"
    if one.first and one.first.authenticated:
        yield "login"
    if has_php_form(one):
        yield "php_form"


def _is_deceitful(one: MessageSummary) -> bool:
    found = map(one.finding, DECEIT)
    return any(f is not None and f.outcome is Outcome.CONTRADICTS for f in found)


def has_php_form(one: MessageSummary) -> bool:
    """Whether the Message-ID has the form that PHP mailers give."""
    finding = one.finding("mailer_message_id")
    if finding is None or finding.outcome is Outcome.SILENT:
        return False
    return "PHP" in dict(finding.values).get("looks_like", "")
