"""A Subject in capitals is found; one that is not, or is short, is left alone."""

from __future__ import annotations

import pytest

from firsthop import Outcome, examine, trace
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail


@pytest.mark.parametrize(
    ("subject", "expected"),
    [("ACT NOW PLEASE", Outcome.CONTRADICTS), ("act now please", None), ("URGENT", None)],
)
def test_a_subject_in_capitals(subject: str, expected: Outcome | None) -> None:
    message = read_mail(raw_mail(f"Subject: {subject}\n\n".encode(), "x.eml", "eml"))
    found = {one.check: one.outcome for one in examine(trace(message)).findings}
    assert found.get("subject_in_capitals") == expected
