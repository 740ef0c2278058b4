"""The facts of a message are complete, each is worked out once, and only when asked."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from firsthop.case_file import CaseFile
from firsthop.evidence import facts as module
from firsthop.evidence.dns.recorded import store_of
from firsthop.evidence.facts import MessageFacts, establish
from firsthop.judgement.examine import examine
from firsthop.mail.message import Message
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail
from firsthop.publication.json.message import examine_object, trace_object
from firsthop.settings import OwnServers, own_servers

OWN = own_servers(["mx.example.org"])
MAIL = (
    b"Return-Path: <jo@example.com>\n"
    b"Received: from h.example.com (h.example.com [203.0.113.5]) by mx.example.org (Postfix)\n"
    b" with ESMTP id 2; Sat, 17 May 2014 21:59:37 +0900\n"
    b"List-Id: <l.example.net>\nReply-To: Al <al@example.net>\n"
    b"From: Jo <jo@example.com>\nDate: Sat, 17 May 2014 14:59:30 +0200\n"
    b"X-Mailer: Mutt 1.5\nMessage-ID: <1@example.com>\n\n"
    b"see https://example.com/a\n"
)
RECORDS: dict[str, dict[str, list[str] | str]] = {
    "example.com": {"TXT": ["v=spf1 ip4:203.0.113.0/24 -all"]}
}
DERIVED = (
    "judged_at", "trace_fields", "identities", "authenticate", "signs", "sender_part",
    "read_content", "traces", "read_author", "trace_path", "find_stamp", "mailboxes",
    "provider_of", "message_id", "subject",
)  # fmt: skip
COSTLY = frozenset(("authenticate", "signs", "sender_part", "read_content", "traces"))


def message() -> Message:
    return read_mail(raw_mail(MAIL, "a.eml", "eml"))


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each of DERIVED ran."""
    told: Counter[str] = Counter()

    def counted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **named: Any) -> Any:
            told[name] += 1
            return function(*args, **named)

        return run

    for name in DERIVED:
        monkeypatch.setattr(module, name, counted(name, getattr(module, name)))
    return told


def everything(facts: MessageFacts) -> None:
    from firsthop.campaign.features import features_of
    from firsthop.case.parquet.columns import columns_of_one

    examination = examine(facts, CaseFile())
    examine_object(examination)
    features_of(facts)
    columns_of_one(examination)


def test_each_fact_is_worked_out_once(calls: Counter[str]) -> None:
    facts = establish(message(), OWN)
    everything(facts)
    everything(facts)
    _ = facts.mailer_traces
    assert calls == Counter(DERIVED)


def test_a_trace_pays_for_nothing_that_it_does_not_show(calls: Counter[str]) -> None:
    trace_object(establish(message(), OWN))
    assert COSTLY.isdisjoint(calls)


def test_facts_are_complete_as_they_are_established() -> None:
    facts = establish(message(), OWN, store_of(RECORDS, 1_400_331_577, "test"))
    assert facts.authentication.spf.result == "pass"
    assert facts.authentication.spf_passes == ("example.com",)
    assert facts.content.links == ("https://example.com/a",)
    assert [sign.flow for sign in facts.indirect_signs] == ["list"]
    assert facts.sender_part.lists
    assert [box.address for box in facts.reply_to] == ["al@example.net"]
    assert (facts.mailer_traces.mailer, facts.mailer_traces.message_id) == (
        "Mutt 1.5",
        "1@example.com",
    )


def test_without_a_store_nothing_is_missing_but_the_answers() -> None:
    assert establish(message(), OWN).authentication.spf.result == "not_checkable"


def test_other_answers_are_other_facts() -> None:
    facts = establish(message(), OWN)
    assert facts.authentication.spf.result == "not_checkable"
    known = replace(facts, dns=store_of(RECORDS, 1_400_331_577, "test"))
    assert known.authentication.spf.result == "pass"


def test_two_messages_one_after_the_other_share_nothing() -> None:
    first, second = establish(message(), OWN), establish(message(), OwnServers())
    assert first.mailer_traces is first.mailer_traces
    assert first.mailer_traces is not second.mailer_traces


def test_what_crosses_to_another_process_is_no_facts() -> None:
    from firsthop.evidence.dns.store import DnsStore
    from firsthop.investigation.message import MessageProcessor, ProcessedMessage

    processor = MessageProcessor(OWN, CaseFile(), DnsStore())
    chunk = processor([raw_mail(MAIL, "a.eml", "eml")])
    assert isinstance(chunk.kept[0], ProcessedMessage)
    assert b"MessageFacts" not in pickle.dumps(chunk)
