"""The messages in a piece that a message carries: what it is, is told by its content;
its name and type only say whether a message was meant.

Through archives, Outlook items, TNEF and signed files; what could hold mail and cannot
be opened is told. A piece without any mail is passed over: it is the report's own
business."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from firsthop.mail.buffer import Buffer
from firsthop.mail.excerpts import FROM_HTML
from firsthop.mail.limits import Allowance, Limits
from firsthop.mail.message import BodyBytes, Evidence, Source
from firsthop.mail.mime import Refused, header_end, parts
from firsthop.mail.sources.archive import Member, unpack
from firsthop.mail.sources.eml import message_start, read_eml, read_emlx
from firsthop.mail.sources.enclosed.carrier import Carrier, is_whole, is_worth, may_hold_header
from firsthop.mail.sources.enclosed.pieces import is_container_name, piece_of
from firsthop.mail.sources.mbox import read_mbox
from firsthop.mail.sources.mmdf import read_mmdf
from firsthop.mail.sources.queued import read_queued
from firsthop.mail.sources.raw import Carried, Piece, RawMail, Skipped, is_other_document
from firsthop.mail.sources.recoded import read_recoded
from firsthop.mail.sources.sniff import (
    HEAD_BYTES,
    PACKED,
    QUEUED,
    Form,
    header_names,
    sniff,
    unopened,
)

Found = Iterator[RawMail | Skipped]
_LINE_BYTES = 1000  # of a separator
_MAILBOXES = {Form.MBOX: read_mbox, Form.MMDF: read_mmdf, Form.EMLX: read_emlx}
_DECLARED = frozenset({Carried.MESSAGE, Carried.HEADERS})


def opened(
    piece: Piece, allowance: Allowance, carrier: Carrier = Carrier.ANY, depth: int = 0
) -> Found:
    """The messages in `piece`, each with the report that carries it; `depth` containers
    lie around it."""
    for one in _messages(piece, allowance, carrier, depth):
        if isinstance(one, Skipped):
            yield one
        elif (refusal := allowance.count_enclosed()) is None:
            yield _labelled(one, piece)
        else:
            if allowance.enclosed == allowance.limits.max_enclosed + 1:
                yield Skipped(piece.uri, f"{refusal}; what comes after was not read")
            return


def _messages(piece: Piece, allowance: Allowance, carrier: Carrier, depth: int) -> Found:
    head = piece.data[:HEAD_BYTES]
    declared = piece.carried in _DECLARED or piece.name.lower().endswith((".eml", ".msg"))
    form = sniff(head, ".eml" if declared else piece.name)
    if form in PACKED:
        yield from _packed(piece, form, allowance, carrier, depth)
    elif form is Form.RECODED:
        yield from _recoded(piece, allowance, carrier, depth)
    elif form in {Form.MSG, Form.TNEF, Form.PST}:
        found = _outlook(piece, form, allowance, carrier, depth)
        yield from (one for one in found if declared or not is_other_document(one))
    elif (kind := unopened(head)) is not None:
        yield Skipped(piece.uri, f"binary: {kind}")
    elif declared:
        yield from _declared(piece, form, allowance)
    elif piece.carried is Carried.ENTITY:
        yield from _entity(piece, allowance, carrier, depth)
    else:
        yield from _undeclared(piece, form, allowance, carrier)


def _undeclared(piece: Piece, form: Form, allowance: Allowance, carrier: Carrier) -> Found:
    """What nobody said to be a message, by its form."""
    if form in _MAILBOXES:
        yield from _whole_ones(_MAILBOXES[form](piece.data, piece.uri, allowance.limits))
    elif form in QUEUED:
        yield from read_queued(bytes(piece.data), form, piece.uri, allowance.limits)
    elif form in {Form.EML, Form.PASTED}:
        yield from _text(piece, form, allowance, carrier)
    elif form is Form.BINARY and is_container_name(piece.name):
        yield Skipped(piece.uri, f"called {piece.name[-80:]}, and cannot be read as that")


def _recoded(piece: Piece, allowance: Allowance, carrier: Carrier, depth: int) -> Found:
    """The messages in a text, once its recoding is undone; the text of a text is not
    recoded again."""

    def read(data: Buffer, _uri: str, _limits: Limits) -> Found:
        text = piece._replace(data=bytes(data))
        twice = sniff(text.data[:HEAD_BYTES], piece.name) is Form.RECODED
        return iter(()) if twice else _messages(text, allowance, carrier, depth)

    head = piece.data[:HEAD_BYTES]
    yield from read_recoded(piece.data, piece.uri, allowance.limits, head, read)


def _packed(piece: Piece, form: Form, allowance: Allowance, carrier: Carrier, depth: int) -> Found:
    if depth >= allowance.limits.max_depth:
        yield Skipped(piece.uri, allowance.limits.refusal("max_depth"))
        return
    carried = Carried.ENTITY if form is Form.CMS else Carried.FILE
    for member in unpack(piece.data, form, piece.uri, allowance):
        if isinstance(member, Member):
            name = "" if form is Form.CMS else member.uri
            inner = Piece(member.uri, member.data, piece.report, carried, name)
            yield from _messages(inner, allowance, carrier, depth + 1)
        elif not is_other_document(member):
            yield member


def _outlook(piece: Piece, form: Form, allowance: Allowance, carrier: Carrier, depth: int) -> Found:
    """What Outlook's own forms hold."""
    from firsthop.mail.sources import outlook, pst, tnef  # noqa: PLC0415 - loaded only when there is one

    limits, uri = allowance.limits, piece.uri
    opener = partial(opened, allowance=allowance, carrier=carrier, depth=depth + 1)
    if depth > limits.max_enclosed_depth:
        yield Skipped(uri, limits.refusal("max_enclosed_depth"))
    elif form is Form.PST:
        yield from pst.read_pst(piece.data, uri, limits, opener)
    elif len(piece.data) > limits.max_message_bytes:
        yield Skipped(uri, f"{len(piece.data)} bytes: {limits.refusal('max_message_bytes')}")
    elif form is Form.TNEF:
        is_message = piece.carried is Carried.MESSAGE
        yield from tnef.read_tnef(bytes(piece.data), uri, limits, opener, piece.report, is_message)
    else:
        yield from outlook.read_outlook(
            bytes(piece.data), uri, limits, opener, piece.offset, piece.report
        )


