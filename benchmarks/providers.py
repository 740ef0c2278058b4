"""Counts, on the corpora, how mail of each provider's author domains left it, in
genuine mail and in spam and phishing; writes docs/reference/providers.md.

    python -m benchmarks.providers

The time of a message is that of its newest Received line, else its Date. Where a
table's own counts (`seen`) differ from what is counted here, it says so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from benchmarks.corpora import messages
from docs.prose import wrapped
from firsthop.evidence.facts import MessageFacts, establish
from firsthop.evidence.providers.provider import (
    PROVIDERS,
    Presence,
    Provider,
    ProviderMatch,
    provider_of,
)
from firsthop.evidence.providers.provider_table import Fact, Host, Period
from firsthop.settings import OwnServers
from firsthop.system.expression import Expression

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "providers.md"
# not suites and bounces
REAL = (
    "spamassassin_corpus",
    "phishing_pot",
    "lists_",
    "special_",
    "foff_milter",
    "spam_archive_glitchy",
    "sa_tdata",
)
# RFC 6376 section 3.5; DomainKeys (RFC 4870) has the same tag
SIGNED = re.compile(r"(?:^|;)\s*d\s*=\s*([^;\s]+)")
KINDS = ("confirmed", "named", "range", "inside", "domain")
GROUPS = {"ham": "genuine", "spam": "spam, phishing", "phish": "spam, phishing"}


class Mail(NamedTuple):
    """One message and what its provider's table says of it."""

    provider: Provider
    group: str
    facts: MessageFacts
    instant: int | None
    left: bool  # whether it left the provider, as far as the path tells
    # the strongest touch on the path: confirmed | named | range | inside | domain;
    # None: nothing
    best: str | None


def main() -> None:
    """Counts and writes the page."""
    facts = [
        (GROUPS[m.label], establish(m.message(), OwnServers()))
        for m in messages()
        if m.label in GROUPS and m.source.startswith(REAL)
    ]
    mails = [mail for group, found in facts if (mail := _mail(group, found))]
    PAGE.write_text(
        wrapped(_page(mails, [found for group, found in facts if group == "genuine"])),
        encoding="utf-8",
    )
    for line in _differences(mails):
        print(line)


def _instant(facts: MessageFacts) -> int | None:
    stamps = [
        step.hop.stamp
        for step in facts.path.steps
        if step.hop.stamp and step.hop.stamp.instant is not None
    ]
    return stamps[0].instant if stamps else facts.date.instant if facts.date else None


def _mail(group: str, facts: MessageFacts) -> Mail | None:
    provider = provider_of(facts.author.domain) if facts.author and facts.author.domain else None
    if provider is None:
        return None
    instant, hops = _instant(facts), [step.hop for step in facts.path.steps]
    left = provider.departure(hops, instant)
    touches = [
        touch for hop in hops for touch in provider.touches(hop, instant) if touch.role != "arrival"
    ]
    return Mail(
        provider,
        group,
        facts,
        instant,
        left is not None,
        min((_kind(t) for t in touches), key=KINDS.index, default=None),
    )


def _kind(touch: ProviderMatch) -> str:
    if touch.role == "outbound":
        return "confirmed" if touch.verified else "named"
    return {"range": "range", "inside": "inside"}.get(touch.role, "domain")


# What is counted


def _signed(mail: Mail) -> bool:
    fields = (
        *mail.facts.message.all("dkim-signature"),
        *mail.facts.message.all("domainkey-signature"),
    )
    return bool(
        mail.provider.dkim_domains(mail.instant)
        & {found[1].lower() for field in fields if (found := SIGNED.search(field.value))}
    )


def _id_fits(mail: Mail) -> bool | None:
    value = mail.facts.message_id.value
    return mail.provider.message_id_fits(value, mail.instant) if value else None


def _share(answers: Iterable[bool]) -> str:
    told = list(answers)
    return f"{sum(told)} of {len(told)}" if told else "–"


