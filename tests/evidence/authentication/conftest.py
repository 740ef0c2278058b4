"""What the tests of authentication share: messages from text, a day, and answers of
that day."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from firsthop.mail.message import Evidence, Field, Message
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail

DAY = 1_400_331_577  # 2014-05-17T12:59:37Z


@pytest.fixture
def mail() -> Callable[..., Message]:
    """A message of bytes, or of text with any line ends."""

    def read(data: bytes | str, evidence: Evidence = Evidence.MESSAGE) -> Message:
        raw = raw_mail(data if isinstance(data, bytes) else data.encode(), "test.eml", "eml")
        message = read_mail(raw)
        if evidence is Evidence.MESSAGE:
            return message
        from dataclasses import replace

        return replace(message, source=message.source._replace(evidence=evidence))

    return read


@pytest.fixture
def field(mail: Callable[..., Message]) -> Callable[[str], Field]:
    """The one field of a header."""
    return lambda text: mail(text + "\r\n\r\n").fields[0]
