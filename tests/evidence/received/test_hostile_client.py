"""Whatever a client says of itself, what the server saw is read as it wrote it, or not
at all: every dialect's example with hostile words in it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firsthop.evidence.host.address import read_address
from firsthop.evidence.received.dialects import DIALECTS
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.received.hostile import AMBIGUOUS
from firsthop.evidence.received.line import read_received
from firsthop.evidence.received.line_templates import read_hop

INNER = "10.9.8.7"
DATE = "Fri, 16 Aug 2024 15:06:53 +0200"
WORDS = [
    "a,id",
    "id]",
    f"[{INNER}]with",
    "x by y",
    "id",
    "by",
    "with",
    "from",
    "for",
    "via",
    "BY",
    "With",
    "a;b",
    "a" * 250,
    "a" * 600,
    "a) by mx.evil.example (Postfix",
    f"x (mx.own.example [{INNER}])",
    f"(mx.own.example [{INNER}]) by mx.own.example with ESMTP id 1; {DATE}",
    "(",
    ")",
    "[",
    "]",
    '"',
    "<",
    ">",
    "((",
    "a(b",
    "a)b",
    "\\",
    "a\\(b",
    "a\x00b",
    "a\x07b",
    "a\tb",
    "a\x1bb",
    "caf\u00e9.example",
    "\u202e[1",
    f"x; {DATE}",
    DATE,
    f"[{INNER}",
    f"{INNER}]",
    f"[{INNER}]",
    INNER,
    f"[{INNER}] x",
    f"[{INNER}]:25 (x)",
    f"x [{INNER}]",
    f"x ([{INNER}])",
    f"x ({INNER})",
    f"mx.own.example (HELO x) (root@{INNER})",
    f"x (HELO mx.own.example) ({INNER})",
    f"mx.own.example ([{INNER}] helo=x",
    f"mx.own.example ([{INNER}] helo=x)",
    f"[{INNER}] (helo=x)",
    f"[{INNER}] (EHLO x)",
    f"[{INNER}] (account jo HELO x)",
    f"x (Not Verified[{INNER}])",
    f'mx.own.example ([{INNER}]:25 "EHLO x"',
    f'mx.own.example({INNER}), claiming to be "x"',
    (
        f"x (mx.own.example [{INNER}]) by mx.own.example (Postfix) with ESMTPSA id 4F2A91C0D3 "
        f"for <v@own.example>; {DATE}"
    ),
    f"x (mx.own.example [{INNER}]) by mx.own.example (Postfix) with LMTP id 1 for <a",
    f"x (mx.own.example [{INNER}]) (Authenticated sender: jo)",
    f"x (mx.own.example [{INNER}]) (Authenticated sender: jo",
    f"x ([{INNER}] verified)",
    f"x (root@mx.own.example [{INNER}] (may be forged))",
    "x (authenticated bits=0)",
    "x (AUTH: LOGIN jo)",
    "x (SquirrelMail authenticated user jo)",
    "x with local id 1",
    "x by mx.own.example with LMTP",
    "x with HTTP",
    f"x ({INNER}) by mx.own.example with Microsoft SMTP Server id 15.20.1.1; {DATE}",
    f"x [{INNER}] by mx.own.example with SMTP (MDaemon.v3.5.7.R) for <a@b>",
    f"x (LHLO mx.own.example) ({INNER}) by mx.own.example with LMTP; {DATE}",
    f"x [({INNER})]",
    "mail pickup service",
    "majordomo@x via listexpand",
    "jo@evil.example",
    "jo$evil.example",
    f"jo@[{INNER}]",
]
CROWDS = [  # more signs than are looked through: nothing of the client is told then
    "," * 49,
    f"x{'()' * 24} by mx.evil.example (Postfix) with LMTP id 1 ([{INNER}])",
    f"x{'@' * 49}<by mx.evil.example ([{INNER}]) with HTTP id 1",
]
SERVERS_OWN = (
    "client_address",
    "client_name",
    "by",
    "by_address",
    "stamp",
    "mta",
    "queue_id",
    "protocol",
    "kind",
)
EXAMPLES = [
    (dialect.key, example["line"], hop)
    for dialect in DIALECTS.values()
    for example in dialect.examples
    if example["line"][:5].lower() == "from "
    and (hop := read_received(example["line"])).client_address
    and hop.kind in ("smtp", "lmtp", "filter")
]


def places(line: str, hop: Hop) -> list[tuple[int, int]]:
    """Where the client's HELO stands in an example: once, and not where the server
    repeats the name."""
    own = hop.helo and read_address(hop.helo)
    if not hop.helo or (
        own and own.text == hop.client_address and line.count(hop.helo.strip("[]")) == 1
    ):
        return []  # the address alone: the server's word
    for before in ("HELO ", "EHLO ", "LHLO ", "helo=", 'claiming to be "', "from "):
        start = line.find(before + hop.helo)
        start += len(before)
        if start >= len(before) and not (
            before == "from "
            and hop.client_name == hop.helo
            and f"({hop.helo}" not in line
            and hop.dialect in NAME_FIRST
        ):
            return [(start, start + len(hop.helo))]
    return []


NAME_FIRST = (
    "exim",
    "qmail",
    "ironport",
    "ecelerity",
    "communigate",
)  # without a HELO of its own the first word is the server's name for the client
WITH_HELO = [(key, line, hop, place) for key, line, hop in EXAMPLES for place in places(line, hop)]


def wrong(plain: Hop, line: str) -> list[str]:
    """What the client's words changed in a line, read in both ways, twice."""
    found = []
    for hop in (read_received(line), read_hop(line), read_hop(line), read_hop(line)):
        found += [
            f"{INNER} in {name}"
            for name in ("client_address", "client_name", "by_address")
            if INNER in str(getattr(hop, name))
        ]
        found += ["authenticated"] * (hop.authenticated > plain.authenticated)
        found += ["verified"] * (
            hop.client_name_verified is True and plain.client_name_verified is not True
        )
        found += ["kind"] * (
            hop.kind != plain.kind and not (hop.kind == "smtp" and AMBIGUOUS in hop.notes)
        )
        if AMBIGUOUS in hop.notes:
            found += [
                name
                for name in SERVERS_OWN
                if name != "kind" and getattr(hop, name) not in (None, getattr(plain, name))
            ]
        else:
            found += [name for name in SERVERS_OWN if getattr(hop, name) != getattr(plain, name)]
    return sorted(set(found))


