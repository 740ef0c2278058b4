"""What a person at an abuse desk needs first of one message, in about ten lines: the
answer in plain words with its reason, who is shown as author, where it was handed over,
what vouches, what is wrong with its path, whom to tell. The sentences stand in
words/*.toml; nothing is judged or left out here that the findings do not say. Values of
the mail are raw: whoever shows them escapes them."""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.identity.identities import Mailbox, mailboxes
from firsthop.evidence.path.receiving import Basis
from firsthop.evidence.providers.provider import provider_of
from firsthop.evidence.timestamp import LAST_INSTANT
from firsthop.judgement.examine import Examination
from firsthop.judgement.finding import Finding, Outcome
from firsthop.judgement.verdicts.mailer import VIEWS
from firsthop.mail.message import Evidence
from firsthop.publication.answer.sender_words import SenderAnswer
from firsthop.publication.answer.whom_to_tell import Contact, whom_to_tell
from firsthop.publication.clock import local, span, utc
from firsthop.publication.finding_text import finding_text
from firsthop.publication.words import say
from firsthop.system.named_tuple import NamedTuple

LATE = 3_600  # seconds between Date field and hand-over that are worth a word
LEAST = 1.0  # bits: weaker findings come with -v
SHOWN_CONTACTS = 4
TOLD = ("authentication", "left_provider", "indirect_way")  # checks that the reason tells of
OF_THE_PATH = ("hops_meet", "time_order", "queue_id_time", "line_shape", "empty_writer")


class Row(NamedTuple):
    """A label and what stands beside it."""

    label: str
    text: str


class Opening(NamedTuple):
    """The first lines of a message."""

    headline: str  # in capitals: the answer
    sentence: str  # why, in plain words
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]  # those with some weight that the rows do not tell


def opening_of(examination: Examination, zone: str, language: str = "en") -> Opening:
    """The opening of one message; times in UTC with those of `zone` (an IANA name)
    beside them."""
    return _Rows(examination, zone, language).opening()


