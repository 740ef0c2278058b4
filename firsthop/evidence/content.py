"""Reads the content of a message safely: text, HTML tags, links and attachments as
data, within named limits.

Nothing is rendered, run, opened or fetched. HTML is cut at its angle brackets in one
linear pass; what lies in script and style is no text. Only charsets of text are
decoded. What a limit cuts off is not read, and `cut` says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from encodings import normalize_encoding
from encodings.aliases import aliases
from hashlib import sha256
from itertools import islice

from firsthop.evidence.markup import Markup, read_markup
from firsthop.mail.character_references import unescaped
from firsthop.mail.field_names import BODY_FORM
from firsthop.mail.limits import Limits
from firsthop.mail.message import Message
from firsthop.mail.mime import Part, Refused, decoded, field_values, file_name, parts
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

MAX_BODY_BYTES = 2 << 20  # of a message's body that are looked at
MAX_TEXT_BYTES = 128 << 10  # of one text part, decoded
MAX_LINKS = 60
MAX_TAGS = 2_000
MAX_ATTACHMENTS = 8
LIMITS = Limits(max_parts=60, max_mime_depth=8)
_CHARSET = compiled(rb'charset\s*=\s*"?([A-Za-z0-9_.:-]{1,40})', re.IGNORECASE)
CHARSETS = frozenset([*aliases, *aliases.values()])
# a tag, or a comment, declaration or instruction, which is no text either
_TAG = compiled(r"<(/?[A-Za-z][A-Za-z0-9]{0,20}|[!?])[^<>]{0,4000}>?")
_SCHEME = compiled(r"https?\Z", re.IGNORECASE)
_LONGEST_SCHEME = len("https")
_REST_OF_LINK = compiled(r"[^\s\"'<>)\]]{1,400}")
_FOOTER = compiled(r"\n[ \t]*[-_]{25,}[ \t]*\r?\n")  # Mailman, SourceForge, Yahoo Groups
# a footer of Mailman tells by itself that a list passed the message on
_MAILMAN = compiled(
    r"\n_{40,60}\r?\n[^\n]{1,100} mailing list\r?\n[^\s@]{1,100}@[^\s@]{1,100}\r?\nhttps?://"
)
FOOTER_AT_MOST = 2_000  # characters from the end
_HIDDEN = compiled(r"<!--|</?(script|style|title)\b", re.IGNORECASE)


class Attachment(NamedTuple):
    """A part that is no text."""

    name: str
    type: str
    sha256: str
    size: int  # decoded bytes


class Content(NamedTuple):
    """What a message holds."""

    types: tuple[str, ...] = ()  # the media types of its leaves, in order
    text: str = ""  # plain text, or what HTML shows between its tags
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()  # as written, each once
    attachments: tuple[Attachment, ...] = ()
    cut: bool = False  # a limit kept something out
    markup: Markup = Markup()  # what its HTML keeps from the kit it was made with
    other: str = ""  # of plain text and HTML the shorter, where there are both


class Texts(NamedTuple):
    """The leaves of a message's body: its texts as written, the rest as attachments."""

    types: tuple[str, ...]  # the media types of its leaves, in order
    plain: str
    rich: str  # HTML
    attachments: tuple[Attachment, ...]
    cut: bool  # a limit kept something out


def read_content(message: Message, *, listed: bool = False) -> Content:
    """The content of a message; without the footer that a mailing list put below it.
    Never raises."""
    if not message.body:
        return Content()
    texts = read_texts(message)
    plain, rich = (_without_footer(text, listed=listed) for text in (texts.plain, texts.rich))
    return content_of(texts._replace(plain=plain, rich=rich))


def read_texts(message: Message) -> Texts:
    """The leaves of a message's body. Never raises."""
    data, end = form_and_body(message)
    leaves = list(parts(data, LIMITS, ends=(end, end + 1)))
    kept = [leaf for leaf in leaves if isinstance(leaf, Part)]
    cut = len(message.body) > MAX_BODY_BYTES or any(isinstance(leaf, Refused) for leaf in leaves)
    types = tuple(leaf.content_type.decode("ascii", "replace") for leaf in kept)
    return Texts(types, *_sort(data, kept), cut)


def form_and_body(message: Message) -> tuple[bytes, int]:
    """The fields that say how a message's body is to be read, an empty line, and what
    is looked at of the body; and where the fields end."""
    header = b"".join([f.raw for f in message.among(BODY_FORM)])
    return b"%b\n%b" % (header, message.body[:MAX_BODY_BYTES]), len(header)


