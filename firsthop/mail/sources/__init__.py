"""Find the messages in whatever an operator has: files, folders, archives, stores,
standard input.

    read_sources(paths)     every message in them, in order, and what had to be skipped
                            and why
    read_bytes(data, uri)   the same for bytes at hand

A message comes with its own bytes, container, offset and digest. Messages that a report
encloses follow the report. Nothing is ever written to an input, nothing is executed, no
name out of an archive names a file. What cannot be read is a `Skipped`, never an
exception and never a gap.

The way of an input:  walk -> sniff -> one reader per form -> what the message encloses;
archives go round again for each member.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from firsthop.mail.buffer import Buffer, read_chunks, spool
from firsthop.mail.limits import Allowance, Limits
from firsthop.mail.sources.archive import Member, unpack
from firsthop.mail.sources.eml import read_eml, read_emlx
from firsthop.mail.sources.enclosed import enclosed
from firsthop.mail.sources.maildir import maildir_notes
from firsthop.mail.sources.mbox import read_mbox
from firsthop.mail.sources.mmdf import read_mmdf
from firsthop.mail.sources.postfix_queue import read_postcat, read_queue_file
from firsthop.mail.sources.raw import RawMail, Skipped
from firsthop.mail.sources.recoded import read_recoded
from firsthop.mail.sources.sniff import (
    HEAD_BYTES,
    PACKED,
    QUEUED,
    Form,
    binary_kind,
    header_names,
    header_start,
    is_familiar,
    sniff,
)
from firsthop.mail.sources.spool_file import header_file_of, is_header_file, read_spool_file
from firsthop.mail.sources.walk import Found, open_buffer, printable, read_beside, walk

__all__ = ["STANDARD_INPUT", "Limits", "RawMail", "Skipped", "read_bytes", "read_sources"]

STANDARD_INPUT = "-"
_DEFAULT = Limits()
_FIRST_LINES = 1 << 10  # bytes, by which a file of a queue is known


def read_sources(
    paths: Iterable[Path | str], limits: Limits = _DEFAULT, stdin: BinaryIO | None = None
) -> Iterator[RawMail | Skipped]:
    """Every message in `paths`; "-" is standard input, given as `stdin`."""
    for path in paths:
        if path == STANDARD_INPUT:
            yield from _read_stdin(stdin, limits)
            continue
        for entry in walk(path):
            yield from (_read_file(entry, limits) if isinstance(entry, Found) else (entry,))


def read_bytes(data: bytes, uri: str, limits: Limits = _DEFAULT) -> Iterator[RawMail | Skipped]:
    """Every message in `data`, which is called `uri`."""
    return _read(data, uri, Allowance(limits), 0)


def _read_stdin(stdin: BinaryIO | None, limits: Limits) -> Iterator[RawMail | Skipped]:
    if stdin is None:
        yield Skipped(STANDARD_INPUT, "no standard input here")
        return
    data, problem = spool(read_chunks(stdin), None, Allowance(limits))
    if problem is not None:
        yield Skipped(STANDARD_INPUT, problem)
    if problem is None or len(data):
        yield from _read(data, STANDARD_INPUT, Allowance(limits), 0)


def _read_file(file: Found, limits: Limits) -> Iterator[RawMail | Skipped]:
    data, uri = open_buffer(file.path), printable(file.path)
    if isinstance(data, Skipped):
        yield data
    elif file.maildir is not None and sniff(data[:HEAD_BYTES], ".eml") is Form.EML:
        for mail in read_eml(data, uri, limits, "maildir", maildir_notes(file.maildir, uri)):
            yield from _with_enclosed(mail, limits, 1)
    elif (queued := _read_queued(data, file.path, uri, limits)) is not None:
        for mail in queued:
            yield from _with_enclosed(mail, limits, 1)
    else:
        yield from _read(data, uri, Allowance(limits), 0)


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


def _read(data: Buffer, uri: str, allowance: Allowance, depth: int) -> Iterator[RawMail | Skipped]:
    """The messages in `data`, which lies `depth` containers deep."""
    form = sniff(data[:HEAD_BYTES], uri)
    if form not in PACKED:
        for mail in _read_form(data, form, uri, allowance.limits):
            yield from _with_enclosed(mail, allowance.limits, 1)
    elif depth >= allowance.limits.max_depth:
        yield Skipped(uri, allowance.limits.refusal("max_depth"))
    else:
        for member in unpack(data, form, uri, allowance):
            yield from (
                _read(member.data, member.uri, allowance, depth + 1)
                if isinstance(member, Member)
                else (member,)
            )


def _read_form(data: Buffer, form: Form, uri: str, limits: Limits) -> Iterator[RawMail | Skipped]:
    """The messages of one container that is no archive."""
    if form is Form.EML:
        return read_eml(data, uri, limits)
    if form is Form.MBOX:
        return read_mbox(data, uri, limits, header_start(data[:HEAD_BYTES]))
    if form is Form.EMPTY:
        return iter((Skipped(uri, _emptiness(data)),))
    if form is Form.BINARY:
        return iter((Skipped(uri, f"binary: {binary_kind(data[:HEAD_BYTES])}"),))
    return _read_rare_form(data, form, uri, limits)


def _emptiness(data: Buffer) -> str:
    if not len(data):
        return "empty"
    return "nothing but white space" + (
        f" in its first {HEAD_BYTES} bytes" if len(data) > HEAD_BYTES else ""
    )


def _read_rare_form(
    data: Buffer, form: Form, uri: str, limits: Limits
) -> Iterator[RawMail | Skipped]:
    """The forms whose readers are loaded only when there is one."""
    if form is Form.EMLX:
        yield from read_emlx(data, uri, limits)
    elif form is Form.MMDF:
        yield from read_mmdf(data, uri, limits)
    elif form is Form.RECODED:
        yield from read_recoded(data, uri, limits, data[:HEAD_BYTES], _read_again)
    elif form is Form.PST:
        from firsthop.mail.sources.pst import read_pst  # noqa: PLC0415

        yield from read_pst(data, uri, limits)
    elif len(data) > limits.max_message_bytes:
        yield Skipped(uri, f"{len(data)} bytes: {limits.refusal('max_message_bytes')}")
    elif form is Form.MSG:
        from firsthop.mail.sources.outlook import read_outlook  # noqa: PLC0415

        yield from read_outlook(bytes(data), uri, limits)
    elif form in QUEUED:
        yield from _read_queue(bytes(data), form, uri, limits)
    else:
        yield from _read_pasted(bytes(data), uri, limits)


def _read_queue(data: bytes, form: Form, uri: str, limits: Limits) -> Iterator[RawMail | Skipped]:
    """The messages of a file of a server's queue."""
    if form is Form.SPOOL_HEADER:
        return read_spool_file(data, uri, limits)
    if form is Form.POSTCAT:
        return read_postcat(data, uri)
    if form is Form.POSTFIX_QUEUE:
        return read_queue_file(data, uri)
    reason = "a body out of Exim's queue: its header file (-H) is not beside it"
    return iter((Skipped(uri, reason),))


