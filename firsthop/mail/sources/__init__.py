"""Find the messages in whatever an operator has: files, folders, archives, stores,
standard input.

    read_sources(paths)     every message in them, in order, and what had to be skipped
                            and why; `passwords` open encrypted archives
    read_bytes(data, uri)   the same for bytes at hand

A message comes with its own bytes, container, offset and digest. Messages that a report
encloses follow the report. Nothing is ever written to an input, nothing is executed, no
name out of an archive names a file. What cannot be read is a `Skipped`, never an
exception and never a gap.

The way of an input:  walk -> sniff -> one reader per form -> what the message encloses;
archives go round again for each member, and so does each part of a message.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

from firsthop.mail.buffer import Buffer, read_chunks, spool
from firsthop.mail.limits import Allowance, Limits
from firsthop.mail.message import BodyBytes
from firsthop.mail.sources.eml import read_eml
from firsthop.mail.sources.enclosed import enclosed
from firsthop.mail.sources.forms import messages_in
from firsthop.mail.sources.look import carries_none
from firsthop.mail.sources.maildir import maildir_notes
from firsthop.mail.sources.raw import RawMail, Skipped
from firsthop.mail.sources.sniff import HEAD_BYTES, Form, sniff
from firsthop.mail.sources.spool_file import header_file_of, is_header_file, read_spool_file
from firsthop.mail.sources.walk import Found, open_buffer, printable, read_beside, walk

__all__ = [
    "STANDARD_INPUT",
    "USUAL_PASSWORDS",
    "Limits",
    "RawMail",
    "Skipped",
    "read_bytes",
    "read_sources",
]

STANDARD_INPUT = "-"
# with which samples are packed so that no gateway looks into them, and with which help
# desks ask for them
USUAL_PASSWORDS = ("infected", "malware", "virus")
_DEFAULT = Limits()
_FIRST_LINES = 1 << 10  # bytes, by which a file of a queue is known


def read_sources(
    paths: Iterable[Path | str],
    limits: Limits = _DEFAULT,
    stdin: BinaryIO | None = None,
    passwords: Sequence[str] = (),
) -> Iterator[RawMail | Skipped]:
    """Every message in `paths`; "-" is standard input, given as `stdin`. Encrypted
    archives are tried with `passwords` and the usual ones."""
    tried = [one.encode() for one in dict.fromkeys((*passwords, *USUAL_PASSWORDS))]
    for path in paths:
        if path == STANDARD_INPUT:
            yield from _read_stdin(stdin, limits, tried)
            continue
        for entry in walk(path):
            yield from (_read_file(entry, limits, tried) if isinstance(entry, Found) else (entry,))


def read_bytes(
    data: bytes, uri: str, limits: Limits = _DEFAULT, passwords: Sequence[str] = USUAL_PASSWORDS
) -> Iterator[RawMail | Skipped]:
    """Every message in `data`, which is called `uri`."""
    return _read(data, uri, Allowance(limits, len(data), [one.encode() for one in passwords]))


def _read_stdin(
    stdin: BinaryIO | None, limits: Limits, passwords: list[bytes]
) -> Iterator[RawMail | Skipped]:
    if stdin is None:
        yield Skipped(STANDARD_INPUT, "no standard input here")
        return
    data, problem = spool(read_chunks(stdin), None, Allowance(limits))
    if problem is not None:
        yield Skipped(STANDARD_INPUT, problem)
    if problem is None or len(data):
        yield from _read(data, STANDARD_INPUT, Allowance(limits, len(data), passwords))


def _read_file(file: Found, limits: Limits, passwords: list[bytes]) -> Iterator[RawMail | Skipped]:
    uri = printable(file.path)
    for data in open_buffer(file.path):
        if isinstance(data, Skipped):
            yield data
            continue
        allowance = Allowance(limits, len(data), passwords)
        if file.maildir is not None and sniff(data[:HEAD_BYTES], ".eml") is Form.EML:
            notes = maildir_notes(file.maildir, uri)
            for mail in read_eml(data, uri, limits, "maildir", notes):
                yield from _with_enclosed(mail, allowance, 1)
        elif (queued := _read_queued(data, file.path, uri, limits)) is not None:
            for mail in queued:
                yield from _with_enclosed(mail, allowance, 1)
        else:
            yield from _read(data, uri, allowance)


def _read_queued(
    data: Buffer, path: str, uri: str, limits: Limits
) -> Iterable[RawMail | Skipped] | None:
    """The message of a server's queue whose header and body are two files: read with
    its header; None for any other file."""
    head = data[:_FIRST_LINES]
    is_header, name = is_header_file(head), os.path.basename(path)
    header = None if is_header else header_file_of(name, head)
    if not is_header and header is None:
        return None
    beside = partial(read_beside, path, most=limits.max_message_bytes)
    if is_header and len(data) <= limits.max_message_bytes:
        return read_spool_file(bytes(data), uri, limits, beside)
    # a body is read with its header file
    return () if header is not None and is_header_file(beside(header) or b"") else None


def _read(data: Buffer, uri: str, allowance: Allowance) -> Iterator[RawMail | Skipped]:
    """The messages in `data`, with what they enclose, as far as the input's budget
    goes."""
    found = _all_messages(data, uri, allowance)
    while True:
        allowance.resume()
        one = next(found, None)
        allowance.pause()
        if one is None:
            return
        yield one
        if (refusal := allowance.over_time()) is not None:
            yield Skipped(uri, f"{refusal}; what comes after was not read")
            return


def _all_messages(data: Buffer, uri: str, allowance: Allowance) -> Iterator[RawMail | Skipped]:
    for one in messages_in(data, uri, allowance):
        allowance.enclosed = 0
        yield from _with_enclosed(one, allowance, 1)


def _with_enclosed(
    mail: RawMail | Skipped, allowance: Allowance, depth: int
) -> Iterator[RawMail | Skipped]:
    """The message, then those it encloses, each followed by its own."""
    if isinstance(mail, Skipped) or _carries_none(mail, allowance.limits):
        yield mail
        return
    inner = list(enclosed(mail, allowance))
    if not inner:
        yield mail
        return
    carried = sum(
        isinstance(one, RawMail) and one.source.enclosed_in == mail.source.uri for one in inner
    )
    if depth > allowance.limits.max_enclosed_depth:
        yield mail
        yield Skipped(
            mail.source.uri,
            f"the messages inside: {allowance.limits.refusal('max_enclosed_depth')}",
        )
        return
    yield _as_report(mail, carried)
    for one in inner:
        yield from _with_enclosed(one, allowance, depth + 1)


def _carries_none(mail: RawMail, limits: Limits) -> bool:
    """Whether nothing is looked for in a message, or a look tells that there is
    nothing."""
    source = mail.source
    return source.container == "pasted" or (
        source.body_bytes is not BodyBytes.REBUILT and carries_none(mail.data, limits)
    )


def _as_report(mail: RawMail, carried: int) -> RawMail:
    """The message with a note of how many it carries."""
    if not carried:
        return mail
    note = f"report: carries {carried} message{'s' if carried > 1 else ''}"
    return mail._replace(source=mail.source._replace(notes=(*mail.source.notes, note)))
