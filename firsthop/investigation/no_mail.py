"""No mail is no case: before a case folder is touched, one message has been seen.

Raises:     NoMailError where there is none; what could not be read has been named then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TypeVar

from firsthop.errors import NoMailError
from firsthop.mail.sources.raw import MailPlace, Skipped
from firsthop.system.progress import Progress

NAMED = 3  # so many of the inputs
Mail = TypeVar("Mail", bound=MailPlace)


def demand_mail(
    inputs: Iterator[Mail | Skipped], paths: Sequence[Path | str], progress: Progress
) -> Iterator[Mail | Skipped]:
    """The same inputs, once a message is among them."""
    before: list[Mail | Skipped] = []
    for one in inputs:
        before.append(one)
        if not isinstance(one, Skipped):
            return chain(before, inputs)
    skipped = [one for one in before if isinstance(one, Skipped)]
    if len(skipped) == 1:
        only = skipped[0]
        raise NoMailError(f"no mail, nothing is written: {only.uri}: {only.reason}")
    for one in skipped:
        progress.skip(one.uri, one.reason)
    raise NoMailError(f"no mail in {_named(paths)}: nothing is written")


def _named(paths: Sequence[Path | str]) -> str:
    more = len(paths) - NAMED
    return ", ".join(map(str, paths[:NAMED])) + (f" and {more} more" if more > 0 else "")
