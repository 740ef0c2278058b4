"""The sender verdict on the corpora: what it says of legitimate mail, of spam and
phishing, of what receivers themselves found, and of synthetic spoofs.

    python -m benchmarks.sender            writes docs/reference/sender.md

Boundary: "none" takes nobody for the receiver, "assumed" the topmost line's writer (the
          default), "settings" the organization of that writer as the
reader's own (its hosts and its authserv-ids).
Spoofs: legitimate mail whose author alone is replaced, once for each provider whose
        table covers the time of the mail; the same with fields that a sender
adds to look indirect, and as the imitated provider itself would have received it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.corpora import Labelled, messages
from docs.prose import wrapped
from firsthop.case_file import CaseFile
from firsthop.errors import SettingsError
from firsthop.evidence.dns.store import dns_store
from firsthop.evidence.facts import MessageFacts, establish
from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.path.receiver import RECEIVERS, Receiver
from firsthop.evidence.providers.provider import PROVIDERS, provider_of
from firsthop.judgement.checks import CHECKS
from firsthop.judgement.verdicts.sender import BEARING, sender_verdict
from firsthop.mail.message import Message
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail
from firsthop.settings import OwnServers, own_servers

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "sender.md"
SOURCES = ("spamassassin_corpus", "lists_", "special_", "foff_milter", "phishing_pot")
ANSWERS = ("authorised", "indirect", "unauthenticated", "insufficient", "not_from_provider")
BOUNDARIES = ("none", "assumed", "settings")
NEEDED = tuple(check for check in CHECKS if check.name in BEARING or check.question == "mailer")
NO_DNS = dns_store(())
ASSUMED = OwnServers(assume=True)
SIGNS = (
    b"List-Id: <news.x.y>\r\n",
    b"Sender: owner@x.y\r\n",
    b"Return-Path: <>\r\n",
    b"Precedence: list\r\n",
    b"X-Forwarded-To: a@x.y\r\n",
)
WAYS = ("direct", "indirect", "direct, with signs added", "direct, at the provider")
Row = tuple[str, str, Counter[str]]


def main() -> None:
    """Counts and writes the page."""
    mails = [labelled for labelled in messages() if labelled.source.startswith(SOURCES)]
    rows: list[Row] = []
    wronged: list[str] = []
    for boundary in BOUNDARIES:
        told = {labelled.path: answer(_facts(labelled, boundary)) for labelled in mails}
        rows += _rows(mails, told, boundary)
        wronged += [
            m.path for m in mails if m.label == "ham" and told[m.path] == "not_from_provider"
        ]
    judged = list(_judged(mails))
    PAGE.write_text(wrapped(_page(rows, wronged, judged, list(_spoofs(mails)))), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))


def own_of(message: Message) -> OwnServers:
    """The organization that wrote the topmost line, as settings."""
    top = establish(message, OwnServers()).path.steps[:1]
    host = (top[0].hop.by or "") if top else ""
    domain = registrable_domain(host)
    try:
        return own_servers((f".{domain}", domain), (host, domain)) if domain else OwnServers()
    except SettingsError:  # a collector put something else in the name's place
        return OwnServers()


def _facts(labelled: Labelled, boundary: str) -> MessageFacts:
    message = labelled.message()
    own = (
        own_of(message)
        if boundary == "settings"
        else ASSUMED
        if boundary == "assumed"
        else OwnServers()
    )
    return establish(message, own, NO_DNS)


def answer(facts: MessageFacts) -> str:
    """The sender verdict's answer."""
    findings = tuple(f for check in NEEDED if (f := check.look(facts, CaseFile())) is not None)
    return sender_verdict(facts, findings).answer


def _rows(mails: list[Labelled], told: dict[str, str], boundary: str) -> Iterator[Row]:
    groups: dict[str, Counter[str]] = {}
    for labelled in mails:
        source = "lists" if labelled.source.startswith("lists_") else labelled.source
        groups.setdefault(f"{source}, {labelled.label}", Counter())[told[labelled.path]] += 1
    for name, counts in sorted(groups.items()):
        yield name, boundary, counts


