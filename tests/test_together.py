"""Messages that are read, examined and compared together are told as each is alone:
nothing of one gets into what is told of another."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks.corpora import messages
from firsthop.campaign.features import MessageFeatures, features_of, features_of_all
from firsthop.case_file import CaseFile
from firsthop.evidence.bulk.read import read_batch
from firsthop.evidence.facts import EMPTY, MessageFacts, establish
from firsthop.judgement.examine import Examination, examine, examine_all
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import RawMail, raw_mail
from firsthop.settings import OwnServers

MESSAGES = 300
_OWN = OwnServers()


@pytest.fixture(scope="module")
def mails(corpora: Path) -> list[RawMail]:
    """Some messages of all corpora, those of one beside those of others."""
    del corpora  # it is there
    every = list(messages())
    chosen = random.Random(15).sample(every, MESSAGES)
    return [raw_mail(one.data, one.path, "eml", 0) for one in chosen]


def together(mails: list[RawMail]) -> list[MessageFacts]:
    """The facts of messages that are read in one batch."""
    batch = read_batch(mails, _OWN)
    return [batch.facts(number, EMPTY) for number in range(len(mails))]


def judged(one: Examination) -> tuple[object, ...]:
    """What is told of a message."""
    return one.findings, one.verdicts


@pytest.mark.parametrize("backwards", [False, True])
def test_what_is_told_of_a_message_does_not_depend_on_those_beside_it(
    mails: list[RawMail], backwards: bool
) -> None:
    some = mails[::-1] if backwards else mails
    case_file = CaseFile()
    facts = together(some)
    examined = list(map(judged, examine_all(facts, case_file)))
    features: list[MessageFeatures] = features_of_all(facts, case_file)
    for number, mail in enumerate(some):
        alone = establish(read_mail(mail), _OWN)
        assert judged(examine(alone, case_file)) == examined[number], mail.source.uri
        assert features_of(alone, case_file) == features[number], mail.source.uri


def test_none_are_told_as_none() -> None:
    assert examine_all([], CaseFile()) == []
    assert features_of_all([], CaseFile()) == []