def _declared(piece: Piece, form: Form, allowance: Allowance) -> Found:
    """The message that a piece is said to be; several where it is a mailbox."""
    if form is Form.MBOX:
        found = list(read_mbox(piece.data, piece.uri, allowance.limits))
        yield from found if len(found) > 1 else map(_as_message, found)
        return
    start, _ = message_start(piece.data[:HEAD_BYTES])
    line = piece.data[start : start + _LINE_BYTES].partition(b"\n")[0]
    if not line.startswith(b">From "):
        yield from read_eml(piece.data, piece.uri, allowance.limits)
        return
    start += len(line) + 1
    told = f"mbox separator: {line.strip().decode('utf-8', 'backslashreplace')}"
    for one in read_eml(piece.data[start:], piece.uri, allowance.limits, notes=(told,)):
        if isinstance(one, RawMail):
            source = one.source._replace(offset=one.source.offset + start)
            yield one._replace(source=source)
        else:
            yield one


def _as_message(one: RawMail | Skipped) -> RawMail | Skipped:
    """The one message of a mailbox that is none: it only kept its separator."""
    if isinstance(one, Skipped):
        return one
    return one._replace(source=one.source._replace(container="eml"))


def _entity(piece: Piece, allowance: Allowance, carrier: Carrier, depth: int) -> Found:
    """What stands in MIME parts that were signed together."""
    data = bytes(piece.data)
    names, _ = header_names(data[: header_end(data)[0]])
    if b"received" in names and is_whole(names):
        yield from read_eml(data, piece.uri, allowance.limits)
        return
    if not any(name.startswith(b"content-") for name in names):
        inner = piece._replace(carried=Carried.FILE)
        yield from _messages(inner, allowance, carrier, depth)
        return
    for part in parts(data, allowance.limits):
        uri = f"{piece.uri}!/part-{part.label}"
        if isinstance(part, Refused):
            yield Skipped(uri, part.reason)
        elif (inner_piece := piece_of(data, part, uri, piece.report, stored=False)) is not None:
            yield from _messages(inner_piece, allowance, carrier, depth + 1)


