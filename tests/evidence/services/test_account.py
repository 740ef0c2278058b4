"""Every table of a sending service reads its own examples, and nothing else does."""

from __future__ import annotations

from typing import Any

import pytest

from firsthop.evidence.path.path import trace_path
from firsthop.evidence.services.account import SERVICES, ServiceAccount, service_accounts
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail
from firsthop.settings import OwnServers

EXAMPLES = [(service.name, example) for service in SERVICES for example in service.examples]


def accounts(*fields: str) -> tuple[ServiceAccount, ...]:
    data = "".join(f"{field}\r\n" for field in fields) + "\r\nx\r\n"
    message = read_mail(raw_mail(data.encode(), "x.eml", "eml"))
    return service_accounts(message, trace_path(message, OwnServers()))


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_a_table_reads_its_examples(name: str, example: dict[str, Any]) -> None:
    told = [(one.service, one.account, one.message) for one in accounts(*example["fields"])]
    expected = (name, example["account"] or None, example.get("message"))
    assert told == ([expected] if example["account"] else [])


def test_every_table_has_an_example_with_an_account() -> None:
    for service in SERVICES:
        assert any(example["account"] for example in service.examples), service.key


def test_a_message_is_told_where_no_account_is() -> None:
    (one,) = accounts("Message-Id: <cf267d30-7e35-4242-879e-e3d2b937ea06@mtasv.net>")
    assert (one.service, one.account, one.message) == (
        "Postmark",
        None,
        "cf267d30-7e35-4242-879e-e3d2b937ea06",
    )


@pytest.mark.parametrize(
    "field",
    [
        "X-Mailgun-Sid: !!!not base64!!!",
        "X-Mailgun-Sid: " + "A" * 100_000,
        "X-MSFBL: |",
        "Feedback-ID: 325-anexp#nret-fa:account-notifier",
        "Feedback-ID: " + ":" * 100_000,
        "Return-Path: <bounces+" + "-bounces+" * 1_000 + ">",
        "Received: from MTIzNDU2Nzg by mx.example.org with ESMTP id 1",
        "Received: from abcdefgh (unknown) by geopod-ismtpd-0 (SG) with ESMTP id 1",
        "Message-ID: <1@mtasv.net>",
        "From: jo@example.org",
    ],
)
def test_what_names_no_account_tells_none(field: str) -> None:
    assert accounts(field) == ()
