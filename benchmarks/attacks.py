"""Attacks on the trust boundary: a forged mail of a bank, whose sender writes
everything he can.

    python -m benchmarks.attacks [N]       tries N combinations (default 200,000),
    prints what won

The honest part is what a receiver's server writes: its hand-over line about a client at
an outside address, in the form of every dialect that has an example and of every
receiver of the table, its own lines above it, and its own result where it writes one.
All else is the sender's: HELO, reverse-path, login name, every field, every line below,
and of the receiver's result what it prints of him as it came, how often he signed and
under which names, in every combination. He wins where the answer is "authorised", where
the hand-over is another line than the honest one, or where a result of his is believed.
Nothing is random but the choice among the pieces, which is seeded."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from firsthop.case_file import CaseFile
from firsthop.evidence.dns.store import DnsStore
from firsthop.evidence.facts import MessageFacts, establish
from firsthop.evidence.path.receiver import RECEIVERS
from firsthop.evidence.received.dialects import DIALECTS
from firsthop.evidence.received.line import read_received
from firsthop.judgement.examine import examine
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail
from firsthop.settings import OwnServers, own_servers

OWN = "mx.own.example"
ATTACKER = "203.0.113.66"
BANK, DAY = "bank.example.it", "Fri, 16 Aug 2024 15:06:{:02} +0200"
NO_DNS = DnsStore()
MARK, PATH = "helo-of-the-client.example", "reverse-path@of-the-client.example"
# of a client: nobody named the inner ones
ADDRESSES = (ATTACKER, "10.0.0.1", "127.0.0.1", "100.64.3.4", "fe80::1")

HELOS = (
    "mail.evil.example",
    "a,id",
    "id]",
    "[10.0.0.1]with",
    "[10.0.0.1]",
    "x by y",
    "id",
    "by",
    "with",
    "from",
    "a;b",
    ";",
    "a" * 250,
    "(",
    ")",
    "a(b",
    "a)b",
    f"{OWN}",
    f"x ({OWN} [10.0.0.1])",
    f"a) by {OWN} (Postfix) with ESMTP id 4F2A91C0D3",
    f"x ({OWN} [10.0.0.1]) by {OWN} (Postfix) with ESMTP id 4F2A91C0D3",
    f"x ({OWN} [10.0.0.1]) by {OWN} with LMTP id 1; Fri, 16 Aug 2024 15:06:50 +0200",
    "[127.0.0.1] helo=x",
    "x helo=[10.0.0.1]",
    "HELO y",
    "a\\",
    '"',
    '"a b"',
    "<",
    ">",
    "<a@b>",
    "x\x00y",
    "x\x0by",
    "\u00e9",
    "[IPv6:::1]",
    "unknown [10.0.0.1]",
    "10.0.0.1",
    "x [10.0.0.1] y",
    "localhost",
    "user (authenticated)",
    "with ESMTPA",
    "x for y",
    "Fri, 16 Aug 2024 15:06:50 +0200",
    "a id b; Fri, 16 Aug 2024 15:06:50 +0200",
    "{",
    "x via y",
    "mapi",
    "x\ty",
    "(EHLO y)",
    "[10.0.0.1]:25",
)
PATHS = (
    f"<info@{BANK}>",
    "<>",
    f"<SRS0=aa+1=AA={BANK}=info@evil.example>",
    f'<"a@{BANK}"@evil.example>',
    f'<"x domain of a@{BANK} designates"@evil.example>',
    "<prvs=1234abcd=a@evil.example>",
    f'<"a) by {OWN} (Postfix) with ESMTP id 1"@evil.example>',
    '<"x [10.0.0.1]"@evil.example>',
    '<"a; Fri, 16 Aug 2024 15:06:50 +0200"@evil.example>',
    f"<a+caf_=b=c@{OWN}>",
)
# reverse-paths that end a comment, or a result, of a writer that prints them as they
# are
INJECTED = tuple(
    f'<"{local}"@evil.example>'
    for local in (
        f"a; dkim=pass header.d={BANK}",
        f"a); dkim=pass header.d={BANK}; x=(",
        f"a) header.d={BANK}; dmarc=pass header.from={BANK} (x",
        f"a) x; dkim=pass header.d={BANK}; dmarc=pass header.from={BANK}; spf=pass (y",
        f"a smtp.mailfrom=info@{BANK}; dkim=pass header.i=@{BANK} x",
        f'a\\" ); dkim=pass header.d={BANK} (b \\"',
        f"a); dkim=pass\theader.d={BANK}\t(",
    )
)
SPF_RESULTS = (
    "spf=pass smtp.mailfrom={path}",
    "spf=pass ({host}: domain of {path} designates {client} as permitted sender) smtp.helo=x",
    "spf=pass (mailfrom) smtp.mailfrom=evil.example (client-ip={client}; envelope-from={path})",
    "spf=pass reason={path} smtp.mailfrom=evil.example",
)
DOMAINS = ("evil.example", f"{BANK}.evil.example", f"x.{BANK}.evil.example", "bank.example")
# octets of a receiver's results field: up to limits of fields, lines and mail servers
SIZES = (*(0,) * 20, *(200,) * 20, 998, 2_000, 4_000, 8_192, 20_000, 102_400)


class Receiver(NamedTuple):
    """Whoever receives: the name of the case, the settings, the honest lines and
    results."""

    name: str
    own: OwnServers
    above: tuple[str, ...]  # honest fields above the hand-over line
    line: str  # the honest hand-over line, with MARK where the HELO stands
    below: tuple[str, ...]  # honest fields directly below it
    hosts: tuple[str, ...]  # names that its servers bear
    ids: tuple[str, ...]  # authserv-ids that it writes


def receivers() -> Iterator[Receiver]:
    """Every dialect at a host of one's own, and every receiver of the table, named and
    assumed."""
    yield from _of_dialects()
    yield from _of_the_table()


def _of_dialects() -> Iterator[Receiver]:
    cases = (("named", own_servers((OWN,))), ("assumed", OwnServers(assume=True)))
    for key, dialect in DIALECTS.items():
        for number, example in enumerate(dialect.examples):
            for address in ADDRESSES:
                line = honest_line(example["line"], OWN, address)
                for basis, own in cases if line else ():
                    yield Receiver(
                        f"{key}/{number}/{address}/{basis}", own, (), line or "", (), (OWN,), (OWN,)
                    )


def _of_the_table() -> Iterator[Receiver]:
    for key, one in RECEIVERS.items():
        cases = (
            ("named", own_servers((key,), receivers=RECEIVERS)),
            ("assumed", OwnServers(assume=True)),
        )
        for number, example in enumerate(one.examples):
            text = example.get("received", "")
            if not example.get("writes") or example.get("inner") or example.get("passes"):
                continue
            line, host = honest_line(text, None, ATTACKER), read_received(text).by
            above, below, ids = own_results(key)
            for basis, own in cases if line and host else ():
                yield Receiver(
                    f"{key}/{number}/{basis}", own, above, line or "", below, (host or "",), ids
                )


def honest_line(text: str, host: str | None, address: str) -> str | None:
    """An example line about the attacker's client, at a host of ours, with a login
    where the example has one; None where it names no client with a HELO, or where that
    cannot be put in. Where the line tells the reverse-path, PATH stands there."""
    hop = read_received(text)
    if not hop.helo or not hop.client_address or not hop.by or hop.kind != "smtp":
        return None
    if hop.client_name == hop.helo and hop.client_name_verified:
        # the server says that it checked the HELO: the sender cannot choose that word
        # freely
        return None
    if (
        hop.helo == hop.client_address
        or hop.helo.strip("[]") == hop.client_address
        or text.count(hop.helo) != 1
    ):
        return None
    line = text.replace(hop.helo, MARK)
    line = line.replace(hop.client_address, address)
    if hop.reverse_path and line.count(hop.reverse_path) == 1:
        line = line.replace(hop.reverse_path, PATH)
    if host is not None and hop.by != host:
        line = line.replace(f"by {hop.by}", f"by {host}", 1)
    again = read_received(line)
    if (again.client_address, again.helo) != (address, MARK) or (host and again.by != host):
        return None
    return (
        None
        if again.client_name
        and again.client_name_verified
        and again.client_name.endswith(("own.example",))
        else line
    )


def own_results(key: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """What a receiver of the table writes itself: above its line, below it, and its
    ids."""
    above: list[str] = []
    below: list[str] = []
    ids: list[str] = []
    for place in RECEIVERS[key].results:
        known = "" if place.authserv is None else sample_id(key)
        ids += [known] if known else []
        if place.field == "authentication-results":
            text = (
                f"Authentication-Results: {known + '; ' if known else ''}spf=fail (sender IP is "
                f"{ATTACKER}) smtp.mailfrom=evil.example; "
            )
            text += f"dkim=none; dmarc=fail header.from={BANK}"
            (below if place.place == "below" else above).append(text)
    return tuple(dict.fromkeys(above)), tuple(dict.fromkeys(below)), tuple(dict.fromkeys(ids))


def sample_id(key: str) -> str:
    """An authserv-id of a receiver, out of its examples."""
    for example in RECEIVERS[key].examples:
        text = example.get("results", "")
        if example.get("own") and ";" in text:
            word = text.partition(":")[2].partition(";")[0].strip().split()
            if word and "=" not in word[0] and RECEIVERS[key].owns_authserv_id(word[0].lower()):
                return str(word[0]).lower()
    return ""


def fields(chance: random.Random, to: Receiver) -> list[str]:
    """Fields of the sender's."""
    ids = (
        *to.ids,
        *to.hosts,
        "",
        "mx.google.com",
        "mx.microsoft.com",
        f"{to.hosts[0]}/4F2A91C0D3",
        f"{to.hosts[0]} 1",
    )
    passes = (
        f"spf=pass (sender IP is {ATTACKER}) smtp.mailfrom={BANK}; dkim=pass "
        f"header.d={BANK};dmarc=pass action=none header.from={BANK};compauth=pass reason=100"
    )
    host = chance.choice(to.hosts)
    sentence = f"{host}: domain of info@{BANK} designates {ATTACKER} as permitted sender"
    pool: list[Callable[[], str]] = [
        lambda: (
            f"Authentication-Results: {_id(chance, ids)}dmarc=pass action=none "
            f"header.from={BANK}; dkim=pass header.d={BANK}; spf=pass smtp.mailfrom={BANK}"
        ),
        lambda: f"Authentication-Results: {_id(chance, ids)}{passes}",
        lambda: (
            f"ARC-Authentication-Results: i=1; {_id(chance, ids)}dmarc=pass header.from={BANK}; "
            f"arc=pass"
        ),
        lambda: f"ARC-Seal: i=1; a=rsa-sha256; cv=none; d={chance.choice(to.hosts)}; s=x; b=abcd",
        lambda: (
            f"ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed; "
            f"d={chance.choice(to.hosts)}; s=x; h=from; bh=abcd; b=abcd"
        ),
        lambda: (
            f"Received-SPF: Pass ({sentence}) receiver={host}; client-ip={ATTACKER}; "
            f"envelope-from=info@{BANK}"
        ),
        lambda: f"DKIM-Signature: v=1; a=rsa-sha256; d={BANK}; s=s1; h=from; bh=abcd; b=abcd",
        lambda: "List-Id: <talk.evil.example>",
        lambda: f"Sender: talk-owner@{chance.choice(('evil.example', *to.hosts))}",
        lambda: f"Return-Path: {chance.choice(PATHS)}",
        lambda: f"X-Forwarded-To: a@{chance.choice(to.hosts)}",
        lambda: "Resent-From: b@evil.example",
        lambda: (
            f"X-Received: by 2002:a05:6102:83c:b0:3d3:cb5a:df05 with SMTP id k28; {DAY.format(52)}"
        ),
        lambda: "X-MS-Exchange-Organization-AuthAs: Internal",
        lambda: (
            f"X-Forefront-Antispam-Report: "
            f"CIP:198.51.100.5;CTRY:IT;LANG:it;SFV:NSPM;H:mail.{BANK};PTR:mail.{BANK};"
        ),
        lambda: f"From: CEO <ceo@{BANK}>",
    ]
    return [chance.choice(pool)() for _ in range(chance.randrange(5))]


