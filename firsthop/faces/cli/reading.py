"""Reads mail for the commands that show one message after another: facts come out, what
could not be read is named and counted. The first message is told at once; where many
come, they are read in batches, as `investigate` reads them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from firsthop.case.inputs import mail_inputs
from firsthop.evidence.dns.store import DnsStore
from firsthop.evidence.facts import EMPTY, MessageFacts, establish
from firsthop.faces.cli.options import Request
from firsthop.faces.cli.progress import ProgressBar
from firsthop.mail.read import read_mail, without_header
from firsthop.mail.sources import RawMail, Skipped
from firsthop.settings import OwnServers

LARGEST = 64  # inputs that are read at a time, or
LARGEST_BYTES = 4 << 20
FEW = 32  # inputs for which a batch is worth loading what reads it


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
        return chain.from_iterable(self._read())

    def together(self) -> Iterator[list[MessageFacts]]:
        """The facts of every message, of those at a time that were read at a time; each
        by itself where an answer of the DNS may have to be waited for."""
        for read in self._read():
            if self._store.empty:
                yield [facts for _, facts in read]
            else:
                yield from ([facts] for _, facts in read)

    def _read(self) -> Iterator[Iterator[tuple[bytes, MessageFacts]]]:
        few = FEW
        for chunk in _chunks(self._inputs):
            mails = [one for one in chunk if isinstance(one, RawMail)]
            if len(mails) < few:
                yield self._told(chunk, _one_by_one(mails, self._own, self._store))
            else:
                few = 1
                yield self._told(chunk, _together(mails, self._own, self._store))

    def _told(
        self, chunk: Iterable[RawMail | Skipped], read: Iterator[MessageFacts]
    ) -> Iterator[tuple[bytes, MessageFacts]]:
        """The facts of some inputs with their bytes; what was not read is named."""
        for one in chunk:
            if isinstance(one, Skipped):
                self.skipped += 1
                self._reading.skip(one.uri, one.reason)
                continue
            self._reading.step(one.source.uri)
            facts = next(read)
            if told := without_header(facts.message):
                self.skipped += 1
                self._reading.skip(*told)
            yield one.data, facts

    @property
    def exit_code(self) -> int:
        """0, or 1 where inputs could not be read."""
        return 1 if self.skipped else 0


def _chunks(inputs: Iterable[RawMail | Skipped]) -> Iterator[Sequence[RawMail | Skipped]]:
    """The inputs in order: the first alone, then many at a time."""
    chunk: list[RawMail | Skipped] = []
    most, size = 1, 0
    for one in inputs:
        chunk.append(one)
        size += len(one.data) if isinstance(one, RawMail) else 0
        if len(chunk) == most or size >= LARGEST_BYTES:
            yield chunk
            chunk, most, size = [], LARGEST, 0
    if chunk:
        yield chunk


def _one_by_one(
    mails: Sequence[RawMail], own: OwnServers, store: DnsStore
) -> Iterator[MessageFacts]:
    """The facts of some messages, each made when it is asked for."""
    return (establish(read_mail(one), own, store) for one in mails)


def _together(mails: Sequence[RawMail], own: OwnServers, store: DnsStore) -> Iterator[MessageFacts]:
    """The same of messages that are read in one batch."""
    from firsthop.evidence.bulk.read import read_batch

    batch = read_batch(mails, own)
    return (batch.facts(number, store) for number in range(len(mails)))