# What receivers themselves found


def _judged(mails: list[Labelled]) -> Iterator[Row]:
    """By the receiver's own words, read from the bytes and not by firsthop: the
    answers, with the receiver assumed."""
    groups: dict[str, Counter[str]] = {}
    for labelled in mails:
        word = receiver_says(labelled.data)
        if word:
            groups.setdefault(word, Counter())[answer(_facts(labelled, "assumed"))] += 1
    for name, counts in sorted(groups.items()):
        yield name, "assumed", counts


_MICROSOFT = re.compile(
    rb"^authentication-results: spf=[^\n]*(?:\n[ \t][^\n]*)*\n(?:received-spf:[^\n]*(?:\n[ "
    rb"\t][^\n]*)*\n)?"
    rb"received: [^\n]*(?:\n[ \t][^\n]*)*?\.mail\.protection\.outlook\.com",
    re.IGNORECASE | re.MULTILINE,
)


def receiver_says(data: bytes) -> str | None:
    """What Exchange Online found, in its field directly above the line that took the
    message over; None for other mail."""
    head = data.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    found = [*_MICROSOFT.finditer(head)]
    if not found:
        return None
    text = b" ".join(found[-1][0].split()).decode("latin-1").lower().partition(" received")[0]
    author = _word(r"header\.from=([^;\s]+)", text)
    dmarc, action = _word(r"dmarc=(\w+)", text), _word(r"action=([\w.]+)", text)
    if dmarc == "pass":
        return "says dmarc=pass"
    if dmarc == "fail" and re.search("quarantine|reject", action):
        return "says dmarc=fail, action quarantine or reject"
    aligned = [
        domain
        for domain in (
            _word(r"spf=pass [^;]*smtp\.mailfrom=([^;\s]+)", text),
            *re.findall(r"dkim=pass [^;]*header\.d=([^;\s]+)", text),
        )
        if registrable_domain(domain.rpartition("@")[2]) == registrable_domain(author) is not None
    ]
    return (
        "says that SPF or DKIM holds for the author, no DMARC"
        if aligned and dmarc != "fail"
        else "says that nothing vouches"
    )