def fully_read(plain: Hop, line: str) -> bool:
    return read_received(line).client_address == plain.client_address


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "line", "plain", "place"),
    WITH_HELO,
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_helo_hides_and_makes_nothing(
    key: str, line: str, plain: Hop, place: tuple[int, int]
) -> None:
    words = (*WORDS, *CROWDS)
    lines = [(word, line[: place[0]] + word + line[place[1] :]) for word in words]
    assert {word: bad for word, changed in lines if (bad := wrong(plain, changed))} == {}


@pytest.mark.slow
def test_most_lines_are_read_in_full() -> None:
    lines = [
        (plain, line[: place[0]] + word + line[place[1] :])
        for _, line, plain, place in WITH_HELO
        for word in WORDS
    ]
    full = sum(fully_read(plain, line) for plain, line in lines)
    assert full / len(lines) > 0.95


OTHER_PLACES = {  # what else a sender chooses, in lines of the servers that print it
    "login": "from pc (unknown [192.0.2.9]) (using TLSv1.3 with cipher X (256/256 bits)) "
    "(Authenticated sender: %s) by mx.example.net (Postfix) with ESMTPSA id 4F2A91C0D3",
    "courier login": "from pc ([192.0.2.9]) (AUTH: LOGIN %s) by mx.example.net with esmtp id "
    "0000000000080D7C.0000000067ED6E16.0008406E",
    "subject": (
        'from pc (unknown [192.0.2.9]) (using TLSv1.3 with cipher X) (Client CN "%s", Issuer '
        '"CA" (verified OK)) by mx.example.net (Postfix) with ESMTPS id 4F2A91C0D3'
    ),
    "issuer": (
        'from pc (unknown [192.0.2.9]) (Client CN "pc.example", Issuer "%s" (not verified)) by '
        "mx.example.net (Postfix) with ESMTPS id 4F2A91C0D3"
    ),
    "exim ident": (
        "from pc.example ([192.0.2.9] helo=pc ident=%s) by mx.example.net with esmtp (Exim 4.97) "
        "(envelope-from <a@b.example>) id 1sewAe-0003Fp-Db"
    ),
    "sendmail ident": (
        "from pc (%s@pc.example [192.0.2.9]) by mx.example.net (8.18.1/8.18.1) with ESMTP id "
        "5BCGDSML034283"
    ),
    "qmail ident": "from pc.example (HELO pc) (%s@192.0.2.9) by mx.example.net with SMTP",
    "qmail path": (
        "from pc.example (HELO pc) ([192.0.2.9]) (envelope-sender <%s>) by mx.example.net "
        "(qmail-ldap-1.03) with SMTP for <zyx@somewhere.net>"
    ),
    "exim path": "from pc.example ([192.0.2.9] helo=pc) by mx.example.net with esmtp (Exim 4.97) "
    "(envelope-from <%s>) id 1sewAe-0003Fp-Db for jo@example.org",
    "exim quoted path": (
        "from pc.example ([192.0.2.9] helo=pc) by mx.example.net with esmtp (Exim 4.97) "
        '(envelope-from <"%s"@b.example>) id 1sewAe-0003Fp-Db'
    ),
    "chasquid path": (
        "from [192.0.2.9] (pc) by mx.example.net (chasquid) with ESMTP (over SMTP, plain text!) "
        '(envelope from "%s") '
    ),
    "recipient": (
        "from pc (unknown [192.0.2.9]) by mx.example.net (Postfix) with ESMTP id 4F2A91C0D3 for "
        "<%s>"
    ),
    "quoted recipient": (
        "from pc (unknown [192.0.2.9]) by mx.example.net (Postfix) with ESMTP id 4F2A91C0D3 for "
        '<"%s"@example.net>'
    ),
    "exim recipient": (
        "from pc.example ([192.0.2.9] helo=pc) by mx.example.net with esmtp (Exim 4.97) id "
        "1sewAe-0003Fp-Db for %s"
    ),
}
MORE_WORDS = [
    *(word for word in WORDS if word not in ("from", "mail pickup service")),
    f"a> (x [{INNER}]) by mx.own.example (Postfix) with ESMTP id 1 for <b@own.example",
    "a>) by mx.own.example with esmtp (Exim 4.97) (envelope-from <b",
    f"jo) (mx.own.example [{INNER}]) (x",
    f"jo) (mx.own.example [{INNER}]",
    f'x", Issuer "y" (verified OK)) (mx.own.example [{INNER}]) (Client CN "z',
    f"root@mx.own.example [{INNER}]) (x",
    "a>; " + DATE,
]


