"""Reads mail for the commands that show one message after another: facts come out, what
could not be read is named and counted."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from firsthop.case.inputs import mail_inputs
from firsthop.evidence.dns.store import DnsStore
from firsthop.evidence.facts import EMPTY, MessageFacts, establish
from firsthop.faces.cli.options import Request
from firsthop.faces.cli.progress import ProgressBar
from firsthop.mail.read import read_mail, without_header
from firsthop.mail.sources import Skipped


class Mail:
    """The facts of every message that is asked for; their authentication is checked by
    the DNS evidence in `store`.

    `skipped` counts what could not be read, once all is.
    """

    def __init__(self, request: Request, reading: ProgressBar, store: DnsStore = EMPTY) -> None:
        self._inputs = mail_inputs(
            request.paths,
            [request.case_file_path] if request.case_file_path else [],
            sys.stdin.buffer,
            passwords=request.passwords,
        )
        self._own = request.settings.own
        self._reading = reading
        self._store = store
        self.skipped = 0

    def __iter__(self) -> Iterator[MessageFacts]:
        return (facts for _, facts in self.with_bytes())

    def with_bytes(self) -> Iterator[tuple[bytes, MessageFacts]]:
        """The facts of every message, each with its own bytes."""
        for one in self._inputs:
            if isinstance(one, Skipped):
                self.skipped += 1
                self._reading.skip(one.uri, one.reason)
            else:
                self._reading.step(one.source.uri)
                message = read_mail(one)
                if told := without_header(message):
                    self.skipped += 1
                    self._reading.skip(*told)
                yield one.data, establish(message, self._own, self._store)

    @property
    def exit_code(self) -> int:
        """0, or 1 where inputs could not be read."""
        return 1 if self.skipped else 0
