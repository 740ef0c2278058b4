"""Cycles are looked for seldom within, and as before behind it."""

from __future__ import annotations

import gc
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from benchmarks.campaigns.planted import Plan, write
from firsthop.case.inputs import mail_inputs
from firsthop.case.parquet.files import EvidenceFiles
from firsthop.case_file import CaseFile
from firsthop.evidence.dns.store import DnsStore
from firsthop.investigation.message import MessageProcessor
from firsthop.mail.sources import read_bytes
from firsthop.mail.sources.raw import RawMail
from firsthop.settings import OwnServers
from firsthop.system.garbage import OLDER, OLDEST, YOUNG, seldom_collected


def test_as_before_behind_it_whatever_happens() -> None:
    before, within = gc.get_threshold(), list[tuple[int, ...]]()

    @seldom_collected()
    def fails() -> None:
        within.extend((gc.get_threshold(), (gc.get_freeze_count(),)))
        raise ValueError("within")

    with pytest.raises(ValueError, match="within"):
        fails()
    assert within[0] == (YOUNG, OLDER, OLDEST)
    assert within[1][0] > 0
    assert gc.get_threshold() == before
    assert not gc.get_freeze_count()


def cycles(work: Callable[[], Any]) -> list[object]:
    """What of this program, and what long texts, only the collector lets go of; ctypes
    makes classes, which are cycles of some hundred bytes."""
    work()  # modules and tables are loaded
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        work()
        gc.collect()
        left = list(gc.garbage)
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
    return [
        one
        for one in left
        if not isinstance(one, type)
        if type(one).__module__.startswith("firsthop")
        or (getattr(one, "__module__", None) or "").startswith("firsthop")
        or any(
            isinstance(held, bytes | str) and len(held) > 1_000 for held in gc.get_referents(one)
        )
    ]


def planted() -> list[RawMail]:
    mails = [data for plan in ("mine", "yours") for data in write(Plan(plan, 30), 1)]
    read = [one for data in mails for one in read_bytes(data, "a.eml")]
    return [one for one in read if isinstance(one, RawMail)]


PROCESSOR = MessageProcessor(OwnServers(), CaseFile(), DnsStore())


def test_the_reading_of_messages_makes_none() -> None:
    mails = planted()
    assert cycles(lambda: PROCESSOR(mails)) == []


def test_the_reading_of_real_messages_makes_none(corpus_messages: Path) -> None:
    mails = list(islice(mail_inputs([corpus_messages]), 0, 4_000, 8))
    assert cycles(lambda: PROCESSOR(mails)) == []


def test_the_writing_of_evidence_makes_none(tmp_path: Path) -> None:
    """10 GB of records wait for a million messages: what each leaves would be
    kept."""
    evidence = PROCESSOR(planted()).evidence

    def filled() -> None:
        with EvidenceFiles(tmp_path) as files:
            files.add_records(evidence)
            files.add_records(evidence)

    assert cycles(filled) == []
