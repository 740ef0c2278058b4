"""The format `gmail`: searches of known operators and phrases alone."""

from __future__ import annotations

import re

import pytest

from firsthop.publication.exports.gmail import export, term, why_not
from firsthop.publication.exports.source import ExportSource
from tests.exports.filters import HOSTILE, families_of, hostile_source

TERM = r'(?:(?:from:|subject:)?"[^\W_]+(?: [^\W_]+)*"|from:[A-Za-z0-9._+@-]+)'
IDS = r"rfc822msgid:[^\s\"(){}]+(?: OR rfc822msgid:[^\s\"(){}]+)*"
LINE = re.compile(rf"# [ -~]*|{TERM}(?: {TERM})*|{IDS}")


def test_words_between_masks_are_phrases() -> None:
    assert term("subject_template", "{address} please verify # now {code}") == (
        'subject:"please verify"'
    )
    assert term("passage", "unsubscribe or by writing to") == '"unsubscribe or by writing to"'
    assert term("author_domain", "a.example") == "from:a.example"
    assert term("author_address", 'a"b@a.example') is None
    assert term("subject_template", "# {code}") is None
    assert why_not(("mailer", "Kit"))
    assert why_not(("subject_template", "#"))


def test_messages_are_asked_for_by_their_ids(planted_source: ExportSource) -> None:
    text = export(planted_source).files["messages.txt"].decode()
    assert text.count("rfc822msgid:") == 24
    assert "24 of 24 messages" in text
    assert export(planted_source).files == export(planted_source).files


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_stays_a_value(value: str, planted_source: ExportSource) -> None:
    for family in families_of(value):
        for data in export(hostile_source(planted_source, family, value)).files.values():
            for line in data.decode().split("\n"):
                assert not line or LINE.fullmatch(line), line


@pytest.mark.parametrize("spoiled", ['subject:"a', 'subject:"a" OR is:any', "from:a b", "in:spam"])
def test_spoiled_searches_are_refused(spoiled: str) -> None:
    assert not LINE.fullmatch(spoiled)
