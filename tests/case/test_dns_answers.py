"""What a case keeps of the DNS: in one order, each answer once, and no failed question
where there is an answer."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from firsthop.case.dns_answers import (
    RecordingStore,
    answers_text,
    case_answers,
    merged,
    read_answers_text,
)
from firsthop.errors import SettingsError
from firsthop.evidence.dns.recorded import store_of
from firsthop.evidence.dns.store import NOERROR, NXDOMAIN, TIMEOUT, Answer, dns_store

DAY = 1_400_331_577
GOOD = Answer("a.example", "TXT", ("x",), NOERROR, DAY, "one")
SAME = GOOD._replace(source="two")
FAILED = GOOD._replace(records=(), rcode=TIMEOUT, as_of=DAY + 1)
LATER = GOOD._replace(as_of=DAY + 2)
GONE = Answer("b.example", "A", (), NXDOMAIN, DAY, "one")


def test_one_order_whatever_the_order_of_asking() -> None:
    texts = {answers_text(order) for order in permutations([GOOD, SAME, FAILED, LATER, GONE])}
    assert len(texts) == 1
    assert read_answers_text(texts.pop().encode(), "case") == (GOOD, LATER, GONE)


def test_a_failed_question_without_an_answer_stays() -> None:
    assert read_answers_text(answers_text([FAILED]).encode(), "case") == (FAILED,)


def test_what_a_zone_says_does_not_exist_is_used_too() -> None:
    noted = RecordingStore(
        inner=store_of({"a.example": {"TXT": ["x"]}}, DAY, "zone", complete=True)
    )
    for name, rtype in (("A.example.", "txt"), ("gone.example", "A"), ("a.example", "A")):
        noted.ask(name, rtype, DAY)
    alone = dns_store(read_answers_text(answers_text(noted.used).encode(), "case"))
    for name, rtype in (("a.example", "TXT"), ("gone.example", "A"), ("a.example", "A")):
        # records and response code
        assert alone.ask(name, rtype)[2:4] == noted.ask(name, rtype)[2:4]


def test_an_alias_is_kept_under_the_name_that_was_asked() -> None:
    noted = RecordingStore(
        inner=store_of(
            {"alias.example": {"CNAME": ["a.example"]}, "a.example": {"TXT": ["x"]}}, DAY, "test"
        )
    )
    noted.ask("alias.example", "TXT")
    assert {(answer.name, answer.records) for answer in noted.used} == {("alias.example", ("x",))}


def test_joined_keeps_both() -> None:
    store = merged(dns_store([GOOD]), [LATER, GONE])
    assert (
        store.ask("a.example", "TXT", DAY),
        store.ask("a.example", "TXT"),
        store.ask("b.example", "A"),
    ) == (GOOD, LATER, GONE)


def test_there_is_no_case_yet(tmp_path: Path) -> None:
    assert case_answers(tmp_path / "case") == ()


def test_bytes_that_are_no_text() -> None:
    with pytest.raises(SettingsError, match="case: not in UTF-8"):
        read_answers_text(b"\xff", "case")
