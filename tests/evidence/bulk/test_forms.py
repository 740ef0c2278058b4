"""The kernel reads lines of forms that it has not seen, of clauses that it was taught,
and gives what Python tells of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.kernel import compare, compare_recombined, lines_of
from benchmarks.recombined import mails, pool_of, recombined
from firsthop.evidence.bulk.batch import Batch
from firsthop.evidence.bulk.native import read as read_module
from firsthop.evidence.bulk.native.clauses import LINE
from firsthop.evidence.bulk.native.library import library
from firsthop.evidence.bulk.native.read import kernel, read_natively
from firsthop.evidence.bulk.native.told import Told, lessons_of, told
from firsthop.evidence.received.dialects import DIALECTS
from firsthop.evidence.received.line import read_received
from firsthop.mail.message import Source
from firsthop.mail.sources.raw import RawMail
from firsthop.settings import OwnServers
from tests.evidence.received.other_texts import with_other_texts

EXAMPLES = [example["line"] for dialect in DIALECTS.values() for example in dialect.examples]
DATE = "Sat, 17 May 2014 21:59:37 +0900"
# that only the kernel's pattern has
RARE = [
    *(
        f"from a.example {client} by b.example with SMTP id A1 for <jo@c.example>"
        for client in (
            "( [192.0.2.1])",
            "(Not Verified[192.0.2.1])",
            "(@[192.0.2.1]) (envelope-sender <jo@d.example>)",
            "(e.example)",
            "(localhost)",
            "(unverified)",
            "(HELO [192.0.2.1]) ([192.0.2.1])",
            "(HELO 192.0.2.1) (192.0.2.2)",
            "(HELO f.example) (jo@g.example@192.0.2.1)",
            "(IDENT:v+B/S0c@e.example [192.0.2.1])",
            "([192.0.2.1:25] helo=e.example)",
            "(e.example [192.0.2.1]) (SquirrelMail authenticated user jo)",
            "(e.example [192.0.2.1]) (authenticated (0 bits))",
        )
    ),
    *(
        f"from {helo} by b.example with ESMTP id A1"
        for helo in (
            "[2001:db8::1] (port=25 helo=a.example)",
            "a.example. (e.example. [192.0.2.1])",
            "jo@a.example",
            "(e.example [192.0.2.1])",
            "(192.0.2.1 [192.0.2.1])",
            "([192.0.2.1])",
        )
    ),
    *(
        f"from a.example (e.example [192.0.2.1]) by {by} id A1"
        for by in (
            "b.example. (8.12.5/8.12.5) with ESMTP",
            "b.example (8.12.2/8.12.2/20020524/$Revision: 1.30 $) with ESMTP",
            "b.example [192.0.2.2] (SLmail 3.2.3113) with SMTP",
            "b.example ([192.0.2.2]) with mapi",
            "Forcepoint Email with ESMTP",
            "MailEnable Inbound Mail Agent with ESMTP",
            "b.example (envelope-from <jo@c.example>) (ecelerity 3.6 r(Core:3.6)) with ECSTREAM",
            "b.example via smtpd (for c.example [192.0.2.3]) with SMTP",
            "b.example via smtpd (for [192.0.2.3]) with ESMTP",
            "b.example with ECDHE-RSA-AES256-GCM-SHA384 encrypted SMTP",
        )
    ),
    "from a.example (e.example) [192.0.2.1] by b.example with esmtp id 17aWyy-0006i4-00",
    "from a.example (HELO b) (jo@192.0.2.1 with login) by smtp.mail.yahoo.com with SMTP",
    (
        "from localhost (HELO a.example) (?v+B/S0c?@[192.0.2.1]) (envelope-sender <jo@b.example>) "
        "by localhost (qmail-ldap-1.03) with SMTP for <jo@c.example>"
    ),
    "from a.example (LHLO a.example) (192.0.2.1) by b.example with LMTP",
    "from a.example ([192.0.2.1] RDNS failed) by b.example with Microsoft SMTPSVC(5.0.2195.5329)",
    "from localhost (localhost [[UNIX: localhost]]) by a.example (8.11.6/8.11.6) id g6P5DQa24634",
    (
        "(majordomo@a.example) by a.example via listexpand id S1 convert rfc822-to-8bit "
        "(ORCPT <rfc822;jo@b.example>)"
    ),
    (
        "from jo@a.example by b.example with qmail-scanner-0.90 (uvscan: v4/v5. . Clean. "
        "Processed in 0.31 secs)"
    ),
    "from jo@a.example by b.example (mail_out_v34.11.) id k.53.1c91 (3310) for <jo@c.example>",
    "(nullmailer pid 17075 invoked by uid 1000)",
    "(Authenticated sender: jo@a.example) by b.example (Postfix) with ESMTPSA id F3E7",
]
FRONTS = [line.rpartition("; ")[0] for line in EXAMPLES] + RARE


@pytest.fixture(autouse=True)
def _native() -> None:
    if library() is None:
        pytest.skip("no native kernel was built")


@pytest.fixture
def untaught(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A kernel that knows no form."""
    known = Told(told().tables, lessons_of([]))
    monkeypatch.setattr(read_module, "told", lambda: known)
    kernel.cache_clear()
    yield
    kernel.cache_clear()


