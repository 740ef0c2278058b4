"""The manifest names every input once, in order, with digest or reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from firsthop.case.journal import JOURNAL, Inputs, read_journal
from firsthop.case.manifest import MANIFEST
from firsthop.mail.sources import RawMail


def test_each_message_and_each_skipped_input_has_a_line(
    write_case: Callable[..., Path], mails: list[RawMail]
) -> None:
    case = write_case()
    lines = [json.loads(line) for line in (case / MANIFEST).read_text().splitlines()]
    assert lines[-1] == {"uri": "broken.eml", "reason": "empty"}
    assert [(line["offset"], line["bytes"], line["sha256"]) for line in lines[:-1]] == [
        (mail.source.offset, len(mail.data), hashlib.sha256(mail.data).hexdigest())
        for mail in mails
    ]
    assert {(line["container"], line["evidence"]) for line in lines[:-1]} == {
        ("pasted", "publication")
    }


def test_the_journal_counts_them(write_case: Callable[..., Path]) -> None:
    case = write_case()
    (entry,) = read_journal((case / JOURNAL).read_bytes()).entries
    assert entry.inputs == Inputs(7, 1, hashlib.sha256((case / MANIFEST).read_bytes()).hexdigest())
    assert (entry.tool, entry.action, entry.time) == ("firsthop", "investigate", None)