def _row(group: str, mails: list[Mail]) -> str:
    best = Counter(mail.best for mail in mails)
    fits = [answer for mail in mails if (answer := _id_fits(mail)) is not None]
    parts = (
        group,
        str(len(mails)),
        str(sum(mail.left for mail in mails)),
        *(str(best[kind]) for kind in (*KINDS, None)),
        _share(_signed(mail) for mail in mails),
        _share(fits),
    )
    return "| " + " | ".join(parts) + " |"


def _fields(provider: Provider, left: list[Mail], not_left: list[Mail]) -> Iterator[str]:
    """A row for each own field: k of n in genuine mail that left here, in spam and
    phishing that left here, and in all that did not."""
    for entry in provider.fields:
        columns = [
            [mail for mail in left if mail.group == "genuine"],
            [mail for mail in left if mail.group != "genuine"],
            not_left,
        ]
        shares = " | ".join(
            _share(_has(mail, entry.name) for mail in column if entry.period.holds(mail.instant))
            for column in columns
        )
        yield (
            f"| `{entry.name}` | {entry.by} | {entry.presence} | {_words(entry.period)} | "
            f"{shares} |"
        )


def _has(mail: Mail, name: str) -> bool:
    return any(
        s.presence is Presence.PRESENT
        for s in mail.provider.own_fields(mail.facts.message, mail.instant)
        if s.entry.name == name and s.in_period
    )


def _ranges(provider: Provider, genuine: list[MessageFacts]) -> str:
    """How often the address beside a confirmed sender's name lies in a range of its
    time, over all genuine mail."""
    answers = Counter(
        touch.in_range
        for facts in genuine
        for step in facts.path.steps
        for touch in provider.touches(step.hop)
        if touch.role == "outbound"
        and touch.part == "client_name"
        and touch.verified
        and touch.in_period
    )
    if not answers:
        return ""
    told = answers[True] + answers[False]
    return (
        f"Beside {answers.total()} confirmed names of its senders in genuine mail of any "
        f"author: the address lies in its ranges in {answers[True]}, "
        f"in none of them in {answers[False]}, not known in {answers.total() - told}.\n"
    )


def _differences(mails: list[Mail]) -> Iterator[str]:
    """Where `seen` in a table is not what is counted."""
    for provider in PROVIDERS.values():
        left = [m for m in mails if m.provider is provider and m.left and m.group == "genuine"]
        for entry in provider.fields:
            mine = [_has(m, entry.name) for m in left if entry.period.holds(m.instant)]
            if entry.seen != ((sum(mine), len(mine)) if mine else None):
                yield (
                    f"providers/{provider.key}.toml: {entry.name} says {entry.seen}, counted "
                    f"{sum(mine)} of {len(mine)}"
                )


# The page


def _words(period: Period) -> str:
    start, stop = (
        datetime.fromtimestamp(t, UTC).date().isoformat() if t is not None else ""
        for t in (period.start, None if period.stop is None else period.stop - 1)
    )
    return f"{start or 'oldest'} – {stop or 'newest'}"


def _page(mails: list[Mail], genuine: list[MessageFacts]) -> str:
    text = (
        "# Providers\n\nWritten by `python -m benchmarks.providers` from the tables in "
        "`firsthop/evidence/providers` and counts on the corpora. Do not edit it by hand.\n\n"
        "A path *left* the provider when, before any server of the provider took the mail in "
        "from outside, a line names one of its senders as client, "
        "one of its inner servers as writer, or gives a client address in its ranges. Beside "
        "it stands the strongest trace on the path: a sender's name that the receiver "
        "*confirmed*, one that is only *named*, an address in its *range*, a writer "
        "*inside*, a host of its *domain* that no pattern knows, *nothing*. "
        "A HELO never counts. Spam and phishing truly sent through a provider is counted as "
        "such: leaving it is no proof of honesty.\n"
    )
    for provider in sorted(PROVIDERS.values(), key=lambda p: p.name.lower()):
        text += _section(provider, [m for m in mails if m.provider is provider], genuine)
    return text