def read(*lines: str) -> Batch:
    fields = "".join(f"Received: {line}\n" for line in lines)
    data = f"{fields}From: a@b.example\n\n".encode()
    batch = read_natively([RawMail(Source("", "eml", 0, ""), data)], OwnServers())
    assert batch is not None
    assert [batch.facts(0).path.steps[n].hop for n in range(len(lines))] == [
        read_received(line) for line in lines
    ]
    return batch


@pytest.mark.usefixtures("untaught")
def test_the_second_line_of_a_form_is_read_by_the_kernel() -> None:
    line = (
        f"from a.example (b.example [192.0.2.1]) by c.example (Postfix) with ESMTP id 5F0; {DATE}"
    )
    assert read(line).handed_over == {"line unknown": 1}
    assert read(line).handed_over == {"form": 1}
    assert read(line).handed_over == {}


@pytest.mark.usefixtures("untaught")
def test_clauses_of_two_lines_are_those_of_a_third() -> None:
    one = f"from a.example (b.example [192.0.2.1]) by c.example (Postfix) with ESMTP id 5F0; {DATE}"
    other = f"from phobos by e.example (Postfix) with ESMTPS id 6F0 for <f@g.example>; {DATE}"
    assert read(one, other).handed_over == {"line unknown": 2}
    assert read(one, other).handed_over == {"form": 2}
    third = f"from deimos by i.example (Postfix) with ESMTP id 7F0 for <k@l.example>; {DATE}"
    assert read(third).handed_over == {}


@pytest.mark.parametrize(
    "line",
    [
        "from a.example (b.example [192.0.2.1]) by 192.0.2.2; {} (envelope-from c@d.example)",
        "from a (b [192.0.2.1]) by e (8.12.5/8.12.5) with ESMTP id g7; {} (envelope-from c@d.e)",
        "by a.example id h7gvie2fmd4n for <b@c.example>; {} (envelope-from <d@e.example>)",
        "by a.example; {} (JST) (envelope-from <d@e.example>)",
        "by a.example (envelope-from <d@e.example>); {}",
        "by a.example; {} JST (envelope-from d@e.example)",
        "from a.example (b.example [192.0.2.1]) by c.example (10.1.198.66); {}",
        "(from a@b.example) by c.example (8.9.3/8.9.3) id ABC12; {}",
        "(qmail 65437 messnum 1218559 invoked from network[192.0.2.1/unknown]); {}",
    ],
)
def test_lines_that_are_near_to_a_form(line: str) -> None:
    for _ in range(3):
        read(line.format(DATE))


def test_a_version_that_looks_like_an_address() -> None:
    lines = [
        f"from a.example (b.example [192.0.2.1]) by c.example ({note}) {rest}; {DATE}"
        for note in ("10.1.2.3", "8.140.15.112", "8.12.11.1", "10.1.198.66")
        for rest in ("with ESMTP id g7LBUVn4029448", "with SMTP id MAA12345")
    ]
    for _ in range(3):
        read(*lines)


def test_clauses_of_the_dialects_in_other_lines() -> None:
    tally = compare_recombined(17, 32, pool_of(EXAMPLES))
    assert tally.different == []
    assert tally.handed_over["form"] > 50


def test_clauses_of_real_lines_in_other_lines(corpus_messages: Path) -> None:
    files = sorted(corpus_messages.glob("*/*/*.eml"))[::40]
    tally = compare_recombined(17, 32, pool_of(lines_of(file.read_bytes() for file in files)))
    assert tally.different == []


def test_recombined_lines_are_the_same_each_time() -> None:
    pool = pool_of(EXAMPLES)
    assert list(islice(recombined(pool, 1), 50)) == list(islice(recombined(pool, 1), 50))
    assert len(mails(recombined(pool, 2), 3)) == 3


@pytest.mark.usefixtures("untaught")
@pytest.mark.parametrize(
    ("line", "notes"),
    [
        (
            "from a.example (b.example [192.0.2.1]) by c.example ({}) with ESMTP id g7",
            ("8.12.3/8.11.3", "8.9.3/8.9.3", "8.12.3/8.11.3/Debian-0.4", "nobody knows it"),
        ),
        ("from phobos by c.example with esmtp ({}) id 17", ("Exim 3.22 #8", "Exim 4.98")),
        (
            "from phobos by c.example ({}) with ESMTP id 17",
            ("Postfix", "Merak 1.2.3", "Mailer (a (b) c) 2", "8.9 by d.example", 'a "b"', "a\\b"),
        ),
    ],
)
def test_a_note_that_was_never_seen_says_what_it_says(line: str, notes: tuple[str, ...]) -> None:
    read(*(f"{line.format(notes[0])}; {DATE}" for _ in range(2)))
    for note in notes:
        read(f"{line.format(note)}; {DATE}")


