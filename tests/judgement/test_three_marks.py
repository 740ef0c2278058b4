"""An empty writer, an author's domain without a dot, a Microsoft desktop client with
HTML alone."""

from __future__ import annotations

import pytest

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts, establish
from firsthop.judgement.checks import (
    CHECKS,
    author_domain_without_dot,
    empty_writer,
    single_html_part,
)
from firsthop.judgement.finding import Outcome
from firsthop.judgement.rates.base_rates import base_rate
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail
from firsthop.publication.words import LANGUAGES, say
from firsthop.settings import OwnServers

NEW = (empty_writer.CHECK, author_domain_without_dot.CHECK, single_html_part.CHECK)
OUTLOOK = "X-Mailer: Microsoft Outlook Express 6.00.2600.0000\n"


def facts(header: str) -> MessageFacts:
    mail = read_mail(raw_mail(header.encode() + b"\nhello\n", "mail.eml", "eml"))
    return establish(mail, OwnServers())


@pytest.mark.parametrize(
    "line",
    [
        "from 192.0.2.7 by ; Fri, 4 Jul 2014 10:00:00 +0200",
        "from 192.0.2.7 by; Fri, 4 Jul 2014 10:00:00 +0200",
        "from 192.0.2.7 by with SMTP id abc123; Fri, 4 Jul 2014 10:00:00 +0200",
        "from [192.0.2.7] (helo=x)\n by\n ; Fri, 4 Jul 2014 10:00:00 +0200",
    ],
)
def test_a_line_whose_by_clause_names_nobody(line: str) -> None:
    found = facts(f"Received: {line}\n")
    assert [step.hop.client_address for step in empty_writer.empty_lines(found)] == ["192.0.2.7"]


@pytest.mark.parametrize(
    "line",
    [
        "from 192.0.2.7 by mx.example.com; Fri, 4 Jul 2014 10:00:00 +0200",
        "from a.example (said by ) by mx.example.com with SMTP; Fri, 4 Jul 2014 10:00:00 +0200",
        "by 192.0.2.9 with SMTP id ab; Fri, 4 Jul 2014 10:00:00 +0200",
        "(qmail 1234 invoked by uid 0); 4 Jul 2014 10:00:00 -0000",
        "from a.example; Fri, 4 Jul 2014 10:00:00 +0200",
    ],
)
def test_a_line_with_a_writer_or_without_a_clause_is_no_mark(line: str) -> None:
    assert empty_writer.empty_lines(facts(f"Received: {line}\n")) == ()


@pytest.mark.parametrize(
    ("author", "answer"),
    [
        ("Posta <info@correios>", True),
        ("Posta <info@correios.>", True),
        ("Posta <info@correios.example.com>", False),
        ("Posta <info@[192.0.2.7]>", None),
        ("Posta", None),
    ],
)
def test_an_author_domain_without_a_dot(author: str, answer: bool | None) -> None:
    assert author_domain_without_dot.without_dot(facts(f"From: {author}\n")) is answer


@pytest.mark.parametrize(
    ("header", "answer"),
    [
        (OUTLOOK + "Content-Type: text/html; charset=us-ascii\n", True),
        ("X-Mailer: Microsoft Outlook 16.0\nContent-Type: TEXT/HTML\n", True),
        ("X-Mailer: Microsoft Windows Live Mail 16.4.3528.331\nContent-Type: text/html\n", True),
        (OUTLOOK + "Content-Type: multipart/alternative; boundary=x\n", False),
        (OUTLOOK + "Content-Type: text/plain\n", False),
        (OUTLOOK, False),
        (
            "X-Mailer: Microsoft Outlook Express Macintosh Edition - 5\nContent-Type: text/html\n",
            None,
        ),
        ("X-Mailer: Microsoft-MacOutlook/10.10\nContent-Type: text/html\n", None),
        ("Content-Type: text/html\n", None),
    ],
)
def test_a_microsoft_desktop_client_with_one_html_part(header: str, answer: bool | None) -> None:
    assert single_html_part.only_html(facts(header)) is answer


def test_each_is_listed_counted_and_said_in_every_language() -> None:
    header = "Received: from 192.0.2.7 by ; Fri, 4 Jul 2014 10:00:00 +0200\nFrom: a@b\n"
    found = facts(header + OUTLOOK + "Content-Type: text/html\n")
    for check in NEW:
        finding = check.look(found, CaseFile())
        assert check in CHECKS
        assert finding is not None
        assert finding.outcome is Outcome.CONTRADICTS
        assert finding.strength is not None
        assert finding.strength.bits < 0
        assert finding.observations
        assert all(say(one, finding.message_key, dict(finding.values)) for one in LANGUAGES)


def test_honest_mail_gives_no_finding() -> None:
    found = facts("From: a@example.com\nContent-Type: text/html\n")
    assert [check.look(found, CaseFile()) for check in NEW] == [None, None, None]
    assert base_rate("single_html_part", "only") is not None
