"""The content of a message by the kernel (kernel/src/content/), for whom reads many:
what it writes becomes a Content here."""

from __future__ import annotations

from functools import cache
from struct import Struct

from firsthop.evidence.bulk.native.content_tables import content_tables
from firsthop.evidence.bulk.native.library import ContentReader, KernelError, library
from firsthop.evidence.content import MAX_BODY_BYTES, Content, attachment, form_and_body
from firsthop.evidence.markup import Form, Markup
from firsthop.mail.message import Message

_TEXTS = 10
_NUMBERS = Struct(f"={_TEXTS + 2}I")  # whether it was cut, sizes of texts, attachments
_PLACES = Struct("=5I")  # of an attachment: number of its leaf, its header, its body


def native_content(message: Message, *, listed: bool) -> Content | None:
    """What `read_content` reads; None where that has to read it."""
    if not message.body:
        return Content()
    if (reader := content_reader()) is None:
        return None
    data, end = form_and_body(message)
    answer = reader.content(data, end, listed=listed)
    return None if answer is None else _content(answer, data, len(message.body))


@cache
def content_reader() -> ContentReader | None:
    """The reader of this process, or None where there is none."""
    loaded = library()
    try:
        return None if loaded is None else ContentReader(loaded, content_tables())
    except KernelError:
        return None


def _content(answer: bytes, data: bytes, size: int) -> Content:
    cut, *sizes, attached = _NUMBERS.unpack_from(answer)
    start = _NUMBERS.size + attached * _PLACES.size
    told = answer[start:].decode()
    texts, at = [], 0
    for length in sizes:
        texts.append(told[at : at + length])
        at += length
    types, text, other, tags, links, forms, comments, names, colours, title = texts
    kinds = _listed(types, "\n")
    attachments = tuple(
        attachment(kinds[leaf], data[begin:end], data[start:stop])
        for leaf, begin, end, start, stop in _PLACES.iter_unpack(answer[_NUMBERS.size : start])
    )
    markup = Markup(
        tuple(map(_form, _listed(forms, "\n"))),
        _listed(comments, "\n"),
        _listed(names, " "),
        _listed(colours, " "),
        title,
    )
    return Content(
        kinds,
        text,
        _listed(tags, " "),
        _listed(links, " "),
        attachments,
        bool(cut) or size > MAX_BODY_BYTES,
        markup,
        other,
    )


def _listed(text: str, end: str) -> tuple[str, ...]:
    """Texts, each before an end."""
    return tuple(text.split(end)[:-1]) if text else ()


def _form(line: str) -> Form:
    action, *inputs = line.split(" ")
    return Form(action, tuple(inputs))
