"""What one hand alone has: a mailbox of its own at a public provider, the one host that
a message leads to, a Message-ID that only looks as if a receiver had made it."""

from __future__ import annotations

import pytest

from firsthop.campaign.features import features_of
from firsthop.campaign.features.constants import telling
from firsthop.settings import OwnServers
from tests.campaign.messages import facts_of, values

MAIL = b"""Received: from %(client)s (203.0.113.9)
\tby DB8EUR05FT054.mail.protection.outlook.com with Microsoft
\tSMTP Server id 15.20.7135.24; Mon, 1 Jan 2024 03:44:38 +0000
Message-ID: <%(id)s>
From: %(from)s
To: %(to)s
Subject: %(subject)s
Date: Mon, 01 Jan 2024 03:44:14 +0100
Content-Type: text/plain; charset=utf-8

%(body)s
"""
USUAL = {
    "client": "localhost.localdomain",
    "id": "4ZDgD2uCKAb9@mail.kit.example",
    "from": "Ann <ann.smith@kit.example>",
    "to": "bob@reader.example",
    "subject": "an offer",
    "body": "A text.",
}


def told(family: str, **changed: str) -> set[str]:
    """The values of one family in a message."""
    parts = {name: text.encode() for name, text in (USUAL | changed).items()}
    return values(
        features_of(facts_of(MAIL % {k.encode(): v for k, v in parts.items()}, OwnServers())),
        family,
    )


@pytest.mark.parametrize(
    ("author", "account"),
    [
        ("Barrister <mrharword.somda@gmail.com>", {"mrharword.somda@gmail.com"}),
        ("<Mr.Health@BTAMAIL.NET.CN>", {"mr.health@btamail.net.cn"}),
        ("<mario.rossi@libero.it>", {"mario.rossi@libero.it"}),
        ("<ann.smith@kit.example>", set()),  # a brand's, which rivals forge too
        ("<ann.smith@mail.gmail.com>", set()),
        ("<ann.smith@gmail.com.kit.example>", set()),
        ("<no-reply@outlook.com>", set()),
        ("<drive-shares-noreply@google.com>", set()),
        ("<support@yahoo.com>", set()),
        ("<security.alert@hotmail.com>", set()),
    ],
)
def test_a_mailbox_that_anybody_may_have_is_one_hands(author: str, account: set[str]) -> None:
    assert told("author_account", **{"from": author}) == account


@pytest.mark.parametrize("field", ["To", "Cc", "Delivered-To", "X-Original-To"])
def test_the_victims_own_mailbox_is_forged_by_all(field: str) -> None:
    victim = "bob.reader@gmail.com"
    subject = f"an offer\n{field}: Bob <{victim.title()}>"
    assert told("author_account", **{"from": victim, "subject": subject}) == set()
    assert told("author_account", **{"from": victim}) == {victim}


@pytest.mark.parametrize(
    ("body", "only"),
    [
        ("http://go.lure.example/1 and https://go.lure.example/2", {"go.lure.example"}),
        ("http://go.lure.example/1 and http://www.w3.org/1999/xhtml", {"go.lure.example"}),
        ("http://go.lure.example/1 and https://git.kernel.org/x", {"go.lure.example"}),
        ("http://go.lure.example/1 and http://art.example/up/logo.png", {"go.lure.example"}),
        ("http://go.lure.example/1 and http://off.lure.example/2", set()),
        ("http://go.lure.example/1 and http://rival.example/2", set()),
        ("https://bit.ly/abcdef", set()),
        ("https://www.w3.org/1999/xhtml", set()),
        ("A text.", set()),
    ],
)
def test_the_one_host_that_a_message_leads_to(body: str, only: set[str]) -> None:
    assert told("url_only", body=body) == only


@pytest.mark.parametrize(
    "changed",
    [
        {"from": "Free Bit co.in <ann@kit.example>"},
        {"from": "<news@freebitco.in>"},
        {"from": "<ann@freebitco-in.kit.example>"},
        {"subject": "Your FreeBitco.in account"},
    ],
)
def test_the_site_of_whom_a_message_names_is_not_its_senders(changed: dict[str, str]) -> None:
    link = {"body": "See https://freebitco.in/signup now."}
    assert told("url_only", **link) == {"freebitco.in"}
    assert told("url_only", **link, **changed) == set()
    assert told("url_host", **link, **changed) == {"freebitco.in"}


OURS = "DB8EUR05FT054.eop-eur05.prod.protection.outlook.com"
ELSEWHERE = "VI1EUR05FT037.eop-eur05.prod.protection.outlook.com"
GUID = "b489a767-979f-410f-9e02-d6e188be2c4b"


@pytest.mark.parametrize(
    ("made", "senders"),
    [
        (f"{GUID}@{OURS}", False),
        (f"{GUID}@{ELSEWHERE}", False),
        ("650f2b4e.170a0220.3d99b4.c6b4@mx.google.com", False),
        ("650f2b4e.170a0220.3d99b4.c6b4.SMTPIN_ADDED_MISSING@mx.google.com", False),
        (f"bshtycs-a2i7lbl4-LZVE-9119-adol-4ZDgD2uCKAb9@{ELSEWHERE}", True),
        (f"bshtycs-a2i7lbl4-LZVE-9119-adol-4ZDgD2uCKAb9@{OURS}", True),
        (f"{GUID}-4ZDgD2uCKAb9@{OURS}", True),
        ("KXQFJQOZ048S.N07AFxz0kvT41EXIM@N07AFT41EXIM.eurprd05.prod.outlook.com", True),
        ("kit.650f2b4e.170a0220.3d99b4.c6b4@mx.google.com", True),
        ("650f2b4e-a2i7lbl4@mx.google.com", True),
    ],
)
def test_a_receivers_host_in_a_message_id_needs_the_form_too(made: str, senders: bool) -> None:
    assert bool(told("id_domain", id=made)) is senders
    assert bool(told("id_shape", id=made)) is senders


def test_a_client_that_calls_itself_as_its_message_id_hides_nothing() -> None:
    name = "n07aft41exim.eurprd05.prod.outlook.com"
    assert told("id_domain", id=f"KXQFJQOZ048S.N07AF@{name}", client=name) == {name}


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("JavaMail", False),
        ("ClangBuiltLinux", False),
        ("clangBuiltLinux", False),
        ("PrizeMama", False),
        ("tpsmEJkQ", True),
        ("fTnNeQwA", True),
        ("ClangBuiltLinux7", True),
        ("KAb9uCKAb", True),
    ],
)
def test_words_written_together_are_no_token(token: str, expected: bool) -> None:
    assert telling(token) is expected
