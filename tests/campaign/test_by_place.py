"""Summaries are found by where their messages lie."""

from __future__ import annotations

from firsthop.campaign.first_hops.by_place import ByPlace
from firsthop.campaign.first_hops.summary import MessageSummary, summarize
from firsthop.case_file import CaseFile
from firsthop.evidence.facts import establish
from firsthop.judgement.examine import examine
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail
from firsthop.settings import OwnServers


def test_a_mapping_of_places() -> None:
    first, second, third = (_summary(uri) for uri in "aba")
    found = ByPlace([first, second, third])
    assert dict(found) == {("a", 0): third, ("b", 0): second}
    assert found["a", 0] is third
    assert found.get(("a", 1)) is None
    assert ("b", 0) in found
    assert len(found) == 2
    assert len(ByPlace([])) == 0


def _summary(uri: str) -> MessageSummary:
    mail = read_mail(raw_mail(b"From: a@b.it\nSubject: x\n\nb\n", uri, "eml"))
    return summarize(examine(establish(mail, OwnServers()), CaseFile()))