def _read_again(data: Buffer, uri: str, limits: Limits) -> Iterator[RawMail | Skipped]:
    """The messages of a text whose recoding was undone."""
    form = sniff(data[:HEAD_BYTES], uri)
    if form in PACKED:
        return iter((Skipped(uri, "an archive in a recoded text: not unpacked"),))
    return _read_form(data, form, uri, limits)


def _read_pasted(data: bytes, uri: str, limits: Limits) -> Iterator[RawMail | Skipped]:
    from firsthop.mail.sources.pasted import read_pasted  # noqa: PLC0415

    any_excerpt = False
    for mail in read_pasted(data, uri):
        any_excerpt = True
        yield mail
    if not any_excerpt and is_familiar(header_names(data[:HEAD_BYTES].partition(b"\n")[0])[0]):
        yield from read_eml(data, uri, limits)
    elif not any_excerpt:
        yield Skipped(uri, "text without any header line")


def _with_enclosed(
    mail: RawMail | Skipped, limits: Limits, depth: int
) -> Iterator[RawMail | Skipped]:
    """The message, then those it encloses, each followed by its own."""
    if isinstance(mail, Skipped) or mail.source.container == "pasted":
        yield mail
        return
    inner = list(enclosed(mail, limits))
    carried = sum(
        isinstance(one, RawMail) and one.source.enclosed_in == mail.source.uri for one in inner
    )
    if inner and depth > limits.max_enclosed_depth:
        yield mail
        yield Skipped(
            mail.source.uri, f"the messages inside: {limits.refusal('max_enclosed_depth')}"
        )
        return
    yield _as_report(mail, carried)
    for one in inner:
        yield from _with_enclosed(one, limits, depth + 1)


def _as_report(mail: RawMail, carried: int) -> RawMail:
    """The message with a note of how many it carries."""
    if not carried:
        return mail
    note = f"report: carries {carried} message{'s' if carried > 1 else ''}"
    return mail._replace(source=replace(mail.source, notes=(*mail.source.notes, note)))
