"""Received lines at hand: SpamAssassin's parser cases and the corpora, held at the
figures that were reached."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.received.coverage import LOOKED_AT, compare, cover, pattern, spamassassin_cases
from firsthop.evidence.received.hop import KINDS
from firsthop.mail.header import find_block, split_block


def test_spamassassins_cases(corpora: Path) -> None:
    agree, total, differences, ignored = compare(spamassassin_cases(corpora))
    assert (total, len(ignored)) == (777, 34)
    assert agree >= 776
    assert [d for d in differences if (d.field, d.ours) not in LOOKED_AT] == []
    assert {hop.kind for _, hop in ignored} <= set(KINDS) - {"unreadable"}


@pytest.fixture(scope="module")
def lines(corpus_messages: Path) -> list[str]:
    """Every Received line of the corpora."""
    found = []
    for row in (corpus_messages / "MANIFEST.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        data = (corpus_messages / row.partition("\t")[0]).read_bytes()
        found += [
            field.value
            for field in split_block(data, find_block(data).stop)
            if field.key == "received"
        ]
    return found


def test_the_corpora_are_read(lines: list[str]) -> None:
    found = cover(lines)
    assert found.lines > 35_000
    assert found.with_by / found.naming_by >= 0.995
    assert found.with_by / found.lines >= 0.98  # qmail's own notes have no by clause
    assert found.with_date / found.lines >= 0.995
    assert found.with_address / found.naming_address >= 0.995
    assert found.unread / found.lines <= 0.005


def test_queue_ids_of_genuine_lines_fit(lines: list[str]) -> None:
    ids = cover(lines).ids
    assert ids["exim", "fits"] > 20 * ids["exim", "does not fit"]
    assert ids["sendmail", "fits"] > 20 * ids["sendmail", "does not fit"]
    assert ids["postfix_long", "fits"] > 20 * (
        ids["postfix_long", "does not fit"] + ids["postfix_long", "impossible"]
    )


def test_a_pattern_names_nobody() -> None:
    assert (
        pattern("from a.example (jo@b.example [192.0.2.1]) 2001:db8::7 id 4711; 21:59:37")
        == "from H (A [H]) V id 9; T"
    )
