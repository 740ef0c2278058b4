"""The messages in a file's bytes, through the containers around them: one reader for
each form.

A file is somebody's mail: whatever in it is none is told. Messages inside the messages
found here are for the caller to ask for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from firsthop.mail.buffer import Buffer
from firsthop.mail.limits import Allowance, Limits
from firsthop.mail.sources.archive import Member, unpack
from firsthop.mail.sources.eml import read_eml, read_emlx
from firsthop.mail.sources.enclosed.opened import opened
from firsthop.mail.sources.lone import lone_message
from firsthop.mail.sources.look import is_message
from firsthop.mail.sources.mbox import read_mbox
from firsthop.mail.sources.mmdf import read_mmdf
from firsthop.mail.sources.queued import read_queued
from firsthop.mail.sources.raw import RawMail, Skipped, raw_mail
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


def messages_in(
    data: Buffer, uri: str, allowance: Allowance, depth: int = 0
) -> Iterator[RawMail | Skipped]:
    """The messages in `data`, which lies `depth` containers deep."""
    limits = allowance.limits
    if isinstance(data, bytes) and len(data) <= limits.max_message_bytes:
        if is_message(data, uri):
            yield raw_mail(data, uri, "eml")
            return
        if (lone := lone_message(data, uri)) is not None:
            yield lone
            return
    form = sniff(data[:HEAD_BYTES], uri)
    if form not in PACKED:
        yield from _read_form(data, form, uri, allowance)
    elif depth >= limits.max_depth:
        yield Skipped(uri, limits.refusal("max_depth"))
    else:
        for member in unpack(data, form, uri, allowance):
            yield from (
                messages_in(member.data, member.uri, allowance, depth + 1)
                if isinstance(member, Member)
                else (member,)
            )


def _read_form(
    data: Buffer, form: Form, uri: str, allowance: Allowance
) -> Iterator[RawMail | Skipped]:
    """The messages of one container that is no archive."""
    if form is Form.EML:
        return read_eml(data, uri, allowance.limits)
    if form is Form.MBOX:
        return read_mbox(data, uri, allowance.limits, header_start(data[:HEAD_BYTES]))
    if form is Form.EMPTY:
        return iter((Skipped(uri, _emptiness(data)),))
    if form is Form.BINARY:
        return iter((Skipped(uri, f"binary: {binary_kind(data[:HEAD_BYTES])}"),))
    return _read_rare_form(data, form, uri, allowance)


def _emptiness(data: Buffer) -> str:
    if not len(data):
        return "empty"
    return "nothing but white space" + (
        f" in its first {HEAD_BYTES} bytes" if len(data) > HEAD_BYTES else ""
    )


def _read_rare_form(
    data: Buffer, form: Form, uri: str, allowance: Allowance
) -> Iterator[RawMail | Skipped]:
    """The forms whose readers are loaded only when there is one."""
    limits, opener = allowance.limits, partial(opened, allowance=allowance)
    if form is Form.EMLX:
        yield from read_emlx(data, uri, limits)
    elif form is Form.MMDF:
        yield from read_mmdf(data, uri, limits)
    elif form is Form.RECODED:
        read = partial(_read_again, allowance=allowance)
        yield from read_recoded(data, uri, limits, data[:HEAD_BYTES], read)
    elif form is Form.PST:
        from firsthop.mail.sources.pst import read_pst  # noqa: PLC0415

        yield from read_pst(data, uri, limits, opener)
    elif len(data) > limits.max_message_bytes:
        yield Skipped(uri, f"{len(data)} bytes: {limits.refusal('max_message_bytes')}")
    elif form is Form.MSG:
        from firsthop.mail.sources.outlook import read_outlook  # noqa: PLC0415

        yield from read_outlook(bytes(data), uri, limits, opener)
    elif form is Form.TNEF:
        from firsthop.mail.sources.tnef import read_tnef  # noqa: PLC0415

        found = list(read_tnef(bytes(data), uri, limits, opener))
        yield from found or (Skipped(uri, "a TNEF file (winmail.dat) without a message"),)
    elif form in QUEUED:
        yield from read_queued(bytes(data), form, uri, limits)
    else:
        yield from _read_pasted(bytes(data), uri, limits)


def _read_again(
    data: Buffer, uri: str, _limits: Limits, allowance: Allowance
) -> Iterator[RawMail | Skipped]:
    """The messages of a text whose recoding was undone."""
    form = sniff(data[:HEAD_BYTES], uri)
    if form in PACKED:
        return iter((Skipped(uri, "an archive in a recoded text: not unpacked"),))
    return _read_form(data, form, uri, allowance)


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
