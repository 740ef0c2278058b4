"""The content of a message by the kernel (kernel/src/content/), for whom reads many:
what it writes becomes a Content here."""

from __future__ import annotations

import marshal
from functools import cache

from firsthop.evidence.bulk.native.content_tables import content_tables
from firsthop.evidence.bulk.native.library import ContentReader, KernelError, library
from firsthop.evidence.content import MAX_BODY_BYTES, Content, attachment, form_and_body
from firsthop.evidence.markup import Form, Markup
from firsthop.mail.message import Message


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
    """As kernel/src/content/mod.rs wrote it."""
    told = marshal.loads(answer)  # noqa: S302 - the kernel wrote it
    types, text, other, tags, links, forms, comments, names, colours, title, places, cut = told
    attachments = tuple(
        [
            attachment(types[leaf], data[begin:end], data[start:stop])
            for leaf, begin, end, start, stop in places
        ]
    )
    written = tuple([Form(action, tuple(inputs)) for action, *inputs in forms])
    return Content(
        types,
        text,
        tags,
        links,
        attachments,
        cut or size > MAX_BODY_BYTES,
        Markup(written, comments, names, colours, title),
        other,
    )