def _whole_ones(found: Found) -> Found:
    """The messages whose header is whole: other lines that look like a mailbox are not
    meant as one (a patch, a quotation)."""
    return (one for one in found if isinstance(one, Skipped) or _is_whole(one))


def _is_whole(mail: RawMail) -> bool:
    return is_whole(header_names(mail.data[: header_end(mail.data)[0]])[0])


def _text(piece: Piece, form: Form, allowance: Allowance, carrier: Carrier) -> Found:
    """The message that a text is, or the headers that stand in it."""
    if len(piece.data) > allowance.limits.max_message_bytes:
        return
    data = bytes(piece.data)
    if not may_hold_header(data):
        return
    if form is Form.EML:
        found = list(read_eml(data, piece.uri, allowance.limits))
        if all(isinstance(one, RawMail) and _counts(one, piece, carrier) for one in found):
            yield from (_copied(one, piece) for one in found)
            return
    yield from _excerpts(piece, data, carrier)


def _counts(mail: RawMail, piece: Piece, carrier: Carrier) -> bool:
    if piece.carried is not Carried.TEXT:
        return _is_whole(mail)
    return is_worth(mail.data[: header_end(mail.data)[0]], from_html=False, carrier=carrier)


def _copied(one: RawMail | Skipped, piece: Piece) -> RawMail | Skipped:
    """A message in a report's own text has gone through the report's line breaks; a
    file may hold no more than its header."""
    if isinstance(one, Skipped):
        return one
    if piece.carried is not Carried.TEXT:
        cut = not one.data[header_end(one.data)[1] :].strip()
        state = BodyBytes.CUT if cut else one.source.body_bytes
        return one._replace(source=one.source._replace(body_bytes=state))
    notes = (*one.source.notes, "it stands in the text of the report")
    return one._replace(source=one.source._replace(body_bytes=BodyBytes.COPIED, notes=notes))


def _excerpts(piece: Piece, data: bytes, carrier: Carrier) -> Iterator[RawMail]:
    """The headers that stand in a text and count."""
    from firsthop.mail.sources.pasted import read_pasted  # noqa: PLC0415 - loaded only when a header is likely

    # a file was attached to be read, also to a list's mail
    carrier = carrier if piece.carried is Carried.TEXT else max(carrier, Carrier.ANY)
    for mail in read_pasted(data, piece.uri):
        if is_worth(mail.data, FROM_HTML in mail.source.notes, carrier):
            yield mail


def _labelled(mail: RawMail, piece: Piece) -> RawMail:
    """The message as one that the report carries."""
    source = mail.source
    if piece.report is None or source.enclosed_in is not None:
        return mail
    source = source._replace(
        container="enclosed" if source.container == "eml" else source.container,
        evidence=Evidence.PUBLICATION
        if source.evidence is Evidence.PUBLICATION
        else Evidence.ENCLOSED,
        enclosed_in=piece.report,
    )
    return mail._replace(source=_placed(source, piece) if source.uri == piece.uri else source)


def _placed(source: Source, piece: Piece) -> Source:
    """With the place in the report, or that of the encoded part, and how the report
    carries it."""
    offset = source.offset
    if piece.verbatim:
        offset += piece.offset
    elif source.container == "enclosed":
        offset = piece.offset
    encoded = (f"decoded from {piece.encoding}",) if piece.encoding else ()
    return source._replace(offset=offset, notes=(*piece.notes, *source.notes, *encoded))
