"""Take the messages out that a message carries: in a bounce, in an abuse report,
attached to a report, pasted into it (RFC 3462, RFC 3464, RFC 5965, RFC 6522).

The reported original is the evidence, the report its envelope; both are kept. A
message's own bytes are handed on as they stand in the report, with their place in it;
where they had to be decoded first the notes say so, and the place is that of the
encoded part. Messages inside the enclosed ones are for the caller to ask for."""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.mail.damage import is_html
from firsthop.mail.header import HeaderBlock, find_header
from firsthop.mail.limits import Allowance
from firsthop.mail.message import BodyBytes, Evidence
from firsthop.mail.mime import UU_SIGN, Part, Refused, decoded, lowered, parts, uuencoded
from firsthop.mail.sources.enclosed.carrier import Carrier, carrier_of, may_hold_header
from firsthop.mail.sources.enclosed.opened import opened
from firsthop.mail.sources.enclosed.pieces import ORIGINAL, part_uri, piece_of
from firsthop.mail.sources.enclosed.returned import (
    Bounce,
    bounce_signs,
    find_returned,
    undeclared_boundary,
    unindented,
)
from firsthop.mail.sources.raw import Carried, Piece, RawMail, Skipped, raw_mail


def enclosed(report: RawMail, allowance: Allowance) -> Iterator[RawMail | Skipped]:
    """The messages that `report` carries, in order; those in its own text where it
    carries no other."""
    block = find_header(report.data)
    header = report.data[: block.stop]
    bounce = bounce_signs(header)
    if not bounce and _is_plain(lowered(header), report.data[block.body :]):
        return
    messages = 0
    texts: list[tuple[Part, Piece]] = []
    for part in _parts(report, block, allowance, bounce):
        uri = part_uri(report.source, part.label)
        if isinstance(part, Refused):
            yield Skipped(uri, part.reason)
            continue
        piece = piece_of(report.data, part, uri, report.source.uri, stored=True)
        if piece is not None and piece.carried is not Carried.TEXT:
            for one in opened(piece, allowance, carrier_of(header)):
                messages += isinstance(one, RawMail)
                yield one
        elif piece is not None:
            texts.append((part, piece))
            for one in _uuencoded(piece, allowance):
                messages += isinstance(one, RawMail)
                yield one
    if not messages:
        yield from _in_texts(report, block, texts, allowance, bounce)


def _is_plain(header: bytes, body: bytes) -> bool:
    """Whether a message is one text as it stands, and nothing in it looks like another:
    most mail is, and costs no more than these looks."""
    start = header.find(b"\ncontent-")
    told = b"" if start < 0 else header[start:]  # all that says what the body is
    if _says_more(told) or UU_SIGN in body or may_hold_header(body):
        return False
    if _is_one_text(told) and ORIGINAL not in header:
        return True
    return (
        (b"\ncontent-type: text/" in told or b"content-type" not in header)
        and not _says_more(header)
        and b"ontent-" not in body
    )


def _says_more(header: bytes) -> bool:
    """Whether a header may tell of parts, of a file or of an encoding."""
    return (
        b"multipart" in header
        or b"quoted-printable" in header
        or b"base64" in header
        or b"name" in header
    )


def _is_one_text(told: bytes) -> bool:
    """Whether a header says in so many words that the body is one text, and is not
    attached."""
    return (
        b"\ncontent-type: text/" in told
        and told.count(b"\ncontent-type") == 1
        and b"attachment" not in told
        and b"rfc822" not in told
    )


def _uuencoded(piece: Piece, allowance: Allowance) -> Iterator[RawMail | Skipped]:
    """The messages in files that stand uuencoded in a text."""
    text = bytes(piece.data)
    for number, file in enumerate(uuencoded(text) if UU_SIGN in text else (), 1):
        uri = f"{piece.uri}!/uuencoded-{number}"
        if number > allowance.limits.max_parts:
            yield Skipped(uri, allowance.limits.refusal("max_parts"))
            return
        yield from opened(
            Piece(uri, file.data, piece.report, name=file.name, encoding="uuencode"), allowance
        )


def _parts(
    report: RawMail, block: HeaderBlock, allowance: Allowance, bounce: Bounce
) -> Iterator[Part | Refused]:
    """The parts of the report; its whole body where its boundary is nowhere."""
    if report.source.body_bytes is BodyBytes.REBUILT and not bounce:
        yield _whole_body(report, block)  # its header tells of parts that are gone
        return
    undeclared = undeclared_boundary(report.data) if bounce else None
    found = parts(report.data, allowance.limits, undeclared, block[:2])
    yield next(found, None) or _whole_body(report, block)
    yield from found


def _whole_body(report: RawMail, block: HeaderBlock) -> Part:
    return Part("1", b"", block.body, len(report.data), b"text/plain", 0)


def _in_texts(
    report: RawMail,
    block: HeaderBlock,
    texts: list[tuple[Part, Piece]],
    allowance: Allowance,
    bounce: Bounce,
) -> Iterator[RawMail | Skipped]:
    """What stands in the report's own texts: the message that a bounce returns, else
    the headers that somebody put there; in the HTML only where the plain text has
    none."""
    if bounce:
        parts_of_text = [part for part, _ in texts if part.content_type != b"text/html"]
        if (returned := _from_texts(report, block, parts_of_text, bounce)) is not None:
            yield returned
            return
    likely = [piece for _, piece in texts if may_hold_header(bytes(piece.data))]
    if not likely or (carrier := carrier_of(report.data[: block.stop])) is Carrier.LIST:
        return
    plain = [piece for piece in likely if not is_html(bytes(piece.data))]
    found = [one for piece in plain for one in opened(piece, allowance, carrier)]
    yield from found
    for piece in likely:
        if not found and piece not in plain:
            yield from opened(piece, allowance, carrier)


def _from_texts(
    report: RawMail, block: HeaderBlock, texts: list[Part], bounce: Bounce
) -> RawMail | None:
    """The message that one of a bounce's texts returns; where its parts are broken, the
    one that its body returns."""
    for part in (*texts, _whole_body(report, block)):
        text, encoding = decoded(report.data[part.start : part.stop], part.header)
        if (returned := find_returned(text, bounce)) is None:
            continue
        notes: tuple[str, ...] = (
            (f"returned in the text after the line: {returned.before}",)
            if returned.before
            else ("returned in the text",)
        )
        data = text[returned.start :]
        if returned.indent:
            data = unindented(data, returned.indent)
            notes += (f"indentation removed: {returned.indent.decode('ascii')!r}",)
        if encoding:
            notes += (f"decoded from {encoding}",)
        at = part.start if encoding else part.start + returned.start
        source = report.source
        uri = part_uri(source, part.label)
        mail = raw_mail(data, uri, "enclosed", at, Evidence.ENCLOSED, source.uri, notes)
        return mail._replace(source=mail.source._replace(body_bytes=BodyBytes.COPIED))
    return None