class _Rows:
    """Puts what stands below the answer into words."""

    def __init__(self, examination: Examination, zone: str, language: str) -> None:
        self.examination, self.facts = examination, examination.facts
        self.zone, self.language = zone, language
        self.findings = {finding.check: finding for finding in examination.findings}
        self.answer = SenderAnswer(examination, language)
        self.say, self.receiver = self.answer.say, self.answer.receiver
        self.domain = self.answer.domain

    def opening(self) -> Opening:
        """All of it."""
        rows = [Row(self.say(f"label.{label}"), text) for label, text in self.rows() if text]
        answer = self.answer
        return Opening(answer.headline(), answer.sentence(), tuple(rows), self.weighty())

    def rows(self) -> Iterator[tuple[str, str]]:
        """Label key and text."""
        yield "shown", self._shown()
        for client, text in self.facts.authorship.shown[:3]:
            yield "in_client", self.say("in_client", client=client, text=text)
        yield "replies", self._replies()
        yield "handed", self._handed()
        yield "subject", self.facts.subject.value or ""
        yield "date", self._date()
        yield "path", self._path()
        yield "program", self._program()
        yield from self._contacts()

    def _shown(self) -> str:
        author = self.facts.author
        if author is None:
            return self.say("no_author")
        published = self.facts.message.source.evidence is Evidence.PUBLICATION
        lost = self.say("value_lost" if published else "no_address")
        return _mailbox(author) if author.address else f"{author.display_name or ''} {lost}".strip()

    def _replies(self) -> str:
        field = self.facts.message.first("reply-to")
        boxes = mailboxes(field.value) if field else ()
        if not boxes or not boxes[0].address:
            return ""
        elsewhere = _at_home(boxes[0].domain) != _at_home(self.domain)
        text = boxes[0].address
        return f"{text} {self.say('another_domain')}" if elsewhere else ""

    def _handed(self) -> str:
        """When, by whom, to whom, and on what ground the receiver is known."""
        path = self.facts.path
        handover, boundary = path.handover, path.boundary
        if handover is None:
            return boundary.reason if path.steps else ""
        hop = handover.hop
        when = self._time(hop.stamp.instant if hop.stamp else None)
        text = f"{when} {self.say('by', client=self._client())}".strip()
        if hop.helo and hop.helo != hop.client_name:
            text += self.say("called_itself", helo=hop.helo)
        text += self.say("to", receiver=self.receiver())
        if boundary.basis is Basis.ASSUMED:
            text += " " + self.say("assumed")
        return text

    def _client(self) -> str:
        handover = self.facts.path.handover
        hop = handover.hop if handover else None
        if hop is None or hop.client_address is None:
            login = hop.auth_identity if hop else None
            return login or self.say("unreadable_client")
        name = hop.client_name if hop.client_name_verified else None
        text = f"{name} [{hop.client_address}]" if name else hop.client_address
        return f"{text}{self.say('logged_in')}" if hop.authenticated else text

    def _time(self, instant: int | None) -> str:
        if instant is None or not 0 <= instant < LAST_INSTANT - 86_400:
            return ""
        there = local(instant, self.zone)
        return f"{utc(instant).removesuffix('Z')} UTC ({there[11:]})"

    def _date(self) -> str:
        """Where the Date field is far from the hand-over."""
        date, handed = self.facts.date, self.facts.instant
        written = date.instant if date else None
        if self.facts.path.handover is None or written is None or handed is None:
            return ""
        apart = handed - written
        if abs(apart) < LATE:
            return ""
        key = "date_earlier" if apart > 0 else "date_later"
        units = say(self.language, "units").split()
        length = span(apart, (units[0], units[1], units[2], units[3]))
        return self.say(key, span=length, zone=(date.offset if date else "") or "?")

    def _path(self) -> str:
        """What is damaged, forged or cut in the path."""
        contradictions = [
            finding_text(self.language, f.message_key, dict(f.values))
            for f in self.examination.findings
            if f.check in OF_THE_PATH and f.outcome is Outcome.CONTRADICTS
        ]
        cut = (
            "hops_meet" in self.findings
            and self.findings["hops_meet"].outcome is Outcome.CONTRADICTS
        )
        return " ".join([*contradictions, self.say("cut")] if cut else contradictions)

    def _program(self) -> str:
        mailer = next((v for v in self.examination.verdicts if v.question == "mailer"), None)
        if mailer is None or mailer.answer != "contradicted":
            return ""
        named = (dict(f.values).get("mailer") for f in mailer.because)
        asserted = next((name for name in named if name), self.say("asserted_program"))
        return self.say("program", program=self.facts.mailer.value or asserted)

    def _contacts(self) -> Iterator[tuple[str, str]]:
        contacts = whom_to_tell(self.examination)
        for contact in contacts[:SHOWN_CONTACTS]:
            yield "tell", self._contact(contact)
        if len(contacts) > SHOWN_CONTACTS:
            yield "tell", self.say("more_contacts", n=str(len(contacts) - SHOWN_CONTACTS))

    def _contact(self, one: Contact) -> str:
        about = one.about or "?"
        queue = self.say("queue", id=one.queue_id) if one.queue_id else ""
        when = self._time(one.instant).partition(" (")[0]
        record = ", ".join(part for part in (queue, when) if part) or self.say("no_record")
        key = f"contact.{one.role}" + ("_login" if one.role == "relay" and one.logged_in else "")
        return self.say(key, name=one.name, about=about, record=record)

    def weighty(self) -> tuple[Finding, ...]:
        """Findings with some weight that neither the reason nor the rows tell."""
        return tuple(
            f
            for f in self.examination.findings
            if f.outcome is Outcome.CONTRADICTS
            and f.check not in (*TOLD, *OF_THE_PATH, *VIEWS)
            and (f.strength is None or abs(f.strength.bits) >= LEAST)
        )


def _mailbox(box: Mailbox) -> str:
    return f"{box.display_name} <{box.address}>" if box.display_name else f"<{box.address}>"


def _at_home(domain: str | None) -> str | None:
    """Where a domain is at home: its provider, or its organization."""
    provider = provider_of(domain) if domain else None
    return provider.key if provider else registrable_domain(domain or "") or domain