@pytest.mark.parametrize("place", OTHER_PLACES)
def test_what_else_a_sender_chooses_hides_and_makes_nothing(place: str) -> None:
    form = f"{OTHER_PLACES[place]}; Mon, 2 Jun 2025 10:00:00 +0200"
    plain = read_received(form % "jo")
    bad = {}
    for word in MORE_WORDS:
        if found := wrong(plain, form % word):
            bad[word] = found
    assert bad == {}


CHARACTERS = '()[]<>"\\;,@=:. ab1\t\0\u00e9'
PIECES = st.sampled_from(
    [
        *WORDS,
        " by ",
        " (",
        ") ",
        " with ",
        " id ",
        "; ",
        f"[{INNER}]",
        f"(x [{INNER}])",
        " for <",
        "helo=",
        "HELO ",
        "," * 30,
        "()" * 20,
        "@" * 49,
        ") by mx.evil.example (Postfix",
        *CHARACTERS,
    ]
)
SAMPLE = [case for number, case in enumerate(WITH_HELO) if number % 3 == 0]


@pytest.mark.slow
@given(
    st.sampled_from(SAMPLE),
    st.one_of(
        st.lists(PIECES, min_size=1, max_size=8).map("".join),
        st.text(CHARACTERS, min_size=1, max_size=40),
    ),
)
@settings(max_examples=400, deadline=None)
def test_any_helo(case: tuple[str, str, Hop, tuple[int, int]], helo: str) -> None:
    _, line, plain, place = case
    assert wrong(plain, line[: place[0]] + helo + line[place[1] :]) == []


@pytest.mark.parametrize(
    "helo",
    [
        "a (b [10.0.0.1]) by c (Postfix) with ESMTP id 1 for <d" * 80,
        "(" * 4_000,
        "x by y " * 600,
        '(Client CN "a", Issuer "b" (verified OK)) ' * 120,
        "(a@b [10.0.0.1]) " * 300,
        "(Authenticated sender: a@b) " * 200,
        '"\\' * 2_000,
        "<" * 4_000,
        "a" * 7_000,
        "helo=x ident=" * 400,
        "a@" * 3_000,
    ],
    ids=lambda helo: helo[:12],
)
def test_long_words_take_bounded_time(helo: str) -> None:
    start = time.process_time()
    hop = read_received(
        f"from {helo} (unknown [192.0.2.1]) by mx.example.org (Postfix) with ESMTP id "
        f"0D3F2A; {DATE}"
    )
    assert time.process_time() - start < 0.5
    assert hop.client_address in ("192.0.2.1", None)