def _id(chance: random.Random, ids: tuple[str, ...]) -> str:
    word = chance.choice(ids)
    return f"{word}; " if word else ""


def lines(chance: random.Random, to: Receiver) -> list[str]:
    """Received lines of the sender's, in the name of the receiver."""
    host, at = chance.choice(to.hosts), DAY.format(chance.randrange(30, 50))
    pool = [
        (
            f"from mail.{BANK} (mail.{BANK} [198.51.100.5]) by {host} (Postfix) with ESMTPS id "
            f"4F2A91C0D4; {at}"
        ),
        (
            f"from mail.{BANK} ([198.51.100.5]) by {host} with esmtps (Exim 4.97) id "
            f"1sewAb-0003Fp-1a; {at}"
        ),
        (
            f"from mail.{BANK} (198.51.100.5) by {host} (10.0.0.2) with Microsoft SMTP Server id "
            f"15.20.7339.36 via Frontend Transport; {at}"
        ),
        (
            f"from {host} (10.0.0.2) by {host} (10.0.0.3) with Microsoft SMTP Server id "
            f"15.20.7339.36; {at}"
        ),
        f"from {host} (2603:10a6:20b:5da::19) by {host} (2603:10a6:20b:2d4::10) with HTTPS; {at}",
        f"from {host} (localhost [127.0.0.1]) by {host} (Postfix) with ESMTP id 4F2A91C0D5; {at}",
        f"by {host} (Postfix, from userid 1002) id 4F2A91C0D6; {at}",
        f"from {host} by {host} with LMTP id 4F2A91C0D7; {at}",
        f"by 2002:a05:6102:83c:b0:3d3:cb5a:df05 with SMTP id k28; {at}",
        f"by {host} with SMTP id k28; {at}",
        "(qmail 2756 invoked from network); 16 Aug 2024 13:06:40 -0000",
        (
            f"from pop.{host} by localhost with POP3 (fetchmail-6.4.16) for <a@localhost> "
            f"(single-drop); {at}"
        ),
        f"from {host} ([10.0.0.2]) by {host} with esmtp (Exim 4.97) id 1sewAb-0003Fp-1b; {at}",
        f"from pc (pc [192.0.2.147]) by smtp.{BANK} with ESMTPA id 4F2A91C0D8; {at}",
    ]
    return [chance.choice(pool) for _ in range(chance.randrange(4))]


