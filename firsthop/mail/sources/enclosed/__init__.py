"""Take the messages out that a message carries: in a bounce, in an abuse report,
attached to a report (RFC 3462, RFC 3464, RFC 5965, RFC 6522).

The reported original is the evidence, the report its envelope; both are kept. A
message's own bytes are handed on as they stand in the report, with their place in it;
where they had to be decoded first the notes say so, and the place is that of the
encoded part. An ordinary message costs one look at its header. Messages inside the
enclosed ones are for the caller to ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from firsthop.mail.header import find_header
from firsthop.mail.limits import Limits
from firsthop.mail.message import BodyBytes, Evidence, Source
from firsthop.mail.mime import Part, Refused, content_type, decoded, file_name, parts
from firsthop.mail.sources.eml import message_start
from firsthop.mail.sources.enclosed.returned import (
    Bounce,
    bounce_signs,
    find_returned,
    undeclared_boundary,
    unindented,
)
from firsthop.mail.sources.mbox import starts_mbox
from firsthop.mail.sources.raw import RawMail, Skipped, raw_mail
from firsthop.mail.sources.sniff import Form, header_names, sniff

# RFC 2046 section 5.2, RFC 6532, RFC 5536
MESSAGE_TYPES = frozenset(
    {b"message/rfc822", b"message/global", b"message/news", b"message/partial"}
)
# RFC 6522, RFC 6533
HEADER_TYPES = frozenset(
    {
        b"text/rfc822-headers",
        b"text/rfc822-header",
        b"message/rfc822-headers",
        b"message/global-headers",
    }
)


def enclosed(report: RawMail, limits: Limits) -> Iterator[RawMail | Skipped]:
    """The messages that `report` carries, in order."""
    header = report.data[: find_header(report.data).stop]
    bounce = bounce_signs(header)
    kind, _ = content_type(header)
    if not bounce and not kind.startswith((b"multipart/", b"message/")):
        return
    messages = 0
    texts = []
    for part in parts(report.data, limits, undeclared_boundary(report.data) if bounce else None):
        if isinstance(part, Refused):
            yield Skipped(part_uri(report.source, part.label), part.reason)
            continue
        for item in _from_part(report, part, limits):
            messages += isinstance(item, RawMail)
            yield item
        if part.content_type.startswith(b"text/plain"):
            texts.append(part)
    if bounce and not messages:
        yield from _from_texts(report, texts, bounce)


def part_uri(source: Source, label: str) -> str:
    """The URI of a part; that of a message in an mbox names the message's place too."""
    place = f"@{source.offset}/" if source.container == "mbox" else ""
    return f"{source.uri}!/{place}part-{label}"


def _from_part(report: RawMail, part: Part, limits: Limits) -> Iterator[RawMail | Skipped]:
    if part.begin and _is_message_itself(part.header):
        yield _enclosed_mail(
            report,
            part.label,
            report.data[part.begin : part.stop],
            part.begin,
            ("its header stands as that of the part",),
        )
        return
    name = file_name(part.header).lower()
    headers_only = part.content_type in HEADER_TYPES
    if (
        not headers_only
        and part.content_type not in MESSAGE_TYPES
        and not _is_attached_message(part, name)
    ):
        return
    stored = report.data[part.start : part.stop]
    content, encoding = decoded(stored, part.header)
    if encoding and header_names(stored[:200])[0] and not header_names(content[:200])[0]:
        content, encoding = stored, None  # labelled as encoded, and is not
    if not content.strip() or (
        part.content_type == b"message/partial" and not header_names(content[:200])[0]
    ):
        return  # the later pieces of a message that was cut in pieces begin without a header
    if sniff(content[:1024], name) is Form.MSG:
        yield from _outlook(report, part.label, content, part.start, limits)
        return
    told = (
        (f"headers only ({part.content_type.decode('ascii', 'replace')})",) if headers_only else ()
    )
    yield _whole_message(report, part, content, encoding, told)


def _is_message_itself(header: bytes) -> bool:
    """Whether a part's header is that of the returned message: some bounces put the
    boundary straight before it."""
    names, _ = header_names(header)
    return b"received" in names and (b"from" in names or b"message-id" in names)


def _is_attached_message(part: Part, name: str) -> bool:
    original = b"x-spam-type=original" in part.header.lower()  # SpamAssassin's report_safe 2
    return (
        original
        or name.endswith((".eml", ".msg"))
        or part.content_type == b"application/vnd.ms-outlook"
    )


def _whole_message(
    report: RawMail, part: Part, content: bytes, encoding: str | None, told: tuple[str, ...]
) -> RawMail:
    start, before = message_start(content[:4096])
    if starts_mbox(content[:8192], start) or content.startswith(b">From ", start):
        line = content.find(b"\n", start) + 1
        before += (
            f"mbox separator: {content[start:line].strip().decode('utf-8', 'backslashreplace')}",
        )
        start = line or start
    offset = part.start if encoding else part.start + start
    notes = told + before + ((f"decoded from {encoding}",) if encoding else ())
    return _enclosed_mail(report, part.label, content[start:], offset, notes)


def _enclosed_mail(
    report: RawMail, label: str, data: bytes, offset: int, notes: tuple[str, ...]
) -> RawMail:
    uri = part_uri(report.source, label)
    return raw_mail(data, uri, "enclosed", offset, Evidence.ENCLOSED, report.source.uri, notes)


def _outlook(
    report: RawMail, label: str, content: bytes, offset: int, limits: Limits
) -> Iterator[RawMail | Skipped]:
    from firsthop.mail.sources.outlook import read_outlook  # noqa: PLC0415 - loaded only when there is an Outlook item

    return read_outlook(content, part_uri(report.source, label), limits, offset, report.source.uri)


def _from_texts(report: RawMail, texts: list[Part], bounce: Bounce) -> Iterator[RawMail]:
    """The message that one of a bounce's texts returns; where its parts are broken, the
    one that its body returns."""
    start = find_header(report.data).body
    whole = Part("1", b"", start, len(report.data), b"text/plain", 0)
    for part in (*texts, whole):
        text, encoding = decoded(report.data[part.start : part.stop], part.header)
        if (found := find_returned(text, bounce)) is None:
            continue
        notes: tuple[str, ...] = (
            (f"returned in the text after the line: {found.before}",)
            if found.before
            else ("returned in the text",)
        )
        data = text[found.start :]
        if found.indent:
            data = unindented(data, found.indent)
            notes += (f"indentation removed: {found.indent.decode('ascii')!r}",)
        if encoding:
            notes += (f"decoded from {encoding}",)
        at = part.start if encoding else part.start + found.start
        mail = _enclosed_mail(report, part.label, data, at, notes)
        yield mail._replace(source=replace(mail.source, body_bytes=BodyBytes.COPIED))
        return
