"""Asks the live DNS, for those who ask for it (`--dns`): through dnspython, within a
time and up to a number of questions, each answer with its time.

Never:      asks what a recorded answer tells as well: only where there is none, or
            where today is nearer to the mail's day than the recorded one. Asks nothing
            while mail is parsed. Raises for what the DNS answers, or for what a mail
            puts into a name.
Mind:       whoever runs the servers of a name sees that it was asked for.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from firsthop.errors import SettingsError
from firsthop.evidence.dns.recorded import Recorder, Resolver
from firsthop.evidence.dns.store import (
    NOERROR,
    NXDOMAIN,
    SERVFAIL,
    TIMEOUT,
    WINDOW,
    Answer,
    DnsStore,
    Missing,
    Question,
    question,
)

SECONDS_A_TRY = 2.0
SECONDS_A_QUESTION = 5.0
SOURCE = "live look-up"
BAD_NAME = "FORMERR"  # what a server says of a question without form (RFC 1035 section 4.1.1)


class LiveDns:
    """The resolver of this machine, by dnspython."""

    def __init__(self) -> None:
        try:
            import dns.exception
            import dns.name
            import dns.resolver
        except ImportError as error:
            raise SettingsError(
                "--dns needs dnspython, which is not installed: pip install 'firsthop[dns]'"
            ) from error
        try:
            self._resolver = dns.resolver.Resolver()
        except dns.exception.DNSException as error:
            raise SettingsError(f"--dns: this machine names no DNS server: {error}") from error
        self._resolver.timeout, self._resolver.lifetime = SECONDS_A_TRY, SECONDS_A_QUESTION
        self._dns = dns

    def resolve(self, name: str, rtype: str) -> tuple[str, tuple[str, ...]]:
        """The response code and the records as text, in an order of their own: servers
        turn theirs round."""
        dns = self._dns
        try:
            asked = dns.name.Name([*(label.encode() for label in name.split(".")), b""])
            response = self._resolver.resolve(asked, rtype, raise_on_no_answer=False, search=False)
        except dns.resolver.NXDOMAIN:
            return NXDOMAIN, ()
        except dns.exception.Timeout:
            return TIMEOUT, ()
        except (dns.resolver.NoNameservers, dns.resolver.YXDOMAIN, OSError):
            return SERVFAIL, ()
        except (dns.exception.DNSException, UnicodeError, ValueError):
            return BAD_NAME, ()
        return NOERROR, tuple(sorted(_text(record) for record in response.rrset or ()))


def _text(record: Any) -> str:
    """A record as the store keeps it."""
    if hasattr(record, "strings"):
        return b"".join(record.strings).decode("utf-8", "backslashreplace")
    return str(record.to_text())


class Asking:
    """Asks each question once, and no more than so many of them."""

    def __init__(
        self,
        resolver: Resolver,
        most: int,
        clock: Callable[[], int] = lambda: int(time.time()),
    ) -> None:
        self.most, self.clock = most, clock
        self.recorder = Recorder(resolver, clock, SOURCE)
        self.asked: set[Question] = set()
        self.refused: set[Question] = set()

    def ask(self, name: str, rtype: str) -> Answer | Missing:
        """The answer of the DNS, or that the limit was reached."""
        asked = question(name, rtype)
        if asked not in self.asked:
            if len(self.asked) >= self.most:
                self.refused.add(asked)
                return Missing(*asked, f"the limit of {self.most} look-ups was reached")
            self.asked.add(asked)
        return self.recorder.ask(*asked)

    @property
    def failed(self) -> int:
        """How many questions got no answer."""
        return sum(answer.failed for answer in self.recorder.answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveStore(DnsStore):
    """Recorded answers, and the live DNS for what they lack."""

    live: Asking = field(repr=False)

    @property
    def empty(self) -> bool:
        """Never: what is not recorded is asked for."""
        return False

    def ask(self, name: str, rtype: str, at: int | None = None) -> Answer | Missing:
        """The answer nearest to the instant `at`, be it recorded or live."""
        recorded = DnsStore.ask(self, name, rtype, at)
        if isinstance(recorded, Answer) and not self._today_is_nearer(recorded, at):
            return recorded
        live = self.live.ask(name, rtype)
        no_help = isinstance(live, Missing) or live.failed
        return recorded if no_help and isinstance(recorded, Answer) else live

    def _today_is_nearer(self, recorded: Answer, at: int | None) -> bool:
        """Whether an answer of now would tell more of a mail's day than the recorded
        one."""
        if recorded.failed or at is None:
            return recorded.failed
        distance = abs(recorded.as_of - at)
        return distance > WINDOW and abs(self.live.clock() - at) < distance