def results(chance: random.Random, to: Receiver) -> list[str]:
    """An honest result above the line, and the reverse-path as the same server wrote
    it, which a mail may lack where the result has it in its quotes: the sender chose
    the path, the names and the length."""
    if not to.ids or chance.random() < 0.5:
        return []
    path = chance.choice((*PATHS, *INJECTED)).strip("<>")
    printed = path if chance.random() < 0.5 else path.replace('"', "").replace("\\", "")
    text = f"Authentication-Results: {to.ids[0]}; "
    text += chance.choice(SPF_RESULTS).format(path=printed, host=to.hosts[0], client=ATTACKER)
    if size := chance.choice(SIZES):
        signed = f"; dkim=pass header.d={chance.choice(DOMAINS)}"
        cut = f"; dkim=pass header.d={BANK}"  # its beginning, as the next one has it
        text += signed * ((size - len(text) - len(cut) - 40) // len(signed))
        room = size - len(text) - len(cut) - chance.choice((2, 3, 20))
        text += f" ({'x' * room})" if chance.random() < 0.5 else f" (; dkim=none{' ' * room}"
        text += f"{cut}.evil.example" if text.endswith(")") else f"{cut} ;)"
    known = [] if '"' in printed and chance.random() < 0.5 else [f"Return-Path: <{path}>"]
    judged = "" if chance.random() < 0.5 else f"; dmarc=fail header.from={BANK}"
    return [*known, text + judged]


def attack(chance: random.Random, to: Receiver) -> bytes:
    """One forged message."""
    line = to.line.replace(MARK, chance.choice(HELOS)).replace(
        PATH, chance.choice(PATHS).strip("<>")
    )
    parts = [*results(chance, to), *to.above, f"Received: {line}", *to.below]
    theirs = [*fields(chance, to), *(f"Received: {one}" for one in lines(chance, to))]
    chance.shuffle(theirs)
    parts += [
        *theirs,
        f"From: Servizio <info@{BANK}>",
        "Subject: urgent",
        f"Date: {DAY.format(1)}",
        f"Message-ID: <1@{BANK}>",
    ]
    return "\n".join([*parts, "", "body"]).encode("utf-8", "surrogateescape")


def won(facts: MessageFacts, honest: MessageFacts) -> str | None:
    """What the sender won, or None."""
    judged = examine(facts, CaseFile())
    if next(v.answer for v in judged.verdicts if v.question == "sender") == "authorised":
        return "authorised"
    place, wanted = _handover(facts), _handover(honest)
    if place is not None and wanted is not None and place > wanted:
        return "the hand-over moved"
    told = facts.authentication.results
    start = 0 if wanted is None else facts.message.all("received")[wanted].span.stop
    believed = [
        r
        for r in told
        if r.inside and r.field and r.field.span.start >= start and r.result == "pass"
    ]
    return "a result is believed" if believed else None


def _handover(facts: MessageFacts) -> int | None:
    """Which of the Received lines the hand-over is, from the top."""
    handover = facts.path.handover
    lines = facts.message.all("received")
    return lines.index(handover.field) if handover else None


def trace(data: bytes, own: OwnServers) -> MessageFacts:
    """The facts of a message's bytes."""
    return establish(read_mail(raw_mail(data, "attack", "eml")), own, NO_DNS)


def search(count: int, seed: int = 7) -> tuple[Counter[str], list[tuple[str, str, bytes]]]:
    """`count` combinations, evenly over the receivers: how often each thing was won,
    and the first 20 of them."""
    chance, everyone = random.Random(seed), list(receivers())
    wins = Counter[str]()
    shown: list[tuple[str, str, bytes]] = []
    honest = {to.name: trace(_honest(to), to.own) for to in everyone}
    for number in range(count):
        to = everyone[number % len(everyone)]
        data = attack(chance, to)
        if what := won(trace(data, to.own), honest[to.name]):
            wins[what] += 1
            if len(shown) < 20:
                shown.append((to.name, what, data))
    return wins, shown


def _honest(to: Receiver) -> bytes:
    """The receiver's own part alone, its HELO plain: where the hand-over is then, it
    has to be always."""
    parts = [*to.above, f"Received: {to.line}", *to.below, f"From: info@{BANK}"]
    return ("\n".join(parts) + "\n\nbody\n").encode()


def main() -> None:
    """Searches and prints."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    everyone = [to.name for to in receivers()]
    wins, shown = search(count)
    print(
        f"{count:,} combinations over {len(everyone)} receivers and {len(HELOS)} HELOs: "
        f"{wins.total()} won {dict(wins)}"
    )
    for name, what, data in shown:
        print(f"--- {name}: {what}\n{data.decode('utf-8', 'replace')[:1500]}")


if __name__ == "__main__":
    main()