def content_of(texts: Texts) -> Content:
    """What the leaves hold."""
    plain, rich = texts.plain, texts.rich
    tags, shown = _strip(rich)
    links = dict.fromkeys(
        link for text in (unescaped(rich), plain) for link in islice(_links_in(text), MAX_LINKS)
    )
    text, other = (plain, shown) if len(plain) > len(shown) else (shown, plain)
    return Content(
        texts.types,
        text,
        tags,
        tuple(links)[:MAX_LINKS],
        texts.attachments,
        texts.cut,
        read_markup(rich),
        other,
    )


def _links_in(text: str) -> Iterator[str]:
    """The links in a text as written: `http://` or `https://` and what stands behind,
    none within another. A search for the slashes is sooner done than one for letters
    in either case."""
    free, slashes = 0, text.find("://")
    while slashes >= 0:
        before = text[max(free, slashes - _LONGEST_SCHEME) : slashes]
        if (scheme := _SCHEME.search(before)) and (
            rest := _REST_OF_LINK.match(text, slashes + len("://"))
        ):
            free = rest.end()
            yield f"{scheme[0]}://{rest[0]}"
        slashes = text.find("://", max(free, slashes + 1))


def _sort(data: bytes, leaves: list[Part]) -> tuple[str, str, tuple[Attachment, ...]]:
    """Plain text, HTML and attachments of the leaves."""
    plain: list[str] = []
    rich: list[str] = []
    attached: list[Attachment] = []
    for leaf in leaves:
        stored = data[leaf.start : leaf.stop]
        if leaf.content_type.startswith(b"text/") and not file_name(leaf.header):
            content, _ = decoded(stored[: 2 * MAX_TEXT_BYTES], leaf.header)
            (rich if leaf.content_type == b"text/html" else plain).append(
                _text(content[:MAX_TEXT_BYTES], leaf.header)
            )
        elif len(attached) < MAX_ATTACHMENTS:
            kind = leaf.content_type.decode("ascii", "replace")
            attached.append(attachment(kind, leaf.header, stored))
    return "\n".join(plain), "\n".join(rich), tuple(attached)


def attachment(kind: str, header: bytes, stored: bytes) -> Attachment:
    """A part of that media type, as the message holds it."""
    content, _ = decoded(stored, header)
    return Attachment(file_name(header), kind, sha256(content).hexdigest(), len(content))


def _without_footer(text: str, *, listed: bool) -> str:
    start = max(0, len(text) - FOOTER_AT_MOST)
    if not listed and not _MAILMAN.search(text, start):
        return text
    rule = _FOOTER.search(text, start)
    return text[: rule.start()] if rule else text


def _text(content: bytes, header: bytes) -> str:
    value = b" ".join(field_values(header, b"content-type"))
    match = _CHARSET.search(value)
    charset = normalize_encoding(match[1].decode("ascii") if match else "utf-8").lower()
    try:
        return content.decode(charset if charset in CHARSETS else "utf-8", "replace")
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")


def _strip(rich: str) -> tuple[tuple[str, ...], str]:
    """The tags of HTML in order, and the text between them."""
    if not rich:
        return (), ""
    texts_and_names = _TAG.split(_visible(rich))  # by turns
    names = " ".join(texts_and_names[1 : 2 * MAX_TAGS : 2])  # none holds a blank
    tags = tuple(name for name in names.lower().split() if name not in "!?")
    return tags, unescaped(" ".join(texts_and_names[::2]))


def _visible(rich: str) -> str:
    """HTML without comments and what lies between the tags of script, style and title;
    linear, for each such mark is met once."""
    kept, start, opened = [], 0, ""
    for match in _HIDDEN.finditer(rich):
        if match.start() < start:
            continue  # within a comment or a closing tag
        name = (match[1] or "").lower()
        closing = match[0][1] == "/"
        if not opened and not closing:
            kept.append(rich[start : match.start()])
            opened = name
            if not name:
                start = _behind(rich, "-->", match.end())
        elif opened and closing and name == opened:
            opened, start = "", _behind(rich, ">", match.end())
    return "".join(kept) + ("" if opened else rich[start:])


def _behind(rich: str, end: str, start: int) -> int:
    """Where it goes on behind the next `end`; nowhere if there is none."""
    found = rich.find(end, start)
    return len(rich) if found < 0 else found + len(end)