def _section(provider: Provider, mails: list[Mail], genuine: list[MessageFacts]) -> str:
    domains = ", ".join(f"`{word}`" for fact in provider.domains for word in fact.words)
    text = f"\n## {provider.name}\n\nAuthor domains: {domains}\n\n{provider.source}.\n\n"
    text += _counts(provider, mails) + _ranges(provider, genuine)
    text += "\n| what | value | known for | source |\n|---|---|---|---|\n"
    text += "".join(
        f"| {what} | {value} | {_words(period)} | {_cell(source)} |\n"
        for what, value, period, source in _entries(provider)
    )
    if provider.left_out:
        text += "\nWithout a source, and left out: " + "; ".join(provider.left_out) + ".\n"
    return text


def _counts(provider: Provider, mails: list[Mail]) -> str:
    if not mails:
        return "No mail of these authors in the corpora.\n"
    columns = (
        "mail",
        "n",
        "left here",
        *KINDS,
        "nothing",
        "DKIM of its domains",
        "own Message-IDs in shape",
    )
    text = f"| {' | '.join(columns)} |\n|---|{'--:|' * (len(columns) - 1)}\n"
    for group in dict.fromkeys(GROUPS.values()):
        mine = [mail for mail in mails if mail.group == group]
        text += _row(group, mine) + "\n" if mine else ""
    rows = list(_fields(provider, [m for m in mails if m.left], [m for m in mails if not m.left]))
    if rows:
        text += (
            "\n| own field | by | presence | known for | genuine, left here | spam, left here | "
            "all that did not |\n|---|---|---|---|--:|--:|--:|\n"
        )
        text += "\n".join(rows) + "\n"
    return text + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _entries(provider: Provider) -> Iterator[tuple[str, str, Period, str]]:
    """What, its value, its period, its source: every entry of a table."""
    yield from (
        ("author domains", ", ".join(fact.words), fact.period, fact.source)
        for fact in provider.domains
    )
    yield from (
        (f"DMARC p={fact.values['dmarc']}", ", ".join(fact.words), fact.period, fact.source)
        for fact in provider.policies
    )
    hosts = (
        ("outbound", provider.outbound),
        ("inside", provider.inside),
        ("arrival", provider.arrival),
        ("customers' lines", provider.customers),
    )
    yield from (
        (what, _host(host), host.period, host.source) for what, known in hosts for host in known
    )
    yield from (
        (f"range, {r.basis}", ", ".join(str(network) for network in r.networks), r.period, r.source)
        for r in provider.ranges
    )
    yield from (
        ("HELO", _pattern(fact.pattern), fact.period, fact.source) for fact in provider.helos
    )
    yield from (
        ("Message-ID", _pattern(shape.shape), shape.period, shape.source)
        for shape in provider.id_shapes
    )
    yield from (
        ("field", f"`{entry.name}` {_pattern(entry.pattern)}".strip(), entry.period, entry.source)
        for entry in provider.fields
    )
    signers = (("DKIM", provider.signatures), ("ARC seal", provider.sealers))
    yield from (
        (what, _signer(fact), fact.period, fact.source) for what, facts in signers for fact in facts
    )
    yield from (
        ("authserv-id", _pattern(fact.pattern), fact.period, fact.source)
        for fact in provider.authserv_ids
    )


def _host(host: Host) -> str:
    return f"{_pattern(host.left)} . `{host.domain}`" if host.left else f"`{host.domain}`"


def _pattern(pattern: Expression | None) -> str:
    return f"`{_cell(pattern.pattern)}`" if pattern else ""


def _signer(fact: Fact) -> str:
    return ", ".join(fact.words) + (
        ": " + ", ".join(fact.values["selectors"]) if fact.values.get("selectors") else ""
    )


if __name__ == "__main__":
    main()