def _word(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    return match[1] if match else ""


# Spoofs


def _spoofs(mails: Iterable[Labelled]) -> Iterator[Row]:
    """By provider: the answers on all ham with the author replaced, as it is, with
    signs that a sender adds, and as received at the provider."""
    ham = [labelled for labelled in mails if labelled.label == "ham"]
    facts = {m.path: _facts(m, "settings") for m in ham}
    strangers = [
        m
        for m in ham
        if (f := facts[m.path]).author and f.author.domain and provider_of(f.author.domain) is None
    ]
    signed = {
        m.path: _facts(m._replace(data=_with_signs(m.data, facts[m.path])), "settings")
        for m in strangers
    }
    for key, provider in PROVIDERS.items():
        domain = provider.domains[-1].words[0]
        counts: dict[str, Counter[str]] = {way: Counter() for way in WAYS}
        for labelled in strangers:
            found = facts[labelled.path]
            if not provider.covers(found.instant):
                continue
            told = answer(spoof(found, domain))
            counts["indirect" if told == "indirect" else "direct"][told] += 1
            if told != "indirect":
                counts["direct, with signs added"][
                    answer(spoof(signed[labelled.path], domain))
                ] += 1
                if at := received_at(labelled, provider.key):
                    counts["direct, at the provider"][answer(spoof(at, domain))] += 1
        for way, of_way in counts.items():
            if of_way:
                yield key, way, of_way


def _with_signs(data: bytes, facts: MessageFacts) -> bytes:
    """The signs where a sender can put them: below the line that took his
    message over."""
    at = facts.path.handover.field.span.stop if facts.path.handover else 0
    return data[:at] + b"".join(SIGNS).replace(b"\r\n", _eol(data)) + data[at:]


def _eol(data: bytes) -> bytes:
    return b"\r\n" if b"\r\n" in data[:2_000] else b"\n"


def spoof(facts: MessageFacts, domain: str) -> MessageFacts:
    """The same message with another author: what is believed, and signatures, are
    aligned with him anew."""
    author = facts.author
    if author is None:
        return facts
    other = author._replace(domain=domain, address=f"{author.local_part}@{domain}")
    return replace(facts, authorship=replace(facts.authorship, judged=other, all=(other,)))


def received_at(labelled: Labelled, provider: str) -> MessageFacts | None:
    """The message as the provider itself would have received it: the host that took it
    over renamed to one of the provider's; None where no table knows the provider's own
    servers."""
    receiver = next((one for one in RECEIVERS.values() if one.provider == provider), None)
    handover = _facts(labelled, "settings").path.handover
    host = _host_of(receiver) if receiver else None
    if handover is None or host is None or not handover.hop.by:
        return None
    start, by = handover.field.span, handover.hop.by.encode()
    line = labelled.data[start.start : start.stop]
    renamed = line.replace(b"by " + by, b"by " + host.encode(), 1)
    if renamed == line:
        return None
    message = read_mail(raw_mail(renamed + labelled.data[start.stop :], labelled.path, "eml"))
    return establish(message, ASSUMED, NO_DNS)


def _host_of(receiver: Receiver) -> str | None:
    """A host of a receiver that takes mail over from outside, out of its examples."""
    for example in receiver.examples:
        text = example.get("received", "")
        if example.get("writes") and not example.get("inner") and not example.get("passes"):
            found = re.search(r"\bby ([\w.-]+\.[a-z]{2,})\b", text, re.IGNORECASE)
            if found:
                return found[1]
    return None


# The page


def _page(rows: list[Row], wronged: list[str], judged: list[Row], spoofs: list[Row]) -> str:
    text = (
        "# The sender verdict on the corpora\n\nWritten by `python -m benchmarks.sender`, "
        "offline and without DNS evidence.\n\n"
    )
    text += (
        f"Legitimate messages that it says are not from the author's domain or provider: "
        f"{len(set(wronged))}.\n\n"
    )
    head = (
        "| {} | {} | "
        + " | ".join(ANSWERS)
        + " | all |\n|---|---|"
        + "---:|" * (len(ANSWERS) + 1)
        + "\n"
    )
    text += head.format("messages", "boundary") + "".join(_line(*row) for row in rows)
    text += (
        "\n## Mail that its receiver judged\n\nWhat Exchange Online found, as its own field says "
        "(read by the benchmark, not by firsthop), and the\n"
    )
    text += "answer with the receiver assumed.\n\n"
    text += head.format("the receiver", "boundary") + "".join(_line(*row) for row in judged)
    text += (
        "\n## Synthetic spoofs\n\nLegitimate mail with only the author replaced by one of each "
        "provider, with settings; the same with `List-Id`, `Sender`, `Precedence`,\n"
    )
    text += (
        "`X-Forwarded-To` and a null reverse-path put where a sender can, below the hand-over; and "
    )
    text += "with the host that took it over renamed to the provider's own, the receiver assumed.\n"
    text += (
        "Mail that came by an indirect way stays undetermined by design. A provider whose users "
        "also send through other servers, and that no policy\n"
    )
    text += "closes, is not decided by the path alone.\n\n"
    return text + head.format("provider", "way") + "".join(_line(*row) for row in spoofs)


def _line(name: str, column: str, counts: Counter[str]) -> str:
    return (
        f"| {name} | {column} | "
        + " | ".join(str(counts[a]) for a in ANSWERS)
        + f" | {counts.total()} |\n"
    )


if __name__ == "__main__":
    main()
