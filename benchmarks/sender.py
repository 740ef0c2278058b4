"""The sender verdict on the corpora: what it says of legitimate mail, of spam and phishing with freemail authors, and of synthetic spoofs.

    python -m benchmarks.sender            writes docs/reference/sender.md

Settings: "with" takes the organization of the topmost line's writer as the reader's own (its hosts, and its authserv-ids); "without" sets nothing.
Spoofs: legitimate mail whose author alone is replaced, once for each provider whose table covers the time of the mail.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.corpora import Labelled, messages
from firsthop.evidence.authentication.check import with_authentication
from firsthop.evidence.dns import dns_store
from firsthop.evidence.facts import MessageFacts, establish
from firsthop.evidence.hosts import registrable_domain
from firsthop.evidence.provider import PROVIDERS, provider_of
from firsthop.judgement.brief import Brief
from firsthop.judgement.checks import CHECKS
from firsthop.judgement.sender_answer import BEARING, sender_verdict
from firsthop.mail.message import Message
from firsthop.settings import OwnServers, own_servers

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "sender.md"
SOURCES = ("spamassassin_corpus", "lists_", "special_", "foff_milter", "phishing_pot")
ANSWERS = ("authorised", "indirect", "insufficient", "not_from_provider")
NEEDED = tuple(check for check in CHECKS if check.name in BEARING or check.question == "mailer")
NO_DNS = dns_store(())


def main() -> None:
    """Counts and writes the page."""
    mails = [labelled for labelled in messages() if labelled.source.startswith(SOURCES)]
    rows = [*_rows(mails, settings=False), *_rows(mails, settings=True)]
    wronged = [
        labelled.path
        for labelled in mails
        if labelled.label == "ham"
        for own in (False, True)
        if answer(_facts(labelled, own)) == "not_from_provider"
    ]
    PAGE.write_text(_page(rows, wronged, list(_spoofs(mails))), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))


def own_of(message: Message) -> OwnServers:
    """The organization that wrote the topmost line, as settings."""
    top = establish(message, OwnServers()).path.steps[:1]
    host = (top[0].hop.by or "") if top else ""
    domain = registrable_domain(host)
    return own_servers((f".{domain}", domain), (host, domain)) if domain else OwnServers()


def _facts(labelled: Labelled, settings: bool) -> MessageFacts:
    message = labelled.message()
    own = own_of(message) if settings else OwnServers()
    return with_authentication(establish(message, own), own, NO_DNS)


def answer(facts: MessageFacts) -> str:
    """The sender verdict's answer."""
    findings = tuple(f for check in NEEDED if (f := check.look(facts, Brief())) is not None)
    return sender_verdict(facts, findings).answer


def _rows(mails: list[Labelled], settings: bool) -> Iterator[tuple[str, str, Counter[str]]]:
    groups: dict[str, Counter[str]] = {}
    for labelled in mails:
        facts = _facts(labelled, settings)
        source = "lists" if labelled.source.startswith("lists_") else labelled.source
        told = answer(facts)
        groups.setdefault(f"{source}, {labelled.label}", Counter())[told] += 1
        if labelled.label != "ham" and facts.author and facts.author.domain and provider_of(facts.author.domain):
            groups.setdefault(f"{source}, {labelled.label}, author at a known provider", Counter())[told] += 1
    for name, counts in sorted(groups.items()):
        yield name, "with" if settings else "without", counts


def _spoofs(mails: Iterable[Labelled]) -> Iterator[tuple[str, str, Counter[str]]]:
    """By provider: the answers on ham that came directly, and on all ham, with the author replaced."""
    ham = [_facts(labelled, True) for labelled in mails if labelled.label == "ham"]
    strangers = [f for f in ham if f.author and f.author.domain and provider_of(f.author.domain) is None]
    for key, provider in PROVIDERS.items():
        domain = provider.domains[-1].words[0]
        counts: dict[str, Counter[str]] = {"direct": Counter(), "indirect": Counter()}
        for facts in strangers:
            if facts.author and provider.covers(facts.instant):
                told = answer(spoof(facts, domain))
                counts["indirect" if told == "indirect" else "direct"][told] += 1
        for way, of_way in counts.items():
            if of_way:
                yield key, way, of_way


def spoof(facts: MessageFacts, domain: str) -> MessageFacts:
    """The same message with another author: results and signatures that spoke for the old author do not speak for the new one."""
    return replace(facts, author=facts.author._replace(domain=domain, address=f"{facts.author.local_part}@{domain}")) if facts.author else facts


def _page(rows: list[tuple[str, str, Counter[str]]], wronged: list[str], spoofs: list[tuple[str, str, Counter[str]]]) -> str:
    text = "# The sender verdict on the corpora\n\nWritten by `python -m benchmarks.sender`, offline and without DNS evidence.\n\n"
    text += f"Legitimate messages of which it says that they did not leave the claimed provider: {len(set(wronged))}.\n\n"
    head = "| {} | {} | " + " | ".join(ANSWERS) + " | all |\n|---|---|" + "---:|" * 5 + "\n"
    text += head.format("messages", "settings") + "".join(_line(*row) for row in rows)
    text += "\n## Synthetic spoofs\n\nLegitimate mail with only the author replaced by one of each provider, with settings. Mail that came by an indirect way stays\n"
    text += "undetermined by design. A provider whose users also send through other servers, and that no policy closes, is not decided by the path alone.\n\n"
    return text + head.format("provider", "way") + "".join(_line(*row) for row in spoofs)


def _line(name: str, column: str, counts: Counter[str]) -> str:
    return f"| {name} | {column} | " + " | ".join(str(counts[a]) for a in ANSWERS) + f" | {counts.total()} |\n"


if __name__ == "__main__":
    main()