@pytest.mark.usefixtures("untaught")
def test_a_clause_that_differs_in_its_note_alone_is_not_asked_again() -> None:
    line = "from a.example (b.example [192.0.2.1]) by c.example ({}) with ESMTP id g7; {}"
    known = line.format("8.12.3/8.11.3", DATE)
    assert read(known, known).handed_over == {"form": 1}
    assert read(line.format("8.9.3/8.8.1", DATE)).handed_over == {}


@pytest.mark.usefixtures("untaught")
def test_one_line_of_a_batch_teaches_the_others() -> None:
    line = "from {} (b.example [192.0.2.1]) by c.example (Postfix) with ESMTP id 5F0; {}"
    lines = [line.format(f"a{number}.example", DATE) for number in range(20)]
    assert read(*lines).handed_over == {"form": 1}


@pytest.mark.parametrize(
    "time",
    [
        "Aug, 29 2002 06:52:43 -0000",
        "Sep, 23 2002 7:06:08 AM +0700",
        "Thu, 25 Jul 0102 11:49:57 +0300",
        "6 Sep 02 11:33:01 +0000",
        "Tue, 27 Aug 2002 01:30:45 -08:00",
        "24/09/2002 12:29:38",
        "01/02/2002 12:29:38",
        "Sun, 21 Jul 2002 1:2:3 p.m. GMT-0330",
        "Sun, 21 Jul 1802 01:02:03 +0000",
        "Sun, 21 Jul 2002 01:02:03 +0175",
        "Xyzday, 31 Jun 2002 25:02:03 XDT",
        "Sun Jul 21 01:02:03 2002",
        "Sun Jul 21 01:02:03 EST 2002",
        "21 Jul 2002 01:02:03 (EDT)",
        "2024-05-04 15:06:14.784385249 +0000 UTC m=+404696.186160233",
        "Sat, 17 May 2014 21:59:37 +0900 (1 Jan 2001 00:00:00 +0000;b)",
    ],
)
@pytest.mark.parametrize("between", ["; ", " ", " ; ", ";"])
def test_times_of_rarer_forms_are_read_by_the_kernel(time: str, between: str) -> None:
    batch = read(f"from phobos by c.example with SMTP id g7{between}{time}")
    assert not [why for why in batch.handed_over if why == "line stamp"]


@pytest.mark.parametrize("word", ["by", "BY", "from", "id", "by,"])
def test_a_weekday_that_is_a_word_of_the_line(word: str) -> None:
    line = "from a.example (b.example [192.0.2.1]) by c.example (Postfix) with ESMTP id 5F0"
    for _ in range(3):
        read(f"{line}; {word} 17 May 2014 21:59:37 +0900", f"{line} {word} 17 May 2014 21:59:37")


@pytest.mark.parametrize("sign", ['"', "\\", "<", "[", "]", "\x01"])
def test_a_sign_in_the_comment_of_a_time(sign: str) -> None:
    line = "from a.example [192.0.2.1] by localhost with IMAP (fetchmail-5.9.0) for jo@b.example"
    for _ in range(3):
        read(f"{line}; {DATE} ({sign}ST)")


@pytest.mark.usefixtures("untaught")
def test_the_end_of_a_long_clause_tells_no_dialect() -> None:
    line = "by {} (8.9.3/8.9.3/Debian 8.9.3-21) id MAA01103 for a@b.example; {}"
    for host in ("a.example", "b.example", f"{'a.' * 300}example", "c.example"):
        read(line.format(host, DATE))


def test_a_queue_id_of_a_year_that_no_column_holds() -> None:
    line = "from a (b [192.0.2.1]) by c.example (8.18.1/8.18.1) with ESMTPS id 5BJH2eWL036451"
    data = f"Received: {line}; Fri, 19 Dec 9998 17:02:40 +0000\nFrom: a@b.example\n\n".encode()
    assert compare(["one"], [data], OwnServers()).different == []


@pytest.mark.parametrize("front", RARE)
def test_rare_forms_are_read_by_the_kernel(front: str) -> None:
    for _ in range(3):
        batch = read(*(f"{front}; {DATE}" for _ in range(2)))
    assert batch.handed_over == {}


@pytest.mark.parametrize("front", [one for one in FRONTS if LINE.expression.fullmatch(one)])
@given(st.data())
@settings(max_examples=8)
def test_lines_with_other_texts(front: str, data: st.DataObject) -> None:
    match = LINE.expression.fullmatch(front)
    assert match is not None
    read(*(f"{with_other_texts(match, LINE, data)}; {DATE}" for _ in range(3)))
